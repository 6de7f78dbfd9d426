"""One lane a chat: order inside a chat, chats side by side, and no update given up in silence."""

import asyncio
import json
import logging
import sqlite3
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from telegram import Update

from bot.inbox import Inbox, Received
from bot.metrics import Metrics
from bot.reach import Reach
from bot.trouble import Trouble, trouble_of

_log = logging.getLogger(__name__)
_ATTEMPTS = 5
"""Tries of an update whose handling fails by itself; while Telegram cannot be reached none is counted."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
"""Seconds before the next try; each is four times as long as the one before."""
_TOO_OLD = {"inline_query": 30.0, "callback_query": 900.0}
"""Seconds after which nobody waits for the answer any more, and Telegram does not take it."""
_IN_MEMORY = 2000
"""Updates that wait in memory; the rest waits in the inbox alone."""
_RETRIED = 2.0
"""Seconds between two looks for updates that an operator has sent round again."""
_OVER = (Trouble.BLOCKED, Trouble.TOO_LATE)
"""Failures after which nobody is left to be answered."""
_OUTAGE = (Trouble.UNREACHED, Trouble.BUSY, Trouble.REVOKED)
"""Failures that say nothing of the update: it is tried for as long as it takes."""
_MAY_MEET_ALL = (Trouble.UNREACHED, Trouble.FAILED, Trouble.UNSURE, Trouble.REVOKED)
"""Failures after which nothing is sent until Telegram has answered a simple call."""

Process = Callable[[Update], Awaitable[Exception | None]]
"""Handles an update, and returns what went wrong."""


@dataclass(frozen=True)
class Shell:
    """What the lanes need of the bot around them.

    `read` makes an update of the body Telegram sent, or raises; `process` handles it; `apologize` tells the
    reader that it failed for good, `remind` that the answer may have been lost on the way.
    """

    read: Callable[[dict[str, object]], Update]
    process: Process
    apologize: Process
    remind: Process


class Lanes:
    """Takes updates out of the inbox, at most `most` chats at once.

    An update is done once it was handled and the inbox has that on the disk; only then the next one of its
    chat begins. So a kill at any moment costs no update, and doubles at most one reply in each chat.

    A failed update is tried again after `pause` seconds, then after four times as many, and so on up to 60;
    every `look` seconds the inbox is asked for what an operator has sent round again.
    """

    def __init__(
        self,
        inbox: Inbox,
        shell: Shell,
        reach: Reach,
        metrics: Metrics,
        *,
        most: int = 64,
        pause: float = _FIRST_PAUSE,
        look: float = _RETRIED,
    ) -> None:
        self._pause = pause
        self._look = look
        self._inbox = inbox
        self._shell = shell
        self._reach = reach
        self._metrics = metrics
        self._slots = asyncio.Semaphore(most)
        self._stopping = asyncio.Event()
        self._waiting: dict[int, deque[Received]] = {}
        self._known: set[int] = set()
        self._finished: OrderedDict[int, None] = OrderedDict()  # lately, in case they are offered once more
        self._behind = True  # what the inbox holds at the start
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._lanes: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Starts on what the inbox holds, then looks after it until it is cancelled."""
        while True:
            try:
                if self._behind and len(self._known) < _IN_MEMORY // 2:
                    self._catch_up()
                retried = await self._inbox.take_retried()
                for update in retried:
                    self._finished.pop(update.update_id, None)
                self._enter(retried)
            except sqlite3.Error as error:
                _log.error("the inbox cannot be used: %s", error)
            self._wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._look)

    def take(self, updates: Iterable[Received]) -> None:
        """Puts updates into the lanes of their chats; those that the inbox has just taken in."""
        if self._behind or len(self._known) >= _IN_MEMORY:
            self._behind = True  # the inbox has them, and they follow from there in their order
            return
        self._enter(updates)

    async def stop(self, seconds: float) -> None:
        """Begins nothing more and waits for what is under way, at most so long; the rest stays in the inbox."""
        self._stopping.set()
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=seconds)
        for lane in self._lanes:
            lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)

    def _catch_up(self) -> None:
        found = self._inbox.waiting(2 * _IN_MEMORY)
        self._behind = len(found) == 2 * _IN_MEMORY
        self._enter(found)

    def _enter(self, updates: Iterable[Received]) -> None:
        for update in updates:
            if update.update_id in self._known or update.update_id in self._finished:
                continue
            self._known.add(update.update_id)
            if update.lane in self._waiting:
                self._waiting[update.lane].append(update)
                continue
            self._waiting[update.lane] = deque([update])
            lane = asyncio.create_task(self._lane(update.lane))
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)

    async def _lane(self, chat: int) -> None:
        waiting = self._waiting[chat]
        while waiting and not self._stopping.is_set():
            try:
                await self._finish(waiting[0])
            except Exception:  # noqa: BLE001 - whatever it is, the chat must not fall silent
                # A fault of the lane itself: the update waits in the inbox for the next start, the chat goes on.
                _log.exception("update=%d outcome=left", waiting[0].update_id)
            done = waiting.popleft()
            self._known.discard(done.update_id)
            self._finished[done.update_id] = None
            if len(self._finished) > _IN_MEMORY:
                self._finished.popitem(last=False)
        del self._waiting[chat]
        if self._behind and len(self._known) < _IN_MEMORY // 2:
            self._wake.set()

    async def _finish(self, update: Received) -> None:
        """Tries the update until it is done or set aside."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a lane is a task")
        pause = self._pause
        while True:
            await self._reach.wait()
            async with self._slots:
                if not self._reach.is_open:  # Telegram was lost while this one waited for a slot
                    continue
                if self._stopping.is_set():
                    raise asyncio.CancelledError
                self._under_way.add(task)
                try:
                    after = await self._tried(update)
                finally:
                    self._under_way.discard(task)
            if after is None:
                return
            update = after
            if self._stopping.is_set():
                raise asyncio.CancelledError
            await asyncio.sleep(pause)
            pause = min(4 * pause, _LONGEST_PAUSE)

    async def _tried(self, update: Received) -> Received | None:
        """Handles the update once; returns it as it is to be tried next, None where nothing is left to do."""
        if time.time() - update.at > _TOO_OLD.get(update.kind, float("inf")):
            _log.info("update=%d kind=%s outcome=too-old", update.update_id, update.kind)
            await self._kept(lambda: self._inbox.done(update.update_id))
            return None
        read, error = await self._handled(update)
        trouble = None if error is None else trouble_of(error)
        seconds = time.time() - update.at
        if error is None or trouble is None or trouble in _OVER:
            outcome = "done" if trouble is None else trouble.value
            _log.info(
                "update=%d kind=%s lane=%d seconds=%.3f outcome=%s",
                update.update_id, update.kind, update.lane, seconds, outcome,
            )  # fmt: skip
            self._metrics.reply.observe(seconds)
            # The chat's next update must find this one done on the disk. One that is still to come is written
            # with it or after it, so only one that is here already is in a hurry.
            alone = len(self._waiting[update.lane]) == 1
            await self._kept(lambda: self._inbox.done(update.update_id, in_no_hurry=alone))
            return None
        return await self._after_trouble(update, read, error, trouble)

    async def _handled(self, update: Received) -> tuple[Update | None, Exception | None]:
        read = update.parsed
        try:
            if read is None:
                read = self._shell.read(json.loads(update.body))
            return read, await (self._shell.remind if update.unsure else self._shell.process)(read)
        except Exception as error:  # noqa: BLE001 - a fault must not end the lane: the chat would fall silent
            return read, error

    async def _after_trouble(
        self, update: Received, read: Update | None, error: Exception, trouble: Trouble
    ) -> Received | None:
        self._metrics.errors.labels(trouble.value).inc()
        attempts = update.attempts + (trouble not in _OUTAGE)
        _log.log(
            logging.ERROR if trouble is Trouble.FAULT else logging.WARNING,
            "update=%d kind=%s lane=%d attempts=%d outcome=%s: %s",
            update.update_id, update.kind, update.lane, attempts, trouble.value, error,
            exc_info=error if trouble is Trouble.FAULT else None,
        )  # fmt: skip
        if trouble in _MAY_MEET_ALL:
            self._reach.lost(error)
        said = f"{trouble.value}: {type(error).__name__}: {error}"
        if trouble is Trouble.REFUSED or attempts >= _ATTEMPTS:
            if read is not None:
                await self._apologize(read)
            await self._kept(lambda: self._inbox.set_aside(update.update_id, attempts, said))
            return None
        unsure = update.unsure or (trouble is Trouble.UNSURE and update.kind == "message")
        await self._kept(lambda: self._inbox.failed(update.update_id, attempts, said, unsure=unsure))
        return replace(update, attempts=attempts, unsure=unsure)

    async def _apologize(self, read: Update) -> None:
        try:
            await self._shell.apologize(read)
        except Exception:  # noqa: BLE001 - what broke the answer may break this as well
            _log.exception("update=%d: the reader could not be told", read.update_id)

    async def _kept(self, write: Callable[[], Awaitable[None]]) -> None:
        """Repeats a write until the database takes it: the reply is out, and must not be sent again."""
        said = False
        while True:
            try:
                return await write()
            except sqlite3.Error as error:
                if not said:
                    _log.error("the inbox cannot be written: %s", error)
                said = True
                await asyncio.sleep(self._pause)
