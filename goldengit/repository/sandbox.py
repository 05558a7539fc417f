"""A throw-away repository, for the guided tour: made, filled and committed to by this program."""

import os
from pathlib import Path

from goldengit.errors import CannotJudgeError
from goldengit.repository.plumbing import runner

_IDENTITY = {
    "GIT_AUTHOR_NAME": "A. Engineer",
    "GIT_AUTHOR_EMAIL": "engineer@example.org",
    "GIT_COMMITTER_NAME": "A. Engineer",
    "GIT_COMMITTER_EMAIL": "engineer@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


class Sandbox:
    """A new, empty repository in a folder that the caller owns; commits are by an engineer."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._git = runner(top)
        self.git("init", "--quiet", "--initial-branch=main")
        # For what is committed without this class, on a machine where Git does not know anybody.
        self.git("config", "user.name", _IDENTITY["GIT_AUTHOR_NAME"])
        self.git("config", "user.email", _IDENTITY["GIT_AUTHOR_EMAIL"])

    def git(self, *words: str) -> str:
        """Run Git in the repository; return what it printed, or raise CannotJudgeError."""
        status, output, complaint = self._git.execute(
            ["git", "-c", "core.hooksPath=/dev/null", *words],
            env=_IDENTITY,
            with_extended_output=True,
            with_exceptions=False,
            shell=False,
        )
        if status != 0:
            raise CannotJudgeError(f"`git {words[0]}` failed: {complaint.strip()}.")
        return str(output)

    def stage(self) -> None:
        """Stage everything."""
        self.git("add", "--all")

    def commit(self, message: str) -> None:
        """Stage and commit everything."""
        self.stage()
        self.git("commit", "--quiet", "--message", message)

    def restore(self) -> None:
        """Bring the work tree back to the last commit."""
        self.git("reset", "--quiet", "--hard")
        self.git("clean", "--quiet", "--force", "-d")

    def write(self, path: str, data: bytes) -> None:
        """Write a file."""
        target = self.top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace a text in a file, as an editor would."""
        target = self.top / path
        target.write_text(target.read_text("utf-8").replace(old, new), "utf-8")

    def remove(self, path: str) -> None:
        """Delete a file."""
        (self.top / path).unlink()

    def move(self, old: str, new: str) -> None:
        """Rename a file."""
        target = self.top / new
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.top / old).rename(target)
