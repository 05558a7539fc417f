"""Which slices a case belongs to."""

from typing import Any

import pytest

from goldengit.models.dataset import Slice
from goldengit.models.slices import belongs, slices_of

CASE = {
    "severity": "critical",
    "metadata": {"feature": "refunds", "release": None, "extra": {"turns": 3, "vip": True}},
    "labels": [{"failure_mode": "wrong-tool"}],
}


@pytest.mark.parametrize(
    ("where", "inside"),
    [
        ({"severity": "critical"}, True),
        ({"metadata.feature": "refunds"}, True),
        ({"metadata.feature": "billing"}, False),
        ({"metadata.feature": "refunds", "severity": "low"}, False),
        ({"metadata.extra.turns": 3}, True),
        ({"metadata.extra.turns": 3.0}, True),
        ({"metadata.extra.turns": "3"}, False),
        ({"metadata.extra.vip": True}, True),
        ({"metadata.extra.vip": 1}, False),
        ({"metadata.extra": {"vip": True, "turns": 3}}, True),
        ({"metadata.release": None}, True),
        ({"metadata.unheard": None}, True),
        ({"metadata.unheard": "x"}, False),
        ({"severity.more": "critical"}, False),
        ({"labels.0": None}, True),
        ({}, True),
    ],
)
def test_every_named_field_has_the_value(where: dict[str, Any], inside: bool) -> None:
    """Values are compared as JSON; what is left out is null."""
    assert inside == belongs(CASE, Slice(name="one", where=where))


def test_slices_come_in_the_order_of_their_declaration() -> None:
    wanted = [
        Slice(name="urgent", where={"severity": "critical"}),
        Slice(name="billing", where={"metadata.feature": "billing"}),
        Slice(name="all", where={}),
    ]
    assert ("urgent", "all") == slices_of(CASE, wanted)
