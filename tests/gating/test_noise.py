"""Noise: how many runs are compared, and what is said when there are too few."""

from typing import Any

import pytest

from goldengit.gating.deploy import judge
from goldengit.gating.judgement import Judgement, Ruling
from goldengit.models.scorecard import Scorecard
from tests.gating.cards import card, case, terms


def live(text: str, n: int = 50, repeats: int = 3, **values: Any) -> Scorecard:
    """Return a live release; the words of the text are its first cases, the others pass."""
    said = text.split()
    cases = [case(at, one) for at, one in enumerate(said)]
    cases += [case(at, "p" * repeats) for at in range(len(said), n)]
    return card(cases, repeats=repeats, deterministic=False, **values)


def gated(candidate: Scorecard, baseline: Scorecard, **deploy: Any) -> Judgement:
    return judge(candidate, baseline, terms(deploy))


@pytest.mark.parametrize(
    ("flipping", "n", "needed"),
    [("ppp", 50, 1), ("pfp", 50, 1), ("pfp fpp", 50, 3), ("ppf ppf ppf", 50, 1), ("pfp", 33, 3)],
)
def test_repeats_follow_from_the_baselines_first_two_runs(
    flipping: str, n: int, needed: int
) -> None:
    """More than 3 % flips ask for three runs; below 34 cases one flip is more than that."""
    found = gated(live("", n), live(flipping, n)).repeats
    assert (needed, needed, needed == 3) == (found.needed, found.used, found.noisy)


def test_an_unknown_that_becomes_a_pass_is_a_flip() -> None:
    assert gated(live(""), live("upp pup")).repeats.noisy


@pytest.mark.parametrize(("candidate", "baseline"), [(2, 3), (3, 2)])
def test_fewer_runs_than_needed_decide_nothing(candidate: int, baseline: int) -> None:
    flipping = " ".join(["pfp"[:baseline], "fpp"[:baseline]])
    found = gated(live("", repeats=candidate), live(flipping, repeats=baseline))
    (part,) = found.of("repeats")
    assert (Ruling.INCONCLUSIVE, Ruling.INCONCLUSIVE) == (part.ruling, found.ruling)
    assert "4.0% of the cases flip" in part.reason
    assert "--repeats 3" in part.remedy
    assert ("pin the baseline anew" in part.remedy) == (baseline == 2)


@pytest.mark.parametrize("said", ["pff", "ppf", "puu"])
def test_the_first_run_alone_does_not_speak_for_a_candidate_that_contradicts_itself(
    said: str,
) -> None:
    """The baseline is steady, so one run would do; but the candidate's later runs fail."""
    found = gated(live(f"{said} " * 50), live(""))
    assert (3, 3, False) == (found.repeats.needed, found.repeats.used, found.repeats.noisy)
    assert Ruling.BLOCK is found.of("whole")[0].ruling


def test_a_candidate_that_contradicts_itself_asks_for_three_runs_of_both() -> None:
    found = gated(live("pf pf", repeats=2), live("", repeats=3))
    (part,) = found.of("repeats")
    assert Ruling.INCONCLUSIVE is found.ruling
    assert "4.0% of the cases flip" in part.reason
    assert "the candidate has 2" in part.reason


def test_the_policys_number_of_runs_holds_for_a_candidate_that_contradicts_itself() -> None:
    assert 1 == gated(live("pff " * 50), live(""), repeats=1).repeats.used


def test_a_regression_on_too_few_runs_is_not_called_one() -> None:
    found = gated(live("f " * 20, repeats=1), live("", repeats=1))
    assert "ran once" in found.of("repeats")[0].reason
    assert Ruling.INCONCLUSIVE is found.ruling is found.of("whole")[0].ruling
    assert 20 == len(found.lost)


def test_recorded_answers_need_no_repeat() -> None:
    once = card([case(at, "p") for at in range(50)])
    found = gated(once, once).repeats
    assert (0.0, 1, False) == (found.flips, found.used, found.noisy)


def test_a_recorded_baseline_says_nothing_about_a_live_candidate() -> None:
    """Its candidate's own runs tell; where it ran once, nobody knows."""
    recorded = card([case(at, "p") for at in range(50)])
    assert gated(live("pfp fpp"), recorded).repeats.noisy
    assert Ruling.PASS is gated(live("pfp fpp"), recorded).ruling
    found = gated(live("", repeats=1), recorded)
    assert (None, Ruling.INCONCLUSIVE) == (found.repeats.flips, found.ruling)


@pytest.mark.parametrize("wish", [1, 2, 3])
def test_the_policy_may_name_the_number_of_runs(wish: int) -> None:
    found = gated(live("pfp fpp"), live("pfp fpp"), repeats=wish).repeats
    assert (wish, wish, True) == (found.needed, found.used, True)


def test_with_several_runs_the_drop_is_that_of_the_means() -> None:
    """Two cases of 50 lose two of three runs each: 4 of 150."""
    found = gated(live("pff ffp"), live("ppp ppp"), repeats=3)
    (whole,) = found.of("whole")
    assert whole.compared
    assert pytest.approx(4 / 150) == whole.compared.drop
    assert (2, 0, 2) == (whole.compared.lost, whole.compared.gained, len(found.lost))
    assert whole.compared.error


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("pp", "pf", (1, 0)),
        ("pf", "pp", (0, 1)),
        ("pp", "pp", (0, 0)),
        ("pf", "fp", (0, 0)),
        ("pf", "ff", (0, 0)),
        ("ppp", "ppf", (0, 0)),
        ("ppp", "pff", (1, 0)),
        ("fpf", "fpp", (0, 1)),
    ],
)
def test_a_case_is_lost_when_most_of_its_runs_are(
    before: str, after: str, moved: tuple[int, int]
) -> None:
    """Half of them are not most; the lists say what the counts say."""
    repeats = len(before)
    found = gated(live(after, repeats=repeats), live(before, repeats=repeats), repeats=repeats)
    compared = found.of("whole")[0].compared
    assert compared
    assert moved == (compared.lost, compared.gained) == (len(found.lost), len(found.gained))
    assert () == found.unknown


@pytest.mark.parametrize(
    ("said", "unknown"),
    [("pu", True), ("fu", False), ("puf", True), ("ffu", False), ("ppu", False)],
)
def test_a_case_is_unknown_when_unknowns_keep_it_from_most(said: str, unknown: bool) -> None:
    repeats = len(said)
    one = live(said, repeats=repeats)
    assert unknown == bool(gated(one, one, repeats=repeats).unknown)
