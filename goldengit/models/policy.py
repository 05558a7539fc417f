"""Policy: the whole of `goldengit.yaml`. Every number that a rule or a gate reads stands here.

Defaults are the built-in ones; the commented example in ADR 0002 names each key with its unit.
Where a laxer number would break a guarantee, the type refuses it.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from goldengit.models.base import Count, Day, Many, Moment, Name, Noun, Share, Text
from goldengit.models.signoff import Role

PUBLIC_KEY = (
    r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)"
    r"|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)"
    r" [A-Za-z0-9+/=]{40,2048}$"
)
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

# An exact path, or a folder that ends in `/`; no patterns.
ProtectedPath = Annotated[
    str, StringConstraints(pattern=r"^\.?[A-Za-z0-9_-][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*/?$")
]
Positive = Annotated[int, Field(ge=1)]
_NEVER = "9999-12-31"


class Account(Noun):
    """An account on a forge. Only the numeric id is compared; the login is shown."""

    host: Text = "github.com"
    id: Positive
    login: str | None = None


class Key(Noun):
    """A public SSH key, with the days it is good for. A compromised key never counts again."""

    key: Annotated[str, StringConstraints(pattern=PUBLIC_KEY)]
    valid_from: Day | None = None
    valid_to: Day | None = None
    revoked_at: Moment | None = None
    compromised_since: Moment | None = None


class Term(Noun):
    """A role that somebody once had, so that what was signed then stays signed."""

    role: Role
    valid_from: Day | None = None
    valid_to: Day


class Person(Noun):
    """One human: all accounts, keys and addresses count once. Ended, never deleted."""

    name: str = ""
    roles: Annotated[Many[Role], Field(min_length=1)]
    accounts: Many[Account] = ()
    keys: Many[Key] = ()
    emails: Many[Text] = ()
    team: str | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    former_roles: Many[Term] = ()

    def holds(self, role: str, at: str) -> bool:
        """Tell whether the person had the role on the day of `at` (RFC 3339 text or a day)."""
        return self.holds_throughout(role, at, at)

    def holds_throughout(self, role: str, first: str, last: str) -> bool:
        """Tell whether one term of the person in the role spans both days and all between."""
        since, until = first[:10], last[:10]
        present = [Term(role=held, valid_to=self.valid_to or _NEVER) for held in self.roles]
        return (self.valid_from is None or self.valid_from <= since) and any(
            term.role == role and (term.valid_from or "") <= since and until <= term.valid_to
            for term in (*present, *self.former_roles)
        )


class SignoffRule(Noun):
    """What it takes to make a case golden, to close it, or to change the policy."""

    threshold: Annotated[int, Field(ge=2)] = 2
    accept: Annotated[Many[Literal["github-review", "ssh-signature"]], Field(min_length=1)] = (
        "github-review",
        "ssh-signature",
    )
    author_counts_as_labeler: bool = False
    distinct_teams: bool = False
    maintainer_approvals: Positive = 1
    max_promotions_per_change: Positive = 50
    max_promotions_per_person_per_day: Positive = 50


class Retirement(Noun):
    """How many active cases may be closed without a maintainer among the signers.

    A dataset may always lose `free` cases; beyond that neither share may be exceeded, and no
    failure mode may fall below `floor_per_failure_mode` active cases.
    """

    free: Count = 3
    max_share_per_change: Share = 0.05
    max_share_per_30_days: Share = 0.10
    floor_per_failure_mode: Count = 0


class Limits(Noun):
    """Sizes beyond which nothing is read: bytes, and counts of nodes, levels, files."""

    file_bytes: Annotated[int, Field(ge=1024, le=1 << 20)] = 1 << 20
    scalar_bytes: Annotated[int, Field(ge=1024, le=512 << 10)] = 512 << 10
    nodes: Annotated[int, Field(ge=100, le=50_000)] = 50_000
    depth: Annotated[int, Field(ge=8, le=64)] = 64
    change_files: Positive = 3_000
    change_bytes: Positive = 50 << 20

    @property
    def reads_like_the_cache(self) -> bool:
        """Tell whether facts, which are made with the widest limits, hold under these too."""
        widest = Limits()
        return (self.scalar_bytes, self.nodes, self.depth) == (
            widest.scalar_bytes,
            widest.nodes,
            widest.depth,
        )


class History(Noun):
    """What the history of a protected branch must look like, and where the audit begins."""

    linear: bool = False
    squash_only: bool = False
    continuity_start: (
        Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")] | None
    ) = None
    evidence_tip: (
        Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")] | None
    ) = None
    max_tip_age_days: Positive | None = None


class Forge(Noun):
    """Where changes are reviewed, and whose word the gate's own status is.

    `gate_account` is the numeric id of the account that posts `goldengit/gate`: a status of anybody
    else is no evidence. Who pushed to a fork cannot be told, so a fork's golden cases count only
    with `allow_forks`.
    """

    kind: Literal["github"] = "github"
    host: Text = "github.com"
    gate_account: Positive
    allow_forks: bool = False


class Waiver(Noun):
    """One finding that is tolerated, for a reason and until a day. No wildcard in the path."""

    rule: Annotated[str, StringConstraints(pattern=r"^GG[0-9]{3}$")]
    path: Text
    reason: Text
    expires: Day


class Calibration(Noun):
    """When an evaluator's agreement with people lets it gate (statistics: MCC or Spearman)."""

    gate: Share = 0.6
    signal: Share = 0.4
    mode: Literal["point", "guarded", "strict"] = "point"
    min_n: Annotated[int, Field(ge=10)] = 10
    min_per_class: Annotated[int, Field(ge=3)] = 3
    guarded_below: Count = 20
    guarded_confidence: Share = 0.95
    strict_confidence: Share = 0.90
    min_coverage: Share = 0.90
    max_age_days: Positive = 180
    max_new_labels: Share = 0.5
    max_looks: Positive = 3
    rerun_tolerance: Share = 0.05

    @model_validator(mode="after")
    def _ordered(self) -> "Calibration":
        if self.signal >= self.gate:
            message = "signal must be below gate"
            raise ValueError(message)
        return self


