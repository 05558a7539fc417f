"""The kind `json_schema`: the answer, or a part of it, is valid against a JSON Schema."""

import re
from typing import Annotated, Any, ClassVar

from pydantic import Field, JsonValue, model_validator

from goldengit.evaluators.base import Evaluator, Options
from goldengit.models.base import Text
from goldengit.models.field import FieldName, RowField
from goldengit.models.row import EvalRow
from goldengit.models.strict_json import UnfinishedError, strict_json
from goldengit.models.validation import Schema
from goldengit.models.verdict import Verdict, failed, passed, unknown

_FENCE = re.compile(r"^ {0,3}```([^`\n]*)$", re.MULTILINE)
_JSON = frozenset({"", "json"})


class JsonSchemaOptions(Options):
    """A JSON Schema of draft 2020-12, or of draft 7 if its `$schema` says so.

    Nothing is fetched: every `$ref` leads to a place in the schema itself or to the published
    schemas of the drafts. Patterns are RE2's. `format` is a note unless `formats` is true.
    """

    field: Annotated[FieldName, Field(description="Where the value stands.")] = "actual_output"
    schema_file: Annotated[
        Text | None, Field(description="A JSON file in the evaluator's folder: the schema.")
    ] = None
    schema_: Annotated[
        dict[str, JsonValue] | bool | None, Field(alias="schema", description="The schema itself.")
    ] = None
    parse: Annotated[
        bool,
        Field(description="A text is read as JSON: no NaN, no key twice. Else a text is a text."),
    ] = True
    fenced: Annotated[
        bool,
        Field(description="The JSON may stand in a fenced code block, with words around it."),
    ] = False
    formats: Annotated[
        bool, Field(description="`format` is asserted; only formats that are known may occur.")
    ] = False

    @model_validator(mode="after")
    def _one_schema(self) -> "JsonSchemaOptions":
        if (self.schema_file is None) is (self.schema_ is None):
            raise ValueError("one of schema_file and schema holds the schema")
        if self.fenced and not self.parse:
            raise ValueError("fenced needs parse")
        return self


class JsonSchema(Evaluator):
    """Passes a value that is valid; a text that is no JSON fails.

    A row without a value there is unknown, and so is a value that nests too deep to be judged or
    that would take too much work. The score is 1 or 0.
    """

    kind: ClassVar[str] = "json_schema"
    options_model: ClassVar[type[Options]] = JsonSchemaOptions
    options: JsonSchemaOptions

    def prepare(self) -> None:
        """Compile the schema; raise EvaluatorInvalidError for one that is refused."""
        self._field = RowField(self.options.field)
        try:
            self._schema = Schema(self._read(), formats=self.options.formats)
        except (ValueError, UnfinishedError) as error:
            raise self.invalid(f"The schema is refused: {str(error).rstrip('.')}.") from error
        self._valid = passed("Valid against the schema.")

    def judge(self, row: EvalRow) -> Verdict:
        """Apply the schema to the value."""
        value = self._field.value(row)
        if value is None:
            return unknown(f"The row has no `{self.options.field}`.")
        try:
            if self.options.parse:
                text = self._field.text(row)
                value = value if text is None else strict_json(self._json_of(text))
            problems = self._schema.problems(value)
        except UnfinishedError as error:
            return unknown(str(error))
        except ValueError as error:
            return failed(f"It is no JSON: {error}.")
        return failed(f"Not valid. {'; '.join(problems)}.") if problems else self._valid

    def _json_of(self, text: str) -> str:
        return _fenced(text) if self.options.fenced else text

    def _read(self) -> Any:  # noqa: ANN401 whatever JSON the file holds
        if self.options.schema_file is None:
            return self.options.schema_
        return strict_json(self.text(self.options.schema_file))


def _fenced(text: str) -> str:
    """Return what the one fenced block of JSON holds; the whole text when there is no fence.

    Raises ValueError for several blocks, and for one that does not end or says another language.
    """
    fences = list(_FENCE.finditer(text))
    if not fences:
        return text
    if len(fences) != 2:  # noqa: PLR2004 where the block begins and where it ends
        raise ValueError(f"the text has {len(fences)} fences, not the two of one block")
    start, end = fences
    if start[1].strip().lower() not in _JSON or end[1].strip():
        raise ValueError("the fenced block is not marked as JSON")
    return text[start.end() : end.start()]
