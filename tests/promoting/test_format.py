"""Formatting: house style wherever a file may still change, and nowhere else."""

from typing import Any

import pytest

from goldengit.errors import UsageError
from goldengit.models.layout import POLICY, dataset_path
from goldengit.promoting.format import Formatted, format_rows
from goldengit.promoting.promote import promote
from tests.promoting.bench import Bench, judge
from tests.standard import NOW, draft_path, id_of, path_in, path_of

WAITING = path_of("candidate-1")


def formatted(bench: Bench, *paths: str, **options: Any) -> Formatted:
    with bench.store() as store:
        return format_rows(store, paths, judge=judge, now=NOW, **options)


def untidy(bench: Bench, path: str) -> None:
    """Give a file a comment and a quoted key, which house style has not."""
    data = (bench.top / path).read_bytes()
    (bench.top / path).write_bytes(data.replace(b"\nschema:", b'\n# a remark\n"schema":'))


def test_a_tidy_repository_stays_as_it_is(bench: Bench) -> None:
    before = bench.files()
    result = formatted(bench)
    assert ((), (), ()) == (result.changed, result.frozen, result.unreadable)
    assert before == bench.files()


@pytest.mark.parametrize(
    "path", [WAITING, path_of("queue-1"), draft_path("candidate-1", "reviewer-1")]
)
def test_what_may_change_gets_house_style(bench: Bench, path: str) -> None:
    before = bench.files()
    untidy(bench, path)
    assert (path,) == formatted(bench).changed
    assert before == bench.files()


def test_a_check_changes_nothing(bench: Bench) -> None:
    untidy(bench, WAITING)
    before = bench.files()
    assert (WAITING,) == formatted(bench, check=True).changed
    assert before == bench.files()


def test_a_frozen_case_is_reported_and_never_touched(bench: Bench) -> None:
    untidy(bench, path_of("golden-1"))
    before = bench.files()
    result = formatted(bench)
    assert (path_of("golden-1"),) == result.frozen
    assert () == result.changed
    assert before == bench.files()


def test_a_golden_case_that_is_not_frozen_yet_is_formatted(bench: Bench) -> None:
    bench.box.git("switch", "--quiet", "--create", "work")
    with bench.store() as store:
        promote(store, [id_of("candidate-1")], judge=judge, confirmer="reviewer-2", now=NOW)
    path = path_in("golden", "support", id_of("candidate-1"))
    bench.commit_all()
    before = bench.files()
    untidy(bench, path)
    assert (path,) == formatted(bench).changed
    assert before == bench.files()


def test_comments_of_policy_and_dataset_stay(bench: Bench) -> None:
    for path in (POLICY, dataset_path("support")):
        untidy(bench, path)
    before = bench.files()
    assert () == formatted(bench).changed
    assert before == bench.files()


def test_what_cannot_be_read_is_named_with_its_line(bench: Bench) -> None:
    (bench.top / WAITING).write_bytes(b"schema: &a x\nid: *a\n")
    untidy(bench, path_of("queue-1"))
    result = formatted(bench)
    assert [(WAITING, 1)] == [(path, refusal.line) for path, refusal in result.unreadable]
    assert (path_of("queue-1"),) == result.changed


def test_only_what_is_named_is_formatted(bench: Bench) -> None:
    untidy(bench, WAITING)
    untidy(bench, path_of("queue-1"))
    assert (WAITING,) == formatted(bench, "datasets/support/candidates").changed
    assert 1 == formatted(bench, path_of("queue-1")).looked_at


def test_nothing_to_format_is_said(bench: Bench) -> None:
    with pytest.raises(UsageError, match=r"nothing to format at README\.md"):
        formatted(bench, "README.md")


def test_a_path_outside_the_repository_is_refused(bench: Bench) -> None:
    with pytest.raises(UsageError, match="is not in the repository"):
        formatted(bench, "../elsewhere.yaml")