class HeldOut(Noun):
    """How labels are split by hash: shares of train and dev, the rest is held out."""

    blind_below: Positive = 30
    two_way_below: Positive = 60
    train: Share = 0.15
    dev: Share = 0.42
    two_way_dev: Share = 0.40

    @model_validator(mode="after")
    def _something_held_out(self) -> "HeldOut":
        if self.train + self.dev >= 1 or self.two_way_dev >= 1:
            message = "train and dev leave nothing held out"
            raise ValueError(message)
        if self.blind_below > self.two_way_below:
            message = "blind_below must not exceed two_way_below"
            raise ValueError(message)
        return self


class Deploy(Noun):
    """What a candidate release may lose against its baseline."""

    mode: Literal["point", "guarded", "certify"] = "point"
    max_drop: Share = 0.05
    alpha: Share = 0.10
    floor: Share | None = None
    min_n: Positive = 20
    repeats: Literal["auto"] | Annotated[int, Field(ge=1, le=9)] = "auto"
    aa_flip_max: Share = 0.03
    slice_correction: Literal["holm", "none"] = "holm"
    slice_alpha: Share = 0.20
    exploratory_fdr: Share = 0.10
    critical: Literal["all", "majority"] = "majority"
    max_unknown: Share = 0.10


class Drift(Noun):
    """When live traffic looks different from what was calibrated."""

    warn: Share = 0.90
    alert: Share = 0.95
    fresh_window: Positive = 40
    fresh_min: Positive = 20
    cusum_delta: Share = 0.10
    cusum_threshold: Annotated[float, Field(gt=0)] = 4.5
    random_share: Share = 0.5

    @model_validator(mode="after")
    def _ordered(self) -> "Drift":
        if self.warn > self.alert or self.fresh_min > self.fresh_window:
            message = "warn must not exceed alert, nor fresh_min fresh_window"
            raise ValueError(message)
        return self


class Stewardship(Noun):
    """Days after which a quiet dataset, or a case about to expire, is worth a reminder."""

    stale_dataset_days: Positive = 90
    expiry_notice_days: Positive = 30


class Policy(Noun):
    """The file `goldengit.yaml`: `goldengit/policy/v1`."""

    schema_: Annotated[Literal["goldengit/policy/v1"], Field(alias="schema")]
    version: Positive
    repository: Annotated[str, StringConstraints(pattern=UUID)]
    min_tool_version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")] = (
        "0.1.0"
    )
    protected_branches: Annotated[Many[Text], Field(min_length=1)] = ("main",)
    roster: Annotated[dict[Name, Person], Field(min_length=1)]
    signoffs: SignoffRule = SignoffRule.model_construct()
    retirement: Retirement = Retirement.model_construct()
    limits: Limits = Limits.model_construct()
    history: History = History.model_construct()
    protected_paths: Many[ProtectedPath] = ()
    waivers: Many[Waiver] = ()
    calibration: Calibration = Calibration.model_construct()
    heldout: HeldOut = HeldOut.model_construct()
    deploy: Deploy = Deploy.model_construct()
    drift: Drift = Drift.model_construct()
    stewardship: Stewardship = Stewardship.model_construct()
    forge: Forge | None = None

    @model_validator(mode="after")
    def _enough_people(self) -> "Policy":
        roles = [set(person.roles) for person in self.roster.values()]
        signers = sum(bool({"labeler", "confirmer"} & held) for held in roles)
        if signers < self.signoffs.threshold:
            message = (
                f"the roster has {signers} labelers and confirmers, fewer than the threshold "
                f"of {self.signoffs.threshold}"
            )
            raise ValueError(message)
        for needed in ("labeler", "confirmer", "maintainer"):
            if not any(needed in held for held in roles):
                message = f"the roster names no {needed}"
                raise ValueError(message)
        return self

    def is_spoilt(self, key: str, at: str) -> bool:
        """Tell whether a signature by this key (base64) at this time counts no longer."""
        return any(
            known.compromised_since is not None
            or (known.revoked_at is not None and known.revoked_at <= at)
            for person in self.roster.values()
            for known in person.keys
            if known.key.split(" ")[1] == key
        )

    @property
    def spoilt_keys(self) -> frozenset[str]:
        """Return the keys (base64) that were revoked or compromised, whoever they belong to."""
        return frozenset(
            key.key.split(" ")[1]
            for person in self.roster.values()
            for key in person.keys
            if key.revoked_at or key.compromised_since
        )

    def person_of_account(self, account: int) -> str | None:
        """Return who has this account on the forge (by default github.com), None for a stranger."""
        host = self.forge.host if self.forge else Account.model_fields["host"].default
        for person_id, person in self.roster.items():
            if any((known.host, known.id) == (host, account) for known in person.accounts):
                return person_id
        return None

    def person_of_email(self, address: str) -> str | None:
        """Return who writes from this address, compared without case, tag or dots."""
        wanted = normal_address(address)
        for person_id, person in self.roster.items():
            if any(normal_address(known) == wanted for known in person.emails):
                return person_id
        return None


def normal_address(address: str) -> str:
    """Return an e-mail address so that aliases of one mailbox are equal.

    Lower case, without a `+tag`, and without dots in the local part. This is deliberately too
    wide: addresses only ever exclude a signer, they never grant anything.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.split('+', 1)[0].replace('.', '')}@{domain}"
