"""`goldengit evaluate`, as people and CI run it."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from goldengit.cli import run
from goldengit.evaluating.record import read_scorecard
from goldengit.models.layout import evaluator_path
from tests.cli.running import PROGRAM, Ran, environment, goldengit, interrupted, on_terminal
from tests.evaluating.place import BAD, DATASET, GOOD, Place, copied, files, ids
from tests.gitbox import Blob
from tests.judge_stub import MODEL, JudgeStub
from tests.labelled import evaluator

FIRST, SECOND, THIRD = ids()[:3]  # the first is critical
WORDS = ("evaluate", "support", "--release", "2026.08")


@pytest.fixture(scope="module")
def gated(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("gated") / "place", files())
    place.calibrate("no-invention")
    return place


@pytest.fixture
def place(gated: Place, tmp_path: Path) -> Place:
    return copied(gated, tmp_path / "place")


def evaluate(place: Place, *words: str, said: Mapping[str, str] | None = None) -> Ran:
    """Evaluate the release that is told these things."""
    return goldengit(place.top, *WORDS, "--target", place.target(said), *words)


def started(place: Place, said: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start an evaluation that leads a session of its own."""
    return subprocess.Popen(
        [*PROGRAM, *WORDS, "--target", place.target(said), "--output", "card.json"],
        cwd=place.top,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    )


def until(reached: Callable[[], bool]) -> None:
    for _ in range(600):
        if reached():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def test_a_release_is_scored_and_told(place: Place) -> None:
    """Whatever it finds, an evaluation that was completed ends with 0."""
    ran = evaluate(place, "--output", "card.json", said={SECOND: "fail", THIRD: "error"})
    assert (0, "") == (ran.code, ran.err)
    lines = ran.out.splitlines()
    assert "support: release 2026.08" == lines[0]
    assert any(re.fullmatch(r"  cases    24 active", line) for line in lines)
    assert any(line.endswith("49: each case twice, 1 more often; 2 are errors") for line in lines)
    slices = lines.index("  by slice")
    assert ["billing", "refunds"] == [line.split()[0] for line in lines[slices + 1 : slices + 3]]
    assert f"  datasets/support/golden/2026-06/{SECOND}.yaml" in lines
    assert "      no answer: The retriever was down." in lines
    assert "  goldengit gate deploy support --candidate card.json" == lines[-1]
    card = read_scorecard((place.top / "card.json").read_bytes())
    assert (24, 2) == (len(card.cases), card.repeats)


def test_the_scorecard_on_the_output_is_the_one_in_the_file(place: Place) -> None:
    ran = evaluate(place, "--format", "json", "--output", "card.json")
    assert ran.out == (place.top / "card.json").read_text()


def test_saved_answers_give_the_same_scorecard_again(place: Place) -> None:
    """They are a target of their own, and the release is not needed any more."""
    said = {FIRST: "flip", SECOND: "fail", THIRD: "error"}
    evaluate(place, "--save-outputs", "answers.jsonl", "--output", "first.json", said=said)
    lines = [json.loads(line) for line in (place.top / "answers.jsonl").read_text().splitlines()]
    assert [line["case"] for line in lines] == sorted(line["case"] for line in lines)
    ran = goldengit(
        place.top, *WORDS, "--target", "recorded:answers.jsonl", "--output", "second.json"
    )
    assert 0 == ran.code, ran.err
    first, second = (
        read_scorecard((place.top / name).read_bytes()) for name in ("first.json", "second.json")
    )
    assert (False, True) == (first.deterministic, second.deterministic)
    assert first.repeats == second.repeats
    assert [(case.errors, case.judged) for case in first.cases] == [
        (case.errors, case.judged) for case in second.cases
    ]


def test_an_interrupted_run_is_gone_on_with(place: Place) -> None:
    """Ctrl-C ends the release, keeps what it said, and tells how to go on."""
    process = started(place, {ids()[-1]: "hang"})
    until(lambda: kept(place) == 47)
    ran = interrupted(process)
    assert (130, "") == (ran.code, ran.out)
    assert "47 answers are kept. Run the same command again to go on" in ran.err
    assert not (place.top / "card.json").exists()
    assert [] == [pid for pid in place.started if is_running(pid)]
    place.forget()
    # The target is part of what the run is, so the release is repaired where it stands.
    app = place.folder / "app.py"
    app.write_text(app.read_text().replace("time.sleep(600)", "pass"))
    ran = evaluate(place, "--output", "card.json", said={ids()[-1]: "hang"})
    assert 0 == ran.code, ran.err
    assert "47 answers are kept, 0 of them errors" in ran.err
    assert [(ids()[-1], 0), (ids()[-1], 1)] == place.asked
    assert [] == journals(place)


def journals(place: Place) -> list[Path]:
    return list((place.top / ".git" / "goldengit" / "runs").glob("*"))


