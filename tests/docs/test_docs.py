"""The documentation does what it says, and names only what exists."""

import os
import re
import shutil
from pathlib import Path

import pytest
from typer.core import TyperGroup

from goldengit.cli.app import command
from goldengit.cli.pages import pages
from tests.docs.pages import DOCS, TOP, anchors, code, every_page, links, tried_pages
from tests.docs.trial import STATE, Trial

_CALL = re.compile(r"(?:\$ )?(?:goldengit|git golden)\s+(.*)")
_BETWEEN = re.compile(r"&&|\|\||[|;>#]|\s--\s")
# Records decide about rules that come later: platforms (GG8), and one of GG4.
_RESERVED = re.compile(r"GG8[0-9]{2}|GG404")

TRIED = tried_pages()
PAGES = {page: page.relative_to(TOP).as_posix() for page in every_page()}


class Reader:
    """Who follows pages, each once and in a folder of its own."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._after: dict[Path, Path] = {}

    def follow(self, page: Path) -> Path:
        """Return the folder in which a page was followed, after the page that it continues."""
        if page not in self._after:
            folder = self._factory.mktemp(page.stem) / "folder"
            first = TRIED[page]
            if first is None:
                folder.mkdir()
            else:
                _copy(self.follow(first), folder)
            Trial(folder).follow(page)
            self._after[page] = folder
        return self._after[page]


def _copy(old: Path, new: Path) -> None:
    """Copy a folder, and let the state that a trial left there speak of the new place."""
    shutil.copytree(old, new)
    state = new / STATE
    state.write_text(state.read_text("utf-8").replace(str(old), str(new)), "utf-8")


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Return a reader who has what the pages need."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    return Reader(tmp_path_factory)


@pytest.mark.parametrize("page", TRIED, ids=PAGES.get)
def test_a_page_can_be_followed(page: Path, reader: Reader) -> None:
    """Each command does what the page says and prints what the page shows."""
    assert reader.follow(page).is_dir()


def test_the_tutorial_and_the_how_tos_are_tried() -> None:
    """Nobody takes the mark off the pages that promise to be tried."""
    names = ["tutorial", "signing", "review-and-label", "correct-a-golden-case", "audit"]
    names += ["graded-datasets", "write-and-calibrate-an-evaluator", "evaluate-a-release"]
    assert {*names} <= {page.stem for page in TRIED}


@pytest.mark.parametrize("page", PAGES, ids=PAGES.get)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    """No link inside the project is dead."""
    broken = []
    for link in links(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = Path(os.path.normpath(page.parent / path)) if path else page
        if not target.exists() or (
            anchor and anchor not in anchors(target.read_text(encoding="utf-8"))
        ):
            broken.append(link)
    assert [] == broken


@pytest.mark.parametrize("page", PAGES, ids=PAGES.get)
def test_every_command_and_option_exists(page: Path) -> None:
    """What a page calls `goldengit VERB --option`, the program knows."""
    tree = command()
    unknown = [
        problem
        for line in code(page.read_text(encoding="utf-8"))
        for part in _BETWEEN.split(line)
        if (call := _CALL.match(part.strip()))
        if (problem := _unknown(call[1].split(), tree))
    ]
    assert [] == unknown


def _unknown(words: list[str], tree: TyperGroup) -> str:
    """Return what in the words of a call the program does not know, "" for nothing."""
    verb = next((word for word in words if re.fullmatch(r"[a-z]+", word)), "")
    if verb and verb not in tree.commands:
        return verb
    known = {name for owner in (tree, *_named(tree, words)) for name in _options(owner)}
    asked = [word.partition("=")[0].rstrip(".,:)") for word in words if word.startswith("--")]
    return " ".join(option for option in asked if option not in known)


def _named(tree: TyperGroup, words: list[str]) -> list[object]:
    """Return the commands that the words name, one inside the other: `gate deploy`."""
    found: list[object] = []
    inside: object = tree
    for word in words:
        inside = getattr(inside, "commands", {}).get(word, inside)
        found.append(inside)
    return found


def _options(owner: object) -> set[str]:
    params = getattr(owner, "params", [])
    return {name for param in params for name in param.opts} | {"--help"}


@pytest.mark.parametrize("page", PAGES, ids=PAGES.get)
def test_every_rule_that_is_named_exists(page: Path) -> None:
    """A code that a page names has a page of its own; records may name what is to come."""
    named = set(re.findall(r"\bGG[0-9]{3}\b", page.read_text(encoding="utf-8")))
    if page.is_relative_to(DOCS / "adr"):
        named = {code for code in named if not _RESERVED.fullmatch(code)}
    assert set() == named - set(pages())
