"""Files of the work tree, one at a time: found inside it, compared, moved to their place."""

import errno
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from goldengit.errors import GoldengitError

ABSENT = ""  # stands for the digest of a file that is not there


def target_of(top: Path, path: str) -> Path:
    """Return where a path stands; raise GoldengitError for what leads out of the work tree."""
    parts = path.split("/")
    odd = any(
        part in {"", ".", ".."} or "\\" in part or "\0" in part or part.lower() == ".git"
        for part in parts
    )
    if odd or ":" in parts[0]:
        raise GoldengitError(f"{path!r} is no path inside the work tree.")
    for end in range(1, len(parts) + 1):
        at = top.joinpath(*parts[:end])
        if at.is_symlink() or (at.exists() and at.is_dir() == (end == len(parts))):
            what = "/".join(parts[:end])
            raise GoldengitError(
                f"{what} is a symbolic link, or no plain file or folder.",
                remedy="Replace it by what belongs there.",
                place=path,
            )
    return top.joinpath(*parts)


def digest_at(top: Path, path: str) -> str:
    """Return the digest of what stands at a path, `ABSENT` when nothing does."""
    try:
        return digest(target_of(top, path).read_bytes())
    except FileNotFoundError:
        return ABSENT


def digest(data: bytes | None) -> str:
    """Return the hex SHA-256 of bytes, `ABSENT` for None."""
    return ABSENT if data is None else sha256(data).hexdigest()


def put(source: Path | None, top: Path, path: str) -> None:
    """Move a file to its place in one step; without a source, remove what is there."""
    target = target_of(top, path)
    if source is None:
        target.unlink()
        sync_folder(target.parent)
        remove_empty_parents(top, path)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # The Git folder of a linked work tree may lie on another file system.
        copy = beside(target)
        write_durably(copy, source.read_bytes())
        copy.replace(target)
    sync_folder(target.parent)


def beside(target: Path) -> Path:
    """Return where a copy waits that is to become the target in one step."""
    return target.with_name(f".{target.name}.goldengit")


def remove_empty_parents(top: Path, path: str) -> None:
    """Remove the folders above a path that hold nothing any more, as Git does."""
    for parent in (top / path).parents:
        if parent == top:
            return
        try:
            parent.rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            return


def write_durably(path: Path, data: bytes) -> None:
    """Write a file that is still there after a power cut."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names durable, on systems that can open a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
