"""GG602: what an evaluator was made from and what it is measured on have nothing in common."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity
from goldengit.models.kinship import INPUT, Mark, marks
from goldengit.models.policy import HeldOut
from goldengit.models.protocol import part_of, protocol_for
from goldengit.models.recorded import Calibrated, Recorded, calibrated, recorded
from goldengit.models.split import Part
from goldengit.rules.base import Rule


class CalibrationOverlap(Rule):
    """Few-shot, dev and held-out cases overlap.

    ## What it does
    Compares each recorded case with the split that follows from the evaluator's id, the case's
    `group` (or id) and the policy: the protocol for this number of labels, and the part by hash. No
    case that the evaluator was made from (few-shot or training) may be held out: neither itself,
    nor a case of its group, nor one that it supersedes or that supersedes it, nor one with the same
    input. It is only a warning when a held-out case has the input of a dev case, or of a case that
    a classifier was trained on: one question may have several answers.

    ## Why it matters
    An evaluator agrees with people on what it was shown. Whoever may choose which labels are held
    out can choose those on which it agrees.

    ## Example
    A judge's prompt quotes two labelled cases as examples, and both are in the held-out part.

    ## How to fix
    Take the examples from the train part, or the dev part where there is none; `goldengit calibrate
    EVALUATOR --dry-run` lists the parts. Then raise the version and run `goldengit calibrate
    EVALUATOR`. For two cases that belong together, promote a successor with a common `group`.
    """

    code = "GG602"
    name = "calibration-overlap"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each way in which the parts of a calibration touch."""
        for one in calibrated(change):
            lines = list(recorded(one))
            if change.policy is not None and lines:
                yield from self._split(one, lines, change.policy.heldout)
            yield from self._seen(change, one, lines)
            yield from self._same_input(one, lines)

    def _split(self, one: Calibrated, lines: list[Recorded], rule: HeldOut) -> Iterator[Finding]:
        settled = sum(line.said.human != "unknown" for line in lines)
        due = protocol_for(settled, rule, one.definition.spec.protocol)
        # Of a definition that changed since, GG604 speaks; it may ask for another protocol.
        if one.manifest.protocol != due and one.manifest.digest == one.definition.digest:
            yield self.finding(
                one.file.path,
                f"The protocol is `{one.manifest.protocol}`, but {settled} settled labels ask for "
                f"`{due}`.",
                f"Run `{one.command}`.",
                line=one.file.line("protocol"),
            )
            return
        places = [(line, *_place(one, line, rule)) for line in lines]
        moved = [each for each in places if each[1:] != (each[0].said.group, each[0].said.part)]
        for line, group, part in moved[:1]:
            others = f" {len(moved) - 1} more do not stand where they belong." if moved[1:] else ""
            yield self._at(
                one,
                line,
                f"{line.said.case} is recorded in the part `{line.said.part}` of the group "
                f"{line.said.group}, but belongs to `{part}` by the hash of {group}.{others}",
                f"Run `{one.command}`; nobody chooses the parts.",
            )

    def _seen(self, change: Change, one: Calibrated, lines: list[Recorded]) -> Iterator[Finding]:
        if not one.gauge.seen:
            return
        closures = change.head.index(one.definition.spec.dataset).closures
        made_from: dict[Mark, str] = {}
        for seen in sorted(one.gauge.seen):
            gist = one.gauge.cases.get(seen)
            made_from.update(dict.fromkeys(marks(closures, seen, gist), seen))
        for line in lines:
            found = marks(closures, line.said.case, line.case)
            shared = next((mark for mark in found if mark in made_from), None)
            if shared is not None and line.said.part == "heldout":
                yield self._shared(one, line, made_from[shared], shared[0])

    def _shared(self, one: Calibrated, line: Recorded, seen: str, what: str) -> Finding:
        kin = "it" if seen == line.said.case else f"{seen}, which shares its {what}"
        message = f"{line.said.case} is held out, but the evaluator was made from {kin}."
        # One question with several answers is natural; a classifier that learned from one of them
        # has not seen the others, whereas a prompt holds the question itself.
        if what == INPUT and one.gauge.asks is None:
            remedy = "Promote a successor with a common `group`, then run `{} --fit`."
            return self._at(one, line, message, remedy.format(one.command), Severity.WARNING)
        remedy = f"Take {seen} out of the evaluator, raise its version, and run `{one.command}`."
        return self._at(one, line, message, remedy)

    def _same_input(self, one: Calibrated, lines: list[Recorded]) -> Iterator[Finding]:
        dev = {_input(line): line.said.case for line in lines if line.said.part == "dev"}
        dev.pop("", None)
        for line in lines:
            twin = dev.get(_input(line)) if dev and line.said.part == "heldout" else None
            if twin is not None:
                yield self._at(
                    one,
                    line,
                    f"{line.said.case} is held out and has the input of {twin}, which is not.",
                    "Promote a successor with a common `group`, or set `protocol: blind`.",
                    Severity.WARNING,
                )

    def _at(
        self,
        one: Calibrated,
        line: Recorded,
        message: str,
        remedy: str,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        path = one.gauge.verdicts.path if one.gauge.verdicts else one.file.path
        return self.finding(path, message, remedy, line=line.line, severity=severity)


def _place(one: Calibrated, line: Recorded, rule: HeldOut) -> tuple[str, Part]:
    """Return the group of a recorded case, and the part that it belongs to."""
    group = line.case.group if line.case else line.said.group
    return group, part_of(one.gauge.id, group, one.manifest.protocol, rule)


def _input(line: Recorded) -> str:
    return line.case.input if line.case else ""
