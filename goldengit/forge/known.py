"""Which servers a token may be shown to: those that somebody named as GitHub."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from goldengit.errors import UsageError
from goldengit.forge.place import Place, place_of
from goldengit.models.policy import Policy

_GITHUB = "github.com"
_NAMING = ("GITHUB_SERVER_URL", "GITHUB_API_URL")


def _host(address: str) -> str:
    """Return the host of a server by its own address, or by that of its API."""
    return (urlsplit(address).hostname or "").removeprefix("api.")


def known_place(environment: Mapping[str, str], origin: str, policy: Policy | None) -> Place:
    """Return the place of this repository on GitHub.

    A remote alone does not make its host a GitHub: it is github.com, or the policy or the
    environment names it. Raises UsageError for any other.
    """
    place = place_of(environment, origin)
    named = {_GITHUB, *(_host(environment.get(name, "")) for name in _NAMING)}
    if policy is not None and policy.forge is not None:
        named.add(policy.forge.host)
    if place.host in named:
        return place
    raise UsageError(
        f"`origin` is at {place.host}, and nothing says that this is a GitHub.",
        remedy="If it is one, set GITHUB_SERVER_URL to its address, or `forge.host` in the policy.",
    )
