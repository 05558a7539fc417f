"""A crew: threads that take work from one iterator, and hand back what they made of it."""

from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from queue import Empty, Queue
from threading import Lock, Thread
from typing import Generic, TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")


def spread(
    do: Callable[[Work], Result], works: Iterable[Work], size: int
) -> Generator[Result, None, None]:
    """Yield what `do` makes of each work, in the order in which it gets ready.

    Works are taken one at a time, so what yields them needs no lock of its own, and only as fast as
    the caller takes the results. A crew of one works in the caller's thread, in order. What `do` or
    the iterator raises is raised here. When the caller leaves early, nothing new is begun, and what
    is under way is not waited for: the threads are daemons.
    """
    if size == 1:
        yield from map(do, works)
        return
    crew = _Crew(do, works, size)
    try:
        yield from crew.results()
    finally:
        crew.stop()


class _Crew(Generic[Work, Result]):
    """The threads of one call of `spread`, and the queue between them and the caller."""

    def __init__(self, do: Callable[[Work], Result], works: Iterable[Work], size: int) -> None:
        self._do = do
        self._works = iter(works)
        self._size = size
        self._turn = Lock()
        self._stopped = False
        # Each thread puts at most two more things after a stop: there is room for all of them.
        self._ready: Queue[tuple[Result] | BaseException | None] = Queue(2 * size)

    def results(self) -> Generator[Result, None, None]:
        for _ in range(self._size):
            Thread(target=self._work, daemon=True).start()
        working = self._size
        while working:
            match self._ready.get():
                case None:
                    working -= 1
                case BaseException() as error:
                    raise error
                case (result,):
                    yield result

    def stop(self) -> None:
        """Let nothing new begin, and no thread wait for somebody who left.

        Afterwards the iterator of the works is not used any more.
        """
        with self._turn:
            self._stopped = True
        with suppress(Empty):
            while True:
                self._ready.get_nowait()

    def _work(self) -> None:
        try:
            while work := self._next():
                self._ready.put((self._do(*work),))
        except BaseException as error:  # noqa: BLE001 it belongs to the caller
            self._ready.put(error)
        else:
            self._ready.put(None)

    def _next(self) -> tuple[Work] | None:
        with self._turn:
            if self._stopped:
                return None
            try:
                return (next(self._works),)
            except StopIteration:
                return None
