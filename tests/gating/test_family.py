"""The family: gating evaluators and declared slices, as many tests at once."""

from typing import Any, Literal

import pytest

from goldengit.gating.deploy import judge
from goldengit.gating.family import Member, rules_of
from goldengit.gating.judgement import Judgement, Part, Repeats, Ruling
from goldengit.gating.pairs import Pair
from goldengit.models.policy import Deploy
from goldengit.models.scorecard import CaseScore, Scorecard
from tests.gating.cards import card, case, run, terms

BLOCK, INCONCLUSIVE, WARN, PASS = (
    Ruling.BLOCK,
    Ruling.INCONCLUSIVE,
    Ruling.WARN,
    Ruling.PASS,
)
ONE = ("refunds", True)


def part(found: Judgement, name: str) -> Part:
    (only,) = [one for one in found.of("evaluator", "slice") if one.name == name]
    return only


def sliced(
    sizes: dict[str, int], lost: dict[str, int], *, repeats: int, **values: Any
) -> Scorecard:
    """Return a live release: of each slice the first cases fail, beside 200 that pass."""
    cases: list[CaseScore] = []
    for name, size in sizes.items():
        for at in range(size):
            said = ("f" if at < lost.get(name, 0) else "p") * repeats
            cases.append(case(len(cases), said, slices=(name,)))
    cases += [case(len(cases) + n, "p" * repeats) for n in range(200)]
    return card(cases, repeats=repeats, deterministic=False, **values)


def flipping(flips: int, n: int, repeats: int = 2) -> list[Any]:
    """Return cases of no slice of which some flip: they make a release noisy."""
    return [case(10_000 + at, "pf" + "p" * (repeats - 2)) for at in range(flips)] + [
        case(20_000 + at, "p" * repeats) for at in range(n - flips)
    ]


@pytest.mark.parametrize(
    ("size", "lost", "expected"), [(20, 1, PASS), (20, 2, BLOCK), (50, 3, BLOCK), (19, 19, WARN)]
)
def test_a_slice_of_a_steady_release_obeys_the_point_rule(
    size: int, lost: int, expected: Ruling
) -> None:
    """1 of 20 is exactly what is allowed; below 20 a slice warns, whatever it lost."""
    before = sliced({"refunds": size}, {}, repeats=2)
    after = sliced({"refunds": size}, {"refunds": lost}, repeats=2)
    found = judge(after, before, terms(slices=[ONE]))
    assert expected is part(found, "refunds").ruling


@pytest.mark.parametrize(("size", "smallest"), [(50, 0.09), (20, 0.15), (19, None)])
def test_each_member_tells_what_it_can_see(size: int, smallest: float | None) -> None:
    steady = sliced({"refunds": size}, {}, repeats=2)
    assert smallest == part(judge(steady, steady, terms(slices=[ONE])), "refunds").smallest


def noisy(sizes: dict[str, int], lost: dict[str, int], *, repeats: int) -> Scorecard:
    """Return the release of `sliced` with 40 cases that flip beside it."""
    found = sliced(sizes, lost, repeats=repeats)
    return found.model_copy(update={"cases": (*found.cases, *flipping(40, 100, repeats))})


@pytest.mark.parametrize(
    ("sizes", "lost", "expected"),
    [
        # alpha 0.20 over one slice: mid-p with 2 lost is 0.125, with 1 it is 0.25
        ({"refunds": 20}, {"refunds": 2}, BLOCK),
        # over two slices the smaller p must lie below 0.10, so 2 lost are not enough and 3 are
        ({"refunds": 20, "claims": 20}, {"refunds": 2}, WARN),
        ({"refunds": 20, "claims": 20}, {"refunds": 3}, BLOCK),
        # after a first rejection the next may be as large as 0.20
        ({"refunds": 20, "claims": 20}, {"claims": 3, "refunds": 2}, BLOCK),
        # a slice that is too small to be tested does not make the others' level smaller
        ({"refunds": 20, "claims": 19}, {"refunds": 2}, BLOCK),
        # significant and small is no block
        ({"refunds": 200}, {"refunds": 9}, PASS),
    ],
)
def test_slices_of_a_noisy_release_share_one_error_probability(
    sizes: dict[str, int], lost: dict[str, int], expected: Ruling
) -> None:
    slices = [(name, True) for name in sizes]
    found = judge(
        noisy(sizes, lost, repeats=2),
        noisy(sizes, {}, repeats=2),
        terms({"repeats": 1}, slices=slices),
    )
    assert found.repeats.noisy
    assert ("test", expected) == (part(found, "refunds").rule, part(found, "refunds").ruling)


