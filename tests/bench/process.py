"""The bot and its peer as processes: started, watched, and ended whatever happens."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process as Subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

from bot.log import redact
from bot.settings import Secret
from tests.bench.cores import Cores
from tests.double import TOKEN, BotApi
from tests.running import ROOT, SECRET, environment

_MODULES = {"ours": ("bot", "webhook"), "peer": ("tests.bench.echo",)}
_PATIENCE = 60.0
"""Seconds without any progress after which a bot counts as stuck."""
NO_LIMIT = 24 * 3600.0
"""Seconds for waiting in the double: it is the patience with the bot that ends."""
_LOOK = 0.01
"""Seconds between two tries to reach its web server."""
_TAIL = 5
"""Lines of a log that an error shows."""
Who = Literal["ours", "peer"]


class BrokenError(Exception):
    """A measurement that could not be made; the text says what happened, with the end of the bot's log."""


class Place(NamedTuple):
    """Where a bot works: its folder, with the database and the log, its port and the API that it calls."""

    folder: Path
    port: int
    api: BotApi
    cores: Cores

    @property
    def base(self) -> str:
        """The address of its web server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it writes goes there."""
        return self.folder / "log"


class Process:
    """A bot at work in its place."""

    def __init__(self, who: Who, place: Place, process: Subprocess) -> None:
        self.place = place
        self._who = who
        self._process = process

    @property
    def cpu(self) -> float | None:
        """Seconds that all its threads have computed so far; None where the system does not tell."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else None

    @property
    def resident(self) -> int | None:
        """Bytes of memory that it has; None where the system does not tell."""
        fields = self._proc("statm").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if fields else None

    async def ended(self, number: signal.Signals) -> int:
        """The exit status after a signal. Raises BrokenError where it runs on for a minute."""
        with suppress(ProcessLookupError):
            self._process.send_signal(number)
        try:
            return await asyncio.wait_for(self._process.wait(), _PATIENCE)
        except TimeoutError:
            raise self.broken(f"runs on {_PATIENCE:.0f} s after {number.name}") from None

    async def until(self, done: Coroutine[Any, Any, object], lacking: Callable[[], str]) -> None:
        """Waits for `done`; `lacking` says what is not there yet.

        Raises BrokenError where the process ends first, or where a minute passes in which that does not change.
        """
        waiting = asyncio.create_task(done)
        ending = asyncio.create_task(self._process.wait())
        both: set[asyncio.Task[Any]] = {waiting, ending}
        try:
            said = ""
            while not waiting.done():
                if ending.done():
                    raise self.broken(f"ended with status {ending.result()} while {lacking()}")
                if lacking() == said:
                    raise self.broken(f"for {_PATIENCE:.0f} s {lacking()}")
                said = lacking()
                await asyncio.wait(both, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            await waiting
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    def broken(self, what: str) -> BrokenError:
        """The error that says so, with the end of the log."""
        lines = self.place.log.read_text("utf-8", "replace").splitlines()[-_TAIL:]
        shown = redact("".join(f"\n    {line}" for line in lines), [Secret(TOKEN), Secret(SECRET)])
        return BrokenError(f"{self._who}: {what}. Its log ends with:{shown or ' nothing'}")

    def _proc(self, name: str) -> str:
        try:
            return Path(f"/proc/{self._process.pid}/{name}").read_text("utf-8")
        except OSError:
            return ""


@asynccontextmanager
async def started(who: Who, place: Place) -> AsyncIterator[Process]:
    """A bot that has registered its webhook; killed at the end, unless it has ended by then."""
    with place.log.open("ab") as log, place.cores.of_bots():
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *_MODULES[who],
            cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            env={"PATH": os.environ["PATH"], **environment(place.folder, place.api, place.port)},
        )  # fmt: skip
    try:
        bot = Process(who, place, process)
        await bot.until(_ready(place), lambda: "its webhook was not registered, or not served")
        yield bot
        if refused := place.api.refusals:
            raise bot.broken(f"the API refused its {refused[0].method}: {refused[0].description}")
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _ready(place: Place) -> None:
    """Waits for the registration, and for the web server, which the library starts after that."""
    before = place.api.counts["setWebhook", 200]
    await place.api.until(lambda: place.api.counts["setWebhook", 200] > before, NO_LIMIT)
    while True:
        try:
            _, connection = await asyncio.open_connection("127.0.0.1", place.port)
        except OSError:
            await asyncio.sleep(_LOOK)
        else:
            connection.close()
            await connection.wait_closed()
            return
