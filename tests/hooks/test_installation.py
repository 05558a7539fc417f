"""The published hooks, installed by the real tools into another repository, without a network."""

import os
import shutil
from pathlib import Path

import pytest

from tests.hooks.manual import configured, snippet
from tests.hooks.site import PREK, PROGRAMS, Site, Tool, made, remote_of
from tests.hooks.wheels import requirements_of, wheel_folder

NOWHERE = "http://127.0.0.1:9"  # nobody listens there: whoever asks the network fails at once


def without_network(tool: Tool, wheels: Path) -> dict[str, str]:
    """Return a folder of wheels, a proxy that leads nowhere, and where uv is if it is needed."""
    proxies = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    found = dict.fromkeys(proxies, NOWHERE) | {"WHEELS": str(wheels)}
    found |= {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"}  # nothing of this machine
    if tool is PREK and shutil.which("uv", path=tool.variables(wheels)["PATH"]) is None:
        pytest.skip("prek installs with uv, and there is none")
    return found


def test_the_published_hooks_are_installed_from_wheels_and_work(
    tool: Tool, hook_repository: tuple[Path, str], tmp_path: Path
) -> None:
    """As the manual says; from then on they run in an environment of their own."""
    wheels = wheel_folder(tmp_path / "wheels", [*requirements_of("goldengit"), "uv-build"])
    variables = tool.variables(tmp_path / "home") | without_network(tool, wheels)
    configuration = configured(*hook_repository, installed=True)
    site = made(tmp_path / "clone", variables, configuration=configuration)
    remote_of(site)
    ran = site.run("sh", "-ec", snippet("offline.md", tool.name))
    assert ran.code == 0, ran.out + ran.err
    alone = Site(site.top, variables | {"PATH": _without_the_program(tmp_path, tool)})
    assert alone.run("sh", "-c", "command -v goldengit").code != 0
    _both_hooks_judge(alone)


def _without_the_program(folder: Path, tool: Tool) -> str:
    """Return a path on which the tool is, and goldengit is not."""
    (folder / "programs").mkdir()
    (folder / "programs" / tool.name).symlink_to(PROGRAMS / tool.name)
    path = f"{folder / 'programs'}{os.pathsep}{os.environ['PATH']}"
    kept = [one for one in path.split(os.pathsep) if not (Path(one) / "goldengit").exists()]
    return os.pathsep.join(kept)


def _both_hooks_judge(site: Site) -> None:
    site.note()
    ran = site.git("commit", "--all", "--message", "Words.")
    assert ran.code == 0, ran.out + ran.err
    before = site.tip()
    site.edit()
    ran = site.git("commit", "--all", "--message", "Edit.")
    assert (1, before) == (ran.code, site.tip()), ran.out + ran.err
    assert "GG303" in ran.out + ran.err
    site.git("commit", "--no-verify", "--all", "--message", "Edit.")
    ran = site.git("push")
    assert (1, True) == (ran.code, "GG303" in ran.out + ran.err), ran.out + ran.err
