"""Supersede, withdraw, successor, erase: how a golden case ends, each by the tool."""

import hashlib
from typing import Any

import pytest

from goldengit.errors import RefusedEditError, UsageError
from goldengit.models.digest import appendix_digest, case_digest, erasure_digest
from goldengit.models.layout import attachment_path
from goldengit.promoting.desk import Done, RefusedByRulesError
from goldengit.promoting.erase import erase
from goldengit.promoting.promote import promote
from goldengit.promoting.successor import draft_successor
from goldengit.promoting.supersede import supersede
from goldengit.promoting.withdraw import withdraw
from tests.promoting.bench import Bench, judge
from tests.standard import NOW, id_of, path_in, path_of

TWO = ("reviewer-1", "reviewer-2")
OLD = path_of("golden-1")


def done_with(verb: Any, bench: Bench, *names: str, **options: Any) -> Done:
    with bench.store() as store:
        done: Done = verb(store, *names, judge=judge, now=NOW, **options)
        return done


def withdrawn(bench: Bench, row: str = "golden-1", **options: Any) -> Done:
    options = {"reason": "The document was retracted.", "signers": TWO, **options}
    return done_with(withdraw, bench, id_of(row), **options)


def erased(bench: Bench, row: str = "golden-1", **options: Any) -> Done:
    options = {
        "reason": "The person asked for it.",
        "signers": ("reviewer-1", "reviewer-4"),
        **options,
    }
    return done_with(erase, bench, id_of(row), **options)


def successor_of(bench: Bench, row: str) -> str:
    return done_with(draft_successor, bench, id_of(row)).cases[0]


# -- withdraw ----------------------------------------------------------------------------------


def test_a_withdrawal_only_appends_and_passes_the_rules(bench: Bench) -> None:
    before = bench.files()[OLD]
    done = withdrawn(bench)
    assert bench.files()[OLD].startswith(before)
    assert (OLD,) == done.written
    assert [] == bench.errors()


def test_the_signoffs_of_a_withdrawal_are_bound_to_case_and_reason(bench: Bench) -> None:
    withdrawn(bench)
    value = bench.value(OLD)
    block = value["withdrawn"]
    assert {appendix_digest(case_digest(value), block)} == {s["digest"] for s in block["signoffs"]}
    assert [("reviewer-1", "labeler"), ("reviewer-2", "confirmer")] == [
        (signoff["reviewer"], signoff["role"]) for signoff in block["signoffs"]
    ]


def test_a_role_that_is_said_is_taken(bench: Bench) -> None:
    withdrawn(bench, signers=("reviewer-4:maintainer", "reviewer-2"))
    roles = [signoff["role"] for signoff in bench.value(OLD)["withdrawn"]["signoffs"]]
    assert ["maintainer", "labeler"] == roles


def test_a_role_that_does_not_exist_is_refused(bench: Bench) -> None:
    with pytest.raises(UsageError, match=r"'boss' is no role"):
        withdrawn(bench, signers=("reviewer-1:boss", "reviewer-2"))


def test_one_signer_is_too_few_to_withdraw(bench: Bench) -> None:
    before = bench.files()
    with pytest.raises(RefusedByRulesError) as refused:
        withdrawn(bench, signers=("reviewer-1",))
    assert "GG413" in {finding.rule for finding in refused.value.findings}
    assert before == bench.files()


def test_a_case_ends_once(bench: Bench) -> None:
    with pytest.raises(RefusedEditError, match=r"superseded by .* already"):
        withdrawn(bench, "golden-3")
    withdrawn(bench)
    with pytest.raises(RefusedEditError, match="withdrawn already"):
        withdrawn(bench)


def test_a_case_that_does_not_exist_cannot_be_withdrawn(bench: Bench) -> None:
    with pytest.raises(UsageError, match="There is no golden case named"):
        withdrawn(bench, "new-1")


def test_a_candidate_cannot_be_withdrawn(bench: Bench) -> None:
    with pytest.raises(UsageError, match="It is a candidate"):
        withdrawn(bench, "candidate-1")


# -- supersede ---------------------------------------------------------------------------------


def test_a_successor_starts_as_a_copy_without_signoffs(bench: Bench) -> None:
    new = successor_of(bench, "golden-1")
    value, old = bench.value(path_in("candidates", "support", new)), bench.value(OLD)
    assert new == value.pop("id")
    assert {key: part for key, part in old.items() if key not in {"id", "signoffs"}} == value
    assert [] == bench.errors()


def test_a_second_draft_of_a_successor_is_refused(bench: Bench) -> None:
    new = successor_of(bench, "golden-1")
    with pytest.raises(RefusedEditError, match=f"{new}.yaml: A successor .* is waiting already"):
        successor_of(bench, "golden-1")


def test_a_case_that_ended_gets_no_successor(bench: Bench) -> None:
    with pytest.raises(RefusedEditError, match="superseded by"):
        successor_of(bench, "golden-3")


def test_a_case_and_its_candidate_of_one_trace_change_places_in_one_edit(bench: Bench) -> None:
    new = successor_of(bench, "golden-1")
    path = path_in("candidates", "support", new)
    bench.write(path, bench.value(path) | {"expected_output": "A better answer."})
    old = bench.files()[OLD]
    done = done_with(
        supersede, bench, id_of("golden-1"), new, reason="The price changed.", signers=TWO
    )
    assert [] == bench.errors()
    assert (id_of("golden-1"), new) == done.cases
    assert bench.files()[OLD].startswith(old)
    assert new == bench.value(OLD)["superseded_by"]["case"]
    assert "A better answer." == bench.value(path_in("golden", "support", new))["expected_output"]
    assert not (bench.top / path).exists()


