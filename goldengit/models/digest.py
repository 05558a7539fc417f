"""Digests: what a signoff is bound to.

All of them are SHA-256 over the canonical JSON of RFC 8785, computed on the parsed mapping *as it
stands in the file*, never on a model dump: a default that a later version adds would otherwise
change every digest.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_EXACT = 2**53 - 1  # the largest integer that a double, and so RFC 8785, carries exactly
_SMALLEST, _LARGEST = 1e-4, 1e16  # between them Python and ECMAScript write floats alike
APPENDIX_KEYS = ("superseded_by", "withdrawn")
OUTSIDE_DIGEST = frozenset({"signoffs", *APPENDIX_KEYS, "erased"})


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON value.

    Raises `rfc8785.CanonicalizationError` for what it cannot carry exactly; the reader has
    refused such values before (GG113).
    """
    with suppress(_Unplain, UnicodeEncodeError):
        return _ENCODER.encode(_plain(value)).encode()
    import rfc8785

    return rfc8785.dumps(value)


# Where keys are ASCII and numbers are written alike, the form of RFC 8785 is what Python's C
# encoder writes: the same escapes, the same order. It is four times faster than the library, and
# digests are a good part of a cold check; a property test holds the two together.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
)


class _Unplain(Exception):  # noqa: N818 a signal, not an error
    """The value holds something that the C encoder writes in another way."""


def _plain(value: Any) -> Any:
    """Return the value with whole floats as integers, as ECMAScript writes them."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is dict:
        if not all(type(key) is str and key.isascii() for key in value):
            raise _Unplain
        return {key: _plain(item) for key, item in value.items()}
    if kind is list:
        return [_plain(item) for item in value]
    if kind is int and -_EXACT <= value <= _EXACT:
        return value
    if kind is float and abs(value) <= _EXACT and value.is_integer():
        return int(value)
    if kind is float and _SMALLEST <= abs(value) < _LARGEST and not value.is_integer():
        return value
    raise _Unplain


def digest_of(value: Any) -> str:
    """Return `sha256:` and the hex SHA-256 of the canonical bytes of a JSON value."""
    return f"sha256:{hashlib.sha256(canonical(value)).hexdigest()}"


def case_digest(case: Mapping[str, Any]) -> str:
    """Return the digest of a case: everything but its signoffs and what was appended later."""
    return digest_of({key: value for key, value in case.items() if key not in OUTSIDE_DIGEST})


def appendix_digest(case: str, block: Mapping[str, Any]) -> str:
    """Return what the signoffs of a supersession or withdrawal are bound to.

    `case` is the digest of the case that is closed; `block` the appendix as it stands in the file.
    """
    return digest_of({"case": case, "appendix": _without_signoffs(block)})


def erasure_digest(case: str, block: Mapping[str, Any]) -> str:
    """Return what the signoffs of an erasure are bound to.

    The key differs from that of `appendix_digest`: a withdrawal's signoff must not pass for an
    erasure's, though both blocks hold a reason and a time.
    """
    return digest_of({"case": case, "erased": _without_signoffs(block)})


def _without_signoffs(block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in block.items() if key != "signoffs"}
