"""How a calibration is told: for people a few aligned lines, for programs a record."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from goldengit.cli.terminal import is_colourful

if TYPE_CHECKING:
    from goldengit.calibrating.again import Again
    from goldengit.calibrating.desk import Calibrated, Calibration
    from goldengit.models.calibration import Manifest, Measured, RecordedVerdict
    from goldengit.models.split import Part
    from goldengit.models.verdict import Cost, Verdict

_COLOURS = {"gate": 32, "signal": 33, "revise": 31, "insufficient": 31}
_SHOWN = 8  # disagreements; the rest stands in calibration.jsonl
_REASON = 90
Told = tuple[object, str]

_MEANING = {
    "gate": "It may stop a deploy.",
    "signal": "It may warn, not stop a deploy.",
    "revise": "It must be revised; until then it is reported only.",
    "insufficient": "Nothing can be said yet.",
}


def calibrated(done: "Calibrated") -> Told:
    """Return what a calibration found."""
    return done.manifest, "\n".join(_calibrated(done))


def _calibrated(done: "Calibrated") -> Iterator[str]:
    found = done.manifest
    if done.recovered:
        yield done.recovered
    yield f"{_title(found)}  {_painted(found.band)}"
    yield f"  {_MEANING[found.band]}"
    yield from (f"  {reason}" for reason in found.reasons)
    yield from _agreement(found.heldout, f"held-out, {found.protocol}")
    yield from _probability(found)
    if found.dev:
        yield f"  dev            {_point(found.dev)} on {found.dev.decided}; it decides nothing"
    yield f"  people         {_people(found)}"
    yield f"  looks          {len(found.looks)} at these held-out labels"
    if found.cost.calls:
        yield f"  cost           {_cost(found)}"
    yield from (f"  note           {note}" for note in found.notes)
    yield from _disagreements([line for line in done.lines if line.part != "heldout"])
    yield from (f"  wrote          {path}" for path in done.written)


def on_dev(
    prepared: "Calibration", measured: "Measured", verdicts: "Mapping[str, Verdict]"
) -> Told:
    """Return what the dev part says, with every disagreement: it is there to learn from."""
    from goldengit.calibrating.manifest import recorded

    lines = recorded(prepared.labels.in_parts("dev"), verdicts)
    spec = prepared.definition.spec
    text = [f"{spec.id} {spec.version} on the dev part; nothing was written"]
    text.extend(_agreement(measured, "dev"))
    text.extend(_disagreements(lines, shown=len(lines)))
    return {"evaluator": spec.id, "dev": measured, "verdicts": lines}, "\n".join(text)


def plan(prepared: "Calibration") -> Told:
    """Return what a calibration would do: the split, and what it would cost."""
    spec, labels = prepared.definition.spec, prepared.labels
    parts = {part: [case.id for case in labels.in_parts(part)] for part in _PARTS}
    estimate = prepared.evaluator.estimate([case.row for case in labels.cases])
    text = [f"{spec.id} {spec.version} would be measured on {len(labels.cases)} labelled cases"]
    text.append(f"  protocol       {labels.protocol}")
    for part, cases in parts.items():
        outcomes = [case.people.outcome for case in labels.in_parts(part)]
        counts = ", ".join(f"{outcomes.count(word)} {word}" for word in ("pass", "fail", "unknown"))
        text.append(f"  {part:<13}  {len(cases)}: {counts}")
    text.append(f"  cost           {_foretold(estimate)}")
    if prepared.leak:
        text.append(f"  refused        {prepared.leak}.")
    for part in ("train", "dev"):
        text.extend(f"  {part:<5} {case}" for case in parts[part])
    record = {
        "evaluator": spec.id,
        "protocol": labels.protocol,
        "parts": parts,
        "cost": estimate,
        "refused": prepared.leak or None,
    }
    return record, "\n".join(text)


_PARTS: tuple["Part", ...] = ("train", "dev", "heldout")


def again(found: "Again") -> Told:
    """Return how much of a record still holds, for programs and for people."""
    lines = [
        f"{found.evaluator} {found.version}  {_held(found)}",
        f"  judged again   {found.judged} of {found.recorded} recorded cases",
        f"  differs        {len(found.drifted)} ({found.share:.0%}; {found.tolerance:.0%} allowed)",
    ]
    lines += [
        f"  differs        {one.case}: recorded {one.recorded}, now {one.now}. {_cut(one.reason)}"
        for one in found.drifted[:_SHOWN]
    ]
    if len(found.drifted) > _SHOWN:
        lines.append(f"  differs        {len(found.drifted) - _SHOWN} more; see --format json")
    return found, "\n".join(lines)


def _held(found: "Again") -> str:
    word, colour = ("DRIFTED", _COLOURS["revise"]) if found.failed else ("HOLDS", _COLOURS["gate"])
    return f"\x1b[1;{colour}m{word}\x1b[0m" if is_colourful(sys.stdout) else word


def _cut(reason: str) -> str:
    said = " ".join(reason.split())
    return said if len(said) <= _REASON else f"{said[:_REASON]}…"


def _foretold(estimate: "Cost | None") -> str:
    """Return what a calibration would cost, in money too where the prices are set."""
    if estimate is None:
        return "none: no model is asked"
    from goldengit.evaluators.judge import money

    price = money(estimate, os.environ)
    said = (
        f"{estimate.calls:,} calls, about {estimate.input_tokens:,} tokens in, "
        f"at most {estimate.output_tokens:,} out"
    )
    return said if price is None else f"{said}, for {price:.2f}"


def _title(found: "Manifest") -> str:
    return f"{found.evaluator} {found.version}, {found.kind}, for {found.failure_mode}"


def _painted(band: str) -> str:
    word = band.upper()
    return f"\x1b[1;{_COLOURS[band]}m{word}\x1b[0m" if is_colourful(sys.stdout) else word


def _agreement(measured: "Measured", where: str) -> Iterator[str]:
    """Yield the point that decides, the four counts and what stands beside them."""
    groups = f" in {measured.groups} groups" if measured.groups < measured.decided else ""
    yield f"  agreement      {_point(measured)} on {measured.decided} labels{groups} ({where})"
    counts = measured.counts
    yield "                 says pass  says fail"
    yield (
        f"  people: pass   {counts.tp:>9}  {counts.fn:>9}   "
        f"TPR {_share(measured.tpr, measured.tpr_interval)}"
    )
    yield (
        f"  people: fail   {counts.fp:>9}  {counts.tn:>9}   "
        f"TNR {_share(measured.tnr, measured.tnr_interval)}"
    )
    yield (
        f"  beside         kappa {_number(measured.kappa)}, balanced accuracy "
        f"{_number(measured.balanced_accuracy)}, coverage {_number(measured.coverage)}"
    )
    if measured.graded:
        graded = measured.graded
        yield (
            f"  grades         tau-b {_share(graded.kendall, graded.kendall_interval)}, quadratic "
            f"kappa {_number(graded.quadratic_kappa)}, bias {_number(graded.bias)}"
        )


def _probability(found: "Manifest") -> Iterator[str]:
    """Yield how probable it is that the agreement lies in each band, where that was computed."""
    measured, rule = found.heldout, found.thresholds
    if None not in {measured.point, measured.above_gate, measured.above_signal}:
        yield (
            f"  probability    {measured.above_gate:.3f} to agree better than {rule.gate:g}, "
            f"{measured.above_signal:.3f} better than {rule.signal:g}"
        )


def _point(measured: "Measured") -> str:
    if measured.graded:
        return f"Spearman {_share(measured.graded.spearman, measured.graded.spearman_interval)}"
    return f"MCC {_share(measured.mcc, measured.mcc_interval)}"


def _share(value: float | None, interval: "Sequence[float] | None") -> str:
    if value is None or interval is None:  # without cases an interval tells the prior alone
        return _number(value)
    return f"{_number(value)} [{interval[0]:.3f}, {interval[1]:.3f}]"


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _people(found: "Manifest") -> str:
    people = found.people
    alpha = "no alpha" if people.alpha is None else f"alpha {people.alpha:.3f}"
    return (
        f"{', '.join(people.annotators)}; {people.double_labelled} of {people.labelled} cases "
        f"labelled twice, {alpha}"
    )


def _cost(found: "Manifest") -> str:
    cost = found.cost
    return (
        f"{cost.calls:,} calls, {cost.input_tokens:,} tokens in, {cost.output_tokens:,} tokens out"
    )


def _disagreements(lines: "Sequence[RecordedVerdict]", shown: int = _SHOWN) -> Iterator[str]:
    """Yield where people and the evaluator differ, never on held-out cases.

    Whoever revises an evaluator with those before the eyes has used them up.
    """
    apart = [line for line in lines if line.human not in {"unknown", line.verdict}]
    for line in apart[:shown]:
        cut = _cut(line.justification)
        yield f"  differs        {line.case}: people {line.human}, evaluator {line.verdict}. {cut}"
    if len(apart) > shown:
        yield f"  differs        {len(apart) - shown} more; see calibration.jsonl"
