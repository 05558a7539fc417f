"""The team's own code as an evaluator: pinned by its digest, and its word taken strictly."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goldengit.evaluators import Evaluator, EvaluatorInvalidError, build, kinds
from goldengit.evaluators.python import Python
from goldengit.models.case import Case
from goldengit.models.dataset import FailureMode, Scale
from goldengit.models.evaluator import Definition, EvaluatorSpec
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict

ROW = EvalRow(input="Where?", actual_output="Page 9.")
MODE = FailureMode(title="invented citation")
GRADED = FailureMode(title="course fit", scale=Scale(min=1, max=5, step=0.5), pass_at=3)


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a package of the team's own, which is installed here."""
    package = tmp_path / "own_code"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for name in [name for name in sys.modules if name.split(".")[0] == "own_code"]:
        del sys.modules[name]


def digest(path: Path) -> str:
    """Return the digest of a file."""
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def definition(options: dict[str, Any], mode: FailureMode = MODE) -> Definition:
    """Return the definition of a Python evaluator."""
    spec = {
        "schema": "goldengit/evaluator/v1",
        "id": "citations",
        "version": 1,
        "kind": "python",
        "title": "Invented citations",
        "authors": ["reviewer-1"],
        "dataset": "support",
        "failure_mode": "invented-citation",
        "options": options,
    }
    return Definition(EvaluatorSpec.model_validate(spec), {}, mode)


def evaluator(
    code: Path,
    body: str,
    options: dict[str, Any] | None = None,
    mode: FailureMode = MODE,
) -> Evaluator:
    """Return an evaluator whose function `judge(row)` has a body."""
    path = code / "checks.py"
    path.write_text(f"import math\n\ndef judge(row):\n    {body}\n")
    known = {"entry_point": "own_code.checks:judge", "code": digest(path)}
    return build(definition(known | (options or {}), mode))


def verdict(code: Path, body: str, **options: Any) -> Verdict:
    """Return what such a function says of a row."""
    return evaluator(code, body, options).verdict(ROW)


@pytest.mark.parametrize(
    ("body", "outcome", "score"),
    [
        ("return True", "pass", 1.0),
        ("return False", "fail", 0.0),
        ("return 'pass'", "pass", 1.0),
        ("return 'fail'", "fail", 0.0),
        ("return 'unknown'", "unknown", None),
        ("return {'verdict': 'pass'}", "pass", 1.0),
        ("return {'verdict': 'pass', 'score': 0.7}", "pass", 0.7),
        ("return {'verdict': 'fail', 'score': 0.7}", "fail", 0.7),
        ("return {'verdict': 'unknown', 'score': 0.7}", "unknown", None),
    ],
)
def test_a_function_may_say_it_in_several_ways(
    code: Path, body: str, outcome: str, score: float | None
) -> None:
    found = verdict(code, body)
    assert (found.verdict, found.score) == (outcome, score)


def test_a_justification_is_handed_on(code: Path) -> None:
    found = verdict(code, "return {'verdict': 'fail', 'justification': 'No such page.'}")
    assert found.justification == "No such page."


@pytest.mark.parametrize(
    "body",
    [
        "return None",
        "return 'PASS'",
        "return ''",
        "return ['pass']",
        "return ('pass', 1.0)",
        "return object()",
        "return 0.9",
        "return 1",
        "return {}",
        "return {'score': 1.0}",
        "return {'verdict': 'PASS'}",
        "return {'verdict': True}",
        "return {'verdict': 'pass', 'score': 2}",
        "return {'verdict': 'pass', 'score': math.nan}",
        "return {'verdict': 'pass', 'cost': {}}",
        "return {'verdict': 'pass', 'model': 'x'}",
        "return {'verdict': 'pass', 'grade': 3}",
        "return {'grade': 3}",
        "return {1: 'pass'}",
        "raise ValueError('no')",
        "raise SystemExit(0)",
        "raise GeneratorExit",
        "import asyncio; raise asyncio.CancelledError",
        "return judge(row)",
        "return 1 / 0",
    ],
)
def test_everything_else_is_unknown_with_the_reason(code: Path, body: str) -> None:
    found = verdict(code, body)
    assert (found.verdict, found.score) == ("unknown", None)
    assert found.justification


