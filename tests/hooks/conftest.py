"""What the tests of hooks share."""

import shutil
from pathlib import Path

import pytest

from tests.hooks.manual import configured
from tests.hooks.site import PRE_COMMIT, PREK, Site, Tool, made, published, remote_of


@pytest.fixture(scope="session")
def hook_repository(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return this repository as others get it: a folder and a commit."""
    folder = tmp_path_factory.mktemp("published") / "goldengit"
    return folder, published(folder)


@pytest.fixture(scope="session", params=[PRE_COMMIT, PREK], ids=lambda tool: tool.name)
def tool(request: pytest.FixtureRequest) -> Tool:
    """Return each hook manager."""
    chosen: Tool = request.param
    return chosen


@pytest.fixture(scope="session")
def installed(
    tool: Tool, hook_repository: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """Return a repository in which the tool has installed both hooks, with a remote."""
    folder = tmp_path_factory.mktemp(tool.name)
    configuration = configured(*hook_repository, installed=False)
    variables = tool.variables(folder / "home")
    site = made(folder / "clone", variables, configuration=configuration)
    ran = site.run(tool.name, "install")
    assert ran.code == 0, ran.err
    remote_of(site)
    return site


@pytest.fixture
def site(installed: Site, tmp_path: Path) -> Site:
    """Return a copy of that repository, and of its remote, for one test."""
    copied = Site(tmp_path / "clone", installed.variables)
    shutil.copytree(installed.top, copied.top, symlinks=True)
    remote = tmp_path / "clone.git"
    shutil.copytree(f"{installed.top}.git", remote)
    copied.quietly("remote", "set-url", "origin", str(remote))
    return copied
