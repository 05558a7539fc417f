"""The reference says what the program says."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from goldengit import evaluators, targets
from goldengit.cli.app import VERBS
from goldengit.cli.pages import FAMILIES, pages

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.fixture(scope="module")
def render() -> ModuleType:
    """Return the script that writes the reference."""
    spec = importlib.util.spec_from_file_location("render", REFERENCE / "render.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_rendered_from_the_present_code(render: ModuleType) -> None:
    """Each page is what `python docs/reference/render.py` would write."""
    wanted = render.rendered()
    present = {path: (REFERENCE / path).read_text(encoding="utf-8") for path in wanted}
    assert wanted == present, "run `python docs/reference/render.py`"


def test_no_page_is_left_of_a_rule_that_is_gone(render: ModuleType) -> None:
    """The folder holds these pages and no other."""
    found = {f"rules/{path.name}" for path in (REFERENCE / "rules").iterdir()}
    assert found == {path for path in render.rendered() if path.startswith("rules/")}


def test_every_verb_has_its_section() -> None:
    """No command is missing in the reference."""
    text = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    assert [] == [name for name, _ in VERBS if f"## `goldengit {name}`" not in text]


def test_every_kind_has_its_section() -> None:
    """No evaluator or target that can be chosen is missing in the reference."""
    text = (REFERENCE / "evaluators.md").read_text(encoding="utf-8")
    wanted = [f"## Evaluator `{name}`" for name in evaluators.kinds()]
    wanted += [f"## Target `{name}`" for name in targets.kinds()]
    assert [] == [heading for heading in wanted if f"\n{heading}\n" not in text]


@pytest.mark.parametrize("kind", list(evaluators.kinds()))
def test_every_option_of_a_kind_is_described(kind: str) -> None:
    """Editors show the description, and so does the reference."""
    schema = evaluators.kinds()[kind].options_model.model_json_schema(by_alias=True)
    nouns = [schema, *schema.get("$defs", {}).values()]
    options = {name: one for noun in nouns for name, one in noun.get("properties", {}).items()}
    assert [] == [name for name, one in options.items() if not one.get("description")]


def test_every_rule_belongs_to_a_family_that_has_a_title() -> None:
    """The first digit of a code says what the rule is about."""
    assert {code[:3] for code in pages()} <= set(FAMILIES)
