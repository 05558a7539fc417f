"""Attacks T65, T66 and T71, as far as they are about files and paths."""

import hashlib
import json

import pytest
import yaml
from ruamel.yaml import YAML

from goldengit.models.digest import canonical
from goldengit.models.reading import ReadLimits
from goldengit.repository.yaml_reader import read
from tests.edits import Edit, apply
from tests.gitbox import Blob, GitBox
from tests.scenarios import found, found_after
from tests.standard import path_of, standard

SHA = hashlib.sha256(b"a map\n").hexdigest()
PATH = path_of("new-1")


@pytest.mark.parametrize("path", [path for path in standard() if path.endswith(".yaml")])
def test_t65_gate_and_consumers_read_the_same_value(path: str) -> None:
    """What the tool writes means one thing to three readers."""
    data = standard()[path].data
    ours = read(data, limits=ReadLimits()).value
    others = [yaml.load(data, yaml.CSafeLoader), YAML(typ="safe", pure=True).load(data)]
    assert [canonical(other) for other in others] == [canonical(ours)] * 2


def test_t65_a_value_that_readers_see_differently_is_refused(shared_box: GitBox) -> None:
    """To one consumer this is text, to another one it is no."""
    edits: list[Edit] = [
        {"case": {"row": "new-1"}},
        {
            "replace": {
                "path": PATH,
                "old": "severity: normal",
                "new": "severity: normal\ngroup: no",
            }
        },
    ]
    assert f"GG106 {PATH}" in found_after(shared_box, edits)


@pytest.mark.parametrize("verb", ["supersede", "withdraw"])
def test_t66_closing_a_case_adds_bytes_and_changes_none(verb: str) -> None:
    """A record is closed by appending, never by writing it anew."""
    words = {"row": "golden-1"} | ({"by": "golden-2"} if verb == "supersede" else {})
    before, after = standard(), apply(standard(), [{verb: words}])
    changed = [path for path in after if after[path] != before[path]]
    assert changed == [path_of("golden-1")]
    assert after[changed[0]].data.startswith(before[changed[0]].data)


@pytest.mark.parametrize("old", ["# yaml-language-server", "grader_hints: Look at"])
def test_t66_a_tool_that_writes_a_case_anew_is_refused(old: str, shared_box: GitBox) -> None:
    """Round-trip writers lose comments and wrap lines; the value is the same, the bytes are not."""
    path = path_of("golden-1")
    value = yaml.load(standard()[path].data, yaml.CSafeLoader)
    files = standard() | {path: Blob(json.dumps(value, indent=1).encode() + b"\n")}
    assert yaml.load(files[path].data, yaml.CSafeLoader) == value
    assert old in standard()[path].data.decode()
    findings = found(shared_box, shared_box.commit(standard()), shared_box.commit(files))
    assert f"GG303 {path}" in findings


@pytest.mark.parametrize(
    "name",
    ["../../goldengit.yaml", "/etc/passwd", "..", "C:\\secrets.txt", "https://host.invalid/a",
     "file:///etc/passwd"],
)  # fmt: skip
def test_t71_an_attachment_is_no_path_and_no_address(name: str, shared_box: GitBox) -> None:
    """Its content is a blob of the tree, found by its hash."""
    attachment = {"name": name, "sha256": SHA, "media_type": "text/plain", "size": 6}
    edits: list[Edit] = [
        {"write": {"path": f"datasets/support/attachments/{SHA}", "text": "a map\n"}},
        {"case": {"row": "new-1", "values": {"attachments": [attachment]}}},
    ]
    assert f"GG207 {PATH}" in found_after(shared_box, edits)


@pytest.mark.parametrize("sha256", ["../../goldengit.yaml", SHA.upper(), SHA[:40], "a" * 64])
def test_t71_an_attachment_that_is_not_in_the_tree_is_refused(
    sha256: str, shared_box: GitBox
) -> None:
    """A name that is no hash does not fit the schema; one that leads nowhere is GG207."""
    attachment = {"name": "map.txt", "sha256": sha256, "media_type": "text/plain", "size": 6}
    edits: list[Edit] = [{"case": {"row": "new-1", "values": {"attachments": [attachment]}}}]
    codes = {finding.split()[0] for finding in found_after(shared_box, edits)}
    assert codes & {"GG112", "GG207"}


def test_t71_replacing_the_bytes_behind_a_signed_hash_is_refused(shared_box: GitBox) -> None:
    """The case does not change a byte; its attachment does."""
    path = f"datasets/support/attachments/{SHA}"
    attachment = {"name": "map.txt", "sha256": SHA, "media_type": "text/plain", "size": 6}
    before: list[Edit] = [
        {"write": {"path": path, "text": "a map\n"}},
        {"case": {"row": "new-1", "values": {"attachments": [attachment]}}},
    ]
    assert f"GG207 {path}" in found_after(
        shared_box, [{"write": {"path": path, "text": "a mop\n"}}], before
    )
    assert f"GG207 {path}" in found_after(shared_box, [{"delete": path}], before)
