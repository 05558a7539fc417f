"""Telephone numbers: the international form of ITU-T E.164, and the North American one."""

import re
from collections.abc import Iterator

from goldengit.detectors.base import Detector, Hit

_NUMBER = re.compile(
    r"(?<![\w+])\+[1-9](?:[ .()/-]{0,2}[0-9]){9,14}(?![\w])"
    r"|(?<![\w.+-])(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[-.])"
    r"[2-9][0-9]{2}[-.][0-9]{4}(?![\w-]|\.[0-9])",
    re.ASCII,
)
_FICTION = re.compile(r"55501[0-9]{2}$", re.ASCII)  # reserved by the numbering plan for stories


class Phone(Detector):
    """Numbers with a `+` and at least ten digits, or grouped as in North America."""

    kind = "phone"

    def find(self, text: str) -> Iterator[Hit]:
        """Yield every number that could be somebody's."""
        for match in _NUMBER.finditer(text):
            digits = "".join(filter(str.isdigit, match[0]))
            if not _FICTION.search(digits):
                yield Hit(self.kind, *match.span())
