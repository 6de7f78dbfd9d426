"""Which core does what, so that the load and the bot under it do not take each other's time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Cores:
    """The first core of this process is the bots', the second one is for the load and the API.

    Where there is only one core, or a system that does not pin, everything runs where the system likes.
    """

    def __init__(self) -> None:
        self._all = os.sched_getaffinity(0) if sys.platform == "linux" else set[int]()
        self._is_pinned = len(self._all) > 1
        self.bots, self.load = sorted(self._all)[:2] if self._is_pinned else (0, 0)

    def __str__(self) -> str:
        if not self._is_pinned:
            return "not pinned to cores"
        return f"the bots on core {self.bots}, load and API on core {self.load}"

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """This thread and those that it starts run on the second core while it is entered."""
        with self._on({self.load}, afterwards=self._all):
            yield

    @contextmanager
    def of_bots(self) -> Iterator[None]:
        """What is started while it is entered runs on the first core for good: a process inherits its cores."""
        with self._on({self.bots}, afterwards={self.load}):
            yield

    @contextmanager
    def _on(self, cores: set[int], afterwards: set[int]) -> Iterator[None]:
        self._set(cores)
        try:
            yield
        finally:
            self._set(afterwards)

    def _set(self, cores: set[int]) -> None:
        if self._is_pinned and sys.platform == "linux":
            os.sched_setaffinity(0, cores)
