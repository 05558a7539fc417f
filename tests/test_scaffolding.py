"""The scaffold: a repository that passes its own check, and nothing overwritten."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from goldengit import checking
from goldengit.errors import UsageError
from goldengit.models.finding import Report, Severity
from goldengit.models.identity import id_for_input
from goldengit.models.layout import ATTRIBUTES, ATTRIBUTES_LINES, POLICY, candidate_path
from goldengit.models.policy import Account, Person, Policy
from goldengit.models.schemas import SCHEMA_NAMES, schema_path
from goldengit.promoting.promote import promote
from goldengit.repository.interpret import house_bytes
from goldengit.repository.sources import work_tree
from goldengit.repository.store import Store, opened
from goldengit.scaffolding import HOOKS, Answers, Scaffold, init
from tests.gitbox import GitBox

ROSTER = {
    "reviewer-1": Person(
        name="First Reviewer",
        roles=("labeler", "confirmer", "maintainer"),
        emails=("reviewer-1@example.org",),
        accounts=(Account(id=1000001),),
    ),
    "reviewer-2": Person(roles=("labeler", "confirmer")),
}
ANSWERS = Answers(
    dataset="support",
    owner="reviewer-1",
    failure_mode="invented-citation",
    title='It cites "sources": none exist.',
    roster=ROSTER,
)
WRITTEN = sorted(
    [
        POLICY,
        ATTRIBUTES,
        HOOKS,
        "datasets/support/dataset.yaml",
        "datasets/support/rubrics/invented-citation.1.md",
        *(schema_path(name) for name in SCHEMA_NAMES),
    ]
)


@pytest.fixture
def clone(tmp_path: Path) -> GitBox:
    return GitBox(tmp_path / "clone", bare=False)


def scaffolded(clone: GitBox, answers: Answers = ANSWERS) -> Scaffold:
    with opened(clone.folder) as store:
        return init(store, answers)


def whole(clone: GitBox) -> Report:
    with opened(clone.folder) as store:
        return checking.judge(checking.whole(store, work_tree(store.repository), deep=True))


def judge(store: Store, base: str | None, tree: str) -> Report:
    return checking.judge(checking.transition(store, base, tree))


def value(clone: GitBox, path: str) -> Mapping[str, Any]:
    return dict(yaml.load((clone.folder / path).read_bytes(), yaml.CSafeLoader))


def files(clone: GitBox) -> dict[str, bytes]:
    return {
        path.relative_to(clone.folder).as_posix(): path.read_bytes()
        for path in clone.folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(clone.folder).parts
    }


def test_everything_is_written_and_passes_the_check(clone: GitBox) -> None:
    done = scaffolded(clone)
    assert WRITTEN == list(done.written) == sorted(files(clone))
    assert ((), ()) == (done.kept, done.missing)
    assert () == whole(clone).findings


def test_the_first_commit_passes_as_an_adoption(clone: GitBox) -> None:
    scaffolded(clone)
    with opened(clone.folder) as store:
        report = judge(store, None, work_tree(store.repository))
    assert () == report.findings


def test_a_second_call_changes_nothing(clone: GitBox) -> None:
    scaffolded(clone)
    before = files(clone)
    done = scaffolded(clone)
    assert ((), (), ()) == (done.written, done.missing, done.advice)
    assert sorted(set(WRITTEN) - {"datasets/support/rubrics/invented-citation.1.md"}) == list(
        done.kept
    )
    assert before == files(clone)


def test_the_policy_says_the_built_in_values(clone: GitBox) -> None:
    scaffolded(clone)
    policy = Policy.model_validate(value(clone, POLICY))
    given = {"schema": "goldengit/policy/v1", "version": 1, "repository": policy.repository}
    bare = Policy.model_validate({**given, "roster": ROSTER})
    assert bare == policy


def test_every_repository_draws_its_own_id(clone: GitBox, tmp_path: Path) -> None:
    other = GitBox(tmp_path / "other", bare=False)
    scaffolded(clone)
    scaffolded(other)
    assert value(clone, POLICY)["repository"] != value(other, POLICY)["repository"]


def test_the_branch_at_hand_is_protected(clone: GitBox) -> None:
    clone.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    scaffolded(clone)
    assert ["trunk"] == value(clone, POLICY)["protected_branches"]


def test_the_small_team_mode_is_asked_for(clone: GitBox) -> None:
    scaffolded(clone, replace(ANSWERS, author_counts_as_labeler=True))
    assert value(clone, POLICY)["signoffs"]["author_counts_as_labeler"] is True


def test_another_dataset_is_added_to_what_stands(clone: GitBox) -> None:
    scaffolded(clone)
    before = files(clone)
    done = scaffolded(clone, replace(ANSWERS, dataset="grading", roster={}))
    assert (
        "datasets/grading/dataset.yaml",
        "datasets/grading/rubrics/invented-citation.1.md",
    ) == done.written
    assert before == {path: data for path, data in files(clone).items() if path in before}
    assert () == whole(clone).findings


def test_existing_files_stay_and_their_missing_lines_are_named(clone: GitBox) -> None:
    (clone.folder / ATTRIBUTES).write_text("*.png binary\n")
    (clone.folder / HOOKS).write_text("repos: []\n")
    done = scaffolded(clone)
    assert (ATTRIBUTES, HOOKS) == done.kept
    missing = dict(done.missing)
    assert ATTRIBUTES_LINES == missing[ATTRIBUTES]
    assert "        entry: goldengit check --staged" in missing[HOOKS]
    assert b"repos: []\n" == (clone.folder / HOOKS).read_bytes()


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"owner": "reviewer-9"}, "is not in the roster"),
        ({"dataset": "My Data"}, "is no name"),
        ({"failure_mode": "../x"}, "is no name"),
        ({"roster": {}}, "goldengit.yaml"),
        ({"roster": {"reviewer-1": ROSTER["reviewer-1"]}}, "fewer than the threshold"),
        ({"title": ""}, "title"),
    ],
)
def test_answers_that_do_not_fit_leave_nothing(
    clone: GitBox, changed: dict[str, Any], problem: str
) -> None:
    with pytest.raises(UsageError, match=problem):
        scaffolded(clone, replace(ANSWERS, **changed))
    assert {} == files(clone)


def test_a_first_candidate_can_be_promoted(clone: GitBox) -> None:
    scaffolded(clone)
    row = {"messages": [{"role": "user", "content": "Who wrote that?"}]}
    case = id_for_input("2026-08-01", "authors", "support", row)
    path = candidate_path("support", case)
    label = {
        "failure_mode": "invented-citation", "verdict": "fail", "score": 0.0,
        "reviewer": "reviewer-2", "at": "2026-08-02T09:00:00Z", "rubric": 1,
    }  # fmt: skip
    candidate = {
        "schema": "goldengit/case/v1",
        "id": case,
        "input": row,
        "expected_output": "Nobody knows.",
        "actual_output": "A. Nonymous, 1999.",
        "labels": [label],
        "provenance": {"origin": "synthetic"},
    }
    (clone.folder / path).parent.mkdir()
    (clone.folder / path).write_bytes(house_bytes(path, candidate))
    with opened(clone.folder) as store:
        done = promote(store, [case], judge=judge)
    signers = value(clone, done.written[0])["signoffs"]
    assert [("reviewer-2", "labeler"), ("reviewer-1", "confirmer")] == [
        (one["reviewer"], one["role"]) for one in signers
    ]
    assert 0 == whole(clone).count(Severity.ERROR)
