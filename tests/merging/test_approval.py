"""The pure core, over invented requests: what can never turn a request green."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from goldengit import __version__
from goldengit.gating.merge.decision import State, decide
from goldengit.models.approval import Approvals, Matter, Reviewed, approvals
from goldengit.models.change import Change, ChangeKind
from goldengit.models.finding import Report
from goldengit.models.policy import Policy
from goldengit.models.pull import Actor, PullSnapshot, Push, Review, ReviewState, Status
from goldengit.rules.gg414_open_objection import OpenObjection
from goldengit.rules.gg417_unattributed_commit import UnattributedCommit
from goldengit.rules.gg717_unapproved_judge_change import UnapprovedJudgeChange
from tests import standard
from tests.calibrations import FilesSnapshot

GATE, IMITATOR = 900, 901
PATH = "datasets/support/dataset.yaml"
TOPIC = (PATH, "file")
BOT = 190
ACCOUNTS = (101, 111, 102, 103, 104, BOT, 199)  # 111 is reviewer-1's second, 199 nobody's
COMMITS = tuple(f"{number:040x}" for number in range(1, 6))
NEW = "f" * 40
SEEN = "sha256:seen"
UNSEEN = "sha256:unseen"
RANK = {State.SUCCESS: 0, State.PENDING: 1, State.FAILURE: 2, State.ERROR: 3}
RULES = (OpenObjection(), UnattributedCommit(), UnapprovedJudgeChange())


def _policy() -> Policy:
    value = standard.policy()
    roster = value["roster"]
    roster["reviewer-1"]["accounts"].append({"id": 111})
    roster["reviewer-2"]["accounts"].append({"id": BOT})
    return Policy.model_validate_json(json.dumps(value | {"forge": {"gate_account": GATE}}))


POLICY = _policy()


def moment(second: int) -> str:
    """Return a time of the forge."""
    return f"2026-06-01T09:00:{second:02}Z"


@dataclass(frozen=True)
class Request:
    """Everything that the pure core takes."""

    pull: PullSnapshot
    matter: Matter
    statuses: dict[str, list[Status]]

    @property
    def approvals(self) -> Approvals:
        """Return who confirms the matter."""
        return approvals(self.matter, self.pull, self.statuses, POLICY)

    @property
    def confirmed(self) -> frozenset[str]:
        """Return the persons alone."""
        return frozenset(self.approvals.confirmed)

    @property
    def state(self) -> State:
        """Return the gate's word, by the rules that look at people alone."""
        reviewed = Reviewed(self.pull, {TOPIC: self.matter}, {TOPIC: self.approvals})
        tree = FilesSnapshot({})
        about = (ChangeKind.TRANSITION, tree, tree, POLICY, (), standard.NOW, __version__)
        change = Change(*about, reviewed=reviewed)
        found = tuple(sorted(one for rule in RULES for one in rule.check(change)))
        return decide(self.pull, change, Report("it", found, judged=1), POLICY, "b" * 40).state

    def reviewed_by(self, rows: Sequence[Review]) -> "Request":
        """Return it with other reviews."""
        return replace(self, pull=replace(self.pull, reviews=tuple(rows)))


def actor(account: int) -> Actor:
    """Return an account; one of them is an App's."""
    return Actor(account, f"account-{account}", is_person=account != BOT)


few = settings(max_examples=30)
times = st.integers(0, 20).map(moment)
people = st.sampled_from(ACCOUNTS).map(actor)
decisive = st.sampled_from([state for state in ReviewState if state.is_decisive])
silent = st.sampled_from([ReviewState.COMMENTED, ReviewState.PENDING])
mostly_yes = st.one_of(st.just(ReviewState.APPROVED), st.sampled_from(ReviewState))


@st.composite
def rows(draw: st.DrawFn, state: st.SearchStrategy[ReviewState] = mostly_yes) -> Review:
    """Return a review; its id is given when it is put into a request."""
    said = draw(state)
    return Review(
        id=0,
        by=draw(st.one_of(people, st.none())),
        state=said,
        commit=draw(st.sampled_from(["", *COMMITS, COMMITS[-1]])),
        at="" if said is ReviewState.PENDING else draw(times),
    )


