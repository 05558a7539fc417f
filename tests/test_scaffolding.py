"""The scaffold: a repository that passes its own check, and nothing overwritten."""

import json
import re
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
from goldengit.models.protection import BUILT_IN, OWNERS_PLACES
from goldengit.models.schemas import SCHEMA_NAMES, schema_path
from goldengit.promoting.promote import promote
from goldengit.repository.interpret import house_bytes
from goldengit.repository.sources import work_tree
from goldengit.repository.store import Store, opened
from goldengit.scaffolding import HOOKS, Answers, Platform, Scaffold, init
from goldengit.scaffolding.github import ACTIONS_ACCOUNT, ACTIONS_APP
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
ACTION = f"example/goldengit@{'0123456789' * 4}"
PLATFORM = Platform(
    action=ACTION,
    owners=("@example/reviewers",),
    maintainers=("@example/maintainers", "@somebody"),
    app_id=12345,
    gate_account=67890,
)
GATE = sorted(
    [
        ".github/CODEOWNERS",
        ".github/rulesets/goldengit-main.json",
        *(
            f".github/workflows/goldengit-{name}.yml"
            for name in ("deploy-gate", "gate", "main", "signal", "stewardship")
        ),
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


# -- with GitHub -------------------------------------------------------------------------------


def ruleset(clone: GitBox) -> Any:
    return json.loads((clone.folder / ".github/rulesets/goldengit-main.json").read_bytes())


def parameters(clone: GitBox, rule: str) -> Any:
    (found,) = [one for one in ruleset(clone)["rules"] if one["type"] == rule]
    return found["parameters"]


def owners(clone: GitBox) -> dict[str, list[str]]:
    lines = (clone.folder / ".github/CODEOWNERS").read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {path: named for path, *named in rows}


def test_the_gate_is_written_with_the_rest_and_passes_the_check(clone: GitBox) -> None:
    done = scaffolded(clone, replace(ANSWERS, platform=PLATFORM))
    assert sorted([*WRITTEN, *GATE]) == list(done.written)
    assert ((), (), ()) == (done.kept, done.missing, done.differing)
    assert () == whole(clone).findings
    forge = value(clone, POLICY)["forge"]
    assert {
        "kind": "github", "host": "github.com", "gate_account": 67890, "allow_forks": False,
    } == forge  # fmt: skip


def test_a_policy_that_stands_is_told_its_lines_and_needs_no_dataset(clone: GitBox) -> None:
    scaffolded(clone)
    before = files(clone)
    done = scaffolded(clone, Answers(platform=PLATFORM))
    assert tuple(GATE) == done.written
    assert before == {path: data for path, data in files(clone).items() if path in before}
    ((path, lines),) = done.missing
    assert POLICY == path
    assert "  gate_account: 67890" in lines
    text = before[POLICY].decode() + "".join(f"{line}\n" for line in lines)
    (clone.folder / POLICY).write_text(text)
    again = scaffolded(clone, Answers(platform=PLATFORM))
    assert ((), (), ()) == (again.written, again.missing, again.differing)
    assert () == whole(clone).findings


@pytest.mark.parametrize("place", OWNERS_PLACES)
def test_a_file_of_the_gate_that_differs_is_named_and_stays(clone: GitBox, place: str) -> None:
    """Also where it stands elsewhere: one in `.github/` would take its place unseen."""
    owned = clone.folder / place
    owned.parent.mkdir(exist_ok=True)
    owned.write_text("* @somebody\n")
    done = scaffolded(clone, replace(ANSWERS, platform=PLATFORM))
    assert ((place,), (place,)) == (done.kept, done.differing)
    assert "* @somebody\n" == owned.read_text()
    assert [place] == [one for one in OWNERS_PLACES if (clone.folder / one).exists()]
    assert () == scaffolded(clone, Answers(platform=replace(PLATFORM, owners=()))).written


def test_the_workflows_use_the_pinned_action_and_the_branches_of_the_policy(
    clone: GitBox,
) -> None:
    branches = ("trunk", "release")
    scaffolded(clone, replace(ANSWERS, platform=PLATFORM, protected_branches=branches))
    folder = clone.folder / ".github" / "workflows"
    texts = {path.name: path.read_text() for path in folder.iterdir()}
    using = {name for name, text in texts.items() if f"uses: {ACTION}\n" in text}
    assert set(texts) - {"goldengit-signal.yml"} == using
    assert 'branches: ["trunk", "release"]' in texts["goldengit-main.yml"]
    assert 'ref: "trunk"' in texts["goldengit-deploy-gate.yml"]
    assert {"include": ["~DEFAULT_BRANCH", "refs/heads/release"], "exclude": []} == ruleset(clone)[
        "conditions"
    ]["ref_name"]


def test_no_word_of_a_template_is_left(clone: GitBox) -> None:
    scaffolded(clone, replace(ANSWERS, platform=PLATFORM))
    left = {
        path: re.findall(rb"@[A-Z]+@", data)
        for path, data in files(clone).items()
        if path not in SCHEMA_NAMES
    }
    assert {} == {path: words for path, words in left.items() if words}


def test_every_protected_path_has_its_owners(clone: GitBox) -> None:
    scaffolded(clone)
    text = (clone.folder / POLICY).read_text()
    (clone.folder / POLICY).write_text(
        text.replace("protected_paths: []", "protected_paths: [requirements/, action.yml]")
    )
    scaffolded(clone, Answers(platform=PLATFORM))
    found = owners(clone)
    assert ["@example/reviewers"] == found.pop("/datasets/") == found.pop("/evaluators/")
    expected = {f"/{path}" for path in (*BUILT_IN, "requirements/", "action.yml")}
    assert expected == set(found)
    assert {("@example/maintainers", "@somebody")} == set(map(tuple, found.values()))


def test_without_owners_the_file_names_teams_that_github_will_refuse(clone: GitBox) -> None:
    done = scaffolded(clone, replace(ANSWERS, platform=Platform(action=ACTION)))
    assert {"@ORG/eval-reviewers", "@ORG/eval-maintainers"} == {
        owner for named in owners(clone).values() for owner in named
    }
    assert any("do not exist" in line for line in done.advice)


@pytest.mark.parametrize(("small", "approvals"), [(False, 2), (True, 1)])
def test_the_ruleset_asks_for_the_approvals_of_the_policy(
    clone: GitBox, small: bool, approvals: int
) -> None:
    scaffolded(clone, replace(ANSWERS, platform=PLATFORM, author_counts_as_labeler=small))
    asked = parameters(clone, "pull_request")
    assert approvals == asked["required_approving_review_count"]
    assert asked["dismiss_stale_reviews_on_push"] is False
    assert [] == ruleset(clone)["bypass_actors"]


@pytest.mark.parametrize(
    ("platform", "app", "weak"),
    [(PLATFORM, 12345, False), (Platform(action=ACTION), ACTIONS_APP, True)],
)
def test_the_status_must_come_from_the_app_or_the_weakness_is_told(
    clone: GitBox, platform: Platform, app: int, weak: bool
) -> None:
    done = scaffolded(clone, replace(ANSWERS, platform=platform))
    assert [{"context": "goldengit/gate", "integration_id": app}] == parameters(
        clone, "required_status_checks"
    )["required_status_checks"]
    assert platform.gate_account == value(clone, POLICY)["forge"]["gate_account"]
    assert weak is any(line.startswith("Weak: ") for line in done.advice)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"action": "example/goldengit@v1"}, "pins no commit"),
        ({"action": "example/goldengit@main"}, "pins no commit"),
        ({"action": f"example/goldengit@{'a' * 39}"}, "pins no commit"),
        ({"action": f"example/goldengit@{'a' * 41}"}, "pins no commit"),
        ({"action": f"example/goldengit@{'A' * 40}"}, "pins no commit"),
        ({"action": f"example/goldengit@{'a' * 40}\n"}, "pins no commit"),
        ({"action": f"https://example.org/x@{'a' * 40}"}, "pins no commit"),
        ({"action": "a" * 40}, "pins no commit"),
        ({"action": ""}, "pins no commit"),
        ({"owners": ("example/reviewers",)}, "is no owner"),
        ({"maintainers": ("@example/x\n* @evil",)}, "is no owner"),
        ({"app_id": ACTIONS_APP}, "belong together"),
        ({"gate_account": ACTIONS_ACCOUNT}, "belong together"),
    ],
)
def test_what_github_could_not_mean_is_refused(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        replace(PLATFORM, **changed)


def test_the_action_of_the_checkout_needs_a_checkout_that_has_one(clone: GitBox) -> None:
    here = Answers(platform=Platform(action="./"))
    scaffolded(clone)
    before = files(clone)
    with pytest.raises(UsageError, match="holds no action"):
        scaffolded(clone, here)
    assert before == files(clone)
    (clone.folder / "action.yml").write_text("runs: {}\n")
    assert tuple(GATE) == scaffolded(clone, here).written
