"""The webhook: Telegram posts updates to the bot, which has registered its address by itself."""

import asyncio
import logging
import time
from urllib.parse import unquote, urlsplit

from telegram import WebhookInfo
from telegram.error import BadRequest, RetryAfter, TelegramError

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
    app = site(service, (unquote(urlsplit(url).path) or "/", secret))
    working = asyncio.create_task(service.work())
    with listen(host, port) as listening:
        async with served(app, listening) as close:
            _log.info("listening on %s:%d", *listening.getsockname()[:2])
            try:
                await service.unless_stopped(_register(service, registration))
            finally:
                close()
                working.cancel()
                await service.stop()


async def _register(service: Service, registration: "_Registration") -> None:
    await service.started()
    _log.info("serving @%s", service.application.bot.username)
    await registration.keep()


class _Registration:
    """The webhook as Telegram knows it: looked at every `look` seconds, and `soon` while something is wrong."""

    def __init__(
        self, service: Service, url: str, secret: Secret, *, look: float = _LOOK, soon: float = _SOON
    ) -> None:
        self._look_pause = look
        self._soon_pause = soon
        self._service = service
        self._url = url
        self._secret = secret
        self._said = 0
        self._kinds: tuple[str, ...] | None = None
        self.problem: str | None = "the webhook is not registered yet"

    async def keep(self) -> None:
        """Registers, then looks again and again whether it still stands, until it is cancelled."""
        registered = False
        while True:
            await self._service.reach.wait()
            try:
                if not registered:
                    await self._register()
                    registered = True
                await self._look()
            except (BadRequest, RetryAfter) as error:
                self._note(f"the webhook is not known to stand: {error}")
            except TelegramError as error:
                self._service.reach.lost(error)
            is_well = self.problem is None and self._service.reach.is_open
            await asyncio.sleep(self._look_pause if is_well else self._soon_pause)

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
            self._kinds = tuple(info.allowed_updates)
        if info.url != self._url:
            there = "another address" if info.url else "none"
            self._note(
                f"the webhook is not as registered, Telegram has {there}: another copy of the bot runs"
            )
        elif tuple(info.allowed_updates) != self._kinds:
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
