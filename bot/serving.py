"""HTTP: health, readiness and metrics, and the path that Telegram posts to."""

import asyncio
import contextlib
import hmac
import logging
import os
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.service import Service
from bot.settings import RESERVED, Secret

_log = logging.getLogger(__name__)
_LARGEST = 1024 * 1024
"""Bytes of a body; Telegram's largest updates are well below."""
_LAST = 3
"""Seconds that requests under way get when the server stops: each is one commit."""
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


class CannotListenError(Exception):
    """The address and port of the settings are taken, or not this machine's."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        # asyncio and socket add the address to the words; the numbers below 0 are of another table.
        number = error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror or str(error)
        super().__init__(f"The bot cannot listen on {host}:{port} ({why}). Set another HOST or PORT.")


def site(service: Service, webhook: tuple[str, Secret] | None = None) -> ASGIApp:
    """The routes; `webhook` is the path that takes updates and the secret that Telegram shows."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        reasons = await service.not_ready()
        # A feed that fails is no reason to take the bot away from its readers: it answers from what it has.
        noted = [sentence for note in service.notes for sentence in note()]
        said = "".join(f"{line}\n" for line in [*(reasons or ["ready"]), *noted])
        return PlainTextResponse(said, 503 if reasons else 200)

    async def metrics(_: Request) -> Response:
        return Response(service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    pages = (healthz, readyz, metrics)
    routes = Starlette(routes=[Route(path, page) for path, page in zip(RESERVED, pages, strict=True)])
    if webhook is None:
        return routes
    path, secret = webhook
    door = _Door(service, secret)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # Past Starlette's layers, which cost each update as much as finding some answers does.
        is_update = scope["type"] == "http" and scope["path"] == path
        await (door if is_update else routes)(scope, receive, send)

    return app


class _Door:
    """Where updates come in: nothing is read before the secret was shown, nothing confirmed before it is kept."""

    def __init__(self, service: Service, secret: Secret) -> None:
        self._service = service
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            return Response(status_code=405, headers={"Allow": "POST"})
        shown = request.headers.get(_SECRET, "")
        if not hmac.compare_digest(shown.encode(), self._secret.reveal().encode()):
            self._service.metrics.errors.labels("secret").inc()
            return Response(status_code=403, headers={"Connection": "close"})
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            self._service.metrics.errors.labels("too-large").inc()
            return Response(status_code=413, headers={"Connection": "close"})
        try:
            await self._service.intake.take([body])
        except sqlite3.Error as error:
            _log.error("an update was not taken, Telegram will send it again: %s", error)
            self._service.metrics.errors.labels("database").inc()
            return Response(status_code=503)
        return Response(status_code=200)


async def _body(request: Request) -> bytes | None:
    """The body, None where it is too large: then what there is of it is dropped as it comes."""
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > _LARGEST:
        return None
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > _LARGEST:
            return None
        parts.append(part)
    return b"".join(parts)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would take the signals and raise them again when it ends, which ends the process at once.
        yield


@contextlib.asynccontextmanager
async def served(app: ASGIApp, listening: socket.socket) -> AsyncIterator[Callable[[], None]]:
    """Serves while it is entered; calling what it gives closes the door, leaving waits for who is inside."""
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, access_log=False, server_header=False, ws="none", proxy_headers=False,
        timeout_keep_alive=75, timeout_graceful_shutdown=_LAST,
    )  # fmt: skip
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells nobody when it has started
            await asyncio.sleep(0.005)
        yield lambda: setattr(server, "should_exit", True)
    finally:
        server.should_exit = True
        await task


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises CannotListenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise CannotListenError(host, port, error) from error
