"""GitHub promises every field that is read: its OpenAPI has each under the answer's own name."""

from itertools import chain

import pytest

from goldengit.forge import rows
from goldengit.forge.client import ForgeError
from tests.forge.promises import parts, unpromised

ROOT = "/repos/{owner}/{repo}"
READ: list[tuple[type[rows.Row], str]] = [
    (rows.HomeRow, f"GET {ROOT}"),
    (rows.PullRow, f"GET {ROOT}/pulls"),
    (rows.PullRow, f"GET {ROOT}/pulls/{{pull_number}}"),
    (rows.PullRow, f"GET {ROOT}/commits/{{commit_sha}}/pulls"),
    (rows.CommitRow, f"GET {ROOT}/pulls/{{pull_number}}/commits"),
    (rows.ReviewRow, f"GET {ROOT}/pulls/{{pull_number}}/reviews"),
    (rows.StatusRow, f"GET {ROOT}/commits/{{ref}}/statuses"),
    (rows.StatusRow, f"POST {ROOT}/statuses/{{sha}}"),
    (rows.ActivityRow, f"GET {ROOT}/activity"),
    (rows.PermissionRow, f"GET {ROOT}/collaborators/{{username}}/permission"),
    (rows.EventRow, f"GET {ROOT}/issues/{{issue_number}}/events"),
]


@pytest.mark.real_data
@pytest.mark.parametrize(("model", "operation"), READ, ids=lambda value: str(value)[-40:])
def test_github_promises_every_field_that_is_read(
    model: type[rows.Row], operation: str, real_data: object
) -> None:
    """A field that is only sometimes there would one day be missing."""
    assert real_data
    assert unpromised(model, operation) == set()


def test_every_row_of_rest_is_held_against_an_operation() -> None:
    """GraphQL's rows have a module of their own; it has no OpenAPI."""
    ours = {one for one in rows.Row.__subclasses__() if one.__module__ == rows.__name__}
    assert ours == {*chain.from_iterable(parts(model) for model, _ in READ)}


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"id": 1},
        {"id": "1", "login": "x", "type": "User"},
        {"id": 1, "login": None, "type": "User"},
        {"id": True, "login": "x", "type": "User"},
        {"id": 1.5, "login": "x", "type": "User"},
    ],
)
def test_what_is_missing_or_of_another_type_is_an_error(value: object) -> None:
    """Never a default."""
    with pytest.raises(ForgeError, match="about an account is not as documented"):
        rows.read(rows.UserRow, value, "an account")


def test_other_fields_are_not_looked_at() -> None:
    """GitHub adds some every month."""
    row = rows.read(rows.UserRow, {"id": 1, "login": "x", "type": "User", "new": []}, "an account")
    assert row.actor().is_person


@pytest.mark.parametrize("kind", ["Bot", "Mannequin", "Organization", "user", ""])
def test_only_a_user_is_a_person(kind: str) -> None:
    """T21: whatever else there may be."""
    row = rows.read(rows.UserRow, {"id": 1, "login": "x", "type": kind}, "an account")
    assert not row.actor().is_person


@pytest.mark.parametrize(
    "moment",
    ["2026-06-01T09:00:00+00:00", "2026-06-01T09:00:00.5Z", "2026-06-01 09:00:00Z", "9", ""],
)
def test_times_are_whole_seconds_in_utc(moment: str) -> None:
    """They are compared as text, which holds for one form alone."""
    with pytest.raises(ForgeError, match="created_at"):
        rows.read(rows.EventRow, {"event": "x", "created_at": moment}, "an event")
