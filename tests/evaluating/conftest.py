"""What the tests of evaluating share: a repository with a gating evaluator."""

from pathlib import Path

import pytest

from tests.evaluating.place import Place, copied, files


@pytest.fixture(scope="session")
def gated(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return a place, for tests that only read, whose evaluator may gate."""
    place = Place(tmp_path_factory.mktemp("gated") / "place", files())
    place.calibrate("no-invention")
    return place


@pytest.fixture
def place(gated: Place, tmp_path: Path) -> Place:
    """Return the same place, to be changed."""
    return copied(gated, tmp_path / "place")
