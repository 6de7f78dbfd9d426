"""Telegram's limits, kept in one place: every Bot API call passes here before it is sent."""

import asyncio
import logging
import math
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

import httpx
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

_log = logging.getLogger(__name__)

_CHAT_BURST = 3
"""Calls to one chat that may follow at once; after them one a second."""
_GROUP_CALLS, _GROUP_SECONDS = 20, 60.0
_OVERALL_CALLS, _OVERALL_SECONDS = 30, 1.0
_PACED = 3600.0
"""Seconds for which the bot keeps to the overall pace after Telegram has asked all of it to wait."""
_TRIES = 3
"""How often a call that Telegram answers with 429 is made in all."""
_PAUSES = (0.5, 1.0, 2.0)
"""Seconds before each further try of a call that the network failed."""
_TOGETHER = 1.0
"""Seconds within which 429 for two chats means that the whole bot is meant."""
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, ConnectionRefusedError)
_IDEMPOTENT = ("edit", "set", "get", "delete", "answer")

_Answer = bool | dict[str, Any] | list[dict[str, Any]]
_Chat = int | str


class Clock(Protocol):
    """What Limits knows of time, in seconds; tests put their own in its place."""

    def monotonic(self) -> float: ...

    async def sleep(self, seconds: float, /) -> None: ...


class _RealClock:
    monotonic = staticmethod(time.monotonic)
    sleep = staticmethod(asyncio.sleep)


def seconds_to_wait(error: RetryAfter) -> float:
    """The pause that Telegram asks for; python-telegram-bot gives it as a number or a timedelta."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


class Limits(BaseRateLimiter[None]):
    """The gate before Telegram: a call waits here until it may be sent, and is made again where that is safe.

    A call with a `chat_id` has its chat's lane: those of one chat pass one after the other in the order they
    came, and each counts against the chat (one a second, three at once) and the group (20 a minute); those
    that only read (get…) count nowhere. All else waits only while the whole bot is halted.

    Thirty calls a second in all is what Telegram advises for mailings; how many replies it takes it does not
    say, and some bots have more. So that pace is kept for an hour after Telegram has halted the whole bot.

    After 429 the chat waits as long as Telegram says, or everything where two chats got it within a second or
    the call had no chat; the third 429 of a call is raised as RetryAfter. A NetworkError is raised unless the
    call is safe to make again: it was never sent, or making it twice is the same as once. `unsent` are the
    causes that prove the first, `clock` is the time to live by, `halted` is told of each 429.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        unsent: tuple[type[BaseException], ...] = _UNSENT,
        halted: Callable[[], object] = lambda: None,
    ) -> None:
        self._clock = clock or _RealClock()
        self._unsent = unsent
        self._lanes: OrderedDict[_Chat, _Lane] = OrderedDict()
        self._overall = _Window(_OVERALL_CALLS, _OVERALL_SECONDS)
        self._gate = asyncio.Lock()
        self._halted_until = self._paced_until = -math.inf
        self._halted = halted
        self._refused: deque[tuple[float, _Lane]] = deque()  # when and to which chat there was a 429

    async def initialize(self) -> None:
        """Nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Nothing: calls that wait belong to those who made them."""

    async def process_request(  # noqa: PLR0917 - the signature is the base class's
        self,
        callback: Callable[..., Coroutine[Any, Any, _Answer]],
        args: Any,  # noqa: ANN401 - likewise
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 - likewise
    ) -> _Answer:
        """What the call returns, once it may be made.

        Raises what the call raises, where it may not be made again or was made often enough.
        """
        call = partial(callback, *args, **kwargs)
        chat = _chat(data)
        if chat is None:
            return await self._result(call, endpoint, None)
        async with self._lane(chat) as lane:
            return await self._result(call, endpoint, lane)

    async def _result(
        self, call: Callable[[], Coroutine[Any, Any, _Answer]], endpoint: str, lane: "_Lane | None"
    ) -> _Answer:
        refused = failed = 0
        while True:
            await self._turn(endpoint, lane)
            try:
                return await call()
            except RetryAfter as error:
                self._halt(lane, seconds_to_wait(error))
                refused += 1
                if refused == _TRIES:
                    raise
            except NetworkError as error:
                if failed == len(_PAUSES) or not self._is_safe_again(endpoint, error):
                    raise
                pause = _PAUSES[failed]
                failed += 1
                _log.warning("%s failed (%s), next try in %.1f s", endpoint, error, pause)
                await self._clock.sleep(pause)

    async def _turn(self, endpoint: str, lane: "_Lane | None") -> None:
        """Returns when the call may be made; nothing is awaited between the last look and the return."""
        if lane is None:
            await self._until(lambda: self._halted_until)
        elif endpoint.startswith("get"):
            await self._until(lambda: max(self._halted_until, lane.halted_until))
        else:
            # The lane first: a chat that has to wait must not hold up the others at the gate.
            await self._until(lane.opens)
            async with self._gate:
                await self._until(self._opens)
                now = self._clock.monotonic()
                self._overall.count(now)
                lane.count(now)

    def _opens(self) -> float:
        is_paced = self._clock.monotonic() < self._paced_until
        return max(self._halted_until, self._overall.opens() if is_paced else -math.inf)

    async def _until(self, opens: Callable[[], float]) -> None:
        # The moment is asked for again after each sleep: a halt may have begun meanwhile.
        while (wait := opens() - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)

    def _halt(self, lane: "_Lane | None", seconds: float) -> None:
        self._halted()
        now = self._clock.monotonic()
        if lane is None:
            self._halted_until = max(self._halted_until, now + seconds)
            self._paced_until = now + _PACED
            _log.warning("Telegram asks the bot to wait %.0f s", seconds)
            return
        lane.halted_until = max(lane.halted_until, now + seconds)
        self._refused.append((now, lane))
        while self._refused[0][0] < now - _TOGETHER:
            self._refused.popleft()
        lanes = {lane for _, lane in self._refused}
        if len(lanes) > 1:
            self._halted_until = max(self._halted_until, *(lane.halted_until for lane in lanes))
            self._paced_until = now + _PACED
        _log.warning("Telegram asks %s to wait %.0f s", "all chats" if len(lanes) > 1 else "a chat", seconds)

    def _is_safe_again(self, endpoint: str, error: NetworkError) -> bool:
        # BadRequest is Telegram's own answer and only by its class an error of the network.
        if isinstance(error, BadRequest):
            return False
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, self._unsent):
                return True
            cause = cause.__cause__
        return endpoint.startswith(_IDEMPOTENT)

    @asynccontextmanager
    async def _lane(self, chat: _Chat) -> "AsyncIterator[_Lane]":
        self._drop_idle()
        # People are known to bots by their ids only, so a name is a group's or a channel's.
        lane = self._lanes.setdefault(chat, _Lane(is_group=isinstance(chat, str) or chat < 0))
        lane.users += 1
        try:
            async with lane.turn:
                yield lane
        finally:
            lane.users -= 1

    def _drop_idle(self) -> None:
        # Two looks for each call, which adds one lane at most: no call pays for a sweep, and the map stays
        # within about twice what is in use.
        now = self._clock.monotonic()
        for _ in range(min(2, len(self._lanes))):
            chat, lane = next(iter(self._lanes.items()))
            if lane.users == 0 and lane.remembers_until() <= now:
                del self._lanes[chat]
            else:
                self._lanes.move_to_end(chat)


