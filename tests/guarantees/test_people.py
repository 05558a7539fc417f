"""GG404 and GG824: the roster's accounts, and who owns which files."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.guarantees.gg824_bad_codeowners import without_owner
from goldengit.models.settings import (
    Known,
    Member,
    OwnersError,
    OwnersFile,
    Part,
    State,
)
from tests import standard
from tests.guarantees.settings import (
    BOT,
    BOT_ACCOUNT,
    HIDDEN,
    PERSONS,
    diagnosed,
    policy,
    settings,
    states,
)

WRITER = Known("write")


def with_account(part: Part[Member | None]) -> dict[int, Part[Member | None]]:
    """Return the accounts, the first reviewer's replaced."""
    return {**PERSONS, BOT: BOT_ACCOUNT, 101: part}


def member(login: str = "reviewer-1", **changes: Any) -> Known[Member | None]:
    """Return an account of a writer."""
    return Known(replace(Member(login, is_person=True, permission=WRITER), **changes))


@pytest.mark.parametrize(
    ("part", "state"),
    [
        (Known(None), State.FAIL),
        (HIDDEN, State.UNKNOWN),
        (member(is_person=False), State.FAIL),
        (member(permission=Known("read")), State.FAIL),
        (member(permission=Known("none")), State.FAIL),
        (member(permission=HIDDEN), State.UNKNOWN),
        (member("a-new-name"), State.WARNING),
    ],
)
def test_an_account_that_is_not_as_the_roster_says(part: Part[Member | None], state: State) -> None:
    """Missing, hidden, a bot's, without write access, renamed: one line for this account."""
    found = diagnosed(settings(accounts=with_account(part)), code="GG404")
    assert [("reviewer-1 exists and may write", state)] == [(o.guarantee, o.state) for o in found]


def test_t20_a_new_login_is_named() -> None:
    (one,) = diagnosed(settings(accounts=with_account(member("a-new-name"))), code="GG404")
    assert "login: a-new-name" in one.remedy


def test_a_login_is_compared_without_case() -> None:
    assert [State.OK] == states(settings(accounts=with_account(member("Reviewer-1"))), "GG404")


def test_a_renamed_account_without_write_access_is_both() -> None:
    part = member("a-new-name", permission=Known("read"))
    found = states(settings(accounts=with_account(part)), "GG404")
    assert [State.WARNING, State.FAIL] == found


def test_whoever_has_left_is_not_asked_for() -> None:
    """An account of a person whose time has ended may be gone."""
    roster = standard.policy()["roster"]
    roster["reviewer-1"]["valid_to"] = "2026-08-19"
    found = settings(accounts=with_account(Known(None)))
    assert [State.OK] == states(found, "GG404", policy(roster=roster))


@pytest.mark.parametrize(
    ("accept", "state"),
    [(["github-review", "ssh-signature"], State.WARNING), (["ssh-signature"], State.OK)],
)
def test_a_roster_without_accounts_cannot_approve(accept: list[str], state: State) -> None:
    roster = standard.policy()["roster"]
    for person in roster.values():
        del person["accounts"]
    without = policy(roster=roster, signoffs={"accept": accept})
    assert [state] == states(settings(), "GG404", without)


# -- CODEOWNERS ----------------------------------------------------------------------------


PATHS = (
    "datasets/", "evaluators/", "goldengit.yaml", ".github/", ".pre-commit-config.yaml",
    "prek.toml", ".gitattributes", "schemas/",
)  # fmt: skip
WHOLE = "".join(f"/{path} @org/team\n" for path in PATHS)


def unowned(text: str, place: str = ".github/CODEOWNERS") -> list[str]:
    """Return what has no owner."""
    return without_owner(OwnersFile(place, text), policy())


def test_a_file_that_names_every_path_is_enough() -> None:
    assert [] == unowned(WHOLE)


@pytest.mark.parametrize("path", PATHS)
def test_each_path_is_missed(path: str) -> None:
    """Without its line a path has no owner; that of `.github/` also covers the file itself."""
    lines = WHOLE.replace(f"/{path} @org/team\n", "")
    own = [".github/CODEOWNERS"] if path == ".github/" else []
    assert [path, *own] == unowned(lines)


@pytest.mark.parametrize(
    "line",
    ["* @a", "** @a", "/** @a", "datasets @a", "/datasets @a", "datasets/ @a", "/datasets/** @a",
     "datasets/** someone@example.org", "/datasets/ @a # a comment", "/data*/ @a"],
)  # fmt: skip
def test_patterns_that_cover_a_folder(line: str) -> None:
    assert "datasets/" not in unowned(line)


@pytest.mark.parametrize(
    "line",
    ["/datasets/* @a", "datasets/*/golden/ @a", "*.yaml @a", "/* @a", "/ @a", "/datasets/",
     "# /datasets/ @a", "/datasets/ # @a", "/other/datasets/ @a", "datasets/support/ @a",
     "/datasets/**/x @a", "/DATASETS/ @a"],
)  # fmt: skip
def test_patterns_that_do_not_cover_a_folder(line: str) -> None:
    assert "datasets/" in unowned(line)


@pytest.mark.parametrize(
    "line",
    ["/datasets/support/", "*.yaml", "README.md", "/datasets/**/golden/", "**/x.yaml", "*",
     "/data\\sets/support/"],
)  # fmt: skip
def test_a_later_line_that_takes_the_owner_of_a_part_away(line: str) -> None:
    """The last matching line decides, and one without owners leaves none."""
    assert "datasets/" in unowned(f"{WHOLE}{line}\n")
    assert [] == unowned(f"{line}\n{WHOLE}")


@pytest.mark.parametrize("line", ["/docs/", "/goldengit.yaml.md", "/docs/**/x"])
def test_a_later_line_about_something_else_takes_nothing_away(line: str) -> None:
    assert [] == unowned(f"{WHOLE}{line}\n")


def test_files_are_matched_by_their_name() -> None:
    assert "goldengit.yaml" not in unowned("*.yaml @a")
    assert "goldengit.yaml" not in unowned("/* @a")
    assert "goldengit.yaml" in unowned("/docs/goldengit.yaml @a")
    assert "goldengit.yaml" in unowned("goldengit-yaml @a")


def test_the_file_itself_must_be_owned() -> None:
    assert ["CODEOWNERS"] == unowned(WHOLE, "CODEOWNERS")


def test_paths_that_the_policy_protects_must_be_owned() -> None:
    by = policy(protected_paths=["uv.lock"])
    assert ["uv.lock"] == without_owner(OwnersFile(".github/CODEOWNERS", WHOLE), by)


@given(st.text(alphabet="*/?.#@\\ \n\tdatsegolnhubiy-", max_size=80))
def test_no_text_is_an_error_and_none_without_an_owner_owns(text: str) -> None:
    """Any text is read, and without an `@` everything is missing."""
    missing = unowned(text)
    assert "@" in text or len(missing) == len(PATHS) + 1


def test_errors_of_the_file_fail() -> None:
    found = settings(owners_errors=Known((OwnersError(3, "Unknown owner"),)))
    one = diagnosed(found, code="GG824")[0]
    assert (State.FAIL, "line 3: Unknown owner") == (one.state, one.found)


def test_many_errors_are_counted() -> None:
    found = settings(owners_errors=Known(tuple(OwnersError(n, "Bad") for n in range(1, 10))))
    assert diagnosed(found, code="GG824")[0].found.endswith(" and 6 more")


def test_no_file_fails_once() -> None:
    assert [State.FAIL] == states(settings(owners=None), "GG824")
