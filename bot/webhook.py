"""The webhook: Telegram posts updates to the bot, which has registered its address by itself."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.app import ALLOWED_UPDATES
from bot.service import Service
from bot.serving import listen, served, site
from bot.settings import Secret

_log = logging.getLogger(__name__)
_CONNECTIONS = 64
"""How many updates Telegram may post at once: as many as are handled at once."""
_LOOK = 60.0
"""Seconds between two looks at what Telegram knows of the webhook."""
_SOON = 5.0
"""Seconds to the next look while something is wrong."""


async def serve(service: Service, url: str, secret: Secret, host: str, port: int) -> None:
    """Runs until SIGINT or SIGTERM; what is under way is finished before it returns.

    Raises InvalidToken where Telegram does not know the token at the start, CannotListenError where the port is taken.
    """
    service.stop_on_signals()
    registration = _Registration(service, url, secret)
    service.problems.append(lambda: registration.problem)
    app = site(service, (urlsplit(url).path or "/", secret))
    working = asyncio.create_task(service.work())
    with listen(host, port) as listening:
        async with served(app, listening) as close:
            _log.info("listening on %s:%d", *listening.getsockname()[:2])
            try:
                await _register(service, registration)
            finally:
                close()
                working.cancel()
                await service.stop()


async def _register(service: Service, registration: "_Registration") -> None:
    if await service.started():
        if service.application.post_init is not None:
            await service.application.post_init(service.application)
        _log.info("serving @%s", service.application.bot.username)
        await registration.keep()


class _Registration:
    """The webhook as Telegram knows it."""

    def __init__(self, service: Service, url: str, secret: Secret) -> None:
        self._service = service
        self._url = url
        self._secret = secret
        self._said = 0
        self._kinds: Sequence[str] | None = None
        self.problem: str | None = "the webhook is not registered yet"

    async def keep(self) -> None:
        """Registers, then looks again and again whether it still stands, until the service stops."""
        stopping = self._service.stopping
        registered = False
        while not stopping.is_set():
            try:
                if not registered:
                    await self._register()
                    registered = True
                await self._look()
            except InvalidToken as error:
                self._service.reach.lost(error)
                self._note(None)
            except TelegramError as error:
                self._note(f"the webhook is not known to stand: {error}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), _SOON if self.problem else _LOOK)

    async def _register(self) -> None:
        # Set anew at each start, as nobody can ask Telegram for the secret; the same again changes nothing.
        await self._service.application.bot.set_webhook(
            self._url,
            secret_token=self._secret.reveal(),
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=_CONNECTIONS,
            drop_pending_updates=False,
        )

    async def _look(self) -> None:
        info = await self._service.application.bot.get_webhook_info()
        self._service.reach.reached()
        if self._kinds is None:
            # A Bot API server older than the bot leaves out the kinds that it does not know.
            self._kinds = info.allowed_updates
        if info.url != self._url:
            there = "another address" if info.url else "none"
            self._note(
                f"the webhook is not as registered, Telegram has {there}: another copy of the bot runs"
            )
        elif info.allowed_updates != self._kinds:
            self._note("the webhook is not as registered: Telegram sends other kinds of updates")
        else:
            self._note(None)
            self._tell_of_errors(info)

    def _tell_of_errors(self, info: WebhookInfo) -> None:
        """One line where Telegram could not deliver since the last look."""
        when = 0 if info.last_error_date is None else int(info.last_error_date.timestamp())
        if when > self._said and time.time() - when < 2 * _LOOK:
            _log.warning("Telegram could not deliver: %s", info.last_error_message)
        self._said = max(self._said, when)

    def _note(self, problem: str | None) -> None:
        if problem is not None and problem != self.problem:
            _log.error("%s", problem)
        if problem is None and self.problem is not None:
            _log.info("the webhook stands at %s", self._url)
        self.problem = problem
