"""No part of GitPython that guesses, no shell, no code from data: read from the syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import goldengit

PACKAGE = Path(goldengit.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# GitPython's object layer: its diff parser guesses, its index and submodule code trust the tree.
BANNED_NAMES = {
    "Repo",
    "DiffIndex",
    "Diff",
    "IndexFile",
    "Submodule",
    "RootModule",
    "GitConfigParser",
}
BANNED_ATTRIBUTES = {
    "submodules",
    "submodule",
    "config_writer",
    "config_reader",
    "clone",
    "clone_from",
    "traverse",
    "iter_commits",
    "iter_items",
    "create_head",
    "DiffIndex",
    "Repo",
}
BANNED_CALLS = {"eval", "exec", "compile", "__import__"}
BANNED_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "jsonpickle",
    "ctypes",
    "pty",
}
OS_CALLS = {"system", "popen", "execv", "execve", "execvp", "spawnv", "spawnl", "startfile"}
# `.diff(` and `.index(` are names of our own door too: there, on a Repository or a snapshot.
OWN_DIFF = {"repository", "self"}


def _name(node: ast.expr) -> str:
    """Return the last name of a dotted expression."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def complaints(source: str, place: str) -> list[str]:
    """Return every banned use in a source text; `place` is the path within the package."""
    found = []
    for node in ast.walk(ast.parse(source)):
        found += [f"import {name}" for name in _imports(node) if _is_banned_import(name, place)]
        if isinstance(node, ast.Call):
            found += _of_call(node)
        if isinstance(node, ast.Name) and node.id in BANNED_NAMES:
            found.append(node.id)
        if isinstance(node, ast.Attribute) and node.attr in BANNED_ATTRIBUTES:
            found.append(f".{node.attr}")
        if isinstance(node, ast.Attribute) and node.attr == "index" and _name(node.value) == "repo":
            found.append("repo.index")
    return found


def _is_banned_import(name: str, place: str) -> bool:
    root = name.split(".", 1)[0]
    if root == "git":
        return not place.startswith("repository/") or name not in {"git.cmd", "git.cmd.Git"}
    return root in BANNED_MODULES


def _of_call(call: ast.Call) -> Iterator[str]:
    name = _name(call.func)
    if isinstance(call.func, ast.Name) and name in BANNED_CALLS:
        yield name
    if isinstance(call.func, ast.Attribute):
        owner = _name(call.func.value)
        if owner == "os" and name in OS_CALLS:
            yield f"os.{name}"
        if name == "diff" and owner not in OWN_DIFF:
            yield f"{owner}.diff("
        if name in {"getoutput", "getstatusoutput"}:
            yield name
    for keyword in call.keywords:
        says_no = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        if keyword.arg == "shell" and not says_no:
            yield "shell=True"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_banned_api_is_used_in(path: Path) -> None:
    assert complaints(path.read_text("utf-8"), path.relative_to(PACKAGE).as_posix()) == []


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("import git", "repository/plumbing.py"),
        ("from git import Repo", "repository/plumbing.py"),
        ("import git.objects", "repository/plumbing.py"),
        ("from git.cmd import Git", "checking.py"),
        ("from git.cmd import Git", "rules/base.py"),
        ("r = Repo('.')", "repository/x.py"),
        ("commit.diff(other)", "repository/x.py"),
        ("repo.head.commit.diff('HEAD~1')", "repository/x.py"),
        ("repo.index.commit('x')", "repository/x.py"),
        ("repo.submodules", "repository/x.py"),
        ("repo.config_writer()", "repository/x.py"),
        ("repo.clone('x')", "repository/x.py"),
        ("git.Repo.clone_from('x', 'y')", "repository/x.py"),
        ("tree.traverse()", "repository/x.py"),
        ("subprocess.run('x', shell=True)", "transport/x.py"),
        ("subprocess.run('x', shell=maybe)", "transport/x.py"),
        ("os.system('x')", "cli/x.py"),
        ("eval('x')", "cli/x.py"),
        ("exec('x')", "cli/x.py"),
        ("import pickle", "cli/x.py"),
        ("from pickle import loads", "cli/x.py"),
        ("subprocess.getoutput('x')", "cli/x.py"),
    ],
)
def test_the_search_finds(source: str, place: str) -> None:
    assert complaints(source, place)


@pytest.mark.parametrize(
    "source",
    [
        "self._git.execute(['git'], shell=False)",
        "store.repository.diff(a, b)",
        "names.index('x')",
        "head.index(dataset)",
        "'Repo( .diff( shell=True eval('",
    ],
)
def test_the_search_leaves_alone(source: str) -> None:
    assert complaints(source, "repository/x.py") == []


def test_the_whole_package_is_searched() -> None:
    assert len(FILES) > 80
    assert PACKAGE / "repository" / "plumbing.py" in FILES
