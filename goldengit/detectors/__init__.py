"""The shelf of detectors: one file a kind of secret or personal data, found by walking it.

`scan` runs all of them over every text of a case and says what may be said about what they find.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from goldengit.detectors.base import Detector, Hit
from goldengit.models.change import Sensitive
from goldengit.models.leaves import leaves
from goldengit.models.reading import Way

# `<EMAIL:9f86d081>`: what redaction has put in place of a datum.
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z0-9_-]{1,30}:[0-9a-f]{8}>")

# Digests and signatures are random text by nature, and their form is fixed by the schema.
_SIGNED = frozenset({"digest", "signature"})
_SHOWN = 2  # characters of a hit that a message may repeat


@cache
def all_detectors() -> tuple[Detector, ...]:
    """Return one instance of every detector, sorted by kind."""
    found = [
        part()
        for module in pkgutil.iter_modules(__path__, f"{__name__}.")
        for part in vars(importlib.import_module(module.name)).values()
        if inspect.isclass(part)
        and issubclass(part, Detector)
        and part.__module__ == module.name
        and not inspect.isabstract(part)
    ]
    return tuple(sorted(found, key=lambda detector: detector.kind))


def scan(
    value: object, line: Callable[..., int], allow: Iterable[str] = ()
) -> tuple[Sensitive, ...]:
    """Return the secrets and personal data in a JSON value, in the order of its lines.

    Keys, strings, numbers and JSON inside strings are looked at. `line` tells the line of a way
    into the value; `allow` are texts that may stand there as they are.
    """
    texts = [(way, text) for way, text in leaves(value) if not _is_signature(way)]
    # One search through all texts at once costs a third of one search a text; it only tells
    # whether there is anything at all.
    if not hits("\n".join(text for _, text in texts)):
        return ()
    allowed = {text.casefold() for text in allow}
    found = {
        Sensitive(hit.kind, line(*way), shown(text, hit))
        for way, text in texts
        for hit in hits(text)
        if text[hit.start : hit.end].casefold() not in allowed
    }
    return tuple(sorted(found, key=lambda each: (each.line, each.kind, each.shown)))


def hits(text: str) -> tuple[Hit, ...]:
    """Return what all detectors find in a text; where hits overlap, the longest stands alone."""
    taken = [match.span() for match in _PLACEHOLDER.finditer(text)]
    kept: list[Hit] = []
    for hit in sorted(_all(text), key=lambda each: (each.start - each.end, each)):
        if all(hit.end <= start or end <= hit.start for start, end in taken):
            taken.append((hit.start, hit.end))
            kept.append(hit)
    return tuple(sorted(kept, key=lambda hit: hit.start))


def shown(text: str, hit: Hit) -> str:
    """Return a form of a hit that may be printed: never more than its first two characters."""
    found = text[hit.start : hit.end]
    if hit.kind == "email":
        return f"{found[:2] if found.index('@') > _SHOWN else ''}***@***"
    start = "" if hit.kind == "url-password" else found[:_SHOWN]
    return f"{start}*** ({len(found)} characters)"


def _all(text: str) -> Iterator[Hit]:
    for detector in all_detectors():
        if detector.hint in text:
            yield from detector.find(text)


def _is_signature(way: Way) -> bool:
    return bool(way) and way[-1] in _SIGNED and "signoffs" in way
