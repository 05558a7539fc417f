"""Install goldengit from the action's own checkout: libraries by hash, then the checkout itself.

The environment lives in the job's temporary folder, which the runner empties, so nothing that an
earlier job left is ever run; pip's cache stays unused for the same reason. A later step of the same
job finds the environment by the hash of all that went into it.
"""  # noqa: INP001 two scripts, no package

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PINS = [CHECKOUT / "requirements" / f"{name}.txt" for name in ("build", "run")]


def main() -> int:
    """Make the environment unless it is there, and write its interpreter as the output `python`."""
    home = Path(os.environ["RUNNER_TEMP"]) / f"goldengit-{key()}"
    ready, python = home.with_name(f"{home.name}.ready"), home / "bin" / "python"
    if not ready.exists():
        shutil.rmtree(home, ignore_errors=True)
        try:
            _make(home, python)
        except subprocess.CalledProcessError as error:
            sys.stderr.write("goldengit: the action could not install its pinned libraries.\n")
            return error.returncode or 3
        ready.touch()
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.write(f"python={python}\n")
    return 0


def key() -> str:
    """Return the SHA-256, cut, over the interpreter and over each file that is installed."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(_sources()):
        name = path.relative_to(CHECKOUT).as_posix()
        digest.update(f"\0{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return digest.hexdigest()[:32]


def _sources() -> Iterator[Path]:
    yield from (CHECKOUT / "pyproject.toml", *PINS)
    for path in (CHECKOUT / "goldengit").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _make(home: Path, python: Path) -> None:
    # -I: a file `pip.py` in the repository that is checked must not become pip.
    pip = [sys.executable, "-I", "-m", "pip", "--python", str(python), "install", "--quiet"]
    pip += ["--disable-pip-version-check", "--no-input", "--no-cache-dir"]
    pinned = [word for path in PINS for word in ("-r", str(path))]
    _run(sys.executable, "-I", "-m", "venv", "--without-pip", home)
    _run(*pip, "--require-hashes", "--only-binary", ":all:", *pinned)
    _run(*pip, "--no-deps", "--no-build-isolation", CHECKOUT, path=python.parent)


def _run(*words: str | Path, path: Path | None = None) -> None:
    """Run a program; `path` is searched first, as the build backend looks for its own program."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    if path:
        kept["PATH"] = f"{path}{os.pathsep}{kept['PATH']}"
    subprocess.run(words, check=True, env=kept)  # noqa: S603 no word comes from an input


if __name__ == "__main__":
    sys.exit(main())
