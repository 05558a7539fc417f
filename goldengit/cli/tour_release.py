"""The second part of the guided tour: an evaluator is measured, and a deploy is stopped by it."""

import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from goldengit.cli import tour_system
from goldengit.cli.terminal import say
from goldengit.cli.tour_rows import DATASET, FAILURE_MODE
from goldengit.cli.tour_stage import SIGNERS
from goldengit.models.evaluator import DEFINITION, MANIFEST
from goldengit.models.layout import dataset_path, evaluator_path, golden_path

if TYPE_CHECKING:
    from goldengit.cli.tour_stage import Stage

_EVALUATOR = "citations"
_DEFINITION = rf"""schema: goldengit/evaluator/v1
id: {_EVALUATOR}
version: 1
kind: grounding
title: Every page in brackets was retrieved
authors: [engineer]
dataset: {DATASET}
failure_mode: {FAILURE_MODE}
options:
  claims: '\[([a-z-]+-[0-9]+)\]'
  sources: [document_ids]
"""
_USES = f"""slices:
  - name: returns
    where: {{metadata.feature: returns}}
    gating: true
  - name: fitting
    where: {{metadata.feature: fitting}}
    gating: true
evaluators:
  - id: {_EVALUATOR}
    role: gate
"""
_MCC = re.compile(r"(?<=\n  mcc: )\S+")


def walk(stage: "Stage") -> None:
    """Tell the story from a set that is large enough to the release that may be deployed."""
    _more_cases(stage)
    _calibrate(stage)
    _forge(stage)
    _first_release(stage)
    _worse_release(stage)
    _repaired_release(stage)


# -- chapters --------------------------------------------------------------------------------


def _more_cases(stage: "Stage") -> None:
    from goldengit.cli.tour_set import prepared, signed
    from goldengit.repository.interpret import house_bytes

    stage.title("Enough cases to say something")
    halves = prepared()
    stage.tell(
        f"Two cases say nothing about a release. Here come {sum(map(len, halves))} that were "
        "prepared for this tour: 50 questions about returns, the others about fitting parts. They "
        "are synthetic, as `provenance` says: questions, production's answers, labels by "
        "reviewer-1, reviewer-2 or both, and dates in the past days are invented. The signatures "
        "of both persons are real. The policy lets 50 promotions in at once, so there are two "
        "changes:"
    )
    keys = {person: stage.folder / person for person in SIGNERS}
    for half in halves:
        for value in signed(half, _repository(), keys):
            path = golden_path(DATASET, value["id"])
            stage.sandbox.write(path, house_bytes(path, value))
        stage.sandbox.stage()
        stage.run("check", "--staged")
        stage.sandbox.commit(f"Promote {len(half)} cases")


def _calibrate(stage: "Stage") -> None:
    stage.title("Calibration: an evaluator earns its place at the gate")
    path = evaluator_path(_EVALUATOR, DEFINITION)
    stage.sandbox.write(path, _DEFINITION.encode())
    stage.tell(f"An engineer writes an evaluator for the labelled failure mode, {path}:")
    stage.show(_DEFINITION)
    say("")
    stage.tell(
        "It is a pattern, no model, and still nobody knows whether it says what people would say. "
        "`calibrate` compares it with their labels, on cases that were held out by a hash:"
    )
    stage.run("calibrate", _EVALUATOR)
    say("")
    stage.tell(
        "It misses what is cited without brackets, and takes a page that the customer named for "
        "a citation. That is good enough: above an MCC of 0.6 it may gate. So dataset.yaml "
        "declares it, with two slices that are watched by themselves:"
    )
    stage.sandbox.replace(dataset_path(DATASET), "slices: []\n", _USES)
    stage.show(_USES)
    stage.sandbox.stage()
    stage.run("check", "--staged")
    stage.sandbox.commit(f"Calibrate {_EVALUATOR}, and let it gate")


def _forge(stage: "Stage") -> None:
    say("")
    stage.tell("The measurement cannot be improved by hand. Somebody writes a better MCC:")
    path = evaluator_path(_EVALUATOR, MANIFEST)
    better = _MCC.sub("1.0", Path(path).read_text("utf-8"), count=1)
    stage.sandbox.write(path, better.encode())
    stage.sandbox.stage()
    stage.run("check", "--staged", expected=1)
    stage.sandbox.restore()


def _first_release(stage: "Stage") -> None:
    stage.title("Release 1.0 is evaluated, and becomes the baseline")
    (stage.folder / "assistant").write_text(_launcher(), "utf-8")
    stage.tell(
        "The shop's assistant is a small program that reads questions and prints answers, as "
        "JSON lines. For each question it reads up to three pages of a handbook; what else it is "
        "asked it answers from memory, as models do. Each active case is put to it, twice, so that "
        "noise can be told from change:"
    )
    _evaluate(stage, "1.0")
    say("")
    stage.tell("The team is content with that, and pins it: the next releases must be as good.")
    stage.run("baseline", _card("1.0"))
    stage.sandbox.commit("Baseline: release 1.0")


def _worse_release(stage: "Stage") -> None:
    stage.title("Release 1.1 is cheaper, and stopped")
    stage.tell(
        "Release 1.1 reads two pages instead of three. Nobody thought of questions about three "
        "things at once."
    )
    _evaluate(stage, "1.1", quiet=True)
    _gate(stage, "1.1", expected=1)
    say("")
    stage.tell(
        "On questions about returns the pass rate falls from 0.92 to 0.78, and the lost cases say "
        "what was cited and never read. Exit code 1 stops the job that would have deployed it. On "
        "the way the gate has verified every signature, every number of the calibration and the "
        "pinned baseline."
    )


def _repaired_release(stage: "Stage") -> None:
    stage.title("Release 1.2 is repaired, and may go")
    stage.tell("Release 1.2 reads three pages again.")
    _evaluate(stage, "1.2", quiet=True)
    _gate(stage, "1.2")


# -- means -----------------------------------------------------------------------------------


def _evaluate(stage: "Stage", release: str, *, quiet: bool = False) -> None:
    target = f"command:sh ../assistant --release {release}"
    words = ("--release", release, "--output", _card(release))
    stage.run("evaluate", DATASET, "--target", target, *words, quiet=quiet)


def _gate(stage: "Stage", release: str, *, expected: int = 0) -> None:
    stage.run("gate", "deploy", DATASET, "--candidate", _card(release), expected=expected)


def _card(release: str) -> str:
    return f"../release-{release}.json"


def _launcher() -> str:
    """Return a script that starts the bundled system, wherever that is installed."""
    program = [sys.executable, "-I", str(Path(tour_system.__file__).resolve())]
    return f'exec {shlex.join(program)} "$@"\n'


def _repository() -> str:
    """Return the UUID that every signature in this repository covers."""
    from goldengit.gauging.declared import policy_of
    from goldengit.repository.sources import work_tree
    from goldengit.repository.store import opened

    with opened(Path.cwd()) as store:
        tree = store.snapshot("the work tree", work_tree(store.repository))
        return policy_of(tree).repository
