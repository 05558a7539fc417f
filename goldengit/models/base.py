"""What every noun that stands in a file has in common."""

from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

T = TypeVar("T")


class Noun(BaseModel):
    """A strict, frozen record: no coercion, no unknown key, no NaN.

    Validators are built when they are first needed, and default values made without one
    (`model_construct`): together they would cost every start of the program some 50 ms.
    """

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True
    )


def _on_a_real_day(text: str) -> str:
    date.fromisoformat(text[:10])  # ValueError: day is out of range for month
    return text


# A YAML sequence arrives as a list; the noun keeps it as a tuple. Only the container is lax,
# its items are as strict as everything else.
Many = Annotated[tuple[T, ...], Field(strict=False)]

Text = Annotated[str, StringConstraints(min_length=1)]

# `[0-9]` rather than `\d`, and anchors that pydantic's Rust engine reads as whole-string.
_NAME = r"^[a-z0-9][a-z0-9-]{1,62}$"
_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_DAY = rf"^{_DATE}$"
_MOMENT = rf"^{_DATE}{_CLOCK}Z$"
_INSTANT = rf"^{_DATE}{_CLOCK}(\.[0-9]{{1,9}})?Z$"
# `<UTC day the row entered the queue>-<slug of its feature>-<6 hex>`, ASCII only.
_CASE_ID = rf"^{_DATE}-[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{{6}}$"
_DIGEST = r"^sha256:[0-9a-f]{64}$"

# What each pattern asks for, in words that a message can use.
PATTERNS = {
    _NAME: "a name of 2 to 63 lower-case letters, digits and hyphens",
    _DAY: 'a day such as "2026-05-23"',
    _MOMENT: 'a UTC time such as "2026-05-23T08:00:00Z"',
    _INSTANT: 'a UTC time such as "2026-05-23T08:00:00Z"',
    _CASE_ID: 'a case id such as "2026-05-23-analyst-answers-7f3a9c"',
    _DIGEST: "`sha256:` and 64 hex digits",
}

Name = Annotated[str, StringConstraints(pattern=_NAME)]
# What people do is dated to the whole second, so that moments compare as text. Machines may be
# more exact (`Instant`); instants are shown, never compared.
Moment = Annotated[str, StringConstraints(pattern=_MOMENT), AfterValidator(_on_a_real_day)]
Instant = Annotated[str, StringConstraints(pattern=_INSTANT), AfterValidator(_on_a_real_day)]
Day = Annotated[str, StringConstraints(pattern=_DAY), AfterValidator(_on_a_real_day)]
CaseId = Annotated[
    str, StringConstraints(max_length=80, pattern=_CASE_ID), AfterValidator(_on_a_real_day)
]
Digest = Annotated[str, StringConstraints(pattern=_DIGEST)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=0)]
