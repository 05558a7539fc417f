"""Stewardship: what is due is told, what is not is not, and no text of a case is."""

from collections.abc import Iterator

import pytest

from goldengit.auditing.duties import Duties, Duty
from goldengit.auditing.steward import steward
from goldengit.gauging.declared import policy_of
from goldengit.repository.store import Store, opened
from tests import standard
from tests.edits import Edit, apply
from tests.gitbox import Files, GitBox

NOW = "2026-08-20T12:00:00Z"
SPEC = "datasets/support/dataset.yaml"
FRESH: Edit = {"promote": {"row": "candidate-1"}}  # signed a day before NOW
CALIBRATED: list[Edit] = [
    FRESH,
    {"labelled": {"passes": 10, "fails": 10}},
    {"evaluator": {"role": "gate"}},
    {"calibrate": {}},  # on 2026-07-01; 180 days are allowed
]


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> GitBox:
    """Return a repository for all trees."""
    return GitBox(tmp_path_factory.mktemp("steward") / "box.git")


@pytest.fixture(scope="module")
def store(box: GitBox) -> Iterator[Store]:
    """Return that repository, opened."""
    with opened(box.folder) as store:
        yield store


class Week:
    """Stewardship of trees that edits make of the standard repository."""

    def __init__(self, box: GitBox, store: Store) -> None:
        self._box = box
        self._store = store

    def of(self, *edits: Edit, now: str = NOW, files: Files | None = None) -> dict[str, Duties]:
        """Return what is to be seen to, by dataset."""
        commit = self._box.commit(apply(standard.standard() if files is None else files, edits))
        tree = self._store.snapshot("", self._store.repository.tree_of(commit))
        return {one.dataset: one for one in steward(tree, policy_of(tree), now)}

    def support(self, *edits: Edit, now: str = NOW, what: str = "") -> tuple[Duty, ...]:
        """Return the duties of the dataset `support`, of one kind alone if it is named."""
        duties = self.of(*edits, now=now)["support"].duties
        return tuple(duty for duty in duties if what in {"", duty.what})


@pytest.fixture(scope="module")
def week(box: GitBox, store: Store) -> Week:
    return Week(box, store)


def problems(duties: tuple[Duty, ...]) -> list[str]:
    return [duty.problem for duty in duties]


def test_a_tended_dataset_leaves_nothing_to_do(week: Week) -> None:
    assert () == week.support(FRESH)


@pytest.mark.parametrize(
    ("now", "days"), [("2026-09-01T00:00:00Z", 14), ("2026-09-02T00:00:00Z", 15)]
)
def test_a_queue_is_overdue_as_gg907_says(week: Week, now: str, days: int) -> None:
    found = week.support(FRESH, now=now, what="queue")
    assert (days > 14) == bool(found)
    assert all(duty.overdue and f"since {days} days" in duty.problem for duty in found)


def test_a_queue_that_is_waived_is_no_duty(week: Week) -> None:
    """Until the day that the waiver names."""
    path, until = standard.path_of("queue-1"), "2026-09-30"
    waiver = {"rule": "GG907", "path": path, "reason": "A holiday.", "expires": until}
    edit: Edit = {"set": {"path": "goldengit.yaml", "values": {"waivers": [waiver]}}}
    assert () == week.support(FRESH, edit, now=f"{until}T12:00:00Z", what="queue")
    assert 1 == len(week.support(FRESH, edit, now="2026-10-01T00:00:00Z", what="queue"))


def test_a_queue_may_be_too_long(week: Week) -> None:
    limit: Edit = {"set": {"path": SPEC, "values": {"queue.max_size": 1}}}
    more: Edit = {"case": {"row": "new-1", "place": "queue", "values": {"expected_output": None}}}
    found = week.support(FRESH, limit, more, what="queue")
    assert "2 rows wait in the queue, more than 1." in problems(found)
    assert all(duty.overdue for duty in found)


def test_a_queue_without_owner_is_overdue(week: Week) -> None:
    gone: Edit = {"set": {"path": SPEC, "unset": ["owner"]}}
    found = week.of(FRESH, gone)["support"]
    assert ["The dataset support has a queue and no owner."] == problems(found.duties)
    assert ("", 1) == (found.owner, found.overdue)
    assert "reviewer-4" == week.of()["support"].owner


@pytest.mark.parametrize(("day", "overdue"), [("2026-11-17", 0), ("2026-11-18", 1)])
def test_a_dataset_is_stale_ninety_days_after_its_last_case(
    week: Week, day: str, overdue: int
) -> None:
    found = week.support(FRESH, now=f"{day}T00:00:00Z", what="golden")
    assert overdue == len(found)
    assert all("for 91 days; 90 are allowed" in duty.problem for duty in found)


@pytest.mark.parametrize("verb", ["withdraw", "erase"])
def test_a_case_that_was_closed_counts_as_added(week: Week, verb: str) -> None:
    """What was added last is not ordinary any more, and was added all the same."""
    edits: list[Edit] = [{"case": {"row": "new-1"}}, {verb: {"row": "new-1"}}]
    assert () == week.support(*edits, now="2026-11-10T00:00:00Z", what="golden")


