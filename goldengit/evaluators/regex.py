"""The kind `regex`: patterns that a text must match, and patterns that it must not."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from goldengit.evaluators.base import Evaluator, Options
from goldengit.models.base import Many
from goldengit.models.exchange import one_line
from goldengit.models.field import FieldName, RowField
from goldengit.models.pattern import Pattern, compiled, matched, utf8
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict, failed, passed, unknown

_QUOTED = 60  # characters of a pattern or of what it found
_NAMED = 5  # patterns


class RegexOptions(Options):
    """Patterns in the dialect of RE2: linear time, no look-around, no back-references."""

    field: Annotated[FieldName, Field(description="Where the text stands.")] = "actual_output"
    must_match: Annotated[
        Many[Pattern], Field(description="Each of these RE2 patterns is found in the text.")
    ] = ()
    must_not_match: Annotated[
        Many[Pattern], Field(description="None of these RE2 patterns is found in the text.")
    ] = ()
    case_insensitive: Annotated[
        bool, Field(description="Upper and lower case are alike, as with `(?i)`.")
    ] = False
    multiline: Annotated[
        bool, Field(description="`^` and `$` are the ends of every line, as with `(?m)`.")
    ] = False

    @model_validator(mode="after")
    def _looks_for_something(self) -> "RegexOptions":
        if not self.must_match and not self.must_not_match:
            raise ValueError("must_match or must_not_match names at least one pattern")
        return self


class Regex(Evaluator):
    """Passes a text in which every pattern is found that must be, and none that must not.

    The score is the share of the patterns that are as they should be. A row whose field holds no
    text is unknown. Half a surrogate pair, which UTF-8 cannot carry, is read as U+FFFD.
    """

    kind: ClassVar[str] = "regex"
    options_model: ClassVar[type[Options]] = RegexOptions
    options: RegexOptions

    def prepare(self) -> None:
        """Compile the patterns."""
        wanted, unwanted = self.options.must_match, self.options.must_not_match
        self._field = RowField(self.options.field)
        self._patterns = [(_quoted(each), self._compiled(each), True) for each in wanted]
        self._patterns += [(_quoted(each), self._compiled(each), False) for each in unwanted]
        self._kept = passed(
            f"Found {len(wanted)} of {len(wanted)} patterns that must match, "
            f"0 of {len(unwanted)} that must not."
        )

    def judge(self, row: EvalRow) -> Verdict:
        """Search the text for each pattern."""
        text = self._field.text(row)
        if text is None:
            return unknown(self._field.missing(row))
        data = utf8(text)
        broken = [
            (quoted, found)
            for quoted, machine, wanted in self._patterns
            if ((found := machine.search(data)) is not None) is not wanted
        ]
        if not broken:
            return self._kept
        kept = len(self._patterns) - len(broken)
        return failed(_complaint(broken), kept / len(self._patterns))

    def _compiled(self, pattern: str) -> Any:  # noqa: ANN401 re2 ships no types
        return compiled(
            pattern,
            case_insensitive=self.options.case_insensitive,
            multiline=self.options.multiline,
        )


def _complaint(broken: list[tuple[str, Any]]) -> str:
    said = [_sentence(quoted, found) for quoted, found in broken[:_NAMED]]
    more = len(broken) - _NAMED
    return " ".join([*said, f"And {more} more."] if more > 0 else said)


def _quoted(pattern: str) -> str:
    return f"`{one_line(pattern, _QUOTED)}`"


def _sentence(quoted: str, found: Any) -> str:  # noqa: ANN401 a match of re2, or None
    if found is None:
        return f"{quoted} must match and was not found."
    line = found.string.count(b"\n", 0, found.start()) + 1
    said = one_line(matched(found.group()), _QUOTED)
    return f"{quoted} must not match and found “{said}” in line {line}."
