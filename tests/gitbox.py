"""Real Git repositories for tests: one `git fast-import` a commit, nothing else in between."""

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

REGULAR, SYMLINK, GITLINK = "100644", "120000", "160000"
OPENER = "opener@example.org"
EPOCH = (
    1_780_000_000  # 2026-05-28, the time of a box's first commit; each further one is an hour later
)


class Blob(NamedTuple):
    """What stands at a path: bytes and a mode. A gitlink's bytes are the commit's hex id."""

    data: bytes
    mode: str = REGULAR


Files = dict[str, Blob]


def clean_environment() -> dict[str, str]:
    """Return the environment for Git commands of tests: nothing of the person who runs them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Opener",
        "GIT_AUTHOR_EMAIL": OPENER,
        "GIT_COMMITTER_NAME": "Opener",
        "GIT_COMMITTER_EMAIL": OPENER,
    }


class GitBox:
    """A repository in a folder of its own, bare unless a work tree is wanted."""

    def __init__(self, folder: Path, *, bare: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._commits = 0
        kind = ["--bare"] if bare else []
        self.git("init", "--quiet", "--template=", "--initial-branch=main", *kind)

    def git(self, *words: str, stdin: bytes = b"") -> str:
        """Run a Git command here and return its output without the last newline."""
        run = subprocess.run(
            ["git", *words],
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            check=False,
            env=clean_environment(),
        )
        assert run.returncode == 0, f"git {words}: {run.stderr.decode(errors='replace')}"
        return run.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def commit(
        self,
        files: Mapping[str, Blob],
        parents: Sequence[str] = (),
        *,
        author: str = OPENER,
        committer: str | None = None,
        co_authors: Iterable[str] = (),
    ) -> str:
        """Make a commit whose tree holds exactly these files; return its id."""
        self._commits += 1
        when = f"{EPOCH + 3600 * self._commits} +0000"
        message = "A change.\n" + "".join(f"\nCo-authored-by: X <{who}>" for who in co_authors)
        lines = [
            b"commit refs/heads/box\nmark :1\n",
            f"author A <{author}> {when}\ncommitter C <{committer or author}> {when}\n".encode(),
            _data(message.encode()),
            *(
                f"{'merge' if place else 'from'} {parent}\n".encode()
                for place, parent in enumerate(parents)
            ),
            b"deleteall\n",
            *(_file(path, blob) for path, blob in files.items()),
            b"get-mark :1\n",
        ]
        return self.git("fast-import", "--quiet", "--force", stdin=b"".join(lines))

    def tree(self, entries: Iterable[tuple[str, str, str]]) -> str:
        """Write a raw tree object of (mode, name, id), unchecked and unsorted; return its id."""
        raw = b"".join(
            f"{mode.lstrip('0')} {name}".encode("utf-8", "surrogateescape")
            + b"\0"
            + bytes.fromhex(oid)
            for mode, name, oid in entries
        )
        return self.git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", stdin=raw)

    def blob(self, data: bytes) -> str:
        """Write a blob; return its id."""
        return self.git("hash-object", "-w", "--stdin", stdin=data)


def _file(path: str, blob: Blob) -> bytes:
    if blob.mode == GITLINK:
        return f"M {GITLINK} {blob.data.decode()} ".encode() + _quoted(path) + b"\n"
    return f"M {blob.mode} inline ".encode() + _quoted(path) + b"\n" + _data(blob.data)


def _data(data: bytes) -> bytes:
    return f"data {len(data)}\n".encode() + data + b"\n"


def _quoted(path: str) -> bytes:
    plain = path.encode("utf-8", "surrogateescape")
    return b'"' + b"".join(b"\\%03o" % byte for byte in plain) + b'"'
