"""How the action installs itself: by hash, from its own checkout, and once in a job."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.workflows.harness import ROOT, parsed
from tests.workflows.scripts import script

# A build backend in a few lines, so that the installation is real and needs no network.
BACKEND = """
import zipfile, pathlib

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "goldengit-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr("goldengit/__init__.py", pathlib.Path("goldengit/__init__.py").read_text())
        wheel.writestr("goldengit-1.0.dist-info/METADATA", METADATA.format("goldengit"))
        wheel.writestr("goldengit-1.0.dist-info/WHEEL", WHEEL)
        wheel.writestr("goldengit-1.0.dist-info/RECORD", "")
    return name
"""
METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel(folder: Path, name: str, code: str) -> str:
    """Write a wheel of one module; return its line in a file of pins."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", code)
        archive.writestr(f"{name}-1.0.dist-info/METADATA", METADATA.format(name))
        archive.writestr(f"{name}-1.0.dist-info/WHEEL", WHEEL)
        archive.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout in small: the script, one library, a backend, and the wheels of both."""
    top = tmp_path_factory.mktemp("action")
    for folder in ("action", "goldengit", "requirements", "wheels"):
        (top / folder).mkdir()
    shutil.copy(ROOT / "action" / "install.py", top / "action")
    constants = f"METADATA = {METADATA!r}\nWHEEL = {WHEEL!r}\n"
    backend = wheel(top / "wheels", "backend", constants + BACKEND)
    library = wheel(top / "wheels", "library", "NAME = 'library'\n")
    (top / "requirements" / "build.txt").write_text(backend)
    (top / "requirements" / "run.txt").write_text(library)
    (top / "goldengit" / "__init__.py").write_text("import library\n")
    (top / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["backend"]\nbuild-backend = "backend"\n'
    )
    return top


def install(checkout: Path, temp: Path) -> tuple[int, dict[str, str], str]:
    """Run the script as the action does; return exit code, outputs and what it said."""
    temp.mkdir(exist_ok=True)
    output = temp / "output"
    output.write_text("")
    ran = subprocess.run(
        [sys.executable, "-I", str(checkout / "action" / "install.py")],
        cwd=temp,
        env={
            **os.environ,
            "GITHUB_OUTPUT": str(output),
            "RUNNER_TEMP": str(temp),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(checkout / "wheels"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return ran.returncode, dict(parsed(output.read_text())), ran.stdout + ran.stderr


def test_libraries_and_checkout_are_installed_once_in_a_job(checkout: Path, tmp_path: Path) -> None:
    code, said, _ = install(checkout, tmp_path / "temp")
    assert 0 == code
    found = subprocess.run(
        [said["python"], "-I", "-c", "import goldengit, sys; print(goldengit.library.NAME)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "library\n" == found.stdout
    made = Path(said["python"]).stat(follow_symlinks=False).st_mtime_ns
    assert (0, said, "") == install(checkout, tmp_path / "temp")
    assert made == Path(said["python"]).stat(follow_symlinks=False).st_mtime_ns


def test_a_library_with_other_bytes_is_refused(checkout: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(checkout, forged)
    wheel(forged / "wheels", "library", "NAME = 'forged'\n")
    code, said, told = install(forged, tmp_path / "temp")
    assert (1, {}) == (code, said)
    assert "DO NOT MATCH THE HASHES" in told
    assert [] == list((tmp_path / "temp").glob("*.ready"))


def test_what_is_installed_decides_where(checkout: Path, tmp_path: Path) -> None:
    """Another file, another pin or another name is another environment."""
    keys = {script("install", checkout).key()}
    for number, path in enumerate(("goldengit/__init__.py", "requirements/run.txt")):
        other = tmp_path / str(number)
        shutil.copytree(checkout, other)
        (other / path).write_text("# other\n")
        keys.add(script("install", other).key())
    moved = tmp_path / "moved"
    shutil.copytree(checkout, moved)
    (moved / "goldengit" / "__init__.py").rename(moved / "goldengit" / "__main__.py")
    keys.add(script("install", moved).key())
    assert 4 == len(keys)


def test_the_pins_of_the_action_are_those_of_the_repository() -> None:
    pins = script("install").PINS
    assert ["requirements/build.txt", "requirements/run.txt"] == [
        path.relative_to(ROOT).as_posix() for path in pins
    ]
    assert all(path.is_file() for path in pins)
