"""The family: each gating evaluator and each declared slice, judged as many tests at once.

A part that noise cannot move obeys the plain rule; the others share one error probability (Holm),
because five noisy slices would otherwise block a good release one time in five.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from goldengit.gating.in_force import InForce
from goldengit.gating.judgement import Comparison, Part, Repeats, Ruling
from goldengit.gating.pairs import Pair, compared
from goldengit.gating.wording import both_extremes, drop_reason, p_of
from goldengit.metrics.multiplicity import benjamini_hochberg, holm
from goldengit.metrics.paired import mid_p
from goldengit.models.agreement import above, below
from goldengit.models.policy import Deploy

STEADY = 50  # pairs, from which three runs make a slice as good as deterministic
_STEADY_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Member:
    """One evaluator or slice and the pairs that it is judged on."""

    kind: Literal["evaluator", "slice"]
    name: str
    pairs: tuple[Pair, ...]


def family(members: Sequence[Member], deploy: Deploy, repeats: Repeats) -> tuple[Part, ...]:
    """Return the part of each member, in their order."""
    rules = rules_of(members, deploy, repeats)
    found = [[compared(member.pairs, worst=worst) for member in members] for worst in (True, False)]
    rulings = [_rulings(comparisons, rules, deploy) for comparisons in found]
    return tuple(
        _part(member, rule, pair, said, _smallest(member, rule, deploy, repeats))
        for member, rule, pair, said in zip(
            members,
            rules,
            zip(*found, strict=True),
            zip(*rulings, strict=True),
            strict=True,
        )
    )


def rules_of(
    members: Sequence[Member], deploy: Deploy, repeats: Repeats
) -> tuple[InForce | None, ...]:
    """Return the rule in force on each member, None where it is too small for any.

    `test` stands for Holm, with the level that the first rejection needs. What a mode forgives as
    a whole, an evaluator that judges the same cases must not block, so an evaluator obeys
    `guarded` where the policy says so; slices are declared to be looked at more closely.
    """
    sizes = [len(member.pairs) for member in members]
    m = sum(size >= deploy.min_n for size in sizes)
    level = deploy.slice_alpha / m if m and deploy.slice_correction == "holm" else None
    return tuple(
        _rule(member, deploy, repeats, level or deploy.slice_alpha)
        if size >= deploy.min_n
        else None
        for member, size in zip(members, sizes, strict=True)
    )


def _rule(member: Member, deploy: Deploy, repeats: Repeats, level: float) -> InForce:
    steady = repeats.used >= _STEADY_REPEATS and len(member.pairs) >= STEADY
    if repeats.noisy and not steady:
        return InForce("test", deploy.max_drop, level)
    if member.kind == "evaluator" and deploy.mode == "guarded":
        return InForce("guarded", deploy.max_drop, deploy.alpha)
    return InForce("point", deploy.max_drop)


def _rulings(
    found: Sequence[Comparison], rules: Sequence[InForce | None], deploy: Deploy
) -> list[Ruling]:
    tested = [index for index, rule in enumerate(rules) if rule is not None]
    values = [found[index].p for index in tested]
    if deploy.slice_correction == "holm":
        rejected = holm(values, deploy.slice_alpha)
    else:
        rejected = tuple(below(value, deploy.slice_alpha) for value in values)
    significant = {index for index, is_one in zip(tested, rejected, strict=True) if is_one}
    return [
        _ruling(one, rule, deploy, is_significant=index in significant)
        for index, (one, rule) in enumerate(zip(found, rules, strict=True))
    ]


def _ruling(
    found: Comparison, rule: InForce | None, deploy: Deploy, *, is_significant: bool
) -> Ruling:
    if rule is not None and rule.name != "test":
        return rule.ruling(found)
    if not above(found.drop, deploy.max_drop):
        return Ruling.PASS
    return Ruling.BLOCK if is_significant else Ruling.WARN


def _part(
    member: Member,
    rule: InForce | None,
    found: tuple[Comparison, ...],
    said: tuple[Ruling, ...],
    smallest: float | None,
) -> Part:
    worst, best = found
    part = Part(
        kind=member.kind,
        name=member.name,
        ruling=said[0],
        reason=drop_reason(worst, rule, said[0]),
        compared=worst,
        best=best,
        rule=rule.name if rule else "",
        smallest=smallest,
    )
    if not member.pairs:
        nothing = f"No case of this {member.kind} could be compared, so it guards nothing."
        return replace(part, ruling=Ruling.WARN, reason=nothing)
    return both_extremes(part, said[1])


def _smallest(
    member: Member, rule: InForce | None, deploy: Deploy, repeats: Repeats
) -> float | None:
    flips = repeats.flips_or(deploy.aa_flip_max)
    return rule.smallest(len(member.pairs), flips, repeats.used) if rule else None


def _chance(found: Comparison, deploy: Deploy) -> float:
    """Return the p-value of a slice that may be tiny: a z-test needs a spread to go by."""
    is_tiny = found.error is not None and found.n < deploy.min_n
    return mid_p(found.lost, found.gained) if is_tiny else found.p


def exploratory(groups: Sequence[tuple[str, tuple[Pair, ...]]], deploy: Deploy) -> Part:
    """Return what slices say that nobody declared as gating: a warning at most."""
    found = [(name, compared(pairs, worst=True)) for name, pairs in groups if pairs]
    chances = [_chance(one, deploy) for _, one in found]
    marks = benjamini_hochberg(chances, deploy.exploratory_fdr)
    worse = [
        f"{name} (drop {one.drop:.3f}, {one.lost} lost of {one.n}, {p_of(one)})"
        for (name, one), is_worse in zip(found, marks, strict=True)
        if is_worse
    ]
    if not worse:
        many = "1 slice" if len(found) == 1 else f"{len(found):,} slices"
        reason = f"Looked at {many} that nobody declared as gating; none is worse beyond chance."
        return Part("exploratory", "other slices", Ruling.PASS, reason)
    return Part(
        "exploratory",
        "other slices",
        Ruling.WARN,
        f"Worse beyond chance: {'; '.join(worse)}.",
        remedy="Declare a slice as gating, in a change of its own, if it should block next time.",
    )
