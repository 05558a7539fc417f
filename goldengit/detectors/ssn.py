"""United States social security numbers, as the Social Security Administration issues them."""

import re
from collections.abc import Iterator

from goldengit.detectors.base import Detector, Hit

# Never issued: area 000, 666 and 900 to 999, group 00, serial 0000.
_NUMBER = re.compile(
    r"(?<![\w.-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![\w-]|\.[0-9])", re.ASCII
)


class SocialSecurityNumber(Detector):
    """Numbers in the written form `AAA-GG-SSSS`; nine digits in a row could be anything."""

    kind = "ssn"

    def find(self, text: str) -> Iterator[Hit]:
        """Yield every number that could have been issued."""
        for match in _NUMBER.finditer(text):
            yield Hit(self.kind, *match.span())
