"""What holds for every pair of releases."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from goldengit.gating.deploy import judge
from goldengit.gating.family import Member, family
from goldengit.gating.in_force import InForce
from goldengit.gating.judgement import Repeats, Ruling
from goldengit.gating.pairs import Pair, compared
from goldengit.models.policy import Deploy
from goldengit.models.verdict import Outcome
from tests.gating.cards import OUTCOMES, card, case, plain, terms

LETTERS = st.sampled_from("ppppffu")
PAIRS = st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=60)
MODES = st.sampled_from(["point", "guarded"])
SEVERITIES = st.sampled_from(["normal", "critical"])


def ruling(pairs: list[tuple[str, str]], **deploy: Any) -> Ruling:
    before, after = ("".join(one) for one in zip(*pairs, strict=True))
    return judge(plain(after), plain(before), terms(deploy)).ruling


@given(PAIRS, st.data(), MODES)
def test_a_case_that_is_lost_as_well_never_improves_the_ruling(
    pairs: list[tuple[str, str]], data: st.DataObject, mode: str
) -> None:
    """Whatever it was before; the number of pairs stays."""
    at = data.draw(st.integers(0, len(pairs) - 1))
    worse = [*pairs[:at], (pairs[at][0], "f"), *pairs[at + 1 :]]
    limits = {"mode": mode, "max_unknown": 1.0}
    assert ruling(pairs, **limits) <= ruling(worse, **limits)


@given(PAIRS, MODES)
def test_one_more_lost_case_never_improves_a_ruling_on_enough_pairs(
    pairs: list[tuple[str, str]], mode: str
) -> None:
    limits = {"mode": mode, "max_unknown": 1.0, "min_n": 1}
    assert ruling(pairs, **limits) <= ruling([*pairs, ("p", "f")], **limits)


@given(PAIRS, st.data(), MODES, st.none() | st.floats(0, 1), SEVERITIES)
def test_a_case_that_was_not_run_never_turns_a_no_into_a_yes(
    pairs: list[tuple[str, str]], data: st.DataObject, mode: str, floor: float | None, severity: str
) -> None:
    """It counts as unknown, so what was blocked stays blocked, or is at least undecided."""
    at = data.draw(st.integers(0, len(pairs) - 1))

    def gate(letters: list[str]) -> Ruling:
        cases = [
            case(n, letter, severity=severity if n == at else "normal")
            for n, letter in enumerate(letters)
        ]
        limits = {"mode": mode, "floor": floor}
        baseline = plain("".join(before for before, _ in pairs))
        return judge(card(cases), baseline, terms(limits)).ruling

    after = [letter for _, letter in pairs]
    missing = [*after[:at], "u", *after[at + 1 :]]
    if gate(after) is Ruling.BLOCK:
        assert gate(missing) in {Ruling.BLOCK, Ruling.INCONCLUSIVE}


@given(PAIRS)
def test_guarded_never_blocks_what_point_passes(pairs: list[tuple[str, str]]) -> None:
    limits: dict[str, Any] = {"max_unknown": 1.0, "min_n": 1}
    strict, mild = (ruling(pairs, mode=mode, **limits) for mode in ("point", "guarded"))
    assert mild <= strict
    assert (mild is Ruling.PASS) == (strict is Ruling.PASS)


@given(PAIRS)
def test_counting_unknowns_against_the_candidate_is_never_milder(
    pairs: list[tuple[str, str]],
) -> None:
    worst, best = (compared(_pairs(pairs), worst=worst) for worst in (True, False))
    assert worst.drop >= best.drop
    assert worst.p <= best.p or worst.drop <= 0
    assert worst.n == best.n == len(pairs)


@given(PAIRS)
def test_the_ruling_is_that_of_the_worst_part(pairs: list[tuple[str, str]]) -> None:
    before, after = ("".join(one) for one in zip(*pairs, strict=True))
    found = judge(plain(after), plain(before), terms())
    assert found.ruling == max(part.ruling for part in found.parts)
    assert len(found.lost) + len(found.gained) + len(found.unknown) <= len(pairs)


@given(PAIRS)
def test_a_release_against_itself_is_never_blocked_by_the_comparison(
    pairs: list[tuple[str, str]],
) -> None:
    text = "".join(before for before, _ in pairs).replace("u", "f")
    assert ruling([(letter, letter) for letter in text]) in {Ruling.PASS, Ruling.INCONCLUSIVE}


@given(st.lists(PAIRS, min_size=1, max_size=5), st.booleans())
def test_a_slice_never_blocks_without_a_large_drop(
    slices: list[list[tuple[str, str]]], noisy: bool
) -> None:
    """And in a family it blocks at most when it would by itself, at the family's own level."""
    members = [
        Member("slice", f"slice-{at}", tuple(_pairs(pairs))) for at, pairs in enumerate(slices)
    ]
    deploy = Deploy(min_n=5)
    repeats = Repeats(0.1 if noisy else 0.0, 1, 1, noisy)
    for part, member in zip(family(members, deploy, repeats), members, strict=True):
        worst = compared(member.pairs, worst=True)
        alone = InForce("test" if noisy else "point", deploy.max_drop, deploy.slice_alpha)
        if part.ruling is Ruling.BLOCK:
            assert worst.n >= deploy.min_n
            assert worst.drop > deploy.max_drop
            assert alone.ruling(worst) is Ruling.BLOCK


@given(st.integers(1, 80), st.integers(0, 80), st.integers(0, 80))
def test_the_rule_that_is_enumerated_is_the_rule_that_judges(
    n: int, lost: int, gained: int
) -> None:
    """What `blocks` says of counts is what `ruling` says of pairs with these counts."""
    lost, gained = min(lost, n), min(gained, max(0, n - lost))
    text = [("p", "f")] * lost + [("f", "p")] * gained + [("p", "p")] * (n - lost - gained)
    found = compared(_pairs(text), worst=True)
    for name in ("point", "guarded", "certify", "test"):
        rule = InForce(name, 0.05, 0.10)
        assert rule.blocks(lost, gained, n) == (rule.ruling(found) is Ruling.BLOCK)


def _pairs(pairs: list[tuple[str, str]]) -> list[Pair]:
    def one(letter: str) -> tuple[Outcome, ...]:
        return (OUTCOMES[letter],)

    return [Pair(str(at), one(before), one(after)) for at, (before, after) in enumerate(pairs)]
