"""The judgement on a candidate: every part of it, from two scorecards alone."""

from typing import Any

import pytest

from goldengit.errors import CannotJudgeError, UsageError
from goldengit.gating.deploy import judge
from goldengit.gating.judgement import Judgement, Part, Ruling, Since
from goldengit.models.scorecard import Scorecard
from tests.gating.cards import card, case, name, plain, run, terms

BLOCK, INCONCLUSIVE, WARN, PASS = (
    Ruling.BLOCK,
    Ruling.INCONCLUSIVE,
    Ruling.WARN,
    Ruling.PASS,
)


def of(found: Judgement, kind: str, which: str = "") -> Part:
    (part,) = [one for one in found.parts if one.kind == kind and which in one.name]
    return part


def both(before: str, after: str, **deploy: Any) -> Judgement:
    """Return the judgement on two texts of one letter a case."""
    return judge(plain(after), plain(before, release="release-1"), terms(deploy))


# -- the whole -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "mode", "expected"),
    [
        ("p" * 46 + "f" * 4, "p" * 39 + "f" * 11, "point", BLOCK),
        ("p" * 19 + "f", "p" * 17 + "f" * 3, "point", BLOCK),
        ("p" * 19 + "f", "p" * 17 + "f" * 3, "guarded", WARN),
        ("p" * 19 + "f", "p" * 18 + "f" * 2, "point", PASS),
        ("p" * 19 + "f", "p" * 18 + "f" * 2, "guarded", PASS),
        ("p" * 10, "p" * 5 + "f" * 5, "point", INCONCLUSIVE),
        ("p" * 46 + "f" * 4, "p" * 39 + "f" * 11, "guarded", BLOCK),
        ("p" * 20, "f" * 20, "guarded", BLOCK),
        # 5 lost and 2 gained of 20: p is 0.145, but 0.15 is more than twice what is allowed
        ("p" * 5 + "ff" + "p" * 13, "f" * 5 + "pp" + "p" * 13, "guarded", BLOCK),
        ("p" * 20, "p" * 20, "point", PASS),
        ("f" * 20, "p" * 20, "point", PASS),
        ("f" * 20, "f" * 20, "point", PASS),
    ],
)
def test_the_published_rows_come_out(before: str, after: str, mode: str, expected: Ruling) -> None:
    """Statistics 13.3, "regression, lost only", and degenerate rows: all alike, none passing."""
    assert expected is both(before, after, mode=mode).ruling


def test_a_lost_case_names_the_first_evaluator_that_failed_it() -> None:
    """In the dataset's order, and before one that could not tell."""
    evaluators = [run("grounding"), run("length"), run("style"), run("tone")]
    said = {"tone": "f", "style": "f", "length": "u", "grounding": "p"}
    cases = [case(n, said) for n in range(20)]
    before = [case(n, dict.fromkeys(said, "p")) for n in range(20)]
    found = judge(card(cases, evaluators), card(before, evaluators), terms())
    assert {("style", "style says f")} == {(note.evaluator, note.reason) for note in found.lost}


@pytest.mark.parametrize(("lost", "gained", "p"), [(7, 0, 0.00391), (12, 5, 0.04813)])
def test_lost_gained_and_p_are_told(lost: int, gained: int, p: float) -> None:
    same = 50 - lost - gained
    found = both("p" * (same + lost) + "f" * gained, "p" * same + "f" * lost + "p" * gained)
    compared = of(found, "whole").compared
    assert compared
    assert (50, lost, gained) == (compared.n, compared.lost, compared.gained)
    assert 0.14 == pytest.approx(compared.drop)
    assert p == pytest.approx(compared.p, abs=5e-6)


def test_certification_is_wrong_usage_below_200_pairs() -> None:
    with pytest.raises(UsageError, match="needs 200 pairs; there are 199"):
        both("p" * 199, "p" * 199, mode="certify")


@pytest.mark.parametrize(("lost", "expected"), [(0, PASS), (4, PASS), (5, BLOCK), (6, BLOCK)])
def test_certification_blocks_what_is_not_proved(lost: int, expected: Ruling) -> None:
    """The upper bounds with 4 and 5 lost of 200 are 0.038 and 0.044."""
    found = both("p" * 200, "p" * (200 - lost) + "f" * lost, mode="certify", max_drop=0.042)
    assert expected is found.ruling


