"""The kind `tool_call`: rules over the tools that were called, and with which arguments."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue

from goldengit.evaluators.base import Evaluator, Options
from goldengit.evaluators.tool_call.calls import NAMED, Made, UnjudgeableError, listed
from goldengit.evaluators.tool_call.demands import Scene, checks_of
from goldengit.evaluators.tool_call.rule import Rule
from goldengit.models.base import Many
from goldengit.models.exchange import one_line
from goldengit.models.field import FieldName, RowField, user_texts
from goldengit.models.pattern import Pattern, compiled, utf8
from goldengit.models.row import EvalRow
from goldengit.models.strict_json import UnfinishedError, strict_json
from goldengit.models.trace import Span
from goldengit.models.verdict import Verdict, failed, passed, unknown

__all__ = ["ToolCall", "ToolCallOptions"]


class ToolCallOptions(Options):
    """Rules over the tool calls of a trace."""

    rules: Annotated[Many[Rule], Field(min_length=1, description="All that apply must hold.")]
    question: Annotated[
        FieldName, Field(description="Where the question stands; of a conversation, the user's.")
    ] = "input"
    error_result: Annotated[
        Pattern | None,
        Field(description="A call whose result is a text in which RE2 finds this failed as well."),
    ] = None
    otherwise: Annotated[
        Literal["pass", "unknown"], Field(description="The verdict when no rule applies.")
    ] = "pass"


class ToolCall(Evaluator):
    """Passes a trace whose tool calls keep every rule that applies.

    The score is the share of the demands that are met, those of all rules that apply together. A
    row without a trace, with an empty one or with one that was cut is unknown, and so is a row
    without the question or the expected calls that a rule needs. Retrievers are no tools.
    """

    kind: ClassVar[str] = "tool_call"
    options_model: ClassVar[type[Options]] = ToolCallOptions
    options: ToolCallOptions

    def prepare(self) -> None:
        """Turn the rules into checks; raise EvaluatorInvalidError for a schema that is refused."""
        self._question = RowField(self.options.question)
        pattern = self.options.error_result
        self._error_result = compiled(pattern) if pattern else None
        try:
            self._rules = [
                (rule, _condition(rule), [*checks_of(rule)]) for rule in self.options.rules
            ]
        except ValueError as error:
            raise self.invalid(f"A schema of arguments is refused: {error}.") from error

    def judge(self, row: EvalRow) -> Verdict:
        """Check the calls against the rules."""
        if row.trace is None or not row.trace.spans:
            return unknown("The row has no trace with spans.")
        if row.trace.truncated:
            return unknown("The trace was cut, so that its calls may not be whole.")
        try:
            return self._judged(row, [*self._calls(row.trace.spans)])
        except (UnjudgeableError, UnfinishedError) as error:
            return unknown(str(error))

    def _judged(self, row: EvalRow, calls: list[Made]) -> Verdict:
        broken = []
        demands = rules = 0
        for rule, applies, checks in self._rules:
            scene = Scene(row, calls, self._asked(row, rule))
            if not applies(scene.question):
                continue
            rules, demands = rules + 1, demands + len(checks)
            wrong = [said for check in checks if (said := check(scene)) is not None]
            broken += [f"{rule.name}: {said}" if rule.name else said for said in wrong]
        if not rules and self.options.otherwise == "unknown":
            return unknown("No rule applies to the question.")
        if not broken:
            return passed(f"{rules} of {len(self._rules)} rules apply and hold: {listed(calls)}.")
        more = [f"and {len(broken) - NAMED} more"] if len(broken) > NAMED else []
        said = one_line("; ".join([*broken[:NAMED], *more]), 600)
        return failed(f"{said}.", (demands - len(broken)) / demands)

    def _asked(self, row: EvalRow, rule: Rule) -> str:
        if rule.when is None and rule.unless is None and rule.mentions is None:
            return ""
        if rule.asked == "all":
            texts = user_texts(self._question.value(row))
            text = "\n".join(texts) if texts else None
        else:
            text = self._question.text(row)
        if text is None:
            raise UnjudgeableError(self._question.missing(row))
        return text

    def _calls(self, spans: Iterable[Span]) -> Iterator[Made]:
        for span in spans:
            if span.tool is not None:
                failed_call = span.status == "error" or self._is_error(span.tool.result)
                yield Made(span.tool.name, _unwrapped(span.tool.arguments), failed_call)
            elif span.kind == "tool":
                yield Made(span.name, None, span.status == "error")

    def _is_error(self, result: JsonValue) -> bool:
        if self._error_result is None or not isinstance(result, str):
            return False
        return self._error_result.search(utf8(result)) is not None


def _condition(rule: Rule) -> Callable[[str], bool]:
    when = compiled(rule.when) if rule.when else None
    unless = compiled(rule.unless) if rule.unless else None

    def applies(question: str) -> bool:
        data = utf8(question)
        wanted = when is None or when.search(data) is not None
        return wanted and (unless is None or unless.search(data) is None)

    return applies


def _unwrapped(arguments: JsonValue) -> JsonValue:
    """Return arguments that were logged as a text of JSON as what they are."""
    if not isinstance(arguments, str):
        return arguments
    try:
        found: JsonValue = strict_json(arguments)
    except (ValueError, UnfinishedError):
        return arguments
    return found
