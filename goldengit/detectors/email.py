"""E-mail addresses, as RFC 5322 has them in practice: no quoted local part, no bare host."""

import re
from collections.abc import Iterator

from goldengit.detectors.base import Detector, Hit

_ADDRESS = re.compile(
    r"(?<![\w.+%-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@"
    r"((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z][A-Za-z0-9-]{1,62})(?![\w@-])"
)

# RFC 2606 and RFC 6761 reserve these names; nobody receives mail there.
_NOBODY = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid|localhost)$", re.IGNORECASE
)


class Email(Detector):
    """Addresses of a mailbox; those under a domain reserved for examples are nobody's."""

    kind = "email"
    hint = "@"

    def find(self, text: str) -> Iterator[Hit]:
        """Yield every address that could receive mail."""
        for match in _ADDRESS.finditer(text):
            if not _NOBODY.search(match[1]):
                yield Hit(self.kind, *match.span())
