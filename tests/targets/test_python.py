"""Python functions as targets: whatever one does, there is an answer."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from goldengit.errors import CannotJudgeError, GoldengitError, UsageError
from goldengit.targets import Doors, Target, build
from tests.targets.cases import ID, LONG, ask, case

Make = Callable[..., Target]


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Return what makes a target of a module text, in a current folder of its own."""
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)

    def make(text: str, timeout: float = LONG, what: str = "assistant_x:answer") -> Target:
        (tmp_path / "assistant_x.py").write_text(text, encoding="utf-8")
        return build(f"python:{what}", Doors(), timeout)

    yield make
    sys.path[:] = path
    sys.modules.pop("assistant_x", None)


def test_a_function_of_the_current_folder_is_called_with_the_request(target: Make) -> None:
    made = target("def answer(asked): return sorted(asked.items())")
    expected = [["case", ID], ["goldengit", 1], ["input", "Who?"], ["metadata", {}], ["repeat", 3]]
    assert ask(made, repeat=3).output == expected


def test_the_output_alone_is_enough(target: Make) -> None:
    answer = ask(target("def answer(asked): return {'said': (asked['input'], asked['repeat'])}"), 7)
    assert answer.output == {"said": [7, 0]}
    assert answer.duration_us > 0


def test_a_response_brings_trace_and_error(target: Make) -> None:
    made = target(
        "def answer(asked):\n"
        "    if asked['input'] == 'bad': return {'case': asked['case'], 'error': 'busy'}\n"
        "    return {'case': asked['case'], 'output': 1, 'trace': {'trace_id': 't1'}}\n"
    )
    good = ask(made)
    assert good.output == 1
    assert good.trace is not None
    assert ask(made, "bad").error == "busy"


def test_the_function_cannot_change_the_case(target: Make) -> None:
    asked = case({"messages": ["Who?"]})
    made = target("def answer(asked): asked['input']['messages'].clear(); return 1")
    assert made.answer(ID, asked, 0).output == 1
    assert asked.input == {"messages": ["Who?"]}


BAD = {
    "raises": ("raise ValueError('no\\nmodel.')", "The function raised ValueError: no model."),
    "raises without words": ("raise KeyboardInterrupt", "The function raised KeyboardInterrupt."),
    "exits": ("import sys; sys.exit(3)", "The function raised SystemExit: 3."),
    "recurses": ("return answer(asked)", "The function raised RecursionError"),
    "returns a set": ("return {1}", "The function returned what is no JSON: TypeError"),
    "returns a ring": ("a = []; a.append(a); return a", "returned what is no JSON: ValueError"),
    "returns NaN": ("return float('nan')", "a number that JSON cannot hold: `NaN`"),
    "returns a large integer": ("return 2**53", "an integer beyond 2^53"),
    "returns a huge integer": ("return 10**5000", "The function returned what is no JSON"),
    "returns a key twice": ("return {1: 2, '1': 3}", "the key `1` twice"),
    "returns half of a character": ("return '\\ud800'", "half of a character"),
    "answers another case": ("return {'case': 'other', 'output': 1}", "another case: `other`"),
    "is too late": ("import time; time.sleep(5)", "The function did not return within 0.2 s."),
}


@pytest.mark.parametrize(("body", "problem"), BAD.values(), ids=BAD)
def test_what_goes_wrong_is_the_error_of_the_answer(target: Make, body: str, problem: str) -> None:
    answer = ask(target(f"def answer(asked):\n    {body}", 0.2 if "sleep" in body else LONG))
    assert answer.output is None
    assert answer.error is not None
    assert problem in answer.error
    assert answer.error.isprintable()


UNFIT: dict[str, tuple[str, str, type[GoldengitError]]] = {
    "no function": ("x = 1", "no function `answer`", UsageError),
    "no callable": ("answer = 1", "no function `answer`", UsageError),
    "async": ("async def answer(asked): ...", "without `await`", UsageError),
    "syntax": ("def answer(", "`assistant_x` cannot be imported: SyntaxError", CannotJudgeError),
    "exit": ("raise SystemExit", "cannot be imported: SystemExit.", CannotJudgeError),
}


@pytest.mark.parametrize(("text", "problem", "kind"), UNFIT.values(), ids=UNFIT)
def test_what_cannot_be_called_is_found_out_first(
    target: Make, text: str, problem: str, kind: type[GoldengitError]
) -> None:
    with pytest.raises(kind, match=problem):
        target(text)


@pytest.mark.parametrize(
    "what", ["assistant_x", "assistant_x:", ":answer", "a b:answer", "../x:answer", "x:a.b:c"]
)
def test_a_malformed_name_is_a_usage_error(target: Make, what: str) -> None:
    with pytest.raises(UsageError):
        target("", what=what)


def test_a_missing_module_is_named(target: Make) -> None:
    with pytest.raises(CannotJudgeError, match="No module named 'no_such_module'"):
        target("", what="no_such_module:answer")


def test_the_current_folder_hides_no_module_of_the_environment(
    target: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repository under test must not replace what this program is made of."""
    (tmp_path / "colorsys.py").write_text("raise ValueError('hijacked')", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    answer = ask(target("", what="colorsys:rgb_to_yiq"))
    assert answer.error is not None
    assert "missing 2 required positional arguments" in answer.error
