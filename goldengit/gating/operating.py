"""How the gate operates: how often it would block for nothing, and miss a given drop (A/A).

No release is compared with another. From the noise of one release, the number of cases and the
rules in force everything follows; nothing is drawn at random.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from math import comb, fsum, sqrt

from goldengit.errors import CannotJudgeError
from goldengit.gating.absolute import LEAST_RUNS
from goldengit.gating.comparison import members_of
from goldengit.gating.family import rules_of
from goldengit.gating.in_force import InForce, of_whole
from goldengit.gating.judgement import PartKind, Repeats, Terms
from goldengit.gating.noise import NOISY_REPEATS, flips_of
from goldengit.gating.pairs import majority, paired, runs_of
from goldengit.models.agreement import above
from goldengit.models.outcomes import gating
from goldengit.models.policy import Deploy
from goldengit.models.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Chance:
    """One part of the gate: how often it blocks an unchanged release, and misses a drop.

    `missed` is None where a drop of the pass rate does not say what becomes of the part; a part
    without a `rule` is too small to block. `most` bounds what it adds to the family's false blocks.
    """

    kind: PartKind
    name: str
    n: int
    rule: str
    blocked: float
    missed: float | None
    most: float
    smallest: float | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """How the gate operates on a release that contradicts itself in a share `flips` of the cases.

    An unchanged release is blocked by some part with a chance between `least` and `most`: the
    largest of the parts, and their sum.
    """

    release: str
    flips: float
    repeats: int
    drop: float
    chances: tuple[Chance, ...]
    least: float
    most: float


def operation(card: Scorecard, terms: Terms, drop: float) -> Operation:
    """Return how the gate operates on this release, and how often it misses this drop.

    Raises CannotJudgeError for a release that ran once, and where no evaluator gates.
    """
    guards = gating(card)
    flips = flips_of(card, guards)
    if not guards:
        raise CannotJudgeError(
            "No evaluator of this dataset may gate, so the gate never blocks.",
            remedy="Calibrate one with `goldengit calibrate`.",
        )
    if flips is None:
        raise CannotJudgeError(
            f"The release {card.release} ran once, so nobody knows how noisy it is.",
            remedy="Evaluate it with `--repeats 3`.",
        )
    repeats = _repeats(flips, terms.deploy)
    chances = [*_chances(card, guards, terms, repeats, drop)]
    return Operation(
        release=card.release,
        flips=flips,
        repeats=repeats.used,
        drop=drop,
        chances=tuple(chances),
        least=max((one.blocked for one in chances), default=0.0),
        most=min(1.0, fsum(one.most for one in chances)),
    )


def critical_blocked(cases: int, flips: float, deploy: Deploy, runs: int = LEAST_RUNS) -> float:
    """Return the chance that one of some critical cases fails although nothing changed.

    Each passes a run with the chance p for which two runs differ as often as `flips` says:
    2p(1 - p). Then it must pass in most of its (or in all) runs, an odd number of them.
    """
    p = (1 + sqrt(max(0.0, 1 - 2 * flips))) / 2
    enough = runs if deploy.critical == "all" else runs // 2 + 1
    passed = fsum(
        comb(runs, passes) * p**passes * (1 - p) ** (runs - passes)
        for passes in range(enough, runs + 1)
    )
    return float(1 - passed**cases)


def _repeats(flips: float, deploy: Deploy) -> Repeats:
    noisy = above(flips, deploy.aa_flip_max)
    auto = NOISY_REPEATS if noisy else 1
    needed = auto if deploy.repeats == "auto" else deploy.repeats
    return Repeats(flips, needed, needed, noisy)


def _chances(
    card: Scorecard, guards: Collection[str], terms: Terms, repeats: Repeats, drop: float
) -> Iterator[Chance]:
    flips = repeats.flips or 0.0
    outcomes = {
        case.case: majority(runs) for case in card.cases if (runs := runs_of(case, guards, 1))
    }
    critical = sum(case.severity == "critical" and case.case in outcomes for case in card.cases)
    if critical:
        often = max(LEAST_RUNS, repeats.used)
        blocked = critical_blocked(critical, flips, terms.deploy, often)
        name = terms.deploy.critical
        yield Chance("critical", "critical cases", critical, name, blocked, None, blocked)
    n = len(outcomes)
    if terms.deploy.floor is not None and n:
        rate = [*outcomes.values()].count("pass") / n
        # Below the floor falls what loses more than lies between the present rate and it.
        room = InForce("point", rate - terms.deploy.floor)
        yield _chance("floor", "floor", n, room, repeats, drop)
    yield _chance(
        "whole",
        "all cases",
        n,
        of_whole(terms.deploy) if n >= terms.deploy.min_n else None,
        repeats,
        drop,
    )
    pairs = paired(card, card, guards, repeats.used)
    members = [*members_of(card, card, terms, repeats, pairs)]
    for member, rule in zip(members, rules_of(members, terms.deploy, repeats), strict=True):
        yield _chance(member.kind, member.name, len(member.pairs), rule, repeats, drop)


def _chance(
    kind: PartKind, name: str, n: int, rule: InForce | None, repeats: Repeats, drop: float
) -> Chance:
    if rule is None:
        return Chance(kind, name, n, "", 0.0, 1.0, 0.0)
    flips = repeats.flips or 0.0
    # Holm rejects anything only when the smallest p-value lies below the first level. What it
    # rejects afterwards may be the one that lost much, so the bound leaves the size of drops out.
    widest = replace(rule, max_drop=-1.0) if rule.name == "test" else rule
    return Chance(
        kind=kind,
        name=name,
        n=n,
        rule=rule.name,
        blocked=rule.chance(n, 0.0, flips, repeats.used),
        missed=1 - rule.chance(n, drop, flips, repeats.used),
        most=widest.chance(n, 0.0, flips, repeats.used),
        smallest=rule.smallest(n, flips, repeats.used),
    )
