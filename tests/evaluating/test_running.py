"""Cases are put to a release, and what was said of the answers becomes a scorecard."""

import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from goldengit.errors import CannotJudgeError
from goldengit.evaluating.card import scorecard
from goldengit.evaluating.repeats import Repeats
from goldengit.evaluating.running import Evaluation
from goldengit.models.answer import Answer
from goldengit.models.exchange import recorded
from goldengit.models.outcomes import composites
from goldengit.models.scorecard import CaseScore, Scorecard
from goldengit.repository.run_journal import RunJournal
from goldengit.targets import Doors, build
from goldengit.transport.children import LineChild
from tests.evaluating.place import BAD, GOOD, NOW, USES, Place, files, ids

FIRST, SECOND, THIRD = ids()[:3]  # the first is critical
RUNS = 2 * len(ids()) + 1


def ran(
    place: Place,
    said: Mapping[str, str] | None = None,
    wish: Repeats = "auto",
    concurrency: int = 4,
) -> Scorecard:
    """Return the scorecard of the release that is told these things."""
    target = place.target(said)
    with place.suite() as suite, closing(build(target, Doors(talk=LineChild), 30)) as asked:
        evaluation = Evaluation(suite, asked, concurrency=concurrency)
        return scorecard(evaluation, evaluation.run(wish), "2026.08", target)


def ran_recorded(place: Place, lines: Mapping[str, str]) -> Scorecard:
    """Return the scorecard of recorded answers."""
    data = "\n".join(recorded(case, Answer(output=text)) for case, text in lines.items())
    doors = Doors(read=lambda _: data.encode())
    with place.suite() as suite:
        evaluation = Evaluation(suite, build("recorded:answers.jsonl", doors, 1), concurrency=4)
        return scorecard(evaluation, evaluation.run("auto"), "2026.08", "recorded:answers.jsonl")


def case_of(card: Scorecard, case: str) -> CaseScore:
    (found,) = (one for one in card.cases if one.case == case)
    return found


def test_a_release_is_judged_by_its_own_answers(place: Place) -> None:
    """What production answered, well or badly, does not matter."""
    card = ran(place, {FIRST: "fail", SECOND: "fail"}, 1)
    assert {FIRST, SECOND} == {case.case for case in card.cases if "fail" in composites(case, card)}
    assert all(set(composites(case, card)) in ({"pass"}, {"fail"}) for case in card.cases)
    assert [(case, 0) for case in sorted(ids())] + [(FIRST, 1), (FIRST, 2)] == sorted(
        place.asked, key=lambda one: (one[1], one[0])
    )


def test_a_scorecard_says_what_it_rests_on(place: Place) -> None:
    card = ran(place)
    golden = place.box.git("rev-parse", "HEAD:datasets/support/golden")
    assert card.dataset_version == golden
    assert card.dataset_blob == place.box.git("rev-parse", "HEAD:datasets/support/dataset.yaml")
    assert card.commit == place.box.git("rev-parse", "HEAD")
    assert (card.as_of, card.release, card.repeats, card.deterministic) == (
        NOW,
        "2026.08",
        2,
        False,
    )
    assert card.left_out == {"superseded": 0, "withdrawn": 0, "erased": 0, "expired": 0}
    first, second = case_of(card, FIRST), case_of(card, SECOND)
    assert (first.severity, first.slices, len(first.errors)) == ("critical", ("refunds",), 3)
    assert (second.severity, second.slices, len(second.errors)) == ("normal", ("billing",), 2)
    assert all(time > 0 for time in first.duration_us)
    assert sorted(case.case for case in card.cases) == [case.case for case in card.cases]


def test_a_steady_release_runs_twice_and_its_critical_cases_three_times(place: Place) -> None:
    card = ran(place, {SECOND: "fail"})
    assert RUNS == len(place.asked) == sum(len(case.errors) for case in card.cases)
    assert 2 == card.repeats


def test_a_release_that_flips_too_often_runs_a_third_time_on_all_cases(place: Place) -> None:
    """One of 24 is more than the 3 percent that the policy lets pass."""
    card = ran(place, {SECOND: "flip"})
    assert 3 == card.repeats
    assert sorted((case, repeat) for case in ids() for repeat in range(3)) == place.asked
    assert ("pass", "fail", "pass") == composites(case_of(card, SECOND), card)


