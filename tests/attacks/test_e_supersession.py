"""Attacks T73 to T81: supersession and status."""

import pytest

from goldengit.repository.store import opened
from tests.edits import Edit, apply
from tests.gitbox import GitBox
from tests.scenarios import found_after, found_in
from tests.standard import dataset_of, id_of, path_of, standard

GOLDEN = path_of("golden-1")


def _supersede(row: str, by: str, **words: object) -> Edit:
    return {"supersede": {"row": row, "by": by, **words}}


@pytest.mark.parametrize(
    "target", ["new-1", "golden-1", "candidate-1", "queue-1", "golden-3", "golden-5"]
)
def test_t73_a_successor_that_is_none_is_refused(target: str, shared_box: GitBox) -> None:
    """Nothing, itself, a candidate, a queued row, a superseded case, another dataset."""
    assert f"GG502 {GOLDEN}" in found_after(shared_box, [_supersede("golden-1", target)])


@pytest.mark.parametrize("closing", ["withdraw", "erase"])
def test_t73_a_closed_successor_is_refused(closing: str, shared_box: GitBox) -> None:
    """Also when it is closed in the same change."""
    edits: list[Edit] = [{closing: {"row": "golden-2"}}, _supersede("golden-1", "golden-2")]
    assert f"GG502 {GOLDEN}" in found_after(shared_box, edits)


def test_t73_a_tree_with_a_link_to_nothing_is_refused(box: GitBox) -> None:
    """Whoever slipped past the gate is found by the check of the whole tree."""
    files = apply(standard(), [{"delete": path_of("golden-4")}])
    assert f"GG502 {path_of('golden-3')}" in found_in(box, box.commit(files))


def test_t74_a_cycle_is_refused(shared_box: GitBox) -> None:
    """Both cases would be gone, and none withdrawn."""
    edits = [_supersede("golden-1", "golden-2"), _supersede("golden-2", "golden-1")]
    findings = found_after(shared_box, edits)
    assert {f"GG503 {GOLDEN}", f"GG503 {path_of('golden-2')}"} <= set(findings)


def test_t74_a_cycle_over_older_links_is_refused(shared_box: GitBox) -> None:
    """The link that closes it looks harmless by itself."""
    findings = found_after(shared_box, [_supersede("golden-4", "golden-3")])
    assert f"GG503 {path_of('golden-4')}" in findings


def test_t74_two_successors_are_refused(shared_box: GitBox) -> None:
    """A second block of the same key does not even read."""
    first = apply(standard(), [_supersede("golden-1", "golden-2")])
    block = first[GOLDEN].data[len(standard()[GOLDEN].data) :].decode()
    edits: list[Edit] = [
        _supersede("golden-1", "golden-2"),
        {"append": {"path": GOLDEN, "text": block}},
    ]
    assert f"GG101 {GOLDEN}" in found_after(shared_box, edits)


def test_t74_many_cases_merged_into_one_need_a_reason(shared_box: GitBox) -> None:
    """Merging shrinks the set, so it has to be said."""
    findings = found_after(shared_box, [_supersede("golden-1", "golden-4")])
    assert f"GG504 {GOLDEN}" in findings


@pytest.mark.parametrize(
    "words",
    [
        {"values": {"labels.0.verdict": "pass", "labels.0.score": 1.0}},
        {"values": {"labels.0.failure_mode": "wrong-tool"}},
        {"values": {"expected_output": ""}},
        {"unset": ["grader_hints"]},
        {"values": {"severity": "low"}},
        {"values": {"valid_until": "2026-08-21"}},
    ],
)
def test_t75_a_weaker_successor_needs_more_people(
    words: dict[str, object], shared_box: GitBox
) -> None:
    """Two signers are enough for an equal case, not for a weaker one."""
    equal: Edit = {"case": {"row": "new-1", "like": "golden-1"}}
    weaker: Edit = {"case": {"row": "new-1", "like": "golden-1", **words}}
    link = _supersede("golden-1", "new-1")
    assert found_after(shared_box, [equal, link]) == []
    assert f"GG505 {GOLDEN}" in found_after(shared_box, [weaker, link])


def test_t75_a_later_appendix_cannot_borrow_the_extra_signature(shared_box: GitBox) -> None:
    """A maintainer's signoff over something else is no approval of this."""
    weaker: Edit = {"case": {"row": "new-1", "like": "golden-1", "unset": ["grader_hints"]}}
    alien = {"reviewer": "reviewer-4", "role": "maintainer", "digest": "{golden-1.digest}"}
    sign = ["reviewer-1:labeler", "reviewer-2:confirmer", alien]
    link = _supersede("golden-1", "new-1", sign=sign)
    assert f"GG505 {GOLDEN}" in found_after(shared_box, [weaker, link])


def test_t76_a_successor_that_nobody_reviewed_is_refused(shared_box: GitBox) -> None:
    """Two signatures under the exchange are none under the content."""
    edits: list[Edit] = [
        {"case": {"row": "new-1", "like": "golden-1", "sign": []}},
        _supersede("golden-1", "new-1"),
    ]
    assert f"GG509 {GOLDEN}" in found_after(shared_box, edits)