@pytest.mark.parametrize(("lost", "expected"), [(2, PASS), (7, BLOCK)])
def test_certification_with_several_runs_goes_by_the_spread_of_cases(
    lost: int, expected: Ruling
) -> None:
    """The upper bounds with 2 and 7 of 200 lost in every run are 0.022 and 0.056."""

    def release(lost: int) -> Scorecard:
        return card([case(n, "fff" if n < lost else "ppp") for n in range(200)], repeats=3)

    found = judge(release(lost), release(0), terms({"mode": "certify", "repeats": 3}))
    assert expected is of(found, "whole").ruling


@pytest.mark.parametrize(
    ("n", "mode", "expected"),
    [(20, "point", 0.15), (50, "point", 0.09), (100, "point", 0.08), (20, "guarded", 0.21)],
)
def test_the_smallest_drop_is_that_of_the_rule_in_force(n: int, mode: str, expected: float) -> None:
    assert expected == of(both("p" * n, "p" * n, mode=mode), "whole").smallest


def test_a_corrected_drop_stands_beside_the_raw_one() -> None:
    before, after = plain("p" * 50), plain("p" * 46 + "f" * 4)
    assert 0.10 == pytest.approx(judge(after, before, terms(youden=0.8)).corrected)
    weak = judge(after, before, terms(youden=0.2))
    assert (None, True) == (weak.corrected, "too weak" in weak.uncorrected)
    assert judge(after, before, terms()).corrected is None


# -- what cannot be judged -------------------------------------------------------------------


def test_who_has_not_judged_is_named_with_the_reason() -> None:
    evaluators = [
        run("grounding", standing="stale", why="It is old."),
        run("style", role="signal"),
        run("length", standing="revise"),
    ]
    found = judge(plain("p" * 20, evaluators=evaluators), None, terms())
    said = of(found, "judges").reason
    assert "grounding is stale (It is old); " in said
    assert "style is calibrated to gate, but its role is signal; length is revise." in said


def test_without_a_baseline_nothing_passes() -> None:
    found = judge(plain("p" * 50), None, terms(no_baseline="There is none.", remedy="Make one."))
    assert INCONCLUSIVE is found.ruling
    assert ("There is none.", "Make one.") == (
        of(found, "baseline").reason,
        of(found, "baseline").remedy,
    )


@pytest.mark.parametrize(
    "values", [{"role": "signal"}, {"standing": "signal"}, {"standing": "stale"}]
)
def test_who_may_not_gate_leaves_the_gate_undecided(values: dict[str, str]) -> None:
    """What a signal would have blocked becomes a warning, and nobody entitled has judged."""
    weak = [run(**values)]
    found = judge(
        plain("p" * 30 + "f" * 20, evaluators=weak), plain("p" * 50, evaluators=weak), terms()
    )
    assert INCONCLUSIVE is found.ruling
    assert "Nothing entitled to judge has judged" in of(found, "judges").reason
    assert WARN is of(found, "signal").ruling


def test_an_evaluator_that_the_baseline_did_not_use_is_not_compared() -> None:
    """The others are; so a regression that they see still blocks."""
    evaluators = [run("grounding"), run("style")]
    before = card([case(n, "p") for n in range(20)], evaluators)
    lacking = terms(unpaired={"style": "It was another version."})
    for after, expected in (("p", INCONCLUSIVE), ("f", BLOCK)):
        cases = [case(n, {"grounding": after, "style": "p"}) for n in range(20)]
        found = judge(card(cases, evaluators), before, lacking)
        assert expected is found.ruling
        assert "another version" in of(found, "evaluator", "style").reason


def test_a_case_that_vanished_or_changed_since_the_baseline_is_not_passed_over() -> None:
    same = plain("p" * 20)
    for since in (Since(absent=(name(99),)), Since(changed=(name(1),))):
        assert INCONCLUSIVE is judge(same, same, terms(since=since)).ruling
    legal = Since(ended={name(99): "withdrawn"}, added=(name(1),))
    assert PASS is judge(same, same, terms(since=legal)).ruling


# -- unknown verdicts ------------------------------------------------------------------------