@st.composite
def posted(draw: st.DrawFn, by: Sequence[int] = (GATE, GATE, IMITATOR)) -> Status:
    """Return a status."""
    words = st.sampled_from(["PR #1: being judged", "PR #1: x", "PR #2: x", ""])
    state = draw(st.sampled_from(["pending", "success", "failure", "error"]))
    return Status(1, state, draw(st.sampled_from(by)), draw(times), draw(words))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Return a request of one to five commits, the last of which is the head."""
    line = COMMITS[-draw(st.integers(1, 5)) :]
    head = line[-1]
    states = {one: draw(st.sampled_from([SEEN, SEEN, SEEN, "sha256:other", ""])) for one in line}
    states[head] = SEEN
    reviews = draw(st.lists(rows(), max_size=7))
    behind = draw(st.sets(st.sampled_from(sorted(POLICY.roster)), max_size=2))
    writers = st.sampled_from(["write", "write", "admin", "read", "none"])
    pull = PullSnapshot(
        number=1,
        url="",
        title="",
        opener=actor(199),
        is_open=True,
        is_draft=False,
        head=head,
        branch="topic",
        base_branch="main",
        base_protected=True,
        default_branch="main",
        reviews=tuple(replace(one, id=place) for place, one in enumerate(reviews)),
        pushes=(Push("0" * 40, head, actor(199), moment(0)),),
        retargeted=draw(st.one_of(st.just(""), times)),
        permissions={account: draw(writers) for account in ACCOUNTS},
    )
    matter = Matter(
        state=SEEN,
        states=states,
        line=line[::-1],
        behind=dict.fromkeys(behind, "pushed it"),
    )
    statuses = {one: draw(st.lists(posted(), max_size=3)) for one in line}
    return Request(pull, matter, statuses)


@st.composite
def green(draw: st.DrawFn) -> Request:
    """Return a request that passes: two approvals that count are added to a drawn one."""
    one = draw(requests())
    head = one.pull.head
    stamp = Status(1, "pending", GATE, moment(0), "PR #1: being judged")
    names = {101: "reviewer-1", 102: "reviewer-2"}
    late = tuple(
        Review(100 + account, actor(account), ReviewState.APPROVED, head, moment(40))
        for account in names
    )
    kept = tuple(r for r in one.pull.reviews if r.state is not ReviewState.CHANGES_REQUESTED)
    return replace(
        one,
        pull=replace(
            one.pull,
            reviews=(*kept, *late),
            permissions={**one.pull.permissions, 101: "write", 102: "admin"},
        ),
        matter=replace(one.matter, behind={}),
        statuses={**one.statuses, head: [*one.statuses[head], stamp]},
    )


@few
@given(green())
def test_two_approvals_that_count_make_a_request_green(one: Request) -> None:
    """So the other properties are about something."""
    assert one.state is State.SUCCESS
    assert {"reviewer-1", "reviewer-2"} <= one.confirmed


@few
@given(green())
def test_t22_content_that_nobody_has_approved_is_never_green(one: Request) -> None:
    """A new head with another digest, stamped or not, re-stamped or not."""
    moved = replace(one.pull, head=NEW, pushes=(Push("", NEW, actor(199), moment(45)),))
    states = {**one.matter.states, NEW: UNSEEN}
    matter = replace(one.matter, state=UNSEEN, states=states, line=(NEW, *one.matter.line))
    statuses = {**one.statuses, NEW: [Status(9, "pending", GATE, moment(50), "PR #1: x")]}
    changed = Request(moved, matter, statuses)
    assert (changed.state, changed.confirmed) == (State.PENDING, frozenset())
    restamped = [replace(row, commit=NEW) for row in one.pull.reviews]
    assert changed.reviewed_by(restamped).confirmed == frozenset()


@few
@given(green(), st.sampled_from(["sha256:merged", ""]))
def test_t23_a_merge_result_that_nobody_has_approved_is_never_green(
    one: Request, merged: str
) -> None:
    """The base changes it: the head is what they approved, and the result is not."""
    changed = replace(one, matter=replace(one.matter, state=merged))
    assert changed.confirmed == frozenset()
    assert changed.state is not State.SUCCESS


@few
@given(requests(), st.sampled_from(ACCOUNTS))
def test_taking_an_accounts_approvals_away_makes_nothing_greener(
    one: Request, account: int
) -> None:
    """Nobody else's word gets stronger by it, and the request does not get greener."""
    kept = [
        row
        for row in one.pull.reviews
        if row.by is None or row.by.id != account or row.state is not ReviewState.APPROVED
    ]
    less = one.reviewed_by(kept)
    assert less.confirmed <= one.confirmed
    assert one.confirmed - less.confirmed <= {POLICY.person_of_account(account)}
    assert RANK[less.state] >= RANK[one.state]