def test_a_justification_can_be_printed(code: Path) -> None:
    body = "return {'verdict': 'pass', 'justification': 'It is\\ud800\\x1b[31m red' + 'x' * 9000}"
    said = verdict(code, body).justification
    assert said.startswith("It is [31m redxxx")
    assert len(said) == 4000


def test_code_that_is_loaded_already_is_loaded_anew(code: Path) -> None:
    assert evaluator(code, "return 'pass'").verdict(ROW).verdict == "pass"
    assert evaluator(code, "return 'fail'").verdict(ROW).verdict == "fail"


def test_a_dataclass_in_the_code_does_no_harm(code: Path) -> None:
    path = code / "checks.py"
    path.write_text(
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "from own_code import __name__ as above\n\n"
        "@dataclass\nclass Found:\n    page: int\n\n"
        "def judge(row):\n    return Found(9).page == 9 and above == 'own_code'\n"
    )
    options = {"entry_point": "own_code.checks:judge", "code": digest(path)}
    assert build(definition(options)).verdict(ROW).verdict == "pass"


def test_code_that_failed_to_load_leaves_nothing_behind(code: Path) -> None:
    evaluator(code, "return True")
    before = sys.modules["own_code.checks"]
    with pytest.raises(EvaluatorInvalidError, match="cannot be imported: SyntaxError"):
        evaluator(code, "return (")
    assert sys.modules["own_code.checks"] is before


def test_a_crash_names_its_kind(code: Path) -> None:
    assert "ZeroDivisionError" in verdict(code, "return 1 / 0").justification


@pytest.mark.parametrize(
    ("number", "outcome"),
    [("0.7", "pass"), ("0.69", "fail"), ("1", "pass"), ("0", "fail"), ("0.1 + 0.6", "pass")],
)
def test_a_number_is_compared_with_the_threshold(code: Path, number: str, outcome: str) -> None:
    found = verdict(code, f"return {number}", threshold=0.7)
    assert found.verdict == outcome
    assert found.score == pytest.approx(eval(number))  # noqa: S307 the numbers stand above


@pytest.mark.parametrize("number", ["1.1", "-0.1", "math.nan", "math.inf", "10 ** 400"])
def test_a_number_that_is_no_score_is_unknown(code: Path, number: str) -> None:
    assert verdict(code, f"return {number}", threshold=0.5).verdict == "unknown"


def test_a_grade_gives_verdict_and_score(code: Path) -> None:
    body = "return {'grade': 3.5, 'justification': 'It fits.'}"
    found = evaluator(code, body, mode=GRADED).verdict(ROW)
    assert found == Verdict(verdict="pass", score=0.625, grade=3.5, justification="It fits.")
    off = evaluator(code, "return {'grade': 3.3}", mode=GRADED).verdict(ROW)
    assert off.verdict == "unknown"
    assert "3.3 is no grade" in off.justification


def test_a_function_sees_a_plain_row_and_not_what_people_said_of_it(code: Path) -> None:
    kept = {"input": {"question": "Where?"}, "actual_output": "x", "labels": ("secret",)}
    case = Case.model_construct(**kept)  # type: ignore[arg-type]
    body = "return {'verdict': 'pass', 'justification': repr(sorted(row))}"
    said = evaluator(code, body).verdict(case).justification
    assert said == repr(sorted(EvalRow.model_fields))
    inside = "return type(row) is dict and row['input'] == {'question': 'Where?'}"
    assert evaluator(code, inside).verdict(case).verdict == "pass"


