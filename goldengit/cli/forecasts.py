"""How a forecast is told: what an evaluation would ask and pay for."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from goldengit.reporters.base import counted

if TYPE_CHECKING:
    from goldengit.evaluating.forecast import Forecast


def foretold(found: "Forecast", prices: Mapping[str, tuple[float, float]]) -> str:
    """Return a forecast for people; `prices` holds the least and the most by evaluator."""
    return "\n".join(_foretold(found, prices))


def _foretold(found: "Forecast", prices: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    least, most = found.answers
    yield f"Nobody was asked. {counted(found.cases, 'active case')} would be."
    rows = [("answers", _span(least, most))]
    for name, (low, high) in found.judges.items():
        tokens_in = _span(low.input_tokens, high.input_tokens)
        tokens_out = _span(low.output_tokens, high.output_tokens)
        calls = f"{_span(low.calls, high.calls)} calls"
        price = f", for {_money(*prices[name])}" if name in prices else ""
        rows.append(
            (name, f"{calls}, about {tokens_in} tokens in, at most {tokens_out} out{price}")
        )
    column = max(len(name) for name, _ in rows)
    yield from (f"  {name:<{column}}  {said}" for name, said in rows)
    if least != most:
        yield "The most is asked when outcomes flip between two runs."
    if found.judges:
        yield "What is kept of earlier runs is not asked again."


def _money(least: float, most: float) -> str:
    """Return amounts in the currency of the prices, whichever that is."""
    return f"{most:.2f}" if f"{least:.2f}" == f"{most:.2f}" else f"{least:.2f} to {most:.2f}"


def _span(least: int, most: int) -> str:
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
