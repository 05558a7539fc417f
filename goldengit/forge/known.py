"""Which servers a token may be shown to: those that somebody named as GitHub."""

from collections.abc import Mapping

from goldengit.errors import UsageError
from goldengit.forge.place import Place, place_of
from goldengit.models.policy import Policy

_GITHUB = "github.com"
_NAMING = ("GITHUB_API_URL", "GITHUB_SERVER_URL")


def known_place(environment: Mapping[str, str], origin: str, policy: Policy | None) -> Place:
    """Return the place of this repository on GitHub.

    A remote alone does not make its host a GitHub: it is github.com, or the policy or the
    environment names it. Raises UsageError for any other.
    """
    place = place_of(environment, origin)
    forge = policy.forge if policy else None
    named = {_GITHUB, forge.host} if forge else {_GITHUB}
    if place.host in named or any(environment.get(name) for name in _NAMING):
        return place
    raise UsageError(
        f"`origin` is at {place.host}, and nothing says that this is a GitHub.",
        remedy="If it is one, set GITHUB_SERVER_URL to its address, or `forge.host` in the policy.",
    )