def test_an_empty_dataset_is_told_and_not_overdue(week: Week) -> None:
    files = {path: standard.standard()[path] for path in ("goldengit.yaml", SPEC)}
    [found] = week.of(files=files).values()
    assert (["The dataset has no golden case yet."], 0) == (problems(found.duties), found.overdue)


@pytest.mark.parametrize(
    ("until", "verb"),
    [
        ("2026-07-20", ""),
        ("2026-07-21", "expired"),
        ("2026-08-19", "expired"),
        ("2026-08-20", "expires"),
        ("2026-09-19", "expires"),
        ("2026-09-20", ""),
    ],
)
def test_expiry_is_told_a_month_before_and_after(week: Week, until: str, verb: str) -> None:
    case: Edit = {"case": {"row": "new-1", "values": {"valid_until": until}}}
    found = week.support(case, what="expiry")
    wanted = [f"{standard.id_of('new-1')} {verb} on {until}."] if verb else []
    assert (wanted, False) == (problems(found), any(duty.overdue for duty in found))


def test_a_case_that_was_closed_does_not_expire(week: Week) -> None:
    case: Edit = {"case": {"row": "new-1", "values": {"valid_until": "2026-08-25"}}}
    assert () == week.support(case, {"withdraw": {"row": "new-1"}}, what="expiry")


@pytest.mark.parametrize(
    ("now", "problem", "overdue"),
    [
        ("2026-11-27T08:00:00Z", "", False),
        ("2026-11-28T08:00:00Z", "rules: The calibration is too old in 31 days.", False),
        ("2026-12-28T08:00:00Z", "rules: The calibration is too old in 1 day.", False),
        ("2026-12-29T08:00:00Z", "rules: The calibration is 181 days old; 180", True),
    ],
)
def test_a_calibration_is_due_in_time(week: Week, now: str, problem: str, overdue: bool) -> None:
    found = week.support(*CALIBRATED, now=now, what="calibration")
    assert bool(problem) == bool(found)
    assert all(problem in duty.problem and duty.overdue == overdue for duty in found)


def test_new_labels_make_a_calibration_due(week: Week) -> None:
    [duty] = week.support(
        FRESH,
        {"labelled": {"passes": 5, "fails": 5}},
        {"evaluator": {"role": "signal"}},
        {"calibrate": {"at": "2026-06-10T09:30:00Z"}},
        {"labelled": {"passes": 12, "fails": 12}},
        what="calibration",
    )
    assert duty.overdue
    assert "cases were labelled since" in duty.problem
    assert "Run `goldengit calibrate rules`." == duty.remedy


def test_an_evaluator_that_nobody_uses_is_nobodys_duty(week: Week) -> None:
    unused: Edit = {"set": {"path": SPEC, "unset": ["evaluators"]}}
    assert () == week.support(*CALIBRATED, unused, now="2027-06-01T00:00:00Z", what="calibration")


def test_candidates_that_wait_long_are_told(week: Week) -> None:
    found = week.support(FRESH, now="2026-11-04T00:00:00Z", what="candidates")
    case = standard.id_of("candidate-2")
    problem = f"1 of 1 candidates wait longer than 90 days, {case} since 91."
    assert ([problem], False) == (problems(found), found[0].overdue)
    assert () == week.support(FRESH, now="2026-11-03T00:00:00Z", what="candidates")


def test_a_disagreement_is_told_until_it_is_resolved(week: Week) -> None:
    """The drafts of two persons on one candidate."""
    label = {"failure_mode": "invented-citation", "reviewer": "reviewer-2", "rubric": 1}
    other = label | standard.verdict("pass") | {"at": "2026-08-06T09:00:00Z"}
    draft = {"row": "candidate-2", "reviewer": "reviewer-2"}
    found = week.support(FRESH, {"labels": draft | {"labels": [other]}}, what="labels")
    case = standard.id_of("candidate-2")
    assert [f"reviewer-1 and reviewer-2 disagree on invented-citation of {case}."] == (
        problems(found)
    )
    assert not found[0].overdue
    resolved = other | {"resolve": ["reviewer-1"], "note": "Seen together."}
    assert () == week.support(FRESH, {"labels": draft | {"labels": [resolved]}}, what="labels")


def test_what_is_overdue_comes_first(week: Week) -> None:
    found = week.support(now="2026-12-24T00:00:00Z")
    assert [True, True, False] == [duty.overdue for duty in found]


def test_no_text_of_a_case_is_told(week: Week) -> None:
    """Titles, inputs, notes: nothing that a case says reaches an issue."""
    now = "2026-12-24T00:00:00Z"
    said = " ".join(
        f"{duty.place} {duty.problem} {duty.remedy}"
        for one in week.of(now=now).values()
        for duty in one.duties
    )
    assert said
    for row in standard.rows():
        content = standard.content(row)
        assert content["input"]["messages"][0]["content"] not in said
        assert content["actual_output"] not in said
