"""International bank account numbers: ISO 13616, with the check of ISO/IEC 7064 (mod 97-10)."""

import re
from collections.abc import Iterator

from goldengit.detectors.base import Detector, Hit

_START = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2})[0-9]{2}(?= ?[A-Z0-9]{4})", re.ASCII)
_SIGN = re.compile(r"[A-Z0-9]", re.ASCII)

# The length of an IBAN in each country of the registry that SWIFT keeps.
_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE KZ LT LU XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU",
    31: "MT SC",
    32: "LC",
}
_LENGTH = {country: length for length, line in _LENGTHS.items() for country in line.split()}


class Iban(Detector):
    """Account numbers, written together or in groups of four."""

    kind = "iban"

    def find(self, text: str) -> Iterator[Hit]:
        """Yield every account number whose length and check digits are right."""
        for match in _START.finditer(text):
            end = _end(text, match.start(), _LENGTH.get(match[1], 0))
            if end and _checks(text[match.start() : end].replace(" ", "")):
                yield Hit(self.kind, match.start(), end)


def _end(text: str, start: int, length: int) -> int:
    """Return where `length` signs, grouped by single spaces, end; 0 when they do not."""
    at, signs = start, 0
    while signs < length:
        if text[at : at + 1] == " " and signs % 4 == 0 and signs:
            at += 1
        if not _SIGN.match(text, at):
            return 0
        at, signs = at + 1, signs + 1
    return 0 if text[at : at + 1].isalnum() else at


def _checks(account: str) -> bool:
    turned = account[4:] + account[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
