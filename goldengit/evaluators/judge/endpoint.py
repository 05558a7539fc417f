"""The endpoint of judges, as the environment names it.

`GOLDENGIT_JUDGE_BASE_URL` and `GOLDENGIT_JUDGE_API_KEY`; without the first, `OPENAI_BASE_URL`. The
key `OPENAI_API_KEY` goes to `OPENAI_BASE_URL` alone: a key is never sent where it does not belong.
There is no address by default, since a judge shows the rows to whoever stands behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from goldengit.errors import CannotJudgeError
from goldengit.models.verdict import Cost

BASE_URL, API_KEY = "GOLDENGIT_JUDGE_BASE_URL", "GOLDENGIT_JUDGE_API_KEY"
OTHER_BASE_URL, OTHER_API_KEY = "OPENAI_BASE_URL", "OPENAI_API_KEY"
INPUT_PRICE, OUTPUT_PRICE = "GOLDENGIT_JUDGE_INPUT_PRICE", "GOLDENGIT_JUDGE_OUTPUT_PRICE"
_MILLION = 1_000_000


@dataclass(frozen=True)
class Endpoint:
    """Where completions are asked for, and with what."""

    url: str
    headers: Mapping[str, str] = field(repr=False)


def endpoint(environment: Mapping[str, str]) -> Endpoint:
    """Return the endpoint, or raise CannotJudgeError. No value is ever part of a message."""
    own = environment.get(BASE_URL, "").strip()
    base = own or environment.get(OTHER_BASE_URL, "").strip()
    key = environment.get(API_KEY, "").strip()
    if not own:
        key = key or environment.get(OTHER_API_KEY, "").strip()
    name = BASE_URL if own else OTHER_BASE_URL
    if not base:
        raise CannotJudgeError(
            "A judge needs an endpoint, and none is named.",
            remedy=f"Set {BASE_URL} to an OpenAI-compatible address (…/v1), and {API_KEY}.",
        )
    if not _plain(base):
        raise CannotJudgeError(
            f"{name} is no address of an endpoint.",
            remedy="It looks like https://host/v1, without a password, a query or a fragment.",
        )
    if not all("!" <= letter <= "~" for letter in key):
        raise CannotJudgeError(
            f"The key beside {name} holds a character that no header may carry.",
            remedy="Set it again, without line breaks and blanks.",
        )
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Endpoint(f"{base.rstrip('/')}/chat/completions", headers)


def _plain(base: str) -> bool:
    try:
        parts = urlsplit(base)
    except ValueError:
        return False
    extra = parts.query or parts.fragment or parts.username is not None
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and not extra


def money(cost: Cost, environment: Mapping[str, str]) -> float | None:
    """Return what tokens cost, in the currency of the prices, None when no price is set.

    The two variables hold the price of a million tokens. Prices belong to the endpoint and not to
    the evaluator: a new price list must not void a calibration.
    """
    prices = [environment.get(name, "").strip() for name in (INPUT_PRICE, OUTPUT_PRICE)]
    if not all(prices):
        return None
    try:
        given, back = (float(price) for price in prices)
    except ValueError:
        raise CannotJudgeError(
            f"{INPUT_PRICE} and {OUTPUT_PRICE} must be numbers: the price of a million tokens."
        ) from None
    return (cost.input_tokens * given + cost.output_tokens * back) / _MILLION
