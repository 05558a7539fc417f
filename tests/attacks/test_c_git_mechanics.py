"""Attacks T36 to T55a: Git mechanics and the append-only history."""

from pathlib import Path

import pytest

from goldengit.errors import CannotJudgeError
from goldengit.repository.plumbing import Repository
from tests.edits import Edit, apply, with_names
from tests.gitbox import Blob, Files, GitBox
from tests.scenarios import found, found_after, found_in
from tests.standard import id_of, path_of, standard

GOLDEN = path_of("golden-1")
FLIP: Edit = {"replace": {"path": GOLDEN, "old": "verdict: fail", "new": "verdict: pass"}}


def _history(box: GitBox, *steps: list[Edit]) -> tuple[str, list[str]]:
    """Return the base commit and one commit for each list of edits, in a line."""
    files = standard()
    base = box.commit(files)
    commits = [base]
    for edits in steps:
        files = apply(files, edits)
        commits.append(box.commit(files, [commits[-1]]))
    return base, commits[1:]


def _codes(findings: list[str]) -> set[str]:
    return {finding.split()[0] for finding in findings}


def test_t36_an_edit_in_place_is_refused(shared_box: GitBox) -> None:
    """Also when it hides behind the old bytes: a prefix alone proves nothing."""
    assert found_after(shared_box, [FLIP]) == [f"GG303 {GOLDEN}"]
    suffix = '  - reviewer: reviewer-3\n    role: labeler\n    at: "2026-08-19T09:00:00Z"\n'
    grown: list[Edit] = [
        {"append": {"path": GOLDEN, "text": f'{suffix}    digest: "sha256:{64 * "0"}"\n'}}
    ]
    before, after = standard()[GOLDEN].data, apply(standard(), grown)[GOLDEN].data
    assert after.startswith(before)
    assert f"GG303 {GOLDEN}" in found_after(shared_box, grown)


@pytest.mark.parametrize(
    ("ending", "suffix"),
    [
        ("withdrawn: null\nseverity: normal\ngroup:\n", "  other\n"),
        ("group: short\n", "  and longer\n"),
        ("group: |\n  some text\n", "  more text\n"),
        ("group: |+\n  some text\n", "\n"),
    ],
)
def test_t36_a_suffix_that_grows_the_last_value_is_refused(
    ending: str, suffix: str, shared_box: GitBox
) -> None:
    """Each of these begins with the old bytes and says something else."""
    old = standard()[GOLDEN].data.decode().replace("severity: normal\n", "") + ending
    base: list[Edit] = [{"write": {"path": GOLDEN, "text": old}}]
    findings = found_after(shared_box, [{"append": {"path": GOLDEN, "text": suffix}}], base)
    assert any(GOLDEN in finding for finding in findings)


def test_t37_a_rename_does_not_hide_an_edit(shared_box: GitBox) -> None:
    """A check that asks Git for edits and deletions sees a rename and nothing else."""
    elsewhere = path_of("new-1")
    edits: list[Edit] = [FLIP, {"move": {"from": GOLDEN, "to": elsewhere}}]
    base, (head,) = _history(shared_box, edits)
    naive = shared_box.git("diff", "-M", "--diff-filter=MD", "--name-only", base, head)
    assert naive == ""
    assert _codes(found(shared_box, base, head)) & {"GG304", "GG306"}


def test_t38_delete_and_add_again_is_an_edit(shared_box: GitBox) -> None:
    """Within one request the net change counts; over two requests the id stays reserved."""
    again: Edit = {"case": {"row": "golden-1", "values": {"grader_hints": "Other."}}}
    base, (gone, back) = _history(shared_box, [{"delete": GOLDEN}], [again])
    assert f"GG303 {GOLDEN}" in found(shared_box, base, back)
    assert f"GG305 {GOLDEN}" in found(shared_box, gone, back)


def test_t39_a_deletion_is_refused(shared_box: GitBox) -> None:
    """The case stays; only its life ends, by an appendix."""
    assert found_after(shared_box, [{"delete": GOLDEN}]) == [f"GG306 {GOLDEN}"]


def test_t40_names_that_differ_in_case_alone_collide(shared_box: GitBox) -> None:
    """For Git both are fine; on macOS one of them shadows the other."""
    twin = "datasets/support/golden/2026-03/" + f"{id_of('golden-1')}.yaml".upper()
    findings = found_after(shared_box, [{"copy": {"from": GOLDEN, "to": twin}}])
    assert f"GG201 {twin}" in findings


