"""Dataset repositories with hooks in them, and the tools that put them there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from goldengit.models.layout import POLICY
from tests import standard
from tests.cli.running import Ran, environment
from tests.gitbox import Blob
from tests.promoting.bench import Bench

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent  # where the program and both tools are installed
CONFIG = ".pre-commit-config.yaml"
CASE = standard.path_of("golden-1")
OTHER = standard.path_of("golden-2")


@dataclass(frozen=True)
class Tool:
    """A hook manager: its name, and the variable that names the folder of its environments."""

    name: str
    home_variable: str

    def variables(self, home: Path) -> dict[str, str]:
        """Return the environment in which it runs: found first, at home in this folder."""
        path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, self.home_variable: str(home)}


PRE_COMMIT = Tool("pre-commit", "PRE_COMMIT_HOME")
PREK = Tool("prek", "PREK_HOME")


@dataclass(frozen=True)
class Site:
    """A work tree whose Git commands run hooks, in an environment that lacks what tests set."""

    top: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def run(self, *words: str, folder: str = "", **more: str) -> Ran:
        """Run a program here, whatever comes of it."""
        ran = subprocess.run(
            words,
            cwd=self.top / folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=120,
            env=environment(**self.variables, **more),
        )
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    def git(self, *words: str, folder: str = "", **more: str) -> Ran:
        """Run Git here, hooks and all."""
        return self.run("git", *words, folder=folder, **more)

    def quietly(self, *words: str) -> str:
        """Run Git without any hook; it must succeed. Return what it printed."""
        ran = self.run("git", "-c", f"core.hooksPath={os.devnull}", *words)
        assert ran.code == 0, ran.err
        return ran.out.strip()

    def tip(self, name: str = "HEAD") -> str:
        """Return the id of a commit."""
        return self.quietly("rev-parse", name)

    def edit(self, path: str = CASE) -> None:
        """Edit a golden case in the work tree."""
        text = (self.top / path).read_text()
        assert "severity: normal" in text
        (self.top / path).write_text(text.replace("severity: normal", "severity: low"))

    def note(self, text: str = "More.") -> None:
        """Change a file that no rule guards."""
        with (self.top / "README.md").open("a") as readme:
            readme.write(f"{text}\n")

    def promote(self) -> None:
        """Promote a candidate in the work tree and stage it, as people do."""
        signers = ("--labeler", "reviewer-1", "--confirmer", "reviewer-2")
        ran = self.run("goldengit", "promote", standard.id_of("candidate-1"), *signers)
        assert ran.code == 0, ran.err
        self.quietly("add", "--all")


def made(top: Path, variables: Mapping[str, str], **more: bytes) -> Site:
    """Make the standard repository, with more files: `configuration` of hooks, `policy`."""
    places = {"configuration": CONFIG, "policy": POLICY}
    Bench(top, standard.standard() | {places[name]: Blob(data) for name, data in more.items()})
    return Site(top, variables)


def remote_of(site: Site) -> None:
    """Give a repository a bare remote that has its main branch."""
    bare(site, f"{site.top.name}.git")
    site.quietly("push", "--quiet", "--set-upstream", "origin", "main")


def bare(site: Site, name: str) -> Path:
    """Give a repository an empty bare remote beside it; return where that is."""
    remote = site.top.parent / name
    site.quietly("init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    site.quietly("remote", "add", "origin", str(remote))
    return remote


def published(folder: Path) -> str:
    """Commit this repository's files into a folder, as a hook repository; return the commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    site = Site(folder)
    site.quietly("init", "--quiet", "--initial-branch=main")
    site.quietly("add", "--all", "--force")
    author = ("-c", "user.name=Opener", "-c", "user.email=opener@example.org")
    site.quietly(*author, "commit", "--quiet", "--message", "Everything.")
    return site.tip()
