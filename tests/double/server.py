"""The double's HTTP server on 127.0.0.1, and what a test can ask of it: the calls, failures, waiting."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.double import parameters
from tests.double.entities import Json
from tests.double.methods import Account
from tests.double.parameters import RefusedError
from tests.double.rates import Rates
from tests.double.readers import Readers

TOKEN = "1234567:test-token-for-the-double-000000000"
_METHODS = {method.lower(): method for method in parameters.PARAMETERS}  # Telegram ignores the case as well
_MAX_POLL_SECONDS = 50
_MAX_UPDATES = 100


@dataclass
class Call:
    """One call of the bot: the typed parameters, and the result or the refusal it was answered with."""

    method: str
    params: Json = field(default_factory=dict)
    result: Any = None
    status: int = 200
    description: str = ""
    parameters: Json = field(default_factory=dict)
    scripted: bool = False  # failed because fail_next said so
    taken: bool = False  # returned by wait_for before

    @property
    def ok(self) -> bool:
        """Whether the call was accepted."""
        return self.status == web.HTTPOk.status_code

    def body(self) -> Json:
        """The JSON object the bot receives."""
        if self.ok:
            return {"ok": True, "result": self.result}
        body = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


class BotApi(Readers):
    """A Bot API server for one bot, to be entered with `async with`.

    `port` 0 takes a free one; `on_call` is told each call as it is answered; `rates` refuses messages
    that come too fast, by the seconds of `clock`.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        port: int = 0,
        on_call: Callable[[Call], None] | None = None,
        rates: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(Account(token, Rates(clock) if rates else None))
        self.token = token
        self.calls: list[Call] = []
        self.url = ""
        self._port = port
        self._on_call = on_call
        self._failures: dict[str, deque[RefusedError]] = defaultdict(deque)
        self._poll = 0  # the number of the latest getUpdates
        self._waiting = 0  # how many of them wait for updates now
        self._closing = False
        self._change = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._changed()
        await self._runner.cleanup()

    @property
    def refusals(self) -> list[Call]:
        """The calls that broke a rule; failures ordered by fail_next are not among them."""
        return [call for call in self.calls if not call.ok and not call.scripted]

    def fail_next(
        self, method: str, *, status: int, description: str, parameters: Json | None = None, times: int = 1
    ) -> None:
        """Makes the next calls of a method fail with this answer, whatever they contain."""
        self._failures[method].extend([RefusedError(status, description, parameters)] * times)

    async def wait_for(self, method: str, timeout: float = 5) -> Call:  # noqa: ASYNC109 - reads well in a test
        """The next accepted call of a method that no earlier wait_for has returned.

        Raises TimeoutError after `timeout` seconds, naming what was called instead.
        """
        try:
            async with asyncio.timeout(timeout):
                while (call := self._next(method)) is None:
                    await self._change.wait()
        except TimeoutError:
            seen = ", ".join(f"{call.method} {call.status} {call.description}".strip() for call in self.calls)
            raise TimeoutError(f"no {method} within {timeout} s; calls so far: {seen}") from None
        call.taken = True
        return call

    async def idle(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - reads well in a test
        """Returns once every queued update was handed over and confirmed by a later offset.

        Confirmed is not handled: wait for the bot's answer with wait_for. Raises TimeoutError.
        """
        await self._until(lambda: not self._account.pending, timeout)

    async def polled(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - reads well in a test
        """Returns once a getUpdates is waiting: the bot is up and has nothing to fetch. Raises TimeoutError."""
        await self._until(lambda: self._waiting > 0, timeout)

    def _next(self, method: str) -> Call | None:
        waiting = (call for call in self.calls if call.method == method and call.ok and not call.taken)
        return next(waiting, None)

    def _changed(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    async def _until(self, condition: Callable[[], bool], seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                await self._change.wait()

    async def _answer(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        call = Call(_METHODS.get(name.lower(), name))
        try:
            await self._carry_out(call, request)
        except RefusedError as refusal:
            call.status, call.description = refusal.status, refusal.description
            call.parameters = refusal.parameters
        # A poll whose client has gone is no second poller: the bot that stops polling just hangs up.
        if call.method != "getUpdates" or not _has_hung_up(request):
            self.calls.append(call)
            self._changed()
            if self._on_call:
                self._on_call(call)
        return web.json_response(call.body(), status=call.status)

    async def _carry_out(self, call: Call, request: web.Request) -> None:
        if request.match_info["token"] != self.token:
            raise RefusedError(401, "Unauthorized")
        if call.method not in parameters.PARAMETERS:
            raise RefusedError(404, "Not Found")
        call.params = await _read(request)
        if failures := self._failures[call.method]:
            call.scripted = True
            raise failures.popleft()
        call.params = parameters.typed(call.method, call.params)
        if call.method == "getUpdates":
            call.result = await self._get_updates(call.params)
        else:
            call.result = self._account.call(call.method, call.params)

    async def _get_updates(self, params: Json) -> list[Json]:
        account = self._account
        account.start_poll(params)
        self._poll += 1
        this_poll = self._poll
        self._waiting += 1
        self._changed()  # ends the poll before, and lets idle see what was confirmed
        with suppress(TimeoutError):
            await self._until(
                lambda: bool(account.pending) or self._poll != this_poll or self._closing,
                min(params.get("timeout", 0), _MAX_POLL_SECONDS),
            )
        self._waiting -= 1
        if self._poll != this_poll:
            raise RefusedError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return account.pending[: max(1, min(params.get("limit", _MAX_UPDATES), _MAX_UPDATES))]


async def _read(request: web.Request) -> Json:
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise parameters.bad_request("can't parse request JSON object")
        # Telegram takes a null for an absent parameter.
        return params | {name: value for name, value in body.items() if value is not None}
    form = await request.post()
    if files := [name for name, value in form.items() if not isinstance(value, str)]:
        raise parameters.quiet_loss(f"files are not part of the double: {files[0]}")
    return params | dict(form)


def _has_hung_up(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
