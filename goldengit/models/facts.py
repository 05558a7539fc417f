"""Facts: what is known of a case, or of a month of cases, from bytes alone.

Facts are pure functions of blobs and trees, so they may be cached for ever under the object id
and the tool version. They are never verdicts: nothing here depends on a policy, a roster or a
clock (DECISIONS 26).

A case is *ordinary* when it reads cleanly and nothing about it needs an individual look. A month
of ordinary cases is judged by its summary; the other cases, and all cases of a month whose summary
does not settle the matter, are read one by one. The rules know nothing of this: they see only
cases that were read. That no rule ever reports an ordinary case of a settled month is the
invariant on which the speed rests, and a property test holds it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from goldengit.models.dataset import DatasetSpec
from goldengit.models.layout import rubric_path
from goldengit.models.policy import Policy
from goldengit.models.sketch import KeyTable

_ROUNDING = 1e-6  # a score that a person typed with fewer digits than it has
Signer = tuple[str, str]  # person, role
LabelKind = tuple[str, int, str, float | None, str, float | None]


@dataclass(frozen=True, slots=True)
class Closure:
    """How a golden case ended. `successor` is "" unless it was superseded."""

    case: str
    kind: Literal["superseded_by", "withdrawn", "erased"]
    at: str
    successor: str = ""
    failure_modes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of one golden case.

    `label_kinds` holds, for each label, (failure mode, rubric, reviewer, grade, verdict, score of
    a graded label). `latest` is the latest moment or day that the case mentions as past. `unsigned`
    counts signoffs without a signature, `signing_keys` holds the keys that the others name. The
    last three keys are those of `sketch`; -1 where the case has none.
    """

    ordinary: bool
    id: str
    digest: str
    size: int
    signers: tuple[Signer, ...] = ()
    first_signed: str = ""
    latest: str = ""
    unsigned: int = 0
    signing_keys: tuple[str, ...] = ()
    label_kinds: tuple[LabelKind, ...] = ()
    failure_modes: tuple[str, ...] = ()
    valid_until: str = ""
    closure: Closure | None = None
    trace_key: int = -1
    pair_key: int = -1
    band_keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """The sum of the facts of one month's folder.

    `names` are the file names in tree order; `odd` those that need an individual look; `months`
    the months that the names begin with, one if each file is where it belongs. `signers`
    maps each set of signers to the first and last time it signed. `leaf` is the SHA-256 of the
    sorted `id digest` lines, the month's part of the dataset's Merkle root.
    """

    tree: str
    names: tuple[str, ...]
    odd: tuple[str, ...]
    months: frozenset[str]
    signers: Mapping[tuple[Signer, ...], tuple[str, str]]
    label_kinds: frozenset[LabelKind]
    latest: str
    unsigned: int
    signing_keys: frozenset[str]
    largest: int
    active_by_failure_mode: Mapping[str, int]
    closures: tuple[Closure, ...]
    expiring: tuple[tuple[str, str], ...]
    leaf: str
    traces: KeyTable = field(compare=False)
    pairs: KeyTable = field(compare=False)
    bands: KeyTable = field(compare=False)

    def settled(self, policy: Policy, dataset: DatasetSpec | None, now: str) -> bool:
        """Tell whether no ordinary case of this month needs an individual look.

        `now` is RFC 3339 text in UTC.
        """
        return (
            dataset is not None
            and self.latest <= now
            and self.largest <= policy.limits.file_bytes
            and not self.signing_keys & policy.spoilt_keys
            and policy.limits.reads_like_the_cache
            and all(label_fits(kind, policy, dataset) for kind in self.label_kinds)
            and all(
                signers_fit(signers, first, last, policy)
                for signers, (first, last) in self.signers.items()
            )
        )


