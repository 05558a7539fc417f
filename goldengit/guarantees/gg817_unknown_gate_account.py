"""GG817: a policy that does not say whose status counts."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee, verdict
from goldengit.models.policy import Forge, Policy
from goldengit.models.settings import (
    ACTIONS_APP,
    ACTIONS_LOGIN,
    Diagnosis,
    Known,
    Member,
    Part,
    Settings,
    State,
)

_NAMED = "the policy names forge and gate"
_AGREES = "the gate's account fits that source"


class UnknownGateAccount(Guarantee):
    """The policy does not name the account that posts the gate's status, or names a wrong one.

    ## What it does
    `goldengit doctor` reads the section `forge` of the policy on the default branch: it must be
    there, name this host, and name an account that exists and is an App's. Where the ruleset takes
    the status from GitHub Actions, the account must be `github-actions[bot]`, and only there. Which
    App another account belongs to cannot be told.

    ## Why it matters
    The gate finds out from its own earlier statuses when a reviewer could first see a content. A
    status of anybody else proves nothing, so without the right number no approval counts.

    ## Example
    `gate_account: 41898282` with an App of your own as the required source.

    ## How to fix
    Add `forge: {kind: github, host: github.com, gate_account: NUMBER}` to `goldengit.yaml`;
    `gh api '/users/NAME-OF-THE-APP[bot]' --jq .id` prints the number.
    """

    code = "GG817"
    name = "unknown-gate-account"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:
        """Yield whether the section is there, and whether its account fits."""
        host = settings.home.host
        if policy is None:
            remedy = "Run `goldengit init`, then `goldengit check`, and merge the policy."
            yield self.told(_NAMED, State.FAIL, "no policy that can be read", remedy)
        elif policy.forge is None:
            remedy = (
                f"Add `forge: {{kind: github, host: {host}, gate_account: NUMBER}}` to "
                "goldengit.yaml; `gh api '/users/NAME-OF-THE-APP[bot]' --jq .id` tells the number."
            )
            yield self.told(_NAMED, State.FAIL, "no section `forge`", remedy)
        else:
            kept, remedy = policy.forge.host == host, f"Write `host: {host}` into `forge`."
            yield self.told(_NAMED, verdict(kept=kept), f"{policy.forge.host}", remedy)
            yield self._account(settings, policy.forge)

    def _account(self, settings: Settings, forge: Forge) -> Diagnosis:
        part: Part[Member | None] | None = settings.accounts.get(forge.gate_account)
        if part is None or not isinstance(part, Known):
            return (
                self.told(_AGREES, State.UNKNOWN, "not asked")
                if part is None
                else (self.unseen(_AGREES, part))
            )
        account = part.value
        if account is None:
            found = f"account {forge.gate_account} does not exist"
            return self.told(_AGREES, State.FAIL, found, "Repair `gate_account` in the policy.")
        found = f"{account.login} ({forge.gate_account})"
        if account.is_person:
            remedy = "Name the account of an App: a person's token can be used by hand."
            return self.told(_AGREES, State.FAIL, f"{found}, a person", remedy)
        for branch in settings.branches:
            if isinstance(branch.rules, Known) and (sources := set(branch.rules.value.gate)):
                clash = _clash(account.login, sources - {None})
                if clash:
                    remedy = "Make `gate_account` and the source of the required check agree."
                    return self.told(_AGREES, State.FAIL, f"{found}, but {clash}", remedy)
        return self.told(_AGREES, State.OK, found)


def _clash(login: str, apps: set[int | None]) -> str:
    """Return what the rules ask for that this account cannot give, "" when nothing shows."""
    if login == ACTIONS_LOGIN and apps - {ACTIONS_APP}:
        return f"the rules ask for App {min(app for app in apps - {ACTIONS_APP} if app)}"
    if login != ACTIONS_LOGIN and ACTIONS_APP in apps:
        return "the rules ask for GitHub Actions"
    return ""
