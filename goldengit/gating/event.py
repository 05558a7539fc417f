"""The payload of an event of GitHub Actions: a hint, of which nothing is believed unread."""

import json
from typing import Any

from goldengit.errors import CannotJudgeError


def payload_of(data: bytes) -> dict[str, Any]:
    """Return the mapping that a payload holds. Raises CannotJudgeError for anything else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CannotJudgeError("The event's payload is no JSON object.")
    return found
