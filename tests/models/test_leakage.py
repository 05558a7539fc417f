"""What of a case a prompt holds."""

from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.leakage import Prompt
from goldengit.models.row import EvalRow

QUESTION = "Which of the two bridges was closed for repairs in March?"
ANSWER = "The northern bridge was closed from the third to the nineteenth of March."


def row(**values: object) -> EvalRow:
    messages = [
        {"role": "system", "content": "You answer questions about the roads of this county."},
        {"role": "user", "content": QUESTION},
    ]
    return EvalRow.model_validate(
        {"input": {"messages": messages}, "actual_output": ANSWER, **values}
    )


def found(prompt: str, case: EvalRow | None = None) -> dict[str, bool]:
    return {leak.what: leak.certain for leak in Prompt(prompt).leaks(case or row())}


def test_a_prompt_from_the_rubric_alone_holds_nothing() -> None:
    assert found("Fail an answer that names a source which was not retrieved.") == {}


def test_a_whole_question_is_certain_however_it_is_set() -> None:
    quoted = f"Example:\n  {QUESTION.upper().replace(' ', '  ')}\nVerdict: fail"
    assert found(quoted) == {"input": True}


def test_forty_characters_of_an_answer_are_a_sign() -> None:
    assert found(f"Say fail to: {ANSWER[5:50]} or so.") == {"output": False}


def test_what_the_system_was_told_belongs_to_no_case() -> None:
    assert found("You answer questions about the roads of this county.") == {}


def test_a_short_answer_stands_in_any_prompt() -> None:
    assert found("Say pass or fail. Yes.", row(actual_output="Yes.")) == {}


def test_an_empty_prompt_holds_nothing() -> None:
    assert found("") == {}


@given(st.text(min_size=60, max_size=200), st.text(max_size=50), st.text(max_size=50))
def test_a_text_inside_a_prompt_is_always_found(text: str, before: str, after: str) -> None:
    case = row(actual_output=text)
    plain = Prompt(text).text
    if len(plain) >= 20:
        assert "output" in found(f"{before} {text} {after}", case)
