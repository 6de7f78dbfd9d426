"""Whether Telegram answers: while it does not, everything waits here for the first sign of life."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from telegram.error import InvalidToken, TelegramError

_log = logging.getLogger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two looks; each is twice as long as the one before."""
_LATELY = 180.0
"""Seconds after which it is no longer known whether Telegram answers."""
REVOKED = "Telegram does not know the token: write a new one where the settings say, and restart"


class Reach:
    """A gate that is open while Telegram answers. `ask` is a call that proves it (getMe).

    While it is closed `ask` is made after `pause` seconds, then after twice as many, and so on up to 30.
    The log has one line when the gate closes and one when it opens.
    """

    def __init__(self, ask: Callable[[], Awaitable[object]], pause: float = _FIRST_PAUSE) -> None:
        self._ask = ask
        self._pause = pause
        self._open = asyncio.Event()
        self._open.set()
        self._reached = time.monotonic()
        self._why: str | None = None
        self._asking: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether `wait` would return at once."""
        return self._open.is_set()

    @property
    def problem(self) -> str | None:
        """Why Telegram counts as out of reach; None while it answers."""
        if self._why is not None:
            return self._why
        silent = time.monotonic() - self._reached
        return f"Telegram was last reached {silent:.0f} s ago" if silent > _LATELY else None

    async def wait(self) -> None:
        """Returns while, or as soon as, the gate is open."""
        await self._open.wait()

    def reached(self) -> None:
        """Telegram has answered something."""
        self._reached = time.monotonic()
        if self._why is not None:
            _log.info("Telegram answers again")
        self._why = None
        self._open.set()

    def lost(self, error: Exception) -> None:
        """A call failed in a way that may meet all calls: closes the gate and asks until Telegram answers."""
        self._note(error)
        self._open.clear()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._until_it_answers())

    async def stop(self) -> None:
        """Ends the asking; those who wait are left to be cancelled by whoever started them."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    async def _until_it_answers(self) -> None:
        pause = self._pause
        while not self._open.is_set():
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            try:
                await self._ask()
            except TelegramError as error:
                self._note(error)
            else:
                self.reached()

    def _note(self, error: Exception) -> None:
        why = REVOKED if isinstance(error, InvalidToken) else f"Telegram cannot be reached: {error}"
        # Calls fail in many words while Telegram is away; once is enough, unless it comes back and knows nobody.
        if self._why is None or (why == REVOKED) != (self._why == REVOKED):
            _log.error("%s", why)
        self._why = why
