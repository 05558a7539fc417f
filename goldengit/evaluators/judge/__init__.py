"""`judge`: a language model reads the row by a rubric and answers with a structured verdict."""

import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from goldengit.errors import CannotJudgeError
from goldengit.evaluators.base import Evaluator, Options
from goldengit.evaluators.judge.answer import read
from goldengit.evaluators.judge.endpoint import Endpoint, endpoint, money
from goldengit.evaluators.judge.fence import Shown, shown
from goldengit.evaluators.judge.prompt import (
    Example,
    Prompt,
    answer_schema,
    question_about,
    system_text,
)
from goldengit.models.base import Many, Text
from goldengit.models.call import CallFailedError, Request
from goldengit.models.leaves import leaves
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Cost, Verdict, unknown

__all__ = ["Judge", "JudgeOptions", "money"]

_BYTES_A_TOKEN = 4


class JudgeOptions(Options):
    """The options of a judge. Files are names inside the evaluator's folder."""

    model: Annotated[Text, Field(description="The model to ask, by its dated name.")]
    rubric: Annotated[Text, Field(description="The file with the rubric.")] = "rubric.md"
    role: Annotated[
        Text | None, Field(description="A file whose text stands in place of the first paragraph.")
    ] = None
    examples: Annotated[
        Text | None,
        Field(description="A file of JSON lines: row, verdict or grade, justification, case."),
    ] = None
    show: Annotated[Many[Shown], Field(min_length=1, description="What the judge sees.")] = (
        "input", "actual_output", "expected_output", "grader_hints", "trace",
    )  # fmt: skip
    response_format: Annotated[
        Literal["json_schema", "json_object", "none"],
        Field(description="What the endpoint supports of structured output."),
    ] = "json_schema"
    temperature: Annotated[
        float | None, Field(ge=0, le=2, description="Null for models that take none.")
    ] = 0.0
    seed: Annotated[
        int | None, Field(description="Sent along where it is set, for endpoints that take one.")
    ] = None
    max_tokens: Annotated[int, Field(ge=16, description="The longest answer, in tokens.")] = 1024
    max_tokens_name: Annotated[
        Literal["max_tokens", "max_completion_tokens"],
        Field(description="What the endpoint calls the limit."),
    ] = "max_tokens"
    timeout: Annotated[float, Field(gt=0, le=600, description="Seconds for one attempt.")] = 60.0


class Judge(Evaluator):
    """An LLM with a rubric, on any OpenAI-compatible endpoint.

    What is malformed, cut, refused, off the scale, from another model or not answered at all is
    `unknown` with the reason and with what it cost.
    """

    kind = "judge"
    options_model = JudgeOptions
    deterministic = False
    is_data = False
    _endpoint: Endpoint

    def prepare(self) -> None:
        """Find the endpoint and read the files."""
        if self.doors.send is None:
            raise CannotJudgeError(
                "A judge needs a door to its model, and none is given: httpx is missing.",
                remedy="Install `goldengit[judge]`.",
            )
        self._endpoint = endpoint(self.doors.environment)
        self._prompt = self._written()

    def judge(self, row: EvalRow) -> Verdict:
        """Return what the model says of a row."""
        if self.doors.send is None:
            return unknown("The judge was not made ready.")
        request = Request(
            self._endpoint.url, self._body(row), self._endpoint.headers, self.options.timeout
        )
        try:
            reply = self.doors.send(request)
        except CallFailedError as error:
            return unknown(str(error), Cost(calls=error.attempts))
        verdict = read(reply.text, self.options.model, self.definition.failure_mode)
        return verdict.model_copy(update={"cost": verdict.cost + Cost(calls=reply.attempts)})

    def estimate(self, rows: Iterable[EvalRow]) -> Cost:
        """Return about what rows would cost: four bytes a token, and answers as long as allowed.

        Nothing is sent. Retries are not foreseen.
        """
        prompt, fields = self._written(), self.options.show
        asked = [len(question_about(row, fields).encode()) for row in rows]
        fixed = len(prompt.text.encode()) * len(asked)
        return Cost(
            calls=len(asked),
            input_tokens=-(-(fixed + sum(asked)) // _BYTES_A_TOKEN),
            output_tokens=self.options.max_tokens * len(asked),
        )

    @property
    def model(self) -> str:
        """Return the model that is asked."""
        name: str = self.options.model
        return name

    @property
    def address(self) -> str:
        """Return where completions are asked for; an address never holds a password."""
        return self._endpoint.url

    @property
    def prompt(self) -> str:
        """Return the system message and the texts of the examples.

        They stand as plain text, not as the JSON that is sent, so that a sentence which was copied
        from a case is found in them.
        """
        shown_rows = [shown(example.row, self.options.show) for example in self._examples()]
        texts = [text for row in shown_rows for _, text in leaves(row)]
        reasons = [example.justification for example in self._examples()]
        return "\n".join([self._written().system, *texts, *reasons])

    @property
    def sees_answer(self) -> bool:
        """Tell whether the model is shown the output or the trace."""
        return bool({"actual_output", "trace"}.intersection(self.options.show))

    @property
    def seen(self) -> frozenset[str]:
        """Return the cases of the examples, and those that the definition names."""
        return super().seen | {example.case for example in self._examples() if example.case}

    def _body(self, row: EvalRow) -> str:
        options = self.options
        body: dict[str, Any] = {
            "model": options.model,
            "messages": self._prompt.messages(row),
            options.max_tokens_name: options.max_tokens,
        }
        if options.temperature is not None:
            body["temperature"] = options.temperature
        if options.seed is not None:
            body["seed"] = options.seed
        if options.response_format == "json_schema":
            schema = answer_schema(self.definition.failure_mode)
            named = {"name": "verdict", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        elif options.response_format == "json_object":
            body["response_format"] = {"type": "json_object"}
        # Not in canonical form: models answer in the order of the schema, so reasons come first.
        return json.dumps(body, ensure_ascii=False, allow_nan=False)

    def _written(self) -> Prompt:
        options = self.options
        role = self.text(options.role) if options.role else None
        system = system_text(role, self.text(options.rubric), self.definition.failure_mode)
        pairs = tuple(
            (question_about(each.row, options.show), each.answer) for each in self._examples()
        )
        return Prompt(system=system, examples=pairs, fields=options.show)

    def _examples(self) -> list[Example]:
        """Return the examples, or raise EvaluatorInvalidError."""
        name = self.options.examples
        if name is None:
            return []
        examples = []
        for number, line in enumerate(self.text(name).removesuffix("\n").split("\n"), 1):
            try:
                example = Example.model_validate_json(line)
            except ValidationError as error:
                said = error.errors(include_url=False, include_input=False)[0]["msg"]
                raise self.invalid(f"Line {number} of `{name}` is no example: {said}.") from None
            self._fits(example, f"Line {number} of `{name}`")
            examples.append(example)
        return examples

    def _fits(self, example: Example, place: str) -> None:
        scale = self.definition.failure_mode.scale
        if (example.grade is None) != (scale is None):
            wanted = "a verdict" if scale is None else "a grade"
            raise self.invalid(f"{place} must have {wanted}.")
        if scale and example.grade is not None and not scale.holds(example.grade):
            raise self.invalid(f"{place} has a grade that is not on the scale.")
