"""GG801: rules of a protected branch that are missing or too weak."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee, verdict
from goldengit.models.policy import Policy
from goldengit.models.pull import CONTEXT
from goldengit.models.settings import (
    EVERY_METHOD,
    Branch,
    BranchRules,
    Diagnosis,
    Known,
    Settings,
    State,
)

_MOST_APPROVALS = 10  # GitHub's own limit
_WHERE = "in the branch ruleset (Settings, Rules, Rulesets)"


class WeakBranchProtection(Guarantee):
    """Rulesets or branch protection do not enforce the gate.

    ## What it does
    `goldengit doctor` reads the active rules of every branch that the policy protects. Needed are:
    changes by pull request, as many approvals as the policy asks for, a code owner's approval, an
    approval of the last push by somebody else, resolved conversations, no force push, no deletion,
    the required status `goldengit/gate`, and a branch that is up to date or a merge queue. Squash
    merges and a linear history are needed when the policy says so. Of classic branch protection
    only its existence can be seen, so it is reported as unknown.

    ## Why it matters
    The gate only says yes or no. It is the platform that refuses the merge.

    ## Example
    A branch ruleset without "Block force pushes": whoever may write replaces the golden cases.

    ## How to fix
    Import `.github/rulesets/goldengit-main.json`, which `goldengit init --github` writes, under
    Settings, Rules, Rulesets; or change the named rule there.
    """

    code = "GG801"
    name = "weak-branch-protection"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:
        """Yield what is said of each rule, branch by branch."""
        for branch in settings.branches:
            rules, whole = branch.rules, f"{branch.name}: the gate is enforced"
            if not isinstance(rules, Known):
                yield self.unseen(whole, rules)
            elif not rules.value.kinds:
                yield self._without_rules(whole, branch)
            else:
                yield from self._reviews(branch.name, rules.value, policy)
                yield from self._movements(branch.name, rules.value)
                yield from self._checks(branch.name, rules.value)
                allowed = settings.home.methods
                yield from self._history(branch.name, rules.value, policy, allowed)

    def _without_rules(self, whole: str, branch: Branch) -> Diagnosis:
        if branch.is_protected == Known(value=False):
            remedy = "Import `.github/rulesets/goldengit-main.json` under Settings, Rules."
            return self.told(whole, State.FAIL, "no rule", remedy)
        remedy = "Replace classic protection by a ruleset: the settings of that can be read."
        return self.told(whole, State.UNKNOWN, "no ruleset; perhaps classic protection", remedy)

    def _reviews(self, name: str, rules: BranchRules, policy: Policy | None) -> Iterator[Diagnosis]:
        review = rules.review
        if review is None:
            remedy = f"Require a pull request before merging, {_WHERE}."
            yield self.told(f"{name}: only pull requests", State.FAIL, "not required", remedy)
            return
        yield self.told(f"{name}: only pull requests", State.OK, "required")
        wanted = approvals_of(policy)
        kept, remedy = review.approvals >= wanted, f"Require {wanted} approvals {_WHERE}."
        noun = "approval" if wanted == 1 else "approvals"
        yield self.told(
            f"{name}: {wanted} {noun}", verdict(kept=kept), str(review.approvals), remedy
        )
        for guarantee, kept, remedy in (
            ("a code owner approves", review.code_owners, "Require review from code owners"),
            ("another approves the last push", review.last_push,
             "Require approval of the most recent reviewable push"),
            ("conversations are resolved", review.threads,
             "Require conversation resolution before merging"),
        ):  # fmt: skip
            yield self._required(f"{name}: {guarantee}", f"{remedy} {_WHERE}.", kept=kept)

    def _movements(self, name: str, rules: BranchRules) -> Iterator[Diagnosis]:
        for kind, guarantee, setting in (
            ("non_fast_forward", "no force push", "Block force pushes"),
            ("deletion", "no deletion", "Restrict deletions"),
        ):
            kept = kind in rules.kinds
            found = "blocked" if kept else "allowed"
            remedy = f"{setting} {_WHERE}."
            yield self.told(f"{name}: {guarantee}", verdict(kept=kept), found, remedy)

    def _checks(self, name: str, rules: BranchRules) -> Iterator[Diagnosis]:
        remedy = f"Require the status check `{CONTEXT}` {_WHERE}."
        yield self._required(f"{name}: {CONTEXT} succeeds", remedy, kept=bool(rules.gate))
        guarantee, queue = f"{name}: judged on the latest base", rules.queue
        if queue is not None and not queue.every_commit:
            remedy = "Let the merge queue require all its commits to pass (ALLGREEN)."
            yield self.told(guarantee, State.FAIL, "a queue that checks its last commit", remedy)
        elif queue is not None:
            yield self.told(guarantee, State.OK, "merge queue")
        else:
            found = "up to date before merging" if rules.latest else "not required"
            remedy = f"Require branches to be up to date before merging {_WHERE}."
            yield self.told(guarantee, verdict(kept=rules.latest), found, remedy)

    def _history(
        self,
        name: str,
        rules: BranchRules,
        policy: Policy | None,
        allowed: frozenset[str] | None,
    ) -> Iterator[Diagnosis]:
        history = policy.history if policy else None
        if history and history.squash_only:
            yield self._squash(f"{name}: squash merges only", rules, allowed)
        if history and (history.linear or history.squash_only):
            kept = "required_linear_history" in rules.kinds
            remedy = f"Require linear history {_WHERE}."
            yield self._required(f"{name}: linear history", remedy, kept=kept)

    def _squash(
        self, guarantee: str, rules: BranchRules, allowed: frozenset[str] | None
    ) -> Diagnosis:
        """Return whether squashing is the only way to merge, by the rules or the repository."""
        methods = _methods(rules) & (allowed or EVERY_METHOD)
        found, remedy = ", ".join(sorted(methods)) or "none", f"Allow squash alone {_WHERE}."
        if methods != {"squash"} and allowed is None:
            found = f"{found}, unless the repository forbids it"
            return self.told(guarantee, State.UNKNOWN, found, remedy)
        return self.told(guarantee, verdict(kept=methods == {"squash"}), found, remedy)

    def _required(self, guarantee: str, remedy: str, *, kept: bool) -> Diagnosis:
        found = "required" if kept else "not required"
        return self.told(guarantee, verdict(kept=kept), found, remedy)


def approvals_of(policy: Policy | None) -> int:
    """Return how many approvals on GitHub a change of data needs.

    In the small-team mode the opener is the first signer. Where signatures alone confirm, one
    approval is left: no pull request is merged unseen.
    """
    if policy is None or "github-review" not in policy.signoffs.accept:
        return 1 if policy else 2
    wanted = policy.signoffs.threshold - policy.signoffs.author_counts_as_labeler
    return min(wanted, _MOST_APPROVALS)


def _methods(rules: BranchRules) -> frozenset[str]:
    """Return the ways to merge that the rules leave; a queue has one of its own."""
    if rules.queue is not None:
        return frozenset({rules.queue.method.lower()})
    return rules.review.methods if rules.review else EVERY_METHOD
