"""The event of the job that runs now, as the file that it names holds it."""

from pathlib import Path

from goldengit.errors import CannotJudgeError

_MOST_BYTES = 32 << 20


def event_bytes(event: str) -> bytes:
    """Return the payload in the file that `--event` names. Raises CannotJudgeError without one."""
    try:
        with Path(event).open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise CannotJudgeError(
            f"--event {event}: {error.strerror}.", remedy="Name the file of GITHUB_EVENT_PATH."
        ) from error
