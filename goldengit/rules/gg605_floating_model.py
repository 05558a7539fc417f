"""GG605: a judge names the model that it asks, not whichever is newest."""

import re
from collections.abc import Iterator

from goldengit.models.change import Change, Gauge
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import evaluator_path
from goldengit.models.recorded import calibrated
from goldengit.rules.base import Rule

_BREAKS = re.compile(r"[-:@/_ ]+")
_STAMP = re.compile(r"v?[0-9][0-9.]*|(?=[a-f]*[0-9])[0-9a-f]{7,64}", re.ASCII)  # number or digest
_MOVING = frozenset({"latest", "newest", "current", "default", "auto", "stable"})


class FloatingModel(Rule):
    """The model is named by an alias that can move.

    ## What it does
    Refuses a model whose name has the part `latest`, `newest`, `current`, `default`, `auto` or
    `stable`, or whose last part is no number, date or digest. Parts are what stands between `-`,
    `:`, `@`, `/` and `_`. So `judge-large-2026-04-14`, `judge-3.1` and `judge-8b@5206a32` are
    accepted; `judge-latest`, `judge-4o`, `judge-large` and `judge-2-preview` are not. A stand-in
    may have any name. It also warns when another model answered than the one that was asked, which
    is how an alias shows.

    ## Why it matters
    The provider moves an alias to another model, and no file here changes: the manifest then
    describes a judge that is no longer asked.

    ## Example
    ```yaml
    options: {model: judge-latest}
    ```

    ## How to fix
    Name the dated model in `evaluator.yaml`, raise the version, and run `goldengit calibrate
    EVALUATOR`. For a model that has one name only and never moves, add a waiver with the reason.
    """

    code = "GG605"
    name = "floating-model"
    waivable = True

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each model that is asked by a name that can move."""
        for gauge in change.gauges:
            if gauge.asks is not None and is_floating(gauge.asks) and not _stands_in(gauge):
                yield self.finding(
                    gauge.path,
                    f"The model `{gauge.asks}` is an alias that can move to another one.",
                    "Name a dated or numbered model, raise the version, and run "
                    f"`goldengit calibrate {gauge.id}`.",
                    line=_line(change, gauge),
                )
        yield from self._moved(change)

    def _moved(self, change: Change) -> Iterator[Finding]:
        for one in calibrated(change):
            raw = one.gauge.verdicts
            lines = raw.verdicts if raw else ()
            for number, line in enumerate(lines, 1):
                if raw is not None and line.model not in {None, one.manifest.model}:
                    yield self.finding(
                        raw.path,
                        f"The model {line.model} answered, though {one.manifest.model} was asked.",
                        f"Name {line.model} in {one.gauge.path} if that is its dated name, and run "
                        f"`{one.command}`.",
                        line=number,
                        severity=Severity.WARNING,
                    )
                    break


def is_floating(model: str) -> bool:
    """Tell whether a model's name is one that can move to another model."""
    parts = [part for part in _BREAKS.split(model.lower()) if part]
    return not parts or bool(_MOVING & set(parts)) or not _STAMP.fullmatch(parts[-1])


def _stands_in(gauge: Gauge) -> bool:
    return gauge.definition is not None and gauge.definition.spec.stand_in


def _line(change: Change, gauge: Gauge) -> int:
    file = change.head.file(evaluator_path(gauge.id, "evaluator.yaml"))
    return file.line("options", "model") if file else 0
