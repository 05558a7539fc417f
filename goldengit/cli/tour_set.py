"""The prepared set of the guided tour: 69 invented cases, labelled and signed by two persons.

Production answered them with release 0.9 of the bundled system, but for a few answers that are
written down. What people say follows from the rubric: a citation that was not retrieved fails.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from goldengit.cli.tour_questions import FITTING, RETURNS, SAID
from goldengit.cli.tour_rows import DATASET, Value, days_ago, label, row
from goldengit.cli.tour_system import READS, answer, pages_for, right_answer
from goldengit.models.digest import case_digest
from goldengit.models.signoff import Claim, Role
from goldengit.transport import signatures

_PRODUCTION = "0.9"
_FIRST = 101  # number of a conversation; those of the story so far have small ones
_AGES = (12, 8)  # days ago that the halves of the set were queued
_ROLES: tuple[Role, ...] = ("labeler", "confirmer")
_TWICE = 4  # each case of that many has a second label
_WORKERS = 4


def prepared() -> tuple[list[Value], list[Value]]:
    """Return the set in two halves, of which the second is some days younger; nothing is signed."""
    asked = [("returns", text) for text in RETURNS] + [("fitting", text) for text in FITTING]
    rows = [
        _case(number, feature, text, _AGES[number % 2])
        for number, (feature, text) in enumerate(asked, _FIRST)
    ]
    return rows[1::2], rows[::2]


def signed(rows: Iterable[Value], repository: str, keys: Mapping[str, Path]) -> list[Value]:
    """Return rows with a labeler's and a confirmer's signature, made in the days after the label.

    `repository` is the policy's UUID, `keys` the private key of each person.
    """
    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(pool.map(lambda value: _signed(value, repository, keys), rows))


def _case(number: int, feature: str, question: str, age: int) -> Value:
    said, steps = answer(question, _PRODUCTION)
    is_invented = len(pages_for(question)) > READS[_PRODUCTION]
    verdict = "fail" if is_invented else "pass"
    verdict, said = SAID.get(question, (verdict, said))
    value = row(number, feature, question, age)
    value["metadata"]["release"] = _PRODUCTION
    return value | {
        "expected_output": right_answer(question),
        "actual_output": said,
        "trace": value["trace"] | {"spans": steps},
        "labels": list(_labels(number, verdict, question, age - 1)),
    }


def _labels(number: int, verdict: str, question: str, age: int) -> Iterator[Value]:
    """Yield one or two labels, of either person first. Once they disagree, and the first decides.

    They disagree where an answer names a page that the customer had named.
    """
    first, second = _persons(number)
    if question in SAID and verdict == "pass":
        yield label("fail", second, age, "It names a page that was not retrieved.")
        note = "It only says that the page is out of date."
        yield label(verdict, first, age, note) | {"resolve": [second]}
        return
    yield label(verdict, first, age)
    if number % _TWICE == 0:
        yield label(verdict, second, age)


def _persons(number: int) -> tuple[str, str]:
    """Return who labels a case and who confirms it; they take turns."""
    return ("reviewer-1", "reviewer-2") if number // 2 % 2 else ("reviewer-2", "reviewer-1")


def _signed(value: Value, repository: str, keys: Mapping[str, Path]) -> Value:
    digest, number = case_digest(value), int(value["group"].rpartition("-")[2])
    signoffs = []
    for days, (person, role) in enumerate(zip(_persons(number), _ROLES, strict=True), 2):
        at = days_ago(_AGES[number % 2] - days)
        claim = Claim(
            repository=repository,
            dataset=DATASET,
            case=value["id"],
            transition="promote",
            digest=digest,
            appendix=None,
            person=person,
            role=role,
            at=at,
        )
        signature = signatures.sign(signatures.payload(claim), keys[person])
        signoffs.append(
            {"reviewer": person, "role": role, "at": at, "digest": digest, "signature": signature}
        )
    return {**value, "signoffs": signoffs}
