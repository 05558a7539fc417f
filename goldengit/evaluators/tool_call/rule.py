"""A rule over tool calls: when it applies, and what it demands."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from goldengit.models.base import Count, Many, Noun, Text
from goldengit.models.field import FieldName
from goldengit.models.pattern import Pattern


class Call(Noun):
    """What a call is like: its tool, and as much of its arguments as is said."""

    tool: Annotated[Text, Field(description="The name of the tool.")]
    arguments: Annotated[
        dict[Text, JsonValue],
        Field(description="Dotted names of arguments, and the values that they have."),
    ] = Field(default_factory=dict)
    same_as: Annotated[
        dict[Text, FieldName],
        Field(description="Dotted names of arguments, and where in the row their value stands."),
    ] = Field(default_factory=dict)
    arguments_schema: Annotated[
        dict[str, JsonValue] | None,
        Field(description="A JSON Schema for all arguments; see the kind `json_schema`."),
    ] = None


class Expected(Noun):
    """A list of calls that the row holds, and how the calls made compare with it.

    Its items are names of tools, or objects with `name` and `arguments`.
    """

    path: Annotated[FieldName, Field(description="Where the list stands in the row.")]
    among: Annotated[
        Many[Text] | None, Field(description="Calls of other tools are left out on both sides.")
    ] = None
    arguments: Annotated[
        bool, Field(description="The arguments count, all of them; else only the tools do.")
    ] = True
    match: Annotated[
        Literal["includes", "same", "in_order", "exactly"],
        Field(
            description="includes: each expected call was made at least once. same: the same calls,"
            " each as often. in_order: the expected ones in their order, others may stand between."
            " exactly: the same calls in the same order."
        ),
    ] = "same"


class Rule(Noun):
    """What the calls must be like, always or when the user asks for something."""

    name: Annotated[Text | None, Field(description="What a justification calls the rule.")] = None
    when: Annotated[
        Pattern | None, Field(description="The rule applies when RE2 finds this in the question.")
    ] = None
    unless: Annotated[
        Pattern | None, Field(description="The rule does not apply when RE2 finds this there.")
    ] = None
    asked: Annotated[
        Literal["last", "all"],
        Field(description="Whether the question is the user's last message or all of them."),
    ] = "last"
    require: Annotated[
        Many[Text | Call], Field(description="Each of these was called at least once.")
    ] = ()
    require_any: Annotated[
        Many[Text | Call], Field(description="At least one of these was called.")
    ] = ()
    forbid: Annotated[Many[Text | Call], Field(description="None of these was called.")] = ()
    each: Annotated[
        Many[Call], Field(description="Every call of the tool named is like this.")
    ] = ()
    allow_only: Annotated[
        Many[Text] | None, Field(description="No other tool was called; empty for no tool at all.")
    ] = None
    order: Annotated[
        Many[Text | Call],
        Field(description="These were called in this order; others may stand between."),
    ] = ()
    mentions: Annotated[
        Pattern | None,
        Field(
            description="What RE2 finds in the question (its first group, if it has one) stands in"
            " the arguments of some call: years, ids, units that the user named."
        ),
    ] = None
    max_calls: Annotated[Count | None, Field(description="The most calls, failed ones too.")] = None
    max_identical: Annotated[
        Count | None, Field(description="The most calls of one tool with the same arguments.")
    ] = None
    max_errors: Annotated[Count | None, Field(description="The most calls that failed.")] = None
    expected: Annotated[Expected | None, Field(description="Calls that the row names.")] = None

    @model_validator(mode="after")
    def _demands_something(self) -> "Rule":
        if not self.model_fields_set - {"name", "when", "unless", "asked"}:
            raise ValueError("a rule demands something of the calls")
        return self
