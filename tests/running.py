"""The bot at work against the double: as a process of its own, or put together in this one."""

import asyncio
import contextlib
import io
import os
import signal
import socket
import sys
import time
from contextlib import ExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp

from bot import running
from bot.inbox import Inbox
from bot.memory import Memory
from bot.polling import poll
from bot.settings import Secret, load
from bot.webhook import serve
from bot.writer import Writer
from retrieval.ways import ways_of
from tests.double import TOKEN

ROOT = Path(__file__).parent.parent
SECRET = "a-secret-that-only-telegram-knows_0123456789"
PUBLIC = "https://bot.example.org/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
QUESTION = "Мәжіліс төрағасы кім?"
ANSWER = "Ерлан Қошанов"


def free_port():
    """A port that was free a moment ago."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return listening.getsockname()[1]


def environment(folder, api=None, port=None, **more):
    """The settings of a bot with its database in the folder, talking to the double."""
    found = {"DATABASE": str(folder / "dayek.db"), "TELEGRAM_BOT_TOKEN": TOKEN}
    if api is not None:
        found["TELEGRAM_API_URL"] = api.url
    if port is not None:
        found |= {"PORT": str(port), "WEBHOOK_URL": PUBLIC, "WEBHOOK_SECRET": SECRET}
    return {name: value for name, value in (found | more).items() if value is not None}


class Bot:
    """A process of `python -m bot`; what it writes is read as it comes, so that it never waits for us."""

    def __init__(self, process):
        self.process = process
        self.lines: list[str] = []
        self._more = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self):
        while line := await self.process.stdout.readline():
            self.lines.append(line.decode().rstrip("\n"))
            self._tell()
        self._tell()

    def _tell(self):
        self._more.set()
        self._more = asyncio.Event()

    async def line(self, text, seconds=20):
        """The first line with this text. Raises TimeoutError, or EOFError where the process ends without one."""
        async with asyncio.timeout(seconds):
            while True:
                if found := next((line for line in self.lines if text in line), None):
                    return found
                if self._reading.done():
                    raise EOFError(f"no line with {text!r}:\n" + "\n".join(self.lines))
                await self._more.wait()

    async def ended(self, seconds=20):
        """The exit status and all that was written, once it has ended by itself."""
        async with asyncio.timeout(seconds):
            await asyncio.shield(self._reading)
            return await self.process.wait(), "\n".join(self.lines)

    async def stopped(self, number=signal.SIGTERM, seconds=20):
        """The exit status and all that was written, after a signal."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        return await self.ended(seconds)

    def count(self, text):
        """How many lines have this text."""
        return sum(text in line for line in self.lines)


@asynccontextmanager
async def started(*arguments, **settings):
    """A running process, killed at the end where it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={"PATH": os.environ["PATH"], **settings},
    )  # fmt: skip
    bot = Bot(process)
    try:
        yield bot
    finally:
        if process.returncode is None:
            await bot.stopped(signal.SIGKILL)
        await bot._reading


class Still:
    """Stands where the library does, with an index that does not change."""

    def __init__(self, index):
        self.index = index

    def refresh(self):
        return False

    def version(self, _id, _digest):
        return None


@asynccontextmanager
async def at_work(folder, api, index, port=None, *, mode="webhook", busy=5.0, ways=None, **more):
    """The same bot in this process, over an index, or over the library of the folder where there is none.

    `ways` makes of the library what feeds are read with. Stopped at the end as by a signal.
    """
    settings = load(environment(folder, api, port, **{"ARTICLES": str(ROOT / "seeds")} | more))
    assert settings.token is not None
    with ExitStack() as closed:
        library: Any = Still(index)
        if index is None:
            library = closed.enter_context(running.opened(settings, lambda _: None))
        writer = Writer(settings.database, busy)
        closed.callback(writer.close)
        inbox = Inbox(settings.database, writer)
        closed.callback(inbox.close)
        memory = Memory(settings.database, time.time(), writer)
        closed.callback(memory.close)
        begun = asyncio.get_running_loop().create_future()

        async def run(service):
            begun.set_result(service)
            if mode == "polling":
                await poll(service)
            else:
                await serve(service, PUBLIC, Secret(SECRET), "127.0.0.1", port)

        read = ways_of(library, settings.fetch_also) if ways is None else ways(library)
        work = asyncio.create_task(
            running._at_work(settings, settings.token, library, inbox, memory, run, read)
        )
        try:
            await asyncio.wait({work, begun}, return_when=asyncio.FIRST_COMPLETED)
            if not begun.done():
                await work
            yield begun.result()
        finally:
            if begun.done():
                begun.result().stopping.set()
            await work


async def post(url, body, secret=SECRET, **headers):
    """The status of the answer to a body, posted as Telegram does."""
    shown = {HEADER: secret} if secret is not None else {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            url, data=io.BytesIO(body), headers={"Content-Type": "application/json", **shown, **headers}
        ) as answer,
    ):
        await answer.read()
        return answer.status


async def get(url):
    """The status and the text of a page."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


def sent(api, chat=None):
    """The texts of the messages that the bot has sent, to one chat or to all."""
    return [
        call.result["text"]
        for call in api.calls
        if call.method == "sendMessage" and call.ok and chat in {None, call.result["chat"]["id"]}
    ]
