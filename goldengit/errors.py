"""Every exception that is raised on purpose.

Each one becomes a single line on the terminal, `goldengit: place: what is wrong. How to repair
it.`, and an exit code; only `--debug` shows a traceback.
"""


class GoldengitError(Exception):
    """A problem that a person can repair; the base of all errors of this package.

    `problem` and `remedy` are full sentences. `place` is a path, or `path:line`.
    """

    exit_code = 3

    def __init__(self, problem: str, *, remedy: str = "", place: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.place = place

    def __str__(self) -> str:
        """Return the line that the terminal shows after `goldengit: `."""
        sentence = f"{self.problem} {self.remedy}".strip()
        return f"{self.place}: {sentence}" if self.place else sentence


class UsageError(GoldengitError):
    """The command was called with words that do not fit (exit code 2)."""

    exit_code = 2


class CannotJudgeError(GoldengitError):
    """Something needed for a verdict could not be read or run (exit code 3, never a pass)."""


class NothingToJudgeError(GoldengitError):
    """There is nothing to judge where something was expected (exit code 4)."""

    exit_code = 4


class RefusedEditError(GoldengitError):
    """A legal-edit command was asked for something that the rules do not permit (exit code 1)."""

    exit_code = 1
