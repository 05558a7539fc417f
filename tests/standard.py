"""The standard repository: small, whole and without a finding. Every scenario starts from it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from goldengit.models.digest import appendix_digest, case_digest, erasure_digest
from goldengit.models.identity import id_for_successor, id_for_trace
from goldengit.models.layout import (
    ATTRIBUTES,
    ATTRIBUTES_LINES,
    POLICY,
    candidate_path,
    dataset_path,
    golden_path,
    labels_folder,
    queue_path,
    rubric_path,
)
from goldengit.repository.interpret import house_bytes
from tests.gitbox import OPENER, Blob, Files

NOW = "2026-08-20T12:00:00Z"
TWO = ("reviewer-1:labeler", "reviewer-2:confirmer")
ERASERS = ("reviewer-1:labeler", "reviewer-4:maintainer")
REPOSITORY = "3f0c9a52-7d1e-4b86-9a3f-51c2d8e60b47"

Value = dict[str, Any]
Sign = str | Mapping[str, Any]

# name: (dataset, day the row entered the queue, feature)
_ROWS = {
    "golden-1": ("support", "2026-03-02", "refunds"),
    "golden-2": ("support", "2026-03-17", "billing"),
    "golden-3": ("support", "2026-04-05", "delivery"),
    "golden-4": ("support", "2026-05-09", "delivery"),
    "golden-5": ("grading", "2026-04-11", "essays"),
    "candidate-1": ("support", "2026-08-03", "accounts"),
    "candidate-2": ("support", "2026-08-05", "warranty"),
    "queue-1": ("support", "2026-08-18", "shipping"),
    "new-1": ("support", "2026-07-01", "vouchers"),
    "new-2": ("support", "2026-07-02", "returns"),
    "new-3": ("support", "2026-07-03", "invoices"),
}
_QUESTIONS = {
    "golden-1": "How long does it take until the money for a cancelled order is back?",
    "golden-2": "Why was my card charged twice in February?",
    "golden-3": "The parcel says delivered, yet nothing came. What now?",
    "golden-4": "My tracking page claims the box arrived; my porch is empty. Who helps?",
    "golden-5": "Grade this essay on tides and the pull of the moon.",
    "candidate-1": "Please merge both of my logins into one account.",
    "candidate-2": "Does the guarantee cover a cracked screen?",
    "queue-1": "Can you post a sofa to an island?",
    "new-1": "My gift code is refused at checkout, though it is still valid.",
    "new-2": "Where do I print a label for sending shoes back?",
    "new-3": "We need the company address on last month's bill.",
}


def dataset_of(row: str) -> str:
    """Return the dataset of a row of the standard repository."""
    return _ROWS[row][0]


@cache
def id_of(row: str) -> str:
    """Return the id of a row."""
    dataset, day, feature = _ROWS[row]
    if row == "golden-4":
        return id_for_successor(day, feature, id_of("golden-3"), 1)
    return id_for_trace(day, feature, dataset, f"trace-of-{row}")


def path_of(row: str) -> str:
    """Return where a row stands in the standard repository; a new row would be golden."""
    places = {"candidate": "candidates", "queue": "queue"}
    place = places.get(row.partition("-")[0], "golden")
    return path_in(place, dataset_of(row), id_of(row))


def path_in(place: str, dataset: str, case: str) -> str:
    """Return the path of a case in `golden`, `candidates` or `queue`."""
    way = {"golden": golden_path, "candidates": candidate_path, "queue": queue_path}[place]
    return way(dataset, case)


def draft_path(row: str, reviewer: str) -> str:
    """Return the path of one person's label draft."""
    return f"{labels_folder(dataset_of(row), id_of(row))}/{reviewer}.yaml"


def rows() -> tuple[str, ...]:
    """Return the names of all rows, the new ones included."""
    return tuple(_ROWS)


