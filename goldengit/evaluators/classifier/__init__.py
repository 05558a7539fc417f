"""`classifier`: TF-IDF and logistic regression, trained on the labels of people.

`fit` makes two files: `classifier.skops` is the model, and `training.json` says from which cases it
comes.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from goldengit.errors import CannotJudgeError
from goldengit.evaluators.base import Evaluator, EvaluatorInvalidError, Options, invalid
from goldengit.evaluators.classifier.archive import SEED, Trained, loaded, trained
from goldengit.evaluators.classifier.reading import Part, text_of
from goldengit.models.base import CaseId, Count, Digest, Many, Noun, Share, Text
from goldengit.models.evaluator import Definition
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict, failed, passed, unknown

MODEL, TRAINING = "classifier.skops", "training.json"
Labelled = tuple[str, EvalRow, Literal["pass", "fail"]]

_CLASSES = ("fail", "pass")
_SLACK = 1e-9
_SHOWN_TERMS = 3


class ClassifierOptions(Options):
    """The options of a classifier."""

    text: Annotated[
        Many[Part],
        Field(min_length=1, description="What is read of a row; `user` is the last message."),
    ] = ("user", "actual_output", "tools")
    threshold: Annotated[Share, Field(description="P(pass) from which it is a pass.")] = 0.5
    abstain_between: Annotated[
        tuple[Share, Share] | None,
        Field(strict=False, description="Between these values of P(pass) it does not decide."),
    ] = None

    @model_validator(mode="after")
    def _ordered(self) -> "ClassifierOptions":
        low, high = self.abstain_between or (self.threshold, self.threshold)
        if not low <= self.threshold <= high:
            message = "the threshold must lie between the two values of abstain_between"
            raise ValueError(message)
        return self


class TrainedOn(Noun):
    """One case of the training: its id, and the hash of the text that was read."""

    case: CaseId
    text: Digest
    verdict: Literal["pass", "fail"]


class Training(Noun):
    """The file `training.json`: what the classifier comes from, in the order of the ids."""

    schema_: Annotated[Literal["goldengit/training/v1"], Field(alias="schema")]
    model: Digest
    text: Many[Part]
    sklearn: Text
    seed: int
    classes: dict[str, Count]
    cases: Many[TrainedOn]


class Classifier(Evaluator):
    """TF-IDF and logistic regression; the score is the probability of a pass."""

    kind = "classifier"
    options_model = ClassifierOptions
    is_data = False
    _model: Trained

    def prepare(self) -> None:
        """Read both files, or raise EvaluatorInvalidError with the remedy."""
        _require_libraries()
        for name in (MODEL, TRAINING):
            if name not in self.definition.files:
                raise self.untrained(f"It is not trained yet: there is no `{name}`.")
        data, training = self.file(MODEL), self._training()
        if training.model != _hash(data):
            raise self.untrained(f"`{TRAINING}` belongs to another `{MODEL}`.")
        if training.text != self.options.text:
            raise self.untrained("It was trained on another `text`.")
        self._expect_version(training.sklearn)
        try:
            self._model = loaded(data)
        except Exception as error:
            raise self.untrained(f"`{MODEL}` cannot be used: {_reason(error)}.") from error

    def judge(self, row: EvalRow) -> Verdict:
        """Return the side of the threshold on which the probability of a pass lies."""
        counts = self._model.weighed(text_of(row, self.options.text))
        if counts is None:
            return unknown("The text holds no word that the training has seen.")
        chance = self._model.chance(counts)
        low, high = self.options.abstain_between or (1.0, 0.0)
        said = f"P(pass) is {chance:.3f}"
        if low < chance < high:
            return unknown(f"{said}, between {low:g} and {high:g}, where it does not decide.")
        decided = passed if chance >= self.options.threshold - _SLACK else failed
        terms = self._model.decisive(counts, "pass" if decided is passed else "fail")
        shown = ", ".join(f"`{term}`" for term in terms[:_SHOWN_TERMS])
        because = f", for {shown}" if shown else ""
        return decided(f"{said}, the threshold {self.options.threshold:g}{because}.", chance)

    @property
    def sees_answer(self) -> bool:
        """Tell whether the output or the tools that were called are read."""
        return bool({"actual_output", "tools"}.intersection(self.options.text))

    @property
    def seen(self) -> frozenset[str]:
        """Return the cases that it was trained on, and those that the definition names."""
        if TRAINING not in self.definition.files:
            return super().seen
        return super().seen | {trained.case for trained in self._training().cases}

    def untrained(self, problem: str) -> EvaluatorInvalidError:
        """Return the error of a classifier that must be trained again."""
        train = f"Train it with `goldengit calibrate {self.definition.spec.id} --fit`."
        return EvaluatorInvalidError(problem, remedy=train, place=self.invalid(problem).place)

    def _training(self) -> Training:
        try:
            return Training.model_validate_json(self.file(TRAINING))
        except ValidationError as error:
            raise self.untrained(f"`{TRAINING}` is no record of a training.") from error

    def _expect_version(self, then: str) -> None:
        """Refuse another minor release: scikit-learn keeps its models readable in none."""
        import sklearn

        if then.split(".")[:2] != sklearn.__version__.split(".")[:2]:
            here = sklearn.__version__
            raise self.untrained(f"It was trained by scikit-learn {then}; here is {here}.")


def fit(definition: Definition, rows: Sequence[Labelled]) -> dict[str, bytes]:
    """Return the two files of a classifier that was trained on labelled rows.

    Nothing is written. The same rows, in whatever order, give the same bytes with the same release
    of scikit-learn. Raises EvaluatorInvalidError for options that do not fit and for rows from
    which nothing can be learnt.
    """
    _require_libraries()
    import sklearn

    try:
        options = ClassifierOptions.model_validate(definition.spec.options)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"]
        raise invalid(definition, f"The options do not fit: {said}.") from error
    cases = sorted(rows, key=lambda row: row[0])
    _expect_labels(definition, cases)
    texts = [text_of(row, options.text) for _, row, _ in cases]
    verdicts = [verdict for *_, verdict in cases]
    try:
        data = trained(texts, verdicts)
    except ValueError as error:  # an empty vocabulary
        raise invalid(definition, f"Nothing can be learnt from the rows: {error}.") from error
    training = {
        "schema": "goldengit/training/v1",
        "model": _hash(data),
        "text": list(options.text),
        "sklearn": sklearn.__version__,
        "seed": SEED,
        "classes": dict(sorted(Counter(verdicts).items())),
        "cases": [
            {"case": case, "text": _hash(text.encode()), "verdict": verdict}
            for (case, _, verdict), text in zip(cases, texts, strict=True)
        ],
    }
    Training.model_validate(training)  # what is written can be read: an id may be no case id
    return {MODEL: data, TRAINING: f"{json.dumps(training, indent=2)}\n".encode()}


def _expect_labels(definition: Definition, cases: Sequence[Labelled]) -> None:
    ids = Counter(case for case, *_ in cases)
    twice = [case for case, number in ids.items() if number > 1]
    if twice:
        raise invalid(definition, f"The case {twice[0]} stands twice among the labels.")
    missing = set(_CLASSES) - {verdict for *_, verdict in cases}
    if missing:
        raise invalid(definition, f"There is no label `{min(missing)}` to learn from.")


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _require_libraries() -> None:
    if find_spec("sklearn") is None or find_spec("skops") is None:
        raise CannotJudgeError(
            "A classifier needs scikit-learn and skops.",
            remedy="Install `goldengit[classifier]`.",
        )


def _reason(error: Exception) -> str:
    first, *_ = str(error).strip().splitlines() or [type(error).__name__]
    return first.rstrip(".")
