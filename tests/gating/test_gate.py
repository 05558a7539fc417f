"""The gate in a real repository: what it believes of a scorecard, and what it reads itself."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from goldengit.checking import moment
from goldengit.errors import CannotJudgeError, NothingToJudgeError, UsageError
from goldengit.gating import Gated, gate_deploy, operate
from goldengit.gating.judgement import Part, PartKind, Ruling
from goldengit.models.layout import POLICY, dataset_path
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import opened
from tests.gating.place import Deployed, failing

BLOCK, INCONCLUSIVE, WARN, PASS = (
    Ruling.BLOCK,
    Ruling.INCONCLUSIVE,
    Ruling.WARN,
    Ruling.PASS,
)
Card = dict[str, Any]


def gated(here: Deployed, card: Card, commit: str = "HEAD", now: str = "") -> Gated:
    with opened(here.top) as store:
        data = json.dumps(card).encode()
        return gate_deploy(store, "support", data, commit=commit, now=now or moment())


def part(found: Gated, kind: PartKind) -> Part:
    (only,) = found.judgement.of(kind)
    return only


def test_the_same_release_passes(known: Deployed) -> None:
    found = gated(known, known.card())
    assert PASS is found.judgement.ruling
    assert ("first", "first") == (found.candidate, found.baseline)
    assert 1.0 == found.ground.youden
    assert 0.0 == found.judgement.corrected


def test_a_regression_is_blocked_with_its_cases(known: Deployed) -> None:
    card = known.card()
    lost = failing(card, 2)
    found = gated(known, card).judgement
    assert BLOCK is found.ruling
    assert lost == [note.case for note in found.lost]
    assert {("no-invention", "It would fail.")} == {
        (note.evaluator, note.reason) for note in found.lost
    }


# -- what a scorecard may not say ------------------------------------------------------------


def _first_verdict(card: Card) -> dict[str, Any]:
    return dict(card["cases"][0])["judged"][0]  # type: ignore[no-any-return]


def _set(*way: str | int, to: Any) -> Callable[[Card], None]:
    def change(card: Card) -> None:
        at: Any = card
        for step in way[:-1]:
            at = at[step]
        at[way[-1]] = to

    return change


TAMPERED: dict[str, tuple[Callable[[Card], None], str]] = {
    "another schema": (_set("schema", to="goldengit/scorecard/v9"), "no scorecard"),
    "another dataset": (_set("dataset", to="grading"), "another tree: its dataset"),
    "another repository": (_set("repository", to="elsewhere"), "another tree: its repository"),
    "another golden folder": (_set("dataset_version", to="0" * 40), "another tree: its golden"),
    "another root": (_set("dataset_root", to="sha256:" + "0" * 64), "another tree: its root"),
    "another dataset.yaml": (_set("dataset_blob", to="0" * 40), "another tree: its dataset.yaml"),
    "another evaluator": (_set("evaluators", 0, "digest", to="sha256:" + "0" * 64), "is not what"),
    "another version": (_set("evaluators", 0, "version", to=2), "no-invention is not what it is"),
    "another role": (_set("evaluators", 0, "role", to="signal"), "no-invention is not what it is"),
    "another weight": (_set("evaluators", 0, "weight", to=9.0), "no-invention is not what it is"),
    "another model": (_set("evaluators", 0, "model", to="m-1"), "no-invention is not what it is"),
    "no evaluator": (_set("evaluators", to=[]), "which is not listed"),
    "a case twice": (lambda card: card["cases"].append(card["cases"][0]), "occurs twice"),
    "a foreign case": (
        _set("cases", 0, "case", to="2026-06-10-claims-ffffff"),
        "which is no active case",
    ),
    "another digest": (
        _set("cases", 0, "digest", to="sha256:" + "0" * 64),
        "with another digest than this tree",
    ),
    "one run too many": (
        lambda card: _first_verdict(card)["outcomes"].append("pass"),
        "did not judge every run",
    ),
    "one run too few": (
        lambda card: _first_verdict(card)["outcomes"].pop(),
        "did not judge every run",
    ),
    "fewer runs than declared": (_set("repeats", to=4), "4 are declared"),
    "a fourth outcome": (_set("cases", 0, "judged", 0, "outcomes", 0, to="PASS"), "does not fit"),
    "a score beyond 1": (_set("cases", 0, "judged", 0, "scores", 0, to=1.5), "does not fit"),
    "not a number": (_set("cases", 0, "judged", 0, "scores", 0, to=float("nan")), "NaN"),
    "an unknown key": (_set("verdict", to="PASS"), "does not fit"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_scorecard_that_is_not_of_this_tree_is_refused(how: str, known: Deployed) -> None:
    change, said = TAMPERED[how]
    card = known.card()
    change(card)
    with pytest.raises(CannotJudgeError, match=said):
        gated(known, card)


def test_a_key_that_occurs_twice_is_refused(known: Deployed) -> None:
    text = known.first.read_bytes().replace(b'"repeats"', b'"repeats": 1, "repeats"', 1)
    with opened(known.top) as store, pytest.raises(CannotJudgeError, match="twice"):
        gate_deploy(store, "support", text, commit="HEAD", now=moment())


def test_a_raised_standing_is_refused(mine: Deployed) -> None:
    """After its calibration has aged, an evaluator may not gate, whatever the scorecard says."""
    with pytest.raises(CannotJudgeError, match="may gate; here it is stale"):
        gated(mine, mine.card(), now=f"{int(moment()[:4]) + 1}{moment()[4:]}")


def test_a_lowered_standing_does_not_take_the_gate_away(known: Deployed) -> None:
    card = known.card()
    failing(card, 10)
    card["evaluators"][0]["standing"] = "signal"
    assert BLOCK is gated(known, card).judgement.ruling


@pytest.mark.parametrize("severity", ["critical", "normal"])
def test_a_case_that_was_left_out_is_unknown(known: Deployed, severity: str) -> None:
    """Whoever removes the cases that fail gains nothing."""
    card = known.card()
    gone = failing(card, 2, severity=severity)
    honest = gated(known, card).judgement
    card["cases"] = [one for one in card["cases"] if one["case"] not in gone]
    found = gated(known, card).judgement
    assert (BLOCK, BLOCK) == (honest.ruling, found.ruling)
    assert tuple(gone) == found.missing
    assert set(gone) == {note.case for note in found.unknown}


def test_a_critical_case_that_was_left_out_blocks_however_few_runs_there_are(
    known: Deployed,
) -> None:
    """It did not run, which is worse than having run once."""
    card = known.card() | {"repeats": 1}
    card["cases"] = [one for one in card["cases"] if one["severity"] != "critical"]
    assert BLOCK is part(gated(known, card), "critical").ruling


def test_a_verdict_that_was_left_out_is_unknown(known: Deployed) -> None:
    card = known.card()
    for one in card["cases"][1:3]:
        one["judged"] = []
    found = gated(known, card).judgement
    assert BLOCK is found.ruling
    assert {"The scorecard holds no verdict."} == {note.reason for note in found.unknown}


def test_severity_and_slices_are_those_of_the_tree(known: Deployed) -> None:
    card = known.card()
    failing(card, 1, severity="critical")
    for one in card["cases"]:
        one |= {"severity": "low", "slices": [], "failure_modes": [], "group": "x"}
    assert BLOCK is part(gated(known, card), "critical").ruling


# -- what the commit says --------------------------------------------------------------------


def _policy(here: Deployed, **deploy: Any) -> None:
    value = here.value(POLICY)
    value |= {"deploy": deploy, "version": value["version"] + 1}
    here.place.write(POLICY, value)


def test_the_policy_of_the_commit_judges_and_not_that_of_the_work_tree(mine: Deployed) -> None:
    card = mine.card()
    failing(card, 1)
    _policy(mine, floor=0.99)
    assert PASS is gated(mine, card).judgement.ruling
    strict = mine.commit("A floor")
    assert BLOCK is part(gated(mine, card, strict), "floor").ruling
    assert PASS is gated(mine, card, f"{strict}^").judgement.ruling


def test_an_unsigned_tree_blocks(mine: Deployed) -> None:
    """The claim alone does not make a signoff at this door (DECISIONS 18)."""
    card = mine.card()
    (golden,) = [
        path for path in mine.top.glob("datasets/support/golden/*/*") if card["cases"][0]["case"]
        in path.name
    ]  # fmt: skip
    value = mine.value(golden.relative_to(mine.top).as_posix())
    for one in value["signoffs"]:
        del one["signature"]
    golden.write_bytes(house_bytes(golden.relative_to(mine.top).as_posix(), value))
    mine.commit("Take the signatures off")
    card["dataset_version"] = mine.place.box.git("rev-parse", "HEAD:datasets/support/golden")
    found = gated(mine, card)
    assert (BLOCK, BLOCK) == (found.judgement.ruling, part(found, "rules").ruling)
    assert "The rules find 2 errors in the tree (GG409)." == part(found, "rules").reason
    assert "goldengit check --all --require-confirmed" in part(found, "rules").remedy


def test_a_commit_that_nobody_merged_is_a_warning(mine: Deployed) -> None:
    card = mine.card()
    mine.place.box.git("switch", "--quiet", "--create", "topic")
    _policy(mine, max_drop=0.5)
    mine.commit("Laxer")
    found = gated(mine, card)
    assert (WARN, WARN) == (found.judgement.ruling, part(found, "branch").ruling)
    assert "(main)" in part(found, "branch").reason
    assert () == gated(mine, card, "main").judgement.of("branch")


def test_what_is_not_there_is_wrong_usage(known: Deployed) -> None:
    data = known.first.read_bytes()
    with opened(known.top) as store:
        with pytest.raises(UsageError, match="no dataset 'nothing'"):
            gate_deploy(store, "nothing", data, commit="HEAD", now=moment())
        with pytest.raises(UsageError, match="names no commit"):
            gate_deploy(store, "support", data, commit="nowhere", now=moment())
        with pytest.raises(NothingToJudgeError, match="grading has no active golden case"):
            gate_deploy(store, "grading", data, commit="HEAD", now=moment())


# -- the baseline ----------------------------------------------------------------------------


def _pin(here: Deployed, **changes: str) -> None:
    path = "datasets/support/baseline.yaml"
    here.place.write(path, here.value(path) | changes)
    here.commit("Another pin")


def test_without_a_pin_the_gate_says_which_command_makes_one(mine: Deployed) -> None:
    (mine.top / "datasets/support/baseline.yaml").unlink()
    mine.commit("No baseline")
    found = gated(mine, mine.card())
    assert (INCONCLUSIVE, "") == (found.judgement.ruling, found.baseline)
    assert "goldengit baseline SCORECARD" in part(found, "baseline").remedy


def test_a_pin_that_is_not_in_the_clone_names_the_fetch(mine: Deployed) -> None:
    _pin(mine, object="1" * 40)
    found = gated(mine, mine.card())
    assert INCONCLUSIVE is found.judgement.ruling
    fetch = "git fetch origin 'refs/goldengit/baselines/*:refs/goldengit/baselines/*'"
    assert f"Run `{fetch}`." == part(found, "baseline").remedy


def test_a_pin_of_other_content_is_refused(mine: Deployed) -> None:
    _pin(mine, scorecard="sha256:" + "0" * 64)
    with pytest.raises(CannotJudgeError, match="says something else than what was pinned"):
        gated(mine, mine.card())


def test_a_pin_of_something_else_is_refused(mine: Deployed) -> None:
    _pin(mine, object=mine.place.box.git("rev-parse", "HEAD"))
    with pytest.raises(CannotJudgeError, match="is no scorecard"):
        gated(mine, mine.card())
    _pin(mine, object=mine.place.box.git("rev-parse", f"HEAD:{POLICY}"))
    with pytest.raises(CannotJudgeError, match="no scorecard"):
        gated(mine, mine.card())


def test_a_pin_that_cannot_be_read_or_is_another_datasets_is_refused(mine: Deployed) -> None:
    _pin(mine, dataset="grading")
    with pytest.raises(CannotJudgeError, match="another dataset's"):
        gated(mine, mine.card())
    (mine.top / "datasets/support/baseline.yaml").write_text("schema: goldengit/baseline/v1\n")
    mine.commit("A pin of nothing")
    with pytest.raises(CannotJudgeError, match="could not be read"):
        gated(mine, mine.card())


def test_an_evaluator_that_gated_the_baseline_and_is_gone_is_a_warning(mine: Deployed) -> None:
    """Otherwise whoever removes the judge that would object is never asked about it."""
    before = mine.card()
    other = before["evaluators"][0] | {"id": "no-slang"}
    before["evaluators"] += [other, other | {"id": "no-smile", "role": "signal"}]
    mine.pin(before)
    found = gated(mine, mine.card())
    assert WARN is found.judgement.ruling
    assert {"no-slang": "not in dataset.yaml"} == found.judgement.since.ungated
    assert "no-slang (not in dataset.yaml)" in part(found, "baseline").reason


def test_an_evaluator_that_became_a_signal_since_the_baseline_is_named(mine: Deployed) -> None:
    path = dataset_path("support")
    value = mine.value(path)
    value["evaluators"][0]["role"] = "signal"
    mine.place.write(path, value)
    mine.commit("A signal")
    mine.evaluate("second", mine.first)
    found = gated(mine, mine.card())
    assert INCONCLUSIVE is found.judgement.ruling
    assert "no-invention (a signal)" in part(found, "baseline").reason


def test_an_evaluator_that_changed_since_is_not_compared(mine: Deployed) -> None:
    """Its part is inconclusive and names the remedy; what needs no baseline is still judged."""
    before = mine.card()
    before["evaluators"][0] |= {"digest": "sha256:" + "0" * 64, "version": 7}
    mine.pin(before)
    card = mine.card()
    assert INCONCLUSIVE is gated(mine, card).judgement.ruling
    changed = part(gated(mine, card), "evaluator")
    assert "version 7 of no-invention" in changed.reason
    assert "Evaluate the baseline release again" in changed.remedy
    failing(card, 1, severity="critical")
    assert BLOCK is gated(mine, card).judgement.ruling


def test_a_baseline_of_other_cases_is_not_taken_for_granted(mine: Deployed) -> None:
    """One that the tree does not have, one with another digest: golden cases do not change."""
    before = mine.card()
    before["cases"][0]["case"] = "2026-06-10-claims-ffffff"
    before["cases"][1]["digest"] = "sha256:" + "0" * 64
    mine.pin(before)
    found = gated(mine, mine.card()).judgement
    assert INCONCLUSIVE is found.ruling
    assert ("2026-06-10-claims-ffffff",) == found.since.absent
    assert (before["cases"][1]["case"],) == found.since.changed
    assert (mine.card()["cases"][0]["case"],) == found.since.added


def test_a_baseline_of_another_dataset_is_refused(mine: Deployed) -> None:
    mine.pin(mine.card() | {"dataset": "grading"})
    with pytest.raises(CannotJudgeError, match="is of grading"):
        gated(mine, mine.card())


def test_cases_that_ended_since_the_baseline_are_listed(mine: Deployed) -> None:
    """The baseline ran one that was withdrawn since; a signed withdrawal is legal."""
    gone = mine.card()["cases"][1]["case"]
    mine.run("withdraw", gone, "--reason", "It was a hoax.")
    for name in ("reviewer-1", "reviewer-2"):
        mine.run("signoff", gone, "--key", str(mine.keys / name))
    mine.commit("Withdrawn")
    mine.evaluate("second", mine.first)
    found = gated(mine, mine.card())
    assert PASS is found.judgement.ruling
    assert {gone: "withdrawn"} == dict(found.judgement.since.ended)
    assert 23 == part(found, "whole").compared.n  # type: ignore[union-attr]


def test_the_error_rates_come_from_the_candidates_runs_or_the_baselines(known: Deployed) -> None:
    card = known.card()
    once = dict(card) | {"repeats": 1, "release": "second"}
    for release, scorecard in (("first", card), ("first", once)):
        data = json.dumps(scorecard).encode()
        with opened(known.top) as store:
            found = operate(store, "support", data, commit="HEAD", now=moment(), drop=0.1)
        assert release == found.release
        assert ["critical", "whole"] == [one.kind for one in found.chances]


def test_a_gating_slice_of_the_commit_is_judged(mine: Deployed) -> None:
    path = dataset_path("support")
    value = mine.value(path)
    value["slices"][0]["gating"] = True
    mine.place.write(path, value)
    mine.commit("A gating slice")
    mine.evaluate("second", mine.first)
    found = gated(mine, mine.card())
    assert "refunds" == part(found, "slice").name
    assert "Only 12 pairs" in part(found, "slice").reason


# -- how the commit came here ------------------------------------------------------------------


def _renewed(here: Deployed, **changes: Any) -> None:
    value = here.value(POLICY)
    fresh = value | {"version": value["version"] + 1} | changes
    (here.top / POLICY).write_bytes(house_bytes(POLICY, fresh))
    here.commit("Another policy")


def test_a_commit_that_is_kept_from_moving_on_is_blocked(mine: Deployed) -> None:
    """T117: an old main is served for ever; the policy bounds its age."""
    _renewed(mine, history={"max_tip_age_days": 30})
    card = mine.card()
    assert () == gated(mine, card).judgement.of("age")
    later = datetime.now(UTC) + timedelta(days=32)
    found = gated(mine, card, now=later.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert BLOCK is part(found, "age").ruling
    assert "the policy allows 30" in part(found, "age").reason


def test_where_the_policy_names_a_forge_the_way_here_is_asked_for(mine: Deployed) -> None:
    """Nobody asked, so it is a warning; how it is asked, the tests of merging tell."""
    assert () == gated(mine, mine.card()).judgement.of("origin")
    _renewed(mine, forge={"gate_account": 41898282})
    found = part(gated(mine, mine.card()), "origin")
    assert (WARN, "Give --verify-origin.") == (found.ruling, found.remedy)
