"""The running bot, however updates reach it: the parts, put together, started and stopped in order."""

import asyncio
import contextlib
import logging
import signal
import sqlite3
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Update
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot import reply
from bot.app import App
from bot.handlers import apologize
from bot.inbox import Inbox
from bot.intake import Intake, read
from bot.lanes import Lanes, Shell
from bot.limits import seconds_to_wait
from bot.metrics import Metrics
from bot.reach import Reach
from bot.sending import send
from bot.texts import catalogue

_log = logging.getLogger(__name__)
_LAST = 8.0
"""Seconds that answers under way get when the bot is stopped; the rest stays in the inbox."""
_LONGEST_PAUSE = 30.0
"""Seconds between tries while Telegram cannot be reached."""


@dataclass
class Service:
    """One bot at work. `failures` is what its Application was built with.

    `problems` are further reasons not to be ready, each with the sentence for it or None; whoever brings in
    the updates adds its own. `notes` are sentences for the operator that are no reason not to be ready.
    """

    application: App
    inbox: Inbox
    metrics: Metrics
    failures: dict[int, Exception]
    problems: list[Callable[[], str | None]] = field(default_factory=list)
    notes: list[Callable[[], list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        bot = self.application.bot
        # Past the limits, which would try each look four times and say so.
        self.reach = Reach(lambda: bot.request.post(f"{bot.base_url}/getMe"))
        shell = Shell(lambda data: read(data, bot), self._process, self._apologize, self._remind)
        self.lanes = Lanes(self.inbox, shell, self.reach, self.metrics)
        self.intake = Intake(bot, self.inbox, self.lanes, self.metrics)
        self.stopping = asyncio.Event()
        self._checked = 0.0
        self._unwritable: str | None = None
        self._started = asyncio.Event()

    def stop_on_signals(self) -> None:
        """SIGINT and SIGTERM set `stopping`, and nothing else."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stopping.set)

    async def unless_stopped(self, work: Coroutine[Any, Any, None]) -> None:
        """Does the work; breaks it off when the bot is to stop, as a call that hangs may hang for minutes."""
        working = asyncio.create_task(work)
        stopped = asyncio.create_task(self.stopping.wait())
        try:
            await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working

    async def started(self) -> None:
        """Waits for Telegram to say who the bot is, and tells it what readers see of the bot.

        Raises InvalidToken where Telegram does not know the token.
        """
        pause = 0.0
        while not self._started.is_set():
            try:
                await self.application.initialize()
            except InvalidToken:
                raise
            except TelegramError as error:
                pause = pause_after(error, pause)
                await asyncio.sleep(pause)
            else:
                self._started.set()
                self.reach.reached()
        if self.application.post_init is not None:
            await self.application.post_init(self.application)

    async def work(self) -> None:
        """Answers what is in the inbox, and what comes into it, until it is cancelled."""
        # Before the bot knows its own name it cannot tell which messages of a group are for it.
        await self._started.wait()
        await self.lanes.run()

    async def not_ready(self) -> list[str]:
        """Why the bot cannot answer now, one sentence each; none when it can."""
        now = time.monotonic()
        if now - self._checked > 1:  # a look writes to the disk, and nobody needs more than one a second
            self._checked = now
            try:
                await self.inbox.check()
                self._unwritable = None
            except sqlite3.Error as error:
                self._unwritable = f"the database cannot be written: {error}"
        reasons = [self._unwritable, self.reach.problem, *(problem() for problem in self.problems)]
        if not self._started.is_set():
            reasons.append("Telegram has not said yet who the bot is")
        return [reason for reason in reasons if reason]

    async def stop(self) -> None:
        """Finishes what is under way within 8 s; what is left in the inbox is answered at the next start."""
        await self.lanes.stop(_LAST)
        await self.reach.stop()
        await self.application.shutdown()
        # Where Telegram never said who the bot is, the library takes nothing as open, and closes nothing.
        await self.application.bot.request.shutdown()
        try:
            waiting = self.inbox.depth().waiting
        except sqlite3.Error as error:
            _log.error("the inbox cannot be read: %s", error)
        else:
            _log.info("stopped; %d updates wait in the inbox", waiting)

    async def _process(self, update: Update) -> Exception | None:
        await self.application.process_update(update)
        return self.failures.pop(update.update_id, None)

    async def _apologize(self, update: Update) -> Exception | None:
        await apologize(update, self.application.bot)
        return None

    async def _remind(self, update: Update) -> Exception | None:
        return await remind(update, self.application.bot)


async def remind(update: Update, bot: Bot) -> Exception | None:
    """Tells the reader that the answer may have been lost on the way, with a button that shows it.

    The answer itself is not sent again on a guess. Returns what sending failed with.
    """
    message = update.message
    if message is None:
        return None
    texts = catalogue(update.effective_user.language_code if update.effective_user else None)
    words = message.text or message.caption or ""
    # What is no question has no answer that a button could show.
    is_other = not words or words.startswith("/") or message.document is not None
    try:
        await send(bot, message, reply.perhaps_lost(texts, is_command=is_other))
    except TelegramError as error:
        return error
    return None


def pause_after(error: TelegramError, pause: float) -> float:
    """Seconds to wait before the next try; the log gets one clear line."""
    if isinstance(error, RetryAfter):
        wait = seconds_to_wait(error)
        _log.warning("Telegram asks to wait %.0f s", wait)
        return wait
    longer = min(max(1.0, pause * 2), _LONGEST_PAUSE)
    if pause == 0:
        _log.warning("Telegram cannot be reached, it is tried again every few seconds: %s", error)
    return longer