def kept(place: Place) -> int:
    """Return how many answers are kept: the first line of a journal is none."""
    return sum(path.read_bytes().count(b"\n") - 1 for path in journals(place))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_two_evaluations_of_one_release_at_once_are_one_too_many(place: Place) -> None:
    said = {SECOND: "hang"}
    process = started(place, said)
    try:
        until(lambda: len(place.asked) > 2)
        ran = evaluate(place, said=said)
        assert (3, "") == (ran.code, ran.out)
        assert "Another goldengit command is evaluating this release" in ran.err
        assert 1 == ran.err.count("\n")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_a_fresh_run_asks_for_everything_anew(place: Place) -> None:
    process = started(place, {SECOND: "hang"})
    until(lambda: kept(place) > 10)
    interrupted(process)
    place.forget()
    app = place.folder / "app.py"
    app.write_text(app.read_text().replace("time.sleep(600)", "pass"))
    ran = evaluate(place, "--fresh", said={SECOND: "hang"})
    assert (0, "") == (ran.code, ran.err)
    assert 2 * len(ids()) + 1 == len(place.asked)


def test_a_forecast_asks_nobody(place: Place) -> None:
    ran = evaluate(place, "--dry-run")
    assert (0, []) == (ran.code, place.asked)
    assert "24 active cases" in ran.out
    assert "answers  49 to 72" in ran.out
    told = json.loads(evaluate(place, "--dry-run", "--repeats", "1", "--format", "json").out)
    assert [26, 26] == told["forecast"]["answers"]
    assert not (place.top / ".git" / "goldengit" / "runs").exists()


def with_judge(place: Place, stub: JudgeStub) -> dict[str, str]:
    """Let a judge signal beside the gating evaluator; return the variables that name it."""
    place.commit(
        {name: Blob(data) for name, data in tracked(place).items()}
        | evaluator("careful", "judge", options={"model": MODEL})
        | {evaluator_path("careful", "rubric.md"): Blob(b"Pass what is expected.\n")}
    )
    text = (place.top / DATASET).read_text()
    (place.top / DATASET).write_text(f"{text}  - {{id: careful, role: signal}}\n")
    return {"GOLDENGIT_JUDGE_BASE_URL": stub.base_url, "GOLDENGIT_JUDGE_API_KEY": "secret"}


def tracked(place: Place) -> dict[str, bytes]:
    names = place.box.git("ls-files").splitlines()
    return {name: (place.top / name).read_bytes() for name in names}


def test_a_judge_is_asked_about_each_answer_and_paid_once(place: Place) -> None:
    """A second run on the same answers asks nobody; what it cost then stands in the scorecard."""
    with JudgeStub() as stub:
        variables = with_judge(place, stub)
        words = (*WORDS, "--target", place.target(), "--format", "json")
        first = goldengit(place.top, *words, **variables)
        asked = len(stub.asked)
        second = goldengit(place.top, *words, **variables)
    assert (0, 0) == (first.code, second.code), first.err + second.err
    runs = 2 * len(ids()) + 1
    assert runs == asked == len(stub.asked)
    cards = [read_scorecard(ran.out.encode()) for ran in (first, second)]
    assert [runs, runs] == [card.cost.calls for card in cards]
    said = [[one for one in case.judged if one.evaluator == "careful"] for case in cards[0].cases]
    assert {("fail",) * 2, ("fail",) * 3} == {one.outcomes for case in said for one in case}
    assert "secret" not in first.out + first.err


def test_a_forecast_says_what_a_judge_would_cost(place: Place) -> None:
    with JudgeStub() as stub:
        prices = {"GOLDENGIT_JUDGE_INPUT_PRICE": "1000", "GOLDENGIT_JUDGE_OUTPUT_PRICE": "4000"}
        variables = with_judge(place, stub) | prices
        ran = goldengit(place.top, *WORDS, "--target", place.target(), "--dry-run", **variables)
    assert (0, [], []) == (ran.code, stub.asked, place.asked)
    assert re.search(
        r"  careful  49 to 72 calls, about .* out, for \d+\.\d\d to \d+\.\d\d", ran.out
    )


def test_the_policy_says_how_often_unless_somebody_asks(place: Place) -> None:
    policy = place.top / "goldengit.yaml"
    policy.write_text(policy.read_text() + "deploy:\n  repeats: 3\n")
    assert "answers  72" in evaluate(place, "--dry-run").out
    assert "answers  49 to 72" in evaluate(place, "--dry-run", "--repeats", "auto").out


def test_a_commit_is_read_in_place_of_the_work_tree(place: Place) -> None:
    (place.top / "datasets" / "support" / "dataset.yaml").write_text("spoilt")
    assert 3 == evaluate(place).code
    ran = evaluate(place, "--commit", "HEAD", "--format", "json")
    assert 0 == ran.code, ran.err
    assert json.loads(ran.out)["commit"] == place.box.git("rev-parse", "HEAD")


