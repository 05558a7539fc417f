"""The records in docs/adr tell the truth about the code."""

import re
from collections import defaultdict
from collections.abc import Iterator
from types import UnionType
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from goldengit.models.dataset import EvaluatorUse
from goldengit.models.policy import Policy
from goldengit.repository import yaml_reader
from tests.golden_files import ADR, GOLDEN, PLACES, ROOT, examples, modelled, policy, policy_text


@pytest.mark.parametrize("record", ["0001-data-formats.md", "0003-signoffs.md"])
def test_the_examples_of_a_record_are_the_golden_files(record: str) -> None:
    """A titled block is its file, or what a file has more than case.yaml."""
    case = (GOLDEN / "case.yaml").read_text(encoding="utf-8")
    for title, block in examples(record).items():
        text = (ROOT / title.split(" in ")[-1]).read_text(encoding="utf-8")
        wanted = text.removeprefix(case) if title.startswith("appended in ") else text
        assert wanted.rstrip("\n") == block.rstrip("\n"), title


def named_keys(*roots: BaseModel) -> dict[type[BaseModel], set[str]]:
    """Return, for each model inside these, the fields that are given somewhere."""
    given_keys: dict[type[BaseModel], set[str]] = defaultdict(set)
    waiting: list[Any] = list(roots)
    while waiting:
        match waiting.pop():
            case BaseModel() as noun:
                given_keys[type(noun)] |= noun.model_fields_set
                waiting += [getattr(noun, name) for name in noun.model_fields_set]
            case tuple() as items:
                waiting += items
            case dict() as mapping:
                waiting += mapping.values()
            case _:
                pass
    return given_keys


def test_the_examples_of_the_formats_have_every_key() -> None:
    """No key of a case, tombstone, dataset or draft is missing from record 0001."""
    missing = {
        f"{model.__name__}.{name}"
        for model, names in named_keys(*map(modelled, PLACES)).items()
        for name in set(model.model_fields) - names
    }
    # The one stands in the place of superseded_by, the other came with record 0008.
    assert {"Tombstone.withdrawn", "EvaluatorUse.applies_to"} == missing


def test_the_example_of_an_evaluators_use_has_every_key() -> None:
    """No key with which a dataset names an evaluator is missing from record 0008."""
    record = (ADR / "0008-scorecards-and-answers.md").read_text(encoding="utf-8")
    block = re.search(r"^```yaml\n(evaluators:.*?)^```", record, re.DOTALL | re.MULTILINE)
    assert block
    uses = [EvaluatorUse.model_validate(use) for use in yaml.safe_load(block[1])["evaluators"]]
    assert set(EvaluatorUse.model_fields) == {key for use in uses for key in use.model_fields_set}


def test_the_example_policy_has_every_key() -> None:
    """No key of the policy model is missing from record 0002."""
    for model, names in named_keys(policy()).items():
        assert set(model.model_fields) == names, model.__name__


def test_the_strict_reader_accepts_the_example_policy() -> None:
    """What the record shows can be copied into a repository as it stands."""
    reading = yaml_reader.read(policy_text().encode())
    assert () == reading.refusals
    assert Policy.model_validate(reading.value) == policy()


def documented(noun: BaseModel, node: yaml.Node | None) -> Iterator[tuple[BaseModel, str, str]]:
    """Yield each scalar key of the example: its noun, its name and the comment on its line."""
    assert isinstance(node, yaml.MappingNode)
    lines = policy_text().splitlines()
    names = {field.alias or name: name for name, field in type(noun).model_fields.items()}
    for key, child in node.value:
        name = names[key.value]
        value = getattr(noun, name)
        if isinstance(value, BaseModel):
            yield from documented(value, child)
            continue
        yield noun, name, lines[key.start_mark.line].partition("  # ")[2]
        if isinstance(value, dict):
            for (_, inner), item in zip(child.value, value.values(), strict=True):
                yield from documented(item, inner)
        elif value and isinstance(value, tuple) and isinstance(value[0], BaseModel):
            for inner, item in zip(child.value, value, strict=True):
                yield from documented(item, inner)


def test_every_key_of_the_example_policy_tells_its_true_default() -> None:
    """`required` and `default` in the comments are what the model says."""
    told: dict[tuple[type[BaseModel], str], str] = {}
    for noun, name, comment in documented(policy(), yaml.compose(policy_text())):
        field = type(noun).model_fields[name]
        if not comment:
            continue  # a second person need not explain the keys again
        word, _, shown = comment.partition(";")[0].partition(" ")
        told[type(noun), name] = word
        assert ("required" if field.is_required() else "default") == word, (name, comment)
        if word == "default":
            default = yaml.safe_load(shown) if shown else getattr(noun, name)
            wanted = field.get_default(call_default_factory=True)
            assert wanted == (tuple(default) if isinstance(default, list) else default), name
    sections = {name for name, field in Policy.model_fields.items() if is_section(field.annotation)}
    for model in named_keys(policy()):
        documented_here = {name for owner, name in told if owner is model}
        left = set(model.model_fields) - documented_here
        assert left == (sections if model is Policy else set()), model.__name__


def is_section(annotation: Any) -> bool:
    """Tell whether a key holds a section, which may be left out altogether."""
    kind = get_args(annotation)[0] if isinstance(annotation, UnionType) else annotation
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def test_every_record_is_listed_and_has_a_status() -> None:
    """The index names each record, and the second paragraph of each is its status."""
    index = (ADR / "README.md").read_text(encoding="utf-8")
    for path in ADR.glob("[0-9]*.md"):
        assert f"({path.name})" in index
        status = path.read_text(encoding="utf-8").split("\n\n")[1]
        assert re.match(r"Status: (proposed|accepted|superseded by [0-9]{4})\.", status), path.name
