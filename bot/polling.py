"""Polling: updates are fetched from Telegram, and confirmed once they are in the inbox."""

import asyncio
import json
import logging
import sqlite3
import time
from typing import Any, cast
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.app import ALLOWED_UPDATES
from bot.service import Service, pause_after

_log = logging.getLogger(__name__)
_LONG_POLL = 30
"""Seconds that Telegram holds a request while there is nothing new."""
_LAST = 2.0
"""Seconds for the last request, when the bot stops."""
_FORGOTTEN = 600.0
"""Seconds without a trouble after which it is worth another line."""
_CONFLICT = (
    "another copy of this bot is polling, or a webhook is set: stop the other one, or remove the webhook with "
    "`python -m bot webhook --remove`"
)


async def poll(service: Service) -> None:
    """Runs until SIGINT or SIGTERM; what is under way is finished before it returns.

    Raises InvalidToken where Telegram does not know the token. Telegram forgets an update when the next
    request names a higher offset, and that is said only once the update is in the inbox.
    """
    service.stop_on_signals()
    poller = _Poller(service)
    service.problems.append(lambda: poller.problem)
    working = asyncio.create_task(service.work())
    try:
        await service.unless_stopped(service.started())
        if not service.stopping.is_set():
            _log.info("polling as @%s", service.application.bot.username)
            await poller.run()
    finally:
        working.cancel()
        await service.stop()


class _Poller:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._offset = 0
        self._said = ""
        self._last = 0.0
        self.problem: str | None = None

    async def run(self) -> None:
        """Fetches until the service stops."""
        pause = 0.0
        stopped = asyncio.create_task(self._service.stopping.wait())
        try:
            while not self._service.stopping.is_set():
                fetching = asyncio.create_task(self._fetched(_LONG_POLL))
                await asyncio.wait({fetching, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not fetching.done():
                    fetching.cancel()
                    await asyncio.wait({fetching})
                    break
                try:
                    await self._keep(fetching.result())
                except InvalidToken:
                    raise
                except (TelegramError, sqlite3.Error) as error:
                    pause = self._noted(error, pause)
                    await asyncio.wait({stopped}, timeout=pause)
                    continue
                pause = 0.0
                self.problem = None
                self._service.reach.reached()
        finally:
            stopped.cancel()
        await self._confirm()

    async def _fetched(self, held: int, most: int = 100) -> list[dict[str, Any]]:
        # Not get_updates: one update that the library cannot read would keep all that came with it away. Nor
        # do_api_request, which takes a token that Telegram no longer knows for a method that there is not.
        bot = self._service.application.bot
        asked = urlencode(
            {
                "offset": self._offset,
                "timeout": held,
                "limit": most,
                "allowed_updates": json.dumps(ALLOWED_UPDATES),
            }
        )
        found = await bot.request.post(f"{bot.base_url}/getUpdates?{asked}", read_timeout=held + 5)
        return cast("list[dict[str, Any]]", found)

    async def _keep(self, updates: list[dict[str, Any]]) -> None:
        if updates:
            await self._service.intake.take([json.dumps(update).encode() for update in updates])
            self._offset = max(update["update_id"] for update in updates) + 1

    async def _confirm(self) -> None:
        """Tells Telegram what is in the inbox, so that it need not keep it."""
        if self._offset == 0:
            return
        try:
            async with asyncio.timeout(_LAST):
                await self._keep(await self._fetched(0, 1))
        except (TelegramError, sqlite3.Error, TimeoutError) as error:
            why = str(error) or "no answer in time"
            _log.warning("Telegram will send the last updates again, and they will be known: %s", why)

    def _noted(self, error: TelegramError | sqlite3.Error, pause: float) -> float:
        """Seconds to wait; the log gets a line for each new kind of trouble.

        Two pollers take turns, and every other request succeeds: that is one trouble, and one line.
        """
        if isinstance(error, sqlite3.Error):
            problem = "the inbox cannot be written, so Telegram keeps the updates"
        elif isinstance(error, Conflict):
            problem = _CONFLICT
        elif isinstance(error, NetworkError):
            problem = "Telegram cannot be reached"
        else:
            problem = "Telegram refuses the request for updates"
        now = time.monotonic()
        if problem != self._said or now - self._last > _FORGOTTEN:
            _log.error("%s (%s)", problem, error)
        self.problem, self._said = f"{problem} ({error})", problem
        self._last = now
        return pause_after(error, pause or 0.5) if isinstance(error, TelegramError) else 1.0
