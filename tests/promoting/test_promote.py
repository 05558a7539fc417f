"""Promotion: what is written, who signs, what is refused, and the commit."""

import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from goldengit.errors import RefusedEditError, UsageError
from goldengit.models.digest import case_digest
from goldengit.promoting.desk import Done, RefusedByRulesError
from goldengit.promoting.promote import promote
from goldengit.repository.commits import RefusedCommitError
from tests.promoting.bench import Bench, judge
from tests.standard import NOW, draft, draft_path, id_of, path_in, path_of, verdict

FIRST, SECOND = id_of("candidate-1"), id_of("candidate-2")
GOLDEN = path_in("golden", "support", FIRST)


def promoted(bench: Bench, *names: str, **options: Any) -> Done:
    options = {"confirmer": "reviewer-2", "now": NOW, **options}
    with bench.store() as store:
        return promote(store, names, judge=judge, **options)


def test_a_promoted_candidate_is_golden_and_its_drafts_are_gone(bench: Bench) -> None:
    done = promoted(bench, FIRST)
    assert (GOLDEN,) == done.written
    assert (draft_path("candidate-1", "reviewer-1"), path_of("candidate-1")) == done.removed
    assert [] == bench.errors()
    assert not (bench.top / path_of("candidate-1")).exists()
    assert not (bench.top / draft_path("candidate-1", "reviewer-1")).parent.exists()


def test_the_golden_case_holds_the_folded_labels_and_both_claims(bench: Bench) -> None:
    promoted(bench, FIRST)
    value = bench.value(GOLDEN)
    assert draft("candidate-1", "reviewer-1")["labels"] == value["labels"]
    digest = case_digest(value)
    assert [
        {"reviewer": "reviewer-1", "role": "labeler", "at": NOW, "digest": digest},
        {"reviewer": "reviewer-2", "role": "confirmer", "at": NOW, "digest": digest},
    ] == value["signoffs"]


def test_several_candidates_are_promoted_at_once_by_id_and_by_path(bench: Bench) -> None:
    done = promoted(bench, FIRST, path_of("candidate-2"), labeler="reviewer-1")
    assert (FIRST, SECOND) == done.cases
    assert 2 == len(done.written)
    assert [] == bench.errors()


def test_a_labeler_is_not_guessed_when_two_persons_labelled(bench: Bench) -> None:
    before = bench.files()
    with pytest.raises(UsageError, match=r"labelled by reviewer-1, reviewer-2.*--labeler PERSON"):
        promoted(bench, SECOND)
    assert before == bench.files()


def test_a_confirmer_is_not_guessed_among_several(bench: Bench) -> None:
    with pytest.raises(UsageError, match="--confirmer PERSON"):
        promoted(bench, FIRST, confirmer=None)


def test_a_signer_must_be_in_the_roster(bench: Bench) -> None:
    with pytest.raises(UsageError, match=r"'reviewer-9' is not in the roster.*reviewer-1"):
        promoted(bench, FIRST, confirmer="reviewer-9")


def test_a_candidate_without_expected_output_is_refused(bench: Bench) -> None:
    value = bench.value(path_of("candidate-1"))
    bench.write(path_of("candidate-1"), value | {"expected_output": None})
    with pytest.raises(RefusedEditError, match="no `expected_output`"):
        promoted(bench, FIRST)


def test_a_candidate_that_no_person_labelled_is_refused(bench: Bench) -> None:
    (bench.top / draft_path("candidate-1", "reviewer-1")).unlink()
    label = {"failure_mode": "wrong-tool", **verdict("fail"), "reviewer": "reviewer-1", "at": NOW}
    value = bench.value(path_of("candidate-1"))
    bench.write(path_of("candidate-1"), value | {"labels": [label | {"source": "model"}]})
    with pytest.raises(RefusedEditError, match="no label by a person"):
        promoted(bench, FIRST)


def test_one_person_in_both_roles_is_refused_by_the_rules(bench: Bench) -> None:
    before = bench.files()
    with pytest.raises(RefusedByRulesError) as refused:
        promoted(bench, FIRST, confirmer="reviewer-1")
    assert "GG403" in {finding.rule for finding in refused.value.findings}
    assert "Nothing was written." in str(refused.value)
    assert before == bench.files()


def test_one_bad_candidate_of_two_keeps_both_as_they_were(bench: Bench) -> None:
    path = draft_path("candidate-2", "reviewer-1")
    bench.write(path, bench.value(path) | {"case": FIRST, "labels": []})
    before = bench.files()
    with pytest.raises(RefusedEditError, match="GG112"):
        promoted(bench, FIRST, SECOND, labeler="reviewer-1")
    assert before == bench.files()


def test_an_error_that_was_there_before_does_not_stop_an_edit(bench: Bench) -> None:
    (bench.top / path_of("golden-1")).write_bytes(b"schema: broken\n")
    promoted(bench, FIRST)
    assert (bench.top / GOLDEN).exists()


def test_a_row_in_the_queue_is_no_candidate(bench: Bench) -> None:
    with pytest.raises(UsageError, match="It is a queued row"):
        promoted(bench, id_of("queue-1"))


