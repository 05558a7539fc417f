"""A real history of one-YAML-per-entry records, told again as the history of a dataset.

Every first-parent commit becomes one commit. `PYSEC-0000-<name>` is a candidate, a real id is
golden, `withdrawn` becomes the appendix of that name, and the rest of the record is the case's
`input`, its keys in their order and its scalars as text: an edit of what a record says is an edit
of the case. (Quotes around a scalar are no content, so an edit of nothing else disappears.) Every
golden state is signed by two persons anew, as somebody would who does not know that it is frozen.
What does not parse, or has a key twice, is carried over byte for byte.

An entry's identity is its package and the name by which it was first known: what follows
`PYSEC-0000-`, else its first alias, else its own id. So a candidate and the entry that it became
are one case, and an entry that comes back takes the id that it had. The day in the id is the one on
which the record was published when it was first seen (the commit's day where it does not say);
what a later edit claims does not count. Where two entries have one identity at once, the later
one is known by its own id.
"""

import hashlib
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pygit2
import yaml

from goldengit.models.digest import appendix_digest, case_digest
from goldengit.models.layout import ATTRIBUTES_LINES
from goldengit.repository.interpret import house_bytes
from tests.gitbox import clean_environment
from tests.real_data.upstream import Row, Step, steps

_NAME = "advisories"
_DATASET = f"datasets/{_NAME}"
_ENTRY = re.compile(r"vulns/([^/]+)/PYSEC-(0000-)?(.+)\.yaml")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_POLICY: dict[str, Any] = {
    "schema": "goldengit/policy/v1",
    "version": 1,
    "repository": "5b1c7a3e-0d42-4f6b-8a55-9e2f40c6d871",
    "roster": {
        "reviewer-1": {"roles": ["labeler", "confirmer", "maintainer"]},
        "reviewer-2": {"roles": ["labeler", "confirmer"]},
    },
}
_SPEC: dict[str, Any] = {
    "schema": "goldengit/dataset/v1",
    "name": _NAME,
    "description": "Advisories, and whether a summary of one names the right package.",
    "owner": "reviewer-1",
    "failure_modes": {"wrong-package": {"title": "The summary names another package."}},
}
_RUBRIC = b"# Wrong package\n\nFail when the package that is named is not the affected one.\n"

Record = dict[str, Any]


class Entry(NamedTuple):
    """The place of a record upstream."""

    package: str
    is_candidate: bool
    name: str


class Signed(NamedTuple):
    """A digest and when it was signed; the time stays while the digest does."""

    digest: str
    at: str


def rewrite(bundle: Path, folder: Path) -> Path:
    """Return the bare repository below `folder` that tells the bundle's history as a dataset's."""
    source, target = folder / "upstream.git", folder / "dataset.git"
    _git(folder, "clone", "--quiet", "--bare", "-b", "main", str(bundle), str(source))
    _git(folder, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(target))
    command = ["git", "fast-import", "--quiet"]
    with subprocess.Popen(
        command, cwd=target, stdin=subprocess.PIPE, env=clean_environment()
    ) as importer:
        assert importer.stdin is not None
        for piece in _Telling(pygit2.Repository(str(source))).stream():
            importer.stdin.write(piece)
    assert importer.returncode == 0
    return target


