"""GG505: a successor that asks for less than the case it replaces."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from goldengit.models.case import Case
from goldengit.models.change import Change
from goldengit.models.dataset import Slice
from goldengit.models.digest import appendix_digest
from goldengit.models.finding import Finding
from goldengit.models.label import Label
from goldengit.models.layout import dataset_path, golden_path
from goldengit.models.lifecycle import Closing, closings, equal, has_maintainer
from goldengit.models.policy import Policy
from goldengit.rules.base import TRANSITION, Rule

_SEVERITIES = ("low", "normal", "high", "critical")


class WeakeningSupersession(Rule):
    """The successor is weaker and lacks the extra approval.

    ## What it does
    Compares the superseded case with its successor. Weaker means: a failure mode was fail and is
    only pass now, or has fewer labels, or is gone; the expected output or the grader hints are
    empty now; the severity fell; a gating slice is left; an expiry came in. Then the appendix needs
    one signer more than the threshold, or a maintainer in force who signs as one.

    ## Why it matters
    Whoever cannot edit the case that fails can still replace it by one that passes.

    ## Example
    A critical case with a failing label is superseded by a normal one that passes.

    ## How to fix
    Let a third person or a maintainer sign the supersession:
    `goldengit signoff ID --key FILE --role maintainer`; or give the successor what it lost and
    promote that one.
    """

    code = "GG505"
    name = "weakening-supersession"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each new link to a weaker case that too few people signed."""
        for closing in closings(change):
            if change.policy is None or not closing.successor or _extra(closing, change.policy):
                continue
            weaker = list(_weaknesses(change, closing))
            if weaker:
                message = f"The successor {closing.successor} is weaker: {'; '.join(weaker)}."
                remedy = (
                    "Let a third person or a maintainer sign: "
                    f"`goldengit signoff {closing.case.id} --key FILE --role maintainer`."
                )
                yield self.finding(closing.file.path, message, remedy, line=closing.line)


def _extra(closing: Closing, policy: Policy) -> bool:
    """Tell whether more people than usual stand behind an appendix."""
    wanted = appendix_digest(closing.file.digest, closing.file.value[closing.key])
    bound = [signoff for signoff in closing.block.signoffs if signoff.digest == wanted]
    people = {
        signoff.reviewer
        for signoff in bound
        if signoff.reviewer in policy.roster
        and policy.roster[signoff.reviewer].holds(signoff.role, signoff.at)
    }
    return len(people) > policy.signoffs.threshold or has_maintainer(bound, policy)


def _weaknesses(change: Change, closing: Closing) -> Iterator[str]:
    dataset = closing.file.spot.dataset
    file = change.head.file(golden_path(dataset, closing.successor))
    if file is None or not isinstance(file.case, Case):
        return  # GG502 or GG1xx says so
    old, new = closing.case, file.case
    yield from _of_labels(old.labels, new.labels)
    for key in ("expected_output", "grader_hints"):
        if not _is_empty(getattr(old, key)) and _is_empty(getattr(new, key)):
            yield f"`{key}` is empty"
    if _SEVERITIES.index(new.severity) < _SEVERITIES.index(old.severity):
        yield f"the severity fell from {old.severity} to {new.severity}"
    if new.valid_until is not None and (
        old.valid_until is None or new.valid_until < old.valid_until
    ):
        yield f"it expires on {new.valid_until}"
    spec = change.base.file(dataset_path(dataset))
    slices = spec.dataset_spec.slices if spec is not None and spec.dataset_spec else ()
    yield from _of_slices(slices, closing.file.value, file.value)


def _of_labels(old: Iterable[Label], new: Iterable[Label]) -> Iterator[str]:
    before = Counter(label.failure_mode for label in old)
    after = Counter(label.failure_mode for label in new)
    failed = {label.failure_mode for label in old if label.verdict == "fail"}
    fails = {label.failure_mode for label in new if label.verdict == "fail"}
    for mode, count in sorted(before.items()):
        if not after[mode]:
            yield f"the failure mode {mode} is gone"
        elif mode in failed and mode not in fails:
            yield f"{mode} was fail and is pass"
        elif after[mode] < count:
            yield f"{mode} has fewer labels"


def _of_slices(
    slices: Iterable[Slice], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[str]:
    for part in slices:
        if part.gating and _is_in(part, old) and not _is_in(part, new):
            yield f"it is not in the gating slice {part.name}"


def _is_in(part: Slice, value: Mapping[str, Any]) -> bool:
    return all(equal(_at(value, name), wanted) for name, wanted in part.where.items())


def _at(value: object, name: str) -> object:
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _is_empty(value: object) -> bool:
    """Tell whether nothing is expected. Zero and false are answers."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())
