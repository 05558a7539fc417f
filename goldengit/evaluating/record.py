"""The scorecard as a file: the same bytes on every machine, and read as strictly as YAML is."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from pydantic import ValidationError

from goldengit.errors import CannotJudgeError
from goldengit.models.scorecard import CaseScore, Judged, Scorecard

SCHEMA = "goldengit/scorecard/v1"
_REMEDY = "Write it anew with `goldengit evaluate … --output FILE`."


def scorecard_bytes(card: Scorecard) -> bytes:
    """Return the file of a scorecard: JSON with sorted keys, one key a line, and a final newline.

    Of two equal scorecards the bytes are equal.
    """
    value = card.model_dump(mode="json", by_alias=True)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def read_scorecard(data: bytes, place: str = "") -> Scorecard:
    """Return the scorecard that a file holds; `place` names the file in messages.

    Raises CannotJudgeError for what is no scorecard, for one of another version, and for one whose
    parts do not fit together.
    """
    value = _parsed(data, place)
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        named = value.get("schema") if isinstance(value, dict) else None
        raise _refused(f"The file says `{named}`, not `{SCHEMA}`." if named else "", place)
    try:
        card = Scorecard.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        way = ".".join(str(step) for step in first["loc"])
        raise _refused(f"`{way}` does not fit: {first['msg']}.", place) from error
    for flaw in _flaws(card):
        raise _refused(flaw, place)
    return card


def _parsed(data: bytes, place: str) -> object:
    try:
        return json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _refused(f"It is no strict JSON ({error}).", place) from error


def _flaws(card: Scorecard) -> Iterator[str]:
    """Yield what the types cannot tell: numbers of runs, names that occur twice or nowhere."""
    known = {run.id for run in card.evaluators}
    if len(known) < len(card.evaluators):
        yield "An evaluator occurs twice."
    if len({case.case for case in card.cases}) < len(card.cases):
        yield "A case occurs twice."
    for case in card.cases:
        if len(case.errors) < card.repeats or len(case.duration_us) != len(case.errors):
            yield f"The case {case.case} has {len(case.errors)} runs; {card.repeats} are declared."
        if len({one.evaluator for one in case.judged}) < len(case.judged):
            yield f"An evaluator judged the case {case.case} twice."
        yield from (flaw for one in case.judged for flaw in _judged_flaws(one, case, known))


def _judged_flaws(one: Judged, case: CaseScore, known: set[str]) -> Iterator[str]:
    if one.evaluator not in known:
        yield f"The case {case.case} was judged by {one.evaluator}, which is not listed."
    if not len(one.outcomes) == len(one.scores) == len(case.errors):
        yield f"{one.evaluator} did not judge every run of the case {case.case}."


def _refused(problem: str, place: str) -> CannotJudgeError:
    said = f"This is no scorecard of goldengit. {problem}".strip()
    return CannotJudgeError(said, remedy=_REMEDY, place=place)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key occurs twice"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is no number"
    raise ValueError(message)
