"""A skip is a failure where everything is required; real data has a switch of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_TESTS = """
import pytest

def test_tool():
    pytest.skip("ssh-keygen is not installed")

@pytest.mark.real_data
def test_data(real_data):
    assert list(real_data.iterdir()) == []
"""


def _outcome(folder: Path, **variables: str) -> str:
    """Return pytest's last line for the tests above."""
    (folder / "test_it.py").write_text(_TESTS)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOLDENGIT_")}
    plugins = ("-p", "tests.conftest", "-p", "no:cacheprovider")
    places = ("-c", ROOT / "pyproject.toml", "--rootdir", folder, folder)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugins, *map(str, places)],
        cwd=ROOT,
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout.splitlines()[-1]


def test_skips_are_allowed_by_default(tmp_path: Path) -> None:
    """A machine without a tool can still run the rest."""
    assert "2 skipped" in _outcome(tmp_path)


def test_skips_fail_where_everything_is_required(tmp_path: Path) -> None:
    """Only real data may still be absent."""
    assert "1 failed, 1 skipped" in _outcome(tmp_path, GOLDENGIT_REQUIRE="1")


@pytest.mark.parametrize(("folder", "outcome"), [("data", "1 passed"), ("nowhere", "1 error")])
def test_named_real_data_is_used_and_must_exist(folder: str, outcome: str, tmp_path: Path) -> None:
    """A folder that is named and missing is a mistake, not a reason to skip."""
    (tmp_path / "data").mkdir()
    assert outcome in _outcome(tmp_path, GOLDENGIT_REAL_DATA=str(tmp_path / folder))
