"""Case ids: given once, when a row enters the queue, and never changed (DECISIONS A1)."""

import hashlib
import re
import unicodedata
from datetime import date
from typing import Any

from goldengit.models.digest import canonical

ID = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)-([0-9a-f]{6})", re.ASCII
)
LONGEST_ID = 80
LONGEST_SLUG = LONGEST_ID - len("2026-01-01-") - len("-abcdef")


def is_case_id(text: str) -> bool:
    """Tell whether the text has the form of a case id and names a day that exists."""
    match = ID.fullmatch(text)
    if match is None or len(text) > LONGEST_ID:
        return False
    year, month, day = (int(part) for part in match.groups()[:3])
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def slug(text: str) -> str:
    """Return the text as a lower-case ASCII slug, `case` where nothing of it remains."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "-".join(words)[:LONGEST_SLUG].strip("-") or "case"


def canonical_trace_id(trace_id: str) -> str:
    """Return one spelling for a trace id that vendors write in several.

    Lower-case hex without `tr-` and without dashes; an id that is not hex stays as it is.
    """
    bare = trace_id.removeprefix("tr-").replace("-", "").lower()
    return bare if re.fullmatch(r"[0-9a-f]+", bare) else trace_id


def id_for_trace(day: str, feature: str, dataset: str, trace_id: str, ordinal: int = 1) -> str:
    """Return the id of a row that came with a trace; the same trace always gives the same hex.

    `ordinal` is for the rare case that another row has the id already: 2, then 3.
    """
    seed = {"dataset": dataset, "trace_id": canonical_trace_id(trace_id)}
    return _assemble(day, feature, _numbered(seed, ordinal))


def id_for_successor(day: str, feature: str, old_id: str, ordinal: int) -> str:
    """Return the id of the `ordinal`-th successor (1 for the first) of a case."""
    return _assemble(day, feature, {"ordinal": ordinal, "supersedes": old_id})


def id_for_input(day: str, feature: str, dataset: str, value: Any, ordinal: int = 1) -> str:
    """Return the id of a synthetic or imported row, from its input.

    `ordinal` tells apart rows of one day and feature that share their input: 2, then 3.
    """
    return _assemble(day, feature, _numbered({"dataset": dataset, "input": value}, ordinal))


def _numbered(seed: dict[str, Any], ordinal: int) -> dict[str, Any]:
    return seed if ordinal == 1 else {**seed, "ordinal": ordinal}


def _assemble(day: str, feature: str, seed: Any) -> str:
    return f"{day}-{slug(feature)}-{hashlib.sha256(canonical(seed)).hexdigest()[:6]}"
