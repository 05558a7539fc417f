# ruff: noqa: INP001 - a script, not a package
"""Renders the reference from the code: `python docs/reference/render.py` writes it.

`cli.md` holds the help of every command, `evaluators.md` the kinds of evaluators and targets (see
`kinds.py`), `rules/` one page a rule. A test compares them with what this script would write, so
none can drift from the program.
"""

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from itertools import groupby
from pathlib import Path
from runpy import run_path

from goldengit.cli.app import GROUPS, VERBS, command
from goldengit.cli.call import Call
from goldengit.cli.pages import FAMILIES, pages
from goldengit.reporters.base import Page

HERE = Path(__file__).parent
_CODES = {
    0: "no error",
    1: "an error was found, or the answer is no",
    2: "wrong usage",
    3: "could not judge: something could not be read or run, which is never a pass",
    4: "nothing to judge: there was no file of ours where some were expected",
    130: "interrupted",
}


def rendered() -> dict[str, str]:
    """Return the text of every page, by its path below this folder."""
    found = {
        "cli.md": "\n".join(_commands()),
        "evaluators.md": run_path(str(HERE / "kinds.py"))["page"](),
        "rules/README.md": "\n".join(_index()),
    }
    return found | {f"rules/{page.code}.md": _rule(page) for page in pages().values()}


def main() -> None:
    """Write every page that differs, and remove those of rules that are no more."""
    wanted = rendered()
    for path, text in wanted.items():
        target = HERE / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for stray in (HERE / "rules").glob("*.md"):
        if f"rules/{stray.name}" not in wanted:
            stray.unlink()


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield "`git golden …` is the same program. This page is rendered from the program itself.\n"
    yield "| exit code | meaning |\n|---|---|"
    yield from (f"| {code} | {meaning} |" for code, meaning in _CODES.items())
    yield f"\n```\n{_help()}```"
    for words in _verbs():
        yield f"\n## `goldengit {' '.join(words)}`\n"
        yield f"```\n{_help(*words)}```"
    yield ""


def _verbs() -> Iterator[tuple[str, ...]]:
    """Yield the words of every command: `check`, and `gate deploy`."""
    yield from ((name,) for name, _ in VERBS)
    for name, _ in GROUPS:
        group = command().commands[name]
        yield from ((name, verb) for verb in getattr(group, "commands", {}))


def _help(*words: str) -> str:
    printed = StringIO()
    with redirect_stdout(printed):
        command().main(
            [*words, "--help"],
            prog_name="goldengit",
            standalone_mode=False,
            terminal_width=80,
            obj=Call("goldengit"),
        )
    return printed.getvalue().rstrip() + "\n"


def _index() -> Iterator[str]:
    yield "# Rules\n"
    yield "One page a rule, rendered from its code; `goldengit explain GG303` prints the same."
    for family, members in groupby(pages().values(), key=lambda page: page.code[:3]):
        yield f"\n## {family}: {FAMILIES[family]}\n"
        yield "| code | name | what it reports |\n|---|---|---|"
        yield from (
            f"| [{page.code}]({page.code}.md) | {page.name} | {page.title} |" for page in members
        )
    yield ""


def _rule(page: Page) -> str:
    facts = {
        "severity": page.severity.label,
        "judges": " and ".join(page.judges) or "nothing: it ends a command with exit code 3",
        "can be waived": "yes" if page.waivable else "no",
        "since": page.since,
    }
    table = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
    return (
        f"# {page.code} {page.name}\n\n{page.title}\n\n| | |\n|---|---|\n{table}\n\n{page.text}\n"
    )


if __name__ == "__main__":
    main()
