"""GG713: Git leaves the bytes of the data alone, and shows them."""

from collections.abc import Iterator

from goldengit.models.change import Change, FileChange
from goldengit.models.finding import Finding
from goldengit.models.layout import ATTRIBUTES, ATTRIBUTES_LINES, DATASETS, EVALUATORS
from goldengit.rules.base import Rule

_DATA = (DATASETS, EVALUATORS)
_WILD = frozenset("*?[\\")


class BadGitattributes(Rule):
    """`.gitattributes` says what is prescribed about the data, and nothing else.

    ## What it does
    Reports a `.gitattributes` at the root without the two prescribed lines, or with another line
    that may apply to data: one whose pattern does not begin with the name of another folder. Only
    `text` and `eol` may be set for everything, in lines above the prescribed ones, which undo them.
    No `.gitattributes` may stand under `datasets/` or `evaluators/`.

    ## Why it matters
    Attributes can hide a file from the reviewer (`-diff`, `linguist-generated`), rewrite its bytes
    on the way (`eol`, `filter`, `ident`) or merge records line by line (`merge=union`).

    ## Example
    `datasets/** linguist-generated` folds every case away in a pull request.

    ## How to fix
    Let the lines `datasets/** -text -merge` and `evaluators/** -text` stand at the end of
    `.gitattributes`, and remove the others that touch data.
    """

    code = "GG713"
    name = "bad-gitattributes"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each attribute that is missing or too much."""
        for each in change.files:
            root, _, name = each.path.rpartition("/")
            if name == ATTRIBUTES and root.split("/")[0] in _DATA and each.after is not None:
                message = "No .gitattributes may stand among the data."
                yield self.finding(each.path, message, f"Run `git rm -- {each.path}`.")
        if not change.is_transition or change.adoption or _touched(change.files):
            yield from self._root(change)

    def _root(self, change: Change) -> Iterator[Finding]:
        if not any(change.head.entries(folder) for folder in _DATA):
            return
        file = change.head.file(ATTRIBUTES)
        lines = file.data.decode(errors="replace").split("\n") if file else []
        for prescribed in ATTRIBUTES_LINES:
            if prescribed not in lines:
                message = f"The line `{prescribed}` is missing."
                yield self.finding(ATTRIBUTES, message, f"Add `{prescribed}` to {ATTRIBUTES}.")
        for number, line in enumerate(lines, 1):
            above = all(prescribed in lines[number:] for prescribed in ATTRIBUTES_LINES)
            if line not in ATTRIBUTES_LINES and not _harmless(line, above=above):
                message = "This line may apply to data, which has prescribed attributes only."
                remedy = "Remove it, or begin its pattern with the name of another folder."
                yield self.finding(ATTRIBUTES, message, remedy, line=number)


def _touched(files: tuple[FileChange, ...]) -> bool:
    return any(each.path == ATTRIBUTES for each in files)


def _harmless(line: str, *, above: bool) -> bool:
    """Tell whether a line cannot change how Git treats data (gitattributes(5))."""
    words = line.split()
    if not words or line.startswith("#"):
        return True
    folder, slash, rest = words[0].removeprefix("/").partition("/")
    elsewhere = bool(slash and rest) and not _WILD & set(folder) and folder.lower() not in _DATA
    if elsewhere and not line.startswith(("[", '"')):
        return True
    names = {word.lstrip("-!").partition("=")[0] for word in words[1:]}
    return above and not line.startswith("[") and names <= {"text", "eol"}
