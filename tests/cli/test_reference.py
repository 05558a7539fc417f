"""The reference says what the program says."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

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


def test_every_rule_belongs_to_a_family_that_has_a_title() -> None:
    """The first digit of a code says what the rule is about."""
    assert {code[:3] for code in pages()} <= set(FAMILIES)