def test_what_is_golden_already_is_said_to_be(bench: Bench) -> None:
    with pytest.raises(UsageError, match="It is a golden case"):
        promoted(bench, id_of("golden-1"))


def test_an_id_that_two_datasets_have_must_be_named_by_its_path(bench: Bench) -> None:
    other = path_in("candidates", "grading", FIRST)
    bench.write(other, bench.value(path_of("candidate-1")))
    with pytest.raises(UsageError, match="several rows"):
        promoted(bench, FIRST)


# -- the commit --------------------------------------------------------------------------------


def test_a_commit_on_a_protected_branch_goes_to_a_new_one(bench: Bench) -> None:
    done = promoted(bench, FIRST, commit=True)
    assert f"golden/{FIRST}" == done.branch == bench.box.git("branch", "--show-current")
    assert done.commit == bench.box.git("rev-parse", "HEAD")
    assert bench.tip == bench.box.git("rev-parse", "HEAD~")
    assert "" == bench.box.git("status", "--porcelain")
    assert FIRST in bench.box.git("log", "-1", "--format=%s")
    assert "Opener <opener@example.org>" == bench.box.git("log", "-1", "--format=%an <%ae>")


def test_a_commit_takes_exactly_its_paths_and_leaves_what_is_staged(bench: Bench) -> None:
    (bench.top / "README.md").write_text("staged\n")
    bench.box.git("add", "README.md")
    (bench.top / "notes.txt").write_text("untracked\n")
    done = promoted(bench, FIRST, commit=True)
    shown = bench.box.git("show", "--format=", "--name-only", "--no-renames", "HEAD")
    assert sorted([*done.written, *done.removed]) == shown.splitlines()
    assert "M  README.md\n?? notes.txt" == bench.box.git("status", "--porcelain")


def test_a_candidate_that_was_never_committed_can_be_promoted_with_a_commit(bench: Bench) -> None:
    bench.box.git("switch", "--quiet", "--create", "work")
    path = path_in("candidates", "support", id_of("new-1"))
    labels = draft("candidate-1", "reviewer-1")["labels"]
    value = bench.value(path_of("candidate-1")) | {"id": id_of("new-1"), "labels": labels}
    bench.write(path, value | {"trace": {"trace_id": "new", "spans": []}, "input": "Another one."})
    done = promoted(bench, id_of("new-1"), commit=True)
    assert "" == done.branch
    assert "work" == bench.box.git("branch", "--show-current")
    assert "" == bench.box.git("status", "--porcelain")


def hook(bench: Bench, script: str) -> None:
    """Make a script the repository's pre-commit hook."""
    path = bench.top / ".git" / "hooks" / "pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_place_that_git_ignores_is_refused_before_the_candidate_goes(bench: Bench) -> None:
    """`git add` would stage the removal and leave the golden file out."""
    (bench.top / ".gitignore").write_text("golden/\n")
    before = bench.files()
    with pytest.raises(RefusedEditError, match="Git ignores this path") as refused:
        promoted(bench, FIRST)
    assert (GOLDEN, before) == (refused.value.place, bench.files())


def test_a_hook_that_refuses_takes_everything_back(bench: Bench) -> None:
    hook(bench, "echo 'the hook says no' >&2; exit 1")
    before = bench.files()
    with pytest.raises(RefusedCommitError, match="the hook says no"):
        promoted(bench, FIRST, commit=True)
    assert before == bench.files()
    assert "main" == bench.box.git("branch", "--show-current")
    assert "" == bench.box.git("branch", "--list", "golden/*")
    assert "" == bench.box.git("status", "--porcelain")


def test_hooks_see_exactly_what_is_committed(bench: Bench) -> None:
    hook(bench, "git diff --cached --name-only --no-renames HEAD > .git/seen")
    done = promoted(bench, FIRST, commit=True)
    seen = (bench.top / ".git" / "seen").read_text().splitlines()
    assert sorted([*done.written, *done.removed]) == seen


def test_the_staged_check_as_a_hook_judges_what_is_committed(bench: Bench) -> None:
    root = Path(__file__).parents[2]
    hook(bench, f"PYTHONPATH={root} exec {sys.executable} -m goldengit check --staged")
    bench.box.git("config", "user.email", "reviewer-1@example.org")
    before = bench.files()
    with pytest.raises(RefusedCommitError) as refused:
        promoted(bench, FIRST, commit=True)
    assert "GG401" in refused.value.output  # the author would be the labeler
    assert before == bench.files()
    assert promoted(bench, FIRST, labeler="reviewer-3", commit=True).commit


def test_a_merge_under_way_is_not_committed_into(bench: Bench) -> None:
    (bench.top / ".git" / "MERGE_HEAD").write_text(f"{bench.tip}\n")
    with pytest.raises(UsageError, match="under way"):
        promoted(bench, FIRST, commit=True)


def test_a_branch_that_exists_is_not_moved(bench: Bench) -> None:
    bench.box.git("branch", f"golden/{FIRST}")
    before = bench.files()
    with pytest.raises(UsageError, match="exists already"):
        promoted(bench, FIRST, commit=True)
    assert before == bench.files()
