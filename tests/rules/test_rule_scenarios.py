"""Every rule does what its scenarios say."""

import re
from pathlib import Path

import pytest

from goldengit.rules import all_rules
from tests.gitbox import GitBox
from tests.scenarios import Scenario, files_with_scenarios, rules_of, scenarios, shown

CODES = files_with_scenarios()
ALL = [scenario for code in CODES for scenario in scenarios(code)]


def _named(scenarios: list[Scenario]) -> list[object]:
    return [pytest.param(scenario, id=scenario.name) for scenario in scenarios]


@pytest.mark.parametrize("scenario", _named(ALL))
def test_a_rule_finds_what_its_scenario_expects(scenario: Scenario, shared_box: GitBox) -> None:
    """No more and no less, judged by this rule alone."""
    problems = scenario.problems(scenario.run(shared_box, rules_of(scenario.rule)))
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize("scenario", _named([one for one in ALL if one.clean]))
def test_all_rules_are_content_with_a_clean_scenario(
    scenario: Scenario, shared_box: GitBox
) -> None:
    """What is legal for one rule is legal for the others too."""
    problems = [shown(finding) for finding in scenario.run(shared_box).findings]
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize("check", ["transition", "whole"])
def test_the_standard_repository_has_no_finding(check: str, shared_box: GitBox) -> None:
    """The base of every scenario is sound."""
    words = {"name": "nothing happens", "check": check, "deep": check == "whole", "expect": []}
    problems = [shown(finding) for finding in Scenario("GG000", words).run(shared_box).findings]
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize("code", [rule.code for rule in all_rules()])
def test_every_rule_has_a_passing_and_a_failing_scenario(code: str) -> None:
    """A rule without both could say anything."""
    verdicts = {bool(scenario.words["expect"]) for scenario in scenarios(code)}
    assert verdicts == {True, False}


@pytest.mark.parametrize("code", CODES)
def test_every_scenario_file_belongs_to_a_rule(code: str) -> None:
    """A file for no rule would never run."""
    assert len(rules_of(code)) == 1


def test_every_code_with_which_a_file_is_refused_has_a_rule() -> None:
    """A refusal that no rule reports would make a file unread, and silently so."""
    folder = Path(__file__).parents[2] / "goldengit" / "repository"
    named = {
        code
        for path in folder.glob("*.py")
        for code in re.findall(r'"(GG[17]\d\d)"', path.read_text("utf-8"))
    }
    assert named <= {rule.code for rule in all_rules()}
    assert {"GG101", "GG112", "GG114", "GG706"} <= named