def test_an_unknown_may_hide_a_regression_and_then_blocks() -> None:
    """One lost and one unknown of 20: the drop lies between 0.05 and 0.10."""
    found = both("p" * 20, "p" * 18 + "fu")
    part = of(found, "whole")
    assert BLOCK is found.ruling
    assert "Unknown verdicts could hide a regression" in part.reason
    assert "between 0.050 and 0.100" in part.reason
    assert [name(19)] == [note.case for note in found.unknown]
    assert [name(18)] == [note.case for note in found.lost]


def test_an_unknown_that_changes_nothing_is_a_note() -> None:
    found = both("p" * 40, "p" * 39 + "u")
    assert PASS is found.ruling
    assert "Counting unknown verdicts" in of(found, "whole").reason


def test_an_unknown_of_the_baseline_counts_as_a_pass_that_was_lost() -> None:
    assert BLOCK is both("p" * 17 + "u" * 2 + "f", "p" * 17 + "fff", max_unknown=1.0).ruling
    assert PASS is both("p" * 17 + "f" * 3, "p" * 17 + "fff").ruling


@pytest.mark.parametrize("side", ["candidate", "baseline"])
def test_too_many_unknowns_decide_nothing(side: str) -> None:
    """6 of 50 are more than a tenth, 5 are not; a large allowance keeps the drop out of it."""
    for unknowns, expected in ((6, INCONCLUSIVE), (5, PASS)):
        texts = ["p" * 50, "p" * (50 - unknowns) + "u" * unknowns]
        before, after = texts if side == "candidate" else reversed(texts)
        found = both(before, after, max_drop=0.5)
        assert expected is found.ruling
        assert all(part.name.endswith(side) for part in found.of("unknown"))


def test_an_error_in_place_of_an_answer_is_unknown() -> None:
    broken = [case(n, "p", errors=("timed out",) if n < 2 else ("",)) for n in range(20)]
    found = judge(card(broken), plain("p" * 20), terms())
    assert [(name(0), "timed out"), (name(1), "timed out")] == [
        (note.case, note.reason) for note in found.unknown
    ]
    assert BLOCK is found.ruling


# -- critical cases and the floor --------------------------------------------------------------


def critical(*said: str, deploy: dict[str, Any] | None = None, repeats: int = 1) -> Judgement:
    """Return the judgement on critical cases of a live release, beside twenty that pass."""

    def scorecard() -> Scorecard:
        cases = [
            *(case(n, text, severity="critical") for n, text in enumerate(said)),
            *(case(n, "p" * repeats) for n in range(100, 120)),
        ]
        return card(cases, repeats=repeats, deterministic=False)

    return judge(scorecard(), scorecard(), terms({"repeats": 1, **(deploy or {})}))


@pytest.mark.parametrize(
    ("said", "how", "expected"),
    [
        ("ppp", "majority", PASS),
        ("ppf", "majority", PASS),
        ("pff", "majority", BLOCK),
        ("ppf", "all", BLOCK),
        ("ppp", "all", PASS),
        ("ppu", "majority", PASS),
        ("ppu", "all", BLOCK),
        ("puu", "majority", BLOCK),
        ("pfu", "majority", BLOCK),
        ("uuu", "majority", BLOCK),
        ("pp", "majority", INCONCLUSIVE),
        ("p", "majority", INCONCLUSIVE),
        ("f", "majority", INCONCLUSIVE),
        ("pppff", "majority", PASS),
        ("ppff", "majority", BLOCK),
    ],
)
def test_a_critical_case_passes_in_most_of_three_runs(
    said: str, how: str, expected: Ruling
) -> None:
    """It is judged by itself, however it did before: here the baseline is the same."""
    found = critical("ppp", said, deploy={"critical": how})
    assert expected is of(found, "critical").ruling
    passed = expected is PASS or said in {"p", "pp"}
    assert ([] if passed else [name(1)]) == [note.case for note in found.critical]


def test_a_critical_case_that_unknowns_may_have_failed_says_so() -> None:
    assert "could hide a failure" in of(critical("puu"), "critical").reason
    assert "could hide" not in of(critical("pff"), "critical").reason


