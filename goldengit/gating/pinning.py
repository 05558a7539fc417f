"""Pinning: a scorecard becomes the baseline of its dataset, in the ref and in the work tree."""

from goldengit.errors import RefusedEditError
from goldengit.evaluating.record import read_scorecard
from goldengit.gating.absolute import unknown_share
from goldengit.gating.fitting import Fitted, fit_candidate
from goldengit.gating.ground import Ground, ground
from goldengit.gating.noise import available
from goldengit.gating.pinned import scorecard_digest
from goldengit.models.change import File
from goldengit.models.exchange import one_line
from goldengit.models.layout import baseline_path
from goldengit.models.outcomes import gating
from goldengit.models.scorecard import Scorecard
from goldengit.promoting.desk import Desk, Done, Judge, at_desk
from goldengit.repository import baselines
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import Store

_COMPARABLE = 2  # runs, from which noise is known


def pin(store: Store, data: bytes, *, judge: Judge, now: str, place: str = "") -> Done:
    """Keep a scorecard in Git and pin it in `baseline.yaml`; nothing is committed or pushed.

    The scorecard must be one of HEAD's tree with a verdict on every active case: what a baseline
    does not know it cannot guard. Raises CannotJudgeError for one of another tree,
    RefusedEditError for one with gaps, RefusedByRulesError for what the rules refuse.
    """
    card = read_scorecard(data, place)
    here = ground(store, card.dataset, "HEAD", now)
    _refuse_gaps(fit_candidate(card, here), here)
    with at_desk(store, judge, now) as desk:
        return _pinned(desk, card, data)


def _refuse_gaps(fitted: Fitted, here: Ground) -> None:
    if fitted.missing:
        first = min(fitted.missing)
        raise RefusedEditError(
            f"The scorecard lacks {len(fitted.missing):,} of {len(here.cases):,} active cases, "
            f"such as {first}.",
            remedy="Evaluate the release again.",
        )
    card, rule = fitted.card, here.policy.deploy
    for part in unknown_share("scorecard", card, gating(card), rule, card.repeats):
        raise RefusedEditError(part.reason, remedy=part.remedy)


def _pinned(desk: Desk, card: Scorecard, data: bytes) -> Done:
    """Move the ref, then write the pin; the ref goes back when the pin cannot be written."""
    repository, path = desk.store.repository, baseline_path(card.dataset)
    before = baselines.tip(repository, card.dataset)
    message = f"Baseline of {card.dataset}: {one_line(card.release)}\n"
    blob = baselines.keep(repository, card.dataset, data, message)
    after = baselines.tip(repository, card.dataset)
    value = {
        "schema": "goldengit/baseline/v1",
        "dataset": card.dataset,
        "release": card.release,
        "object": blob,
        "scorecard": scorecard_digest(data),
        "at": desk.now,
    }
    try:
        files = {} if _is_pinned(desk.work.file(path), value) else {path: house_bytes(path, value)}
        return desk.settle(files, cases=[card.dataset], advice=_advice(card, path))
    except BaseException:
        if before != after:
            baselines.move(repository, card.dataset, before, after)
        raise


def _is_pinned(file: File | None, value: dict[str, str]) -> bool:
    """Tell whether the file says so already, whenever it was pinned."""
    return file is not None and file.value == value | {"at": file.value.get("at")}


def _advice(card: Scorecard, path: str) -> list[str]:
    found = [
        f"git add {path} && git commit -m 'Baseline of {card.dataset}', in a pull request",
        f"git push origin {baselines.ref_of(card.dataset)}",
    ]
    if available(card) < _COMPARABLE:
        found.append(
            "It ran once, so the gate cannot tell noise from change: better pin one that was "
            "evaluated with `--repeats 3`."
        )
    return found
