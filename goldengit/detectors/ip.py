"""Public IP addresses, version 4 and 6. Private, local and documentation ranges are nobody's."""

import ipaddress
import re
from collections.abc import Iterator

from goldengit.detectors.base import Detector, Hit

_ADDRESS = re.compile(
    r"(?<![\w.:-])(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|\.[0-9])"
    r"|[23][0-9a-f]{3}:(?:[0-9a-f]{0,4}:){1,6}[0-9a-f]{0,4}(?![\w:]))",
    re.ASCII | re.IGNORECASE,
)


class IpAddress(Detector):
    """Addresses that the public internet routes: RFC 6890 says which it does not."""

    kind = "ip"

    def find(self, text: str) -> Iterator[Hit]:
        """Yield every public address."""
        for match in _ADDRESS.finditer(text):
            try:
                public = ipaddress.ip_address(match[0]).is_global
            except ValueError:
                continue
            if public:
                yield Hit(self.kind, *match.span())
