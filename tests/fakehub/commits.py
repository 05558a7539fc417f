"""Commits of the bare repository: read in batches, written without touching a work tree."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.gitbox import GitBox


@dataclass(frozen=True)
class Stamp:
    """Who and when, as a commit object has it."""

    name: str
    email: str
    seconds: int

    @property
    def date(self) -> str:
        """Return the time in RFC 3339."""
        return datetime.fromtimestamp(self.seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @classmethod
    def parse(cls, text: str) -> "Stamp":
        """Read `NAME <ADDRESS> SECONDS ZONE`."""
        who, _, when = text.rpartition("> ")
        name, _, email = who.partition(" <")
        return cls(name, email, int(when.split()[0]))


@dataclass(frozen=True)
class Commit:
    """A commit object."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Stamp
    committer: Stamp
    message: str

    @property
    def co_authors(self) -> list[tuple[str, str]]:
        """Return (name, address) of each `Co-authored-by` trailer."""
        marked = (
            line.partition(":")[2].strip().removesuffix(">").partition(" <")
            for line in self.message.splitlines()
            if line.lower().startswith("co-authored-by:")
        )
        return [(name, email) for name, _, email in marked]


class Commits:
    """The commits of a repository. An object never changes, so each is read once."""

    def __init__(self, box: GitBox) -> None:
        self.box = box
        self._known: dict[str, Commit] = {}
        self._found: set[str] = set()
        self._answers: dict[tuple[str, ...], str] = {}

    def __getitem__(self, sha: str) -> Commit:
        return self.read([sha])[0]

    def read(self, shas: list[str]) -> list[Commit]:
        """Return commits in the order asked for."""
        missing = [sha for sha in shas if sha not in self._known]
        if missing:
            out = self.box.git("cat-file", "--batch", stdin="\n".join(missing).encode())
            rest = out.encode("utf-8", "surrogateescape") + b"\n"
            for sha in missing:
                head, _, rest = rest.partition(b"\n")
                assert b" commit " in head, f"{sha} is no commit"
                size = int(head.split()[2])
                self._known[sha] = _parsed(sha, rest[:size].decode("utf-8", "surrogateescape"))
                rest = rest[size + 1 :]
        return [self._known[sha] for sha in shas]

    def exists(self, sha: str) -> bool:
        """Tell whether the repository has this commit."""
        if sha not in self._found:
            answer = self.box.git("cat-file", "--batch-check", stdin=sha.encode())
            if answer.split()[1] != "commit":
                return False
            self._found.add(sha)
        return True

    def between(self, base: str, head: str) -> list[Commit]:
        """Return what head has and base has not, oldest first."""
        listed = self._ask("rev-list", "--reverse", "--topo-order", f"{base}..{head}")
        return self.read(listed.split())

    def contains(self, head: str, sha: str) -> bool:
        """Tell whether a commit is head or an ancestor of it."""
        return not self._ask("rev-list", "-n1", sha, f"^{head}")

    def patch(self, base: str, head: str) -> str:
        """Return what a pull request shows: the diff from the merge base, without object ids."""
        text = self._ask("diff", "--no-renames", "--no-ext-diff", f"{base}...{head}")
        return "\n".join(line for line in text.splitlines() if not line.startswith("index "))

    def merged_tree(self, ours: str, theirs: str) -> str | None:
        """Return the tree of a merge, or None when it conflicts."""
        words = ("merge-tree", "--write-tree", "--name-only", "--no-messages", ours, theirs)
        if words not in self._answers:
            run = subprocess.run(  # not by `git()`: a conflict is an answer here
                ["git", *words], cwd=self.box.folder, capture_output=True, check=False, text=True
            )
            self._answers[words] = "" if run.returncode else run.stdout.strip()
        return self._answers[words] or None

    def replayed_tree(self, commit: str, onto: str) -> str | None:
        """Return the tree of a cherry-pick, or None when it conflicts."""
        moved = self[commit]
        root = self._bare(self[moved.parents[0]].tree)
        return self.merged_tree(self._bare(self[onto].tree, root), self._bare(moved.tree, root))

    def write(
        self, tree: str, parents: list[str], author: Stamp, committer: Stamp, message: str
    ) -> str:
        """Write a commit object; return its id."""
        lines = [
            f"tree {tree}",
            *(f"parent {parent}" for parent in parents),
            f"author {author.name} <{author.email}> {author.seconds} +0000",
            f"committer {committer.name} <{committer.email}> {committer.seconds} +0000",
        ]
        raw = ("\n".join(lines) + f"\n\n{message}\n").encode("utf-8", "surrogateescape")
        return self.box.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw)

    def _bare(self, tree: str, *parents: str) -> str:
        nobody = Stamp("nobody", "nobody@example.org", 0)
        return self.write(tree, list(parents), nobody, nobody, "Only a step of a replay.")

    def _ask(self, *words: str) -> str:
        if words not in self._answers:
            self._answers[words] = self.box.git(*words)
        return self._answers[words]


def _parsed(sha: str, text: str) -> Commit:
    head, _, message = text.partition("\n\n")
    pairs = [line.partition(" ") for line in head.splitlines() if not line.startswith(" ")]
    fields = {name: value for name, _, value in pairs}
    return Commit(
        sha,
        fields["tree"],
        tuple(value for name, _, value in pairs if name == "parent"),
        Stamp.parse(fields["author"]),
        Stamp.parse(fields["committer"]),
        message,
    )
