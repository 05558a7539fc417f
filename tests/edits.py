"""The edits that a scenario may make to a repository: `tests/rules/README.md` describes them."""

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml

from goldengit.models.digest import case_digest
from goldengit.models.label import fold
from goldengit.models.layout import dataset_path, evaluator_path
from goldengit.models.schemas import schema_path, schema_text
from goldengit.repository.interpret import house_bytes
from tests import calibrations, labelled
from tests import standard as base
from tests.gitbox import REGULAR, Blob, Files
from tests.standard import Sign, Value

LATER = "2026-08-19T09:00:00Z"  # when edits of a scenario are signed, a day before the check

Edit = Mapping[str, Any]


def apply(files: Files, edits: Iterable[Edit]) -> Files:
    """Return the files after the edits, which are taken one after the other."""
    files = dict(files)
    for edit in edits:
        assert len(edit) == 1, f"an edit has one verb: {edit}"
        ((verb, words),) = with_names(dict(edit)).items()
        _VERBS[verb](files, **words) if isinstance(words, dict) else _VERBS[verb](files, words)
    return files


def with_names(value: Any) -> Any:
    """Return the value with `{golden-1}` and its like replaced in every text."""
    if isinstance(value, str):
        return _NAME.sub(lambda match: _named(match[1], match[2]), value)
    if isinstance(value, dict):
        return {with_names(key): with_names(part) for key, part in value.items()}
    return [with_names(part) for part in value] if isinstance(value, list) else value


_LABELLED = r"(?:pass|fail|grade)-[1-9][0-9]*"
_NAME = re.compile(rf"\{{({'|'.join(base.rows())}|{_LABELLED})(?:\.(id|digest))?\}}")


def _named(row: str, part: str | None) -> str:
    if re.fullmatch(_LABELLED, row):
        case = _labelled_case(row)
        return case["id"] if part == "id" else case_digest(case) if part else _golden(row, case)
    match part:
        case "id":
            return base.id_of(row)
        case "digest":
            return case_digest(base.content(row))
        case _:
            return base.path_of(row)


def _labelled_case(name: str, twice: bool = True, **values: Any) -> Value:
    """Return the case `pass-3`, `fail-1` or `grade-2`; its grade is its number, from 1 to 5."""
    kind, _, number = name.partition("-")
    grade = (int(number) - 1) % 5 + 1 if kind == "grade" else None
    outcome = kind if grade is None else "pass" if grade >= _PASSES else "fail"
    place = {"pass": 0, "fail": 1000, "grade": 2000}[kind] + int(number)
    text = {"pass": "It is so [src-1].", "fail": "It is so [made-up]."}[outcome]
    second = outcome if twice else ""
    return labelled.case(place, outcome, text, second=second, grade=grade, values=values)


def _golden(name: str, case: Value) -> str:
    dataset = "grading" if name.startswith("grade") else "support"
    return base.path_in("golden", dataset, case["id"])


_PASSES = 3  # the grade from which on `grading` passes


# -- edits of bytes ----------------------------------------------------------------------------


def _write(
    files: Files, path: str, text: str = "", latin1: str | None = None, mode: str = REGULAR
) -> None:
    files[path] = Blob(text.encode() if latin1 is None else latin1.encode("latin-1"), mode)


def _replace(files: Files, path: str, old: str, new: str) -> None:
    text = files[path].data.decode()
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {path}"
    files[path] = files[path]._replace(data=text.replace(old, new).encode())


def _append(files: Files, path: str, text: str) -> None:
    files[path] = files[path]._replace(data=files[path].data + text.encode())


def _delete(files: Files, path: str) -> None:
    doomed = [
        name for name in files if name == path or (path[-1:] == "/" and name.startswith(path))
    ]
    assert doomed, f"there is no {path}"
    for name in doomed:
        del files[name]


def _copy(files: Files, **ways: str) -> None:
    files[ways["to"]] = files[ways["from"]]


