"""How fast evaluators judge: rules beside a plain loop, a judge beside the ideal rate.

The rows are synthetic. The judge is a local program that takes 50 ms for each answer; its model
is none.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from goldengit.evaluating.judging import judge_rows, judged
from goldengit.evaluators import Doors, Evaluator, build
from goldengit.models.evaluator import Definition, EvaluatorSpec
from goldengit.models.row import EvalRow
from goldengit.transport.http import Http

ROWS, CALLS, CREW, DELAY = 10_000, 5_000, 32, 0.05
_SCHEMA = {
    "type": "object",
    "required": ["answer", "sources", "confidence"],
    "properties": {
        "answer": {"type": "string", "minLength": 1},
        "sources": {"type": "array", "items": {"type": "string", "minLength": 3}},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    },
}
_SHORT = {"type": "object", "properties": {"sources": {"maxItems": 3}}}
_PATTERNS = (r"\[src-[a-z0-9-]+\]", r"(?i)as an ai", r"\b\d{4}-\d{2}-\d{2}\b")


def rows(count: int) -> list[EvalRow]:
    """Return synthetic rows whose answer is JSON text of about 500 characters."""
    chance = random.Random(7)
    words = ("tide", "river", "harbour", "valley", "coast", "field", "letter", "record", "museum")
    found = []
    for number in range(count):
        text = " ".join(chance.choice(words) for _ in range(60))
        source = f"src-{chance.choice(words)}-{number}"
        answer = {
            "answer": f"{text} [{source}] on 2026-03-{chance.randint(10, 28)}",
            "sources": [source] * chance.randint(1, 4),
            "confidence": round(chance.random() * 1.1, 3),
        }
        row = {"input": f"Question {number}?", "actual_output": json.dumps(answer)}
        found.append(EvalRow.model_validate(row))
    return found


def rules(count: int = ROWS) -> tuple[float, float]:
    """Return the seconds that five rule evaluators take, and a plain loop over the same checks."""
    data = rows(count)
    evaluators = [
        *(_evaluator("regex", {"must_match": [pattern]}) for pattern in _PATTERNS),
        _evaluator("json_schema", {"schema": _SCHEMA, "parse": True}),
        _evaluator("json_schema", {"schema": _SHORT, "parse": True}),
    ]
    texts = [str(row.actual_output) for row in data]
    ours, plain = [], []
    for _ in range(5):
        started = time.perf_counter()
        verdicts = [[one.verdict for one in each] for each in judge_rows(evaluators, data)]
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        expected = list(_plain(texts))
        plain.append(time.perf_counter() - started)
        if verdicts != expected:
            sys.exit("The evaluators and the plain loop do not agree, so nothing was measured.")
    return min(ours), min(plain)


def _plain(texts: list[str]) -> Iterator[list[str]]:
    """Yield what a script without goldengit would say: patterns and schemas, nothing else."""
    import jsonschema
    import re2

    patterns = [re2.compile(pattern) for pattern in _PATTERNS]
    schemas = [jsonschema.Draft202012Validator(schema) for schema in (_SCHEMA, _SHORT)]
    for text in texts:
        found = [pattern.search(text) is not None for pattern in patterns]
        value = json.loads(text)
        found += [schema.is_valid(value) for schema in schemas]
        yield ["pass" if good else "fail" for good in found]


def judge(calls: int = CALLS) -> tuple[float, float, float]:
    """Return the seconds that so many judge calls take, the ideal, and the MB that they added."""
    stub = subprocess.Popen(
        [sys.executable, "-m", "tests.judge_stub", str(DELAY)], stdout=subprocess.PIPE, text=True
    )
    try:
        address = stub.stdout.readline().strip() if stub.stdout else ""
        with Http(concurrency=CREW) as http:
            doors = Doors(send=http, environment={"GOLDENGIT_JUDGE_BASE_URL": address})
            evaluator = _evaluator("judge", {"model": "stub-judge-2026-05-01"}, doors)
            data = [(f"case-{at}", row) for at, row in enumerate(rows(calls))]
            judged(evaluator, data[:CREW], concurrency=CREW)
            before = _peak()
            started = time.perf_counter()
            verdicts = judged(evaluator, data, concurrency=CREW)
            taken = time.perf_counter() - started
    finally:
        stub.kill()
        stub.wait()
    undecided = sum(verdict.verdict == "unknown" for verdict in verdicts.values())
    if undecided:
        sys.exit(f"{undecided} of {calls} judge calls were not answered; nothing was measured.")
    return taken, calls / CREW * DELAY, _peak() - before


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _evaluator(kind: str, options: dict[str, Any], doors: Doors | None = None) -> Evaluator:
    spec = EvaluatorSpec.model_validate(
        {
            "schema": "goldengit/evaluator/v1",
            "id": f"bench-{kind.replace('_', '-')}",
            "version": 1,
            "kind": kind,
            "title": "Made for measuring speed",
            "authors": ["reviewer-1"],
            "dataset": "questions",
            "failure_mode": "invented-citation",
            "options": options,
        }
    )
    return build(Definition(spec, {"rubric.md": b"Fail what is wrong.\n"}), doors)
