"""Kinship: by what two cases are recognised as one matter, so that one must not measure the other.

Whoever was shown a case knows its successor, the other turns of its conversation, and every case
that asks the same (statistics 10.3).
"""

from collections.abc import Mapping

from goldengit.models.case import Case
from goldengit.models.digest import digest_of
from goldengit.models.facts import Closure
from goldengit.models.lifecycle import chain

Mark = tuple[str, str]  # what two cases share, and its value
INPUT = "input"


def marks(closures: Mapping[str, Closure], case_id: str, case: Case | None) -> list[Mark]:
    """Return the marks of a case; only the first is known of one that cannot be read."""
    line = ("line of supersessions", [case_id, *chain(closures, case_id)][-1])
    if case is None:
        return [line]
    return [line, ("group", case.group or case.id), (INPUT, digest_of(case.input))]
