"""Life line: everything that happened to a case, and who stood behind it."""

import pytest

from goldengit.auditing.lifeline import LifeLine, life_line
from goldengit.errors import UsageError
from goldengit.models.layout import candidate_path, golden_path, queue_path
from goldengit.repository.store import opened
from tests.edits import apply, parsed
from tests.gitbox import Blob, Files, GitBox
from tests.standard import content, id_of, path_of, standard

CASE = id_of("candidate-1")


def _life(box: GitBox, case: str, tip: str) -> LifeLine:
    with opened(box.folder) as store:
        return life_line(store, case, tip)


def _grown(box: GitBox) -> list[str]:
    """Return the commits of a life from the queue to its end."""
    from goldengit.repository.interpret import house_bytes

    files: Files = standard()
    value = parsed(files, path_of("candidate-1"))
    queue = queue_path("support", CASE)
    del files[path_of("candidate-1")]
    queued = files | {queue: Blob(house_bytes(queue, value | {"expected_output": None}))}
    candidate = files | {path_of("candidate-1"): Blob(house_bytes(path_of("candidate-1"), value))}
    revised_value = value | {"grader_hints": "Look twice."}
    revised = files | {
        path_of("candidate-1"): Blob(house_bytes(path_of("candidate-1"), revised_value))
    }
    golden = apply(revised, [{"promote": {"row": "candidate-1"}}])
    other = golden | {"README.md": Blob(b"x")}
    closed = apply(other, [{"supersede": {"row": "candidate-1", "by": "golden-4"}}])
    commits: list[str] = []
    for step in (queued, candidate, revised, golden, other, closed):
        commits.append(box.commit(step, commits[-1:]))
    return commits


def test_a_life_from_the_queue_to_its_end(box: GitBox) -> None:
    queued, candidate, revised, golden, _, closed = commits = _grown(box)
    life = _life(box, CASE, commits[-1])
    assert [(event.commit, event.what) for event in life.events] == [
        (queued, "queued"),
        (candidate, "became a candidate"),
        (revised, "revised"),
        (golden, "became golden"),
        (closed, "superseded"),
    ]
    assert [event.path for event in life.events][3:] == 2 * [golden_path("support", CASE)]
    assert (life.case, life.dataset, life.state) == (CASE, "support", "superseded")
    assert life.events[3].digest == life.events[4].digest != ""
    assert [event.at for event in life.events] == sorted(event.at for event in life.events)


def test_everybody_who_signed_is_named_with_what_proves_it(box: GitBox) -> None:
    life = _life(box, CASE, _grown(box)[-1])
    assert [(one.transition, one.person, one.role) for one in life.signatures] == [
        ("promote", "reviewer-1", "labeler"),
        ("promote", "reviewer-2", "confirmer"),
        ("supersede", "reviewer-1", "labeler"),
        ("supersede", "reviewer-2", "confirmer"),
    ]
    assert {(one.proof.kind, one.proof.verified) for one in life.signatures} == {("none", False)}


def test_states_on_the_way(box: GitBox) -> None:
    commits = _grown(box)
    states = [_life(box, CASE, commit).state for commit in commits]
    assert states == [
        "queue",
        "candidate",
        "candidate",
        "golden, active",
        "golden, active",
        "superseded",
    ]
    assert _life(box, CASE, commits[1]).signatures == ()


@pytest.mark.parametrize(
    ("edit", "what", "state"),
    [
        ({"withdraw": {"row": "golden-1"}}, "withdrawn", "withdrawn"),
        ({"erase": {"row": "golden-1"}}, "erased", "erased"),
        ({"delete": {"path": "{golden-1}"}}, "deleted", "gone"),
        ({"append": {"path": "{golden-1}", "text": "# x\n"}}, "edited", "golden, active"),
    ],
)
def test_ends_legal_and_illegal_are_told(
    edit: dict[str, dict[str, str]], what: str, state: str, box: GitBox
) -> None:
    root = box.commit(standard())
    tip = box.commit(apply(standard(), [edit]), [root])
    life = _life(box, id_of("golden-1"), tip)
    assert [event.what for event in life.events] == ["became golden", what]
    assert life.state == state


def test_what_a_merge_brought_is_told_at_the_merge(box: GitBox) -> None:
    root = box.commit(standard())
    promoted = apply(standard(), [{"promote": {"row": "candidate-1"}}])
    merge = box.commit(promoted, [root, box.commit(promoted, [root])])
    life = _life(box, CASE, merge)
    assert [(event.commit, event.what) for event in life.events] == [
        (root, "became a candidate"), (merge, "became golden"),
    ]  # fmt: skip


@pytest.mark.parametrize("case", ["2026-01-01-a-abcdef", "", "\0", "../x", "-n", "x\ny", "*"])
def test_a_case_that_never_was_is_a_usage_error(case: str, box: GitBox) -> None:
    with pytest.raises(UsageError, match="No case"):
        _life(box, case, box.commit(standard()))


def test_the_place_says_what_the_content_was(box: GitBox) -> None:
    assert candidate_path("support", CASE) == path_of("candidate-1")
    assert content("candidate-1")["id"] == CASE
