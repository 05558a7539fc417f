"""A hub with a history of two commits, and somebody who asks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakehub import FakeGitHub
from tests.fakehub.people import App, User
from tests.gitbox import Blob


@dataclass
class Asker:
    """Asks the hub as somebody; paths are relative to the repository unless they begin with /."""

    hub: FakeGitHub
    client: httpx.Client

    def __call__(
        self,
        path: str,
        *,
        by: User | App | None = None,
        method: str = "GET",
        json: Any = None,
        anonymous: bool = False,
    ) -> httpx.Response:
        """Return the answer."""
        whole = path if path.startswith("/") else f"/repos/{self.hub.repository}/{path}"
        token = {} if anonymous else {"Authorization": f"Bearer {self.hub.token(by)}"}
        url = self.hub.api + whole.rstrip("/")
        return self.client.request(method, url, json=json, headers=token)

    def rows(self, path: str, by: User | App | None = None, key: str | None = None) -> list[Any]:
        """Return the rows of all pages."""
        answer = self(path, by=by)
        found: list[Any] = []
        while True:
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page[key] if key else page
            if "next" not in answer.links:
                return found
            answer = self.client.get(answer.links["next"]["url"], headers=answer.request.headers)


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    """Return one client for all tests: making one is slower than a hub."""
    with httpx.Client(timeout=5) as client:
        yield client


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    """Return a hub that is served."""
    with FakeGitHub(tmp_path) as hub:
        yield hub


@pytest.fixture
def ask(hub: FakeGitHub, client: httpx.Client) -> Asker:
    """Return somebody who asks it."""
    return Asker(hub, client)


@pytest.fixture
def opener(hub: FakeGitHub) -> User:
    """Return who opens pull requests."""
    return hub.user("opener", "write")


@pytest.fixture
def reviewer(hub: FakeGitHub) -> User:
    """Return a reviewer."""
    return hub.user("reviewer-1", "write")


@pytest.fixture
def commit(hub: FakeGitHub) -> Callable[..., str]:
    """Return a maker of commits: files are texts by their paths."""

    def made(*parents: str, author: str = "opener@example.org", **files: str) -> str:
        blobs = {path: Blob(text.encode()) for path, text in files.items()}
        return hub.box.commit(blobs, parents, author=author)

    return made


@dataclass
class Story:
    """A base, a topic and a pull request between them."""

    base: str
    head: str
    number: int


@pytest.fixture
def story(hub: FakeGitHub, opener: User, commit: Callable[..., str]) -> Story:
    """Return pull request 1, which adds the file `case`."""
    base = commit(readme="one\n")
    head = commit(base, readme="one\n", case="first\n")
    hub.push("main", base, by=opener)
    hub.push("topic", head, by=opener)
    return Story(base, head, hub.open_pull("topic", by=opener).number)
