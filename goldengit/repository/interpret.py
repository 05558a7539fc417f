"""From the bytes of a file to what it says: read strictly, fit to its schema, digest taken."""

import json
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from goldengit.models.base import PATTERNS
from goldengit.models.baseline import Baseline
from goldengit.models.calibration import Manifest
from goldengit.models.case import TOMBSTONE_SCHEMA, Case, Tombstone
from goldengit.models.change import REGULAR, Entry, File, Record
from goldengit.models.dataset import DatasetSpec
from goldengit.models.digest import case_digest
from goldengit.models.evaluator import EvaluatorSpec
from goldengit.models.label import LabelDraft
from goldengit.models.layout import Kind, locate, schema_line
from goldengit.models.policy import Limits, Policy
from goldengit.models.reading import Reading, ReadLimits, Refusal
from goldengit.repository.verdict_lines import read_verdicts
from goldengit.repository.yaml_reader import read
from goldengit.repository.yaml_second_opinion import second_opinion
from goldengit.repository.yaml_writer import write

_SCHEMAS = {
    Kind.POLICY: "policy",
    Kind.DATASET: "dataset",
    Kind.LABELS: "labels",
    Kind.EVALUATOR: "evaluator",
    Kind.MANIFEST: "calibration",
    Kind.BASELINE: "baseline",
}
_MOST_VIOLATIONS = 20
_SHOWN = 60


def read_limits(limits: Limits) -> ReadLimits:
    """Return the reader's part of the policy's limits."""
    return ReadLimits(
        file_bytes=limits.file_bytes,
        scalar_bytes=limits.scalar_bytes,
        nodes=limits.nodes,
        depth=limits.depth,
    )


def interpret(entry: Entry, size: int, data: bytes | None, limits: ReadLimits) -> File:
    """Return a file with everything that its bytes say. Never raises on any bytes.

    `data` is None when the blob is larger than the limit.
    """
    spot = locate(entry.path)
    is_record = spot.kind.is_yaml or spot.kind is Kind.VERDICTS
    if not spot.kind.is_platform and (not is_record or entry.mode != REGULAR):
        return File(entry, size, data or b"")
    if data is None:
        return File(entry, size, b"", Reading(None, refusals=(_too_large(size, limits),)))
    if spot.kind.is_platform:
        return _of_platform(entry, size, data, limits)
    if spot.kind is Kind.VERDICTS:
        record, refusals = read_verdicts(data)
        return File(entry, size, data, Reading({}, refusals=refusals), record)
    reading = read(data, limits=limits)
    if reading.value is None or reading.refusals:
        return File(entry, size, data, reading)
    model, problems = _fit(_model_of(spot.kind, reading.value), reading, spot.kind)
    if problems:
        return File(entry, size, data, Reading(reading.value, reading.lines, problems))
    return File(entry, size, data, reading, model, _digest(model, reading.value))


def _of_platform(entry: Entry, size: int, data: bytes, limits: ReadLimits) -> File:
    from goldengit.repository.platform_files import read_platform_file  # seldom there

    record, reading = read_platform_file(data, limits, locate(entry.path).kind)
    return File(entry, size, data, reading, record)


def with_second_opinion(file: File) -> File:
    """Return the file as a second YAML parser sees it: the same, or refused with GG110."""
    if file.reading is None or not file.reading.sound or not file.spot.kind.is_yaml:
        return file
    if file.data == house_bytes(file.path, file.value):
        # What this program writes, both parsers read alike: a property test holds that, and
        # spares the slow parser nearly all of its work.
        return file
    refusals = second_opinion(file.data, file.reading)
    if not refusals:
        return file
    reading = Reading(file.reading.value, file.reading.lines, refusals)
    return File(file.entry, file.size, file.data, reading)


