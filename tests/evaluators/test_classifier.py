"""The classifier: what is learnt, written the same each time, and read with mistrust."""

import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from goldengit.errors import CannotJudgeError
from goldengit.evaluators import EvaluatorInvalidError, build, kinds
from goldengit.evaluators.classifier import MODEL, TRAINING, Classifier, Labelled, fit
from goldengit.models.evaluator import Definition, EvaluatorSpec
from goldengit.models.row import EvalRow
from goldengit.models.trace import Span, ToolCall, Trace

Side = Literal["pass", "fail"]
SIDES: tuple[Side, ...] = ("fail", "pass")
GOOD = ("refund is on its way", "your fee was waived", "the form was sent to you")
BAD = ("I cannot help with that", "ask somebody else please", "no idea about the fee")
NEW = EvalRow(input="Where is my money?", actual_output="The refund is on its way to you.")


def definition(
    files: dict[str, bytes] | None = None, options: dict[str, Any] | None = None, **changes: Any
) -> Definition:
    """Return the definition of a classifier."""
    spec = {
        "schema": "goldengit/evaluator/v1",
        "id": "helpful",
        "version": 1,
        "kind": "classifier",
        "title": "Helpful",
        "authors": ["reviewer-1"],
        "dataset": "support",
        "failure_mode": "unhelpful",
        "options": options or {},
    }
    return Definition(EvaluatorSpec.model_validate(spec | changes), files or {})


def labelled(number: int = 24) -> list[Labelled]:
    """Return rows with verdicts that a person could have given."""
    rows: list[Labelled] = []
    for at in range(number):
        side: Side = "pass" if at % 2 else "fail"
        text = (GOOD if at % 2 else BAD)[at % 3]
        message: JsonValue = {"role": "user", "content": f"Question {at}: where is my money?"}
        row = EvalRow(input={"messages": [message]}, actual_output=f"Answer {at}: {text}.")
        rows.append((f"2026-05-23-support-{at:06x}", row, side))
    return rows


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Return the files of a trained classifier."""
    return fit(definition(), labelled())


def trained(files: dict[str, bytes], options: dict[str, Any] | None = None) -> Classifier:
    """Return a classifier that is ready."""
    evaluator = build(definition(files, options))
    assert isinstance(evaluator, Classifier)
    return evaluator


def test_what_was_learnt_is_told_apart(files: dict[str, bytes]) -> None:
    evaluator = trained(files)
    for _, row, side in labelled():
        verdict = evaluator.verdict(row)
        assert verdict.verdict == side
        assert verdict.score is not None
        assert (verdict.score >= 0.5) == (side == "pass")


def test_the_score_is_the_probability_of_a_pass(files: dict[str, bytes]) -> None:
    """It is the one that scikit-learn gives for the model that it trained."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts = [
        f"{row.input['messages'][0]['content']}\n{row.actual_output}\n"  # type: ignore[call-overload, index]
        for _, row, _ in labelled()
    ]
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        LogisticRegression(solver="liblinear", class_weight="balanced", max_iter=1000),
    ).fit(texts, [side for *_, side in labelled()])
    chance = pipeline.predict_proba([f"{NEW.input}\n{NEW.actual_output}\n"])[0, 1]
    assert trained(files).verdict(NEW).score == pytest.approx(chance, abs=1e-12)


def test_the_justification_names_what_decided(files: dict[str, bytes]) -> None:
    said = trained(files).verdict(NEW).justification
    assert said == "P(pass) is 0.717, the threshold 0.5, for `is on`, `its`, `its way`."


def test_a_threshold_moves_the_verdict_and_not_the_score(files: dict[str, bytes]) -> None:
    usual = trained(files).verdict(NEW)
    strict = trained(files, {"threshold": 0.99}).verdict(NEW)
    assert (usual.verdict, strict.verdict) == ("pass", "fail")
    assert usual.score == strict.score
    exact = trained(files, {"threshold": usual.score}).verdict(NEW)
    assert exact.verdict == "pass"


