"""What is shipped, how it is installed, and that no file tells where it was made."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = {path.stem: path for path in sorted((ROOT / "requirements").glob("*.txt"))}
WANTED = {
    "build": PROJECT["dependency-groups"]["build"],
    "run": PROJECT["project"]["dependencies"],
    "test": PROJECT["dependency-groups"]["test"],
    "lint": PROJECT["dependency-groups"]["lint"],
}
BARE = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
# Joined here, so that this file does not hold what it looks for.
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "npmjs" + ".org", "deb.debian" + ".org"]
# The machine that runs the tests: where the checkout lies and whose home folder there is.
MACHINES = [str(ROOT), f"{Path.home()}/"]


def tracked(*paths: str) -> list[str]:
    """Return the names of the tracked files that still exist."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *paths],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def blocks(text: str) -> Iterator[str]:
    """Yield each pin with its continuation lines joined."""
    for block in re.split(r"\n(?=\S)", text.replace("\\\n", " ")):
        if not block.startswith("#"):
            yield block.split("\n")[0]


def pinned(name: str) -> dict[str, Requirement]:
    """Return the pins of one requirements file by canonical name."""
    found = [
        Requirement(block.split(" --hash")[0]) for block in blocks(PINS[name].read_text("utf-8"))
    ]
    return {canonicalize_name(pin.name): pin for pin in found}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    scripts = Path(sys.executable).parent  # uv_build looks for its program on PATH
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *BARE, "--wheel-dir", str(folder), str(ROOT)],
        check=True,
        env={**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
    )
    (built,) = folder.iterdir()
    with zipfile.ZipFile(built) as archive:
        yield archive


@pytest.mark.parametrize("forbidden", [*REGISTRIES, *MACHINES])
def test_no_tracked_file_names_a_package_registry_or_a_machine(forbidden: str) -> None:
    text = forbidden.encode()
    assert [] == [name for name in tracked() if text in (ROOT / name).read_bytes()]


def test_every_group_of_dependencies_has_its_pins() -> None:
    assert sorted(WANTED) == sorted(PINS)


@pytest.mark.parametrize("name", sorted(WANTED))
def test_every_pin_is_one_version_with_hashes_and_no_address(name: str) -> None:
    text = PINS[name].read_text(encoding="utf-8")
    shape = re.compile(r"[a-z0-9-]+==\S+ (; .+? )?( +--hash=sha256:[0-9a-f]{64})+ *")
    assert [] == [block for block in blocks(text) if not shape.fullmatch(block)]
    assert "://" not in text


@pytest.mark.parametrize("name", sorted(WANTED))
def test_the_pins_satisfy_what_the_project_asks_for(name: str) -> None:
    pins = pinned(name)
    for wanted in map(Requirement, WANTED[name]):
        (pin,) = pins[canonicalize_name(wanted.name)].specifier
        assert wanted.specifier.contains(pin.version), f"{wanted}: run `make pins`"


def test_the_pins_of_all_files_fit_into_one_environment() -> None:
    versions: dict[str, set[str]] = {}
    for name in PINS:
        for library, pin in pinned(name).items():
            versions.setdefault(library, set()).add(str(pin.specifier))
    assert {} == {library: found for library, found in versions.items() if len(found) > 1}


def test_the_build_backend_is_pinned() -> None:
    assert PROJECT["build-system"]["requires"] == WANTED["build"]


def test_every_runtime_dependency_has_a_floor_and_a_ceiling() -> None:
    for wanted in map(Requirement, WANTED["run"]):
        assert {">=", "<"} == {part.operator for part in wanted.specifier}, str(wanted)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    folders = {name.split("/")[0] for name in wheel.namelist()}
    assert {"goldengit", f"goldengit-{PROJECT['project']['version']}.dist-info"} == folders


def test_the_wheel_holds_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    assert set() == set(tracked("goldengit")) - set(wheel.namelist())


def test_the_wheel_installs_both_commands(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("/entry_points.txt"))
    points = ConfigParser()
    points.read_string(wheel.read(name).decode())
    commands = dict(points["console_scripts"])
    assert {"goldengit": "goldengit.cli:main", "git-golden": "goldengit.cli:main"} == commands


def test_the_first_commands_of_the_readme_are_tour_and_test() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [
        line.split("#")[0].removeprefix("$ ").strip()
        for block in re.findall(r"```(?:sh|console|bash|shell)\n(.*?)```", text, re.DOTALL)
        for line in block.splitlines()
    ]
    commands = [line for line in lines if line and not line.startswith(("git clone", "cd "))]
    assert ["make tour", "make test"] == commands[:2]


def test_ci_runs_exactly_lint_and_test() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert ["make lint test"] == [line for line in lines if line.lstrip().startswith("make")]
    assert "make lint test" == lines[-1]


def test_the_workflow_runs_what_ci_runs() -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "run: make lint test\n" in text
