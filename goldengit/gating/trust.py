"""Trust in the tree itself: what its rules say, and whether its commit was ever reviewed."""

from collections.abc import Iterator
from datetime import datetime

from goldengit import checking
from goldengit.gating.ground import Ground
from goldengit.gating.judgement import Part, Ruling
from goldengit.gating.origin import Origin
from goldengit.models.finding import Report
from goldengit.repository import history, sources
from goldengit.repository.store import Store

_SHOWN = 5  # commits in a sentence


def examined(store: Store, ground: Ground, origin: Origin | None = None) -> tuple[Part, Report]:
    """Return what the rules say of the whole tree, every signoff confirmed (DECISIONS 18).

    `origin` is the verified history of the commit, where it was asked for: what it confirms counts.
    Raises CannotJudgeError where the intervals of a manifest cannot be recomputed.
    """
    change = checking.whole(
        store,
        ground.tree.tree,
        name=ground.tree.name,
        now=ground.now,
        require_confirmed=True,
        recorded=origin.claims(ground.policy.repository) if origin else (),
    )
    report = checking.judge(change)
    if report.failed:
        codes = sorted({one.rule for one in report.errors})
        said = "1 error" if len(report.errors) == 1 else f"{len(report.errors):,} errors"
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


def originated(ground: Ground, origin: Origin | None) -> Iterator[Part]:
    """Yield what is known of the way on which the commit came: each step gated, or not (GG814)."""
    if origin is None:
        if ground.policy.forge is not None:
            yield Part(
                "origin",
                "the way here",
                Ruling.WARN,
                "Nobody asked the forge whether each step came through the gate (GG814).",
                remedy="Give --verify-origin.",
            )
        return
    bad = [step for step in origin.steps if step.report.failed]
    if bad:
        names = ", ".join(step.commit[:12] for step in bad[:_SHOWN])
        yield Part(
            "origin",
            "the way here",
            Ruling.BLOCK,
            f"{len(bad)} of {len(origin.steps)} steps since {origin.start[:12]} did not come "
            f"through the gate: {names} (GG814).",
            remedy="Run `goldengit gate push` to see them.",
        )
        return
    yield Part(
        "origin",
        "the way here",
        Ruling.PASS,
        f"{len(origin.steps)} steps since {origin.start[:12]} came through the gate.",
    )


def aged(store: Store, ground: Ground) -> Iterator[Part]:
    """Yield that a commit is older than the policy allows, if so: it may be kept from moving on."""
    most = ground.policy.history.max_tip_age_days
    if most is None:
        return
    at = history.moment_of_commit(store.objects.commit(ground.commit))
    days = (datetime.fromisoformat(ground.now) - datetime.fromisoformat(at)).days
    if days > most:
        yield Part(
            "age",
            "the commit",
            Ruling.BLOCK,
            f"{ground.commit[:12]} is {days} days old; the policy allows {most}.",
            remedy="Fetch the protected branch, and deploy by its tip.",
        )


def _see(ground: Ground) -> str:
    here = ground.tree.name == "HEAD"
    first = "" if here else f"`git switch --detach {ground.commit[:12]}` and "
    return f"Run {first}`goldengit check --all --require-confirmed` to see them."
