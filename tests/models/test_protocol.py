"""Which labels are held out follows from their number and a hash, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.policy import HeldOut
from goldengit.models.protocol import fractions, looks_allowed, part_of, protocol_for

RULE = HeldOut()
GROUPS = st.text(min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("labels", "protocol"),
    [(0, "blind"), (29, "blind"), (30, "two-way"), (59, "two-way"), (60, "three-way")],
)
def test_the_number_of_labels_decides_the_protocol(labels: int, protocol: str) -> None:
    assert protocol_for(labels, RULE, "split") == protocol


def test_blind_is_allowed_at_any_size() -> None:
    assert protocol_for(1000, RULE, "blind") == "blind"


def test_blind_holds_everything_out_and_allows_one_look() -> None:
    assert {part_of("judge-a", f"case-{at}", "blind", RULE) for at in range(50)} == {"heldout"}
    assert looks_allowed("blind", 3) == 1
    assert looks_allowed("three-way", 3) == 3


@pytest.mark.parametrize(
    ("protocol", "shares"),
    [("two-way", {"dev": 0.40}), ("three-way", {"train": 0.15, "dev": 0.42})],
)
def test_large_sets_come_near_the_declared_shares(protocol: str, shares: dict[str, float]) -> None:
    parts = [part_of("judge-a", f"case-{at}", protocol, RULE) for at in range(4000)]  # type: ignore[arg-type]
    for part, share in shares.items():
        assert parts.count(part) / 4000 == pytest.approx(share, abs=0.03)  # type: ignore[arg-type]


@given(GROUPS, st.sampled_from(["blind", "two-way", "three-way"]))
def test_a_group_falls_into_the_same_part_for_ever(group: str, protocol: str) -> None:
    first = part_of("judge-a", group, protocol, RULE)  # type: ignore[arg-type]
    assert part_of("judge-a", group, protocol, RULE) == first  # type: ignore[arg-type]
    assert first in {"heldout", *fractions(protocol, RULE)}  # type: ignore[arg-type]
