"""A synthetic dataset repository of any size, the same for the same size."""

import hashlib
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from goldengit.models.digest import case_digest
from goldengit.models.identity import id_for_trace
from goldengit.models.layout import ATTRIBUTES_LINES, dataset_path, golden_path, rubric_path
from goldengit.repository.interpret import house_bytes

DATASET = "questions"
_WORDS = (
    *("river", "sample", "reading", "answer", "result", "tool", "cite", "model", "data", "value"),
    *("field", "index", "paper", "study", "table", "figure", "method", "source", "archive"),
    *("survey", "region", "season", "letter", "record", "museum", "coast", "valley", "harbour"),
)
_MONTHS = [f"{2021 + month // 12}-{month % 12 + 1:02}" for month in range(60)]

POLICY: dict[str, Any] = {
    "schema": "goldengit/policy/v1",
    "version": 1,
    "repository": "00000000-0000-4000-8000-000000000001",
    "roster": {
        "reviewer-1": {"roles": ["labeler", "confirmer", "maintainer"]},
        "reviewer-2": {"roles": ["labeler", "confirmer"]},
        "reviewer-3": {"roles": ["labeler", "confirmer"]},
    },
}
SPEC: dict[str, Any] = {
    "schema": "goldengit/dataset/v1",
    "name": DATASET,
    "description": "Synthetic questions, made for measuring speed.",
    "owner": "reviewer-1",
    "failure_modes": {"invented-citation": {"title": "The answer cites what was not retrieved"}},
}


def case(number: int) -> dict[str, Any]:
    """Return the golden case with this number, signed off (bare claims) by two persons."""
    chance = random.Random(number)
    month = _MONTHS[number % len(_MONTHS)]
    day = f"{month}-{chance.randint(1, 28):02}"
    trace = hashlib.sha256(str(number).encode()).hexdigest()[:32]
    value: dict[str, Any] = {
        "schema": "goldengit/case/v1",
        "id": id_for_trace(day, "question", DATASET, trace),
        "input": {"messages": [{"role": "user", "content": _text(chance, 40)}]},
        "expected_output": _text(chance, 25),
        "actual_output": _text(chance, 25),
        "grader_hints": _text(chance, 8),
        "metadata": {
            "model_version": "atlas-1",
            "prompt_version": "v7",
            "timestamp": f"{day}T10:00:00Z",
            "session_id": f"s-{trace[:8]}",
            "feature": "question",
        },
        "trace": {"trace_id": trace, "spans": []},
        "labels": [_label(day, "reviewer-1"), _label(day, "reviewer-2")],
        "provenance": {"origin": "synthetic"},
        "severity": "normal",
    }
    digest = case_digest(value)
    value["signoffs"] = [
        {"reviewer": "reviewer-1", "role": "labeler", "at": f"{day}T12:00:00Z", "digest": digest},
        {"reviewer": "reviewer-2", "role": "confirmer", "at": f"{day}T13:00:00Z", "digest": digest},
    ]
    return value


def make(folder: Path, count: int) -> None:
    """Make a repository with `count` golden cases in one commit on `main`, packed, checked out."""
    _git(folder, "init", "--quiet", "--initial-branch=main", ".")
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"],
        cwd=folder,
        stdin=subprocess.PIPE,
    ) as importer:
        if importer.stdin is None:
            message = "git fast-import has no input"
            raise RuntimeError(message)
        for piece in _stream(count):
            importer.stdin.write(piece)
    for command in (("gc", "--quiet"), ("reset", "--quiet", "--hard", "main"), ("status",)):
        _git(folder, *command)


def make_history(folder: Path, commits: int, each: int) -> None:
    """Make a repository whose `main` promotes `each` cases in each of `commits` commits."""
    _git(folder, "init", "--quiet", "--initial-branch=main", ".")
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE
    ) as importer:
        if importer.stdin is None:
            message = "git fast-import has no input"
            raise RuntimeError(message)
        for number in range(commits):
            time = 1_767_225_600 + number * 60
            importer.stdin.write(
                f"commit refs/heads/main\ncommitter Bench <bench@example.org> {time} +0000\n"
                "data 8\nPromote\n\n".encode()
            )
            files = list(_scaffold()) if number == 0 else []
            files += [_golden(case) for case in range(number * each, (number + 1) * each)]
            for path, data in files:
                head = f"M 100644 inline {path}\ndata {len(data)}\n".encode()
                importer.stdin.write(head + data + b"\n")
    _git(folder, "reset", "--quiet", "--hard", "main")


def _stream(count: int) -> Iterator[bytes]:
    yield b"commit refs/heads/main\ncommitter Bench <bench@example.org> 1767225600 +0000\n"
    yield b"data 8\nDataset\n\n"
    for path, data in _files(count):
        yield f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def _files(count: int) -> Iterator[tuple[str, bytes]]:
    yield from _scaffold()
    for number in range(count):
        yield _golden(number)


def _scaffold() -> Iterator[tuple[str, bytes]]:
    yield "goldengit.yaml", house_bytes("goldengit.yaml", POLICY)
    yield ".gitattributes", "".join(f"{line}\n" for line in ATTRIBUTES_LINES).encode()
    yield dataset_path(DATASET), house_bytes(dataset_path(DATASET), SPEC)
    yield rubric_path(DATASET, "invented-citation", 1), b"# Invented citation\n"


def _golden(number: int) -> tuple[str, bytes]:
    value = case(number)
    path = golden_path(DATASET, value["id"])
    return path, house_bytes(path, value)


def _label(day: str, reviewer: str) -> dict[str, Any]:
    return {
        "failure_mode": "invented-citation",
        "verdict": "fail",
        "score": 0.0,
        "reviewer": reviewer,
        "at": f"{day}T11:00:00Z",
        "rubric": 1,
        "note": None,
    }


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(words))


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
