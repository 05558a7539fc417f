"""What the tests of the gate of merges ask: pull requests as people bring them, words as read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from goldengit.gating.merge.decision import Decision
from goldengit.models.approval import Approvals, Topic
from goldengit.models.finding import Severity
from tests.fakehub.pulls import Pull
from tests.hub_world import World
from tests.standard import dataset_of, id_of, path_in, path_of

Edits = Sequence[Mapping[str, Any]]
Worlds = Callable[..., World]  # the fixture `hubbed_with`

NEW: Edits = [{"case": {"row": "new-1"}}]
CASE = path_of("new-1")
PROMOTION: Topic = (CASE, "promote")
OTHER: Edits = [{"promote": {"row": "candidate-2"}}]
OTHER_CASE = path_in("golden", dataset_of("candidate-2"), id_of("candidate-2"))
OTHER_PROMOTION: Topic = (OTHER_CASE, "promote")
README: Edits = [{"write": {"path": "README.md", "text": "# Cases\n"}}]
TWO = ("reviewer-1", "reviewer-2")


def changed(text: str, *signers: str) -> Edits:
    """Return an edit of the new case's content, signed anew by both, or by these."""
    sign = list(signers or ("reviewer-1:labeler", "reviewer-2:confirmer"))
    return [{"set": {"path": CASE, "values": {"expected_output": text}, "sign": sign}}]


def ready(world: World, edits: Edits = NEW, approved: Sequence[str] = TWO, **how: Any) -> Pull:
    """Return a pull request that the gate has seen and that these people then approved."""
    pull = world.pull(edits, **how)
    world.stamp(pull)
    world.approve(pull, *approved)
    return pull


def errors(decision: Decision) -> list[str]:
    """Return the codes of the errors, each once."""
    found = decision.report.findings if decision.report else ()
    return sorted({one.rule for one in found if one.severity is Severity.ERROR})


def said(decision: Decision) -> str:
    """Return all messages of the findings."""
    return "\n".join(one.message for one in decision.report.findings) if decision.report else ""


def approvals(decision: Decision, topic: Topic = PROMOTION) -> Approvals:
    """Return the approvals of a topic."""
    assert decision.change
    assert decision.change.reviewed
    return decision.change.reviewed.approvals[topic]


def confirmed(decision: Decision, topic: Topic = PROMOTION) -> list[str]:
    """Return who confirms a topic."""
    return sorted(approvals(decision, topic).confirmed)
