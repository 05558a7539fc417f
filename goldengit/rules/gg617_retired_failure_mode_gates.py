"""GG617: what is no longer looked for stops no deploy."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.recorded import gating_uses
from goldengit.rules.base import Rule


class RetiredFailureModeGates(Rule):
    """An evaluator of a retired failure mode gates.

    ## What it does
    Reports `role: gate` for an evaluator whose failure mode has a `retired` day that has come.

    ## Why it matters
    Nobody labels a retired failure mode, so nobody would notice that its evaluator went wrong; yet
    it would still block.

    ## Example
    `wrong-tool` is retired in `dataset.yaml`, and `tool-rules` keeps `role: gate`.

    ## How to fix
    Set its role to `signal`, or remove it from `evaluators` in `dataset.yaml`.
    """

    code = "GG617"
    name = "retired-failure-mode-gates"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each gating role for a retired failure mode."""
        for gauge in change.gauges:
            retired = gauge.definition.failure_mode.retired if gauge.definition else None
            if gauge.definition is None or retired is None or retired > change.now[:10]:
                continue
            for use in gating_uses(change, gauge.id):
                mode = gauge.definition.spec.failure_mode
                yield self.finding(
                    use.file.path,
                    f"{gauge.id} gates here, but {mode} is retired since {retired}.",
                    "Set its role to `signal`, or remove it from `evaluators`.",
                    line=use.line,
                )
