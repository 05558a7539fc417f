"""The Markdown page that a CI job shows: appended to the file that it names."""

from pathlib import Path

from goldengit.errors import CannotJudgeError

_MOST = 1_000_000  # bytes; GitHub refuses a summary of more than 1 MiB


def append(target: str, page: str) -> None:
    """Append a page to a file, cut where a forge would refuse it; no file, nothing to do."""
    if not target:
        return
    data = page.encode()
    if len(data) > _MOST:
        data = data[:_MOST].decode("utf-8", "ignore").encode() + b"\n\n... (cut)\n"
    try:
        with Path(target).open("ab") as file:
            file.write(data)
    except OSError as error:
        raise CannotJudgeError(
            f"--summary {target}: {error.strerror}.", remedy="Name a file that can be written."
        ) from error
