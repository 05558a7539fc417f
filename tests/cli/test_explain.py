"""The pages of the rules, and the schemas, at the terminal."""

import json

import jsonschema
import pytest

from goldengit.errors import CodedError
from goldengit.evaluators import kinds
from goldengit.guarantees import all_guarantees
from goldengit.models.schemas import SCHEMA_NAMES
from goldengit.rules import all_rules
from tests.cli.running import goldengit
from tests.promoting.bench import Bench

NAMES = [
    *((rule.code, rule.name) for rule in all_rules()),
    *((guarantee.code, guarantee.name) for guarantee in all_guarantees()),
    *((error.code, error.name) for error in CodedError.__subclasses__()),
]


def test_a_page_is_found_by_code_and_by_name(untouched: Bench) -> None:
    """Case of letters does not matter; both words lead to the same page."""
    by_code = goldengit(untouched.top, "explain", "gg303")
    assert by_code == goldengit(untouched.top, "explain", "Golden-Edited")
    assert by_code.out.startswith("GG303 golden-edited\n")
    assert "\nWhy it matters\n" in by_code.out


def test_all_rules_are_listed_aligned(untouched: Bench) -> None:
    """Every code stands in the list, under its family, names in one column."""
    lines = goldengit(untouched.top, "explain").out.splitlines()
    rows = [line for line in lines if line.startswith("  GG")]
    assert sorted(code for code, _ in NAMES) == [row.split()[0] for row in rows]
    column = max(len(name) for _, name in NAMES)
    assert {" "} == {row[9 + column] for row in rows}
    assert "GG3  append-only" in lines


@pytest.mark.parametrize("code", ["GG803", "GG805", "GG807", "GG809"])
def test_an_error_with_a_code_has_a_page(untouched: Bench, code: str) -> None:
    """No rule finds these: whoever reads the repository or the platform raises them."""
    assert code not in {rule.code for rule in all_rules()}
    page = goldengit(untouched.top, "explain", code)
    assert page.out.startswith(code)
    assert "\nHow to fix\n" in page.out


def test_no_two_pages_share_a_code() -> None:
    assert len(NAMES) == len(dict(NAMES))


def test_an_unknown_code_names_its_neighbours(untouched: Bench) -> None:
    """A typing error is answered with what was probably meant."""
    ran = goldengit(untouched.top, "explain", "GG33")
    assert 2 == ran.code
    assert "GG303" in ran.err


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_a_schema_is_printed_as_json(untouched: Bench, name: str) -> None:
    """What is printed is a JSON Schema, ready for an editor."""
    schema = json.loads(goldengit(untouched.top, "schema", name).out)
    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]


def test_the_schemas_are_listed(untouched: Bench) -> None:
    """Without a name the names are told, with those of the kinds of evaluators."""
    names = goldengit(untouched.top, "schema").out.split()
    assert list(SCHEMA_NAMES) == names[: len(SCHEMA_NAMES)]
    assert [f"evaluator-{kind}" for kind in kinds()] == names[len(SCHEMA_NAMES) :]


@pytest.mark.parametrize("kind", list(kinds()))
def test_the_schema_of_a_kind_holds_its_options(untouched: Bench, kind: str) -> None:
    schema = json.loads(goldengit(untouched.top, "schema", f"evaluator-{kind}").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["kind"] == {"const": kind}
    assert schema["properties"]["options"]["additionalProperties"] is False


def test_the_schema_of_a_kind_that_is_not_there_is_refused(untouched: Bench) -> None:
    ran = goldengit(untouched.top, "schema", "evaluator-oracle")
    assert ran.code == 2
    assert "The kinds are" in ran.err