@cache
def _standard() -> tuple[tuple[str, Blob], ...]:
    files: Files = {
        ATTRIBUTES: Blob("".join(f"{line}\n" for line in ATTRIBUTES_LINES).encode()),
        "README.md": Blob(b"# Golden cases of two teams\n"),
        **{rubric_path(*which): Blob(text.encode()) for which, text in _RUBRICS.items()},
    }
    values: dict[str, Value] = {POLICY: policy()}
    values |= {dataset_path(name): spec for name, spec in _DATASETS.items()}
    for row in _ROWS:
        if not row.startswith("new-"):
            values[path_of(row)] = signed(content(row)) if "golden" in row else content(row)
    for row, reviewer in _DRAFTS:
        values[draft_path(row, reviewer)] = draft(row, reviewer)
    _close_golden_3(values)
    files |= {path: Blob(house_bytes(path, value)) for path, value in values.items()}
    return tuple(sorted(files.items()))


def standard() -> Files:
    """Return the files of the standard repository."""
    return dict(_standard())


def content(row: str) -> Value:
    """Return what a row holds before anybody signs it."""
    dataset, day, feature = _ROWS[row]
    trace = "trace-of-golden-3" if row == "golden-4" else f"trace-of-{row}"
    value: Value = {
        "schema": "goldengit/case/v1",
        "id": id_of(row),
        "input": {"messages": [{"role": "user", "content": _QUESTIONS[row]}]},
        "expected_output": f"A correct answer about {feature}, with a source that exists.",
        "actual_output": f"A wrong answer about {feature}, from {row}.",
        "grader_hints": f"Look at what it says about {feature}.",
        "metadata": {"model_version": "assistant-4", "timestamp": f"{day}T06:30:00Z"},
        "trace": {"trace_id": trace, "spans": []},
        "labels": _labels(row, dataset),
        "provenance": {"origin": "production"},
        "severity": "normal",
        "signoffs": [],
    }
    if row.startswith("queue-"):
        value["expected_output"] = None
    return value


def _labels(row: str, dataset: str) -> list[Value]:
    if row.startswith(("queue-", "candidate-")):
        return []
    if dataset == "grading":
        graded = {"grade": 4, "verdict": "pass", "score": 0.75}
        return [{"failure_mode": "overall", **graded, **_by("reviewer-3", row)}]
    labels = [{"failure_mode": "invented-citation", **verdict("fail"), **_by("reviewer-1", row)}]
    if row == "golden-2":
        labels[0] |= verdict("pass")
        labels.append({"failure_mode": "wrong-tool", **verdict("fail"), **_by("reviewer-1", row)})
    return labels


def verdict(word: str) -> Value:
    """Return the verdict and the score that belongs to it."""
    return {"verdict": word, "score": 1.0 if word == "pass" else 0.0}


def _by(reviewer: str, row: str) -> Value:
    return {"reviewer": reviewer, "at": f"{_ROWS[row][1]}T09:00:00Z", "rubric": 1}


_DRAFTS = (
    ("candidate-1", "reviewer-1"),
    ("candidate-2", "reviewer-1"),
    ("candidate-2", "reviewer-2"),
)


def draft(row: str, reviewer: str, labels: list[Value] | None = None) -> Value:
    """Return one person's label draft of a candidate."""
    usual = {"failure_mode": "invented-citation", **verdict("fail"), **_by(reviewer, row)}
    return {
        "schema": "goldengit/labels/v1",
        "case": id_of(row),
        "reviewer": reviewer,
        "labels": [usual] if labels is None else labels,
    }


def signed(value: Value, sign: tuple[Sign, ...] = TWO, at: str = "") -> Value:
    """Return a case with these signoffs over its digest, in place of those it had."""
    when = at or f"{value['id'][:10]}T10:00:00Z"
    bare = {key: part for key, part in value.items() if key != "signoffs"}
    return bare | {"signoffs": [signoff(one, when, case_digest(bare)) for one in sign]}


