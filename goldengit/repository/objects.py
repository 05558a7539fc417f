"""Git objects by id: one long-lived process for single objects, one stream for many."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from goldengit.errors import CannotJudgeError
from goldengit.models.change import Entry
from goldengit.repository.plumbing import OID, Repository

_HEADER = re.compile(rb"([0-9a-f]{40,64}) (blob|tree|commit|tag) ([0-9]{1,19})\n", re.ASCII)
_ENTRIES = {
    raw_id: re.compile(rb"([1-7][0-7]{4,5}) ([^\0/]+)\0(.{%d})" % raw_id, re.DOTALL)
    for raw_id in (20, 32)
}
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Blob:
    """The size of a blob, and its bytes unless they are more than was asked for."""

    oid: str
    size: int
    data: bytes | None


class ObjectReader:
    """Reads objects by id only, never by `rev:path`, so that no name is ever parsed by Git."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._process: Any = None
        self._raw_id = 32 if repository.object_format == "sha256" else 20

    def close(self) -> None:
        """End the long-lived process."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    def size(self, oid: str) -> int:
        """Return the size of a blob in bytes."""
        return self._ask("info", oid, "blob")

    def blob(self, oid: str, limit: int) -> Blob:
        """Return a blob; its data is None when it is larger than `limit` bytes."""
        size = self._ask("info", oid, "blob")
        if size > limit:
            return Blob(oid, size, None)
        self._ask("contents", oid, "blob")
        return Blob(oid, size, self._take(size))

    def tree(self, oid: str, folder: str) -> tuple[Entry, ...]:
        """Return the entries of a tree whose path is `folder` ("" for the root), in its order.

        Names are decoded as UTF-8 with surrogate escapes, so that no byte is lost.
        """
        size = self._ask("contents", oid, "tree")
        return tuple(parse_tree(self._take(size), folder, self._raw_id))

    def commit(self, oid: str) -> bytes:
        """Return the raw text of a commit."""
        return self._take(self._ask("contents", oid, "commit"))

    def many(self, oids: Iterable[str], limit: int) -> Iterator[Blob]:
        """Yield blobs in the order of their ids, streamed from one process."""
        wanted = [_checked(oid) for oid in oids]
        with tempfile.TemporaryFile() as asked:
            asked.write("".join(f"{oid}\n" for oid in wanted).encode())
            asked.seek(0)
            process = self.repository.stream("cat-file", "--batch", "--buffer", stdin=asked)
            try:
                for oid in wanted:
                    yield _streamed(process.stdout, oid, limit)
            finally:
                _end(process)

    def _ask(self, verb: str, oid: str, kind: str) -> int:
        if self._process is None:
            self._process = self.repository.start("cat-file", "--batch-command")
        with suppress(BrokenPipeError):  # it ended over a damaged object; then it does not answer
            self._process.stdin.write(f"{verb} {_checked(oid)}\n".encode())
            self._process.stdin.flush()
        return _announced_size(self._process.stdout, oid, kind)

    def _take(self, size: int) -> bytes:
        data: bytes = self._process.stdout.read(size + 1)
        if len(data) != size + 1 or data[-1:] != b"\n":
            raise CannotJudgeError("`git cat-file` ended in the middle of an object.")
        return data[:-1]


def parse_tree(data: bytes, folder: str, raw_id: int) -> Iterator[Entry]:
    """Yield the entries of a raw tree object; ids take `raw_id` bytes.

    Raises CannotJudgeError when the bytes do not fit the format of a tree.
    """
    at, prefix = 0, f"{folder}/" if folder else ""
    for match in _ENTRIES[raw_id].finditer(data):
        if match.start() != at:
            break
        mode, name, oid = match.groups()
        path = prefix + name.decode("utf-8", "surrogateescape")
        yield Entry(path, f"{mode.decode():0>6}", oid.hex())
        at = match.end()
    if at != len(data):
        raise CannotJudgeError(
            f"The tree of {folder or 'the root'} is damaged.", remedy="Run `git fsck`."
        )


def _end(process: Any) -> None:
    """End a process, however it wants to end: what it printed was checked byte by byte."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.proc.wait()


def _announced_size(stream: Any, oid: str, kind: str) -> int:
    match = _HEADER.fullmatch(stream.readline())
    if match is None or match[1].decode() != oid or match[2].decode() != kind:
        raise _missing(oid, kind)
    return int(match[3])


def _streamed(stream: Any, oid: str, limit: int) -> Blob:
    size = _announced_size(stream, oid, "blob")
    data: bytes | None = None
    if size <= limit:
        data = stream.read(size)
    else:
        left = size
        while left:
            left -= len(stream.read(min(left, _CHUNK))) or _ended()
    if stream.read(1) != b"\n":
        _ended()
    return Blob(oid, size, data)


def _ended() -> int:
    raise CannotJudgeError("`git cat-file` ended in the middle of an object.")


def _checked(oid: str) -> str:
    if not OID.fullmatch(oid):
        raise CannotJudgeError(f"{oid!r} is no object id.")
    return oid


def _missing(oid: str, kind: str) -> CannotJudgeError:
    return CannotJudgeError(
        f"The {kind} {oid} is missing or damaged.", remedy="Run `git fsck`, then fetch again."
    )
