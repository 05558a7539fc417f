"""What the page about targets shows is what targets say and take."""

import json
import sys
from pathlib import Path

import pytest

from goldengit.models.exchange import request, response
from goldengit.targets import build
from tests.docs.pages import DOCS, blocks
from tests.targets.cases import DOORS, ID, LONG, ask, case

BLOCKS = list(blocks((DOCS / "how-to" / "evaluate-a-release.md").read_text("utf-8")))
ASKED, ANSWERED = (block.body for block in BLOCKS if block.language == "json" and not block.notes)


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go to a folder with the programs and answers that the page shows."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "assistant", raising=False)
    for block in BLOCKS:
        if "/" not in block.notes.get("title", "/"):  # the others belong to a dataset
            Path(block.notes["title"]).write_text(block.body, encoding="utf-8")


def test_the_request_on_the_page_is_the_one_that_is_sent() -> None:
    shown = json.loads(ASKED)
    asked = case(shown["input"], metadata={"feature": "analyst-answers", "release": "r1"})
    assert request(ID, asked, 0) == ASKED.strip()


def test_the_response_on_the_page_is_taken() -> None:
    assert response(ANSWERED).answer().output == "Okafor and Lindqvist (2020) did."


@pytest.mark.usefixtures("_folder")
@pytest.mark.parametrize("name", ["command:python3 assistant.py", "python:assistant:answer"])
def test_the_assistant_on_the_page_is_a_target(name: str) -> None:
    target = build(name, DOORS, LONG)
    answer = ask(target, {"messages": [{"role": "user", "content": "Who counted moths?"}]})
    assert answer.error is None
    assert answer.output == "Okafor and Lindqvist (2020)"
    assert answer.trace is not None
    assert answer.trace.spans[0].documents is not None
    wrong = ask(target, "Who?").error
    assert wrong is not None
    assert "TypeError" in wrong
    target.close()


@pytest.mark.usefixtures("_folder")
def test_the_recorded_answers_on_the_page_are_a_target() -> None:
    target = build("answers.jsonl", DOORS, LONG)
    assert ask(target, repeat=1).output == "It was Okafor."
    assert ask(target, repeat=2).error is not None
