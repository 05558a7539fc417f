"""The YAML test suite: nothing invalid is accepted, and what is accepted is read rightly."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from goldengit.models.digest import canonical
from goldengit.models.reading import Reading
from goldengit.repository.yaml_reader import read
from goldengit.repository.yaml_second_opinion import second_opinion

pytestmark = pytest.mark.real_data


class Example(NamedTuple):
    """One file of the suite, with what the strict reader made of it."""

    id: str
    valid: bool
    data: bytes
    value: Any  # what it means, where the suite says so in JSON
    reading: Reading


@pytest.fixture(scope="module")
def suite(real_data: Path) -> list[Example]:
    return list(_examples(real_data / "yaml_test_suite"))


def _examples(folder: Path) -> Iterator[Example]:
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        path = folder / row["path"]
        data = path.read_bytes()
        reading = read(data)
        value = None
        if reading.sound and row["has_json"]:
            value = json.loads(path.with_name("in.json").read_text("utf-8"))
        yield Example(row["id"], row["valid"], data, value, reading)


def test_every_invalid_file_is_refused(suite: list[Example]) -> None:
    invalid = [example for example in suite if not example.valid]
    assert 94 == len(invalid)
    assert [] == [example.id for example in invalid if example.reading.value is not None]


def test_every_accepted_file_has_the_value_that_the_suite_gives(suite: list[Example]) -> None:
    accepted = [example for example in suite if example.reading.sound]
    assert 60 == len(accepted)
    for example in accepted:
        assert canonical(example.value) == canonical(example.reading.value), example.id


def test_the_second_parser_agrees_on_every_accepted_file(suite: list[Example]) -> None:
    for example in suite:
        assert () == second_opinion(example.data, example.reading), example.id


def test_most_valid_files_are_refused_for_what_they_use(suite: list[Example]) -> None:
    refused = [one.reading.refusals for one in suite if one.valid and not one.reading.sound]
    assert {
        "GG102": 18,  # anchor, alias, merge key
        "GG103": 13,  # tag
        "GG104": 2,  # several documents
        "GG105": 18,  # directive
        "GG106": 5,  # ambiguous scalar or key
        "GG107": 52,  # tab, carriage return, no final newline
        "GG111": 130,  # no mapping at the top, mostly
        "GG113": 10,  # list or mapping as a key
    } == Counter(refusals[0].code for refusals in refused)


def test_invalid_configuration_files_do_not_crash_the_reader(real_data: Path) -> None:
    folder = real_data / "yaml_test_suite" / "schema_negative"
    readings = [read(path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    assert 16 == len(readings)
    assert 1 == sum(not reading.sound for reading in readings)  # a workflow: `on` as a key
