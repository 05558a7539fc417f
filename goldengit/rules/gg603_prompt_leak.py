"""GG603: what a model is told holds no text of the cases that it is measured on."""

from collections.abc import Iterator

from goldengit.models.answer import as_judged
from goldengit.models.case import Case
from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import golden_path
from goldengit.models.leakage import Leak, Prompt
from goldengit.models.recorded import Calibrated, Recorded, calibrated, recorded
from goldengit.models.row import EvalRow
from goldengit.rules.base import Rule

_LONGEST = 500_000  # characters of a prompt that are compared; no model reads as many


class PromptLeak(Rule):
    """The prompt contains text of a calibration input.

    ## What it does
    Searches the prompt (template, rubric and examples) for the input, the output and the expected
    output of every held-out case, in lower case and with white space collapsed. A whole text of 20
    or more characters is an error. Forty characters in a row, or four fifths of the pieces of five
    characters in common, are a warning: that may also be a phrase that every case has. What the
    system under test was itself told is left out.

    ## Why it matters
    A judge that was written with a case before its eyes agrees with people on this case for the
    wrong reason, whether or not the case is declared in `few_shot`.

    ## Example
    The prompt says: if somebody asks "Why was my card charged twice in February?", say fail.

    ## How to fix
    Take the text out of the prompt, or replace it by an invented one; raise the version in
    `evaluator.yaml` and run `goldengit calibrate EVALUATOR`.
    """

    code = "GG603"
    name = "prompt-leak"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield at most one error and one warning for each prompt."""
        for one in calibrated(change):
            text = one.gauge.prompt
            if len(text) > _LONGEST:
                yield self.finding(
                    one.gauge.path,
                    f"The prompt has {len(text):,} characters; {_LONGEST:,} can be compared with "
                    "the held-out cases.",
                    f"Shorten its files, raise the version in this one, and run `{one.command}`.",
                )
            elif text:
                yield from self._leaks(change, one, Prompt(text))

    def _leaks(self, change: Change, one: Calibrated, prompt: Prompt) -> Iterator[Finding]:
        found = [
            (line, leak)
            for line in recorded(one)
            if line.said.part == "heldout"
            for leak in prompt.leaks(_row(change, one, line))
        ]
        for certain, severity in ((True, Severity.ERROR), (False, Severity.WARNING)):
            some = [pair for pair in found if pair[1].certain is certain]
            if some:
                yield self.finding(
                    one.gauge.path,
                    _message(some, certain=certain),
                    f"Take the text out of the prompt, raise the version, and run `{one.command}`.",
                    severity=severity,
                )


def _row(change: Change, one: Calibrated, line: Recorded) -> EvalRow:
    """Return what was judged; nothing of a case that cannot be read."""
    file = change.head.file(golden_path(one.definition.spec.dataset, line.said.case))
    case = file.case if file else None
    return as_judged(case) if isinstance(case, Case) else EvalRow(input=None)


def _message(found: list[tuple[Recorded, Leak]], *, certain: bool) -> str:
    line, leak = found[0]
    cases = {each.said.case for each, _ in found}
    others = f", and text of {len(cases) - 1} more" if len(cases) > 1 else ""
    verb = "holds" if certain else "resembles"
    return f"The prompt {verb} the {leak.what} of {line.said.case}, which is held out{others}."
