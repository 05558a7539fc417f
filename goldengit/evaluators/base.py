"""What every kind of evaluator is: options and files in, a verdict on a row out."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import ValidationError

from goldengit.errors import CannotJudgeError
from goldengit.models.base import Noun
from goldengit.models.call import Send
from goldengit.models.evaluator import DEFINITION, Definition
from goldengit.models.exchange import one_line
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Cost, Verdict, unknown


class EvaluatorInvalidError(CannotJudgeError):
    """The definition of an evaluator does not fit its kind, or something it needs is missing."""


@dataclass(frozen=True)
class Doors:
    """What an evaluator may use of the world outside.

    `send` carries requests to a model; without it a kind that asks one cannot be built.
    `environment` holds the settings of the endpoint; its values are never printed.
    """

    send: Send | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


class Options(Noun):
    """The options of a kind: a strict record. Its JSON Schema is what editors show."""


class Evaluator(ABC):
    """One evaluator, ready to judge rows; safe to use from several threads.

    `deterministic` kinds give the same verdict on the same row for ever. `is_data` kinds are
    nothing but data: the trusted gate may re-run them on what a pull request brings (DECISIONS 29).
    """

    kind: ClassVar[str]
    options_model: ClassVar[type[Options]]
    deterministic: bool = True  # an evaluator may know better than its kind
    is_data: ClassVar[bool] = True

    def __init__(self, definition: Definition, doors: Doors) -> None:
        """Read the options; raise EvaluatorInvalidError for what does not fit."""
        self.definition = definition
        self.doors = doors
        try:
            self.options: Any = self.options_model.model_validate(definition.spec.options)
        except ValidationError as error:
            raise self.invalid(_sentence(error)) from error

    def prepare(self) -> None:  # noqa: B027 a kind without preparation leaves it
        """Make ready what every verdict needs (patterns, schemas, prompts)."""

    @abstractmethod
    def judge(self, row: EvalRow) -> Verdict:
        """Return the verdict on a row. Whatever it raises becomes `unknown`."""

    def verdict(self, row: EvalRow) -> Verdict:
        """Return the verdict on a row; a crash is `unknown`, with the reason."""
        try:
            return self.judge(row)
        except Exception as error:  # noqa: BLE001 a crash is no verdict, and stops no run
            return unknown(one_line(f"The evaluator crashed: {type(error).__name__}: {error}"))

    @property
    def model(self) -> str | None:
        """Return the model that this evaluator asks, None when it asks none."""
        return None

    @property
    def address(self) -> str:
        """Return where that model is asked, without any secret; "" when none is asked."""
        return ""

    @property
    def prompt(self) -> str:
        """Return every text that reaches a model besides the row; "" when none is asked."""
        return ""

    @property
    def seen(self) -> frozenset[str]:
        """Return the ids of the cases that made this evaluator what it is."""
        return frozenset(self.definition.spec.few_shot)

    @property
    def sees_answer(self) -> bool:
        """Tell whether it is shown anything that the system under test said or did."""
        return True

    def estimate(self, rows: Iterable[EvalRow]) -> Cost | None:  # noqa: ARG002 most ask nobody
        """Return about what it would cost to judge these rows, None where no model is asked."""
        return None

    def file(self, name: str) -> bytes:
        """Return a file of the evaluator's folder, or raise EvaluatorInvalidError."""
        if name not in self.definition.files:
            raise self.invalid(f"`{name}` is not in the evaluator's folder.")
        return self.definition.files[name]

    def text(self, name: str) -> str:
        """Return a file of the evaluator's folder as text, or raise EvaluatorInvalidError."""
        try:
            return self.file(name).decode()
        except UnicodeDecodeError as error:
            raise self.invalid(f"`{name}` is no UTF-8 text.") from error

    def invalid(self, problem: str) -> EvaluatorInvalidError:
        """Return the error that this definition deserves."""
        return invalid(self.definition, problem)


def invalid(definition: Definition, problem: str) -> EvaluatorInvalidError:
    """Return an error about a definition, with its place and the remedy."""
    return EvaluatorInvalidError(
        problem,
        remedy=f"`goldengit schema evaluator-{definition.spec.kind}` shows what is expected.",
        place=f"evaluators/{definition.spec.id}/{DEFINITION}",
    )


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    way = ".".join(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"The option `{way}` is unknown."
    said = first["msg"].removeprefix("Value error, ").rstrip(".")
    return f"The option `{way}`: {said}." if way else f"The options: {said}."
