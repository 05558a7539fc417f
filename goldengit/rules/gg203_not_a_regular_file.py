"""GG203: something other than a plain file where data belongs."""

from collections.abc import Iterator

from goldengit.models.change import REGULAR, Change
from goldengit.models.finding import Finding
from goldengit.models.layout import ATTRIBUTES, DATASETS, EVALUATORS, POLICY, SCHEMAS
from goldengit.rules.base import Rule

_ROOTS = frozenset({DATASETS, EVALUATORS, SCHEMAS, POLICY})
_WORDS = {"120000": "a symbolic link", "160000": "a submodule", "100755": "an executable file"}
_MODULES = ".gitmodules"


class NotARegularFile(Rule):
    """A data file is a symbolic link, a submodule or executable.

    ## What it does
    Below `datasets/`, `evaluators/` and `schemas/`, and for `goldengit.yaml` and `.gitattributes`,
    only mode 100644 is accepted. `.gitmodules` is refused everywhere.

    ## Why it matters
    A link or a submodule makes the content depend on something outside the tree that was judged.

    ## Example
    A golden case is replaced by a symbolic link to another case.

    ## How to fix
    Store the content itself: `git rm --cached PATH`, write a plain file, `git add PATH`; for an
    executable file `git update-index --chmod=-x PATH`.
    """

    code = "GG203"
    name = "not-a-regular-file"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each added or changed file of another mode."""
        for file in change.files:
            if file.after is None:
                continue
            mode = file.after.entry.mode
            if file.after.entry.name == _MODULES:
                message = "Submodules are refused, so `.gitmodules` has no place here."
                yield self.finding(file.path, message, "Run `git rm .gitmodules`.")
            elif mode != REGULAR and _is_guarded(file.path):
                kind = _WORDS.get(mode, f"of mode {mode}")
                message = f"This is {kind}; only plain files (mode 100644) are accepted."
                yield self.finding(file.path, message, _remedy(mode, file.path))


def _is_guarded(path: str) -> bool:
    return path.split("/", 1)[0] in _ROOTS or path.rpartition("/")[2] == ATTRIBUTES


def _remedy(mode: str, path: str) -> str:
    if mode == "100755":
        return f"Run `git update-index --chmod=-x -- '{path}'`."
    return f"Run `git rm --cached -- '{path}'`, write the content as a plain file and add that."
