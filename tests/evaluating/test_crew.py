"""Threads take work one at a time, and nothing of it is lost or waited for in vain."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.evaluating.crew import spread


@given(st.lists(st.integers(), max_size=60), st.integers(1, 8))
def test_every_work_is_done_once(works: list[int], size: int) -> None:
    assert sorted(work * 2 for work in works) == sorted(spread(lambda one: one * 2, works, size))


def test_a_crew_of_one_works_in_the_callers_thread_and_in_order() -> None:
    me = threading.get_ident()
    found = list(spread(lambda one: (one, threading.get_ident()), range(5), 1))
    assert [(number, me) for number in range(5)] == found


def test_a_crew_works_at_the_same_time() -> None:
    """Each of four waits for the other three."""
    together = threading.Barrier(4, timeout=30)
    assert 4 == len(list(spread(lambda _: together.wait(), range(4), 4)))


def test_works_are_taken_one_at_a_time_and_only_as_they_are_needed() -> None:
    taken: list[int] = []

    def works() -> Iterator[int]:
        for number in range(10_000):
            taken.append(number)
            yield number

    with closing(spread(lambda one: one, works(), 3)) as results:
        next(results)
        time.sleep(0.05)
    assert len(taken) < 100
    assert taken == list(range(len(taken)))


@pytest.mark.parametrize("size", [1, 4])
def test_what_a_work_raises_is_raised_to_the_caller(size: int) -> None:
    def do(number: int) -> int:
        return 1 // (number - 7)

    with pytest.raises(ZeroDivisionError):
        list(spread(do, range(20), size))


@pytest.mark.parametrize("size", [1, 4])
def test_what_the_iterator_raises_is_raised_to_the_caller(size: int) -> None:
    def works() -> Iterator[int]:
        yield 1
        raise KeyError

    with pytest.raises(KeyError):
        list(spread(lambda one: one, works(), size))


def test_a_caller_who_leaves_does_not_wait_and_nothing_new_begins() -> None:
    """Threads that are still busy end by themselves; the iterator is left alone."""
    go, begun = threading.Event(), []

    def do(number: int) -> int:
        begun.append(number)
        if number:
            assert go.wait(30)
        return number

    with closing(spread(do, range(1000), 3)) as results:
        assert 0 == next(results)
    go.set()
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and thread.daemon:
            thread.join(0.2)
    assert {0} < set(begun) <= {0, 1, 2, 3}
