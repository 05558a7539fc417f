"""What every detector is: a pure function from a text to the places of what must not be there."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, NamedTuple


class Hit(NamedTuple):
    """A secret or a personal datum in a text: its kind, and where it starts and ends."""

    kind: str
    start: int
    end: int


class Detector(ABC):
    """Finds one kind of secret or personal data.

    `hint` is a short text without which there is nothing to find, "" when there is none: it
    keeps a scan of ordinary text cheap. Whether there is a hit never depends on what stands beyond
    a line break, so several texts, joined by line breaks, may be searched in one go.
    """

    kind: ClassVar[str]
    hint: ClassVar[str] = ""

    @abstractmethod
    def find(self, text: str) -> Iterator[Hit]:
        """Yield every hit in a text, in the order of the text."""