def _move(files: Files, **ways: str) -> None:
    files[ways["to"]] = files.pop(ways["from"])


def _mode(files: Files, path: str, mode: str) -> None:
    files[path] = files[path]._replace(mode=mode)


# -- edits of values ---------------------------------------------------------------------------


def parsed(files: Files, path: str) -> Value:
    """Return the parsed YAML of a file."""
    return dict(yaml.load(files[path].data, yaml.CSafeLoader))


def _store(files: Files, path: str, value: Value) -> None:
    files[path] = Blob(house_bytes(path, value))


def _set(
    files: Files,
    path: str,
    values: Mapping[str, Any] | None = None,
    unset: Iterable[str] = (),
    sign: list[Sign] | None = None,
) -> None:
    value = _edited(parsed(files, path), values or {}, unset)
    _store(files, path, value if sign is None else base.signed(value, tuple(sign), LATER))


def _edited(value: Value, values: Mapping[str, Any], unset: Iterable[str]) -> Value:
    value = copy.deepcopy(value)
    for name, part in values.items():
        *way, last = _way(name)
        _at(value, way)[last] = part
    for name in unset:
        *way, last = _way(name)
        del _at(value, way)[last]
    return value


def _way(name: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in name.split(".")]


def _at(value: Any, way: list[str | int]) -> Any:
    for step in way:
        value = value.setdefault(step, {}) if isinstance(value, dict) else value[step]
    return value


def _case(
    files: Files,
    row: str,
    place: str = "golden",
    dataset: str = "",
    like: str = "",
    values: Mapping[str, Any] | None = None,
    unset: Iterable[str] = (),
    sign: list[Sign] | None = None,
) -> None:
    value = _like(files, row, like) if like else base.content(row)
    value = _edited(value, values or {}, unset)
    claims = (base.TWO if place == "golden" else ()) if sign is None else tuple(sign)
    path = base.path_in(place, dataset or base.dataset_of(row), base.id_of(row))
    _store(files, path, base.signed(value, claims, LATER))


def _like(files: Files, row: str, like: str) -> Value:
    """Return the content of another row under this row's own identity."""
    own = base.content(row)
    taken = parsed(files, base.path_of(like))
    kept = {key: part for key, part in taken.items() if key not in {"superseded_by", "withdrawn"}}
    return (
        kept
        | {key: own[key] for key in ("id", "input", "actual_output", "trace", "labels")}
        | {"labels": taken["labels"] or own["labels"]}
    )


def _labels(files: Files, row: str, reviewer: str, labels: list[Value] | None = None) -> None:
    _store(files, base.draft_path(row, reviewer), base.draft(row, reviewer, labels))


def _promote(files: Files, row: str, sign: list[Sign] | None = None) -> None:
    candidate = base.path_of(row)
    folder = candidate.removesuffix(".yaml") + ".labels/"
    drafts = [parsed(files, path) for path in sorted(files) if path.startswith(folder)]
    value = parsed(files, candidate)
    value["labels"] = fold(value["labels"], drafts)
    for path in [path for path in files if path == candidate or path.startswith(folder)]:
        del files[path]
    golden = base.path_in("golden", base.dataset_of(row), base.id_of(row))
    _store(files, golden, base.signed(value, _signers(sign), LATER))


def _supersede(
    files: Files,
    row: str,
    by: str,
    reason: str = "A better case replaces it.",
    at: str = LATER,
    sign: list[Sign] | None = None,
) -> None:
    successor = base.id_of(by) if by in base.rows() else by
    block = {"case": successor, "reason": reason, "at": at}
    _close(files, row, "superseded_by", block, _signers(sign))


def _withdraw(
    files: Files,
    row: str,
    reason: str = "It is wrong and has no successor.",
    at: str = LATER,
    sign: list[Sign] | None = None,
) -> None:
    _close(files, row, "withdrawn", {"reason": reason, "at": at}, _signers(sign))


