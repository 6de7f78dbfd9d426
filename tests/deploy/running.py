"""Processes as on a server: the webhook bot, and Caddy in front of it."""

import asyncio
import os
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.deploy.tools import BIN, DEPLOY, ROOT
from tests.double import TOKEN, BotApi

DOMAIN = "bot.localhost"
"""A host that Telegram's double takes for a public one, and for which Caddy signs its own certificate."""
URL = f"https://{DOMAIN}/telegram"
SECRET = "the-secret-that-only-telegram-knows"


class Running:
    """A process whose lines are read as they come."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @property
    def said(self) -> str:
        """All that it wrote so far."""
        return "".join(self.lines)

    async def says(self, words: str, seconds: float = 30) -> None:
        """Returns once it wrote the words. Raises AssertionError when it ends, or takes too long, without."""
        try:
            async with asyncio.timeout(seconds):
                while words not in self.said and not self._reading.done():
                    await self._news.wait()
        except TimeoutError:
            pass
        assert words in self.said, f"{words!r} is not in:\n{self.said}"

    async def ended(self, seconds: float = 15) -> int:
        """The exit status, once it has ended. Raises TimeoutError."""
        done, _ = await asyncio.wait({self._reading}, timeout=seconds)
        if not done:
            raise TimeoutError(f"still there after {seconds} s; it wrote:\n{self.said}")
        return await self.process.wait()

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode())
            self._changed()
        self._changed()

    def _changed(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


@asynccontextmanager
async def running(*command: object, **environment: str) -> AsyncIterator[Running]:
    """A process in the root of the checkout, which is stopped at the end. Raises TimeoutError where it has to be killed."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command), cwd=ROOT, env={"PATH": os.environ["PATH"]} | environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    run = Running(process)
    try:
        yield run
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await run.ended()
        except TimeoutError:
            process.kill()
            await run.ended()
            raise


@asynccontextmanager
async def webhook_bot(api: BotApi, port: int, folder: Path) -> AsyncIterator[Running]:
    """`python -m bot webhook` on a port of 127.0.0.1, registered at the double."""
    given = {"TELEGRAM_API_URL": api.url, "TELEGRAM_BOT_TOKEN": TOKEN, "DATABASE": str(folder / "dayek.db")}
    webhook = {"WEBHOOK_URL": URL, "WEBHOOK_SECRET": SECRET, "PORT": str(port)}
    async with running(sys.executable, "-m", "bot", "webhook", **given, **webhook) as bot:
        await bot.says("the webhook stands at")
        yield bot


@asynccontextmanager
async def caddy(ports: tuple[int, int, int], bot: int, folder: Path) -> AsyncIterator[Running]:
    """Caddy as deploy/Caddyfile describes it, in front of a port; `ports` are its HTTP, HTTPS and own one."""
    http, https, own = map(str, ports)
    given = {"DOMAIN": DOMAIN, "BOT": f"127.0.0.1:{bot}", "HTTP_PORT": http, "HTTPS_PORT": https}
    places = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    command = (BIN / "caddy", "run", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")
    async with running(*command, CADDY_ADMIN=f"127.0.0.1:{own}", **given, **places) as front:
        await front.says("certificate obtained successfully")
        await certified(ports[1], trust(folder))
        yield front


def trust(folder: Path) -> ssl.SSLContext:
    """Trusts what a Caddy with its data in `folder` signs, and nothing else."""
    return ssl.create_default_context(cafile=folder / "caddy/pki/authorities/local/root.crt")


async def certified(port: int, context: ssl.SSLContext) -> None:
    """Returns once the port shows a certificate that the context trusts. Raises TimeoutError."""
    # Caddy says that it has the certificate a moment before it uses it, and nothing when it does.
    async with asyncio.timeout(10):
        while True:
            with suppress(ssl.SSLError):
                _, writer = await asyncio.open_connection(
                    "127.0.0.1", port, ssl=context, server_hostname=DOMAIN
                )
                break
            await asyncio.sleep(0.01)
    writer.close()
    await writer.wait_closed()


@asynccontextmanager
async def reachable(api: BotApi, host: str, port: int) -> AsyncIterator[None]:
    """Leads containers to the double, as they cannot reach 127.0.0.1 of the machine."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection("127.0.0.1", urlsplit(api.url).port)
        await asyncio.gather(pass_on(reader, outer), pass_on(inner, writer))

    async with await asyncio.start_server(connect, host, port):
        yield