class _Window:
    """At most so many calls in any stretch of so many seconds."""

    def __init__(self, calls: int, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=calls)

    def opens(self) -> float:
        return self._times[0] + self._seconds if len(self._times) == self._times.maxlen else -math.inf

    def count(self, now: float) -> None:
        self._times.append(now)

    def remembers_until(self) -> float:
        return self._times[-1] + self._seconds if self._times else -math.inf


@dataclass(eq=False)
class _Lane:
    """One chat: who waits for it, and when it is open again."""

    is_group: bool
    users: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # it lets in who waits longest
    halted_until: float = -math.inf
    rested_at: float = -math.inf  # when the whole burst is there again; each call moves it by a second

    def __post_init__(self) -> None:
        # A person's chat has no limit of this kind: a window of no length is always open.
        self._minute = _Window(_GROUP_CALLS, _GROUP_SECONDS if self.is_group else 0.0)

    def opens(self) -> float:
        return max(self.halted_until, self.rested_at - (_CHAT_BURST - 1), self._minute.opens())

    def count(self, now: float) -> None:
        self.rested_at = max(self.rested_at, now) + 1
        self._minute.count(now)

    def remembers_until(self) -> float:
        return max(self.halted_until, self.rested_at, self._minute.remembers_until())


def _chat(data: dict[str, Any]) -> _Chat | None:
    """The chat of a call: an id, or the @name of a group or channel; None where it has none."""
    chat = data.get("chat_id")
    if chat is None:
        return None
    try:
        return int(chat)
    except ValueError:
        return str(chat).lower()
