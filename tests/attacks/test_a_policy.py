"""Attacks T01 to T15: on the gate, its policy and its roster."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import yaml
from pydantic import BaseModel

from goldengit import checking
from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.repository.store import opened
from goldengit.rules import all_rules
from goldengit.rules.base import Rule
from goldengit.rules.gg714_unused_waiver import apply_waivers
from tests.edits import Edit, apply
from tests.gitbox import GitBox
from tests.scenarios import found_after, found_in
from tests.standard import NOW, path_of, standard

POLICY = "goldengit.yaml"
NEW = path_of("new-1")


def _set(values: dict[str, object], unset: tuple[str, ...] = ()) -> Edit:
    return {"set": {"path": POLICY, "values": {"version": 2, **values}, "unset": list(unset)}}


def test_t01_a_laxer_policy_does_not_judge_the_change_that_brings_it(shared_box: GitBox) -> None:
    """The head alone looks fine; against the base's threshold of three it fails."""
    base = [_set({"signoffs.threshold": 3, "version": 1})]
    edits: list[Edit] = [_set({"signoffs.threshold": 2}), {"case": {"row": "new-1"}}]
    head = apply(apply(standard(), [{"delete": path} for path in _golden()]), edits)
    assert not [each for each in found_in(shared_box, shared_box.commit(head)) if NEW in each]
    findings = found_after(shared_box, edits, base)
    assert {f"GG413 {NEW}", f"GG702 {POLICY}", f"GG704 {POLICY}"} <= set(findings)


def _golden() -> list[str]:
    return [path for path in standard() if "/golden/" in path]


def test_t02_nobody_adds_themselves_to_the_roster_and_signs(shared_box: GitBox) -> None:
    """The roster in force is the base's, and a change of it asks the maintainers."""
    edits: list[Edit] = [
        _set({"roster.intruder": {"roles": ["labeler", "confirmer"]}}),
        {"case": {"row": "new-1", "sign": ["reviewer-1:labeler", "intruder:confirmer"]}},
    ]
    findings = found_after(shared_box, edits)
    assert findings == [f"GG405 {NEW}", f"GG702 {POLICY}", f"GG703 {POLICY}"]


@pytest.mark.parametrize(
    "edit",
    [
        _set({}, unset=("roster.reviewer-2",)),
        _set({"roster.reviewer-2.roles": ["labeler"]}),
        _set({"roster.reviewer-2.valid_from": "2026-08-01"}),
        _set({"roster.reviewer-2.emails": []}),
    ],
)
def test_t03_the_one_who_objects_is_not_dropped_from_the_past(
    edit: Edit, shared_box: GitBox
) -> None:
    """Ending an entry is the way; what the person has signed stays signed."""
    assert f"GG704 {POLICY}" in found_after(shared_box, [edit])
    ended = _set({"roster.reviewer-2.valid_to": "2026-08-20"})
    assert found_after(shared_box, [ended]) == [f"GG703 {POLICY}"]


def test_t04_an_older_policy_does_not_return(shared_box: GitBox) -> None:
    """The content is well formed; its version tells that it is old."""
    base = [_set({"signoffs.distinct_teams": True, "version": 7})]
    edits: list[Edit] = [_set({"version": 6}, unset=("signoffs.distinct_teams",))]
    assert f"GG705 {POLICY}" in found_after(shared_box, edits, base)


class _Lax(BaseModel):
    threshold: int = 2


@pytest.mark.parametrize("threshold", [0, -1, 1, "2", True, None, 2.0, float("nan")])
def test_t05_a_threshold_that_is_no_threshold_is_refused(
    threshold: object, shared_box: GitBox
) -> None:
    """A lenient model takes "2" and 0 for numbers like any other."""
    assert _Lax.model_validate({"threshold": "2", "typo": 1}).threshold == 2
    text = f"signoffs:\n  threshold: {yaml.safe_dump(threshold).splitlines()[0]}\n"
    edits: list[Edit] = [
        {"replace": {"path": POLICY, "old": "signoffs:\n  threshold: 2\n", "new": text}}
    ]
    assert f"GG706 {POLICY}" in found_after(shared_box, edits)


def test_t05_an_unknown_key_is_not_dropped_in_silence(shared_box: GitBox) -> None:
    """A typing error would switch a rule off."""
    edits: list[Edit] = [_set({"signoffs.treshold": 3})]
    assert f"GG706 {POLICY}" in found_after(shared_box, edits)


def test_t05_a_missing_policy_is_an_error(shared_box: GitBox) -> None:
    """And so is a base without one that has golden cases."""
    assert f"GG706 {POLICY}" in found_after(shared_box, [{"delete": POLICY}])
    assert f"GG701 {POLICY}" in found_after(
        shared_box, [{"case": {"row": "new-1"}}], [{"delete": POLICY}]
    )


def test_t06_a_dataset_is_not_moved_out_of_sight(shared_box: GitBox) -> None:
    """A renamed folder would be another dataset, and the old one empty."""
    edits: list[Edit] = [
        {"move": {"from": path, "to": path.replace("/grading/", "/grading-old/")}}
        for path in standard()
        if path.startswith("datasets/grading/")
    ]
    codes = {finding.split()[0] for finding in found_after(shared_box, edits)}
    assert {"GG304", "GG707"} <= codes