def test_a_function_cannot_change_the_row(code: Path) -> None:
    row = EvalRow(input={"question": "Where?"})
    evaluator(code, "row['input'].clear(); return True").verdict(row)
    assert row.input == {"question": "Where?"}


def test_code_that_changed_is_refused_and_its_digest_named(code: Path) -> None:
    path = code / "checks.py"
    path.write_text("def judge(row):\n    return False\n")
    old = digest(path)
    path.write_text("raise SystemExit('this ran')\n")
    options = {"entry_point": "own_code.checks:judge", "code": old}
    with pytest.raises(EvaluatorInvalidError, match=f"its digest is {digest(path)}"):
        build(definition(options))


def test_nothing_runs_before_the_digest_was_compared(code: Path) -> None:
    """Not even the packages above the module, which a look-up by name would import."""
    (code / "__init__.py").write_text("raise SystemExit('this ran')\n")
    (code / "checks.py").write_text("raise SystemExit('this ran')\n")
    options = {"entry_point": "own_code.checks:judge", "code": "sha256:" + "0" * 64}
    with pytest.raises(EvaluatorInvalidError, match="not the code that was declared"):
        build(definition(options))


def test_nothing_runs_when_nothing_is_to_be_judged(code: Path) -> None:
    (code / "checks.py").write_text("raise SystemExit('this ran')\n")
    options = {"entry_point": "own_code.checks:judge", "code": digest(code / "checks.py")}
    assert build(definition(options), for_judging=False).prompt == ""


@pytest.mark.parametrize(
    "entry_point",
    ["own_code.other:judge", "no_such_code:judge", "own_code.checks.deep:judge", "sys:exit"],
)
def test_a_module_without_source_here_is_refused(code: Path, entry_point: str) -> None:
    (code / "checks.py").write_text("")
    options = {"entry_point": entry_point, "code": "sha256:" + "0" * 64}
    with pytest.raises(EvaluatorInvalidError, match="There is no module"):
        build(definition(options))


def test_a_function_that_is_not_there_is_refused(code: Path) -> None:
    path = code / "checks.py"
    path.write_text("judge = 7\n")
    for name in ("judge", "other"):
        options = {"entry_point": f"own_code.checks:{name}", "code": digest(path)}
        with pytest.raises(EvaluatorInvalidError, match=f"has no function `{name}`"):
            build(definition(options))


def test_code_that_cannot_be_imported_is_refused(code: Path) -> None:
    path = code / "checks.py"
    path.write_text("import no_such_library\n")
    options = {"entry_point": "own_code.checks:judge", "code": digest(path)}
    with pytest.raises(EvaluatorInvalidError, match="cannot be imported"):
        build(definition(options))


def test_a_package_may_hold_the_function_itself(code: Path) -> None:
    path = code / "__init__.py"
    path.write_text("def judge(row):\n    return True\n")
    options = {"entry_point": "own_code:judge", "code": digest(path)}
    assert build(definition(options)).verdict(ROW).verdict == "pass"


@pytest.mark.parametrize(
    "options",
    [
        {"entry_point": "own_code.checks"},
        {"entry_point": ":judge"},
        {"entry_point": "own_code:judge()"},
        {"entry_point": "../own_code:judge"},
        {"code": "0" * 64},
        {"threshold": 2},
        {"deterministic": "yes"},
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any]) -> None:
    good = {"entry_point": "own_code:judge", "code": "sha256:" + "0" * 64}
    build(definition(good), for_judging=False)
    with pytest.raises(EvaluatorInvalidError):
        build(definition(good | options), for_judging=False)


def test_its_author_says_whether_it_is_deterministic(code: Path) -> None:
    assert not evaluator(code, "return True").deterministic
    assert evaluator(code, "return True", {"deterministic": True}).deterministic
    kind = kinds()["python"]
    assert kind is Python
    assert kind.deterministic is False
    assert kind.is_data is False  # the trusted gate never runs it