def test_in_doubt_it_abstains(files: dict[str, bytes]) -> None:
    unsure = trained(files, {"abstain_between": [0.0, 1.0]}).verdict(NEW)
    assert (unsure.verdict, unsure.score) == ("unknown", None)
    assert "between 0 and 1, where it does not decide" in unsure.justification
    assert trained(files, {"abstain_between": [0.49, 0.51]}).verdict(NEW).verdict == "pass"


@pytest.mark.parametrize("text", [None, "", "§§ !!", "\u4f60\u597d", {"a": []}])
def test_a_text_without_a_known_word_is_unknown(files: dict[str, bytes], text: Any) -> None:
    """What is left would be the share of passes in the training, which says nothing of the row."""
    verdict = trained(files).verdict(EvalRow(input=None, actual_output=text))
    assert (verdict.verdict, verdict.score) == ("unknown", None)
    assert "no word that the training has seen" in verdict.justification


def test_tool_calls_are_read() -> None:
    def row(tool: str) -> EvalRow:
        span = Span(span_id="1", kind="tool", tool=ToolCall(name=tool, arguments={"id": 7}))
        return EvalRow(input="same", actual_output="same", trace=Trace(trace_id="t", spans=(span,)))

    rows: list[Labelled] = [
        (f"2026-05-23-tools-{at:06x}", row("refund" if at % 2 else "escalate"), side)
        for at, side in enumerate(SIDES * 6)
    ]
    evaluator = build(definition(fit(definition(), rows)))
    assert evaluator.verdict(row("refund")).verdict == "pass"
    assert evaluator.verdict(row("escalate")).verdict == "fail"


def test_it_reads_what_its_options_name() -> None:
    options = {"text": ["input", "expected_output"]}
    rows: list[Labelled] = [
        (f"2026-05-23-text-{at:06x}", EvalRow(input={"n": side}, expected_output=["x"]), side)
        for at, side in enumerate(SIDES * 6)
    ]
    evaluator = build(definition(fit(definition(options=options), rows), options))
    assert evaluator.verdict(EvalRow(input={"n": "pass"})).verdict == "pass"


def test_the_same_rows_give_the_same_bytes_in_any_order(files: dict[str, bytes]) -> None:
    assert fit(definition(), labelled()) == files
    assert fit(definition(), labelled()[::-1]) == files
    assert fit(definition(), labelled(26)) != files


def test_another_process_writes_the_same_bytes(files: dict[str, bytes], tmp_path: Path) -> None:
    """Neither the clock, nor addresses in memory, nor the hash seed, nor the threads show."""
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.evaluators.test_classifier import definition, fit, labelled\n"
        "for name, data in fit(definition(), labelled()).items():\n"
        "    Path(sys.argv[1], name).write_bytes(data)\n"
    )
    for seed, threads in (("1", "1"), ("2", "2")):
        surroundings = {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "TZ": "Asia/Tokyo"}
        words = [sys.executable, "-c", code, str(tmp_path)]
        subprocess.run(words, check=True, env=os.environ | surroundings)
        assert {name: (tmp_path / name).read_bytes() for name in files} == files


def test_the_training_is_on_record(files: dict[str, bytes]) -> None:
    training = json.loads(files[TRAINING])
    assert training["schema"] == "goldengit/training/v1"
    assert training["classes"] == {"fail": 12, "pass": 12}
    assert [case["case"] for case in training["cases"]] == [case for case, *_ in labelled()]
    assert set(training["cases"][0]) == {"case", "text", "verdict"}
    assert b"Question" not in files[TRAINING]


def test_the_cases_of_the_training_were_seen(files: dict[str, bytes]) -> None:
    named = "2026-05-23-named-000001"
    evaluator = build(definition(files, few_shot=[named]), for_judging=False)
    assert evaluator.seen == {named} | {case for case, *_ in labelled()}
    assert build(definition(few_shot=[named]), for_judging=False).seen == {named}


def test_what_is_written_holds_numbers_and_words_only(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files[MODEL])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == [*(f"{at}.npy" for at in range(5)), "schema.json"]
        assert b"__id__" not in archive.read("schema.json")


@pytest.mark.parametrize("missing", ["pass", "fail"])
def test_one_class_teaches_nothing(missing: str) -> None:
    rows = [row for row in labelled() if row[2] != missing]
    with pytest.raises(EvaluatorInvalidError, match=f"no label `{missing}` to learn from"):
        fit(definition(), rows)


