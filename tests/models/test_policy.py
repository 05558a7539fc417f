"""Policy: who held what when, which keys are spoilt, whose address it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.generate import POLICY
from goldengit.models.policy import Person, Policy, normal_address

DAYS = [f"2022-01-{day:02}" for day in range(1, 29)]
days = st.sampled_from(DAYS)
roles = st.sampled_from(["labeler", "confirmer", "maintainer"])
terms = st.fixed_dictionaries({"role": roles, "valid_to": days}, optional={"valid_from": days})
people = st.fixed_dictionaries(
    {"roles": st.lists(roles, min_size=1, max_size=2)},
    optional={"valid_from": days, "valid_to": days, "former_roles": st.lists(terms, max_size=3)},
).map(Person.model_validate)


def _held(person: Person, role: str, day: str) -> bool:
    """Say it once more, plainly."""
    if person.valid_from and day < person.valid_from:
        return False
    if role in person.roles and not (person.valid_to and day > person.valid_to):
        return True
    return any(
        term.role == role and (term.valid_from or day) <= day <= term.valid_to
        for term in person.former_roles
    )


@given(people, roles, days)
def test_a_role_is_held_on_the_days_of_its_terms(person: Person, role: str, day: str) -> None:
    assert person.holds(role, day) == _held(person, role, day)
    assert person.holds(role, f"{day}T23:59:59Z") == person.holds(role, day)


@given(people, roles, days, days)
def test_held_throughout_is_held_on_every_day_between(
    person: Person, role: str, one: str, two: str
) -> None:
    first, last = sorted((one, two))
    if person.holds_throughout(role, first, last):
        assert all(person.holds(role, day) for day in DAYS if first <= day <= last)


def test_a_gap_between_two_terms_is_not_held_throughout() -> None:
    former = [
        {"role": "labeler", "valid_from": "2022-01-01", "valid_to": "2022-01-05"},
        {"role": "labeler", "valid_from": "2022-01-10", "valid_to": "2022-01-20"},
    ]
    person = Person.model_validate({"roles": ["confirmer"], "former_roles": former})
    assert person.holds("labeler", "2022-01-04")
    assert person.holds("labeler", "2022-01-12")
    assert not person.holds_throughout("labeler", "2022-01-04", "2022-01-12")
    assert person.holds_throughout("labeler", "2022-01-10", "2022-01-20")


def _with_key(**fields: Any) -> Policy:
    key = {"key": f"ssh-ed25519 {'A' * 68}", **fields}
    owner = POLICY["roster"]["reviewer-1"] | {"keys": [key]}
    return Policy.model_validate(POLICY | {"roster": POLICY["roster"] | {"reviewer-1": owner}})


@pytest.mark.parametrize(
    ("fields", "spoilt"),
    [
        ({}, [False, False, False]),
        ({"revoked_at": "2026-01-02T00:00:00Z"}, [False, True, True]),
        ({"compromised_since": "2026-01-02T00:00:00Z"}, [True, True, True]),
        ({"valid_to": "2026-01-01"}, [False, False, False]),
    ],
)
def test_a_key_is_spoilt_from_its_revocation_on_or_altogether(
    fields: dict[str, str], spoilt: list[bool]
) -> None:
    policy = _with_key(**fields)
    moments = ("2026-01-01T23:59:59Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")
    assert [policy.is_spoilt("A" * 68, at) for at in moments] == spoilt
    assert policy.spoilt_keys == (frozenset({"A" * 68}) if any(spoilt) else frozenset())
    assert not policy.is_spoilt("B" * 68, moments[2])
    assert not policy.is_spoilt("", moments[2])


@given(st.text(), st.text())
def test_normal_addresses_stay_themselves(local: str, domain: str) -> None:
    once = normal_address(f"{local}@{domain}")
    assert normal_address(once) == once


def test_aliases_of_one_mailbox_are_one() -> None:
    spelt = [
        "r.one@example.org",
        "R.One+x@Example.org",
        " rone@example.org ",
        "r.o.n.e+a+b@example.org",
    ]
    assert {normal_address(one) for one in spelt} == {"rone@example.org"}
    assert normal_address("two@example.org") != normal_address("two@example.com")