def test_t40_a_tree_with_one_name_twice_is_refused(shared_box: GitBox) -> None:
    """Git stores such a tree and lists both entries."""
    commit = shared_box.commit({"a.yaml": Blob(b"a\n")})
    blobs = [shared_box.blob(text) for text in (b"one\n", b"two\n")]
    month = shared_box.tree(("100644", f"{id_of('golden-1')}.yaml", blob) for blob in blobs)
    tree = month
    for name in ("2026-03", "golden", "support", "datasets"):
        tree = shared_box.tree([("040000", name, tree)])
    path = f"datasets/support/golden/2026-03/{id_of('golden-1')}.yaml"
    assert shared_box.git("ls-tree", "-r", "--name-only", tree).splitlines() == [path, path]
    assert f"GG201 {path}" in found_in(shared_box, tree)
    with pytest.raises(CannotJudgeError, match="GG201"):
        found(shared_box, shared_box.git("rev-parse", f"{commit}^{{tree}}"), tree)


@pytest.mark.parametrize(
    "name",
    [
        "2026-03-02-r\u0435funds-c180de",  # a Cyrillic letter
        "2026-03-02-refunds\u200b-c180de",  # a zero-width space
        "\uff12\uff10\uff12\uff16-03-02-refunds-c180de",  # full-width digits
        "2026\u201103-02-refunds-c180de",  # another hyphen
        "2026-03-02-r\u00e9funds-c180de",
        "2026-03-02-re\u0301funds-c180de",
        "2026-03-02-refunds-c180de\n",
    ],
)
def test_t41_look_alike_ids_are_refused(name: str, shared_box: GitBox) -> None:
    """Only the ASCII form is an id."""
    path = f"datasets/support/golden/2026-03/{name}.yaml"
    codes = _codes(found_after(shared_box, [{"copy": {"from": GOLDEN, "to": path}}]))
    assert "GG204" in codes
    assert "GG202" in codes


@pytest.mark.parametrize("mode", ["120000", "160000", "100755"])
def test_t42_links_submodules_and_executables_are_refused(mode: str, shared_box: GitBox) -> None:
    """A golden case is a plain file and stays one."""
    text = "0123456789abcdef0123456789abcdef01234567"
    edits: list[Edit] = [{"write": {"path": GOLDEN, "text": text, "mode": mode}}]
    assert f"GG203 {GOLDEN}" in found_after(shared_box, edits)


@pytest.mark.parametrize(
    "name",
    ["a\nb.md", ":a.md", "a\tb.md", 'a".md', "a\\b.md", "a\x07.md", "a\udcff.md", "a.md ", "a.",
     "CON", "git~1", "b" * 101, "c/d/e/f/g/h/i"],
)  # fmt: skip
def test_t43_odd_names_are_refused_and_hide_nothing(name: str, shared_box: GitBox) -> None:
    """The edit beside the odd name is seen as well."""
    path = f"evaluators/tone/{name}"
    files = standard()
    head = apply(files, [FLIP]) | {path: Blob(b"a\n")}
    findings = found(shared_box, shared_box.commit(files), shared_box.commit(head))
    assert {f"GG204 {path}", f"GG303 {GOLDEN}"} <= set(findings)


def test_t44_an_edit_inside_a_merge_commit_is_seen(shared_box: GitBox) -> None:
    """A walk over the log shows nothing of it; the net change and every parent do."""
    files = standard()
    base = shared_box.commit(files)
    side = apply(files, [{"case": {"row": "new-1"}}])
    left = shared_box.commit(side, [base])
    right = shared_box.commit(files | {"docs/a.md": Blob(b"a\n")}, [base])
    evil = apply(side | {"docs/a.md": Blob(b"a\n")}, [FLIP])
    merge = shared_box.commit(evil, [left, right])
    naive = shared_box.git("log", "--raw", "--format=", f"{base}..{merge}")
    assert GOLDEN not in naive
    assert f"GG303 {GOLDEN}" in found(shared_box, base, merge)
    healed = apply(
        evil, [{"replace": {"path": GOLDEN, "old": "verdict: pass", "new": "verdict: fail"}}]
    )
    assert f"GG308 {GOLDEN}" in found(shared_box, base, shared_box.commit(healed, [merge]))


