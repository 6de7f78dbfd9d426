"""The load benchmark: the webhook service and, as its peer, python-telegram-bot's own webhook that echoes.

Both meet the same API on this machine and the same questions, one after the other and several times, on cores
of their own; each run begins with a new process and an empty database in the system's folder for temporary
files. The rate is what one core answers; the latency is counted from the moment a question was due, whether or
not the load was late with it.
"""

import asyncio
import gc
import platform
import statistics
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from signal import SIGHUP, SIGKILL, SIGTERM, Signals
from typing import Any, NamedTuple

import uvloop
from rich.progress import Progress

from tests.bench.cores import Cores
from tests.bench.durable import stopped
from tests.bench.process import BrokenError, Who
from tests.bench.speed import latency, memory, throughput
from tests.bench.table import Figure, Found, Table, Target

RATE = 300
"""Questions a second while latency is measured."""
_SLOW_CHATS = 600
"""Chats that ask while the API is slow. Eight questions of each, with Telegram's second between two answers in a
chat after the third, hold up no bot with less than 960 answers a second."""


class Sides(NamedTuple):
    """A number for the bot and one for its peer."""

    ours: float
    peer: float


@dataclass(frozen=True)
class Sizes:
    """How much is measured; 0 leaves it out."""

    runs: int  # of each of the first three
    instant: Sides  # questions
    slow: Sides  # questions
    steady: Sides  # seconds
    kills: Sides  # runs
    ends: Sides  # runs
    chats: int  # that ask while the bot is stopped
    each: int  # questions of each of them
    memory: int  # questions
    memory_chats: int
    look: float  # seconds between two looks at the memory


FULL = Sizes(
    runs=3, instant=Sides(6000, 3000), slow=Sides(4800, 240), steady=Sides(20, 20),
    kills=Sides(20, 1), ends=Sides(5, 1), chats=60, each=5,
    memory=50_000, memory_chats=5000, look=1,
)  # fmt: skip
QUICK = Sizes(
    runs=1, instant=Sides(1500, 600), slow=Sides(1200, 48), steady=Sides(4, 4),
    kills=Sides(2, 0), ends=Sides(1, 0), chats=60, each=5,
    memory=4000, memory_chats=1400, look=0.25,
)  # fmt: skip


def _worst(statuses: Iterable[float]) -> float:
    return next((status for status in statuses if status), 0)


_mean = statistics.fmean
FIGURES = (
    Figure("instant API rate", "instant API: answers a second", "", Target("≥", 1, of="ratio")),
    Figure("instant API cpu", "instant API: CPU an update", "ms"),
    Figure("instant API load", "instant API: the load's own core", "%"),
    Figure("80 ms API rate", "80 ms API: answers a second", "", Target("≥", 5, of="ratio")),
    Figure("80 ms API cpu", "80 ms API: CPU an update", "ms"),
    Figure("steady rate p50", f"{RATE} a second: p50 to the answer", "ms"),
    Figure("steady rate p95", f"{RATE} a second: p95 to the answer", "ms", Target("≤", 10)),
    Figure("steady rate p99", f"{RATE} a second: p99 to the answer", "ms"),
    Figure("SIGKILL once", "SIGKILL: answered once", "%", of_runs=_mean),
    Figure("SIGKILL twice", "SIGKILL: answered twice", "%", of_runs=_mean),
    Figure("SIGKILL never", "SIGKILL: never answered", "%", Target("=", 0), of_runs=_mean),
    Figure("SIGKILL most", "SIGKILL: most too many in a chat", "", Target("≤", 1), of_runs=max),
    Figure("SIGTERM seconds", "SIGTERM: time to the exit", "s"),
    Figure("SIGTERM status", "SIGTERM: exit status", "", Target("=", 0), of_runs=_worst),
    Figure("SIGTERM twice", "SIGTERM: answered twice", "%", of_runs=_mean),
    Figure("SIGTERM never", "SIGTERM: never answered", "%", Target("=", 0), of_runs=_mean),
    Figure("memory growth", "memory: last quarter by second", "", Target("≤", 1.05)),
    Figure("memory mib", "memory: last quarter", "MiB"),
)
"""What is shown, by the name of the step and that of the figure in it."""


@dataclass(frozen=True)
class _Step:
    name: str
    who: Who
    run: Callable[[], Coroutine[Any, Any, dict[str, float]]]


def benchmark(*, quick: bool, progress: Progress) -> Table:
    """Measures everything; what breaks is named in the table, and the rest goes on."""
    sizes = QUICK if quick else FULL
    cores = Cores()
    table = Table(
        "Load of the webhook service",
        [],
        [
            "peer: python-telegram-bot's own webhook in its default settings, an echo",
            f"of {sizes.runs} runs the median; of {sizes.kills.ours} kills and {sizes.ends.ours} stops the mean share and the worst",
            f"Python {platform.python_version()}, {cores}",
        ],
    )
    found = Found()
    # What is there before the load stays for good: no pause of the collector should count as a bot's.
    gc.collect()
    gc.freeze()
    try:
        with cores.pinned(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_measured(list(_steps(sizes, cores)), found, table.broken, progress))
    finally:
        gc.unfreeze()
    table.rows = found.rows(FIGURES)
    return table


async def _measured(steps: list[_Step], found: Found, broken: list[str], progress: Progress) -> None:
    task = asyncio.current_task()
    if task is not None:
        # As Ctrl-C does: the bots are ended on the way out.
        for number in (SIGTERM, SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    shown = progress.add_task("", total=len(steps))
    for step in steps:
        # Drawn between the runs only: drawing takes the time of the load.
        progress.update(shown, description=f"{step.name}, {step.who}", refresh=True)
        try:
            figures = await step.run()
        except BrokenError as error:
            broken.append(f"{step.name}, {error}")
        else:
            found.add(step.who, {f"{step.name} {name}": figure for name, figure in figures.items()})
        progress.update(shown, advance=1, refresh=True)
    progress.remove_task(shown)


def _steps(sizes: Sizes, cores: Cores) -> Iterator[_Step]:
    """Bot and peer in turn, so that the machine's moods meet both."""
    for _ in range(sizes.runs):
        for who, number in _sides(sizes.instant):
            yield _Step("instant API", who, partial(throughput, who, cores, int(number), slow=False))
    for _ in range(sizes.runs):
        for who, number in _sides(sizes.slow):
            load = partial(throughput, who, cores, int(number), slow=True, chats=_SLOW_CHATS)
            yield _Step("80 ms API", who, load)
    for _ in range(sizes.runs):
        for who, seconds in _sides(sizes.steady):
            yield _Step("steady rate", who, partial(latency, who, cores, RATE, seconds))
    yield from _stops(SIGKILL, sizes.kills, sizes, cores)
    yield from _stops(SIGTERM, sizes.ends, sizes, cores)
    if sizes.memory:
        looking = partial(memory, "ours", cores, sizes.memory, sizes.memory_chats, sizes.look)
        yield _Step("memory", "ours", looking)


def _stops(number: Signals, times: Sides, sizes: Sizes, cores: Cores) -> Iterator[_Step]:
    for seed in range(int(max(times))):
        for who, many in _sides(times):
            if seed < many:
                yield _Step(
                    number.name, who, partial(stopped, who, cores, number, sizes.chats, sizes.each, seed)
                )


def _sides(sides: Sides) -> list[tuple[Who, float]]:
    found: list[tuple[Who, float]] = [("ours", sides.ours), ("peer", sides.peer)]
    return [(who, number) for who, number in found if number]