@pytest.mark.parametrize(
    ("sizes", "correction", "levels"),
    [
        ((20,), "holm", (0.2,)),
        ((20, 20), "holm", (0.1, 0.1)),
        ((20, 19), "holm", (0.2, None)),
        ((20, 50, 200, 5), "holm", (0.2 / 3, 0.2 / 3, 0.2 / 3, None)),
        ((20, 20), "none", (0.2, 0.2)),
        ((5,), "holm", (None,)),
    ],
)
def test_the_first_rejection_needs_an_equal_share_of_the_error_probability(
    sizes: tuple[int, ...], correction: Literal["holm", "none"], levels: tuple[float | None, ...]
) -> None:
    members = [
        Member("slice", str(size), (Pair("a case", ("pass",), ("pass",)),) * size) for size in sizes
    ]
    rules = rules_of(members, Deploy(slice_correction=correction), Repeats(0.1, 1, 1, noisy=True))
    assert levels == tuple(rule.alpha if rule else None for rule in rules)


def test_without_correction_each_slice_has_the_whole_error_probability() -> None:
    sizes, lost = {"refunds": 20, "claims": 20}, {"refunds": 2}
    cards = noisy(sizes, lost, repeats=2), noisy(sizes, {}, repeats=2)
    slices = [(name, True) for name in sizes]
    found = judge(*cards, terms({"repeats": 1, "slice_correction": "none"}, slices=slices))
    assert BLOCK is part(found, "refunds").ruling


@pytest.mark.parametrize(("size", "rule"), [(49, "test"), (50, "point")])
def test_three_runs_make_a_slice_of_fifty_steady(size: int, rule: str) -> None:
    sizes = {"refunds": size}
    cards = noisy(sizes, {"refunds": 4}, repeats=3), noisy(sizes, {}, repeats=3)
    found = judge(*cards, terms(slices=[ONE]))
    assert (True, 3) == (found.repeats.noisy, found.repeats.used)
    assert (rule, BLOCK) == (part(found, "refunds").rule, part(found, "refunds").ruling)


def test_a_slice_without_a_case_guards_nothing_and_says_so() -> None:
    cards = sliced({}, {}, repeats=2), sliced({}, {}, repeats=2)
    found = judge(*cards, terms(slices=[ONE]))
    assert WARN is found.ruling
    assert "guards nothing" in part(found, "refunds").reason


def two(grounding: str, style: str) -> Scorecard:
    """Return a release that two gating evaluators judged, each on all cases."""
    cases = [
        case(at, {"grounding": one, "style": other})
        for at, (one, other) in enumerate(zip(grounding, style, strict=True))
    ]
    return card(cases, [run("grounding"), run("style")])


def test_each_gating_evaluator_is_one_of_the_family() -> None:
    """The composite loses one case of 40 and gains two; one evaluator alone loses three."""
    before = two("p" * 40, "p" * 37 + "fff")
    after = two("p" * 37 + "fff", "p" * 40)
    found = judge(after, before, terms())
    assert (PASS, BLOCK, PASS) == (
        found.of("whole")[0].ruling,
        part(found, "grounding").ruling,
        part(found, "style").ruling,
    )
    assert BLOCK is found.ruling


def test_an_evaluator_that_gates_alone_is_the_whole() -> None:
    steady = sliced({}, {}, repeats=2)
    assert () == judge(steady, steady, terms()).of("evaluator")


@pytest.mark.parametrize(("mode", "expected"), [("point", BLOCK), ("guarded", WARN)])
def test_an_evaluator_forgives_what_the_mode_forgives(mode: str, expected: Ruling) -> None:
    """2 lost of 20 are a drop of 0.10 with p 0.125: `guarded` calls that chance."""
    before, after = two("p" * 20, "p" * 20), two("p" * 18 + "ff", "p" * 20)
    found = judge(after, before, terms({"mode": mode}))
    assert expected is part(found, "grounding").ruling
    assert expected is found.ruling


def test_an_unknown_in_a_slice_may_hide_its_regression() -> None:
    before = sliced({"refunds": 20}, {}, repeats=2)
    after = sliced({"refunds": 20}, {"refunds": 1}, repeats=2)
    unknown = case(19, "uu", slices=("refunds",))
    after = after.model_copy(
        update={"cases": tuple(unknown if one.case == unknown.case else one for one in after.cases)}
    )
    found = part(judge(after, before, terms(slices=[ONE])), "refunds")
    assert BLOCK is found.ruling
    assert "could hide a regression" in found.reason
