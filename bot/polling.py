"""Polling: updates are fetched from Telegram and confirmed only after they were handled."""

import asyncio
import contextlib
import logging
import signal
from collections import deque
from collections.abc import Iterable

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.app import ALLOWED_UPDATES, App
from bot.limits import seconds_to_wait

_log = logging.getLogger(__name__)
_LONG_POLL = 30
"""Seconds that Telegram holds a request while there is nothing new."""
_QUICK = 0.3
"""Seconds that answers are awaited before Telegram is asked for more."""
_LAST = 8.0
"""Seconds that answers under way get when the bot is stopped; what is left comes again at the next start."""
_LONGEST_PAUSE = 30.0
"""Seconds between tries while Telegram cannot be reached."""


async def poll(application: App) -> None:
    """Runs until SIGINT or SIGTERM; what was fetched is handled before it returns.

    Raises InvalidToken where Telegram does not know the token. Telegram forgets an update only when the next
    request names a higher offset, so an update whose handling was cut short comes again at the next start.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    try:
        if await _reached(stopping, application):
            if application.post_init is not None:
                await application.post_init(application)
            _log.info("polling as @%s", application.bot.username)
            await _poll_until(stopping, application)
    finally:
        await application.shutdown()
    _log.info("stopped")


async def _reached(stopping: asyncio.Event, application: App) -> bool:
    """Waits for Telegram to say who the bot is; False where the bot was stopped before."""
    pause = 0.0
    while not stopping.is_set():
        try:
            await application.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            pause = _pause_after(error, pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)
        else:
            return True
    return False


async def _poll_until(stopping: asyncio.Event, application: App) -> None:
    lanes = _Lanes(application)
    pause = 0.0
    stopped = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        fetching = asyncio.create_task(_fetch(application, lanes.offset, 0 if lanes.busy else _LONG_POLL))
        await asyncio.wait({fetching, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not fetching.done():
            fetching.cancel()
            await asyncio.wait({fetching})
            break
        try:
            lanes.take(fetching.result())
        except InvalidToken:
            stopped.cancel()
            raise
        except TelegramError as error:
            pause = _pause_after(error, pause)
            await asyncio.wait({stopped}, timeout=pause)
            continue
        pause = 0.0
        # Quick answers are awaited; for slow ones Telegram is asked again, so that nobody waits for another.
        await lanes.settle(_QUICK)
    stopped.cancel()
    await lanes.settle(_LAST)
    await _confirm(application, lanes.offset)


class _Lanes:
    """Chats side by side, the updates of one chat in order; `offset` confirms only what was handled.

    Updates that are still being handled come again with every fetch and are passed over.
    """

    def __init__(self, application: App) -> None:
        self._application = application
        self._unhandled: dict[int, None] = {}
        self._last = 0
        self._waiting: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether something is still being handled."""
        return bool(self._unhandled)

    @property
    def offset(self) -> int:
        """The first update that Telegram must keep; 0 before there was any."""
        return min(self._unhandled, default=self._last)

    def take(self, updates: Iterable[Update]) -> None:
        """Puts the updates that are new into the lanes of their chats."""
        for update in updates:
            if update.update_id < self._last:
                continue
            self._last = update.update_id + 1
            self._unhandled[update.update_id] = None
            chat = update.effective_chat.id if update.effective_chat else 0
            if chat in self._waiting:
                self._waiting[chat].append(update)
                continue
            self._waiting[chat] = deque([update])
            task = asyncio.create_task(self._lane(chat))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def settle(self, seconds: float) -> None:
        """Waits until all is handled, at most so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _lane(self, chat: int) -> None:
        waiting = self._waiting[chat]
        while waiting:
            update = waiting.popleft()
            await self._application.process_update(update)
            del self._unhandled[update.update_id]
        del self._waiting[chat]


async def _fetch(application: App, offset: int, held: int) -> tuple[Update, ...]:
    updates: tuple[Update, ...] = await application.bot.get_updates(
        offset=offset,
        timeout=held,
        read_timeout=held + 5,
        allowed_updates=list(ALLOWED_UPDATES),
    )
    return updates


async def _confirm(application: App, offset: int) -> None:
    """Tells Telegram what was handled, so that a restart does not answer it again."""
    if offset == 0:
        return
    try:
        await application.bot.get_updates(offset=offset, limit=1, timeout=0)
    except TelegramError as error:
        _log.warning("the last updates could not be confirmed and may be answered twice: %s", error)


def _pause_after(error: TelegramError, pause: float) -> float:
    """Seconds to wait before the next try; the log gets one clear line."""
    if isinstance(error, RetryAfter):
        wait = seconds_to_wait(error)
        _log.warning("Telegram asks to wait %.0f s", wait)
        return wait
    longer = min(max(1.0, pause * 2), _LONGEST_PAUSE)
    if isinstance(error, Conflict):
        _log.error("another copy of this bot is polling, or a webhook is set: stop the other one (%s)", error)
    elif isinstance(error, NetworkError):
        _log.warning("Telegram cannot be reached, next try in %.0f s: %s", longer, error)
    else:
        _log.error("Telegram refused, next try in %.0f s: %s", longer, error)
    return longer
