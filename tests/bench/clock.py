"""How long engines take for questions, in turn, so that the machine's moods meet all of them."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

BLOCKS = 10
"""Turns that each engine takes."""
_WARM = 3
"""Questions before the clock starts."""


class Task(NamedTuple):
    """What is timed: something to do for each of some questions."""

    do: Callable[[Any], object]
    questions: Sequence[Any]


def seconds(tasks: Mapping[str, Task]) -> dict[str, list[float]]:
    """For each task the seconds of each of its questions, in their order.

    The tasks take turns of a tenth of their questions each, in an order that turns as well. A task begins its
    turn with the question before, which is not timed: the others have taken the caches of the processor.
    """
    for task in tasks.values():
        for question in task.questions[:_WARM]:
            task.do(question)
    found: dict[str, list[float]] = {name: [] for name in tasks}
    names = list(tasks)
    with quiet():
        for block in range(BLOCKS):
            for name in names[block % len(names) :] + names[: block % len(names)]:
                do, questions = tasks[name]
                first, last = (len(questions) * at // BLOCKS for at in (block, block + 1))
                if first < last:
                    do(questions[first - 1])
                    found[name].extend(_each(do, questions[first:last]))
    return found


def _each(do: Callable[[Any], object], questions: Iterable[Any]) -> Iterator[float]:
    for question in questions:
        began = time.perf_counter()
        do(question)
        yield time.perf_counter() - began


@contextmanager
def quiet() -> Iterator[None]:
    """No garbage is collected while it is entered: a pause would count as that engine's whose turn it is."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def typical(rounds: Sequence[Mapping[str, Sequence[float]]]) -> dict[str, list[float]]:
    """For each task of the last round the median seconds of each of its questions over all rounds."""
    return {
        name: [statistics.median(each) for each in zip(*(one[name] for one in rounds), strict=True)]
        for name in rounds[-1]
    }


def percentiles(found: Sequence[float]) -> dict[str, float]:
    """The `p50` and `p95` of seconds, in milliseconds."""
    if len(found) == 1:
        return dict.fromkeys(("p50", "p95"), 1000 * found[0])
    cuts = statistics.quantiles(found, n=100, method="inclusive")
    return {"p50": 1000 * cuts[49], "p95": 1000 * cuts[94]}
