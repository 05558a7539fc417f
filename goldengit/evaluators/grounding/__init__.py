"""The kind `grounding`: what an answer claims stands in what the system had before it."""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import AfterValidator, Field

from goldengit.evaluators.base import Evaluator, Options
from goldengit.evaluators.grounding.numbers import Number, Sizes, numbers
from goldengit.models.base import Many, Share
from goldengit.models.exchange import one_line
from goldengit.models.field import FieldName, RowField, spoken_texts
from goldengit.models.folding import as_words, folded
from goldengit.models.leaves import leaves
from goldengit.models.pattern import Pattern, compiled, matched, utf8, with_one_group
from goldengit.models.row import EvalRow
from goldengit.models.trace import Span
from goldengit.models.verdict import Verdict, failed, passed, unknown

__all__ = ["Grounding", "GroundingOptions"]

T = TypeVar("T")
Source = Literal["document_ids", "documents", "tool_results", "input"]

_NUMBERS = "numbers"
_MOST_CLAIMS = 1000
_NAMED = 5  # claims
_ROUNDING = 1e-9
_LOCATOR = re.compile(
    r"[,;:]? ?(?:pp?|pages?|ch|chapters?|sec|sections?|fig|figures?|tables?|§)\.? ?[0-9][0-9 ,-]*$"
)


def _claims(value: str) -> str:
    return value if value == _NUMBERS else with_one_group(value)


class GroundingOptions(Options):
    r"""What counts as a claim, and where each claim must stand.

    A claim of a pattern is its group, such as `\[(src-[a-z0-9-]+)[^\]]*\]`. It stands in a source
    as a whole (`src-2` is not in `src-22`), in capital or small letters; a page or section behind
    it does not count. A claim of `numbers` is a number in digits. It stands in a source that holds
    the same number: 1,200 is 1200 is 1.2e3, 12 % is 0.12, 2.4 million is 2400000.
    """

    field: Annotated[FieldName, Field(description="Where the answer stands.")] = "actual_output"
    claims: Annotated[
        str,
        AfterValidator(_claims),
        Field(description="An RE2 pattern with one group, or `numbers`."),
    ]
    sources: Annotated[
        Many[Source],
        Field(
            min_length=1,
            description="Of the trace: document_ids, documents (their texts), tool_results."
            " input: the conversation, without what the system was told.",
        ),
    ] = ("document_ids", "documents", "tool_results", "input")
    exempt: Annotated[
        Pattern | None, Field(description="What holds this RE2 pattern is no claim.")
    ] = None
    rounding: Annotated[
        bool,
        Field(description="A number may be rounded: 10.8 for 10.796, 789,000 for 789,428."),
    ] = True
    threshold: Annotated[
        Share, Field(description="The least share of grounded claims that passes.")
    ] = 1.0
    no_claims: Annotated[
        Literal["pass", "fail", "unknown"],
        Field(description="The verdict on an answer that claims nothing."),
    ] = "pass"


class _TooManyError(Exception):
    """The answer makes more claims than are looked at."""


class _Claim(NamedTuple):
    """A claim as it stands in the answer, and what tells whether it is grounded."""

    text: str
    is_grounded: bool


