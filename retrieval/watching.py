"""Long work shows how far it is: a bar in a terminal, a line now and then elsewhere."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_One = TypeVar("_One")

_SHARE = 10
"""Lines, at the most, that tell of one piece of work."""


@contextmanager
def read_articles(say: Callable[[str], object]) -> Iterator[Callable[[int, int], None]]:
    """Shows how many articles of how many are read, as it is told; nothing where they are few."""
    if sys.stderr.isatty():
        with Progress(console=Console(stderr=True), transient=True, redirect_stdout=False) as shown:
            task = shown.add_task("reading articles", total=None)
            yield lambda done, all_: shown.update(task, completed=done, total=all_)
        return
    told = 0

    def line(done: int, all_: int) -> None:
        nonlocal told
        if all_ and done * _SHARE // all_ > told:
            told = done * _SHARE // all_
            if done < all_:
                say(f"{done} of {all_} articles read")

    yield line


@contextmanager
def counted(found: Iterable[_One]) -> Iterator[Iterator[_One]]:
    """Shows in a terminal how many there were so far, as they are gone through."""
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} read"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as shown:
        task = shown.add_task("", total=None)

        def each() -> Iterator[_One]:
            for one in found:
                yield one
                shown.advance(task)
            shown.stop()  # what follows may show something of its own

        yield each()
