"""How often each case runs."""

import pytest

from goldengit.evaluating.listing import Listed
from goldengit.evaluating.repeats import Repeats, is_recorded, planned, with_third
from goldengit.models.answer import Answer
from goldengit.models.exchange import recorded
from goldengit.targets.base import Doors, Target
from goldengit.targets.command import Command
from goldengit.targets.recorded import Recorded

CASES = [
    Listed("a", "", (), "normal", "a", (), (0,)),
    Listed("b", "", (), "critical", "b", (), (0,)),
    Listed("c", "", (), "low", "c", (), (0,)),
]


class Nobody:
    """A child that is never asked."""

    def ask(self, line: str, timeout: float) -> str:
        raise AssertionError(line)

    def close(self) -> None:
        """Nothing was started."""


def asked() -> Target:
    return Command("./app", Doors(talk=lambda _: Nobody()), 1.0)


def held(names: str) -> Target:
    """Return a file that holds an answer for each letter."""
    lines = "\n".join(recorded(name, Answer(output="yes")) for name in names)
    return Recorded("answers.jsonl", Doors(read=lambda _: lines.encode()), 1.0)


@pytest.mark.parametrize(
    ("wish", "counts"), [("auto", (2, 3, 2)), (1, (1, 3, 1)), (3, (3, 3, 3)), (5, (5, 5, 5))]
)
def test_critical_cases_always_run_three_times(wish: Repeats, counts: tuple[int, ...]) -> None:
    assert counts == planned(CASES, asked(), wish)
    assert not is_recorded(CASES, asked())


@pytest.mark.parametrize(
    ("names", "wish", "counts"),
    [
        ("abc", "auto", (1, 1, 1)),
        ("aabbbcc", "auto", (2, 3, 2)),
        ("aabbbcc", 1, (1, 3, 1)),
        ("abc", 3, (1, 1, 1)),
        ("aabbb", "auto", (2, 3, 2)),
        ("aabbb", 1, (1, 3, 1)),
        ("x", "auto", (1, 1, 1)),
    ],
)
def test_what_is_recorded_runs_as_often_as_it_is_held(
    names: str, wish: Repeats, counts: tuple[int, ...]
) -> None:
    """A case that is left out runs as often as the others do at least, and has no answer."""
    target = held(names)
    assert is_recorded(CASES, target)
    assert counts == planned(CASES, target, wish)


def test_a_third_run_is_one_of_all_cases() -> None:
    assert (3, 3, 3) == with_third((2, 3, 2))
