"""Wording: the sentences in which parts say why."""

from dataclasses import replace

from goldengit.gating.in_force import InForce
from goldengit.gating.judgement import Comparison, Part, Ruling

_LEAST = 0.0001  # a p-value below is not told more exactly


def p_of(found: Comparison) -> str:
    """Return the p-value of a comparison in words."""
    return f"p {found.p:.4f}" if found.p >= _LEAST else f"p below {_LEAST}"


def drop_reason(found: Comparison, rule: InForce | None, ruling: Ruling) -> str:
    """Return why a comparison got its ruling; without a rule it was too small for one."""
    if rule is None:
        few = f"Only {found.n} pairs" if found.n != 1 else "Only 1 pair"
        return f"{few}, so it can warn at most; the drop is {found.drop:.3f}."
    if rule.name == "certify":
        out = "is" if ruling is Ruling.PASS else "is not"
        return (
            f"A loss of {rule.max_drop:g} or more {out} ruled out; the drop is {found.drop:.3f} on "
            f"{found.n:,} pairs."
        )
    chance = "" if rule.name == "point" else f" ({p_of(found)})"
    said = f"The drop is {found.drop:.3f}{chance}; {rule.max_drop:g} is allowed."
    return f"{said} Chance may explain it." if ruling is Ruling.WARN and chance else said


def both_extremes(part: Part, best: Ruling) -> Part:
    """Return a part with what unknown verdicts do to it: they may hide a regression, never help.

    Its own ruling counts every unknown against the candidate; `best` counts them in its favour.
    """
    worse, better = part.compared, part.best
    if worse is None or better is None or worse == better:
        return part
    between = f"the drop lies between {better.drop:.3f} and {worse.drop:.3f}"
    if part.ruling is best:
        return replace(part, reason=f"{part.reason} Counting unknown verdicts, {between}.")
    if part.ruling is Ruling.BLOCK:
        reason = f"Unknown verdicts could hide a regression: {between}."
        remedy = "Find out why these cases have no verdict, and evaluate again."
        return replace(part, reason=reason, remedy=remedy)
    return replace(part, reason=f"{part.reason} It depends on unknown verdicts: {between}.")
