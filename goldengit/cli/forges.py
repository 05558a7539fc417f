"""The forge, as a verb opens it: place, token and client from the environment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from goldengit.errors import CannotJudgeError
from goldengit.models.layout import POLICY

if TYPE_CHECKING:
    from goldengit.forge.client import GitHub
    from goldengit.forge.place import Place
    from goldengit.gating.door import Door
    from goldengit.models.policy import Policy
    from goldengit.repository.store import Store

REMOTE = "origin"


@contextmanager
def github(store: "Store") -> "Iterator[GitHub]":
    """Open the API of the repository that the environment or `origin` names.

    Raises CannotJudgeError without a token: who may see less gets other answers.
    """
    from goldengit.forge.client import GitHub

    with GitHub(*_entrance(store)) as client:
        yield client


@contextmanager
def door(store: "Store") -> "Iterator[Door]":
    """Open what the gates of a forge work with. Raises CannotJudgeError without a token."""
    from goldengit.forge.client import GitHub
    from goldengit.gating.door import Door
    from goldengit.repository.fetching import login_of

    place, token = _entrance(store)
    with GitHub(place, token) as client:
        yield Door(store, client, REMOTE, login_of(place.server, token))


def _entrance(store: "Store") -> "tuple[Place, str]":
    """Return where the forge is, and the token for it."""
    from goldengit.forge.known import known_place
    from goldengit.forge.place import token_of
    from goldengit.repository.fetching import origin_of

    place = known_place(os.environ, origin_of(store.repository, REMOTE), _policy(store))
    token = token_of(os.environ, place.host)
    if not token:
        raise CannotJudgeError(
            f"There is no token to ask {place.host} with.",
            remedy="Set GITHUB_TOKEN, or run `gh auth login`.",
        )
    return place, token


def _policy(store: "Store") -> "Policy | None":
    """Return the policy of HEAD, which may name the forge's host; None where there is none."""
    head = store.repository.find_commit("HEAD")
    file = store.snapshot("HEAD", store.repository.tree_of(head)).file(POLICY) if head else None
    return file.policy if file else None


def run_page() -> str:
    """Return the page of the job that runs now, "" outside of GitHub Actions."""
    server, repository, run = (
        os.environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else ""
