"""How updates reach a webhook: posted until they are answered with 2xx, in order within a chat."""

import asyncio
import json
import os
import ssl
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl

import aiohttp
from yarl import URL

from tests.double.entities import Json
from tests.double.methods import Account
from tests.double.reading import object_in
from tests.double.registration import Registration

_LONGEST_PAUSE = 60
_LONGEST_ASKED = 3600  # of Retry-After
_IDLE = 50.0  # seconds that an unused connection is kept
_KEPT = {"inline_query": 30, "callback_query": 150, "chosen_inline_result": 600}  # seconds
_DAY = 24 * 60 * 60  # all other updates are kept so long
_OF_CHATS = {"message", "edited_message", "channel_post", "edited_channel_post"}
_TAKEN = range(200, 300)
_GONE = 2  # chats that Telegram looks at for each connection it may open


class Delivery(NamedTuple):
    """One try to deliver an update: the HTTP status of the answer, or what went wrong before there was one."""

    update_id: int
    attempt: int  # from 1
    outcome: int | str

    @property
    def ok(self) -> bool:
        """Whether the update was taken."""
        return self.outcome in _TAKEN


class Webhook:
    """Posts the account's pending updates to its webhook as soon as there are both.

    `to` is the base address that stands for the public one: path and query of the registered address are
    posted to there, and nothing while it is None. `retry_unit` are the seconds that Telegram's pause of 2
    takes; all pauses shrink with it. `patience` are the seconds that an answer is awaited. `obey` gets the
    method call that an answer holds, `changed` is called after each try.
    """

    def __init__(
        self,
        account: Account,
        obey: Callable[[Json], None],
        changed: Callable[[], None],
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.retry_unit = 2.0
        self.patience = 60.0
        self.deliveries: list[Delivery] = []
        self.lost: list[int] = []
        self.account = account
        self.obey = obey
        self.changed = changed
        self.context = context
        self.known = asyncio.Event()  # whether `to` is
        self._to: str | None = None
        self._sending: _Sending | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def to(self) -> str | None:
        """The base address that updates are posted to."""
        return self._to

    @to.setter
    def to(self, base: str | None) -> None:
        self._to = base
        self.known.clear() if base is None else self.known.set()

    def follow(self) -> None:
        """Takes note of the account's webhook: where it was set anew or deleted, what is under way is broken off."""
        wanted = self.account.webhook
        if self._sending is not None and self._sending.registration is not wanted:
            ending = asyncio.create_task(self._sending.end())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
            self._sending = None
        if self._sending is None and wanted is not None:
            self._sending = _Sending(self, wanted)
            self._sending.take(*self.account.pending)

    def take(self, update_id: int) -> None:
        """Takes in an update that has just been queued, if it is to be delivered."""
        if self._sending is not None and update_id in self.account.pending:
            self._sending.take(update_id)

    async def close(self) -> None:
        """Breaks off what is under way."""
        if self._sending is not None:
            await self._sending.end()
            self._sending = None
        await asyncio.gather(*self._ending)


class _Sending:
    """The updates under way to one registered address, each chat's in a lane of their own."""

    def __init__(self, webhook: Webhook, registration: Registration) -> None:
        self.registration = registration
        self._webhook = webhook
        self._account = webhook.account
        self._unseen: deque[int] = deque()
        self._lanes: dict[tuple[str, int], deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(registration.max_connections)
        parts = registration.parts
        self._path = URL.build(path=parts.path or "/", query_string=parts.query, encoded=True)
        self._host = parts.hostname or ""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE, ssl=webhook.context or True),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            skip_auto_headers=("User-Agent", "Accept"),
            headers=_headers(registration),
        )

    def take(self, *update_ids: int) -> None:
        """Puts updates at the end of their lanes, or leaves them for later where too many lanes wait."""
        self._unseen.extend(update_ids)
        while self._unseen and len(self._lanes) < _GONE * self.registration.max_connections:
            update_id = self._unseen.popleft()
            lane = _lane(self._account.pending[update_id])
            if lane in self._lanes:
                self._lanes[lane].append(update_id)
                continue
            self._lanes[lane] = deque([update_id])
            task = asyncio.create_task(self._clear(lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Breaks off what is under way and closes the connections."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()

    async def _clear(self, lane: tuple[str, int]) -> None:
        updates = self._lanes[lane]
        while updates:
            await self._deliver(updates[0])
            updates.popleft()
        del self._lanes[lane]
        self.take()

    async def _deliver(self, update_id: int) -> None:
        """Posts until the update is taken, or until it has waited for longer than Telegram keeps it."""
        update = self._account.pending[update_id]
        kept = _KEPT.get(_kind(update), _DAY)
        waited, growing, attempt = 0, 1, 0
        while True:
            attempt += 1
            delivery, asked = await self._attempt(update, attempt)
            if delivery.ok:
                break
            if asked == 0 and attempt > 1:
                growing = min(growing * 2, _LONGEST_PAUSE)
            pause = asked or (growing if attempt > 1 else 0)
            waited += pause
            if waited > kept:
                self._webhook.lost.append(update_id)
                break
            await asyncio.sleep(pause * self._webhook.retry_unit / 2)
        del self._account.pending[update_id]
        self._webhook.changed()

    async def _attempt(self, update: Json, attempt: int) -> tuple[Delivery, int]:
        """Posts once; also gives the seconds that the answer asks to wait, 0 for none."""
        await self._webhook.known.wait()
        asked = 0
        async with self._free:
            try:
                async with asyncio.timeout(self._webhook.patience), self._post(update) as response:
                    body = await response.read()
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                outcome: int | str = _words(error)
                said = str(outcome)
            else:
                outcome = response.status
                ...
