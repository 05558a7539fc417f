"""The edits that a scenario may make to a repository: `tests/rules/README.md` describes them."""

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml

from goldengit.models.digest import case_digest
from goldengit.models.label import fold
from goldengit.repository.interpret import house_bytes
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


_NAME = re.compile(r"\{(" + "|".join(base.rows()) + r")(?:\.(id|digest))?\}")


def _named(row: str, part: str | None) -> str:
    match part:
        case "id":
            return base.id_of(row)
        case "digest":
            return case_digest(base.content(row))
        case _:
            return base.path_of(row)


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


def _signers(sign: list[Sign] | None) -> tuple[Sign, ...]:
    return base.TWO if sign is None else tuple(sign)


_VERBS: dict[str, Callable[..., None]] = {
    "write": _write,
    "replace": _replace,
    "append": _append,
    "delete": _delete,
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
}