def test_t45_a_bad_commit_and_its_revert_are_seen(shared_box: GitBox) -> None:
    """The net change is nothing; the commit between stays reachable."""
    undo: Edit = {"replace": {"path": GOLDEN, "old": "verdict: pass", "new": "verdict: fail"}}
    base, (_, head) = _history(shared_box, [FLIP], [undo])
    assert shared_box.git("diff", "--name-only", base, head) == ""
    assert f"GG308 {GOLDEN}" in found(shared_box, base, head)


def _clone(box: GitBox, tmp_path: Path, *options: str) -> Path:
    """Return a clone of a box that has three commits on main."""
    files = standard()
    first = box.commit(files)
    second = box.commit(apply(files, [{"case": {"row": "new-1"}}]), [first])
    box.git("update-ref", "refs/heads/main", second)
    box.git("config", "uploadpack.allowFilter", "true")
    target = tmp_path / "clone"
    box.git("clone", "--quiet", *options, box.folder.as_uri(), str(target))
    return target


@pytest.mark.parametrize("option", ["--depth=1", "--filter=blob:none"])
def test_t47_an_incomplete_clone_is_refused(option: str, box: GitBox, tmp_path: Path) -> None:
    """Without the base, or without the blobs, nothing can be judged."""
    with pytest.raises(CannotJudgeError, match="GG803"):
        Repository.open(_clone(box, tmp_path, option))


def test_t48_replaced_objects_are_refused(box: GitBox) -> None:
    """Git itself would show the honest content in place of the edited one."""
    honest = box.commit(standard())
    edited = box.commit(apply(standard(), [FLIP]))
    box.git("replace", edited, honest)
    assert box.git("show", f"{edited}:{GOLDEN}") == box.git("show", f"{honest}:{GOLDEN}")
    with pytest.raises(CannotJudgeError, match="GG805"):
        Repository.open(box.folder)


def test_t48_grafts_are_refused(box: GitBox) -> None:
    """A graft gives a commit other parents."""
    commit = box.commit(standard())
    (box.folder / "info").mkdir(exist_ok=True)
    (box.folder / "info" / "grafts").write_text(f"{commit}\n")
    with pytest.raises(CannotJudgeError, match="GG805"):
        Repository.open(box.folder)


def test_t48_borrowed_objects_are_refused(box: GitBox, tmp_path: Path) -> None:
    """Somebody else may change them."""
    box.commit(standard())
    other = GitBox(tmp_path / "other.git")
    borrowed = other.folder / "objects" / "info" / "alternates"
    borrowed.parent.mkdir(exist_ok=True)
    borrowed.write_text(f"{box.folder / 'objects'}\n")
    with pytest.raises(CannotJudgeError, match="GG805"):
        Repository.open(other.folder)


