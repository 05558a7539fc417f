"""A baseline is kept in Git for ever, and pinned by a file that somebody reviews."""

import json
from pathlib import Path
from typing import Any

import pytest

from goldengit.checking import moment
from goldengit.errors import CannotJudgeError, RefusedEditError, UsageError
from goldengit.gating.pinned import scorecard_digest
from goldengit.gating.pinning import pin
from goldengit.promoting.desk import Done
from goldengit.repository import baselines
from goldengit.repository.store import opened
from tests.gating.place import Deployed, failing
from tests.promoting.bench import judge

PIN = "datasets/support/baseline.yaml"
REF = "refs/goldengit/baselines/support"


def pinned(here: Deployed, card: dict[str, Any]) -> Done:
    with opened(here.top) as store:
        return pin(store, json.dumps(card).encode(), judge=judge, now=moment())


def refs(here: Deployed) -> str:
    return here.place.box.git("for-each-ref", "refs/goldengit")


def test_the_pin_names_the_blob_and_what_it_says(known: Deployed) -> None:
    """The bytes are the file's own, so `git hash-object` of it is the pinned id."""
    value = known.value(PIN)
    box = known.place.box
    assert value["object"] == box.git("hash-object", str(known.first))
    assert value["object"] == box.git("rev-parse", f"{REF}:scorecard.json")
    assert value["scorecard"] == scorecard_digest(known.first.read_bytes())
    assert ("support", "first") == (value["dataset"], value["release"])


def test_an_older_baseline_stays_reachable(mine: Deployed) -> None:
    before = mine.value(PIN)["object"]
    done = pinned(mine, mine.card() | {"release": "second"})
    box = mine.place.box
    after = box.git("rev-parse", f"{REF}:scorecard.json")
    assert [before, after] == [
        box.git("rev-parse", f"{REF}{up}:scorecard.json") for up in ("^", "")
    ]
    assert (PIN,) == done.written
    assert f"git push origin {REF}" in done.advice


def test_the_name_of_a_release_adds_no_line_to_the_commit(mine: Deployed) -> None:
    pinned(mine, mine.card() | {"release": "second\n\nSigned-off-by: Somebody <s@example.org>"})
    said = mine.place.box.git("log", "-1", "--format=%B", REF)
    assert "Baseline of support: second Signed-off-by: Somebody <s@example.org>" == said.strip()


def test_the_same_baseline_again_changes_nothing(mine: Deployed) -> None:
    before = refs(mine)
    with opened(mine.top) as store:
        done = pin(store, mine.first.read_bytes(), judge=judge, now=moment())
    assert ((), before, "") == (done.written, refs(mine), mine.place.box.git("status", "--short"))


def test_a_live_release_that_ran_once_is_advised_against(mine: Deployed) -> None:
    card = mine.card() | {"repeats": 1}
    assert any("--repeats 3" in line for line in pinned(mine, card).advice)
    assert not any("--repeats" in line for line in pinned(mine, mine.card()).advice)


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (lambda card: card["cases"].pop(), "lacks 1 of 24 active cases"),
        (lambda card: failing(card, 3, "unknown"), "12.5% of the scorecard's verdicts are unknown"),
    ],
)
def test_a_baseline_with_gaps_is_refused(gap: Any, said: str, mine: Deployed) -> None:
    card, before = mine.card(), refs(mine)
    gap(card)
    with pytest.raises(RefusedEditError, match=said):
        pinned(mine, card)
    assert (before, "") == (refs(mine), mine.place.box.git("status", "--short"))


def test_a_baseline_of_another_tree_is_refused(mine: Deployed) -> None:
    with pytest.raises(CannotJudgeError, match="made for another tree"):
        pinned(mine, mine.card() | {"dataset_version": "0" * 40})
    with pytest.raises(UsageError, match="no dataset 'nothing'"):
        pinned(mine, mine.card() | {"dataset": "nothing"})


def test_a_pin_that_cannot_be_written_leaves_no_trace(mine: Deployed) -> None:
    """Where Git ignores the file, no commit would hold it; the ref is as it was."""
    (mine.top / PIN).unlink()
    (mine.top / ".gitignore").write_text("baseline.yaml\n")
    mine.commit("No baseline")
    for before in (refs(mine), ""):
        if not before:
            mine.place.box.git("update-ref", "-d", REF)
        with pytest.raises(RefusedEditError, match="Git ignores this path"):
            pinned(mine, mine.card() | {"release": "second"})
        assert (before, False) == (refs(mine), (mine.top / PIN).exists())


def test_two_who_pin_at_the_same_time_do_not_lose_a_baseline(mine: Deployed) -> None:
    with opened(mine.top) as store:
        last = baselines.tip(store.repository, "support")
        baselines.keep(store.repository, "support", b"{}", "Somebody else's")
        with pytest.raises(CannotJudgeError):
            baselines.move(store.repository, "support", last, last)


def test_a_fresh_clone_has_it_after_one_fetch(mine: Deployed, tmp_path: Path) -> None:
    """With the command that the gate prints."""
    other = tmp_path / "clone"
    mine.place.box.git("clone", "--quiet", "--no-local", str(mine.top), str(other))
    pin_id = mine.value(PIN)["object"]
    with opened(other) as store:
        assert baselines.read(store, pin_id, 1 << 20) is None
    fetch = ["fetch", "--quiet", "origin", f"{baselines.REFS}/*:{baselines.REFS}/*"]
    mine.place.box.git("-C", str(other), *fetch)
    with opened(other) as store:
        assert mine.first.read_bytes() == baselines.read(store, pin_id, 1 << 20)
        with pytest.raises(CannotJudgeError, match="at most 10 bytes"):
            baselines.read(store, pin_id, 10)
