"""Accounts of the roster, looked up by login and recognised by their numeric id."""

from dataclasses import dataclass
from urllib.parse import quote

from goldengit.forge.client import ForbiddenError, GitHub, NotFoundError
from goldengit.forge.rows import UserRow, read
from goldengit.models.policy import Account, Person
from goldengit.models.pull import Actor


@dataclass(frozen=True, slots=True)
class Found:
    """The account of a person on this host; None, and then `problem` says why."""

    person: str
    account: Actor | None
    problem: str = ""


def account_of(github: GitHub, person: str, entry: Person | None) -> Found:
    """Return the account of a person of the roster, if its login still is theirs.

    Logins can be renamed and taken by strangers; only the numeric id is compared.
    """
    host = github.place.host
    mine = [one for one in (entry.accounts if entry else ()) if one.host == host and one.login]
    if not mine:
        return Found(person, None, f"The roster names no login of {person} on {host}.")
    problem = ""
    for account in mine:
        actor, why = _looked_up(github, person, account)
        if actor is not None:
            return Found(person, actor)
        problem = problem or why
    return Found(person, None, problem)


def own_account(github: GitHub) -> int | None:
    """Return whose token it is; None for the token of an app, which may not ask."""
    try:
        return read(UserRow, github.get("/user"), "the account of the token").id
    except (ForbiddenError, NotFoundError):
        return None


def _looked_up(github: GitHub, person: str, account: Account) -> tuple[Actor | None, str]:
    """Return the account behind a login, or why it is not this one."""
    login = account.login or ""
    try:
        row = read(UserRow, github.get(f"/users/{quote(login, safe='')}"), f"{login}'s account")
    except NotFoundError:
        return None, f"{person}'s account {login} does not exist any more; it may be renamed."
    if row.id != account.id:
        return None, (
            f"The login {login} belongs to account {row.id}, and {person}'s is {account.id}: it "
            "was renamed."
        )
    actor = row.actor()
    return (actor, "") if actor.is_person else (None, f"{login} is no person's account.")
