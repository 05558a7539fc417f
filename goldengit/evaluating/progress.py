"""Progress: who is told how much is done."""

from collections.abc import Callable

Progress = Callable[[int, int], None]  # is told (done, all)


def silent(*_: int) -> None:
    """Say nothing."""