def test_a_golden_case_can_take_the_place_of_another(bench: Bench) -> None:
    names = id_of("golden-1"), id_of("golden-2")
    signers = (*TWO, "reviewer-4:maintainer")  # it is weaker, so a maintainer signs too
    done_with(supersede, bench, *names, reason="The same in better words.", signers=signers)
    assert [] == bench.errors()


def test_a_successor_of_one_trace_is_not_promoted_alone(bench: Bench) -> None:
    new = successor_of(bench, "golden-1")
    with bench.store() as store, pytest.raises(RefusedByRulesError, match="GG316"):
        promote(store, [new], judge=judge, confirmer="reviewer-2", now=NOW)


def test_a_case_of_another_dataset_is_no_successor(bench: Bench) -> None:
    names = id_of("golden-1"), id_of("golden-5")
    with pytest.raises(RefusedEditError, match="in the dataset grading, not in support"):
        done_with(supersede, bench, *names, reason="It is better.", signers=TWO)


def test_a_case_that_ended_is_no_successor(bench: Bench) -> None:
    names = id_of("golden-1"), id_of("golden-3")
    with pytest.raises(RefusedByRulesError) as refused:
        done_with(supersede, bench, *names, reason="It is better.", signers=TWO)
    assert "GG502" in {finding.rule for finding in refused.value.findings}


# -- erase -------------------------------------------------------------------------------------


def test_an_erased_case_leaves_a_tombstone_that_passes_the_rules(bench: Bench) -> None:
    before = bench.value(OLD)
    erased(bench)
    tomb = bench.value(OLD)
    assert [] == bench.errors()
    assert case_digest(before) == tomb["digest"]
    assert before["signoffs"] == tomb["signoffs"]
    assert {"input", "expected_output", "actual_output", "trace"}.isdisjoint(tomb)
    assert {erasure_digest(tomb["digest"], tomb["erased"])} == {
        signoff["digest"] for signoff in tomb["erased"]["signoffs"]
    }


def test_whoever_erases_is_told_what_else_quotes_the_case(bench: Bench) -> None:
    quoting, silent = (bench.top / "evaluators" / name for name in ("rules", "tone"))
    for folder in (quoting, silent):
        folder.mkdir(parents=True)
    (quoting / "calibration.jsonl").write_text(f'{{"case":"{id_of("golden-1")}"}}\n')
    (silent / "calibration.jsonl").write_text(f'{{"case":"{id_of("golden-2")}"}}\n')
    *_, told = erased(bench).advice
    assert told == (
        "evaluators/rules/calibration.jsonl may hold text of the case: take out what was made from "
        "it, and run `goldengit calibrate rules`."
    )


def test_who_is_a_maintainer_signs_an_erasure_as_one(bench: Bench) -> None:
    erased(bench)
    roles = {s["reviewer"]: s["role"] for s in bench.value(OLD)["erased"]["signoffs"]}
    assert {"reviewer-1": "labeler", "reviewer-4": "maintainer"} == roles


def test_the_notes_of_labels_are_erased_and_an_appendix_stays(bench: Bench) -> None:
    path = path_of("golden-3")
    before = bench.value(path)
    erased(bench, "golden-3")
    assert before["superseded_by"] == bench.value(path)["superseded_by"]
    assert all("note" not in label for label in bench.value(path)["labels"])
    assert [] == bench.errors()


def test_an_erasure_without_a_maintainer_is_refused(bench: Bench) -> None:
    before = bench.files()
    with pytest.raises(RefusedByRulesError) as refused:
        erased(bench, signers=TWO)
    assert "GG315" in {finding.rule for finding in refused.value.findings}
    assert before == bench.files()


def test_a_case_is_erased_once(bench: Bench) -> None:
    erased(bench)
    with pytest.raises(RefusedEditError, match="erased before"):
        erased(bench)


def test_what_is_not_frozen_is_not_erased(bench: Bench) -> None:
    bench.box.git("switch", "--quiet", "--create", "work")
    with bench.store() as store:
        promote(store, [id_of("candidate-1")], judge=judge, confirmer="reviewer-2", now=NOW)
    with pytest.raises(RefusedEditError, match="not frozen yet"):
        erased(bench, "candidate-1")


def attachment(bench: Bench, data: bytes) -> dict[str, Any]:
    """Write an attachment of `support`; return how a case refers to it."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = bench.top / attachment_path("support", sha256)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return {"name": "a.txt", "sha256": sha256, "media_type": "text/plain", "size": len(data)}


def test_attachments_go_with_the_last_case_that_has_them(bench: Bench) -> None:
    mine, shared = attachment(bench, b"only here"), attachment(bench, b"shared")
    for row, attached in (("candidate-1", [mine, shared]), ("candidate-2", [shared])):
        bench.write(path_of(row), bench.value(path_of(row)) | {"attachments": attached})
    bench.commit_all()
    with bench.store() as store:
        names = [id_of("candidate-1"), id_of("candidate-2")]
        promote(store, names, judge=judge, labeler="reviewer-1", confirmer="reviewer-2", now=NOW)
    bench.tip = bench.commit_all()
    done = erased(bench, "candidate-1")
    assert (attachment_path("support", mine["sha256"]),) == done.removed
    assert [] == bench.errors()