def test_no_rows_teach_nothing() -> None:
    with pytest.raises(EvaluatorInvalidError, match="to learn from"):
        fit(definition(), [])


def test_rows_without_words_teach_nothing() -> None:
    rows: list[Labelled] = [(case, EvalRow(input=None), side) for case, _, side in labelled()]
    with pytest.raises(EvaluatorInvalidError, match="Nothing can be learnt"):
        fit(definition(), rows)


def test_a_case_counts_once() -> None:
    with pytest.raises(EvaluatorInvalidError, match="stands twice"):
        fit(definition(), [*labelled(), labelled()[0]])


@pytest.mark.parametrize(
    "options",
    [
        {"text": []},
        {"text": ["labels"]},
        {"threshold": 1.5},
        {"abstain_between": [0.6, 0.9]},
        {"abstain_between": [0.9, 0.1]},
        {"abstain_between": [0.5]},
        {"solver": "lbfgs"},
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(EvaluatorInvalidError):
        build(definition(options=options), for_judging=False)
    with pytest.raises(EvaluatorInvalidError, match="The options do not fit"):
        fit(definition(options=options), labelled())


# Reading with mistrust.


def refused(files: dict[str, bytes], options: dict[str, Any] | None = None) -> str:
    """Return why files are refused."""
    with pytest.raises(EvaluatorInvalidError) as caught:
        build(definition(files, options))
    assert "Train it with `goldengit calibrate helpful --fit`." in str(caught.value)
    assert str(caught.value).startswith("evaluators/helpful/evaluator.yaml: ")
    return caught.value.problem


def resealed(files: dict[str, bytes], data: bytes) -> dict[str, bytes]:
    """Return files whose record names another model, as an attacker would write it."""
    import hashlib

    training = json.loads(files[TRAINING])
    training["model"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return {MODEL: data, TRAINING: json.dumps(training).encode()}


def dumped(content: Any) -> bytes:
    """Return what skops makes of an object."""
    from skops import io as skops

    data: bytes = skops.dumps(content)
    return data


def parts_of(files: dict[str, bytes]) -> Any:
    """Return what a model file holds."""
    from skops import io as skops

    return skops.loads(files[MODEL])


def test_without_training_there_is_no_verdict(files: dict[str, bytes]) -> None:
    assert "It is not trained yet: there is no `classifier.skops`" in refused({})
    assert "there is no `training.json`" in refused({MODEL: files[MODEL]})


def test_a_model_of_another_training_is_refused(files: dict[str, bytes]) -> None:
    other = fit(definition(), labelled(26))
    assert "belongs to another" in refused(files | {MODEL: other[MODEL]})


def test_a_training_on_another_text_is_refused(files: dict[str, bytes]) -> None:
    assert "another `text`" in refused(files, {"text": ["actual_output"]})


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"schema": "x"}'])
def test_a_record_that_is_none_is_refused(files: dict[str, bytes], content: bytes) -> None:
    assert "is no record of a training" in refused(files | {TRAINING: content})


def test_another_release_of_scikit_learn_is_refused(files: dict[str, bytes]) -> None:
    training = json.loads(files[TRAINING]) | {"sklearn": "0.24.2"}
    said = refused(files | {TRAINING: json.dumps(training).encode()})
    assert said.startswith("It was trained by scikit-learn 0.24.2; here is 1.")


class Evil:
    """Runs when it is unpickled; skops must not even come to it."""

    ran = False

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return setattr, (Evil, "ran", True)


def test_a_pickle_is_not_read(files: dict[str, bytes]) -> None:
    said = refused(resealed(files, pickle.dumps({"regression": Evil()})))
    assert "cannot be used" in said
    assert not Evil.ran


def test_a_type_that_is_not_trusted_is_refused(files: dict[str, bytes]) -> None:
    content = parts_of(files) | {"regression": Evil()}
    said = refused(resealed(files, dumped(content)))
    assert "Evil, which is not trusted" in said


def test_a_function_is_refused(files: dict[str, bytes]) -> None:
    """As a tokeniser it would be called with every text."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    content = parts_of(files) | {"vectoriser": TfidfVectorizer(tokenizer=os.system)}
    assert "which is not trusted" in refused(resealed(files, dumped(content)))


def _other(name: str, parts: Any) -> Any:
    """Return the parts of a model with one that does not belong there."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline

    model = parts["regression"]
    match name:
        case "list":
            return [parts]
        case "less":
            return {key: part for key, part in parts.items() if key != "idf"}
        case "more":
            return parts | {"vectoriser": None}
        case "ridge":
            return parts | {"regression": Ridge().fit([[0.0], [1.0]], [0, 1])}
        case "pipeline":
            return parts | {"regression": make_pipeline(model)}
        case "untrained":
            return parts | {"regression": LogisticRegression()}
        case "other parameters":
            return parts | {"regression": model.set_params(C=9.0)}
        case "swapped classes":  # T93: TPR and TNR would change places
            model.classes_ = np.array(["pass", "fail"])
        case "three classes":
            model.classes_ = np.array(["fail", "pass", "unknown"])
        case "nan":
            model.coef_[0, 0] = float("nan")
        case "infinity":
            model.intercept_[0] = float("inf")
        case "short":
            model.coef_ = model.coef_[:, 1:]
        case "idf":
            return parts | {"idf": parts["idf"][1:]}
        case "nan idf":
            parts["idf"][0] = float("nan")
        case "idf of words":
            return parts | {"idf": ["x"] * len(parts["idf"])}
        case "twice":
            terms = parts["terms"].split("\n")
            return parts | {"terms": "\n".join([terms[1], *terms[1:]])}
        case _:
            return parts | {"terms": 7}
    return parts


@pytest.mark.parametrize(
    "name",
    [
        "list", "less", "more", "ridge", "pipeline", "untrained", "other parameters",
        "swapped classes", "three classes", "nan", "infinity", "short", "idf", "nan idf",
        "idf of words", "twice", "terms",
    ],
)  # fmt: skip
def test_what_fit_would_not_have_written_is_refused(files: dict[str, bytes], name: str) -> None:
    data = dumped(_other(name, parts_of(files)))
    assert "`classifier.skops` cannot be used" in refused(resealed(files, data))


def test_a_huge_file_is_not_read(files: dict[str, bytes]) -> None:
    assert "larger than" in refused(resealed(files, b"x" * (17 << 20)))


def test_a_file_that_unpacks_to_too_much_is_not_read(files: dict[str, bytes]) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", b" " * (64 << 20))
    assert len(bomb.getvalue()) < 1 << 20
    assert "unpacks to more than" in refused(resealed(files, bomb.getvalue()))


@settings(max_examples=60)
@given(st.data())
def test_a_wounded_file_is_refused_or_judges_as_before(data: st.DataObject) -> None:
    files = fit(definition(), labelled(4))
    content = bytearray(files[MODEL])
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    wounded = bytes(content[: data.draw(st.integers(1, len(content)))])
    try:
        evaluator = build(definition(resealed(files, wounded)))
    except EvaluatorInvalidError:
        return
    verdict = evaluator.verdict(NEW)
    assert verdict.verdict in {"pass", "fail", "unknown"}
    assert verdict.score is None or 0 <= verdict.score <= 1


def test_a_classifier_is_found_on_its_shelf() -> None:
    kind = kinds()["classifier"]
    assert kind is Classifier
    assert kind.deterministic
    assert not kind.is_data  # a trusted gate does not load it


def test_without_scikit_learn_the_extra_is_named(files: dict[str, bytes]) -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "from goldengit.errors import CannotJudgeError\n"
        "from tests.evaluators.test_classifier import definition, fit, labelled\n"
        "try:\n    fit(definition(), labelled())\n"
        "except CannotJudgeError as error:\n    print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "needs scikit-learn and skops. Install `goldengit[classifier]`." in run.stdout
    assert issubclass(EvaluatorInvalidError, CannotJudgeError)


def test_reading_a_definition_imports_no_scikit_learn(files: dict[str, bytes]) -> None:
    code = (
        "import sys\n"
        "from tests.evaluators.test_classifier import build, definition\n"
        "build(definition(), for_judging=False).seen\n"
        "print('sklearn' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
