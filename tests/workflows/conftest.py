"""What the tests of the action share: a repository with cases, and a runner that has the tool."""

from pathlib import Path

import pytest

from tests.promoting.bench import Bench
from tests.standard import standard
from tests.workflows.harness import Runner
from tests.workflows.scripts import equipped


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone with golden cases; no test of a module changes a file in it."""
    return Bench(tmp_path_factory.mktemp("workspace") / "clone", standard()).top


@pytest.fixture
def runner(tmp_path: Path, workspace: Path) -> Runner:
    """Return a runner on which an earlier step of the job has installed this very checkout."""
    return equipped(tmp_path / "temp", workspace)
