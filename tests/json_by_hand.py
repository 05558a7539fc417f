"""Canonical JSON, a second time: written from RFC 8785 and ECMA-262 `Number::toString`."""

import json
from typing import Any


def by_hand(value: Any) -> str:
    """Return the canonical JSON of a value, without the library that the program uses."""
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float():
            return number_by_hand(float(value))
        case list():
            return f"[{','.join(map(by_hand, value))}]"
        case _:
            pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
            return f"{{{','.join(f'{by_hand(key)}:{by_hand(item)}' for key, item in pairs)}}}"


def number_by_hand(value: float) -> str:
    """Return a double as ECMAScript writes it: shortest digits, then the place of the point."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = f"{whole}{fraction}"
    point = len(whole) + int(power or 0) - (len(digits) - len(digits.lstrip("0")))
    digits = digits.strip("0")
    if len(digits) <= point <= 21:
        text = digits.ljust(point, "0")
    elif 0 < point <= 21:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        text = f"{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{point - 1:+d}"
    return f"{sign}{text}"