def test_the_critical_cases_are_counted_and_the_first_five_named() -> None:
    def said(count: int, how: str) -> str:
        cases = [case(n, "f", severity="critical") for n in range(count)]
        found = judge(card(cases), None, terms({"critical": how}))
        return of(found, "critical").reason

    ids = [name(n) for n in range(6)]
    assert f"1 critical case ({ids[0]}) did not pass most of its runs." == said(1, "majority")
    assert f"5 critical cases ({', '.join(ids[:5])}) did not pass all of its" in said(5, "all")
    assert f"6 critical cases ({', '.join(ids[:5])} and 1 more)" in said(6, "majority")


def test_a_recorded_answer_to_a_critical_case_needs_no_repeat() -> None:
    cases = [case(n, "p", severity="critical") for n in range(20)]
    assert PASS is judge(card(cases), card(cases), terms()).ruling
    live = card(cases, deterministic=False)
    assert INCONCLUSIVE is of(judge(live, live, terms()), "critical").ruling


def test_a_critical_case_without_a_gating_evaluator_is_a_warning_that_comes_first() -> None:
    evaluators = [run("grounding"), run("style", role="signal")]
    cases = [case(n, "p") for n in range(20)]
    silent = case(99, {"style": "f"}, severity="critical")
    found = judge(card([*cases, silent], evaluators), card([*cases, silent], evaluators), terms())
    assert WARN is found.ruling
    assert ("unguarded", True) == (found.parts[0].kind, name(99) in found.parts[0].reason)


@pytest.mark.parametrize(
    ("passes", "floor", "expected"), [(18, 0.85, PASS), (17, 0.85, PASS), (16, 0.85, BLOCK)]
)
def test_the_floor_holds_whatever_the_baseline_did(
    passes: int, floor: float, expected: Ruling
) -> None:
    text = "p" * passes + "f" * (20 - passes)
    found = both(text, text, floor=floor)
    assert expected is found.ruling
    assert expected is of(found, "floor").ruling


@pytest.mark.parametrize(("unknowns", "hidden"), [(1, False), (2, True)])
def test_an_unknown_may_hide_that_the_floor_is_broken(unknowns: int, hidden: bool) -> None:
    """17 of 20 passed; 0.95 would be reached with two of the unknowns."""
    text = "p" * 17 + "u" * unknowns + "f" * (3 - unknowns)
    part = of(both(text, text, floor=0.95), "floor")
    assert BLOCK is part.ruling
    assert hidden == ("With every unknown verdict a pass it would be 0.950" in part.reason)
    assert hidden != ("0.95 is asked for" in part.reason)


def test_the_floor_tells_how_sure_it_is() -> None:
    """18 of 20: Wilson's interval is .70 to .97, and P(rate >= .85) is .72."""
    text = "p" * 18 + "f" * 2
    reason = of(both(text, text, floor=0.85), "floor").reason
    assert "0.70 to 0.97" in reason
    assert "with probability 0.72" in reason


def test_too_few_pairs_decide_nothing_but_floors_and_critical_cases_still_block() -> None:
    assert BLOCK is both("f" * 10, "f" * 10, floor=0.5).ruling
    few = card([case(0, "fff", severity="critical")], deterministic=False, repeats=3)
    assert BLOCK is judge(few, few, terms()).ruling


def test_new_cases_count_for_the_floor_alone() -> None:
    before, after = plain("p" * 20), plain("p" * 20 + "f" * 10)
    assert PASS is judge(after, before, terms(since=Since(added=(name(20),)))).ruling
    assert BLOCK is judge(after, before, terms({"floor": 0.9})).ruling


# -- signals and slices that nobody declared -----------------------------------------------------


def test_a_signal_can_only_warn() -> None:
    evaluators = [run("grounding"), run("style", standing="signal")]
    before = card([case(n, {"grounding": "p", "style": "p"}) for n in range(50)], evaluators)
    after = card([case(n, {"grounding": "p", "style": "f"}) for n in range(50)], evaluators)
    found = judge(after, before, terms())
    assert WARN is found.ruling
    assert "It can only warn: it is signal." in of(found, "signal").reason