def signers_fit(
    signers: tuple[Signer, ...], first: str, last: str, policy: Policy, threshold: int = 2
) -> bool:
    """Tell whether these signers, at any time between these, may stand behind a promotion.

    The threshold of a snapshot is the least that any policy could have asked for: what was golden
    under an earlier policy stays golden when the policy is tightened (ADR 0003).
    """
    people = {person for person, _ in signers}
    return (
        len(people) == len(signers)
        and len(people) >= threshold
        and {"labeler", "confirmer"} <= {role for _, role in signers}
        and all(
            person in policy.roster and policy.roster[person].holds_throughout(role, first, last)
            for person, role in signers
        )
    )


def label_fits(kind: LabelKind, policy: Policy, dataset: DatasetSpec) -> bool:
    """Tell whether a label of this kind is one that the dataset declares."""
    failure_mode, rubric, reviewer, grade, verdict, score = kind
    mode = dataset.failure_modes.get(failure_mode)
    if mode is None or rubric > mode.rubric or reviewer not in policy.roster:
        return False
    if mode.scale is None or mode.pass_at is None:
        return grade is None
    return (
        grade is not None
        and mode.scale.holds(grade)
        and verdict == ("pass" if grade >= mode.pass_at else "fail")
        and (score is None or abs(score - mode.scale.score(grade)) < _ROUNDING)
    )


def rubrics_of(kinds: Iterable[LabelKind], dataset: str) -> frozenset[str]:
    """Return the paths of the rubrics that these labels name."""
    return frozenset(rubric_path(dataset, kind[0], kind[1]) for kind in kinds)


def month_leaf(cases: Iterable[tuple[str, str]]) -> str:
    """Return the hex SHA-256 over the sorted `id digest` lines of a month."""
    lines = "".join(f"{case} {digest}\n" for case, digest in sorted(cases))
    return hashlib.sha256(lines.encode()).hexdigest()


def merkle_root(leaves: Mapping[str, str]) -> str:
    """Return the root of a dataset from its months' leaves: month name to hex SHA-256.

    The root is `sha256:` and the SHA-256 over the sorted `month leaf` lines, so a dataset can be
    compared month by month.
    """
    lines = "".join(f"{month} {leaf}\n" for month, leaf in sorted(leaves.items()))
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def sum_up(tree: str, named: Iterable[tuple[str, CaseFacts]]) -> MonthFacts:
    """Return the facts of a month from those of its files (file name and facts, in tree order).

    A file whose name is not its id is odd, whatever its facts say.
    """
    items = list(named)
    names = tuple(name for name, _ in items)
    signers: dict[tuple[Signer, ...], tuple[str, str]] = {}
    active: dict[str, int] = {}
    for _, case in items:
        if case.ordinary:
            first, last = signers.get(case.signers, (case.first_signed, case.latest))
            signers[case.signers] = min(first, case.first_signed), max(last, case.latest)
        if case.closure is None:
            for mode in case.failure_modes:
                active[mode] = active.get(mode, 0) + 1
    return MonthFacts(
        tree=tree,
        names=names,
        odd=tuple(name for name, case in items if not case.ordinary or name != f"{case.id}.yaml"),
        months=frozenset(name[:7] for name in names),
        signers=signers,
        label_kinds=frozenset(kind for _, case in items for kind in case.label_kinds),
        latest=max((case.latest for _, case in items if case.ordinary), default=""),
        unsigned=sum(case.unsigned for _, case in items),
        signing_keys=frozenset(key for _, case in items for key in case.signing_keys),
        largest=max((case.size for _, case in items), default=0),
        active_by_failure_mode=active,
        closures=tuple(case.closure for _, case in items if case.closure is not None),
        expiring=tuple((case.id, case.valid_until) for _, case in items if case.valid_until),
        leaf=month_leaf((case.id, case.digest) for _, case in items),
        traces=_table((case.trace_key for _, case in items)),
        pairs=_table((case.pair_key for _, case in items)),
        bands=KeyTable.of(
            (key, at) for at, (_, case) in enumerate(items) for key in case.band_keys
        ),
    )


def _table(keys: Iterable[int]) -> KeyTable:
    return KeyTable.of((key, at) for at, key in enumerate(keys) if key >= 0)
