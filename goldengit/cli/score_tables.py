"""A scorecard as rows and cells, whoever draws them: a terminal or a page."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goldengit.evaluating.failing import Failing
    from goldengit.evaluating.summary import Part, Summary
    from goldengit.models.scorecard import EvaluatorRun, Scorecard

_OID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{28,52}\b")
Row = tuple[str, ...]


def about(card: "Scorecard", found: "Summary") -> Iterator[tuple[str, str]]:
    """Yield what the numbers rest on, each with its name; the values are not made harmless yet."""
    yield "target", card.target
    yield "tree", f"{_commit(card)}, as of {card.as_of}"
    yield "cases", ", ".join([f"{len(card.cases):,} active", *_left_out(card)])
    yield "answers", _answers(card, found)
    if found.flips is not None:
        yield "flips", f"{percent(found.flips)} from one run of a case to the next"
    if card.cost.calls:
        cost = card.cost
        yield (
            "judges",
            f"{cost.calls:,} calls, {cost.input_tokens:,} tokens in and {cost.output_tokens:,} out",
        )


def _commit(card: "Scorecard") -> str:
    return _OID.sub(r"\1", card.commit)


def _left_out(card: "Scorecard") -> list[str]:
    return [f"{count:,} {word}" for word, count in card.left_out.items() if count]


def _answers(card: "Scorecard", found: "Summary") -> str:
    times = {1: "once", 2: "twice"}.get(card.repeats, f"{card.repeats} times")
    said = f"{found.answers:,}: each case {times}"
    more = sum(len(case.errors) > card.repeats for case in card.cases)
    if more:
        said += f", {more:,} more often"
    return f"{said}; {found.errors:,} are errors" if found.errors else said


def blocks(found: "Summary") -> Iterator[tuple[str, str, list["Part"]]]:
    """Yield the parts of a summary under two titles, the worst slices first.

    What cannot block stands apart, under a title of its own.
    """
    if found.whole:
        yield "What gates", "", [found.whole]
        yield "What gates", "by slice", _worst_first(found.slices, gates=True)
        yield "What gates", "by failure mode", _worst_first(found.failure_modes, gates=True)
        yield "What gates", "by severity", [part for part in found.severities if part.gates]
        yield "What gates", "by evaluator", _worst_first(found.evaluators, gates=True)
    elif found.signals:
        yield "Signals only", "", [found.signals]
    yield "Signals only", "by slice", _worst_first(found.slices, gates=False)
    yield "Signals only", "by failure mode", _worst_first(found.failure_modes, gates=False)
    yield "Signals only", "by evaluator", _worst_first(found.evaluators, gates=False)


def _worst_first(parts: Iterable["Part"], *, gates: bool) -> list["Part"]:
    chosen = [part for part in parts if part.gates is gates]
    return sorted(chosen, key=lambda part: (part.rate is None, part.rate or 0.0, part.name))


def columns(card: "Scorecard", found: "Summary") -> Row:
    """Return the titles of the columns; one that would be empty has none."""
    parts = [part for _, _, parts in blocks(found) for part in parts]
    every = f"all {card.repeats} runs" if card.repeats > 1 else ""
    unknown = "unknown" if any(part.unknown for part in parts) else ""
    return ("cases", "passed", "95% interval", unknown, "score", every)


def cells(part: "Part") -> Row:
    """Return a part as the text of the columns."""
    if part.rate is None or part.interval is None:
        share = percent(part.unknown) if part.unknown else ""
        return (f"{part.cases:,}", "-", "", share, "", "")
    return (
        f"{part.cases:,}",
        percent(part.rate),
        f"{percent(part.interval.low)} to {percent(part.interval.high)}",
        _unknown(part),
        "" if part.score is None else f"{part.score:.2f}",
        "" if part.every is None else percent(part.every),
    )


def _unknown(part: "Part") -> str:
    if not part.unknown or part.lowest is None or part.highest is None:
        return ""
    return f"{percent(part.unknown)} ({100 * part.lowest:.1f} to {percent(part.highest)})"


def percent(share: float) -> str:
    """Return a share from 0 to 1 in percent."""
    return f"{100 * share:.1f}%"


def legend(head: Row) -> Iterator[str]:
    """Yield what the columns mean that do not say it themselves."""
    for title in head:
        if title == "unknown":
            yield (
                "unknown: runs without a verdict; in brackets what would have passed if all of "
                "them had failed, or passed"
            )
        elif title.startswith("all "):
            yield f"{title}: the chance that as many runs of a case all pass"


def held_back(card: "Scorecard") -> "list[EvaluatorRun]":
    """Return the evaluators whose role is to gate and whose calibration does not let them."""
    return [run for run in card.evaluators if run.role == "gate" and not run.gates]


def how(one: "Failing") -> str:
    """Return what is special of a case: critical, runs that differ, runs without a verdict."""
    runs = len(one.outcomes)
    said = [one.severity] if one.severity == "critical" else []
    if not one.failed:
        said.append("unknown")
    elif one.failed < runs:
        said.append(f"failed in {one.failed} of {runs} runs")
    return f"  ({', '.join(said)})" if said else ""
