"""The bundled system of the tour is a real one: it fails by what it reads, case by case."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from goldengit.cli import tour_system
from goldengit.cli.tour_questions import FITTING, RETURNS, SAID
from goldengit.cli.tour_system import READS, answer, pages_for, respond
from goldengit.models.exchange import answer_to

THREE_THINGS = "I wore the sale shoes once and have no receipt. Can they go back?"


def request(question: str) -> dict[str, Any]:
    messages = [{"role": "user", "content": question}]
    return {"case": "case-1", "input": {"messages": messages}, "metadata": {}}


def invented(question: str, release: str) -> list[str]:
    """Return what a release cites and did not read."""
    text, ((span),) = answer(question, release)
    read = {document["id"] for document in span["documents"]}
    cited = [word.split("]")[0] for word in text.split("[")[1:]]
    return [page for page in cited if page not in read]


def share(questions: tuple[str, ...], release: str) -> float:
    """Return the share of questions in whose answers nothing is invented."""
    return sum(not invented(text, release) for text in questions) / len(questions)


def test_one_release_regresses_on_returns_alone() -> None:
    assert [0.92, 0.78, 0.92] == [share(RETURNS, release) for release in ("1.0", "1.1", "1.2")]
    assert {1.0} == {share(FITTING, release) for release in ("1.0", "1.1", "1.2")}


def test_a_release_cites_from_memory_what_it_does_not_read() -> None:
    """The page of an older edition, with the rule of that time."""
    assert ["returns-receipt-1"] == invented(THREE_THINGS, "1.1")
    assert (
        "Nothing comes back without a receipt [returns-receipt-1]."
        in answer(THREE_THINGS, "1.1")[0]
    )
    assert [] == invented(THREE_THINGS, "1.0")


@pytest.mark.parametrize("release", READS)
def test_a_release_fails_where_a_question_touches_more_pages_than_it_reads(release: str) -> None:
    """No question is known to fail: it follows from how many pages are read."""
    for question in (*RETURNS, *FITTING):
        assert bool(invented(question, release)) == (len(pages_for(question)) > READS[release])


def test_every_question_is_asked_once_and_touches_a_page() -> None:
    every = [*RETURNS, *FITTING]
    assert (50, 19, 69) == (len(RETURNS), len(FITTING), len(set(every)))
    assert [] == [question for question in every if not pages_for(question)]
    assert set(every) >= SAID.keys()


def test_the_same_request_has_the_same_answer() -> None:
    asked = request(THREE_THINGS)
    assert respond(asked, "1.1") == respond(asked | {"repeat": 1}, "1.1")


def test_it_answers_lines_as_a_command_target_should() -> None:
    """It starts without this project or any library, which is why it starts at once."""
    lines = "".join(f"{json.dumps(request(text))}\n" for text in (THREE_THINGS, "Who are you?"))
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(Path(tour_system.__file__)), "--release", "1.0"],
        input=lines,
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    first, second = ran.stdout.splitlines()
    assert answer(THREE_THINGS, "1.0")[0] == answer_to("case-1", first).output
    assert "I do not know." == answer_to("case-1", second).output
