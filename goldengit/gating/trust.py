"""Trust in the tree itself: what its rules say, and whether its commit was ever reviewed."""

from collections.abc import Iterator

from goldengit import checking
from goldengit.gating.ground import Ground
from goldengit.gating.judgement import Part, Ruling
from goldengit.models.finding import Report, Severity
from goldengit.repository import sources
from goldengit.repository.store import Store


def examined(store: Store, ground: Ground) -> tuple[Part, Report]:
    """Return what the rules say of the whole tree, every signoff confirmed (DECISIONS 18).

    Raises CannotJudgeError where the intervals of a manifest cannot be recomputed.
    """
    change = checking.whole(
        store,
        ground.tree.tree,
        name=ground.tree.name,
        now=ground.now,
        require_confirmed=True,
    )
    report = checking.judge(change)
    errors = report.count(Severity.ERROR)
    if errors:
        codes = sorted({one.rule for one in report.findings if one.severity is Severity.ERROR})
        said = "1 error" if errors == 1 else f"{errors:,} errors"
        reason = f"The rules find {said} in the tree ({', '.join(codes)})."
        return Part("rules", "the tree", Ruling.BLOCK, reason, _see(ground)), report
    reason = f"{report.judged:,} files judged, every signoff confirmed."
    return Part("rules", "the tree", Ruling.PASS, reason), report


def reviewed(store: Store, ground: Ground) -> Iterator[Part]:
    """Yield that a commit is on no protected branch, if so: its own policy judged it (T113)."""
    branches = ground.policy.protected_branches
    if not sources.is_on_protected_line(store.repository, branches, ground.commit):
        yield Part(
            "branch",
            "the commit",
            Ruling.WARN,
            f"{ground.commit[:12]} is on the first-parent line of no protected branch "
            f"({', '.join(branches)}), so the policy that it brings may be its own.",
            remedy="Deploy what was merged, or fetch the protected branch.",
        )


def _see(ground: Ground) -> str:
    here = ground.tree.name == "HEAD"
    first = "" if here else f"`git switch --detach {ground.commit[:12]}` and "
    return f"Run {first}`goldengit check --all --require-confirmed` to see them."
