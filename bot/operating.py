"""What an operator asks of a running bot from beside it: its health, and what its inbox has set aside."""

import asyncio
import contextlib
import http.client
from datetime import datetime

from bot.inbox import LARGEST, Inbox
from bot.settings import Settings
from bot.writer import Writer

_PATIENCE = 5.0
"""Seconds for an answer from a bot on the same machine."""


def asked(settings: Settings) -> tuple[bool, str]:
    """Whether the bot at HOST and PORT is alive, and what it says of itself."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - "anywhere" is here
    connection = http.client.HTTPConnection(host, settings.port, timeout=_PATIENCE)
    try:
        with contextlib.closing(connection):
            connection.request("GET", "/healthz")
            alive = connection.getresponse()
            alive.read()
            connection.request("GET", "/readyz")
            said = connection.getresponse().read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return False, f"nothing answers at {host}:{settings.port} ({error})\n"
    return alive.status == http.client.OK, said


def listed(inbox: Inbox) -> str:
    """What waits, what was set aside, and what was no update, for people."""
    depth = inbox.depth()
    lines = [f"{depth.waiting} waiting, {depth.aside} set aside, {depth.malformed} malformed"]
    lines += [
        f"{one.id}  {_time(one.received)}  {one.kind}  {one.attempts} tries  {one.error}"
        for one in inbox.aside()
    ]
    lines += [
        f"malformed {number}  {_time(at)}  {length} bytes  {error}"
        for number, at, length, error in inbox.malformed()
    ]
    return "\n".join(lines)


def inbox_of(settings: Settings, closing: contextlib.ExitStack) -> Inbox:
    """The inbox in the settings' database, beside a bot that may be running. Raises sqlite3.Error."""
    writer = Writer(settings.database)
    closing.callback(writer.close)
    inbox = Inbox(settings.database, writer)
    closing.callback(inbox.close)
    return inbox


def retried(inbox: Inbox, which: str) -> int:
    """Sends one update ("all": every one) round again; a running bot takes it within seconds.

    Raises ValueError where it is neither a number nor "all".
    """
    number = None if which == "all" else int(which)
    if number is not None and number > LARGEST:
        return 0
    return asyncio.run(inbox.retry(number))


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(" ", "seconds")
