"""The double's HTTP server on 127.0.0.1, and what a test can ask of it: the calls, failures, waiting."""

import asyncio
import json
import ssl
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.double import reading
from tests.double.calls import Call, Calls
from tests.double.changes import Changes
from tests.double.entities import Json
from tests.double.listening import Listener
from tests.double.methods import Account
from tests.double.parameters import PARAMETERS, RefusedError, quiet_loss, typed
from tests.double.polling import Polls
from tests.double.rates import Rates
from tests.double.readers import Readers
from tests.double.sleeping import Sleep, Sleeper
from tests.double.webhook import Delivery, Webhook

TOKEN = "1234567:test-token-for-the-double-000000000"
_NOT_IN_ANSWERS = {"deleteWebhook", "setWebhook", "close", "logOut"}  # and no method that gets


class BotApi(Readers):
    """A Bot API server for one bot, to be entered with `async with`.

    `port` 0 takes a free one; `on_call` is told each call as it is carried out; `rates` refuses messages
    that come too fast, by the seconds of `clock`. `keep_calls` False only counts the calls, for long runs.

    A public address cannot be reached from here: what a bot registers with setWebhook is posted to the same
    path under `webhook_to`, as in "http://127.0.0.1:8080". With a `webhook_ssl` context the certificate there
    has to be one of the registered host. `retry_unit` are the seconds that Telegram's pause of 2 takes.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        port: int = 0,
        on_call: Callable[[Call], None] | None = None,
        rates: bool = False,
        clock: Callable[[], float] = time.monotonic,
        keep_calls: bool = True,
        webhook_to: str | None = None,
        webhook_ssl: ssl.SSLContext | None = None,
        retry_unit: float = 2.0,
    ) -> None:
        super().__init__(Account(token, Rates(clock) if rates else None))
        self.token = token
        self.url = ""
        self.delay = 0.0  # seconds between a call and its answer; no call waits for another
        self._on_call = on_call
        self._calls = Calls(keep=keep_calls)
        self._failures: dict[str, deque[RefusedError]] = defaultdict(deque)
        self._revoked = False
        self._closing = False
        self._changes = Changes()
        self._listener = Listener(self._answer, port)
        self._sleeper = Sleeper(self._listener, self._changes)
        self._polls = Polls(
            self._account,
            self._changes,
            lambda: self._closing or self._revoked or not self._sleeper.hears(),
        )
        self.webhook = Webhook(self._account, self._obey, self._changes.tell, context=webhook_ssl)
        self.webhook.to = webhook_to
        self.webhook.retry_unit = retry_unit

    async def __aenter__(self) -> Self:
        await self._listener.start()
        self.url = self._listener.url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._sleeper.how = None
        self._changes.tell()
        try:
            await self.webhook.close()
        finally:
            await self._listener.stop()

    @property
    def calls(self) -> list[Call]:
        """The calls in the order they were answered; empty where they are not kept."""
        return self._calls.all

    @property
    def counts(self) -> Counter[tuple[str, int]]:
        """How many calls there were, by method and HTTP status."""
        return self._calls.counts

    @property
    def refusals(self) -> list[Call]:
        """The calls that broke a rule; failures that the test ordered are not among them."""
        return self._calls.refused

    @property
    def deliveries(self) -> list[Delivery]:
        """Every try to deliver an update to the webhook, in the order they ended."""
        return self.webhook.deliveries

    @property
    def webhook_to(self) -> str | None:
        """The base address that stands for the public one of the webhook; None until it is known."""
        return self.webhook.to

    @webhook_to.setter
    def webhook_to(self, base: str | None) -> None:
        self.webhook.to = base

    @property
    def missed(self) -> list[str]:
        """The methods that were called while the server slept and not carried out."""
        return self._sleeper.missed

    def fail_next(
        self, method: str, *, status: int, description: str, parameters: Json | None = None, times: int = 1
    ) -> None:
        """Makes the next calls of a method fail with this answer, whatever they contain."""
        self._failures[method].extend([RefusedError(status, description, parameters)] * times)

    def revoke(self) -> None:
        """Makes the token unknown: every call is 401 from now on, one that waits as well; updates are still posted."""
        self._revoked = True
        self._changes.tell()

    async def fall_asleep(self, how: Sleep) -> None:
        """Answers no call from now on, not even one that waits; updates are still posted to the webhook.

        "refuse": no connection is let in, and those that there are break. "hang": a call is heard, and its
        connection breaks on waking. "502": a call is answered as by a proxy that finds nobody behind it.
        "mute": a call is carried out, and its connection closed without an answer.
        """
        await self._sleeper.fall_asleep(how)

    async def wake(self) -> None:
        """Answers calls again, at the same port; what hung meanwhile is never carried out."""
        await self._sleeper.wake()

    @asynccontextmanager
    async def asleep(self, how: Sleep) -> AsyncIterator[None]:
        """Asleep within the block; see fall_asleep."""
        await self.fall_asleep(how)
        try:
            yield
        finally:
            await self.wake()

    async def wait_for(self, method: str, timeout: float = 5) -> Call:  # noqa: ASYNC109 - reads well in a test
        """The next accepted call of a method that no earlier wait_for has returned.

        Where calls are not kept, the next one from now on. Raises TimeoutError after `timeout` seconds, naming
        what was called instead.
        """
        return await self._calls.next(method, timeout)

    async def idle(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - reads well in a test
        """Returns once every queued update was handed over and confirmed, by a later offset or with 2xx.

        Confirmed is not handled: wait for the bot's answer with wait_for. Raises TimeoutError.
        """
        await self.until(lambda: not self._account.pending, timeout)

    async def polled(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - reads well in a test
        """Returns once a getUpdates is waiting: the bot is up and has nothing to fetch. Raises TimeoutError."""
        await self.until(lambda: self._polls.waiting, timeout)

    async def until(self, condition: Callable[[], bool], timeout: float = 5) -> None:  # noqa: ASYNC109 - likewise
        """Returns once a condition holds; it is looked at after each call and each delivery. Raises TimeoutError."""
        await self._changes.until(condition, timeout)

    def _queued(self, update_id: int) -> None:
        self.webhook.take(update_id)
        self._changes.tell()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if (wanted := reading.file(request.path)) is not None:
            return await self._file(request, *wanted)
        token, method = reading.address(request.path)
        call = Call(method)
        try:
            self._admit(call, token)
            call.params = await reading.parameters(request)
        except RefusedError as refusal:
            call.refuse(refusal)
        if not self._sleeper.hears():
            return await self._sleeper.miss(call, request)
        if call.ok:
            await self._carry_out(call, request)
        if call.method == "getUpdates":
            if not self._sleeper.hears():
                return await self._sleeper.miss(call, request)
            if reading.has_hung_up(request):
                # Nobody hears the answer, and it is no second poller: a bot that stops polling just hangs up.
                return web.Response()
        self._record(call)
        return await self._response(call, request)

    async def _file(self, request: web.BaseRequest, token: str, path: str) -> web.StreamResponse:
        """A file behind a path that getFile gave; a call of the method "file" for whoever counts or fails calls."""
        call = Call("file", {"path": path})
        if not self._sleeper.hears():
            return await self._sleeper.miss(call, request)
        data = b""
        try:
            self._know(call, token)
            self._fail(call)
            data = self._account.files.data(path)
        except RefusedError as refusal:
            call.refuse(refusal)
        self._record(call)
        if not call.ok:
            return await self._response(call, request)
        if self._sleeper.how == "mute":
            return reading.hang_up(request)
        return web.Response(body=data, headers={"Content-Type": "application/octet-stream"})

    async def _carry_out(self, call: Call, request: web.BaseRequest) -> None:
        try:
            self._prepare(call)
            if call.method == "getUpdates":
                call.result = await self._polls.updates(call.params, request)
                self._admit(call, self.token)
            else:
                call.result, call.description = self._account.call(call.method, call.params)
        except RefusedError as refusal:
            call.refuse(refusal)

    async def _response(self, call: Call, request: web.BaseRequest) -> web.StreamResponse:
        body = json.dumps(call.body()).encode()
        if self.delay:
            await asyncio.sleep(self.delay)
        if self._sleeper.how == "mute":
            return reading.hang_up(request)
        return web.Response(body=body, status=call.status, headers={"Content-Type": "application/json"})

    def _obey(self, answer: Json) -> None:
        """Carries out the method call that a webhook answered an update with; nobody hears the result."""
        call = Call(reading.known_name(answer["method"]), in_answer=True)
        call.params = {name: value for name, value in answer.items() if name != "method"}
        try:
            self._admit(call, self.token)
            if call.method in _NOT_IN_ANSWERS or call.method.startswith("get"):
                raise quiet_loss(f"{call.method} in the answer to an update; Telegram does not carry it out")
            self._prepare(call)
            call.result, call.description = self._account.call(call.method, call.params)
        except RefusedError as refusal:
            call.refuse(refusal)
        self._record(call)

    def _admit(self, call: Call, token: str) -> None:
        self._know(call, token)
        if call.method not in PARAMETERS:
            raise RefusedError(404, "Not Found")

    def _know(self, call: Call, token: str) -> None:
        if self._revoked:
            call.scripted = True
            raise RefusedError(401, "Unauthorized")
        if token and token != self.token:
            raise RefusedError(401, "Unauthorized")

    def _fail(self, call: Call) -> None:
        if failures := self._failures[call.method]:
            call.scripted = True
            raise failures.popleft()

    def _prepare(self, call: Call) -> None:
        self._fail(call)
        call.params = typed(call.method, call.params)

    def _record(self, call: Call) -> None:
        self._calls.add(call)
        self.webhook.follow()
        self._changes.tell()
        if self._on_call:
            self._on_call(call)