def with_house_style(file: File) -> File:
    """Return a file as the house style sees it: the same, or with the refusal GG114.

    A newly golden case equals what the writer writes for its value, so that an appendix can always
    follow and two files that say the same are the same (DECISIONS 6).
    """
    if file.reading is None or not file.reading.sound:
        return file
    wanted = house_bytes(file.path, file.value)
    if file.data == wanted:
        return file
    refusal = Refusal(
        line=_first_difference(file.data, wanted),
        code="GG114",
        message="The golden case is not in house style.",
        remedy=f"Run `goldengit format {file.path}`.",
    )
    return replace(file, reading=replace(file.reading, refusals=(refusal,)))


def house_bytes(path: str, value: dict[str, Any]) -> bytes:
    """Return the bytes that this program writes for a value at a path."""
    return write(value, first_line=schema_line(path, value.get("schema")))


def _first_difference(data: bytes, wanted: bytes) -> int:
    pairs = zip(data.split(b"\n"), wanted.split(b"\n"), strict=False)
    return next((line for line, (is_, to_be) in enumerate(pairs, 1) if is_ != to_be), 1)


def _model_of(kind: Kind, value: dict[str, Any]) -> type[Record] | None:
    match kind:
        case Kind.GOLDEN if value.get("schema") == TOMBSTONE_SCHEMA:
            return Tombstone
        case Kind.GOLDEN | Kind.CANDIDATE | Kind.QUEUE:
            return Case
        case Kind.DATASET:
            return DatasetSpec
        case Kind.LABELS:
            return LabelDraft
        case Kind.POLICY:
            return Policy
        case Kind.EVALUATOR:
            return EvaluatorSpec
        case Kind.MANIFEST:
            return Manifest
        case Kind.BASELINE:
            return Baseline
        case _:
            return None


def _fit(
    model: type[Record] | None, reading: Reading, kind: Kind
) -> tuple[Record | None, tuple[Refusal, ...]]:
    if model is None:
        return None, ()
    try:
        return model.model_validate(reading.value), ()
    except ValidationError as error:
        return None, _violations(error, reading, kind)


def _violations(error: ValidationError, reading: Reading, kind: Kind) -> tuple[Refusal, ...]:
    code = "GG706" if kind is Kind.POLICY else "GG112"
    schema = _SCHEMAS.get(kind, "case")
    found = [
        Refusal(
            line=_line(reading, problem["loc"]),
            code=code,
            message=_sentence(problem["loc"], problem["type"], problem["msg"], problem["input"]),
            remedy=f"Repair it; `goldengit schema {schema}` shows what is expected.",
        )
        for problem in error.errors(include_url=False)
    ]
    return tuple(sorted(set(found)))[:_MOST_VIOLATIONS]


def _line(reading: Reading, way: tuple[str | int, ...]) -> int:
    return reading.line(*(step for step in way if step != "[key]")) or 1


def _sentence(way: tuple[str | int, ...], kind: str, message: str, given: Any) -> str:
    name = ".".join(str(step) for step in way if step != "[key]") or "the file"
    match kind:
        case "extra_forbidden":
            return f"The key `{name}` is unknown."
        case "missing":
            return f"The key `{name}` is missing."
        case "string_pattern_mismatch" if _what_fits(message):
            return f"`{name}` is {_cut(given)}, but must be {_what_fits(message)}."
        case "value_error":
            return f"In {name}: {message.removeprefix('Value error, ')}."
        case _:
            why = f"{message[:1].lower()}{message[1:]}"
            return f"`{name}` is {_cut(given)}, which does not fit: {why}."


def _cut(given: Any) -> str:
    shown = json.dumps(given, ensure_ascii=True, default=str)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


def _what_fits(message: str) -> str:
    """Return in words what a pattern that pydantic's message quotes asks for, "" if unknown."""
    return next((words for pattern, words in PATTERNS.items() if f"'{pattern}'" in message), "")


def _digest(row: Record | None, value: dict[str, Any]) -> str:
    match row:
        case Tombstone():
            return row.digest
        case Case():
            return case_digest(value)
        case _:
            return ""


def _too_large(size: int, limits: ReadLimits) -> Refusal:
    return Refusal(
        line=0,
        code="GG109",
        message=f"The file has {size:,} bytes, more than the limit of {limits.file_bytes:,}.",
        remedy="Cut its trace, or move binaries to attachments.",
    )
