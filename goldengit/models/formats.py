"""Formats: what the keyword `format` of JSON Schema asserts, the same on every machine."""

import re
from collections.abc import Callable
from datetime import date, time
from functools import cache
from typing import Any

from goldengit.models.pattern import compiled, utf8

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"([0-9]{2}:[0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"


def _is_date(text: str) -> bool:
    return bool(re.fullmatch(_DATE, text)) and bool(date.fromisoformat(text))


def _is_time(text: str) -> bool:
    """RFC 3339: seconds and an offset are needed; a leap second only ends a day of UTC."""
    found = re.fullmatch(_TIME, text)
    if not found:
        return False
    clock, second, sign, hours, minutes = found.groups()
    start = time.fromisoformat(clock)
    offset = time(int(hours or 0), int(minutes or 0))
    away = (offset.hour * 60 + offset.minute) * (1 if sign == "-" else -1)
    ends_day = (start.hour * 60 + start.minute + away) % 1440 == 1439  # noqa: PLR2004 minutes
    return second < "60" or (second == "60" and ends_day)


def _is_date_time(text: str) -> bool:
    return text[10:11] in {"T", "t"} and _is_date(text[:10]) and _is_time(text[11:])


def _is_email(text: str) -> bool:
    """The plain form of RFC 5321, without comments, quotes and address literals."""
    atoms = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
    label = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    return bool(compiled(rf"^{atoms}(?:\.{atoms})*@{label}(?:\.{label})*$").search(utf8(text)))


def _is_ipv4(text: str) -> bool:
    from ipaddress import IPv4Address

    return bool(IPv4Address(text))


def _is_ipv6(text: str) -> bool:
    from ipaddress import IPv6Address

    return not IPv6Address(text).scope_id


def _is_uuid(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text))


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "email": _is_email,
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
    "time": _is_time,
    "uuid": _is_uuid,
}


@cache
def format_checker() -> Any:
    """Return a checker of just these formats; the library's depends on what else is installed."""
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name, check in FORMATS.items():
        checker.checks(name, raises=ValueError)(_of_text(check))
    return checker


def _of_text(check: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda instance: not isinstance(instance, str) or check(instance)