def _close(files: Files, row: str, key: str, block: Value, sign: tuple[Sign, ...]) -> None:
    """Append the block; the bytes before it stay as they are."""
    path = base.path_in("golden", base.dataset_of(row), base.id_of(row))
    value = parsed(files, path)
    whole = house_bytes(path, base.closed(value, key, block, sign))
    start = whole.index(f"\n{key}:".encode()) + 1
    files[path] = Blob(files[path].data + whole[start:])


def _erase(
    files: Files,
    row: str,
    reason: str = "The person asked for it.",
    at: str = LATER,
    sign: list[Sign] | None = None,
) -> None:
    path = base.path_in("golden", base.dataset_of(row), base.id_of(row))
    block = {"reason": reason, "at": at}
    claims = base.ERASERS if sign is None else tuple(sign)
    _store(files, path, base.erased(parsed(files, path), base.dataset_of(row), block, claims))


def _schema(files: Files, name: str) -> None:
    files[schema_path(name)] = Blob(schema_text(name).encode())


# -- edits of evaluators -----------------------------------------------------------------------


def _labelled(
    files: Files,
    passes: int = 0,
    fails: int = 0,
    grades: int = 0,
    twice: bool = True,
    but: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    for kind, count in (("pass", passes), ("fail", fails), ("grade", grades)):
        for number in range(1, count + 1):
            name = f"{kind}-{number}"
            case = _labelled_case(name, twice, **(but or {}).get(name, {}))
            _store(files, _golden(name, case), case)


# What an evaluator of a scenario is unless it says otherwise.
_USUAL: dict[str, tuple[Value, dict[str, str]]] = {
    "regex": ({"must_not_match": ["made-up", "wrong"]}, {}),
    "judge": ({"model": "judge-2026-01-01"}, {"rubric.md": "Fail what cites no true source.\n"}),
}


def _evaluator(
    files: Files,
    id: str = "rules",  # noqa: A002
    kind: str = "regex",
    texts: Mapping[str, str] | None = None,
    role: str | None = None,
    **values: Any,
) -> None:
    options, usual = _USUAL.get(kind, ({}, {}))
    files.update(labelled.evaluator(id, kind, **{"options": options} | values))
    for name, text in (usual | dict(texts or {})).items():
        files[evaluator_path(id, name)] = Blob(text.encode())
    if role is not None:
        _use(files, values.get("dataset", "support"), {"id": id, "role": role})


def _use(files: Files, dataset: str, use: Value) -> None:
    path = dataset_path(dataset)
    spec = parsed(files, path)
    others = [each for each in spec.get("evaluators", []) if each["id"] != use["id"]]
    _store(files, path, spec | {"evaluators": [*others, use]})


def _calibrate(
    files: Files,
    id: str = "rules",  # noqa: A002
    values: Mapping[str, Any] | None = None,
    unset: Iterable[str] = (),
    **how: Any,
) -> None:
    how["without"] = frozenset(how.get("without", ()))
    found, lines = calibrations.calibration(files, id, **how)
    files.update(calibrations.calibrated_files(id, found, lines))
    if values or unset:
        _set(files, evaluator_path(id, "calibration.yaml"), values, unset)


def _signers(sign: list[Sign] | None) -> tuple[Sign, ...]:
    return base.TWO if sign is None else tuple(sign)


_VERBS: dict[str, Callable[..., None]] = {
    "write": _write,
    "replace": _replace,
    "append": _append,
    "delete": _delete,
    "schema": _schema,
    "move": _move,
    "copy": _copy,
    "mode": _mode,
    "set": _set,
    "case": _case,
    "labels": _labels,
    "promote": _promote,
    "supersede": _supersede,
    "withdraw": _withdraw,
    "erase": _erase,
    "labelled": _labelled,
    "evaluator": _evaluator,
    "calibrate": _calibrate,
}
