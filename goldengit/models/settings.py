"""Settings: what a forge says about a repository at one moment, and what follows from it.

A part that the token cannot see is `Unknown`. It is never taken for a setting, good or bad.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Literal, TypeAlias, TypeVar

T_co = TypeVar("T_co", covariant=True)

# The App behind every GITHUB_TOKEN, and the login of the account that its statuses show.
ACTIONS_APP = 15368
ACTIONS_LOGIN = "github-actions[bot]"
GATE_ENVIRONMENT = "goldengit"  # holds the App's key
GATE_WORKFLOW = ".github/workflows/goldengit-gate.yml"
EVERY_METHOD = frozenset({"merge", "squash", "rebase"})


@dataclass(frozen=True, slots=True)
class Known(Generic[T_co]):
    """A part that the forge has shown."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part that could not be seen: why, and what would show it.

    `lacks_plan` tells that the forge answers with the advice to buy a larger plan.
    """

    why: str
    remedy: str
    lacks_plan: bool = False


Part: TypeAlias = Known[T_co] | Unknown


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """What a branch asks of the reviews of a pull request. `methods` are the ways to merge."""

    approvals: int
    code_owners: bool
    last_push: bool
    threads: bool
    dismisses: bool
    methods: frozenset[str] = EVERY_METHOD


@dataclass(frozen=True, slots=True)
class QueueRule:
    """A merge queue: how it merges, and whether every commit of a group is checked."""

    method: str
    every_commit: bool


@dataclass(frozen=True, slots=True)
class BranchRules:
    """The active rules of a branch, of all rulesets together: the strictest word counts.

    `gate` holds, for each rule that requires the gate's status, the App that it is taken from (None
    for anybody's); it is empty when no rule requires it. `latest` tells that a pull request must be
    tested with the latest base.
    """

    kinds: frozenset[str] = frozenset()
    review: ReviewRule | None = None
    queue: QueueRule | None = None
    gate: tuple[int | None, ...] = ()
    latest: bool = False
    rulesets: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch. `is_protected` is also true for classic protection, whose details are not shown."""

    name: str
    is_protected: Part[bool]
    rules: Part[BranchRules]


@dataclass(frozen=True, slots=True)
class Bypass:
    """Who may pass a ruleset by, and when: always, pull_request, or exempt (leaves no trace)."""

    who: str
    mode: str


@dataclass(frozen=True, slots=True)
class Environment:
    """Which refs may use an environment; `patterns` are (branch or tag, name) of selected ones."""

    scope: Literal["all", "protected", "selected"]
    patterns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkflowToken:
    """What every workflow's own token may do unless the workflow says otherwise."""

    default: str
    may_approve: bool


@dataclass(frozen=True, slots=True)
class Actions:
    """Which actions may run; `pinned` is None where the forge has no such setting."""

    enabled: bool
    allowed: str
    pinned: bool | None


@dataclass(frozen=True, slots=True)
class OwnersError:
    """A line of CODEOWNERS that the forge cannot use."""

    line: int
    kind: str


@dataclass(frozen=True, slots=True)
class OwnersFile:
    """The CODEOWNERS file in force."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Member:
    """An account by its numeric id: what it is called now, and what it may do here."""

    login: str
    is_person: bool
    permission: Part[str]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the gate's workflow; the conclusion is "" while it has none."""

    at: str
    conclusion: str


@dataclass(frozen=True, slots=True)
class Home:
    """The repository itself; `tip` is the commit of its default branch.

    `methods` are the ways to merge that it allows, None where the token cannot see them.
    """

    host: str
    repository: str
    is_private: bool
    default_branch: str
    tip: str
    methods: frozenset[str] | None = None


@dataclass(frozen=True)
class Settings:
    """Everything that a guarantee may ask about the platform.

    `accounts` maps numeric ids to what the forge knows of them, None for nobody. `sweeps` are the
    scheduled runs of the gate in the day before `now`, newest first. `owners` is None without a
    CODEOWNERS file; `owners_errors` what the forge has against it.
    """

    home: Home
    now: str
    branches: tuple[Branch, ...]
    bypasses: Mapping[int, Part[tuple[Bypass, ...]]]
    environment: Part[Environment | None]
    token: Part[WorkflowToken]
    actions: Part[Actions]
    owners_errors: Part[tuple[OwnersError, ...]]
    sweeps: Part[tuple[Run, ...]]
    accounts: Mapping[int, Part[Member | None]] = field(default_factory=dict)
    owners: OwnersFile | None = None


class State(StrEnum):
    """What a diagnosis says. Only `fail` means that something must be changed."""

    OK = "ok"
    FAIL = "fail"
    WARNING = "warning"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One guarantee and whether the platform keeps it. `remedy` is empty where all is well."""

    code: str
    name: str
    guarantee: str
    state: State
    found: str
    remedy: str = ""
