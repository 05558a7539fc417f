"""Steward: what a dataset's owner has to see to, so that nothing grows old unseen."""

from collections.abc import Iterable, Iterator, Sequence

from goldengit import __version__
from goldengit.auditing.candidates import candidate_duties
from goldengit.auditing.duties import Duties, Duty, days_since
from goldengit.checking import judge
from goldengit.gauging.cases import became_golden
from goldengit.models.calibration import Manifest
from goldengit.models.case import Case
from goldengit.models.change import Change, ChangeKind, Gauge, Snapshot
from goldengit.models.layout import (
    NAME,
    dataset_path,
    golden_folder,
    golden_path,
    locate,
)
from goldengit.models.policy import Policy
from goldengit.models.standing import aged
from goldengit.reporters.base import counted
from goldengit.rules.gg906_queue_without_owner import QueueWithoutOwner
from goldengit.rules.gg907_queue_overdue import QueueOverdue

_NOTICE = 30  # days before a calibration is too old


def steward(tree: Snapshot, policy: Policy, now: str) -> tuple[Duties, ...]:
    """Return what is to be seen to in each dataset of a tree; `now` is RFC 3339 text in UTC.

    What the policy waives of a queue is no duty.
    """
    datasets = [name for name in tree.datasets if NAME.fullmatch(name)]
    queues = _queues(tree, policy, now)
    gauges = _gauges(tree, datasets, policy, now)
    return tuple(
        _of_dataset(
            tree,
            name,
            [
                *(duty for duty in queues if locate(duty.place).dataset == name),
                *_golden(tree, name, policy, now),
                *_expiry(tree, name, policy, now),
                *_calibrations(name, policy, gauges, now),
                *candidate_duties(tree, name, policy, now),
            ],
        )
        for name in datasets
    )


def _of_dataset(tree: Snapshot, dataset: str, found: Iterable[Duty]) -> Duties:
    file = tree.file(dataset_path(dataset))
    spec = file.dataset_spec if file else None
    duties = tuple(sorted(found, key=lambda duty: not duty.overdue))
    return Duties(dataset, (spec.owner if spec else None) or "", duties)


def _gauges(tree: Snapshot, datasets: Sequence[str], policy: Policy, now: str) -> list[Gauge]:
    """Return the evaluators that a dataset uses, with the cases that people labelled since."""
    files = (tree.file(dataset_path(name)) for name in datasets)
    specs = (file.dataset_spec for file in files if file is not None)
    used = {use.id for spec in specs if spec is not None for use in spec.evaluators}
    if not used:
        return []
    from goldengit.gauging.gauge import gauge

    return [gauge(tree, one, policy=policy, now=now, census=True) for one in sorted(used)]


def _queues(tree: Snapshot, policy: Policy, now: str) -> list[Duty]:
    """Return what the rules about queues find, as far as no waiver tolerates it."""
    rules = (QueueWithoutOwner(), QueueOverdue())
    waivable = {rule.code: rule.waivable for rule in rules}
    change = Change(
        ChangeKind.SNAPSHOT, tree, tree, policy, (), now, __version__, waivable=waivable
    )
    return [
        Duty("queue", finding.place.path, finding.message, finding.remedy, overdue=True)
        for finding in judge(change, rules).findings
    ]


def _golden(tree: Snapshot, dataset: str, policy: Policy, now: str) -> Iterator[Duty]:
    limit = policy.stewardship.stale_dataset_days
    last = _last_added(tree, dataset, limit, now)
    place = golden_folder(dataset)
    remedy = "Promote a candidate, or flag new rows."
    if not last:
        yield Duty("golden", place, "The dataset has no golden case yet.", remedy)
    elif days_since(last, now) > limit:
        yield Duty(
            "golden",
            place,
            f"No golden case was added for {days_since(last, now)} days; {limit} are allowed.",
            remedy,
            overdue=True,
        )


def _last_added(tree: Snapshot, dataset: str, limit: int, now: str) -> str:
    """Return when the latest golden case was signed, "" without any.

    The facts of the months know it of ordinary cases. The others are read one by one where the
    dataset would be stale without them.
    """
    months = tree.index(dataset).months.values()
    last = max((at for facts in months for _, at in facts.signers.values()), default="")
    if last and days_since(last, now) <= limit:
        return last
    odd = (golden_path(dataset, name.removesuffix(".yaml")) for one in months for name in one.odd)
    return max((last, *(_signed(tree, path) for path in odd)))


def _signed(tree: Snapshot, path: str) -> str:
    file = tree.file(path)
    case = file.case if file else None
    if isinstance(case, Case):
        return became_golden(case)
    return max((claim.at for claim in case.signoffs), default="") if case else ""


def _expiry(tree: Snapshot, dataset: str, policy: Policy, now: str) -> Iterator[Duty]:
    """Yield the cases that expire soon, or did so no longer ago than that."""
    index, notice = tree.index(dataset), policy.stewardship.expiry_notice_days
    ending = sorted(
        (day, case)
        for facts in index.months.values()
        for case, day in facts.expiring
        if case not in index.closures and abs(days_since(day, now)) <= notice
    )
    for day, case in ending:
        verb = "expired" if day < now[:10] else "expires"
        yield Duty(
            "expiry",
            golden_path(dataset, case),
            f"{case} {verb} on {day}.",
            f"Run `goldengit supersede {case} --draft` if its question still matters.",
        )


def _calibrations(
    dataset: str, policy: Policy, gauges: Iterable[Gauge], now: str
) -> Iterator[Duty]:
    for gauge in gauges:
        manifest = gauge.manifest.manifest if gauge.manifest else None
        definition = gauge.definition
        if manifest is not None and definition is not None and definition.spec.dataset == dataset:
            yield from _calibration(gauge, manifest, policy, now)


def _calibration(gauge: Gauge, manifest: Manifest, policy: Policy, now: str) -> Iterator[Duty]:
    remedy = f"Run `goldengit calibrate {gauge.id}`."
    reasons = list(aged(gauge, manifest, policy, now))
    for why in reasons:
        yield Duty("calibration", gauge.path, f"{gauge.id}: {why}", remedy, overdue=True)
    left = policy.calibration.max_age_days - days_since(manifest.at, now)
    if not reasons and left <= _NOTICE:
        why = f"{gauge.id}: The calibration is too old in {counted(left + 1, 'day')}."
        yield Duty("calibration", gauge.path, why, remedy)
