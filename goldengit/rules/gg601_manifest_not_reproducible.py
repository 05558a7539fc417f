"""GG601: every number of a manifest follows from the raw verdicts beside it."""

import hashlib
from collections import Counter
from collections.abc import Iterator

from goldengit.models.calibration import RecordedVerdict, band, measure
from goldengit.models.change import Change, File
from goldengit.models.dataset import FailureMode, Scale
from goldengit.models.evaluator import VERDICTS
from goldengit.models.finding import Finding
from goldengit.models.protocol import looks_allowed, looks_in_force
from goldengit.models.recorded import Calibrated, calibrated, differences, number_at
from goldengit.rules.base import Rule


class ManifestNotReproducible(Rule):
    """A reported statistic differs from its recomputation.

    ## What it does
    Recomputes `calibration.yaml` from `calibration.jsonl`: the SHA-256 of the raw verdicts, the
    counts and every point value of the held-out and the dev part, the band by the thresholds that
    the manifest names, and who labelled the cases. The gate, and every check with
    `--require-confirmed`, recomputes the intervals and probabilities as well. No case may be
    recorded twice, and every grade must be one of the scale and fit its verdict.

    ## Why it matters
    A manifest decides whether an evaluator may stop a deploy. A number that nobody can recompute is
    a claim, not a measurement; some libraries even report 0.0 where a statistic is undefined.

    ## Example
    Somebody writes `mcc: 0.71` over the measured 0.38.

    ## How to fix
    Run `goldengit calibrate EVALUATOR`: it measures again and writes both files. To undo an edit by
    hand, restore the two files with `git restore`.
    """

    code = "GG601"
    name = "manifest-not-reproducible"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each thing that a manifest says and its raw verdicts do not."""
        for one in calibrated(change):
            remedy = f"Run `{one.command}`, or restore both files with `git restore`."
            for file, line, message in _flaws(change, one):
                yield self.finding(file.path, message, remedy, line=line)


Flaw = tuple[File, int, str]


def _flaws(change: Change, one: Calibrated) -> Iterator[Flaw]:
    raw, manifest, file = one.gauge.verdicts, one.manifest, one.file
    if raw is None:
        yield file, file.line("verdicts"), f"The raw verdicts are missing: there is no {VERDICTS}."
        return
    if raw.record is None:
        yield raw, 0, "The raw verdicts could not be read, so nothing can be recomputed."
        return
    found = f"sha256:{hashlib.sha256(raw.data).hexdigest()}"
    if found != manifest.verdicts:
        what = f"{VERDICTS} has the digest {found[:19]}…, not {manifest.verdicts[:19]}…."
        yield file, file.line("verdicts"), what
        return
    bad = list(_bad_lines(raw.verdicts, one.definition.failure_mode))
    if bad:
        number, what = bad[0]
        yield raw, number, what + _more(len(bad) - 1, "line is wrong", "lines are wrong")
        return
    yield from _numbers(change, one)
    yield from _band(one)
    yield from _people(one)


def _bad_lines(lines: tuple[RecordedVerdict, ...], mode: FailureMode) -> Iterator[tuple[int, str]]:
    times = Counter(line.case for line in lines)
    for number, line in enumerate(lines, 1):
        if times[line.case] > 1:
            yield number, f"The case {line.case} is recorded {times[line.case]} times."
        if mode.scale is not None and mode.pass_at is not None:
            for what in _bad_grades(line, mode.scale, mode.pass_at):
                yield number, what


def _bad_grades(line: RecordedVerdict, scale: Scale, pass_at: float) -> Iterator[str]:
    declared = f"the scale from {scale.min:g} to {scale.max:g}"
    # People's grade may be the mean of two.
    if line.human_grade is not None and not scale.min <= line.human_grade <= scale.max:
        yield f"People's grade {line.human_grade:g} is not on {declared}."
    if line.grade is None:
        return
    if not scale.holds(line.grade):
        yield f"The grade {line.grade:g} is not on {declared}."
    elif line.verdict != ("pass" if line.grade >= pass_at else "fail"):
        yield f"The grade {line.grade:g} is recorded as {line.verdict}; {pass_at:g} passes."


def _numbers(change: Change, one: Calibrated) -> Iterator[Flaw]:
    """Yield what differs in each part. The dev part decides nothing, so it has no intervals."""
    scale, dev = one.definition.failure_mode.scale, one.in_parts("dev")
    parts = {
        "heldout": (one.manifest.heldout, one.gauge.recomputed, change.require_confirmed),
        "dev": (one.manifest.dev, measure(dev, scale) if dev else None, True),
    }
    for part, (said, found, thorough) in parts.items():
        if said is None or found is None:
            if said is not found:
                gives = "nothing" if found is None else f"{len(dev)} verdicts"
                line = one.file.line(part)
                yield one.file, line, f"The raw verdicts hold {gives} for the part `{part}`."
            continue
        wrong = differences(said, found, thorough=thorough)
        if wrong:
            yield (
                one.file,
                one.file.line(part, *wrong[0].split(".")),
                f"`{part}.{wrong[0]}` is {_shown(number_at(said, wrong[0]))}, but the raw verdicts "
                f"give {_shown(number_at(found, wrong[0]))}."
                + _more(len(wrong) - 1, "number differs", "numbers differ"),
            )


def _band(one: Calibrated) -> Iterator[Flaw]:
    said = one.manifest
    allowed = looks_allowed(said.protocol, said.thresholds.max_looks)
    rule = said.thresholds.model_copy(update={"max_looks": allowed})
    found, _ = band(
        said.heldout,
        rule,
        looks=looks_in_force(said.looks, said.heldout),
        stand_in=said.stand_in,
    )
    if found != said.band:
        what = f"The band is `{said.band}`, but its own numbers and thresholds give `{found}`."
        yield one.file, one.file.line("band"), what


def _people(one: Calibrated) -> Iterator[Flaw]:
    found, said = one.gauge.people, one.manifest.people
    if found is not None and found != said:
        wrong = next(
            name for name in type(said).model_fields if getattr(said, name) != getattr(found, name)
        )
        theirs, ours = _shown(getattr(said, wrong)), _shown(getattr(found, wrong))
        what = f"`people.{wrong}` is {theirs}, but the labels give {ours}."
        yield one.file, one.file.line("people", wrong), what


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "nobody"
    return "undefined" if value is None else str(value)


def _more(count: int, one: str, many: str) -> str:
    return f" {count} more {one if count == 1 else many}." if count else ""
