"""Payment card numbers: the ranges that the networks issue, and the check digit of ISO/IEC 7812."""

import re
from collections.abc import Iterator

from goldengit.detectors.base import Detector, Hit

_DIGITS = re.compile(r"(?<![\w.+-])[2-6][0-9](?:[ -]?[0-9]){11,17}(?![\w-]|\.[0-9])", re.ASCII)
_ISSUED = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"  # Visa
    r"|5[1-5][0-9]{14}"  # Mastercard
    r"|(?:222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"  # its newer range
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5]|[68][0-9])[0-9]{11}"  # Diners Club
    r"|(?:6011|65[0-9]{2}|64[4-9][0-9])[0-9]{12}"  # Discover
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"  # JCB
    r"|62[0-9]{14,17}",  # UnionPay
    re.ASCII,
)


def luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004
    return total % 10 == 0


class Card(Detector):
    """Numbers of payment cards, written together or in groups."""

    kind = "card"

    def find(self, text: str) -> Iterator[Hit]:
        """Yield every number that a card network could have issued."""
        for match in _DIGITS.finditer(text):
            digits = match[0].replace(" ", "").replace("-", "")
            if _ISSUED.fullmatch(digits) and luhn(digits):
                yield Hit(self.kind, *match.span())
