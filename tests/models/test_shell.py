"""The commands of a script, as far as the gate's exit code goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.shell import Command, commands


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("a b\nc", [("a b", "", "\n"), ("c", "\n", "")]),
        ("a && b || c", [("a", "", "&&"), ("b", "&&", "||"), ("c", "||", "")]),
        ("a |\n  b", [("a", "", "|"), ("b", "|", "")]),
        ("a \\\n  b", [("a    b", "", "")]),
        ("a # b | c\nd", [("a", "", "\n"), ("d", "\n", "")]),
        ('a \'|\' "&& ; \\" |" b#c', [('a \'|\' "&& ; \\" |" b#c', "", "")]),
        ("a 2>&1 &>x", [("a 2>&1 &>x", "", "")]),
        ("a &", [("a", "", "&")]),
        ("", []),
    ],
)
def test_a_script_falls_into_its_commands(script: str, found: list[tuple[str, str, str]]) -> None:
    """Each has the operators before and after it; quotes and comments hold none."""
    assert tuple(Command(*each) for each in found) == commands(script)


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("goldengit gate merge --pr 1", "merge"),
        ("uv run --locked goldengit --debug gate push", "push"),
        ("python -m goldengit gate deploy support", "deploy"),
        ('"$TOOL/bin/goldengit" gate merge', "merge"),
        ("git golden gate merge", "merge"),
        ('x="$(goldengit gate merge)"', "merge"),
        ('echo "$(goldengit gate merge)"', "merge"),
        ("echo goldengit gate merge", ""),
        ("goldengit check --all", ""),
        ("goldengit gate", ""),
        ("make gate merge", ""),
    ],
)
def test_a_gate_is_told_from_what_only_speaks_of_it(text: str, gate: str) -> None:
    assert gate == Command(text).gate


@given(st.text("ab \n\\'\"|&;#$()", max_size=40))
def test_no_script_makes_it_raise(script: str) -> None:
    """And no command is empty."""
    assert all(command.text for command in commands(script))
