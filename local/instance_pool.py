"""The instances of functions: each serves one call at a time, and the next one after it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Lock
from typing import Final

from local.deployment import Function
from local.invocation import StillRunning

MOST_INSTANCES: Final = 8
"""How many instances a function has at most; further calls wait for one."""


class InstancePool[Instance]:
    """Makes instances when calls need them, and keeps them for later calls."""

    def __init__(
        self, make: Callable[[Function], Instance], end: Callable[[Instance], None]
    ) -> None:
        self._make = make
        self._end = end
        self._free = defaultdict[str, BoundedSemaphore](partial(BoundedSemaphore, MOST_INSTANCES))
        self._idle: dict[str, SimpleQueue[Instance]] = defaultdict(SimpleQueue)
        self._all: set[Instance] = set()
        self._lock = Lock()

    def fill(self, functions: Sequence[Function]) -> None:
        """Makes an instance of each function, so that first calls find one."""
        for function in functions:
            self._idle[function.logical_id].put(self._made(function))

    @contextmanager
    def taken(self, function: Function, patience: float) -> Iterator[Instance]:
        """An instance for one call; if the call raises anything, the instance is ended.

        Raises `StillRunning` when all of the function's instances are busy for so many seconds.
        """
        free, idle = self._free[function.logical_id], self._idle[function.logical_id]
        if not free.acquire(timeout=patience):
            raise StillRunning
        try:
            try:
                instance = idle.get_nowait()
            except Empty:
                instance = self._made(function)
            try:
                yield instance
            except BaseException:
                self._discard(instance)
                raise
            idle.put(instance)
        finally:
            free.release()

    def end(self) -> None:
        """Ends every instance."""
        for instance in list(self._all):
            self._discard(instance)

    def _made(self, function: Function) -> Instance:
        instance = self._make(function)
        with self._lock:
            self._all.add(instance)
        return instance

    def _discard(self, instance: Instance) -> None:
        with self._lock:
            self._all.discard(instance)
        self._end(instance)