def test_an_explicit_number_of_repeats_is_kept_whatever_flips(place: Place) -> None:
    card = ran(place, {SECOND: "flip"}, 2)
    assert (2, RUNS) == (card.repeats, len(place.asked))


def test_without_an_evaluator_that_gates_nothing_is_worth_a_third_run(tmp_path: Path) -> None:
    place = Place(tmp_path, files())
    assert 2 == ran(place, {"all": "flip"}).repeats


def test_an_answer_that_is_an_error_is_unknown_for_every_evaluator(tmp_path: Path) -> None:
    place = Place(tmp_path, files([*USES, {"id": "brief", "role": "signal"}]))
    case = case_of(ran(place, {SECOND: "error"}, 1), SECOND)
    assert ("The retriever was down.",) == case.errors
    assert [("no-invention", ("unknown",), (None,)), ("brief", ("unknown",), (None,))] == [
        (one.evaluator, one.outcomes, one.scores) for one in case.judged
    ]
    assert "There is no answer: The retriever was down." == case.judged[0].reason


def test_the_reason_is_that_of_the_first_run_that_did_not_pass(place: Place) -> None:
    card = ran(place, {SECOND: "flip"}, 2)
    (said,) = case_of(card, SECOND).judged
    assert (("pass", "fail"), (1.0, 0.0)) == (said.outcomes, said.scores)
    assert "made-up" in said.reason
    (fine,) = case_of(card, THIRD).judged
    assert "" == fine.reason


def test_the_scorecard_does_not_depend_on_how_many_threads_there_are(place: Place) -> None:
    said = {FIRST: "flip", SECOND: "fail", THIRD: "error"}
    alone, together = (timeless(ran(place, said, concurrency=size)) for size in (1, 8))
    assert alone == together


def timeless(card: Scorecard) -> Scorecard:
    cases = [
        case.model_copy(update={"duration_us": tuple(0 for _ in case.duration_us)})
        for case in card.cases
    ]
    return card.model_copy(update={"cases": tuple(cases)})


def test_recorded_answers_are_what_they_are(place: Place) -> None:
    """They run as often as they are held; what is not held is an error and no pass."""
    card = ran_recorded(place, {case: BAD if case == SECOND else GOOD for case in ids()[:-1]})
    assert (card.deterministic, card.repeats) == (True, 1)
    assert ("fail",) == composites(case_of(card, SECOND), card)
    assert ("unknown",) == composites(case_of(card, ids()[-1]), card)
    assert "holds no answer to this case" in case_of(card, ids()[-1]).errors[0]


def test_where_nothing_is_waited_for_no_thread_is_started(place: Place) -> None:
    before = set(threading.enumerate())
    data = "\n".join(recorded(case, Answer(output=GOOD)) for case in ids())
    target = build("answers.jsonl", Doors(read=lambda _: data.encode()), 1)
    seen: list[threading.Thread] = []
    with place.suite() as suite:
        evaluation = Evaluation(
            suite,
            target,
            concurrency=8,
            progress=lambda *_: seen.extend(set(threading.enumerate()) - before),
        )
        evaluation.run("auto")
    assert [] == seen


def test_a_release_that_never_answers_was_not_measured(place: Place) -> None:
    with pytest.raises(CannotJudgeError, match="gave no answer to any of 24 cases") as found:
        ran(place, {"all": "error"})
    assert "The retriever was down." in found.value.problem


def test_a_run_goes_on_with_what_it_was_told_before(place: Place) -> None:
    """Kept answers are not asked for again, errors among them: a retry would flatter."""
    target = place.target()
    with place.suite() as suite, RunJournal(place.folder, {}, NOW, fresh=False) as journal:
        journal.keep(SECOND, 0, Answer(output=BAD))
        journal.keep(THIRD, 1, Answer(error="It was down."))
        with closing(build(target, Doors(talk=LineChild), 30)) as asked:
            evaluation = Evaluation(suite, asked, answers=journal)
            card = scorecard(evaluation, evaluation.run(2), "2026.08", target)
            answers = [answer for _, answer in evaluation.answers([2] * len(ids()))]
    assert (SECOND, 0) not in place.asked
    assert (THIRD, 1) not in place.asked
    assert RUNS - 2 == len(place.asked)
    assert ("fail", "pass") == composites(case_of(card, SECOND), card)
    assert ("", "It was down.") == case_of(card, THIRD).errors
    assert RUNS == len(journal)
    assert 2 * len(ids()) == len(answers)
    assert {GOOD, BAD, None} == {answer.output for answer in answers}
