"""Reading what a judge answered: a verdict where every condition holds, else `unknown` and why."""

import hashlib
import json
import re
from typing import Any

from pydantic import ValidationError

from goldengit.models.base import Noun, Text
from goldengit.models.dataset import FailureMode
from goldengit.models.exchange import one_line
from goldengit.models.verdict import Cost, Outcome, Verdict, graded, unknown

_MOST_TOKENS = 2**53 - 1
_LONGEST_JUSTIFICATION = 4000  # characters that are kept
_LONGEST_NAME = 100
_DATED = re.compile(r"[-@:]([0-9]{4}([0-9]{2}){0,2}|0[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2})")
_OPENING = re.compile(r"```(?:json)?[^\S\n]*\n")
_FENCE = "```"
_UNPRINTED = re.compile(r"[^ -~]")


class _PassOrFail(Noun):
    justification: Text
    verdict: Outcome


class _Grade(Noun):
    justification: Text
    grade: float | None


class _UnreadableError(Exception):
    """The reply holds no verdict; the message is the reason."""


def read(reply: str, asked: str, mode: FailureMode) -> Verdict:
    """Return the verdict that a chat completion holds.

    `asked` is the model that was asked; another one's answer does not count. Tokens are counted
    whatever the answer is worth, and calls are not. `output` is set only where a verdict was read.
    """
    try:
        body = _mapping(_loads(reply, "The reply"), "The reply")
    except _UnreadableError as reason:
        return unknown(str(reason))
    cost, model = _cost(body.get("usage")), _name(body.get("model"))
    try:
        _expect_model(model, asked)
        content = _content(body)
        verdict = _verdict(content, mode)
    except _UnreadableError as reason:
        return unknown(str(reason), cost, model)
    digest = hashlib.sha256(content.encode()).hexdigest()
    return verdict.model_copy(update={"cost": cost, "model": model, "output": f"sha256:{digest}"})


def _verdict(content: str, mode: FailureMode) -> Verdict:
    """Return the verdict that the judge wrote, alone or in one block of code."""
    found = _loads(_unfenced(content.strip()), "The answer")
    try:
        if mode.scale is None:
            plain = _PassOrFail.model_validate(found)
            score = {"pass": 1.0, "fail": 0.0, "unknown": None}[plain.verdict]
            said = _clean(plain.justification)
            return Verdict(verdict=plain.verdict, score=score, justification=said)
        grade = _Grade.model_validate(found)
        if grade.grade is None:
            return unknown(_clean(grade.justification))
        return graded(mode, grade.grade, _clean(grade.justification))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        way = ".".join(str(step) for step in first["loc"])
        raise _UnreadableError(f"The answer does not fit: {way or 'it'}: {first['msg']}.") from None
    except ValueError as error:
        raise _UnreadableError(f"The answer does not fit: {error}.") from None


def _unfenced(text: str) -> str:
    """Return what one block of code around a whole text holds, else the text.

    No pattern looks for the block's end: a judge may be talked into a page of empty lines.
    """
    opening = _OPENING.match(text)
    if opening is None or not text.endswith(_FENCE):
        return text
    inside, _, before_the_end = text[opening.end() : -len(_FENCE)].rpartition("\n")
    return inside if not before_the_end.strip() else text


def _content(body: dict[str, Any]) -> str:
    """Return the judge's words, if it came to its end and did not refuse."""
    choices = body.get("choices")
    if not isinstance(choices, list) or len(choices) != 1:
        raise _UnreadableError("The reply does not hold one choice.")
    choice = _mapping(choices[0], "The choice")
    message = _mapping(choice.get("message"), "The message")
    if message.get("refusal"):
        raise _UnreadableError("The model refused to judge.")
    match choice.get("finish_reason"):
        case "stop":
            pass
        case "length":
            raise _UnreadableError("The answer was cut at max_tokens.")
        case "content_filter":
            raise _UnreadableError("The answer was stopped by a content filter.")
        case other:
            raise _UnreadableError(
                f"The answer did not end by itself, but by {_name(other) or 'nothing'}."
            )
    content = message.get("content")
    if not isinstance(content, str) or not content.strip():
        raise _UnreadableError("The answer is empty.")
    if any("\ud800" <= letter <= "\udfff" for letter in content):
        raise _UnreadableError("The answer is no Unicode text.")
    return content


def _expect_model(answered: str | None, asked: str) -> None:
    """Accept the model that was asked, or the dated release behind its name."""
    if answered is None:
        raise _UnreadableError("The reply names no model.")
    if answered != asked and not (
        answered.startswith(asked) and _DATED.fullmatch(answered[len(asked) :])
    ):
        raise _UnreadableError(f"Another model answered: {answered} instead of {asked}.")


def _loads(text: str, what: str) -> Any:  # noqa: ANN401 any JSON value
    """Return the JSON value of a text; a key twice or a number that is none is an error."""
    try:
        return json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise _UnreadableError(f"{what} is no JSON.") from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _refuse(_: str) -> None:
    raise ValueError


def _mapping(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _UnreadableError(f"{what} is no JSON object.")
    return value


def _name(value: object) -> str | None:
    """Return a short text of the other side as it may be shown, None when there is none."""
    if not isinstance(value, str) or not value.strip():
        return None
    return _UNPRINTED.sub("?", value[:_LONGEST_NAME])


def _cost(usage: object) -> Cost:
    counts = usage if isinstance(usage, dict) else {}
    return Cost(
        input_tokens=_tokens(counts.get("prompt_tokens")),
        output_tokens=_tokens(counts.get("completion_tokens")),
    )


def _tokens(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return value if 0 <= value <= _MOST_TOKENS else 0


def _clean(text: str) -> str:
    return one_line(text, _LONGEST_JUSTIFICATION)
