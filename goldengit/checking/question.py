"""Question: which two trees a check compares."""

from dataclasses import dataclass

from goldengit.models.change import Merge


@dataclass(frozen=True)
class Question:
    """What to compare. `base` and `head` are trees; the commits stand beside them where known.

    `author` are the addresses of whoever is about to commit what is staged. A replay that walks
    the history gives `former` itself; else it is looked up. Without `scan` nobody looks for
    secrets, for a replay that does not ask the rule which reports them.
    """

    base: str
    head: str
    base_name: str = "the base"
    head_name: str = "the head"
    base_commit: str | None = None
    head_commit: str | None = None
    merge: Merge | None = None
    author: tuple[str, ...] = ()
    now: str = ""
    require_confirmed: bool = False
    former: frozenset[str] | None = None
    scan: bool = True
