"""A world for each test: the hub is served while the test runs, and its contract is checked."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.hub_world import World, world


@contextmanager
def served(folder: Path, **changes: Any) -> Iterator[World]:
    """Serve a world; `changes` go into its policy."""
    made = world(folder, **changes)
    with made.hub, made.client:
        yield made


@pytest.fixture(autouse=True, scope="session")
def _no_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trust no certificate: reading the usual ones is slower than a run of the gate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("no-certificates")))
        yield


@pytest.fixture
def hubbed(tmp_path: Path) -> Iterator[World]:
    """Yield the standard world."""
    with served(tmp_path) as made:
        yield made


@pytest.fixture
def hubbed_with(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Yield a maker of a world whose policy has these changes."""
    with ExitStack() as stack:
        yield lambda **changes: stack.enter_context(served(tmp_path, **changes))
