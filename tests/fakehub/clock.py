"""The time of the fake: moved by tests, one second an event unless they say otherwise."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class Clock:
    """GitHub's times have a resolution of one second; `step` 0 puts events into the same one."""

    now: datetime = datetime(2026, 6, 1, 9, tzinfo=UTC)
    step: int = 1

    def __str__(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def advance(self, seconds: int) -> None:
        """Move on."""
        self.now += timedelta(seconds=seconds)

    def set(self, time: str) -> None:
        """Jump to a time, as in `2026-06-01T09:00:00Z`."""
        self.now = datetime.fromisoformat(time).astimezone(UTC).replace(microsecond=0)

    def tick(self) -> str:
        """Return the time of an event that happens now."""
        self.advance(self.step)
        return str(self)
