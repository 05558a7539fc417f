"""`goldengit tour`: the whole loop in a throw-away repository, narrated."""

import os
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from goldengit.cli.terminal import bold, is_colourful, say
from goldengit.errors import CannotJudgeError

if TYPE_CHECKING:
    from goldengit.repository.sandbox import Sandbox

_SIGNERS = ("reviewer-1", "reviewer-2")
_WIDTH = 96
_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"


def tour() -> int:
    """Walk through the whole loop in a throw-away repository.

    Nothing of yours is touched: the repository and the keys live in a temporary folder.
    """
    from goldengit.repository.sandbox import Sandbox

    home = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="goldengit-tour-") as folder:
        try:
            top = Path(folder) / "bike-shop"
            top.mkdir()
            os.chdir(top)
            _Tour(Sandbox(top), Path(folder)).walk()
        finally:
            os.chdir(home)
    return 0


class _Tour:
    """The story. Each chapter says what happens, does it, and shows what the program said."""

    def __init__(self, sandbox: "Sandbox", folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.chapter = 0

    def walk(self) -> None:
        """Tell the story from the empty folder to the audit."""
        self.scaffold()
        first, second, third = self.take_candidates()
        self.promote(first)
        self._promote(second, quiet=True)
        self.refuse(first, third)
        self.supersede(first, third)
        self.look_back(first)
        say("")
        _tell(
            "That was the loop. `goldengit init` starts a repository of your own; `goldengit "
            "explain GG303` shows the page behind any code you saw."
        )

    # -- chapters --------------------------------------------------------------------------

    def scaffold(self) -> None:
        self._title("A repository for golden cases")
        _tell(
            "A team wants eval cases that can be trusted. `init` writes the policy, the roster, "
            "the dataset and the hooks. Two persons of the roster have SSH keys to sign with."
        )
        keys = [self._key(person) for person in _SIGNERS]
        self._run(
            "init", "--dataset", _dataset(), "--failure-mode", "invented-citation",
            "--title", "The answer cites what was not retrieved", *_reviewers(keys),
        )  # fmt: skip
        self.sandbox.commit("Scaffold")

    def take_candidates(self) -> list[dict[str, Any]]:
        from goldengit.cli.tour_rows import candidates
        from goldengit.models.layout import candidate_path
        from goldengit.repository.interpret import house_bytes

        self._title("Candidates: rows of production that somebody labelled")
        rows = candidates()
        for row in rows:
            path = candidate_path(_dataset(), row["id"])
            self.sandbox.write(path, house_bytes(path, row))
        self.sandbox.commit("Three labelled candidates")
        _tell("Three answers of a shop's assistant were flagged and labelled by reviewer-1:")
        for row in rows:
            asked = row["input"]["messages"][0]["content"]
            _tell(f"{row['id']}  {row['labels'][0]['verdict']}  {asked}", indent="    ")
        return rows

    def promote(self, row: dict[str, Any]) -> None:
        self._title(f"Promotion: {row['id']} becomes golden")
        _tell(
            "`promote` freezes the case and claims two signoffs; each person then signs the exact "
            "content with a key of their own. The signature covers repository, dataset, case, "
            "transition and digest, so it is good for nothing else."
        )
        self._promote(row)
        say("")
        _tell("A second case goes the same way:")

    def refuse(self, first: dict[str, Any], third: dict[str, Any]) -> None:
        self._title("What is refused")
        golden = _golden(first)
        box = self.sandbox
        new_home = golden.replace("returns", "refunds")
        self._attempt(
            "Somebody edits a golden case in place, to make a failing release pass.",
            lambda: box.replace(golden, "policy-returns-3", "policy-comfort-1"),
        )
        self._attempt("Somebody deletes a case that keeps failing.", lambda: box.remove(golden))
        self._attempt("Somebody renames one.", lambda: box.move(golden, new_home))
        self._attempt(
            "A case is promoted with one reviewer only.",
            lambda: self._promoted_by_hand(third, ["reviewer-1:labeler"]),
        )
        self._attempt(
            "The same person signs twice.",
            lambda: self._promoted_by_hand(third, ["reviewer-1:labeler", "reviewer-1:confirmer"]),
        )
        self._attempt(
            "Two persons sign, then the case is changed under their signatures.",
            lambda: self._changed_after_signing(third),
        )
        say("")
        _tell("Each time the work tree was put back as it was.")

    def supersede(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._title("The legal way to change one's mind: supersede")
        _tell(
            "A better case replaces an older one. The old file stays, byte for byte, and gains one "
            "block at its end that names the successor, with two signoffs of its own."
        )
        self._run(
            "supersede", old["id"], "--by", new["id"], "--reason",
            "The race-day question covers the same failure with less room for argument.",
            "--signer", "reviewer-1:labeler", "--signer", "reviewer-2:confirmer",
        )  # fmt: skip
        for case in (old["id"], new["id"]):
            for person in _SIGNERS:
                self._run("signoff", case, "--key", str(self.folder / person), quiet=True)
        self.sandbox.stage()
        self._run("check", "--staged")
        self.sandbox.commit(f"Supersede {old['id']}")

    def look_back(self, first: dict[str, Any]) -> None:
        self._title("What is active, and which version it is")
        _tell("The version of a dataset is the Git tree id of its golden folder.")
        self._run("status")
        self._title("The audit")
        _tell("Every step of the history, judged again by the policy that was in force before it:")
        self._run("audit")
        say("")
        _tell("And the life of one case:")
        self._run("audit", first["id"])

    # -- means -----------------------------------------------------------------------------

    def _promote(self, row: dict[str, Any], *, quiet: bool = False) -> None:
        signers = ("--labeler", "reviewer-1", "--confirmer", "reviewer-2")
        self._run("promote", row["id"], *signers, quiet=quiet)
        for person in _SIGNERS:
            self._run("signoff", row["id"], "--key", str(self.folder / person), quiet=quiet)
        self.sandbox.stage()
        self._run("check", "--staged")
        self.sandbox.commit(f"Promote {row['id']}")

    def _attempt(self, what: str, deed: Callable[[], None]) -> None:
        say("")
        _tell(what)
        deed()
        self.sandbox.stage()
        self._run("check", "--staged", expected=1)
        self.sandbox.restore()

    def _promoted_by_hand(self, row: dict[str, Any], signers: Sequence[str]) -> None:
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
        self.sandbox.write(path, house_bytes(path, {**row, "signoffs": claims}))
        self.sandbox.remove(candidate_path(_dataset(), row["id"]))

    def _changed_after_signing(self, row: dict[str, Any]) -> None:
        self._promoted_by_hand(row, ["reviewer-1:labeler", "reviewer-2:confirmer"])
        self.sandbox.replace(_golden(row), "closed on Sundays", "open on Sundays")

    def _key(self, person: str) -> Path:
        from goldengit.transport.keys import make_key

        make_key(self.folder / person, person)
        return self.folder / person

    def _run(self, *words: str, expected: int = 0, quiet: bool = False) -> None:
        """Run a command of this program, shown as a person would see it.

        Raises CannotJudgeError when it ends otherwise than the story says.
        """
        from goldengit.cli import run

        shown = " ".join(_quoted(word, self.folder) for word in words)
        say(_coloured(f"\n    $ goldengit {shown}", _DIM))
        with _indented(quiet=quiet):
            code = run(words)
        if code != expected:
            raise CannotJudgeError(
                f"`goldengit {shown}` ended with {code}, not with {expected}.",
                remedy="Please report it: the tour should never fail.",
            )

    def _title(self, text: str) -> None:
        self.chapter += 1
        line = f"{self.chapter}. {text}"
        say(f"\n{bold(line) if is_colourful(sys.stdout) else line}\n")


class _Indenting(TextIOBase):
    """A stream that writes to another one, each line moved to the right."""

    def __init__(self, stream: TextIO, *, quiet: bool) -> None:
        self._stream = stream
        self._quiet = quiet
        self._fresh = True

    def isatty(self) -> bool:
        return self._stream.isatty()

    def write(self, text: str) -> int:
        if not self._quiet:
            for line in text.splitlines(keepends=True):
                self._stream.write(f"      {line}" if self._fresh and line.strip() else line)
                self._fresh = line.endswith("\n")
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


@contextmanager
def _indented(*, quiet: bool) -> Iterator[None]:
    out, err = _Indenting(sys.stdout, quiet=quiet), _Indenting(sys.stderr, quiet=quiet)
    with redirect_stdout(out), redirect_stderr(err):
        yield


def _tell(text: str, indent: str = "") -> None:
    say(
        textwrap.fill(
            text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        )
    )


def _coloured(text: str, colour: str) -> str:
    return f"{colour}{text}{_PLAIN}" if is_colourful(sys.stdout) else text


def _quoted(word: str, folder: Path) -> str:
    shown = word.replace(f"{folder}{os.sep}", "~/keys/")
    return f'"{shown}"' if " " in shown else shown


def _dataset() -> str:
    from goldengit.cli.tour_rows import DATASET

    return DATASET


def _golden(row: dict[str, Any]) -> str:
    from goldengit.models.layout import golden_path

    return golden_path(_dataset(), row["id"])


def _reviewers(keys: Sequence[Path]) -> list[str]:
    persons = [word for key in keys for word in ("--person", key.name)]
    return [*persons, *(word for key in keys for word in ("--key", f"{key.name}={key}"))]
