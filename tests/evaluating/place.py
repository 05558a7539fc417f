"""A repository whose dataset `support` has evaluators, and a small release to put to it."""

import json
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from goldengit.cli import run
from goldengit.evaluating.suite import Suite, prepare
from goldengit.evaluators.base import Doors
from goldengit.models.layout import dataset_path
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import opened
from tests.edits import parsed
from tests.gitbox import Blob, Files, GitBox
from tests.labelled import case, evaluator, files_of
from tests.standard import Value, standard

NOW = "2026-08-20T12:00:00Z"
GOOD, BAD = "It is so [src-1].", "It is so, as everybody knows [made-up]."
FEATURES = ("refunds", "billing")
USES = ({"id": "no-invention", "role": "gate"},)
DATASET = dataset_path("support")

# Answers well, but for the cases that it is told: `python app.py '{"<id>": "fail"}'`. With `flip`
# a case fails in its odd repeats, with `error` it has no answer, with `hang` it never answers. What
# it was asked stands in the file `asked` beside it.
RELEASE = f"""
import json, os, pathlib, sys, time
said = json.loads(sys.argv[1])
with pathlib.Path(__file__).with_name("started").open("a") as log:
    log.write(f"{{os.getpid()}}\\n")
asked_file = pathlib.Path(__file__).with_name("asked")
for line in sys.stdin:
    asked = json.loads(line)
    with asked_file.open("a") as log:
        log.write(f"{{asked['case']}} {{asked['repeat']}}\\n")
    how = said.get(asked["case"], said.get("all", "pass"))
    if how == "hang":
        time.sleep(600)
    bad = how == "fail" or (how == "flip" and asked["repeat"] % 2)
    answer = {{"case": asked["case"], "output": {BAD!r} if bad else {GOOD!r}}}
    if how == "error":
        answer = {{"case": asked["case"], "error": "The retriever was down."}}
    print(json.dumps(answer), flush=True)
"""


def cases(passes: int = 12, fails: int = 12) -> list[Value]:
    """Return labelled cases, in turn of either feature; the first is critical."""
    outcomes = ["pass"] * passes + ["fail"] * fails
    return [
        case(
            number,
            outcome,
            GOOD if outcome == "pass" else BAD,
            values={
                "metadata": {"feature": FEATURES[number % 2], "release": "2026.1"},
                "severity": "normal" if number else "critical",
            },
        )
        for number, outcome in enumerate(outcomes)
    ]


def ids() -> list[str]:
    """Return the ids of the labelled cases."""
    return [str(value["id"]) for value in cases()]


def files(uses: Iterable[Mapping[str, Any]] = USES) -> Files:
    """Return a repository whose dataset uses these evaluators; only those labelled are golden."""
    found = {path: blob for path, blob in standard().items() if "/support/golden/" not in path}
    value = parsed(found, DATASET) | {
        "slices": [{"name": name, "where": {"metadata.feature": name}} for name in FEATURES],
        "evaluators": list(uses),
    }
    found |= files_of(cases())
    found |= evaluator("no-invention", "regex", options={"must_not_match": ["made-up"]})
    found |= evaluator("brief", "length", options={"unit": "characters", "max": 20})
    return found | {DATASET: Blob(house_bytes(DATASET, value))}


class Place:
    """A repository with a work tree, and a release in `app.py` beside it."""

    def __init__(self, folder: Path, content: Files | None = None) -> None:
        self.top = folder / "repository"
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "app.py").write_text(RELEASE)
        self.box = GitBox(self.top, bare=False)
        if content is not None:
            self.commit(content)

    def commit(self, content: Files) -> str:
        """Make these the files of the branch and of the work tree."""
        oid = self.box.commit(content)
        self.box.git("reset", "--quiet", "--hard", oid)
        return oid

    def write(self, path: str, value: Mapping[str, Any]) -> None:
        """Write a value into the work tree."""
        (self.top / path).parent.mkdir(parents=True, exist_ok=True)
        (self.top / path).write_bytes(house_bytes(path, dict(value)))

    def target(self, said: Mapping[str, str] | None = None) -> str:
        """Return the release as a target; what it is told maps case ids, or `all`, to a word."""
        told = shlex.quote(json.dumps(said or {}))
        return f"command:{sys.executable} {self.folder / 'app.py'} {told}"

    @property
    def asked(self) -> list[tuple[str, int]]:
        """Return what the release was asked, sorted: case and repeat."""
        path = self.folder / "asked"
        lines = path.read_text().splitlines() if path.exists() else []
        return sorted((line.split()[0], int(line.split()[1])) for line in lines)

    @property
    def started(self) -> list[int]:
        """Return the processes of the release that were ever started."""
        return [int(line) for line in (self.folder / "started").read_text().splitlines()]

    def forget(self) -> None:
        """Forget what the release was asked."""
        (self.folder / "asked").unlink(missing_ok=True)

    def calibrate(self, *evaluators: str) -> None:
        """Measure evaluators, and commit what came out."""
        assert run(["-C", str(self.top), "calibrate", *evaluators]) == 0
        self.box.git("add", "--all")
        self.box.git("-c", "user.name=O", "-c", "user.email=o@example.org", "commit", "-qm", "C")

    @contextmanager
    def suite(self, commit: str = "") -> Iterator[Suite]:
        """Read the suite of the work tree, or of a commit."""
        with opened(self.top) as store:
            yield prepare(store, "support", Doors(), NOW, commit)


def copied(place: Place, folder: Path) -> Place:
    """Return a place of its own with the same repository."""
    shutil.copytree(place.folder, folder)
    return Place(folder)
