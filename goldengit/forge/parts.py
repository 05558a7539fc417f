"""A part of the settings: what the forge answers, or why the token does not see it."""

from collections.abc import Callable
from typing import TypeVar

from goldengit.forge.client import ForbiddenError, ForgeError, NotFoundError
from goldengit.models.settings import Known, Part, Unknown

T = TypeVar("T")

ADMINISTRATOR = "Ask with an administrator's token (administration: read)."
READER = "Ask with a token that may read contents, actions and metadata."
WRITER = "Ask with the token of somebody who may write to the repository."


def seen(remedy: str, ask: Callable[[], T]) -> Part[T]:
    """Return what is answered, or why nothing is."""
    try:
        return Known(ask())
    except ForgeError as error:
        return _unknown(error, remedy)


def _unknown(error: ForgeError, remedy: str) -> Unknown:
    said = error.problem.partition(" is answered with ")[2]  # without the repository's name
    if isinstance(error, ForbiddenError) and "upgrade" in said.lower():
        return Unknown("GitHub asks for a larger plan", "See GG819.", lacks_plan=True)
    if isinstance(error, ForbiddenError | NotFoundError):
        return Unknown(f"not shown to this token ({error.status})", remedy)
    if error.status is not None:
        return Unknown(f"GitHub answers with {error.status}", error.remedy)
    return Unknown(error.problem.removesuffix(".").removesuffix(" (GG807)"), error.remedy)