@few
@given(requests(), st.lists(rows(silent), max_size=4))
def test_t24_comments_and_pending_reviews_change_nothing(one: Request, more: list[Review]) -> None:
    """However many there are."""
    added = [*(replace(row, id=50 + at) for at, row in enumerate(more)), *one.pull.reviews]
    other = one.reviewed_by(added)
    assert (other.approvals, other.state) == (one.approvals, one.state)


@few
@given(requests(), st.data())
def test_the_order_in_which_rows_arrive_does_not_matter(one: Request, data: st.DataObject) -> None:
    """Reviews, statuses of a commit, and pushes come in any order."""
    reviews = data.draw(st.permutations(one.pull.reviews))
    statuses = {commit: data.draw(st.permutations(rows)) for commit, rows in one.statuses.items()}
    other = replace(one, statuses=statuses).reviewed_by(reviews)
    assert other.pull.decisive() == one.pull.decisive()
    assert (other.approvals, other.state) == (one.approvals, one.state)


@few
@given(requests(), st.sampled_from(sorted(POLICY.roster)))
def test_t16_an_exclusion_adds_no_confirmation(one: Request, person: str) -> None:
    """It takes that person's away and leaves every other as it is."""
    behind = {**one.matter.behind, person: "wrote it"}
    less = replace(one, matter=replace(one.matter, behind=behind))
    assert less.confirmed == one.confirmed - {person}
    assert RANK[less.state] >= RANK[one.state]


@few
@given(requests(), st.sampled_from([101, 103, 199]), st.integers(21, 59).map(moment))
def test_t24_a_no_of_somebody_who_may_write_is_never_green(
    one: Request, account: int, at: str
) -> None:
    """After everything that was said before, whoever approved."""
    no = Review(999, actor(account), ReviewState.CHANGES_REQUESTED, one.pull.head, at)
    may = replace(one.pull, permissions={**one.pull.permissions, account: "write"})
    assert replace(one, pull=may).reviewed_by([*one.pull.reviews, no]).state is State.FAILURE


@few
@given(requests(), st.sampled_from(ACCOUNTS), st.integers(21, 59).map(moment))
def test_t24_a_dismissal_ends_the_approval_and_revives_none(
    one: Request, account: int, at: str
) -> None:
    """It is the last word of the person, with whichever account; nobody else's word changes."""
    last = Review(999, actor(account), ReviewState.DISMISSED, one.pull.head, at)
    person = POLICY.person_of_account(account)
    mine = [
        row for row in one.pull.reviews if row.by and POLICY.person_of_account(row.by.id) == person
    ]
    assume(all(row.at < at for row in mine))
    before, after = one.approvals, one.reviewed_by([*one.pull.reviews, last]).approvals
    if person is not None:
        assert person not in {*after.confirmed, *after.refused}
    for word in ("confirmed", "refused"):
        others = {who: why for who, why in getattr(before, word).items() if who != person}
        assert getattr(after, word) == others


