"""What the tests of the verbs share."""

import shutil
import subprocess
from pathlib import Path

import pytest

from goldengit.models.layout import POLICY
from goldengit.repository.interpret import house_bytes
from tests import standard
from tests.gitbox import Blob
from tests.promoting.bench import Bench

PEOPLE = ("reviewer-1", "reviewer-2", "reviewer-3", "reviewer-4")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return the standard repository with a work tree."""
    return Bench(tmp_path / "clone", standard.standard())


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a private key for each reviewer, and one of a stranger."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    folder = tmp_path_factory.mktemp("keys")
    found = {}
    for name in (*PEOPLE, "stranger"):
        words = [
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            name,
            "-f",
            str(folder / name),
        ]
        subprocess.run(words, check=True)
        found[name] = folder / name
    return found


@pytest.fixture
def keyed(tmp_path: Path, keys: dict[str, Path]) -> Bench:
    """Return the standard repository with the reviewers' keys in its roster."""
    files = standard.standard()
    policy = standard.policy()
    for name in PEOPLE:
        public = keys[name].with_suffix(".pub").read_text().split()
        policy["roster"][name]["keys"] = [{"key": " ".join(public[:2])}]
    files[POLICY] = Blob(house_bytes(POLICY, policy))
    return Bench(tmp_path / "clone", files)
