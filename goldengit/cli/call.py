"""One call of the program: what the words before the verb said, and who is calling."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass
class Call:
    """What every verb may ask about its call.

    `addresses` are the e-mail addresses that Git set for a running commit. They are read before
    the environment is purged, and only ever exclude somebody from signing.
    """

    program: str
    addresses: tuple[str, ...] = ()
    debug: bool = False


def addresses(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the author's and the committer's address, as far as a running commit names them."""
    names = ("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL")
    return tuple(sorted({environ[name] for name in names if environ.get(name)}))
