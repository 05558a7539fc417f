"""Every exception that is raised on purpose.

Each one becomes a single line on the terminal, `goldengit: place: what is wrong. How to repair
it.`, and an exit code; only `--debug` shows a traceback.
"""

from typing import ClassVar


class GoldengitError(Exception):
    """A problem that a person can repair; the base of all errors of this package.

    `problem` and `remedy` are full sentences. `place` is a path, or `path:line`.
    """

    exit_code = 3

    def __init__(self, problem: str, *, remedy: str = "", place: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.place = place

    def __str__(self) -> str:
        """Return the line that the terminal shows after `goldengit: `."""
        sentence = f"{self.problem} {self.remedy}".strip()
        return f"{self.place}: {sentence}" if self.place else sentence


class UsageError(GoldengitError):
    """The command was called with words that do not fit (exit code 2)."""

    exit_code = 2


class CannotJudgeError(GoldengitError):
    """Something needed for a verdict could not be read or run (exit code 3, never a pass)."""


class CodedError(CannotJudgeError):
    """A reason not to judge that has a code and a page, as a rule has; each one is a subclass.

    The docstring of a subclass is its page, for `goldengit explain`. The code is put at the end of
    the problem, so whoever raises one writes the sentence alone.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    since: ClassVar[str] = "0.1.0"

    def __init__(self, problem: str, *, remedy: str = "", place: str = "") -> None:
        super().__init__(f"{problem.removesuffix('.')} ({self.code}).", remedy=remedy, place=place)


class IncompleteCloneError(CodedError):
    """The clone is shallow or partial, so objects are missing.

    ## What it does
    Ends every command that judges, with exit code 3, in a clone with a `shallow` file, a partial
    clone filter or a promisor remote.

    ## Why it matters
    Where the history is cut off, a case that was deleted, or an id that was golden before, is out
    of sight, and the check would pass.

    ## Example
    `actions/checkout` fetches one commit unless it is given `fetch-depth: 0`.

    ## How to fix
    Run `git fetch --unshallow`, or clone again without `--depth` and `--filter`. In a workflow set
    `fetch-depth: 0`.
    """

    code = "GG803"
    name = "incomplete-clone"


class OverriddenObjectsError(CodedError):
    """Replace refs, grafts or alternates change what Git answers for an object id.

    ## What it does
    Ends every command that judges, with exit code 3, in a clone with `refs/replace/`,
    `info/grafts` or `objects/info/alternates`.

    ## Why it matters
    An id then stands for other content here than everywhere else: what is judged is not what will
    be merged.

    ## Example
    `git replace` shows a reviewer the old case wherever the new one stands.

    ## How to fix
    Run `git replace -d` for each replaced object, remove `.git/info/grafts`, or run
    `git repack -a -d` and remove `.git/objects/info/alternates`.
    """

    code = "GG805"
    name = "object-lookup-overridden"


class UnverifiableError(CodedError):
    """An answer of the platform's API is missing or incomplete.

    ## What it does
    Ends the gate with exit code 3, and the status `error`, when GitHub cannot be reached, refuses
    the token, cuts a list short, or answers with something that was not expected.

    ## Why it matters
    "No objection" and "the list of objections could not be read" look alike. Only the first is a
    reason to merge.

    ## Example
    The token of a pull request from a fork may not read reviews; the API answers 403.

    ## How to fix
    Give the job the permission that the message names, wait until the rate limit is over or GitHub
    is back, and start the run again.
    """

    code = "GG807"
    name = "platform-unverifiable"


class OutOfDateError(CodedError):
    """Head, base or event moved while the gate was judging, or the verdict is for another one.

    ## What it does
    Ends the gate without a success when the pull request is not any more what the run began with:
    another head, another base, closed, a review that came or went, another open pull request with
    the same head.

    ## Why it matters
    A status belongs to a commit. A verdict about one state must not be shown for another, and an
    old run that is started again replays its old event.

    ## Example
    A commit is pushed between the reading of the reviews and the posting of the status.

    ## How to fix
    Wait for the run that the newer event has started, or start the gate by hand for the pull
    request; it reads everything anew.
    """

    code = "GG809"
    name = "verdict-out-of-date"


class UnverifiedCommitError(CodedError):
    """A commit of a protected branch did not come through a pull request that the gate passed.

    ## What it does
    `goldengit gate push` looks at every first-parent step of a protected branch since the last one
    that was recorded. A step that brings what people must approve needs a merged pull request whose
    final head carries `goldengit/gate: success` by the gate's own account, and each of these things
    must be on the branch what it is at that head. Another step without a pull request is a warning.
    `goldengit gate deploy --verify-origin` refuses a commit with such a step behind it, or one that
    is not on the first-parent line of a protected branch.

    ## Why it matters
    An administrator can switch the rules of the platform off and on again. Afterwards only this
    shows it.

    ## Example
    An administrator pushes a golden case straight to `main`.

    ## How to fix
    Revert the commit, and bring its change through a pull request. The step itself stays in the
    history, and in the evidence as a fault. Once maintainers have looked at it they pin a later
    `history.evidence_tip` in `goldengit.yaml`, in a change of its own; a deploy is verified from
    there on.
    """

    code = "GG814"
    name = "unverified-commit"


class NothingToJudgeError(GoldengitError):
    """There is nothing to judge where something was expected (exit code 4)."""

    exit_code = 4


class RefusedEditError(GoldengitError):
    """A legal-edit command was asked for something that the rules do not permit (exit code 1)."""

    exit_code = 1
