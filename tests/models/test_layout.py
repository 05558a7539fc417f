"""Layout: a path follows from what a file is, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.layout import (
    NAME,
    Kind,
    Spot,
    attachment_path,
    candidate_path,
    dataset_path,
    golden_path,
    labels_folder,
    locate,
    queue_path,
    rubric_path,
    schema_line,
)

datasets = st.from_regex(r"[a-z0-9][a-z0-9-]{1,62}", fullmatch=True)
cases = st.from_regex(
    r"2026-(0[1-9]|1[0-2])-[01][1-9]-[a-z0-9]{1,9}(-[a-z0-9]{1,9})?-[0-9a-f]{6}", fullmatch=True
)


@given(datasets, cases, datasets, st.integers(1, 9999))
def test_every_path_that_is_built_is_understood(
    dataset: str, case: str, name: str, number: int
) -> None:
    assert locate(golden_path(dataset, case)) == Spot(Kind.GOLDEN, dataset, case, month=case[:7])
    assert locate(candidate_path(dataset, case)) == Spot(Kind.CANDIDATE, dataset, case)
    assert locate(queue_path(dataset, case)) == Spot(Kind.QUEUE, dataset, case)
    labels = f"{labels_folder(dataset, case)}/{name}.yaml"
    assert locate(labels) == Spot(Kind.LABELS, dataset, case, name)
    assert locate(dataset_path(dataset)) == Spot(Kind.DATASET, dataset)
    assert locate(rubric_path(dataset, name, number)) == Spot(Kind.RUBRIC, dataset)
    assert locate(attachment_path(dataset, "a" * 64)) == Spot(Kind.ATTACHMENT, dataset)


pieces = st.sampled_from([
    "datasets", "evaluators", "schemas", "golden", "queue", "candidates", "rubrics", "attachments",
    "d2", "D2", "", ".", "..", "2026-01", "2026-01-01-a-abcdef.yaml", "2026-01-01-a-abcdef.labels",
    "2026-01-01-a-abcdef", "dataset.yaml", "baseline.yaml", "x.1.md", "goldengit.yaml", "\n",
])  # fmt: skip


@given(st.lists(pieces | st.text(max_size=5), min_size=1, max_size=6))
def test_whatever_is_located_as_a_row_has_the_one_path_of_that_row(parts: list[str]) -> None:
    """So two paths can never be the same row, and nothing under a root escapes the rules."""
    path = "/".join(parts)
    spot = locate(path)
    ways = {Kind.GOLDEN: golden_path, Kind.CANDIDATE: candidate_path, Kind.QUEUE: queue_path}
    if spot.kind in ways:
        assert path == ways[spot.kind](spot.dataset, spot.case)
    if parts[0] in {"datasets", "evaluators"} and len(parts) > 1:
        assert spot.kind is not Kind.OTHER


@pytest.mark.parametrize(
    "path",
    [
        "datasets/d2/golden/2026-02/2026-01-01-a-abcdef.yaml",
        "datasets/d2/golden/2026-01-01-a-abcdef.yaml",
        "datasets/d2/golden/2026-01/2026-01-01-a-abcdef.yml",
        "datasets/d2/golden/2026-01/2026-01-01-a-abcdef.yaml\n",
        "datasets/d2/golden/2026-01/2026-01-01-A-abcdef.yaml",
        "datasets/d2/golden/2026-01/x/2026-01-01-a-abcdef.yaml",
        "datasets//golden/2026-01/2026-01-01-a-abcdef.yaml",
        "datasets/d2/golden",
        "datasets/d2\n/dataset.yaml",
        "datasets/d2/rubrics/x.0.md",
        "datasets/d2/attachments/" + "A" * 64,
        "datasets/x",
        "evaluators/x",
    ],
)
def test_nearly_right_is_misplaced(path: str) -> None:
    assert locate(path).kind is Kind.MISPLACED


@pytest.mark.parametrize(
    "path", ["Datasets/d2/x", "/datasets/d2/x", "x/datasets/d2/y", "goldengit.yaml/x"]
)
def test_what_is_not_below_a_root_is_other(path: str) -> None:
    assert locate(path).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".github/workflows/gate.yml", Kind.WORKFLOW),
        (".github/workflows/gate.yaml", Kind.WORKFLOW),
        (".github/workflows/old/gate.yml", Kind.OTHER),
        (".github/workflows/gate.yml.txt", Kind.OTHER),
        ("x/.github/workflows/gate.yml", Kind.OTHER),
        ("action.yml", Kind.ACTION),
        (".github/actions/a/b/action.yaml", Kind.ACTION),
        (".github/actions/a/other.yaml", Kind.OTHER),
        ("x/action.yml", Kind.OTHER),
        (".pre-commit-config.yaml", Kind.HOOKS),
        (".pre-commit-hooks.yaml", Kind.OTHER),
    ],
)
def test_what_runs_the_checks_is_told_from_data(path: str, kind: Kind) -> None:
    """GitHub runs the workflows of one folder, not of those below it."""
    assert locate(path).kind is kind
    assert not kind.is_data


@given(st.text(max_size=20))
def test_a_name_has_no_dot_slash_or_blank(text: str) -> None:
    if NAME.fullmatch(text):
        assert text.isascii()
        assert text == text.lower()
        assert not set(text) & set("./ \n_")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("goldengit.yaml", "$schema=./schemas/policy-v1.json"),
        ("datasets/d2/dataset.yaml", "$schema=../../schemas/dataset-v1.json"),
        ("datasets/d2/queue/x.yaml", "$schema=../../../schemas/case-v1.json"),
        (golden_path("d2", "2026-01-01-a-abcdef"), "$schema=../../../../schemas/case-v1.json"),
    ],
)
def test_the_first_line_leads_from_the_file_to_its_schema(path: str, line: str) -> None:
    assert schema_line(path) == f"# yaml-language-server: {line}"
    if "golden/" in path:
        assert schema_line(path, "goldengit/tombstone/v1").endswith("tombstone-v1.json")
