"""GG704: a new policy keeps what the old one has promised."""

from collections.abc import Iterator, Mapping

from goldengit.models.change import Change, File, Snapshot
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY, golden_folder
from goldengit.models.lifecycle import restore_command
from goldengit.models.policy import Key, Person, Policy, normal_address
from goldengit.models.reading import Way
from goldengit.rules.base import TRANSITION, Rule

Loss = tuple[str, Way]  # a full sentence, and the way to the line it is about


class PolicyFailsOldPolicy(Rule):
    """A new policy keeps the past as it was, and its promises.

    ## What it does
    Compares the policy of the head with that of the base and reports:

    * another `repository` id, a moved `continuity_start`, a protected branch that is dropped, a
      lower `signoffs.threshold`, fewer `maintainer_approvals`, a lower `min_tool_version`;
    * a person, account, key or address that is deleted instead of ended or revoked;
    * a role taken from somebody who has signed golden cases in it;
    * days of validity that are rewritten for the past, and a revocation that is taken back.

    ## Why it matters
    Signoffs of the past are judged by the roster: rewriting it rewrites who approved what.

    ## Example
    The entry of a reviewer who left is deleted, with the key that twenty cases rest on.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- goldengit.yaml`, then end an entry with
    `valid_to`, and a key with `valid_to`, `revoked_at` or `compromised_since`.
    """

    code = "GG704"
    name = "policy-fails-old-policy"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each promise of the base's policy that the head's breaks."""
        file = change.head.file(POLICY)
        old, new = change.policy, file.policy if file else None
        if change.adoption or file is None or old is None or new is None:
            return
        for message, way in (*_rules(old, new), *_people(old, new, change)):
            yield self._loss(change, file, message, way)

    def _loss(self, change: Change, file: File, message: str, way: Way) -> Finding:
        remedy = (
            f"Run `{restore_command(change, POLICY)}`; end people and keys by `valid_to` or "
            "`revoked_at`, do not delete them."
        )
        return self.finding(POLICY, message, remedy, line=file.line(*way))


def _rules(old: Policy, new: Policy) -> Iterator[Loss]:
    if new.repository != old.repository:
        yield "The id of the repository changes, which would void every signature.", ("repository",)
    start = old.history.continuity_start
    if start is not None and new.history.continuity_start != start:
        yield "The start of the audit moves.", ("history", "continuity_start")
    for branch in sorted(set(old.protected_branches) - set(new.protected_branches)):
        yield f"The branch {branch} is no longer protected.", ("protected_branches",)
    for name in ("threshold", "maintainer_approvals"):
        before, after = getattr(old.signoffs, name), getattr(new.signoffs, name)
        if after < before:
            yield f"`signoffs.{name}` falls from {before} to {after}.", ("signoffs", name)
    if _numbers(new.min_tool_version) < _numbers(old.min_tool_version):
        yield (
            f"`min_tool_version` falls from {old.min_tool_version} to {new.min_tool_version}.",
            ("min_tool_version",),
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _people(old: Policy, new: Policy, change: Change) -> Iterator[Loss]:
    for name, before in old.roster.items():
        after = new.roster.get(name)
        if after is None:
            yield f"{name} is deleted from the roster instead of ended.", ("roster",)
            continue
        yield from _validity(name, before, after, ("roster", name), change.now)
        yield from _marks(name, before, after)
        yield from _keys(name, before, after, change.now)
        for role in sorted(set(before.roles) - set(after.roles)):
            if _has_signed(change.base, name, role):
                message = f"{name} loses the role {role}, in which golden cases were signed."
                yield message, ("roster", name, "roles")


def _validity(
    name: str, before: Person | Key, after: Person | Key, way: Way, now: str
) -> Iterator[Loss]:
    """Yield each day of validity that changes what held before today."""
    today = now[:10]
    if after.valid_from != before.valid_from and (before.valid_from or "") <= today:
        yield f"The first day of validity of {name} is rewritten.", (*way, "valid_from")
    ended = before.valid_to is not None and before.valid_to < today
    if ended and after.valid_to != before.valid_to:
        yield f"The last day of validity of {name} is rewritten.", (*way, "valid_to")


def _marks(name: str, before: Person, after: Person) -> Iterator[Loss]:
    accounts = {(account.host, account.id) for account in after.accounts}
    for account in before.accounts:
        if (account.host, account.id) not in accounts:
            message = f"The account {account.id} of {name} is deleted."
            yield message, ("roster", name, "accounts")
    addresses = {normal_address(address) for address in after.emails}
    for address in before.emails:
        if normal_address(address) not in addresses:
            message = f"An address of {name} is deleted, so it would no longer exclude its owner."
            yield message, ("roster", name, "emails")


def _keys(name: str, before: Person, after: Person, now: str) -> Iterator[Loss]:
    kept: Mapping[str, tuple[int, Key]] = {
        _material(key): (place, key) for place, key in enumerate(after.keys)
    }
    for key in before.keys:
        if _material(key) not in kept:
            message = f"A key of {name} is deleted instead of revoked."
            yield message, ("roster", name, "keys")
            continue
        place, new = kept[_material(key)]
        way: Way = ("roster", name, "keys", place)
        yield from _validity(f"a key of {name}", key, new, way, now)
        for field in ("revoked_at", "compromised_since"):
            old, later = getattr(key, field), getattr(new, field)
            if old is not None and (later is None or later > old):
                yield f"`{field}` of a key of {name} is taken back or moved.", (*way, field)


def _material(key: Key) -> str:
    return key.key.split(" ")[1]


def _has_signed(base: Snapshot, person: str, role: str) -> bool:
    """Tell whether a golden case of the base was signed by this person in this role."""
    for dataset in base.datasets:
        for month, facts in base.index(dataset).months.items():
            if any((person, role) in signers for signers in facts.signers):
                return True
            folder = f"{golden_folder(dataset)}/{month}"
            if any(_signs(base.file(f"{folder}/{name}"), person, role) for name in facts.odd):
                return True
    return False


def _signs(file: File | None, person: str, role: str) -> bool:
    signoffs = file.case.signoffs if file is not None and file.case is not None else ()
    return any((each.reviewer, each.role) == (person, role) for each in signoffs)
