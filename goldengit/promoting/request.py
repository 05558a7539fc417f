"""Request: title and body of the pull request that asks two persons to sign.

Everything that a case says stands in code spans and fenced blocks (see `quoting`); ids, datasets,
persons and failure modes are names that the models let through.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import accumulate

from goldengit.models.case import Case, Provenance
from goldengit.models.change import File
from goldengit.models.identity import ID
from goldengit.models.label import Label
from goldengit.models.layout import rubric_path
from goldengit.models.policy import Policy
from goldengit.models.signoff import Role
from goldengit.promoting.quoting import fenced, shown, span

_MOST_BODY = 60_000  # characters; GitHub takes 65,536
_MOST_TEXT = 4_000  # of one text of a case
_MOST_ROWS = 60
_MOST_TABLE = 30_000  # characters of all rows: a case may have many labels
_MOST_RUBRICS = 20
_CUT = "*Cut here. The file has the whole text.*"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a pull request says: a title of one line, and a body in Markdown."""

    title: str
    body: str


def offer(files: Sequence[File], policy: Policy, *, others: int = 0) -> Offer:
    """Return the pull request of a branch that makes these cases golden.

    `others` counts further files that the branch adds or changes. Cases without room for their
    content are in the table alone.
    """
    known = [(file, file.case) for file in files if isinstance(file.case, Case)]
    ids = [case.id for _, case in known]
    title = f"Promote {ids[0]}" if len(ids) == 1 else f"Promote {len(ids)} cases"
    lines = [*_opening(len(ids), others), *_table(known), *_checks(known), *_gate(known, policy)]
    lines += _details(known, _MOST_BODY - _size(lines))
    return Offer(title, "\n".join(lines) + "\n")


def asked(files: Sequence[File]) -> dict[str, tuple[Role, ...]]:
    """Return who is asked to sign these cases, and in which roles, in the order of the claims."""
    found: dict[str, tuple[Role, ...]] = {}
    for file in files:
        for claim in file.case.signoffs if file.case else ():
            roles = found.get(claim.reviewer, ())
            found[claim.reviewer] = (*roles, *(() if claim.role in roles else (claim.role,)))
    return found


_Known = Sequence[tuple[File, Case]]


def _opening(count: int, others: int) -> Iterator[str]:
    what = "one candidate" if count == 1 else f"{count} candidates"
    yield f"This makes {what} golden. A golden case is never edited again; it can only be closed."
    if others:
        yield f"The branch also changes {others} other file{'' if others == 1 else 's'}."
    yield ""


def _table(known: _Known) -> Iterator[str]:
    yield "| case | dataset | feature | severity | labels | who is asked to sign |"
    yield "| -- | -- | -- | -- | -- | -- |"
    rows = [_row(file, case) for file, case in known[:_MOST_ROWS]]
    ends = accumulate(len(row) + 1 for row in rows)
    fitting = sum(end <= _MOST_TABLE for end in ends)
    yield from rows[:fitting]
    if len(known) > fitting:
        yield f"\nAnd {len(known) - fitting} more."
    yield ""


def _row(file: File, case: Case) -> str:
    people = ", ".join(f"{one.reviewer} as {one.role}" for one in case.signoffs)
    labels = ", ".join(dict.fromkeys(f"{_mode(one)}: {one.verdict}" for one in case.labels))
    cells = (f"`{case.id}`", f"`{file.spot.dataset}`", span(_feature(case)), case.severity)
    return f"| {' | '.join((*cells, labels, people))} |"


def _feature(case: Case) -> str:
    match = ID.fullmatch(case.id)
    return (case.metadata.feature if case.metadata else None) or (match[4] if match else "")


def _mode(label: Label) -> str:
    return f"`{label.failure_mode}`"


def _checks(known: _Known) -> Iterator[str]:
    yield "### What to check\n"
    yield "* The input is one that people really send, and it holds nothing personal and no secret."
    yield "* The expected output is right, and complete enough to judge another answer by it."
    yield "* Every label is right by its rubric:"
    rubrics = {
        rubric_path(file.spot.dataset, label.failure_mode, label.rubric): None
        for file, case in known
        for label in case.labels
    }
    yield from (f"  * `{path}`" for path in list(rubrics)[:_MOST_RUBRICS])
    if len(rubrics) > _MOST_RUBRICS:
        yield f"  * and {len(rubrics) - _MOST_RUBRICS} more"
    yield "* The files say what stands here. They count, this text does not.\n"


def _gate(known: _Known, policy: Policy) -> Iterator[str]:
    people = sorted({one.reviewer for _, case in known for one in case.signoffs})
    names = " and ".join([", ".join(people[:-1]), people[-1]] if people[1:] else people)
    yield "### What turns `goldengit/gate` green\n"
    if "github-review" in policy.signoffs.accept:
        yield f"* {names} approve this pull request, after its first status `goldengit/gate`."
        yield "* A later change of a case makes its approvals void; approve again then."
        if policy.signoffs.author_counts_as_labeler:
            yield "* Whoever opened this counts as its labeler, where the files name them so."
            yield "* Whoever else has a commit or a push in it cannot sign."
        else:
            yield "* Whoever opened this, or has a commit or a push in it, cannot sign."
    if "ssh-signature" in policy.signoffs.accept:
        yield "* A signature counts too: `goldengit signoff CASE --key KEY`, by the person asked."
    yield "* The rules find no error. `goldengit check` says the same on this branch.\n"


def _details(known: _Known, room: int) -> Iterator[str]:
    """Yield the content of the cases as far as there is room, and say how many are left out."""
    for place, (file, case) in enumerate(known):
        lines = list(_detail(file, case))
        room -= _size(lines)
        if room < 0:
            yield f"The content of {len(known) - place} more is in the files only."
            return
        yield from lines


def _detail(file: File, case: Case) -> Iterator[str]:
    yield f"### `{case.id}`\n"
    yield f"`{file.path}`\n"
    yield from _origin(case.provenance)
    for label in case.labels:
        grade = "" if label.grade is None else f" with {label.grade:g}"
        source = " (a model's label)" if label.source == "model" else ""
        yield f"* label {_mode(label)}: {label.verdict}{grade}, by {label.reviewer}{source}"
    yield "\n**Input**\n"
    lines, whole = shown(case.input, _MOST_TEXT)
    yield from fenced(lines)
    yield "" if whole else f"\n{_CUT}\n"
    yield from _difference(case)


def _origin(provenance: Provenance) -> Iterator[str]:
    yield f"* origin: {provenance.origin}"
    for flag in provenance.flags:
        limit = "" if flag.threshold is None else f", threshold {flag.threshold}"
        yield f"* flagged by {span(f'{flag.signal}: {flag.value}{limit}')}"


def _difference(case: Case) -> Iterator[str]:
    """Yield what was answered (-) against what should have been (+)."""
    (actual, one), (expected, other) = (
        ([], True) if value is None else shown(value, _MOST_TEXT)
        for value in (case.actual_output, case.expected_output)
    )
    if actual == expected:
        yield "**Expected output**, which is what was answered\n"
        yield from fenced(expected)
    else:
        yield "**Actual output (-) against expected output (+)**\n"
        lines = unified_diff(actual, expected, "actual_output", "expected_output", lineterm="")
        yield from fenced(lines, "diff")
    yield "" if one and other else f"\n{_CUT}\n"


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
