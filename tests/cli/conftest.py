"""What the tests of the terminal share."""

from pathlib import Path

import pytest

from tests import standard
from tests.cli.edits import edit
from tests.promoting.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return the standard repository with a work tree, on its branch main."""
    return Bench(tmp_path / "clone", standard.standard())


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Return the standard repository for tests that only read."""
    return Bench(tmp_path_factory.mktemp("untouched") / "clone", standard.standard())


@pytest.fixture
def edited(bench: Bench) -> Bench:
    """Return it with a golden case edited in the work tree; nothing is staged."""
    edit(bench)
    return bench