def closed(value: Value, key: str, block: Value, sign: tuple[Sign, ...]) -> Value:
    """Return a case with a signed appendix under `superseded_by` or `withdrawn`."""
    digest = appendix_digest(case_digest(value), block)
    return value | {key: block | {"signoffs": [signoff(one, block["at"], digest) for one in sign]}}


def erased(value: Value, dataset: str, block: Value, sign: tuple[Sign, ...]) -> Value:
    """Return the tombstone of a case, signed."""
    digest = case_digest(value)
    claims = [signoff(one, block["at"], erasure_digest(digest, block)) for one in sign]
    kept = ("signoffs", "superseded_by", "withdrawn")
    return {
        "schema": "goldengit/tombstone/v1",
        "id": value["id"],
        "dataset": dataset,
        "digest": digest,
        "labels": [{k: v for k, v in one.items() if k != "note"} for one in value["labels"]],
        **{key: value[key] for key in kept if key in value},
        "erased": block | {"signoffs": claims},
    }


def signoff(one: Sign, at: str, digest: str) -> Value:
    """Return a claim; `person:role`, `person:role@time`, or a mapping that wins over the rest."""
    if isinstance(one, str):
        who, _, when = one.partition("@")
        reviewer, _, role = who.partition(":")
        return {"reviewer": reviewer, "role": role, "at": when or at, "digest": digest}
    return {"reviewer": "reviewer-1", "role": "labeler", "at": at, "digest": digest} | dict(one)


def _close_golden_3(values: dict[str, Value]) -> None:
    block = {
        "case": id_of("golden-4"),
        "reason": "The carrier changed.",
        "at": "2026-05-12T08:00:00Z",
    }
    path = path_of("golden-3")
    values[path] = closed(values[path], "superseded_by", block, TWO)


def policy() -> Value:
    """Return the policy of the standard repository."""
    person = {"roles": ["labeler", "confirmer"]}
    roles = {"reviewer-4": {"roles": ["labeler", "confirmer", "maintainer"]}}
    teams = ("red", "red", "blue", "blue")
    return {
        "schema": "goldengit/policy/v1",
        "version": 1,
        "repository": REPOSITORY,
        "protected_branches": ["main"],
        "roster": {
            f"reviewer-{number}": {
                **roles.get(f"reviewer-{number}", person),
                "accounts": [{"id": 100 + number, "login": f"reviewer-{number}"}],
                "emails": [f"reviewer-{number}@example.org"],
                "team": team,
                "valid_from": "2026-01-01",
            }
            for number, team in enumerate(teams, 1)
        }
        | {"reviewer-5": {"roles": ["labeler"], "accounts": [{"id": 105}], "emails": [OPENER]}},
        "signoffs": {"threshold": 2},
    }


_DATASETS: dict[str, Value] = {
    "support": {
        "schema": "goldengit/dataset/v1",
        "name": "support",
        "description": "What customers ask.",
        "owner": "reviewer-4",
        "queue": {"max_age_days": 14, "max_size": 20},
        "failure_modes": {
            "invented-citation": {"title": "It cites what does not exist.", "rubric": 1},
            "wrong-tool": {"title": "It calls a tool that cannot answer.", "rubric": 1},
        },
        "slices": [{"name": "urgent", "where": {"severity": "critical"}, "gating": True}],
    },
    "grading": {
        "schema": "goldengit/dataset/v1",
        "name": "grading",
        "description": "Grades of essays.",
        "owner": "reviewer-4",
        "failure_modes": {
            "overall": {
                "title": "The grade as a whole.",
                "rubric": 1,
                "scale": {"min": 1, "max": 5, "step": 1},
                "pass_at": 3,
            }
        },
    },
}
_RUBRICS = {
    (
        "support",
        "invented-citation",
        1,
    ): "# Invented citation\n\nFail when a source does not exist.\n",
    ("support", "wrong-tool", 1): "# Wrong tool\n\nFail when another tool was needed.\n",
    ("grading", "overall", 1): "# Overall\n\nFrom 1 (poor) to 5 (excellent).\n",
}
