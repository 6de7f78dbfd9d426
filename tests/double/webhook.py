"""How updates reach a webhook: posted until they are answered with 2xx, in order within a chat."""

import asyncio
import base64
import itertools
import json
import os
import ssl
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple
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
_LANES = 2  # lanes that Telegram looks at for each connection it may open; those that fail hold up the others


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
    takes; all pauses shrink with it. `patience` are the seconds that an answer is awaited. `deliveries` has
    every try, `lost` the updates given up after pauses as long as Telegram keeps them. `obey` gets the method
    call that an answer holds, `changed` is called after each try.
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
        self.broken: list[BaseException] = []  # what went wrong in the double itself, or in what it called
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
        """Takes note of the account's webhook: where it is a new one or gone, what is under way is broken off."""
        wanted = self.account.webhook
        if self._sending is not None and self._sending.registration is not wanted:
            self._break_off(self._sending)
            self._sending = None
        if self._sending is None and wanted is not None:
            self._sending = _Sending(self, wanted)
            self._sending.take(*self.account.pending)

    def take(self, update_id: int) -> None:
        """Takes in an update that has just been queued, if it is to be delivered."""
        if self._sending is not None and update_id in self.account.pending:
            self._sending.take(update_id)

    async def close(self) -> None:
        """Breaks off what is under way. Raises what went wrong in here, which no bot is to blame for."""
        if self._sending is not None:
            self._break_off(self._sending)
            self._sending = None
        await asyncio.gather(*self._ending)
        if self.broken:
            raise self.broken[0]

    def _break_off(self, sending: "_Sending") -> None:
        ending = asyncio.create_task(sending.end())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


class _Answer(NamedTuple):
    outcome: int | str
    words: str = ""  # what getWebhookInfo says of it
    wait: int = 0  # seconds asked for with Retry-After
    call: Json | None = None  # the method call in the body


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
        self._target = registration.address.raw_path_qs
        # The certificate has to be one of the registered host, wherever the double connects to.
        self._server_name = registration.address.raw_host if webhook.context else None
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
        while self._unseen and len(self._lanes) < _LANES * self.registration.max_connections:
            update_id = self._unseen.popleft()
            lane = _lane(self._account.pending[update_id])
            if lane in self._lanes:
                self._lanes[lane].append(update_id)
                continue
            self._lanes[lane] = deque([update_id])
            task = asyncio.create_task(self._clear(lane))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._webhook.broken.append(error)

    def end(self) -> Coroutine[Any, Any, None]:
        """Breaks off what is under way at once; to be awaited until the connections are closed."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        return self._ended(tasks)

    async def _ended(self, tasks: list[asyncio.Task[None]]) -> None:
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
        """Posts until the update is taken, or has waited for longer than Telegram keeps it."""
        webhook, update = self._webhook, self._account.pending[update_id]
        waited, growing = 0, 1
        for attempt in itertools.count(1):
            await webhook.known.wait()
            async with self._free:
                answer = await self._exchange(update)
            delivery = Delivery(update_id, attempt, answer.outcome)
            webhook.deliveries.append(delivery)
            if delivery.ok:
                break
            self._account.webhook_error = (int(time.time()), answer.words)
            webhook.changed()
            if attempt > 1 and not answer.wait:
                growing = min(growing * 2, _LONGEST_PAUSE)
            pause = answer.wait or (growing if attempt > 1 else 0)
            waited += pause
            if waited > _KEPT.get(_kind(update), _DAY):
                webhook.lost.append(update_id)
                break
            await asyncio.sleep(pause * webhook.retry_unit / 2)
        del self._account.pending[update_id]
        webhook.changed()
        if answer.call is not None:
            webhook.obey(answer.call)

    async def _exchange(self, update: Json) -> _Answer:
        to = URL((self._webhook.to or "").rstrip("/") + self._target, encoded=True)
        body = json.dumps(update).encode()
        try:
            async with (
                asyncio.timeout(self._webhook.patience),
                self._session.post(
                    to, data=body, allow_redirects=False, server_hostname=self._server_name
                ) as response,
            ):
                content = await response.read()
        except (TimeoutError, aiohttp.ClientError) as error:
            words = _words(error)
            return _Answer(words, words)
        if response.status in _TAKEN:
            return _Answer(response.status, call=_call_in(response.content_type, content))
        asked = response.headers.get("Retry-After", "")
        return _Answer(
            response.status,
            f"Wrong response from the webhook: {response.status} {response.reason}",
            min(int(asked), _LONGEST_ASKED) if asked.isdecimal() else 0,
        )


def _headers(registration: Registration) -> dict[str, str]:
    address = registration.address
    headers = {
        "Host": address.raw_host or "",
        "Content-Type": "application/json",
        "Accept-Encoding": "gzip, deflate",
    }
    if registration.secret_token:
        headers["X-Telegram-Bot-Api-Secret-Token"] = registration.secret_token
    if address.user is not None:
        name_and_password = f"{address.user}:{address.password or ''}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(name_and_password).decode()}"
    return headers


def _kind(update: Json) -> str:
    return next(name for name in update if name != "update_id")


def _lane(update: Json) -> tuple[str, int]:
    """What is delivered one after the other: the messages of a chat; all else by kind and by chat or person."""
    kind = _kind(update)
    content = update[kind]
    if kind in _OF_CHATS:
        return "chat", content["chat"]["id"]
    who = content.get("chat") or content.get("from") or content.get("user") or {"id": update["update_id"]}
    return kind, who["id"]


def _call_in(content_type: str, content: bytes) -> Json | None:
    """The method call in an answer, as its parameters and `method`; None where there is none."""
    found: Json | None = None
    if content_type == "application/json":
        found = object_in(content)
    elif content_type == "application/x-www-form-urlencoded":
        found = dict(parse_qsl(content.decode(errors="replace")))
    return found if found and isinstance(found.get("method"), str) else None


def _words(error: Exception) -> str:
    """What getWebhookInfo says where no answer came."""
    match error:
        case TimeoutError():
            return "Read timeout expired"
        case aiohttp.ClientSSLError():
            return f"SSL error {{{error.__cause__}}}"
        case aiohttp.ClientOSError() if error.errno:
            return os.strerror(error.errno)
        case aiohttp.ClientConnectionError():
            return "Connection closed"
    return f"Wrong response from the webhook: {error}"