def test_a_signal_counts_unknowns_against_the_candidate_too() -> None:
    evaluators = [run("grounding"), run("style", role="signal")]
    before = card([case(n, {"grounding": "p", "style": "p"}) for n in range(20)], evaluators)
    after = [case(n, {"grounding": "p", "style": "u" if n < 2 else "p"}) for n in range(20)]
    signal = of(judge(card(after, evaluators), before, terms()), "signal")
    assert WARN is signal.ruling
    assert signal.compared
    assert signal.best
    assert (0.1, 0.0) == (signal.compared.drop, signal.best.drop)
    assert "It can only warn: its role is signal." in signal.reason


def test_a_regression_says_what_to_do_and_a_pass_does_not() -> None:
    assert "" == of(both("p" * 20, "p" * 20), "whole").remedy
    assert "Repair the release" in of(both("p" * 20, "f" * 20), "whole").remedy


def test_a_declared_slice_that_does_not_gate_is_looked_at() -> None:
    cases = [case(n, "p", slices=("refunds",) if n < 20 else ()) for n in range(40)]
    worse = [case(n, "f" if n < 4 else "p", slices=one.slices) for n, one in enumerate(cases)]
    found = judge(card(worse), card(cases), terms({"max_drop": 0.5}, slices=[("refunds", False)]))
    assert "slice refunds (drop 0.200, 4 lost of 20" in of(found, "exploratory").reason


def test_an_undeclared_slice_can_only_warn() -> None:
    """Ten of 20 cases of one feature are lost among 400: 2.5 % in all."""
    before = card([case(n, "p", feature="refunds" if n < 20 else "claims") for n in range(400)])
    after = card(
        [
            case(n, "f" if n < 10 else "p", feature="refunds" if n < 20 else "claims")
            for n in range(400)
        ]
    )
    found = judge(after, before, terms())
    assert (WARN, PASS) == (found.ruling, of(found, "whole").ruling)
    assert "feature refunds (drop 0.500, 10 lost of 20" in of(found, "exploratory").reason
    assert "claims" not in of(found, "exploratory").reason


def test_unknowns_of_an_undeclared_slice_count_against_the_candidate() -> None:
    cases = [case(n, "p", slices=("refunds",) if n < 20 else ()) for n in range(80)]
    after = [case(n, "u" if n < 5 else "p", slices=one.slices) for n, one in enumerate(cases)]
    found = judge(card(after), card(cases), terms({"max_drop": 0.5}))
    assert "slice refunds (drop 0.250, 5 lost of 20" in of(found, "exploratory").reason


def test_the_same_cases_under_several_names_are_one_slice() -> None:
    """A feature, a declared slice and a failure mode that hold the same cases are tested once."""
    cases = [
        case(n, "p", feature="refunds", failure_modes=("wrong-tool",), slices=("refunds",))
        if n < 20
        else case(n, "p")
        for n in range(40)
    ]
    found = judge(card(cases), card(cases), terms(slices=[("refunds", False)]))
    assert "Looked at 2 slices" in of(found, "exploratory").reason
    watched = judge(card(cases), card(cases), terms(slices=[("refunds", True)]))
    assert "Looked at 1 slice " in of(watched, "exploratory").reason


def test_two_cases_that_lose_alike_are_no_evidence() -> None:
    """With three runs a tiny slice has no spread to go by; six lost cases are enough.

    One that is large enough for a test may go by its spread: that of one run of each of 20 cases
    lost has none at all.
    """
    for size, said, expected in ((2, "fff", PASS), (6, "fff", WARN), (20, "ppf", WARN)):

        def release(lost: str, size: int = size) -> Scorecard:
            cases = [
                case(n, lost if n < size else "ppp", feature="refunds" if n < size else "claims")
                for n in range(400)
            ]
            return card(cases, repeats=3, deterministic=False)

        found = judge(release(said), release("ppp"), terms({"repeats": 3}))
        assert expected is of(found, "exploratory").ruling


def test_more_gating_slices_than_declared_are_refused() -> None:
    many = [(f"slice-{n}", True) for n in range(6)]
    with pytest.raises(CannotJudgeError, match="6 slices are declared as gating; 5 are allowed"):
        judge(plain("p" * 20), plain("p" * 20), terms(slices=many))
    assert judge(plain("p" * 20), plain("p" * 20), terms(slices=many[:5])).parts
