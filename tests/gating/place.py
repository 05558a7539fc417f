"""A repository that the deploy gate trusts: every signoff of it is signed with an SSH key."""

import json
import subprocess
from pathlib import Path
from typing import Any

from goldengit.cli import run
from goldengit.gating.pinned import scorecard_digest
from goldengit.models.change import REGULAR, Entry, File
from goldengit.models.claims import claims_of
from goldengit.models.layout import POLICY, Kind, locate
from goldengit.models.reading import ReadLimits
from goldengit.repository import baselines
from goldengit.repository.interpret import house_bytes, interpret
from goldengit.repository.store import opened
from goldengit.transport.signatures import payload, sign
from tests import standard
from tests.evaluating.place import Place, copied, files
from tests.gitbox import Blob, Files

NAMED = ("-c", "user.name=O", "-c", "user.email=o@example.org")
SIGNERS = ("reviewer-1", "reviewer-2")


def keys_in(folder: Path) -> dict[str, Path]:
    """Make a key for each signer; return the private halves."""
    folder.mkdir()
    found = {name: folder / name for name in SIGNERS}
    for path in found.values():
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)]
        subprocess.run(words, check=True)
    return found


def signed(content: Files, keys: dict[str, Path]) -> Files:
    """Return the files with every promotion signed and the keys in the roster."""
    found = dict(content)
    policy = standard.policy()
    for name, path in keys.items():
        public = path.with_suffix(".pub").read_text().split()
        policy["roster"][name]["keys"] = [{"key": " ".join(public[:2])}]
    found[POLICY] = Blob(house_bytes(POLICY, policy))
    for golden in content:
        if locate(golden).kind is Kind.GOLDEN:
            value = _signed(golden, content[golden].data, keys)
            found[golden] = Blob(house_bytes(golden, value))
    return found


def _signed(path: str, data: bytes, keys: dict[str, Path]) -> dict[str, Any]:
    value = _labelled_by_two(dict(_read(path, data).value))
    file = _read(path, house_bytes(path, value))
    value["signoffs"] = [
        one | {"signature": sign(payload(stated.claim), keys[stated.claim.person])}
        for one, stated in zip(value["signoffs"], claims_of(file, standard.REPOSITORY), strict=True)
    ]
    return value


def _labelled_by_two(value: dict[str, Any]) -> dict[str, Any]:
    """Let two persons label every case: an evaluator measured by one alone may not gate."""
    second = [label | {"reviewer": "reviewer-2"} for label in value["labels"]]
    at = value["signoffs"][0]["at"]
    return standard.signed(value | {"labels": [*value["labels"], *second]}, at=at)


def _read(path: str, data: bytes) -> File:
    return interpret(Entry(path, REGULAR, ""), len(data), data, ReadLimits())


def trusted(folder: Path) -> Place:
    """Return a place whose one evaluator may gate and whose every claim is proved."""
    content = {path: blob for path, blob in files().items() if "/grading/golden/" not in path}
    place = Place(folder, signed(content, keys_in(folder.parent / "keys")))
    place.calibrate("no-invention")
    return place


class Deployed:
    """A trusted place with the scorecard of its first release, pinned as the baseline."""

    def __init__(self, place: Place, keys: Path) -> None:
        self.place = place
        self.keys = keys
        self.top = place.top
        self.first = place.folder / "first.json"

    def begin(self) -> None:
        """Evaluate the first release and pin it."""
        self.evaluate("first", self.first)
        self.run("baseline", str(self.first))
        self.commit("Baseline")

    def evaluate(self, release: str, target: Path) -> None:
        """Write the scorecard of a release that answers well, with three runs of each case."""
        named = ["--release", release, "--output", str(target), "--repeats", "3"]
        self.run("evaluate", "support", "--target", self.place.target(), *named)

    def run(self, *words: str) -> None:
        """Run a command of the program that has to end well."""
        assert run(["-C", str(self.top), *words]) == 0

    def commit(self, message: str) -> str:
        """Commit the work tree and return the commit's id."""
        self.place.box.git("add", "--all")
        self.place.box.git(*NAMED, "commit", "-qm", message)
        return self.place.box.git("rev-parse", "HEAD")

    def pin(self, card: dict[str, Any]) -> None:
        """Make a scorecard the baseline, whatever it says, and commit the pin."""
        data = json.dumps(card).encode()
        with opened(self.top) as store:
            blob = baselines.keep(store.repository, "support", data, "By hand")
        path = "datasets/support/baseline.yaml"
        fresh = {"object": blob, "scorecard": scorecard_digest(data), "release": card["release"]}
        self.place.write(path, self.value(path) | fresh)
        self.commit("Another pin")

    def value(self, path: str) -> dict[str, Any]:
        """Return what a file of the work tree says."""
        data = (self.top / path).read_bytes()
        return dict(interpret(Entry(path, REGULAR, ""), len(data), data, ReadLimits()).value)

    def card(self) -> dict[str, Any]:
        """Return the scorecard of the first release, to be changed."""
        return dict(json.loads(self.first.read_bytes()))


def deployed(folder: Path) -> Deployed:
    """Return a repository whose gate can judge."""
    found = Deployed(trusted(folder / "place"), folder / "keys")
    for name in ("user.name", "user.email"):
        found.place.box.git("config", name, "opener@example.org")
    found.begin()
    return found


def another(known: Deployed, folder: Path) -> Deployed:
    """Return a copy of a repository, to be changed."""
    return Deployed(copied(known.place, folder / "place"), known.keys)


def failing(
    card: dict[str, Any], cases: int, outcome: str = "fail", severity: str = "normal"
) -> list[str]:
    """Let the release of a scorecard fail its first cases of a severity; return their ids."""
    chosen = [one for one in card["cases"] if one["severity"] == severity][:cases]
    for one in chosen:
        for judged in one["judged"]:
            judged["outcomes"] = [outcome] * len(judged["outcomes"])
            judged["reason"] = f"It would {outcome}."
    return [one["case"] for one in chosen]
