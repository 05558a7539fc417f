"""A folder of wheels, made of the distributions that are installed: for tests without network."""

import base64
import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def wheel_folder(folder: Path, names: Iterable[str]) -> Path:
    """Write a wheel of each installed distribution and of all that it needs; return the folder."""
    folder.mkdir(parents=True)
    for found in _closure(names):
        _write(folder, found)
    return folder


def requirements_of(name: str) -> list[str]:
    """Return the names of what an installed distribution needs here, extras left out."""
    wanted = map(Requirement, distribution(name).requires or ())
    return [one.name for one in wanted if not one.marker or one.marker.evaluate({"extra": ""})]


def _closure(names: Iterable[str]) -> Iterator[Distribution]:
    waiting, seen = list(names), set[str]()
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in seen:
            seen.add(name)
            waiting += requirements_of(name)
            yield distribution(name)


def _write(folder: Path, found: Distribution) -> None:
    """Write a wheel: what the installer recorded, with programs where a wheel has them."""
    lines = (found.read_text("WHEEL") or "").splitlines()
    tags = [line.removeprefix("Tag: ").split("-") for line in lines if line.startswith("Tag: ")]
    tag = "-".join(".".join(sorted(set(column))) for column in zip(*tags, strict=True))
    stem = f"{canonicalize_name(found.metadata['Name']).replace('-', '_')}-{found.version}"
    rows = []
    with zipfile.ZipFile(folder / f"{stem}-{tag}.whl", "w") as archive:
        for source, name in _files(found, stem):
            data = source.read_bytes()
            archive.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
            rows.append((name, f"sha256={digest.decode()}", len(data)))
        record = f"{stem}.dist-info/RECORD"
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*rows, (record, "", "")])
        archive.writestr(record, text.getvalue())


def _files(found: Distribution, stem: str) -> Iterator[tuple[Path, str]]:
    """Yield where each file of a wheel is now, and its name in the wheel."""
    scripts = {entry.name for entry in found.entry_points if entry.group == "console_scripts"}
    for file in found.files or ():
        source = Path(str(found.locate_file(file)))
        folder, name = file.parts[0], file.name
        if "__pycache__" in file.parts or not source.is_file():
            continue
        if folder == "..":
            if name not in scripts:  # those are made again when the wheel is installed
                yield source, f"{stem}.data/scripts/{name}"
        elif folder.endswith(".dist-info"):
            if name not in {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}:
                yield source, "/".join((f"{stem}.dist-info", *file.parts[1:]))
        else:
            yield source, file.as_posix()
