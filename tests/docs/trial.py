"""Trying a page: its blocks are obeyed in order, in a folder of their own, by real processes.

* `sh`: the commands are run by bash, which stops at the first that fails; with `exit=1` after the
  language the last one has to end so. The folder and the variables last until the next block.
* `text` right after it: what those commands print, both streams together. A line `…` stands for
  any number of lines.
* `yaml` (or another language) with `title="PATH"`: a file that the reader saves.
* `diff` with `title="PATH"`: lines of a file that the reader edits; `@@` stands between two places.
  The path may hold `*` where a name begins with the day on which it is tried.

Everything else is only shown. What differs from one trial to the next is made equal before outputs
are compared: see `_VARYING`.
"""

import difflib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import Block, blocks

STATE = ".state"  # what a block left behind, for the next one to source

_SECONDS = 120  # of one block; a whole page takes a few
_VARYING = (
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
    (r"\b\d{4}-\d\d-\d\d\b", "DAY"),
    (r"(?<=golden/)\d{4}-\d\d(?=/)", "MONTH"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UUID"),
    (r"\bsha256:[0-9a-f]{64}\b", "DIGEST"),
    (r"\b[0-9a-f]{40}\b", "OBJECT"),
    (r"\b[0-9a-f]{12}\b", "COMMIT"),
    (r"\bAAAA[A-Za-z0-9+/=]{60,}", "KEY"),
    (r"\bU1NIU0lH[A-Za-z0-9+/=]+", "SIGNATURE"),
)


class Trial:
    """One reader with an empty folder, who does what pages say."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self._state = folder / STATE

    def follow(self, page: Path) -> None:
        """Do what a page says; raises AssertionError, with the line, where that goes wrong."""
        printed, above = "", None
        for block in blocks(page.read_text(encoding="utf-8")):
            place = f"{page.name}:{block.line}"
            if block.language == "sh":
                printed = self._run(block, place)
            elif block.language == "text" and above == "sh":
                _compare(block.body, printed, place)
            elif block.language == "diff" and "title" in block.notes:
                self._edit(block, place)
            elif "title" in block.notes:
                target = self._here() / block.notes["title"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.body, encoding="utf-8")
            above = block.language

    def _run(self, block: Block, place: str) -> str:
        keep = f"trap '{{ declare -px; echo cd \"$PWD\"; }} > {self._state}' EXIT"
        before = f". {self._state}\n" if self._state.exists() else ""
        ran = subprocess.run(
            ["bash", "-e", "-c", f"{before}{keep}\n{block.body}"],
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=_SECONDS,
            env=self._environment(),
        )
        printed = ran.stdout.decode()
        wanted = int(block.notes.get("exit", "0"))
        assert wanted == ran.returncode, f"{place} ended with {ran.returncode}:\n{printed}"
        return printed

    def _environment(self) -> dict[str, str]:
        """Return the variables of somebody with the program, and with no settings of their own."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "SSH_", "PRE_COMMIT"))
        }
        programs = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        own = {"HOME": str(self.home), "PATH": programs, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
        return kept | own

    def _here(self) -> Path:
        """Return the folder that the last block went to."""
        lines = self._state.read_text(encoding="utf-8").splitlines() if self._state.exists() else []
        return Path(lines[-1].removeprefix("cd ")) if lines else self.home

    def _edit(self, block: Block, place: str) -> None:
        found = list(self._here().glob(block.notes["title"]))
        assert len(found) == 1, f"{place} is about one file, not about {found}"
        text = found[0].read_text(encoding="utf-8")
        for hunk in re.split(r"^@@\n", block.body, flags=re.MULTILINE):
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] in " -")
            new = "".join(line[1:] for line in lines if line[0] in " +")
            assert text.count(old) == 1, f"{place} does not fit:\n{text}"
            text = text.replace(old, new)
        found[0].write_text(text, encoding="utf-8")


def _compare(shown: str, printed: str, place: str) -> None:
    wanted, real = (list(_lines(text)) for text in (shown, printed))
    pattern = "".join("(?:.*\n)*?" if line == "…" else f"{re.escape(line)}\n" for line in wanted)
    if not re.fullmatch(pattern, "".join(f"{line}\n" for line in real)):
        changes = "\n".join(difflib.unified_diff(wanted, real, "shown", "printed", lineterm=""))
        raise AssertionError(f"{place} shows something else than is printed:\n{changes}")


def _lines(text: str) -> Iterator[str]:
    for line in text.rstrip("\n").splitlines():
        for pattern, name in _VARYING:
            line = re.sub(pattern, name, line)  # noqa: PLW2901 - one thing after the other
        yield line.rstrip()