@pytest.mark.parametrize(
    ("rule", "path"),
    [("GG303", path_of("golden-1")), ("GG413", NEW), ("GG709", POLICY), ("GG901", "datasets/*")],
)
def test_t07_integrity_is_not_waived(rule: str, path: str, shared_box: GitBox) -> None:
    """Nor is anything waived by a wildcard, by itself, or by the change that needs it."""
    waiver = {"rule": rule, "path": path, "reason": "Urgent.", "expires": "2099-01-01"}
    edits: list[Edit] = [
        _set({"waivers": [waiver]}),
        {"replace": {"path": path_of("golden-1"), "old": "verdict: fail", "new": "verdict: pass"}},
        {"case": {"row": "new-1", "sign": []}},
    ]
    findings = found_after(shared_box, edits)
    assert {f"GG303 {path_of('golden-1')}", f"GG413 {NEW}", f"GG709 {POLICY}"} <= set(findings)


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/gate.yml",
        ".github/CODEOWNERS",
        ".github/actions/local/action.yml",
        ".pre-commit-config.yaml",
        "conftest.py",
        "sitecustomize.py",
        "Makefile",
        "pyproject.toml",
    ],
)
def test_t08_what_steers_the_gate_does_not_come_with_data(path: str, shared_box: GitBox) -> None:
    """Some paths are always protected, others because the base's policy names them."""
    names = ["conftest.py", "sitecustomize.py", "Makefile", "pyproject.toml"]
    base = [_set({"protected_paths": names, "version": 1})]
    edits: list[Edit] = [{"case": {"row": "new-1"}}, {"write": {"path": path, "text": "x: 1\n"}}]
    assert found_after(shared_box, edits, base) == [f"GG710 {path}"]


def test_t09_an_old_program_does_not_judge(shared_box: GitBox) -> None:
    """Nor does the change that lowers the pin succeed."""
    base = [_set({"min_tool_version": "99.0.0", "version": 1})]
    lowered: list[Edit] = [_set({"min_tool_version": "0.0.1"})]
    findings = found_after(shared_box, lowered, base)
    assert {f"GG704 {POLICY}", f"GG711 {POLICY}"} <= set(findings)


def test_t10_a_relaxed_schema_in_the_repository_changes_nothing(shared_box: GitBox) -> None:
    """The schema that judges ships with the program; the copy is refused besides."""
    relaxed: Edit = {"write": {"path": "schemas/case-v1.json", "text": "{}\n"}}
    odd: Edit = {"case": {"row": "new-1", "values": {"verdict": "whatever"}}}
    findings = found_after(shared_box, [relaxed, odd])
    assert {"GG712 schemas/case-v1.json", f"GG112 {NEW}"} <= set(findings)


class _Crashing(Rule):
    """A rule with a fault."""

    code = "GG999"
    name = "crashing"

    def check(self, change: Change) -> Iterator[Finding]:
        """Divide by nothing."""
        yield self.finding(".", str(1 // len(change.files[:0])), "")


def test_t14_a_rule_that_crashes_is_no_pass(shared_box: GitBox) -> None:
    """What it would have found is unknown, so there is no report."""
    names = [shared_box.commit(files) for files in (standard(), standard())]
    with opened(shared_box.folder) as store:
        change = checking.transition(store, *names, now=NOW)
        with pytest.raises(ZeroDivisionError):
            checking.judge(change, [*all_rules(), _Crashing()])


def test_t15_verdicts_are_never_cached(box: GitBox) -> None:
    """The same bytes under another policy, with every fact in the cache."""
    tree = box.commit(standard())
    stricter = box.commit(apply(standard(), [_set({"roster.reviewer-1.valid_to": "2026-01-31"})]))
    assert found_in(box, tree) == []
    assert found_in(box, tree) == []
    assert f"GG407 {path_of('golden-1')}" in found_in(box, stricter)
    assert found_in(box, tree) == []


def test_t07_a_waiver_counts_for_one_rule_and_one_file_until_its_day(shared_box: GitBox) -> None:
    """And it leaves a trace: what is waived is listed with its reason."""
    secret = {"values": {"actual_output": "jo.bloggs@mail-provider.net"}, "place": "queue"}
    waiver = {"rule": "GG901", "path": path_of("queue-1"), "reason": "A test.", "expires": NOW[:10]}
    base = apply(standard(), [_set({"waivers": [waiver], "version": 1})])
    edits: list[Edit] = [{"case": {"row": row} | secret} for row in ("queue-1", "new-1")]
    names = [
        shared_box.git("rev-parse", f"{shared_box.commit(files)}^{{tree}}")
        for files in (base, apply(base, edits))
    ]
    with opened(shared_box.folder) as store:
        for now, paths in ((NOW, [path_of("queue-1")]), ("2026-08-21T00:00:00Z", [])):
            change = checking.transition(store, *names, now=now)
            (rule,) = (each for each in all_rules() if each.code == "GG901")
            found = list(rule.check(change))
            kept, waived = apply_waivers(change, found)
            assert [each.finding.place.path for each in waived] == paths
            assert len(kept) + len(waived) == len(found) == 2
            unwaivable = replace(change, waivable={"GG901": False})
            assert apply_waivers(unwaivable, found) == (tuple(sorted(found)), ())
