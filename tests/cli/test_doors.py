"""The doors that evaluators and targets are handed."""

import subprocess
import sys

WITHOUT = """
import sys
sys.modules["httpx"] = None
from goldengit.cli.doors import outside
from goldengit.errors import CannotJudgeError
from goldengit.evaluators import build
from goldengit.models.evaluator import Definition, EvaluatorSpec
from goldengit.targets import build as target

spec = EvaluatorSpec.model_validate({
    "schema": "goldengit/evaluator/v1", "id": "judge", "version": 1, "kind": "judge",
    "title": "t", "authors": ["reviewer-1"], "dataset": "support", "failure_mode": "tone",
    "options": {"model": "judge-2026-04-14"},
})
with outside(1) as doors:
    for make in (
        lambda: build(Definition(spec, {"rubric.md": b"Fail."}), doors.evaluators),
        lambda: target("http:https://assistant.example.org/eval", doors.targets, 1.0),
    ):
        try:
            make()
        except CannotJudgeError as error:
            print(error)
"""


def test_without_httpx_neither_judge_nor_endpoint_is_built() -> None:
    """A missing library is no verdict: nothing is asked, and the extra is named."""
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True
    )
    assert 2 == ran.stdout.count("httpx is missing. Install `goldengit[judge]`.\n"), (
        ran.stdout + ran.stderr
    )


def test_nothing_is_opened_before_it_is_used() -> None:
    """A suite of patterns and a command need no connection."""
    code = (
        "import sys\n"
        "from goldengit.cli.doors import outside\n"
        "with outside(1) as doors: print(doors.evaluators.send is not None, 'httpx' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "True False" == ran.stdout.strip()