def test_a_page_holds_nothing_that_somebody_else_could_use(place: Place) -> None:
    """What a release says reaches a page as text: no mention, link, image, tag or table cell."""
    app = place.folder / "app.py"
    evil = "@everybody ![x](https://evil.example/p.png) <img src=x> | made-up `code`"
    app.write_text(app.read_text().replace("The retriever was down.", evil))
    ran = evaluate(place, "--format", "markdown", said={SECOND: "error"})
    assert 0 == ran.code, ran.err
    assert "| *by slice* |" in ran.out
    assert "&#64;<!-- -->everybody &#33;&#91;x&#93;(https&#58;//evil.example/p.png)" in ran.out
    body = ran.out.replace("<!-- -->", "")
    body = body.replace("<details><summary>", "").replace("</summary>", "")
    assert "<" not in body.replace("</details>", "")
    assert "@" not in body


def test_on_a_terminal_pass_rates_are_bars(place: Place) -> None:
    words = (*WORDS, "--target", place.target({SECOND: "fail"}))
    ran = on_terminal(place.top, *words, columns=120)
    assert 0 == ran.code, ran.err
    assert "█" in ran.out
    assert "█" not in on_terminal(place.top, *words, columns=60).out
    assert "\x1b" not in goldengit(place.top, *words).out


def test_without_an_evaluator_that_gates_it_says_what_to_do(tmp_path: Path) -> None:
    place = Place(tmp_path, files())
    ran = evaluate(place)
    assert 0 == ran.code, ran.err
    assert "Signals only" in ran.out
    assert "What gates" not in ran.out
    assert "  no-invention: uncalibrated. It was never calibrated." in ran.out
    assert "  goldengit calibrate no-invention" in ran.out


def test_nothing_to_judge_has_a_code_of_its_own(tmp_path: Path) -> None:
    content = {path: blob for path, blob in files().items() if "/support/golden/" not in path}
    ran = evaluate(Place(tmp_path, content))
    assert (4, "") == (ran.code, ran.out)
    assert "has no active golden case" in ran.err


def test_a_release_that_never_answers_is_not_measured(place: Place) -> None:
    """Nothing is kept of it either: the next call asks anew."""
    ran = evaluate(place, "--output", "card.json", said={"all": "error"})
    assert (3, "") == (ran.code, ran.out)
    assert "gave no answer to any of 24 cases" in ran.err
    assert not (place.top / "card.json").exists()
    assert [] == journals(place)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--repeats", "0"], "neither auto nor a number from 1 to 9"),
        (["--repeats", "often"], "neither auto nor a number from 1 to 9"),
        (["--timeout", "nan"], "Invalid value for '--timeout'"),
        (["--timeout", "inf"], "Invalid value for '--timeout'"),
        (["--commit", "nowhere"], "'nowhere' names no commit"),
        (["--target", "telepathy:x"], "names no target"),
        (["--release", " "], "The release has no name"),
        (["--release", "\udcfc"], "is not UTF-8"),
    ],
)
def test_wrong_usage_asks_nobody(
    place: Place,
    words: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(place.top)
    assert 2 == run([*WORDS, "--target", place.target(), *words])
    told = capsys.readouterr()
    assert said in told.err
    assert ("", []) == (told.out, place.asked)


@pytest.mark.parametrize("option", ["--output", "--save-outputs"])
def test_a_place_that_is_not_there_is_told_before_anybody_is_asked(
    place: Place, option: str
) -> None:
    ran = evaluate(place, option, "nowhere/file")
    assert (3, []) == (ran.code, place.asked)
    assert f"{option} nowhere/file: there is no such folder" in ran.err


def test_a_scorecard_that_cannot_be_written_keeps_the_answers(place: Place) -> None:
    (place.top / "folder").mkdir()
    ran = evaluate(place, "--output", "folder")
    assert (3, "") == (ran.code, ran.out)
    place.forget()
    ran = evaluate(place, "--output", "card.json")
    assert (0, []) == (ran.code, place.asked)


def test_recorded_answers_come_from_where_the_person_is(place: Place) -> None:
    below = place.top / "answers"
    below.mkdir()
    lines = [
        json.dumps({"case": case, "output": BAD if case == SECOND else GOOD}) for case in ids()
    ]
    (below / "release.jsonl").write_text("\n".join(lines))
    ran = goldengit(below, *WORDS, "--target", "release.jsonl")
    assert 0 == ran.code, ran.err
    assert "24: each case once" in ran.out
    assert "Not passed: 1 case" in ran.out
    ran = goldengit(below, *WORDS, "--target", "recorded:missing.jsonl")
    assert 3 == ran.code
    assert "missing.jsonl" in ran.err
