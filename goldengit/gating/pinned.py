"""The pinned baseline: which scorecard the dataset compares with, and proof that it is this one."""

import json
from dataclasses import dataclass

from goldengit.errors import CannotJudgeError
from goldengit.evaluating.record import read_scorecard
from goldengit.gating.ground import Ground
from goldengit.gauging.declared import CHECK
from goldengit.models.baseline import Baseline
from goldengit.models.digest import digest_of
from goldengit.models.layout import baseline_path
from goldengit.models.scorecard import Scorecard
from goldengit.repository import baselines
from goldengit.repository.store import Store

FETCH = f"git fetch origin '{baselines.REFS}/*:{baselines.REFS}/*'"


@dataclass(frozen=True)
class NoBaseline:
    """Why there is nothing to compare with, and what to do about it: full sentences."""

    reason: str
    remedy: str


def scorecard_digest(data: bytes) -> str:
    """Return the digest of what a scorecard says, of the bytes of a readable one.

    It covers the file as it stands, not the model: a key that a later version adds with a default
    must not change it. Raises CannotJudgeError for a number that JSON does not carry exactly.
    """
    try:
        return digest_of(json.loads(data))
    except ValueError as error:
        raise CannotJudgeError(f"The scorecard has no digest: {error}.") from error


def pinned(store: Store, ground: Ground) -> Scorecard | NoBaseline:
    """Return the scorecard that the commit pins, or why there is none.

    Raises CannotJudgeError when the pin cannot be read, or names a scorecard that says something
    else than it did.
    """
    pin = _pin(ground)
    if pin is None:
        return NoBaseline(
            f"The dataset {ground.dataset} has no baseline, so nothing is compared.",
            f"Evaluate the release that is in production, then run `goldengit baseline "
            f"SCORECARD` and commit {baseline_path(ground.dataset)}.",
        )
    data = baselines.read(store, pin.object, ground.policy.limits.change_bytes)
    if data is None:
        return NoBaseline(f"The baseline ({pin.release}) is not in this clone.", f"Run `{FETCH}`.")
    card = read_scorecard(data, f"{baselines.ref_of(ground.dataset)} ({pin.object[:12]})")
    found = scorecard_digest(data)
    if found != pin.scorecard or card.release != pin.release:
        raise CannotJudgeError(
            f"The baseline says something else than what was pinned ({found[:19]}…, not "
            f"{pin.scorecard[:19]}…).",
            remedy="Pin it anew with `goldengit baseline SCORECARD`, and let it be reviewed.",
            place=baseline_path(ground.dataset),
        )
    return card


def _pin(ground: Ground) -> Baseline | None:
    path = baseline_path(ground.dataset)
    file = ground.tree.file(path)
    if file is None:
        return None
    pin = file.baseline
    if pin is None or not file.sound or pin.dataset != ground.dataset:
        raise CannotJudgeError(
            "The pin of the baseline could not be read, or is another dataset's.",
            remedy=CHECK,
            place=path,
        )
    return pin
