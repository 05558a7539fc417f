"""The first part of the guided tour: cases become golden, stay so, and are audited."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goldengit.cli.terminal import say
from goldengit.cli.tour_rows import DATASET, FAILURE_MODE, candidates
from goldengit.cli.tour_stage import SIGNERS

if TYPE_CHECKING:
    from goldengit.cli.tour_stage import Stage

Row = dict[str, Any]


def walk(stage: "Stage") -> None:
    """Tell the story from the empty folder to the audit."""
    _scaffold(stage)
    first, second, third = _candidates(stage)
    _promotions(stage, first, second)
    _refusals(stage, first, third)
    _supersede(stage, first, third)
    _look_back(stage, first)


# -- chapters --------------------------------------------------------------------------------


def _scaffold(stage: "Stage") -> None:
    from goldengit.transport.keys import make_key

    stage.title("A repository for golden cases")
    stage.tell(
        "A team wants eval cases that can be trusted. `init` writes the policy, the roster, the "
        "dataset and the hooks. Two persons of the roster have SSH keys to sign with."
    )
    keys = [stage.folder / person for person in SIGNERS]
    for key in keys:
        make_key(key, key.name)
    stage.run(
        "init", "--dataset", DATASET, "--failure-mode", FAILURE_MODE,
        "--title", "The answer cites what was not retrieved", *_reviewers(keys),
    )  # fmt: skip
    stage.sandbox.commit("Scaffold")


def _candidates(stage: "Stage") -> list[Row]:
    from goldengit.models.layout import candidate_path
    from goldengit.repository.interpret import house_bytes

    stage.title("Candidates: rows of production that somebody labelled")
    rows = candidates()
    for row in rows:
        path = candidate_path(DATASET, row["id"])
        stage.sandbox.write(path, house_bytes(path, row))
    stage.sandbox.commit("Three labelled candidates")
    stage.tell("Three answers of a shop's assistant were flagged and labelled by reviewer-1:")
    for row in rows:
        asked = row["input"]["messages"][0]["content"]
        stage.tell(f"{row['id']}  {row['labels'][0]['verdict']}  {asked}", indent="    ")
    return rows


def _promotions(stage: "Stage", first: Row, second: Row) -> None:
    stage.title(f"Promotion: {first['id']} becomes golden")
    stage.tell(
        "`promote` freezes the case and claims two signoffs; each person then signs the exact "
        "content with a key of their own. The signature covers repository, dataset, case, "
        "transition and digest, so it is good for nothing else."
    )
    _promote(stage, first)
    say("")
    stage.tell("A second case goes the same way:")
    _promote(stage, second, quiet=True)


def _refusals(stage: "Stage", first: Row, third: Row) -> None:
    stage.title("What is refused")
    golden, box = _golden(first), stage.sandbox
    _attempt(
        stage,
        "Somebody edits a golden case in place, to make a failing release pass.",
        lambda: box.replace(golden, "policy-returns-3", "policy-comfort-1"),
    )
    _attempt(stage, "Somebody deletes a case that keeps failing.", lambda: box.remove(golden))
    _attempt(
        stage,
        "Somebody renames one.",
        lambda: box.move(golden, golden.replace("returns", "refunds")),
    )
    _attempt(
        stage,
        "A case is promoted with one reviewer only.",
        lambda: _promote_by_hand(stage, third, ["reviewer-1:labeler"]),
    )
    _attempt(
        stage,
        "The same person signs twice.",
        lambda: _promote_by_hand(stage, third, ["reviewer-1:labeler", "reviewer-1:confirmer"]),
    )
    _attempt(
        stage,
        "Two persons sign, then the case is changed under their signatures.",
        lambda: _change_after_signing(stage, third),
    )
    say("")
    stage.tell("Each time the work tree was put back as it was.")


def _supersede(stage: "Stage", old: Row, new: Row) -> None:
    stage.title("The legal way to change one's mind: supersede")
    stage.tell(
        "A better case replaces an older one. The old file stays, byte for byte, and gains one "
        "block at its end that names the successor, with two signoffs of its own."
    )
    stage.run(
        "supersede", old["id"], "--by", new["id"], "--reason",
        "The race-day question covers the same failure with less room for argument.",
        "--signer", "reviewer-1:labeler", "--signer", "reviewer-2:confirmer",
    )  # fmt: skip
    for case in (old["id"], new["id"]):
        for person in SIGNERS:
            stage.run("signoff", case, "--key", str(stage.folder / person), quiet=True)
    stage.sandbox.stage()
    stage.run("check", "--staged")
    stage.sandbox.commit(f"Supersede {old['id']}")


def _look_back(stage: "Stage", first: Row) -> None:
    stage.title("What is active, and which version it is")
    stage.tell("The version of a dataset is the Git tree id of its golden folder.")
    stage.run("status")
    stage.title("The audit")
    stage.tell("Every step of the history, judged again by the policy that was in force before it:")
    stage.run("audit")
    say("")
    stage.tell("And the life of one case:")
    stage.run("audit", first["id"])


# -- means -----------------------------------------------------------------------------------


def _promote(stage: "Stage", row: Row, *, quiet: bool = False) -> None:
    signers = ("--labeler", "reviewer-1", "--confirmer", "reviewer-2")
    stage.run("promote", row["id"], *signers, quiet=quiet)
    for person in SIGNERS:
        stage.run("signoff", row["id"], "--key", str(stage.folder / person), quiet=quiet)
    stage.sandbox.stage()
    stage.run("check", "--staged")
    stage.sandbox.commit(f"Promote {row['id']}")


def _attempt(stage: "Stage", what: str, deed: Callable[[], None]) -> None:
    say("")
    stage.tell(what)
    deed()
    stage.sandbox.stage()
    stage.run("check", "--staged", expected=1)
    stage.sandbox.restore()


def _promote_by_hand(stage: "Stage", row: Row, signers: Sequence[str]) -> None:
    """Write what an impatient person would: a golden file with these claims."""
    from goldengit.models.digest import case_digest
    from goldengit.models.layout import candidate_path
    from goldengit.repository.interpret import house_bytes

    digest, at = case_digest(row), row["labels"][0]["at"]
    claims = [
        {"reviewer": person, "role": role, "at": at, "digest": digest}
        for person, role in (signer.split(":") for signer in signers)
    ]
    path = _golden(row)
    stage.sandbox.write(path, house_bytes(path, {**row, "signoffs": claims}))
    stage.sandbox.remove(candidate_path(DATASET, row["id"]))


def _change_after_signing(stage: "Stage", row: Row) -> None:
    _promote_by_hand(stage, row, ["reviewer-1:labeler", "reviewer-2:confirmer"])
    stage.sandbox.replace(_golden(row), "closed on Sundays", "open on Sundays")


def _golden(row: Row) -> str:
    from goldengit.models.layout import golden_path

    return golden_path(DATASET, row["id"])


def _reviewers(keys: Sequence[Path]) -> list[str]:
    persons = [word for key in keys for word in ("--person", key.name)]
    return [*persons, *(word for key in keys for word in ("--key", f"{key.name}={key}"))]
