"""Exchange: what a release under test is asked, and what it answers; one JSON text each way.

Commands, HTTP endpoints, Python functions and files of recorded answers all speak it.
"""

import json
import math
from collections import Counter
from typing import Any, NoReturn

from pydantic import JsonValue, ValidationError, model_validator

from goldengit.errors import GoldengitError
from goldengit.models.answer import Answer
from goldengit.models.base import Noun, Text
from goldengit.models.case import Case
from goldengit.models.reading import ReadLimits
from goldengit.models.trace import Trace

VERSION = 1
LONGEST_ANSWER = 16 << 20  # characters; a whole case has at most 1 MiB
_DEEPEST = ReadLimits().depth
_LARGEST = 2**53 - 1  # beyond it, readers of JSON disagree about an integer (RFC 8259, section 6)
_SENTENCE = 500  # characters of an error, whoever wrote it

# What the input may depend on. The rest of the metadata says how production's answer was made; with
# it a release could look its answer up. Labels, hints and expected output are the solution.
_ASKED_METADATA = {"feature", "feature_flags", "extra"}


class MalformedAnswerError(GoldengitError):
    """Something was answered that is no answer; nothing of it may be used."""


class Response(Noun):
    """One answer as it travels. `output` may be null, but it or `error` is there."""

    case: Text
    output: JsonValue = None
    trace: Trace | None = None
    error: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Response":
        if self.error is None and "output" not in self.model_fields_set:
            message = "it has neither `output` nor `error`"
            raise ValueError(message)
        return self

    def answer(self, duration_us: int = 0) -> Answer:
        """Return it as an answer: with an error, which becomes one line, there is no output."""
        if self.error is None:
            return Answer(output=self.output, trace=self.trace, duration_us=duration_us)
        error = one_line(self.error) or "The release reported an error without words."
        return Answer(error=error, trace=self.trace, duration_us=duration_us)


def request(case_id: str, case: Case, repeat: int) -> str:
    """Return the question to a release: one line of JSON, in ASCII.

    So it is one line for every reader, also for those that split at U+2028. Attachments are named,
    with their digests; their bytes stay in the dataset's folder.
    """
    metadata = {} if case.metadata is None else case.metadata.model_dump(include=_ASKED_METADATA)
    asked: dict[str, Any] = {
        "goldengit": VERSION,
        "case": case_id,
        "repeat": repeat,
        "input": case.input,
        "metadata": {key: value for key, value in metadata.items() if value is not None},
    }
    if case.attachments:
        asked["attachments"] = [file.model_dump() for file in case.attachments]
    return json.dumps(asked, separators=(",", ":"))


def response(text: str) -> Response:
    """Return what a release answered; raise MalformedAnswerError with the reason.

    Only what every reader of JSON understands alike is taken: no NaN, no key twice, no integer
    beyond 2^53, no half of a character.
    """
    if len(text) > LONGEST_ANSWER:
        raise MalformedAnswerError(f"The answer has more than {LONGEST_ANSWER} characters.")
    value = _value(text)
    if not isinstance(value, dict):
        raise MalformedAnswerError(f"The answer is no JSON object: {_quoted(text)}.")
    _soundly_nested(value)
    try:
        return Response.model_validate(value)
    except ValidationError as error:
        raise MalformedAnswerError(_complaint(error)) from error


def answer_to(case_id: str, text: str, duration_us: int = 0) -> Answer:
    """Return the answer to a case; raise MalformedAnswerError, also for an answer to another."""
    found = response(text)
    if found.case != case_id:
        raise MalformedAnswerError(f"The answer is to another case: {_quoted(found.case)}.")
    return found.answer(duration_us)


def recorded(case_id: str, answer: Answer) -> str:
    """Return an answer as a line of a file that the target `recorded` reads, without its end."""
    said: dict[str, Any] = {"case": case_id, "output": answer.output, "error": answer.error}
    if answer.trace is not None:
        said["trace"] = answer.trace.model_dump(exclude_defaults=True)
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False)


def one_line(text: str, limit: int = _SENTENCE) -> str:
    """Return a text of somebody else for use in a sentence: on one line, printable, cut short."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * limit])
    line = " ".join(printable.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _value(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise MalformedAnswerError(f"The answer nests deeper than {_DEEPEST} levels.") from error
    except json.JSONDecodeError as error:
        problem = f"The answer is no JSON ({error.msg} at character {error.pos + 1})"
        raise MalformedAnswerError(f"{problem}: {_quoted(text)}.") from error


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise MalformedAnswerError(f"The answer has the key {_quoted(twice)} twice.")
    return found


def _exact(digits: str) -> int:
    # The length comes first: to read a number of a million digits takes minutes.
    if len(digits.lstrip("-")) > len(str(_LARGEST)) or abs(int(digits)) > _LARGEST:
        raise MalformedAnswerError(f"The answer has an integer beyond 2^53: {_quoted(digits)}.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        _not_a_number(digits)
    return number


def _not_a_number(word: str) -> NoReturn:
    raise MalformedAnswerError(f"The answer has a number that JSON cannot hold: {_quoted(word)}.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_distinct,
    parse_int=_exact,
    parse_float=_finite,
    parse_constant=_not_a_number,
)


def _soundly_nested(value: Any, depth: int = 0) -> None:
    """Refuse halves of characters and what nests too deep for the readers that come after."""
    if depth == _DEEPEST and isinstance(value, dict | list):
        raise MalformedAnswerError(f"The answer nests deeper than {_DEEPEST} levels.")
    match value:
        case str():
            _whole(value)
        case dict():
            for key, item in value.items():
                _whole(key)
                _soundly_nested(item, depth + 1)
        case list():
            for item in value:
                _soundly_nested(item, depth + 1)
        case _:
            return


def _whole(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise MalformedAnswerError("The answer holds half of a character.") from error


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    way = ".".join(str(step) for step in first["loc"])
    said = first["msg"].removeprefix("Value error, ").rstrip(".")
    return one_line(
        f"The answer does not fit: `{way}`: {said}." if way else f"The answer does not fit: {said}."
    )


def _quoted(text: str) -> str:
    return f"`{one_line(text, 80)}`"
