"""Reviews, and what pushes do to them (github.md section 5.2)."""

from dataclasses import dataclass
from pathlib import Path

from tests.fakehub.people import User
from tests.fakehub.pulls import Pull, Pulls


@dataclass(eq=False)
class Review:
    """A review. `commit_id` is null once the commit is garbage-collected."""

    id: int
    number: int
    user: User
    state: str
    body: str
    commit_id: str | None
    submitted_at: str | None


class Reviews(Pulls):
    """The reviews of all pull requests, in the order they were made."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reviews: list[Review] = []

    def review(self, pull: Pull, by: User, state: str, *, body: str = "") -> Review:
        """Review the head: APPROVED, CHANGES_REQUESTED, COMMENTED, or PENDING (no time yet)."""
        when = None if state == "PENDING" else self.clock.tick()
        row = Review(self.next_id(), pull.number, by, state, body, pull.head_sha, when)
        self.reviews.append(row)
        if by in pull.reviewers and when:
            pull.reviewers.remove(by)  # who has answered is not asked any more
        return row

    def approve(self, pull: Pull, by: User) -> Review:
        """Approve the head."""
        return self.review(pull, by, "APPROVED")

    def dismiss(self, review: Review, *, by: User, message: str = "Outdated.") -> None:
        """Dismiss: the row keeps its id and its time, only the state changes (section 5.1)."""
        dismissed = {
            "state": review.state.lower(),
            "review_id": review.id,
            "dismissal_message": message,
        }
        review.state = "DISMISSED"
        self.note(review.number, "review_dismissed", by, details={"dismissed_review": dismissed})

    def reviews_of(self, pull: Pull) -> list[Review]:
        """Return the rows of a pull request, oldest first."""
        return [row for row in self.reviews if row.number == pull.number]

    def dismisses_stale(self, branch: str) -> bool:
        """Tell whether approvals of pull requests to this base go when their diff changes."""
        rules = self.parameters(branch, "pull_request")
        return any(rule.get("dismiss_stale_reviews_on_push") for rule in rules)

    def diff_changed(self, pull: Pull, before: str, after: str) -> None:
        """Carry reviews over a clean base merge; else dismiss approvals if that is the rule."""
        base = self.branches[pull.base_ref]
        if self._clean_base_merge(base, before, after):
            for row in self.reviews_of(pull):
                row.commit_id = after if row.commit_id == before else row.commit_id
        elif self.dismisses_stale(pull.base_ref) and (
            self.commits.patch(base, before) != self.commits.patch(base, after)
        ):
            for row in self.reviews_of(pull):
                if row.state == "APPROVED":
                    self.dismiss(row, by=self.web_flow, message="The diff changed.")

    def _clean_base_merge(self, base: str, before: str, after: str) -> bool:
        commit = self.commits[after]
        return (
            len(commit.parents) == 2
            and commit.parents[0] == before
            and self.commits.contains(base, commit.parents[1])
            and self.commits.merged_tree(*commit.parents) == commit.tree
        )
