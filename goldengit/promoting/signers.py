"""Who signs, and as what: the claims that an edit writes down."""

from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Any, get_args

from goldengit.errors import UsageError
from goldengit.models.change import File
from goldengit.models.policy import Policy
from goldengit.models.signoff import Role

Value = dict[str, Any]
Signer = tuple[str, Role]  # a person of the roster, and as what they sign

PAIR: tuple[Role, ...] = ("labeler", "confirmer")
ERASING: tuple[Role, ...] = ("maintainer", "labeler", "confirmer")


def named(words: Sequence[str], policy: Policy, now: str, wanted: Sequence[Role]) -> list[Signer]:
    """Return person and role of each word: `person`, or `person:role`.

    A role that is not said is given out: the first way in which everybody holds theirs at `now`
    and as many of the `wanted` roles as there are persons are taken, in that order. Raises
    UsageError for a person that the roster does not have or a role that does not exist.
    """
    said = [_split(word, policy) for word in words]
    silent = [person for person, role in said if not role]
    taken = {role for _, role in said}
    rest = [role for role in wanted if role not in taken]
    given = iter(_given_out(silent, rest, policy, now))
    return [(person, role if role is not None else next(given)) for person, role in said]


def or_those_of(words: Sequence[str], row: File) -> list[str]:
    """Return the signers named, else those who stand behind the case, each in their role."""
    known = row.case.signoffs if row.case else ()
    return list(words) or [f"{signoff.reviewer}:{signoff.role}" for signoff in known]


def only_holder(persons: Iterable[str], role: Role, policy: Policy, now: str) -> str:
    """Return the one of these persons who holds the role at `now`, "" when that is not one."""
    holders = {
        person
        for person in persons
        if person in policy.roster and policy.roster[person].holds(role, now)
    }
    return holders.pop() if len(holders) == 1 else ""


def claims(signers: Iterable[Signer], at: str, digest: str) -> list[Value]:
    """Return the signoffs as they stand in a file, without signatures."""
    return [
        {"reviewer": person, "role": role, "at": at, "digest": digest} for person, role in signers
    ]


def confirming(cases: Sequence[str], signers: Iterable[Signer]) -> str:
    """Return the sentence that says how claims become facts."""
    people = " and ".join(sorted({person for person, _ in signers}))
    return (
        f"The signoffs are claims until {people} confirm them: by approving the pull request, or "
        f"each with `goldengit signoff {' '.join(cases)} --key KEY`."
    )


def known(person: str, policy: Policy) -> str:
    """Return the person; raise UsageError when the roster does not have them."""
    if person not in policy.roster:
        raise UsageError(
            f"{person!r} is not in the roster.",
            remedy=f"The roster has {', '.join(policy.roster)}.",
        )
    return person


def _split(word: str, policy: Policy) -> tuple[str, Role | None]:
    person, _, said = word.partition(":")
    role = next((role for role in get_args(Role) if role == said), None)
    if said and role is None:
        raise UsageError(
            f"{said!r} is no role.", remedy=f"The roles are {', '.join(get_args(Role))}."
        )
    return known(person, policy), role


def _given_out(
    persons: list[str], wanted: list[Role], policy: Policy, now: str
) -> tuple[Role, ...]:
    """Return a role for each person; whoever holds none of the wanted ones gets the first."""
    roles = (*wanted, *(role for role in get_args(Role) if role not in wanted))
    pool = (*roles, *(roles[:1] * max(0, len(persons) - len(roles))))
    for way in permutations(pool, len(persons)):
        if all(policy.roster[who].holds(role, now) for who, role in zip(persons, way, strict=True)):
            return way
    return pool[: len(persons)]