@few
@given(requests())
def test_every_approval_that_counts_is_later_than_all_that_it_must_be_later_than(
    one: Request,
) -> None:
    """Equal is not later: neither than the first own status nor than the change of base."""
    for person, review in one.approvals.confirmed.items():
        assert review.by is not None
        assert POLICY.person_of_account(review.by.id) == person
        assert review.by.is_person
        assert one.pull.permissions[review.by.id] in {"write", "admin"}
        assert one.matter.states[review.commit] == SEEN
        assert review.at > one.pull.retargeted
        own = [
            status.at
            for commit in one.matter.line
            for status in one.statuses[commit]
            if status.by == GATE and status.description.startswith("PR #1:")
        ]
        assert any(at < review.at for at in own)


@few
@given(green(), st.integers(0, 20))
def test_an_approval_in_the_same_second_as_the_anchor_does_not_count(
    one: Request, second: int
) -> None:
    """All statuses and all approvals in one second: nobody can tell which was first."""
    at = moment(second)
    statuses = {
        commit: [replace(status, at=at) for status in found]
        for commit, found in one.statuses.items()
    }
    reviews = [replace(row, at=at if row.at else "") for row in one.pull.reviews]
    assert replace(one, statuses=statuses).reviewed_by(reviews).confirmed == frozenset()


@few
@given(green(), st.integers(40, 59).map(moment))
def test_t98_a_change_of_base_after_the_approvals_voids_them(one: Request, at: str) -> None:
    """In their second, too."""
    moved = replace(one, pull=replace(one.pull, retargeted=at))
    assert moved.confirmed == frozenset()
    assert moved.state is not State.SUCCESS


@few
@given(requests(), st.data())
def test_t12_statuses_of_others_and_about_others_change_nothing(
    one: Request, data: st.DataObject
) -> None:
    """Of another account, or about another request, at whatever time."""
    commit = data.draw(st.sampled_from(sorted(one.statuses)))
    forged = data.draw(posted(by=(IMITATOR, 101)))
    elsewhere = replace(forged, by=GATE, description="PR #11: being judged")
    more = {**one.statuses, commit: [*one.statuses[commit], forged, elsewhere]}
    other = replace(one, statuses=more)
    assert (other.approvals, other.state) == (one.approvals, one.state)


@few
@given(requests(), st.sampled_from(["read", "none"]))
def test_t26_without_write_permission_nobody_confirms(one: Request, word: str) -> None:
    """The roster alone is not enough."""
    denied = replace(one.pull, permissions=dict.fromkeys(ACCOUNTS, word))
    assert replace(one, pull=denied).confirmed == frozenset()


@few
@given(green(), st.sampled_from(["draft", "closed", "unprotected", "side", "sibling", "unknown"]))
def test_what_withholds_success_withholds_it_whoever_approves(one: Request, why: str) -> None:
    """Each of them alone is enough."""
    changes: dict[str, dict[str, object]] = {
        "draft": {"is_draft": True},
        "closed": {"is_open": False},
        "unprotected": {"base_protected": False},
        "side": {"base_branch": "side"},
        "sibling": {"siblings": (2,)},
    }
    if why == "unknown":
        held = replace(one, matter=replace(one.matter, unexplained="nobody knows"))
    else:
        held = replace(one, pull=replace(one.pull, **changes[why]))  # type: ignore[arg-type]
    assert held.state is not State.SUCCESS


@few
@given(green(), st.booleans())
def test_only_an_uninterrupted_run_of_commits_holds_the_anchor(one: Request, left: bool) -> None:
    """Two commits more, the reviews carried over: what left and came back was not seen again."""
    between = "e" * 40
    states = {**one.matter.states, between: UNSEEN if left else SEEN, NEW: SEEN}
    matter = replace(one.matter, states=states, line=(NEW, between, *one.matter.line))
    moved = replace(one, pull=replace(one.pull, head=NEW), matter=matter)
    carried = [replace(row, commit=NEW) for row in one.pull.reviews]
    found = moved.reviewed_by(carried).confirmed
    assert found == frozenset() if left else {"reviewer-1", "reviewer-2"} <= found


@few
@given(requests())
def test_nobody_is_both_confirmed_and_refused(one: Request) -> None:
    """The page says one thing of a person."""
    assert not one.approvals.confirmed.keys() & one.approvals.refused.keys()