def test_t77_a_closed_case_does_not_open_again(shared_box: GitBox) -> None:
    """The block is set once: removing it restores the very bytes that two people signed."""
    files = apply(standard(), [{"withdraw": {"row": "golden-1"}}])
    before: list[Edit] = [{"withdraw": {"row": "golden-1"}}]
    opened_again: Edit = {"write": {"path": GOLDEN, "text": standard()[GOLDEN].data.decode()}}
    assert files[GOLDEN].data.startswith(standard()[GOLDEN].data)
    assert found_after(shared_box, [opened_again], before) == [f"GG506 {GOLDEN}"]


@pytest.mark.parametrize("text", ["# a note\n", "\n", "group: others\n"])
def test_t77_nothing_rides_along_with_an_appendix(text: str, shared_box: GitBox) -> None:
    """What is appended is the block and nothing else."""
    edits: list[Edit] = [
        {"append": {"path": GOLDEN, "text": text}},
        {"withdraw": {"row": "golden-1"}},
    ]
    codes = {finding.split()[0] for finding in found_after(shared_box, edits)}
    assert codes & {"GG303", "GG501"}


def test_t78_a_wave_of_withdrawals_needs_a_maintainer(shared_box: GitBox) -> None:
    """Each one is signed by two; together they empty the set."""
    before: list[Edit] = [{"case": {"row": "new-1"}}]
    rows = ("golden-1", "golden-2", "golden-4", "new-1")
    edits: list[Edit] = [{"withdraw": {"row": row}} for row in rows]
    findings = found_after(shared_box, edits, before)
    assert {f"GG507 {path_of(row)}" for row in rows} <= set(findings)
    signers = ["reviewer-1:labeler", "reviewer-2:confirmer", "reviewer-4:maintainer"]
    backed: list[Edit] = [{"withdraw": {"row": row, "sign": signers}} for row in rows]
    assert found_after(shared_box, backed, before) == []


def test_t78_one_withdrawal_after_the_other_adds_up(shared_box: GitBox) -> None:
    """A request a day keeps below the limit of a change, not below that of a month."""
    days = {"golden-1": "2026-08-01", "golden-2": "2026-08-07", "golden-4": "2026-08-13"}
    before: list[Edit] = [{"case": {"row": "new-1"}}]
    before += [{"withdraw": {"row": row, "at": f"{day}T08:00:00Z"}} for row, day in days.items()]
    findings = found_after(shared_box, [{"withdraw": {"row": "new-1"}}], before)
    assert f"GG507 {path_of('new-1')}" in findings


@pytest.mark.parametrize("place", ["candidates", "queue"])
def test_t79_a_golden_case_does_not_go_back(place: str, shared_box: GitBox) -> None:
    """As a candidate it could be changed and promoted again."""
    back = f"datasets/support/{place}/{id_of('golden-1')}.yaml"
    assert f"GG508 {back}" in found_after(shared_box, [{"move": {"from": GOLDEN, "to": back}}])
    assert f"GG508 {back}" in found_after(shared_box, [{"copy": {"from": GOLDEN, "to": back}}])


def test_t80_candidates_never_count_as_golden(box: GitBox) -> None:
    """What is golden is read from the golden folder of a tree, whatever else lies around."""
    files = standard()
    decoys = {
        f"datasets/support/candidates/golden/2026-03/{id_of('golden-1')}.yaml": files[GOLDEN],
        f"datasets/support/candidates/{id_of('new-1')}.yaml": files[GOLDEN],
    }
    commit = box.commit(files | decoys)
    with opened(box.folder) as store:
        index = store.snapshot("a tree", store.repository.tree_of(commit)).index(
            dataset_of("golden-1")
        )
        assert index.count == 4
        assert not index.holds(id_of("new-1"))
        assert not index.holds(id_of("candidate-1"))


@pytest.mark.parametrize(
    "edit",
    [
        {"case": {"row": "new-1", "sign": ["reviewer-1:labeler@2062-01-01T00:00:00Z"]}},
        {"case": {"row": "new-1", "sign": ["reviewer-1:labeler@2020-01-01T00:00:00Z"]}},
        {"case": {"row": "new-1", "values": {"labels.0.at": "2062-01-01T00:00:00Z"}}},
        {"withdraw": {"row": "golden-1", "at": "2062-01-01T00:00:00Z"}},
        {"withdraw": {"row": "golden-1", "at": "2020-01-01T00:00:00Z"}},
    ],
)
def test_t81_impossible_times_are_refused(edit: Edit, shared_box: GitBox) -> None:
    """Neither from the future nor from before there was anything to sign."""
    codes = {finding.split()[0] for finding in found_after(shared_box, [edit])}
    assert "GG314" in codes


def test_t81_an_id_of_the_future_is_refused(shared_box: GitBox) -> None:
    """The day of an id is the day the row came in."""
    edits: list[Edit] = [{"case": {"row": "new-1", "place": "queue", "values": {"labels": []}}}]
    path = f"datasets/support/queue/{id_of('new-1')}.yaml"
    findings = found_after(shared_box, edits, now="2026-06-30T12:00:00Z")
    assert f"GG314 {path}" in findings
