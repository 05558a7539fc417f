"""What tests share: an environment of their own, repositories, and skips that can be forbidden."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.gitbox import GitBox

REQUIRED = os.environ.get("GOLDENGIT_REQUIRE") == "1"
REAL_DATA = "GOLDENGIT_REAL_DATA"

# On a slow machine a property must not fail for its time; speed belongs to `make bench`.
settings.register_profile("patient", settings.get_profile("default"), deadline=None)
if "CI" not in os.environ:  # there hypothesis has a patient profile of its own
    settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the person's Git settings out: no `GIT_*` variable, an empty home."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        home = tmp_path_factory.mktemp("home")
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CONFIG_HOME", str(home))
        yield


@pytest.fixture
def box(tmp_path: Path) -> GitBox:
    """Return an empty bare repository."""
    return GitBox(tmp_path / "box.git")


@pytest.fixture(scope="session")
def shared_box(tmp_path_factory: pytest.TempPathFactory) -> GitBox:
    """Return a bare repository that many tests add objects to; its branches mean nothing."""
    return GitBox(tmp_path_factory.mktemp("shared") / "box.git")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of recorded data; without the variable the test is left out."""
    if REAL_DATA not in os.environ:
        pytest.skip(f"{REAL_DATA} is not set")
    folder = Path(os.environ[REAL_DATA])
    assert folder.is_dir(), f"{REAL_DATA} names {folder}, which is no folder"
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what would be skipped when GOLDENGIT_REQUIRE=1; real data has its own switch."""
    report = yield
    optional = item.get_closest_marker("real_data") and REAL_DATA not in os.environ
    if REQUIRED and report.skipped and not optional and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"GOLDENGIT_REQUIRE=1 forbids to skip: {report.longrepr}"
    return report
