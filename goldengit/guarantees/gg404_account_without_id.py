"""GG404: an account of the roster that is not what the roster thinks it is."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee
from goldengit.models.policy import Account, Policy
from goldengit.models.pull import WRITERS
from goldengit.models.settings import Diagnosis, Known, Member, Settings, State, Unknown


class AccountWithoutId(Guarantee):
    """An account of the roster does not resolve, is no person's, or may not write.

    ## What it does
    `goldengit doctor` asks for every account of the roster by its numeric id, of persons whose time
    has not ended. It must exist, be a person's, and have write permission. A login that differs
    from the one in the roster is a warning that tells the new one.

    ## Why it matters
    The id is what approvals are compared with. One that belongs to nobody, or to somebody who may
    not write, is a reviewer on paper: pull requests wait for an approval that cannot count.

    ## Example
    A person who renamed the account; the old name is free for anybody to take.

    ## How to fix
    `gh api /users/LOGIN --jq .id` prints the id of an account. Repair it in the roster, give the
    person write access, or set `valid_to` for somebody who has left.
    """

    code = "GG404"
    name = "account-without-id"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:
        """Yield what is wrong with each account; one line when nothing is."""
        known = list(accounts_of(policy, settings.home.host, settings.now))
        whole = "reviewers exist and may write"
        if policy is not None and not known:
            needed = "github-review" in policy.signoffs.accept
            remedy = "Give each person of the roster `accounts: [{id: NUMBER}]`, or sign with SSH."
            state = State.WARNING if needed else State.OK
            yield self.told(whole, state, f"no account on {settings.home.host}", remedy)
            return
        found = [one for each in known for one in self._account(settings, *each)]
        yield from found
        if known and not found:
            shown = f"{len(known)} account{'' if len(known) == 1 else 's'}"
            yield self.told(whole, State.OK, shown)

    def _account(self, settings: Settings, person: str, account: Account) -> Iterator[Diagnosis]:
        guarantee = f"{person} exists and may write"
        part = settings.accounts.get(account.id)
        if part is None or isinstance(part, Unknown):
            hidden = part or Unknown("not asked", "Run `goldengit doctor` again.")
            yield self.unseen(guarantee, hidden)
        elif part.value is None:
            remedy = "Repair the id in the roster, or set `valid_to` for the person."
            yield self.told(guarantee, State.FAIL, f"no account {account.id}", remedy)
        else:
            yield from self._member(guarantee, account, part.value)

    def _member(self, guarantee: str, account: Account, member: Member) -> Iterator[Diagnosis]:
        shown = f"{member.login} ({account.id})"
        if not member.is_person:
            remedy = "Name a person's account: apps and bots never count."
            yield self.told(guarantee, State.FAIL, f"{shown} is no person's", remedy)
            return
        if account.login and account.login.lower() != member.login.lower():
            found = f"{account.login} is called {member.login} now"
            remedy = f"Write `login: {member.login}` for account {account.id} into the roster."
            yield self.told(guarantee, State.WARNING, found, remedy)
        if not isinstance(member.permission, Known):
            yield self.unseen(guarantee, member.permission)
        elif member.permission.value not in WRITERS:
            found = f"{shown} has the permission {member.permission.value}"
            remedy = "Give write access, or set `valid_to` for the person."
            yield self.told(guarantee, State.FAIL, found, remedy)


def accounts_of(policy: Policy | None, host: str, now: str) -> Iterator[tuple[str, Account]]:
    """Yield person and account for each account on a host of somebody whose time has not ended."""
    for name, person in (policy.roster if policy else {}).items():
        if person.valid_to is None or person.valid_to >= now[:10]:
            for account in person.accounts:
                if account.host == host:
                    yield name, account
