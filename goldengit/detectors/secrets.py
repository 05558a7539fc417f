"""Keys and tokens of known services: the structured detectors of the library detect-secrets.

Its entropy and keyword detectors are left out: they are made for source files and see secrets all
over prose. So are its detectors of public addresses and of passwords in URLs, which have files of
their own here, and the one for Artifactory, which takes words in capitals for keys.

Importing the library takes 0.15 s, because it brings an HTTP client along. So each detector has a
hint, a cheap pattern that every match of it contains; only a hint that is found loads the library.
A test derives matches from the library's own patterns and shows that no hint misses one.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from goldengit.detectors.base import Detector, Hit

_KEY = r"(?:key|pwd|pw|pass|password|token)[\"'\]]{0,2} *(?:[=:]|=>| ) *[=:>]? *[\"']?"
_HINTS: dict[str, tuple[tuple[str, ...], str]] = {
    # module of detect_secrets.plugins: (literal texts, a pattern for what has no literal)
    "aws": (("A3T", "ABIA", "ACCA", "AKIA", "ASIA"), r"[\"'][0-9a-zA-Z/+]{40}[\"']"),
    "azure_storage_key": (("AccountKey=",), ""),
    "cloudant": ((), rf"(?i:{_KEY}(?:[0-9a-f]{{64}}|[a-z]{{24}})|\.cloudant\.com)"),
    "discord": ((), r"\.[a-zA-Z0-9_-]{6}\.[a-zA-Z0-9_-]{27}"),
    "github_token": (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), ""),
    "gitlab_token": (
        (
            *("glpat-", "gldt-", "glft-", "glsoat-", "glrt-", "GR1348941"),
            *("glcbt-", "glimt-", "glptt-", "glagent-", "gloas-"),
        ),
        "",
    ),
    "ibm_cloud_iam": ((), rf"(?i:{_KEY}[a-z0-9_-]{{44}})"),
    "ibm_cos_hmac": ((), rf"(?i:{_KEY}[a-f0-9]{{48}})"),
    "jwt": (("eyJ",), ""),
    "mailchimp": ((), r"[0-9a-z]-us[0-9]"),
    "npm": ((":_authToken=",), ""),
    "openai": (("T3BlbkFJ",), ""),
    "private_key": (("PRIVATE KEY", "PuTTY-User-Key-File-2"), ""),
    "pypi_token": (("pypi-Ag",), ""),
    "sendgrid": (("SG.",), ""),
    "slack": ((), r"(?i:xox[abposr]-|hooks\.slack\.com)"),
    "softlayer": ((), rf"(?i:{_KEY}[a-z0-9]{{64}}|api.softlayer.com)"),
    "square_oauth": (("sq0csp-",), ""),
    "stripe": (("k_live_",), ""),
    "telegram_token": ((), r"[0-9]{8}:[0-9A-Za-z_-]{35}"),
    "twilio": ((), r"(?:AC|SK)[a-z0-9]{32}"),
}
_PATTERNS = {name: re.compile(hint) for name, (_, hint) in _HINTS.items() if hint}

_TOKEN = re.compile(r"[\w.~+/=-]*")
_BACKWARDS = re.compile(r"[\w~+/-]*")
_BLOCK_END = re.compile(r"-----END[^-\n]{1,60}-----")

# The library's patterns are not anchored, so a hostile text could make them run for hours. They see
# a window at a time; what a window cuts is widened to the whole token afterwards.
_WINDOW = 4096
_OVERLAP = 1200


class Secret(Detector):
    """Keys and tokens of services, and private keys, each widened to the whole token."""

    kind = "secret"

    def find(self, text: str) -> Iterator[Hit]:
        """Yield every secret; the kind says whose it is, such as `github-token`."""
        found: set[Hit] = set()
        for name in _hinted(text):
            found.update(_matches(name, text))
        yield from sorted(found, key=lambda hit: (hit.start, -hit.end, hit.kind))


def _hinted(text: str) -> Iterator[str]:
    for name, (words, _) in _HINTS.items():
        if any(word in text for word in words) or (
            name in _PATTERNS and _PATTERNS[name].search(text)
        ):
            yield name


@cache
def _plugin(name: str) -> tuple[str, tuple[re.Pattern[str], ...], Any]:
    """Return kind, patterns and instance of one of the library's detectors."""
    import importlib

    from detect_secrets.plugins.base import RegexBasedDetector

    module = importlib.import_module(f"detect_secrets.plugins.{name}")
    (made,) = (
        part()
        for part in vars(module).values()
        if isinstance(part, type)
        and issubclass(part, RegexBasedDetector)
        and part.__module__ == module.__name__
    )
    return name.replace("_", "-"), tuple(made.denylist), made


def _matches(name: str, text: str) -> Iterator[Hit]:
    kind, patterns, plugin = _plugin(name)
    for start in range(0, max(1, len(text) - _OVERLAP), _WINDOW - _OVERLAP):
        for pattern in patterns:
            for match in pattern.finditer(text, start, start + _WINDOW):
                hit = _widened(kind, text, *match.span(match.lastindex or 0))
                # What looks like a JSON Web Token is one when its header is JSON.
                if name != "jwt" or plugin.is_formally_valid(match[0].split(".")[0]):
                    yield hit


def _widened(kind: str, text: str, start: int, end: int) -> Hit:
    if kind == "private-key":
        block = _BLOCK_END.search(text, end)
        return Hit(kind, start, block.end() if block else len(text))
    tail = _TOKEN.match(text, end)
    head = _BACKWARDS.match(text[max(0, start - _WINDOW) : start][::-1])
    return Hit(kind, start - (head.end() if head else 0), tail.end() if tail else end)