@pytest.mark.parametrize(
    "name",
    ["GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG_COUNT"],
)
def test_t48_variables_that_steer_git_are_refused(
    name: str, box: GitBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line removes them at its start; a library that finds one stops."""
    monkeypatch.setenv(name, "/elsewhere")
    with pytest.raises(CannotJudgeError, match=name):
        Repository.open(box.folder)


def test_t48_settings_do_not_change_the_verdict(box: GitBox) -> None:
    """Drivers, textconv and orders of the clone apply to porcelain, which is never asked."""
    base, (head,) = _history(box, [FLIP])
    settings = {
        "diff.external": "/bin/true",
        "diff.yaml.textconv": "/bin/true",
        "diff.renames": "copies",
        "core.quotePath": "true",
        "diff.noprefix": "true",
        "diff.ignoreSubmodules": "all",
    }
    for name, value in settings.items():
        box.git("config", name, value)
    (box.folder / "info").mkdir(exist_ok=True)
    (box.folder / "info" / "attributes").write_text("*.yaml diff=yaml -diff\n")
    assert box.git("diff", base, head, "--", GOLDEN) == ""
    assert found(box, base, head).count(f"GG303 {GOLDEN}") == 1


@pytest.mark.parametrize(
    "line",
    ["datasets/** -diff", "*.yaml binary", "datasets/** linguist-generated", "* ident",
     "*.yaml working-tree-encoding=UTF-16", "datasets/** eol=crlf", "*.yaml filter=lfs",
     "datasets/** merge=ours", "datasets/** export-ignore"],
)  # fmt: skip
def test_t49_attributes_that_touch_the_data_are_refused(line: str, shared_box: GitBox) -> None:
    """Also in a file of their own among the data."""
    at_root: list[Edit] = [{"append": {"path": ".gitattributes", "text": f"{line}\n"}}]
    assert "GG713 .gitattributes" in found_after(shared_box, at_root)
    below = "datasets/support/golden/.gitattributes"
    inside: list[Edit] = [{"write": {"path": below, "text": f"{line}\n"}}]
    assert f"GG713 {below}" in found_after(shared_box, inside)


def test_t49_a_pointer_is_no_content(shared_box: GitBox) -> None:
    """What is signed must be in the tree."""
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    edits: list[Edit] = [{"write": {"path": path_of("new-1"), "text": pointer}}]
    assert f"GG205 {path_of('new-1')}" in found_after(shared_box, edits)


def test_t50_what_the_index_holds_is_judged_whatever_hides_the_work_tree(tmp_path: Path) -> None:
    """`skip-worktree`, `assume-unchanged` and `.gitignore` blind `git status`, not the check."""
    from goldengit.repository.sources import index_tree

    box = GitBox(tmp_path / "work", bare=False)
    base = box.commit(standard())
    box.git("reset", "--quiet", "--hard", base)
    (box.folder / ".gitignore").write_text("datasets/\n")
    edited = box.blob(apply(standard(), [FLIP])[GOLDEN].data)
    box.git("update-index", "--cacheinfo", f"100644,{edited},{GOLDEN}")
    box.git("update-index", "--skip-worktree", GOLDEN)
    box.git("update-index", "--assume-unchanged", path_of("golden-2"))
    assert GOLDEN not in box.git("ls-files", "--modified")
    tree = index_tree(Repository.open(box.folder))
    assert f"GG303 {GOLDEN}" in found(box, base, tree)


def test_t51_one_edit_among_thousands_of_files_is_seen(shared_box: GitBox) -> None:
    """No list stops at some number, and the size of the change is a finding by itself."""
    files = standard()
    many: Files = {f"docs/{number}.md": Blob(b"a\n") for number in range(3_000)}
    head = apply(files, [FLIP]) | many
    findings = found(shared_box, shared_box.commit(files), shared_box.commit(head))
    assert {f"GG303 {GOLDEN}", "GG206 goldengit.yaml"} <= set(findings)


def test_t52_unrelated_history_is_refused(shared_box: GitBox) -> None:
    """An orphan branch has no point from which to judge it."""
    base = shared_box.commit(standard())
    orphan = shared_box.commit(apply(standard(), [{"case": {"row": "new-1"}}]))
    assert "GG312 ." in found(shared_box, base, orphan)


def test_t52_an_octopus_merge_is_refused(shared_box: GitBox) -> None:
    """More than two parents are more than anybody reads."""
    files = standard()
    base = shared_box.commit(files)
    arms = [
        shared_box.commit(files | {f"docs/{arm}.md": Blob(b"a\n")}, [base])
        for arm in ("a", "b", "c")
    ]
    whole = files | {f"docs/{arm}.md": Blob(b"a\n") for arm in ("a", "b", "c")}
    assert "GG312 ." in found(shared_box, base, shared_box.commit(whole, arms))


def test_t52_several_merge_bases_are_refused(shared_box: GitBox) -> None:
    """After a criss-cross merge there are two, and Git would pick."""
    files = standard()
    start = shared_box.commit(files)
    one, two = files | {"docs/1.md": Blob(b"1\n")}, files | {"docs/2.md": Blob(b"2\n")}
    left, right = shared_box.commit(one, [start]), shared_box.commit(two, [start])
    both = one | two
    base = shared_box.commit(both, [left, right])
    head = shared_box.commit(apply(both, [{"case": {"row": "new-1"}}]), [right, left])
    assert len(shared_box.git("merge-base", "--all", base, head).split()) == 2
    assert "GG312 ." in found(shared_box, base, head)


def test_t54_two_requests_with_one_id_cannot_both_pass(shared_box: GitBox) -> None:
    """The path follows from the id, so the second one to merge collides."""
    path = path_of("new-1")
    ours = apply(standard(), [{"case": {"row": "new-1", "values": {"grader_hints": "Ours."}}}])
    theirs = apply(standard(), [{"case": {"row": "new-1", "values": {"grader_hints": "Theirs."}}}])
    start = shared_box.commit(standard())
    base, head = shared_box.commit(ours, [start]), shared_box.commit(theirs, [start])
    assert f"GG303 {path}" not in found(shared_box, start, head)
    assert f"GG311 {path}" in found(shared_box, base, head)


def test_t54_one_id_in_two_datasets_is_seen_in_the_merge_result(shared_box: GitBox) -> None:
    """Each request alone is fine; the merge result is not."""
    path = path_of("new-1")
    other = path.replace("support", "grading")
    start = shared_box.commit(standard())
    ours = apply(standard(), [{"case": {"row": "new-1"}}])
    theirs = apply(standard(), [{"case": {"row": "new-1", "dataset": "grading"}}])
    base, head = shared_box.commit(ours, [start]), shared_box.commit(theirs, [start])
    assert f"GG310 {other}" in found(shared_box, base, head)


def test_t54_two_requests_may_not_name_one_successor_unseen(shared_box: GitBox) -> None:
    """The second supersession is judged on the merge result, where the first one is visible."""
    start = shared_box.commit(standard())
    sides = [
        shared_box.commit(
            apply(standard(), with_names([{"supersede": {"row": row, "by": "golden-4"}}])), [start]
        )
        for row in ("golden-1", "golden-2")
    ]
    assert f"GG504 {path_of('golden-2')}" in found(shared_box, *sides)


def test_t55_a_semantic_conflict_is_seen_in_the_merge_result(shared_box: GitBox) -> None:
    """One request withdraws X; another, from an older base, supersedes Y by X."""
    start = shared_box.commit(standard())
    base = shared_box.commit(apply(standard(), [{"withdraw": {"row": "golden-2"}}]), [start])
    link: list[Edit] = [{"supersede": {"row": "golden-1", "by": "golden-2"}}]
    head = shared_box.commit(apply(standard(), link), [start])
    assert f"GG502 {GOLDEN}" not in found(shared_box, start, head)
    assert f"GG502 {GOLDEN}" in found(shared_box, base, head)


def test_t55a_a_three_way_merge_of_a_record_is_refused(shared_box: GitBox) -> None:
    """Git merges the lines without a conflict; nobody wrote or signed what comes out."""
    path = path_of("candidate-1")
    plain: list[Edit] = [{"delete": ".gitattributes"}]
    files = apply(standard(), plain)
    start = shared_box.commit(files)
    ours = apply(
        files, [{"replace": {"path": path, "old": "case-v1.json", "new": "case-v1.json "}}]
    )
    theirs = apply(
        files, [{"replace": {"path": path, "old": "severity: normal", "new": "severity: low"}}]
    )
    base, head = shared_box.commit(ours, [start]), shared_box.commit(theirs, [start])
    shared_box.git("merge-tree", "--write-tree", base, head)
    assert f"GG311 {path}" in found(shared_box, base, head)


def test_t55a_a_union_merge_is_refused(shared_box: GitBox) -> None:
    """An attribute that would glue both appendices together changes nothing."""
    rule: list[Edit] = [{"write": {"path": ".gitattributes", "text": "*.yaml merge=union\n"}}]
    files = apply(standard(), rule)
    start = shared_box.commit(files)
    sides = [
        shared_box.commit(apply(files, [{"withdraw": {"row": "golden-1", "reason": why}}]), [start])
        for why in ("It is wrong.", "It is old.")
    ]
    assert f"GG311 {GOLDEN}" in found(shared_box, *sides)


@pytest.mark.parametrize(
    "text",
    [
        "schema: goldengit/tombstone/v1\n",
        "schema: goldengit/tombstone/v1\nid: x\nwithdrawn: {}\n",
        "schema: goldengit/tombstone/v2\n",
    ],
)
def test_t39_half_a_tombstone_is_no_way_out(text: str, shared_box: GitBox) -> None:
    """What calls itself erased and does not fit the schema is refused all the same."""
    assert found_after(shared_box, [{"write": {"path": GOLDEN, "text": text}}])


def test_t39_an_unsigned_erasure_is_a_deletion(shared_box: GitBox) -> None:
    """A tombstone without its two persons takes nothing away."""
    assert f"GG315 {GOLDEN}" in found_after(
        shared_box, [{"erase": {"row": "golden-1", "sign": []}}]
    )
