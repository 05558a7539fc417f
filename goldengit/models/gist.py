"""Gist: as much of a golden case as the rules about evaluators ask.

A calibration may name a hundred thousand cases, and a dozen rules ask about each. They are read
once, one after the other, and only this much of them is kept (DECISIONS 26).
"""

from dataclasses import dataclass

from goldengit.models.label import Settlement


@dataclass(frozen=True, slots=True)
class Gist:
    """What is known of one golden case on one failure mode.

    A tombstone, and what cannot be read, has a `digest` alone ("" in the latter case). `group` is
    what the split hashes, `input` the digest of the input. `labelled_at` is the time of the latest
    label of a person on the failure mode, `golden_since` that of the latest signoff of the
    promotion; "" where there is none.
    """

    digest: str
    readable: bool = False
    active: bool = False
    people: Settlement | None = None
    group: str = ""
    input: str = ""
    labelled_at: str = ""
    golden_since: str = ""
    valid_until: str | None = None
