"""What every guarantee is: a pure function of settings and policy, with a code and a page."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from goldengit.models.finding import Severity
from goldengit.models.policy import Policy
from goldengit.models.settings import Diagnosis, Settings, State, Unknown


class Guarantee(ABC):
    """One thing that the platform must be set to. The docstring is its page, as a rule's is.

    `severity` says how much it weighs at worst: some are only ever warnings, or told.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    since: ClassVar[str] = "0.1.0"
    severity: ClassVar[Severity] = Severity.ERROR

    @abstractmethod
    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:
        """Yield a diagnosis for each part of the guarantee, in a fixed order."""

    def told(
        self, guarantee: str, state: State, found: str, remedy: str | None = None
    ) -> Diagnosis:
        """Return a diagnosis; what is well needs no remedy."""
        said = "" if state is State.OK else remedy or ""
        return Diagnosis(self.code, self.name, guarantee, state, found, said)

    def unseen(self, guarantee: str, part: Unknown) -> Diagnosis:
        """Return the diagnosis of what cannot be seen."""
        return self.told(guarantee, State.UNKNOWN, part.why, part.remedy)


def verdict(*, kept: bool) -> State:
    """Return ok or fail."""
    return State.OK if kept else State.FAIL
