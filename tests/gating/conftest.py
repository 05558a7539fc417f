"""What the tests of gating share: a repository in which the gate can judge."""

import shutil
from pathlib import Path

import pytest

from tests.gating.place import Deployed, another, deployed


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """Return a repository with a pinned baseline, for tests that only read."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    return deployed(tmp_path_factory.mktemp("known"))


@pytest.fixture
def mine(known: Deployed, tmp_path: Path) -> Deployed:
    """Return the same repository, to be changed."""
    return another(known, tmp_path)
