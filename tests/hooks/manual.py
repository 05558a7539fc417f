"""The snippets of the how-to pages, as people would copy them."""

import re
from pathlib import Path

from tests.hooks.site import ROOT

PAGES = ROOT / "docs" / "how-to"


def snippet(page: str, title: str) -> str:
    """Return the code block of a page that has this title."""
    text = (PAGES / page).read_text(encoding="utf-8")
    found = re.findall(rf'```\w+ title="{re.escape(title)}"\n(.*?)```', text, re.DOTALL)
    assert len(found) == 1, f"{page} has {len(found)} blocks titled {title}"
    return str(found[0])


def install(folder: Path, page: str, title: str, name: str = "") -> None:
    """Write a snippet into a folder of hooks, under the last part of its title or another name."""
    script = folder / (name or title.rpartition("/")[2])
    folder.mkdir(exist_ok=True)
    script.write_text(snippet(page, title))
    script.chmod(0o755)


def configured(repository: Path, commit: str, *, installed: bool) -> bytes:
    """Return the configuration of the manual, for a repository and a commit of the hooks.

    When the tool shall not install them, they run the program that is on the path; all else is as
    published.
    """
    text = snippet("hooks.md", ".pre-commit-config.yaml")
    text = re.sub(r"(?<=repo: ).*", str(repository), text)
    text = re.sub(r"(?<=rev: ).*", commit, text)
    if not installed:
        text = re.sub(r"(- id: .*)", r"\1\n        language: system", text)
    return text.encode()
