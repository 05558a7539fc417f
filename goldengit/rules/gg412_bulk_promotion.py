"""GG412: promotions come in numbers that people can read."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.claims import fresh_claims
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.rules.base import TRANSITION, Rule


class BulkPromotion(Rule):
    """A change promotes no more cases than people can have read.

    ## What it does
    Reports a change with more promotions than `signoffs.max_promotions_per_change`, and a person
    who signs more promotions of one day than `signoffs.max_promotions_per_person_per_day`. The
    first change that brings a policy is left alone.

    ## Why it matters
    Nobody reads nine hundred cases in an afternoon.

    ## Example
    A pull request promotes 200 imported cases at once.

    ## How to fix
    Promote in smaller changes: `git restore --staged` some of the files, then
    `goldengit promote CANDIDATE…` for a part of them.
    """

    code = "GG412"
    name = "bulk-promotion"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for too many promotions in the change, or by a person in a day."""
        if change.policy is None or change.adoption:
            return
        limits = change.policy.signoffs
        promoted = [each.path for each in change.added_golden()]
        if len(promoted) > limits.max_promotions_per_change:
            yield self.finding(
                promoted[0],
                f"The change promotes {len(promoted)} cases; the policy permits "
                f"{limits.max_promotions_per_change} at once.",
                "Promote them in several changes: `goldengit promote CANDIDATE…`.",
            )
        for (person, day), paths in _signed_a_day(change).items():
            if len(paths) > limits.max_promotions_per_person_per_day:
                yield self.finding(
                    min(paths),
                    f"{person} signs {len(paths)} promotions on {day}; the policy permits "
                    f"{limits.max_promotions_per_person_per_day} a day.",
                    "Let others sign some of them, or sign on another day.",
                )


def _signed_a_day(change: Change) -> dict[tuple[str, str], set[str]]:
    signed: dict[tuple[str, str], set[str]] = {}
    for each in fresh_claims(change, Kind.GOLDEN):
        if each.claim.transition == "promote":
            mark = each.claim.person, each.claim.at[:10]
            signed.setdefault(mark, set()).add(each.file.path)
    return signed