class _Telling:
    """Walks the records' history and says what each commit does to the dataset."""

    def __init__(self, source: pygit2.Repository) -> None:
        self._source = source
        self._holders: dict[str, Entry] = {}  # the entry behind each path of the dataset
        self._places: dict[Entry, str] = {}  # where each entry that is present stands
        self._cases: dict[tuple[str, str], str] = {}  # (package, first name) to case id
        self._known: dict[Entry, str] = {}  # the case id that an entry had, present or not
        self._signed: dict[tuple[str, str], Signed] = {}  # by case id and what was signed

    def stream(self) -> Iterator[bytes]:
        """Yield the input of `git fast-import`."""
        history = list(steps(self._source))
        yield _commit(history[0].seconds - 1)
        yield from (_file(path, data) for path, data in _set_up())
        for step in history:
            yield _commit(step.seconds)
            yield from self._commands(step)

    def _commands(self, step: Step) -> Iterator[bytes]:
        """Yield what leaves first: a case may take the place of one that goes."""
        for row in sorted(step.rows, key=lambda row: row.status != "D"):
            entry = _entry(row)
            if entry is None:
                continue
            if row.status == "D":
                path = self._places.pop(entry)
                del self._holders[path]
                yield f"D {path}\n".encode()
                continue
            data = self._source[row.new].peel(pygit2.Blob).data
            record = parse(data)
            path = self._place(entry, record or {}, _moment(step.seconds))
            yield _file(path, self._told(path, entry, record, step) if record else data)

    def _place(self, entry: Entry, record: Record, now: str) -> str:
        if entry not in self._places:
            path = self._free_place(entry, record, now)
            self._places[entry], self._holders[path] = path, entry
            self._known[entry] = _case_of(path)
        return self._places[entry]

    def _free_place(self, entry: Entry, record: Record, now: str) -> str:
        published = _DAY.match(record.get("published", ""))
        day = published[0] if published else now[:10]
        aliases = () if entry.is_candidate else record.get("aliases") or ()
        cases = [self._known[entry]] if entry in self._known else []
        for name in (*aliases[:1], entry.name):
            key = entry.package, name
            cases.append(self._cases.setdefault(key, _case_id(day, *key)))
        return next(path for case in cases if (path := _path(entry, case)) not in self._holders)

    def _told(self, path: str, entry: Entry, record: Record, step: Step) -> bytes:
        now, case = _moment(step.seconds), _case_of(path)
        content = {key: value for key, value in record.items() if key != "withdrawn"}
        value: Record = {
            "schema": "goldengit/case/v1",
            "id": case,
            "input": content,
            "expected_output": {"package": entry.package},
            "labels": [_label(self._sign(case, "label", "", now).at)],
            "provenance": {"origin": "imported"},
        }
        digest = case_digest(value)
        if not entry.is_candidate:
            value["signoffs"] = _signoffs(self._sign(case, "case", digest, now))
        if "withdrawn" in record:
            block = {"reason": "Withdrawn by its authors.", "at": record["withdrawn"]}
            closing = self._sign(case, "withdrawal", appendix_digest(digest, block), now)
            value["withdrawn"] = block | {"signoffs": _signoffs(closing)}
        return house_bytes(path, value)

    def _sign(self, case: str, what: str, digest: str, now: str) -> Signed:
        signed = self._signed.get((case, what))
        if signed is None or signed.digest != digest:
            signed = self._signed[case, what] = Signed(digest, now)
        return signed


class _Loader(yaml.CBaseLoader):
    """Reads every scalar as text and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        if len(names) != len(set(names)):
            raise yaml.YAMLError("a key stands twice")
        return super().construct_mapping(node, deep=deep)


def parse(data: bytes) -> Record | None:
    """Return a record with every scalar as text; None when it does not parse or repeats a key."""
    try:
        record: Record = yaml.load(data, Loader=_Loader)  # noqa: S506 - it builds text only
    except yaml.YAMLError:
        return None
    return record


def _entry(row: Row) -> Entry | None:
    match = _ENTRY.fullmatch(row.path)
    return Entry(match[1], match[2] is not None, match[3]) if match else None


def _case_id(day: str, package: str, name: str) -> str:
    slug = "-".join(re.findall(r"[a-z0-9]+", package.lower()))
    return f"{day}-{slug}-{hashlib.sha256(f'{package} {name}'.encode()).hexdigest()[:6]}"


def _path(entry: Entry, case: str) -> str:
    folder = "candidates" if entry.is_candidate else f"golden/{case[:7]}"
    return f"{_DATASET}/{folder}/{case}.yaml"


def _case_of(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".yaml")


def _label(at: str) -> Record:
    return {"failure_mode": "wrong-package", "verdict": "pass", "reviewer": "reviewer-1", "at": at}


def _signoffs(signed: Signed) -> list[Record]:
    roles = (("reviewer-1", "labeler"), ("reviewer-2", "confirmer"))
    stated = {"at": signed.at, "digest": signed.digest}
    return [{"reviewer": person, "role": role, **stated} for person, role in roles]


def _set_up() -> Iterator[tuple[str, bytes]]:
    yield "goldengit.yaml", house_bytes("goldengit.yaml", _POLICY)
    yield ".gitattributes", "".join(f"{line}\n" for line in ATTRIBUTES_LINES).encode()
    yield f"{_DATASET}/dataset.yaml", house_bytes(f"{_DATASET}/dataset.yaml", _SPEC)
    yield f"{_DATASET}/rubrics/wrong-package.1.md", _RUBRIC


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _commit(seconds: int) -> bytes:
    head = f"commit refs/heads/main\ncommitter C <contributor@example.org> {seconds} +0000\n"
    return f"{head}data 6\nchange\n".encode()


def _file(path: str, data: bytes) -> bytes:
    return f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, env=clean_environment())
