"""How much, how fast and in how much memory: one load after the other, each on a bot just started."""

import asyncio
import math
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.bench.api import LoadApi
from tests.bench.cores import Cores
from tests.bench.process import Place, Process, Who, started
from tests.bench.questions import questions
from tests.bench.traffic import Traffic
from tests.running import free_port

API_TAKES = 0.08
"""Seconds that Telegram takes for a call, about."""
_WARM = 100
"""Questions before the clock starts; they are not among those measured."""
_FIRST = 1_000_000
"""The number of the first update that is measured, and of its chat."""
_BURST = 3
"""Messages that a chat may get at once; after them Telegram wants a second between two."""


async def throughput(who: Who, cores: Cores, number: int, *, slow: bool, chats: int = 0) -> dict[str, float]:
    """Questions as fast as the bot takes them; `slow` lets the API take its time for each answer.

    `rate` is answers a second, `cpu` milliseconds of all the bot's threads for each, `load` the share of its
    core that the load itself needed, in percent: near 100 the rate is the load's, not the bot's. Without
    `chats` no chat asks more than three.
    """
    async with _at_work(who, cores, number) as (bot, api, asked):
        api.delay = API_TAKES if slow else 0.0
        traffic = Traffic(bot, asked, chats or math.ceil(number / _BURST), _FIRST)
        cpu, own = bot.cpu, time.process_time()
        await _answered(bot, api, traffic, traffic.at_full_speed())
        found = {
            "rate": number / traffic.seconds,
            "load": 100 * (time.process_time() - own) / traffic.seconds,
        }
        if cpu is not None and bot.cpu is not None:
            found["cpu"] = 1000 * (bot.cpu - cpu) / number
        return found


async def latency(who: Who, cores: Cores, rate: int, seconds: float) -> dict[str, float]:
    """So many questions a second for so long: `p50`, `p95` and `p99` of the milliseconds to the answer."""
    number = round(rate * seconds)
    async with _at_work(who, cores, number) as (bot, api, asked):
        traffic = Traffic(bot, asked, math.ceil(number / _BURST), _FIRST)
        await _answered(bot, api, traffic, traffic.at_rate(rate))
        cuts = statistics.quantiles(traffic.latencies, n=100, method="inclusive")
        return {f"p{percent}": 1000 * cuts[percent - 1] for percent in (50, 95, 99)}


async def memory(who: Who, cores: Cores, number: int, chats: int, every: float) -> dict[str, float]:
    """Memory under questions at the highest rate, looked at every so many seconds.

    `growth` is the mean of the last quarter over that of the second, `mib` the former in MiB. The chats ask in
    turn and several times, so that in the second quarter the bot knows them all. Nothing is returned where the
    system does not tell, or after fewer than four looks.
    """
    async with _at_work(who, cores, number) as (bot, api, asked):
        traffic = Traffic(bot, asked, chats, _FIRST)
        found: list[int] = []
        looking = asyncio.create_task(_look(bot, every, found))
        try:
            await _answered(bot, api, traffic, traffic.at_full_speed())
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        quarter = len(found) // 4
        if not quarter:
            return {}
        second, last = (statistics.fmean(part) for part in (found[quarter : 2 * quarter], found[-quarter:]))
        return {"growth": last / second, "mib": last / 2**20}


async def _look(bot: Process, every: float, found: list[int]) -> None:
    while (resident := bot.resident) is not None:
        found.append(resident)
        await asyncio.sleep(every)


async def _answered(bot: Process, api: LoadApi, traffic: Traffic, load: Coroutine[Any, Any, None]) -> None:
    api.heard = traffic.heard
    await bot.until(load, lambda: f"{traffic.missing} questions had no answer")


@asynccontextmanager
async def _at_work(
    who: Who, cores: Cores, number: int
) -> AsyncIterator[tuple[Process, LoadApi, Sequence[str]]]:
    """A bot that has answered a few questions, the API that it calls, and so many questions that are new to it."""
    asked = questions(_WARM + number)
    with tempfile.TemporaryDirectory(prefix="dayek-bench-") as folder:
        async with (
            LoadApi() as api,
            started(who, Place(Path(folder), free_port(), api, cores)) as bot,
        ):
            warming = Traffic(bot, asked[:_WARM], chats=_WARM)
            await _answered(bot, api, warming, warming.at_full_speed())
            yield bot, api, asked[_WARM:]
