"""Deploy: two scorecards and the terms of a commit in, a judgement out. Nothing is read or asked.

The order of the parts is that of the report: what nobody guards, whether anybody may judge, what
the candidate must do by itself, whether it can be compared, and the comparison.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from goldengit.errors import CannotJudgeError
from goldengit.gating import absolute
from goldengit.gating.comparison import AGAIN, comparison
from goldengit.gating.judgement import Judgement, Part, Repeats, Ruling, Terms
from goldengit.gating.noise import available, repeats_of
from goldengit.gating.notes import changed, undecided
from goldengit.gating.pairs import paired
from goldengit.models.agreement import above
from goldengit.models.layout import dataset_path
from goldengit.models.outcomes import gating
from goldengit.models.policy import Deploy
from goldengit.models.scorecard import Scorecard

_WEAKEST = 0.2  # of J, below which a corrected drop says nothing


def judge(candidate: Scorecard, baseline: Scorecard | None, terms: Terms) -> Judgement:
    """Return the judgement on a candidate.

    Both scorecards are already those of the tree: the evaluators as the commit has them, every
    active case in the candidate, and in the baseline only what can be compared (`card.fit_...`).
    Raises CannotJudgeError for more gating slices than the dataset allows, UsageError where
    `certify` is asked for below 200 pairs.
    """
    _refuse_many_slices(terms)
    guards = gating(candidate)
    comparable = guards - terms.unpaired.keys()
    repeats = repeats_of(candidate, baseline, comparable, terms.deploy)
    pairs = paired(candidate, baseline, comparable, repeats.used) if baseline else []
    bad_parts, bad = absolute.critical(candidate, guards, terms.deploy)
    parts = [
        *absolute.unguarded(candidate, guards),
        *absolute.judges(candidate),
        *bad_parts,
        *absolute.floor(candidate, guards, terms.deploy, repeats.used),
        *_fitness(candidate, baseline, terms, repeats, guards),
        *(comparison(candidate, baseline, terms, repeats, pairs) if baseline else ()),
    ]
    found = Judgement(
        parts=tuple(parts),
        repeats=repeats,
        evaluators=candidate.evaluators,
        since=terms.since,
        critical=tuple(bad),
        lost=tuple(changed(pairs, candidate, comparable, before="pass", after="fail")),
        gained=tuple(
            changed(pairs, baseline or candidate, comparable, before="fail", after="pass")
        ),
        unknown=tuple(undecided(candidate, guards, repeats.used)),
        missing=tuple(sorted(terms.missing)),
    )
    return _corrected(found, guards, terms)


def _refuse_many_slices(terms: Terms) -> None:
    gating_slices = [part.name for part in terms.spec.slices if part.gating]
    if len(gating_slices) > terms.spec.max_gating_slices:
        raise CannotJudgeError(
            f"{len(gating_slices)} slices are declared as gating; {terms.spec.max_gating_slices} "
            "are allowed, because many of them block good releases.",
            remedy="Let fewer slices gate, or raise `max_gating_slices`.",
            place=dataset_path(terms.spec.name),
        )


# -- whether the two can be compared ---------------------------------------------------------


def _fitness(
    candidate: Scorecard,
    baseline: Scorecard | None,
    terms: Terms,
    repeats: Repeats,
    guards: Collection[str],
) -> Iterator[Part]:
    """Yield what stands in the way of a comparison, or makes it doubtful."""
    yield from absolute.unknown_share("candidate", candidate, guards, terms.deploy, repeats.used)
    if baseline is None:
        yield Part("baseline", "baseline", Ruling.INCONCLUSIVE, terms.no_baseline, terms.remedy)
        return
    yield from absolute.unknown_share("baseline", baseline, guards, terms.deploy, repeats.used)
    yield from _moved(terms)
    if guards:
        yield from _too_few_runs(candidate, baseline, repeats, terms.deploy)


def _moved(terms: Terms) -> Iterator[Part]:
    """Yield what guarded the baseline and is gone: cases that no legal edit takes away, judges."""
    since = terms.since
    if since.absent or since.changed:
        yield Part(
            "baseline",
            "cases of the baseline",
            Ruling.INCONCLUSIVE,
            f"The baseline ran {len(since.absent):,} cases that this tree does not have, and "
            f"{len(since.changed):,} that have another digest here; golden cases do not change.",
            remedy=f"See what happened with `goldengit audit`. {AGAIN}",
        )
    if since.ungated:
        gone = ", ".join(f"{name} ({now})" for name, now in since.ungated.items())
        yield Part(
            "baseline",
            "judges of the baseline",
            Ruling.WARN,
            f"What guarded the baseline does not guard this release: {gone}.",
            remedy="Make sure that this was meant, then pin the release in production anew.",
        )


def _too_few_runs(
    candidate: Scorecard, baseline: Scorecard, repeats: Repeats, deploy: Deploy
) -> Iterator[Part]:
    short = [
        f"the {name} has {card.repeats}"
        for name, card in (("candidate", candidate), ("baseline", baseline))
        if available(card) < repeats.needed
    ]
    if not short:
        return
    yield Part(
        "repeats",
        "repeats",
        Ruling.INCONCLUSIVE,
        f"{repeats.needed} runs of each case are needed, because {_why(repeats, deploy)}; "
        f"{' and '.join(short)}.",
        remedy=f"Evaluate again with `--repeats {repeats.needed}`"
        f"{', and pin the baseline anew' if available(baseline) < repeats.needed else ''}.",
    )


def _why(repeats: Repeats, deploy: Deploy) -> str:
    if deploy.repeats != "auto":
        return "the policy says so"
    if repeats.flips is None:
        return "the baseline ran once, so nobody knows how noisy the release is"
    return f"{repeats.flips:.1%} of the cases flip between two runs of the same release"


def _corrected(found: Judgement, guards: Collection[str], terms: Terms) -> Judgement:
    """Return the judgement with drop / J: a judge that errs sees J times the true drop."""
    whole = next((part.compared for part in found.of("whole")), None)
    if whole is None or len(guards) != 1 or terms.youden is None:
        return found
    if not above(terms.youden, _WEAKEST):
        return replace(found, uncorrected="The judge is too weak to correct for its errors.")
    return replace(found, corrected=whole.drop / terms.youden)
