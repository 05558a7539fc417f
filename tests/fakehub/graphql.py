"""The two GraphQL operations of the gate: exactly the fields that a query selects come back."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakehub.commits import Commit
from tests.fakehub.pulls import Pull

if TYPE_CHECKING:
    from tests.fakehub.hub import FakeGitHub

OPERATIONS = ("CommitAuthors", "MergeQueue")
NAME = re.compile(r"\bquery\s+(\w+)")
TOKEN = re.compile(r'[{}()\[\]:!=]|\$?\w+|"[^"]*"')
Resolver = Callable[..., Any]


class Malformed(Exception):  # noqa: N818 it is an answer
    """What GitHub answers with `errors`."""


@dataclass
class Field:
    """A selected field, its arguments and what is selected below it."""

    arguments: dict[str, Any] = field(default_factory=dict)
    below: dict[str, "Field"] = field(default_factory=dict)


def execute(hub: "FakeGitHub", body: dict[str, Any]) -> dict[str, Any]:
    """Answer a query; GraphQL tells its errors with status 200."""
    try:
        named = NAME.search(body["query"])
        name = body.get("operationName") or (named and named[1])
        if name not in OPERATIONS:
            raise Malformed(f"the fake has no operation {name!r}")
        selected = _parsed(body["query"], body.get("variables") or {})
        return {"data": _resolve({"repository": _repository(hub)}, selected, "Query")}
    except Malformed as error:
        return {"data": None, "errors": [{"message": str(error)}]}


def _repository(hub: "FakeGitHub") -> Resolver:
    def repository(owner: str, name: str) -> dict[str, Any]:
        if f"{owner}/{name}" != hub.repository:
            raise Malformed(f"Could not resolve to a Repository with the name '{owner}/{name}'.")

        def pull_request(number: int) -> dict[str, Any]:
            if number not in hub.pulls:
                raise Malformed(f"Could not resolve to a PullRequest with the number of {number}.")
            return _pull(hub, hub.pulls[number])

        def merge_queue(branch: str) -> dict[str, Any] | None:
            if branch not in hub.queues:
                return None
            rows = [
                {
                    "position": place,
                    "headCommit": {"oid": entry.head_sha},
                    "baseCommit": {"oid": entry.base_sha},
                    "pullRequest": _pull(hub, entry.pull),
                }
                for place, entry in enumerate(hub.queues[branch], 1)
            ]
            return {"entries": _connection(hub, rows)}

        return {"pullRequest": pull_request, "mergeQueue": merge_queue}

    return repository


def _pull(hub: "FakeGitHub", pull: Pull) -> dict[str, Any]:
    def commits(first: int, after: str | None = None) -> Any:
        rows = [{"commit": _commit(hub, commit)} for commit in hub.pull_commits(pull)]
        return _connection(hub, rows)(first, after)

    return {"number": pull.number, "headRefOid": pull.head_sha, "commits": commits}


def _commit(hub: "FakeGitHub", commit: Commit) -> dict[str, Any]:
    """Return a commit: its authors are the author and the co-authors that its trailers claim."""
    people = [(commit.author.name, commit.author.email), *commit.co_authors]
    rows = [
        {"name": name, "email": email, "user": _user(hub, email)}
        for name, email in dict.fromkeys(people)
    ]
    return {"oid": commit.sha, "authors": _connection(hub, rows, whole=True)}


def _user(hub: "FakeGitHub", email: str) -> dict[str, Any] | None:
    user = hub.by_email(email)
    # GraphQL leaves the suffix of a bot out, REST keeps it (section 5.1).
    login = user and user.login.removesuffix("[bot]")
    return {"databaseId": user.id, "login": login} if user else None


def _connection(hub: "FakeGitHub", rows: list[Any], *, whole: bool = False) -> Resolver:
    def connection(first: int, after: str | None = None) -> dict[str, Any]:
        if not 1 <= first <= 100:
            raise Malformed(f"Requesting {first} records exceeds the `first` limit of 100 records.")
        start = int(after or 0)
        end = start + (first if whole else min(first, hub.page_rows))
        page = {"hasNextPage": end < len(rows), "endCursor": str(min(end, len(rows))) or None}
        return {"totalCount": len(rows), "nodes": rows[start:end], "pageInfo": page}

    return connection


def _resolve(value: Any, selected: dict[str, Field], where: str) -> Any:
    if isinstance(value, list):
        return [_resolve(one, selected, where) for one in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, asked in selected.items():
        if name not in value:
            raise Malformed(f"Field '{name}' doesn't exist on '{where}'")
        found = value[name]
        if callable(found):
            try:
                found = found(**asked.arguments)
            except TypeError as error:
                raise Malformed(f"Field '{name}': {error}") from error
        if isinstance(found, dict | list) != bool(asked.below) and found is not None:
            raise Malformed(f"Field '{name}' of '{where}' needs, or must not have, a selection")
        result[name] = _resolve(found, asked.below, name)
    return result


def _parsed(query: str, variables: dict[str, Any]) -> dict[str, Field]:
    tokens = iter(TOKEN.findall(query))
    for token in tokens:
        if token == "{":
            return _selection(tokens, variables)
    raise Malformed("the query selects nothing")


def _selection(tokens: Iterator[str], variables: dict[str, Any]) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    last = Field()
    for token in tokens:
        if token == "}":
            return fields
        if token == "{":
            last.below = _selection(tokens, variables)
        elif token == "(":
            last.arguments = _arguments(tokens, variables)
        else:
            last = fields[token] = Field()
    raise Malformed("the query does not end")


def _arguments(tokens: Iterator[str], variables: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name in tokens:
        if name == ")":
            return given
        next(tokens)  # the colon
        given[name] = _value(next(tokens), variables)
    raise Malformed("the arguments do not end")


def _value(token: str, variables: dict[str, Any]) -> Any:
    if token.startswith("$"):
        return variables.get(token[1:])
    return int(token) if token.isdecimal() else token.strip('"')