class Grounding(Evaluator):
    """Passes an answer of which enough claims are grounded; the score is their share.

    Claims without any source in a whole trace are ungrounded, and fail. Unknown is an answer with
    ungrounded claims whose trace is missing, empty or cut, because it may be the trace that lacks
    something; so is an answer that is no text, or that makes more than 1,000 claims.
    """

    kind: ClassVar[str] = "grounding"
    options_model: ClassVar[type[Options]] = GroundingOptions
    options: GroundingOptions

    def prepare(self) -> None:
        """Compile the patterns."""
        self._field = RowField(self.options.field)
        self._exempt = compiled(self.options.exempt) if self.options.exempt else None
        self._pattern = None if self.options.claims == _NUMBERS else compiled(self.options.claims)
        self._traced = {*self.options.sources} != {"input"}

    def judge(self, row: EvalRow) -> Verdict:
        """Find the claims, and look for each of them in the sources."""
        text = self._field.text(row)
        if text is None:
            return unknown(self._field.missing(row))
        try:
            claims = [*self._claims(text, row)]
        except _TooManyError:
            return unknown(f"The answer makes more than {_MOST_CLAIMS} claims.")
        if not claims:
            return _VERDICTS[self.options.no_claims](
                "The answer claims nothing that is looked for."
            )
        missing = [claim.text for claim in claims if not claim.is_grounded]
        share = (len(claims) - len(missing)) / len(claims)
        if not missing:
            return passed(f"{len(claims)} of {len(claims)} claims stand in a source.")
        if share >= self.options.threshold - _ROUNDING:
            return passed(_complaint(missing, len(claims)), share)
        if self._traced and (doubt := _doubt(row)):
            return unknown(f"{_complaint(missing, len(claims))} {doubt}")
        return failed(_complaint(missing, len(claims)), share)

    def _claims(self, text: str, row: EvalRow) -> Iterator[_Claim]:
        if self._pattern is None:
            return self._numbers(_few(numbers(text)), row)
        return self._ids(_few(self._pattern.finditer(utf8(text))), row)

    def _ids(self, matches: Iterator[Any], row: EvalRow) -> Iterator[_Claim]:
        found = dict.fromkeys(matched(match.group(1) or b"").strip() for match in matches)
        claims = {folded(claim): claim for claim in found if claim and not self._is_exempt(claim)}
        ids = {folded(name) for name in self._texts(row, ("document_ids",))}
        rest = {key for key in claims if key not in ids and _LOCATOR.sub("", key) not in ids}
        words = as_words("\n".join(self._texts(row, _IN_WORDS))) if rest else ""
        return (
            _Claim(claim, key not in rest or _stands(key, words)) for key, claim in claims.items()
        )

    def _numbers(self, found: Iterator[Number], row: EvalRow) -> Iterator[_Claim]:
        claims = dict.fromkeys(number for number in found if not self._is_exempt(number.text))
        texts = self._texts(row, ("document_ids", *_IN_WORDS)) if claims else ()
        sizes = Sizes(number for text in texts for number in numbers(text))
        rounding = self.options.rounding
        return (_Claim(each.text, sizes.hold(each, rounding=rounding)) for each in claims)

    def _is_exempt(self, claim: str) -> bool:
        return self._exempt is not None and self._exempt.search(utf8(claim)) is not None

    def _texts(self, row: EvalRow, among: tuple[Source, ...]) -> Iterator[str]:
        """Yield the texts of the sources that are wanted and are among these."""
        spans = row.trace.spans if row.trace is not None else ()
        for source in among:
            if source not in self.options.sources:
                continue
            if source == "input":
                yield from spoken_texts(row.input)
            else:
                for span in spans:
                    yield from _READERS[source](span)


def _ids_of(span: Span) -> Iterator[str]:
    return (document.id for document in span.documents or ())


def _contents_of(span: Span) -> Iterator[str]:
    return (document.content for document in span.documents or () if document.content)


def _result_of(span: Span) -> Iterator[str]:
    return (text for _, text in leaves(span.tool.result)) if span.tool else iter(())


_IN_WORDS: tuple[Source, ...] = ("documents", "tool_results", "input")
_READERS: dict[Source, Callable[[Span], Iterator[str]]] = {
    "document_ids": _ids_of,
    "documents": _contents_of,
    "tool_results": _result_of,
}
_VERDICTS: dict[str, Callable[[str], Verdict]] = {
    "pass": passed,
    "fail": failed,
    "unknown": unknown,
}


def _few(found: Iterator[T]) -> Iterator[T]:
    """Yield what is found; raise _TooManyError when it does not end."""
    for count, each in enumerate(found):
        if count == _MOST_CLAIMS:
            raise _TooManyError
        yield each


def _stands(claim: str, words: str) -> bool:
    return as_words(claim) in words or as_words(_LOCATOR.sub("", claim)) in words


def _doubt(row: EvalRow) -> str:
    """Return why an ungrounded claim may be the fault of the trace, "" when it may not."""
    if row.trace is None or not row.trace.spans:
        return "But the row has no trace with spans."
    return "But the trace was cut." if row.trace.truncated else ""


def _complaint(missing: list[str], total: int) -> str:
    said = ", ".join(f"“{one_line(claim, 60)}”" for claim in missing[:_NAMED])
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    return f"{len(missing)} of {total} claims stand in no source: {said}{more}."
