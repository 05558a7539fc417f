"""GG824: control files and data that nobody owns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from goldengit.guarantees.base import Guarantee
from goldengit.models.layout import DATASETS, EVALUATORS
from goldengit.models.policy import Policy
from goldengit.models.protection import BUILT_IN
from goldengit.models.settings import Diagnosis, Known, OwnersFile, Settings, State

_SOUND = "CODEOWNERS has no error"
_OWNED = "everything that matters has an owner"
_WORDS = re.compile(r"(?:\\.|\S)+")
_WILD = re.compile(r"[*?\\]")  # what a backslash makes of the next sign is left open
_PARTS = re.compile(r"(\*\*/|/\*\*$|\*\*|\*|\?)")
_WILDCARDS = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_NOTHING = re.compile(r"(?!)")
_UNLIKELY = "no-file-has-this-name"
_SHOWN = 3


class BadCodeowners(Guarantee):
    """CODEOWNERS is missing, has errors, or leaves control files or data without an owner.

    ## What it does
    `goldengit doctor` asks GitHub for the errors of the CODEOWNERS file on the default branch. Then
    it reads the file: `datasets/`, `evaluators/`, the protected paths (the policy, `.github/`, the
    hooks and so on) and the file itself must each be covered by a line with an owner, and no later
    line may take the owner of a part away.

    ## Why it matters
    A line with an error is ignored in silence, and what it was meant to cover has no owner. Then
    any two writers approve a change of the workflows.

    ## Example
    `/.github/  @ORG/eval-admins`, where that team has no write access.

    ## How to fix
    Repair the line that is named: owners must exist and have write access. `goldengit init
    --github` writes a file that covers everything.
    """

    code = "GG824"
    name = "bad-codeowners"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:
        """Yield the errors of the file, and what it leaves out."""
        if settings.owners is None:
            remedy = "Add `.github/CODEOWNERS`; `goldengit init --github` writes one."
            yield self.told(_OWNED, State.FAIL, "no CODEOWNERS", remedy)
            return
        yield self._sound(settings)
        missing = without_owner(settings.owners, policy)
        found = f"nobody owns {_listed(missing)}" if missing else settings.owners.path
        remedy = f"Add a line with an owner for each to {settings.owners.path}, at its end."
        yield self.told(_OWNED, State.FAIL if missing else State.OK, found, remedy)

    def _sound(self, settings: Settings) -> Diagnosis:
        part = settings.owners_errors
        if not isinstance(part, Known):
            return self.unseen(_SOUND, part)
        if not part.value:
            return self.told(_SOUND, State.OK, "none")
        found = _listed([f"line {error.line}: {error.kind}" for error in part.value])
        remedy = "Name users or teams that exist and may write to the repository."
        return self.told(_SOUND, State.FAIL, found, remedy)


def without_owner(file: OwnersFile, policy: Policy | None) -> list[str]:
    """Return the paths that must have an owner and have none, or not wholly."""
    own = policy.protected_paths if policy else ()
    wanted = dict.fromkeys((f"{DATASETS}/", f"{EVALUATORS}/", *BUILT_IN, *own, file.path))
    lines = list(_lines(file.text))
    return [path for path in wanted if not _is_owned(path, lines)]


@dataclass(frozen=True, slots=True)
class _Line:
    pattern: str
    owned: bool

    def covers(self, path: str) -> bool:
        """Tell whether the pattern matches a file, or all that there could be in a folder."""
        wanted = _expression(self.pattern)
        return all(wanted.fullmatch(probe) for probe in _probes(path))

    def may_touch(self, path: str) -> bool:
        """Tell whether the pattern could match something in a folder: rather too often."""
        if not path.endswith("/"):
            return self.covers(path)
        if "/" not in self.pattern.rstrip("/"):
            return True
        literal = _WILD.split(self.pattern.lstrip("/"))[0]
        return literal.startswith(path) or path.startswith(literal)


def _probes(path: str) -> list[str]:
    """Return a file, or paths in a folder that only a pattern for the whole folder matches."""
    if not path.endswith("/"):
        return [path]
    return [f"{path}{'/'.join([_UNLIKELY] * depth)}" for depth in (1, 2, 3)]


def _expression(pattern: str) -> re.Pattern[str]:
    """Return what a pattern of CODEOWNERS matches: gitignore's, but `/*` stays at one level."""
    if not pattern.strip("/"):
        return _NOTHING  # GitHub says so of `/`
    anywhere = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    parts = [_WILDCARDS.get(part, re.escape(part)) for part in _PARTS.split(pattern.lstrip("/"))]
    below = "" if pattern.endswith("/*") else ".+" if pattern.endswith("/") else "(?:/.*)?"
    return re.compile(f"{anywhere}{''.join(parts)}{below}", re.DOTALL)


def _lines(text: str) -> Iterator[_Line]:
    for line in text.splitlines():
        words = _WORDS.findall(line)
        comment = next((at for at, word in enumerate(words) if word.startswith("#")), len(words))
        if words[:comment]:
            yield _Line(words[0], any("@" in word for word in words[1:comment]))


def _is_owned(path: str, lines: list[_Line]) -> bool:
    """Tell whether the last line that matters for every part of a path has an owner."""
    for line in reversed(lines):
        if line.covers(path):
            return line.owned
        if not line.owned and line.may_touch(path):
            return False
    return False


def _listed(items: list[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"{', '.join(items[:_SHOWN])}{more}"
