"""Doctor: the platform's settings held against what the guarantees need."""

from dataclasses import dataclass, replace

from goldengit.errors import CannotJudgeError
from goldengit.forge.client import GitHub
from goldengit.forge.settings import Progress, Wanted, read_home, read_settings
from goldengit.guarantees import all_guarantees
from goldengit.guarantees.gg404_account_without_id import accounts_of
from goldengit.models.change import Snapshot
from goldengit.models.layout import POLICY
from goldengit.models.policy import Policy
from goldengit.models.protection import OWNERS_PLACES
from goldengit.models.settings import Diagnosis, Home, OwnersFile, State
from goldengit.repository.store import Store

# GitHub ignores a file of 3 MB or more.
_LARGEST_OWNERS = (3 << 20) - 1


@dataclass(frozen=True)
class Diagnosed:
    """What the doctor says of a repository, in the order of the codes."""

    home: Home
    diagnoses: tuple[Diagnosis, ...]

    def count(self, state: State) -> int:
        """Return how many diagnoses are so."""
        return sum(one.state is state for one in self.diagnoses)

    @property
    def exit_code(self) -> int:
        """Return 1 when something fails, else 3 when something is unknown, else 0."""
        if self.count(State.FAIL):
            return 1
        return 3 if self.count(State.UNKNOWN) else 0


def doctor(store: Store, github: GitHub, now: str, progress: Progress) -> Diagnosed:
    """Return a diagnosis for each guarantee, by the policy on the default branch.

    Raises ForgeError when not even the repository can be read, and CannotJudgeError when the clone
    lacks the tip of the default branch.
    """
    home = read_home(github)
    policy, owners = _in_force(store, home)
    wanted = Wanted(_branches(home, policy), _accounts(home, policy, now), now)
    settings = replace(read_settings(github, home, wanted, progress), owners=owners)
    found = (one for each in all_guarantees() for one in each.diagnose(settings, policy))
    return Diagnosed(home, tuple(found))


def _in_force(store: Store, home: Home) -> tuple[Policy | None, OwnersFile | None]:
    """Return policy and CODEOWNERS as the tip of the default branch has them."""
    commit = store.repository.find_commit(home.tip)
    if commit is None:
        raise CannotJudgeError(
            f"This clone lacks {home.tip[:12]}, the tip of {home.default_branch} on {home.host}.",
            remedy="Run `git fetch origin`.",
        )
    tree = store.snapshot(home.default_branch, store.repository.tree_of(commit))
    file = tree.file(POLICY)
    return file.policy if file else None, _owners(store, tree)


def _owners(store: Store, tree: Snapshot) -> OwnersFile | None:
    for path in OWNERS_PLACES:
        entry = tree.entry(path)
        if entry is not None and not entry.is_tree:
            data = store.objects.blob(entry.oid, _LARGEST_OWNERS).data or b""
            return OwnersFile(path, data.decode("utf-8", "replace"))
    return None


def _branches(home: Home, policy: Policy | None) -> tuple[str, ...]:
    """Return the protected branches; without a policy the one that should be."""
    return policy.protected_branches if policy else (home.default_branch,)


def _accounts(home: Home, policy: Policy | None, now: str) -> tuple[int, ...]:
    """Return the accounts of the roster on this host, and the gate's."""
    if policy is None:
        return ()
    found = [account.id for _, account in accounts_of(policy, home.host, now)]
    return tuple(dict.fromkeys([*found, *([policy.forge.gate_account] if policy.forge else [])]))
