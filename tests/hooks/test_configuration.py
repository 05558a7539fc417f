"""What this repository publishes and uses itself."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.utils import canonicalize_name

from tests.hooks.site import CONFIG, ROOT, Site, Tool

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
TEMPLATE = ROOT / "goldengit" / "templates" / "pre-commit-config.yaml"


def parsed(path: Path) -> Any:
    """Return the value of a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def local_hooks(path: Path) -> dict[str, dict[str, Any]]:
    """Return the hooks of a configuration by id; all of them are local."""
    (repository,) = parsed(path)["repos"]
    assert repository["repo"] == "local"
    return {hook["id"]: hook for hook in repository["hooks"]}


@pytest.mark.parametrize(
    ("what", "file"),
    [("manifest", MANIFEST), ("config", ROOT / CONFIG), ("config", TEMPLATE)],
    ids=["manifest", "own configuration", "what init writes"],
)
def test_both_tools_accept_it(tool: Tool, what: str, file: Path, tmp_path: Path) -> None:
    """Every key is known to pre-commit and to prek."""
    ran = Site(tmp_path, tool.variables(tmp_path)).run(tool.name, f"validate-{what}", str(file))
    assert ran.code == 0, ran.out + ran.err
    assert "warn" not in (ran.out + ran.err).lower()


@pytest.mark.parametrize("path", [ROOT / CONFIG, TEMPLATE], ids=["own", "what init writes"])
def test_local_hooks_are_the_published_ones(path: Path) -> None:
    """They differ in where the program comes from, and in nothing else."""
    hooks = local_hooks(path)
    for published in parsed(MANIFEST):
        hook = hooks[published["id"]]
        assert hook["entry"].removeprefix(".venv/bin/") == published["entry"]
        same = published.keys() - {"language", "entry", "description", "minimum_pre_commit_version"}
        assert {key: published[key] for key in same} == {key: hook[key] for key in same}


def test_the_published_hooks_run_for_every_change() -> None:
    """Without file names and without a filter, or a commit that only deletes would skip them."""
    for hook in parsed(MANIFEST):
        assert (hook["always_run"], hook["pass_filenames"]) == (True, False)
        assert not hook.keys() & {"files", "exclude", "types", "types_or", "exclude_types"}


def test_one_installation_sets_up_both_stages() -> None:
    """The stages of the hooks are the types that `install` installs."""
    for path in (ROOT / CONFIG, TEMPLATE):
        assert ["pre-commit", "pre-push"] == parsed(path)["default_install_hook_types"]


def test_own_hooks_run_pinned_programs() -> None:
    """Each is one of the pinned linters or the program itself, found in the environment of make."""
    pins = (ROOT / "requirements" / "lint.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)==", pins, re.MULTILINE)) | {"goldengit"}
    for hook in local_hooks(ROOT / CONFIG).values():
        folder, _, program = hook["entry"].split()[0].rpartition("/")
        assert (hook["language"], folder) == ("system", ".venv/bin")
        assert canonicalize_name(program) in pinned
