"""One pull request, judged as it is now; nothing is published."""

from goldengit import checking
from goldengit.errors import OutOfDateError
from goldengit.forge.pulls import read_pull
from goldengit.gating.door import Door, policy_at
from goldengit.gating.merge.decision import Decision, decide
from goldengit.gating.merge.reviewing import reviewed_change
from goldengit.gating.pins import pin_findings
from goldengit.models.pull import PullSnapshot


def gate_pull(door: Door, number: int, *, now: str) -> Decision:
    """Return the gate's word about a pull request as it is now; nothing is published.

    Raises CannotJudgeError (ForgeError among them) when anything that it needs cannot be read.
    """
    pull = read_pull(door.github, number)
    base = door.tip(pull.base_branch, f"base/{number}")
    head = door.bring(f"refs/pull/{number}/head", f"pull/{number}")
    if head != pull.head:
        raise OutOfDateError(
            f"Pull request {number} moved while it was read: {pull.head[:12]} became {head[:12]}.",
            remedy="The next run judges what is there then.",
        )
    policy, _ = policy_at(door, base)
    guarding, _ = policy_at(door, _default_tip(door, pull, base))
    change = reviewed_change(door, pull, base, policy, now=now)
    report = checking.judge(change).plus(*pin_findings(door, change))
    return decide(pull, change, report, guarding, base)


def _default_tip(door: Door, pull: PullSnapshot, base: str) -> str:
    """Return the commit whose policy says which branches are protected."""
    if pull.base_branch == pull.default_branch:
        return base
    return door.tip(pull.default_branch, "default")
