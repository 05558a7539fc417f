"""Where the forge is: addresses and the repository's name, from the environment or `origin`."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from goldengit.errors import CannotJudgeError, UsageError

_SERVER = "https://github.com"
_API = "https://api.github.com"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}/[A-Za-z0-9._-]{1,100}", re.ASCII)
_REMOTE = re.compile(  # a URL, or what ssh calls host:path; never a path on this machine
    r"(?:(?:https?|ssh)://(?:[^@/]+@)?(?P<url>[^:/@]+)(?::[0-9]+)?/|(?:[^@/:]+@)?(?P<ssh>[^:/@]+):)"
    r"(?P<name>.+?)(?:\.git)?/?"
)
_PLAIN = re.compile(r"[!-?A-~]+", re.ASCII)  # no blank, no control; `@` would name a person
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PATIENCE = 10  # seconds for `gh auth token`


@dataclass(frozen=True)
class Place:
    """The API's root, GraphQL's address, the server that people see, and OWNER/NAME."""

    api: str
    graphql: str
    server: str
    repository: str

    @property
    def owner(self) -> str:
        """Return the account that owns the repository."""
        return self.repository.partition("/")[0]

    @property
    def host(self) -> str:
        """Return the host that people see, as a roster's accounts name it."""
        return urlsplit(self.server).hostname or ""

    def page(self, path: str) -> str:
        """Return the address of a page of the repository."""
        return f"{self.server}/{self.repository}/{path}"


def place_of(environment: Mapping[str, str], origin: str = "") -> Place:
    """Return the place that the environment names, else the one that `origin` (a remote) shows.

    Raises UsageError when neither names a repository, CannotJudgeError for an address that would
    show the token to the network between.
    """
    server = environment.get("GITHUB_SERVER_URL", "").rstrip("/")
    repository = environment.get("GITHUB_REPOSITORY", "")
    remote = _REMOTE.fullmatch(origin)
    if remote and not repository:
        repository = remote["name"]
        server = server or f"https://{(remote['url'] or remote['ssh']).lower()}"
    if not _NAME.fullmatch(repository):
        raise UsageError(
            "It is not known which repository on GitHub this is.",
            remedy="Set GITHUB_REPOSITORY to OWNER/NAME, or give `origin` its address.",
        )
    server = server or _SERVER
    api = environment.get("GITHUB_API_URL", "").rstrip("/") or (
        _API if server == _SERVER else f"{server}/api/v3"
    )
    graphql = environment.get("GITHUB_GRAPHQL_URL", "").rstrip("/") or (
        f"{api.removesuffix('/v3')}/graphql"
    )
    for address in (api, graphql, server):
        _refuse_open_address(address)
    return Place(api, graphql, server, repository)


def token_of(environment: Mapping[str, str], host: str) -> str:
    """Return the token of the environment, or the one of the `gh` program for a host, else ""."""
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        if environment.get(name, "").strip():
            return environment[name].strip()
    program = shutil.which("gh")
    if program is None:
        return ""
    try:
        run = subprocess.run(  # noqa: S603 no word of it comes from outside
            [program, "auth", "token", "--hostname", host],
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.decode("ascii", "replace").strip() if run.returncode == 0 else ""


def _refuse_open_address(address: str) -> None:
    try:
        parts = urlsplit(address if _PLAIN.fullmatch(address) else "")
    except ValueError:  # an IPv6 address without its end
        parts = urlsplit("")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    shown = f"{parts.scheme}://{parts.hostname}" if parts.hostname else ""  # never a password
    raise CannotJudgeError(
        f"{shown or 'What the environment names'} is not asked: it is no address, or it would show "
        "the token to the network between.",
        remedy="Set GITHUB_SERVER_URL, GITHUB_API_URL and GITHUB_GRAPHQL_URL to addresses with "
        "https.",
    )
