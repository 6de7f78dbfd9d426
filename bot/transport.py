"""python-telegram-bot's way to the Bot API: all calls share one aiohttp session."""

import asyncio
import io
import os
import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import IO, cast
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

_LARGEST_ANSWER = 32 << 20
"""Bytes of an answer, unpacked; Telegram's files end at 20 MB."""
_IN_ONE_PIECE = 64 << 10
"""Bytes of a body that a socket takes without waiting."""
_KEEP_ALIVE = 15.0
"""Seconds that a connection may be idle and then be used again.

A server that closes an idle connection just as a call goes out answers nothing, and nobody can tell that from
a call that was carried out and whose answer was lost. So such a call fails with a NetworkError that UNSENT
does not cover. What can be done is to be the first to close: nginx waits 75 seconds by default, the Bot API
server 500. A close that has already arrived is noticed, and another connection taken.
"""
_SHORTEST = 0.001
"""Seconds that stand for 0, by which aiohttp means no limit."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_BAD_PROXY = "only proxies at http://[user:password@]host:port are supported"


class PoolTimeoutError(TimeoutError):
    """All connections were in use for too long; the call was not sent."""


UNSENT: tuple[type[BaseException], ...] = (
    PoolTimeoutError,
    aiohttp.ConnectionTimeoutError,  # name, connection, TLS and the proxy's consent took too long together
    aiohttp.ClientConnectorError,  # no name, no connection, no TLS, or no proxy: each has a subclass
    aiohttp.ClientHttpProxyError,  # the proxy would not open the tunnel
)
"""The causes of a NetworkError which prove that Telegram never got the call.

aiohttp raises them only while it makes a connection. Its other errors (ServerDisconnectedError, ClientOSError,
SocketTimeoutError, …) may come after the call was sent, even where they did not.
"""


class AiohttpRequest(BaseRequest):
    """Carries Bot API calls over at most `connections` connections, which are kept open between calls.

    Timeouts are in seconds, None is no limit. `connect_timeout` is for all that comes before the call is sent:
    name, connection, TLS, proxy; `write_timeout` for each piece of a large body; `read_timeout` for each wait
    for a piece of the answer; `pool_timeout` for the wait until one of the connections is free. Each call may
    bring its own.

    `proxy` is http://[user:password@]host:port; None stands for HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and
    NO_PROXY as they are when a host is first called. Raises ValueError for any other proxy.
    """

    def __init__(
        self,
        *,
        connections: int = 128,
        connect_timeout: float | None = 5.0,
        read_timeout: float | None = 30.0,
        write_timeout: float | None = 30.0,
        pool_timeout: float | None = 30.0,
        proxy: str | None = None,
    ) -> None:
        self._connections = connections
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._pool_timeout = pool_timeout
        self._proxy = None if proxy is None else _proxy_address(proxy)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """The seconds that a call without its own waits for a piece of the answer."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Opens the session; nothing where it is open."""
        if self._session is not None:
            return
        self._routes: dict[str, URL | None] = {}
        # The connector would do the waiting as well, but tells it from connecting by no error.
        self._free = asyncio.Semaphore(self._connections)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Closes the session and its connections; calls under way fail. Nothing where it is closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the signature is the base class's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The HTTP status and the body of the answer.

        Raises TimedOut or another NetworkError, neither of which shows the address, as it holds the token;
        TelegramError where the answer is larger than 32 MiB; RuntimeError before initialize.
        """
        session = self._session
        if session is None:
            raise RuntimeError("The transport is not open: call initialize() first.")
        body = None
        if request_data is not None:
            body = _body(request_data, _seconds(write_timeout, self._write_timeout))
        timeout = _client_timeout(
            _seconds(connect_timeout, self._connect_timeout), _seconds(read_timeout, self._read_timeout)
        )
        free = self._free
        try:
            await _taken(free, _seconds(pool_timeout, self._pool_timeout))
            try:
                async with session.request(
                    method,
                    url,
                    data=body,
                    headers=_FORM if isinstance(body, bytes) else None,
                    timeout=timeout,
                    proxy=self._proxy or self._route(url),
                    allow_redirects=False,
                ) as response:
                    return response.status, await _read(response.content)
            finally:
                free.release()
        except (aiohttp.ClientError, OSError) as error:
            kind = TimedOut if isinstance(error, TimeoutError) else NetworkError
            raise kind(_explained(error)) from error

    def _route(self, url: str) -> URL | None:
        """The environment's proxy on the way to an address.

        aiohttp's trust_env would look for it, and for a .netrc file, in two threads at each call.
        """
        origin = "/".join(url.split("/", 3)[:3])
        if origin not in self._routes:
            self._routes[origin] = _proxy_of_environment(origin)
        return self._routes[origin]


def _seconds(asked: object, default: float | None) -> float | None:
    return asked if asked is None or isinstance(asked, (int, float)) else default


@lru_cache(maxsize=64)
def _client_timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        connect=connect if connect is None else max(connect, _SHORTEST),
        sock_read=read if read is None else max(read, _SHORTEST),
    )


async def _taken(free: asyncio.Semaphore, seconds: float | None) -> None:
    if not free.locked():
        await free.acquire()
        return
    try:
        async with asyncio.timeout(seconds):
            await free.acquire()
    except TimeoutError:
        raise PoolTimeoutError("all connections are in use") from None


async def _read(content: aiohttp.StreamReader) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in content.iter_any():
        size += len(piece)
        if size > _LARGEST_ANSWER:
            raise TelegramError(f"the answer was refused: it is larger than {_LARGEST_ANSWER >> 20} MiB")
        pieces.append(piece)
    return b"".join(pieces)


def _body(request_data: RequestData, write_timeout: float | None) -> bytes | aiohttp.Payload | None:
    """A form; with files, or too large for one piece, as multipart/form-data."""
    parameters = request_data.json_parameters
    files = request_data.multipart_data if request_data.contains_files else {}
    if not files:
        if not parameters:
            return None
        # The same form as urllib's urlencode writes, which takes ten times as long for Kazakh text.
        form = URL.build(query=parameters).raw_query_string.encode()
        if len(form) <= _IN_ONE_PIECE:
            return form
    return _multipart(parameters, files, write_timeout)


def _multipart(
    parameters: Mapping[str, str],
    files: Mapping[str, tuple[str, bytes | IO[bytes], str]],
    write_timeout: float | None,
) -> "_Multipart":
    body = _Multipart(write_timeout)
    for name, text in parameters.items():
        body.add(aiohttp.BytesIOPayload(io.BytesIO(text.encode())), name=name)
    for name, (filename, content, kind) in files.items():
        if isinstance(content, bytes):
            body.add(
                aiohttp.BytesIOPayload(io.BytesIO(content), content_type=kind), name=name, filename=filename
            )
        else:
            body.add(_File(content, kind), name=name, filename=filename)
    return body


class _Multipart(aiohttp.MultipartWriter):
    """Sends a form piece by piece, each within so many seconds: aiohttp has no limit for that."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("form-data")
        self._seconds = seconds

    def add(self, part: aiohttp.Payload, **labels: str) -> None:
        # Telegram shows a file's name as it stands here: percent signs would be taken for part of it.
        part.set_content_disposition("form-data", quote_fields=False, **labels)
        self.append_payload(part)

    async def write(self, writer: AbstractStreamWriter, close_boundary: bool = True) -> None:  # noqa: FBT001, FBT002 - the base class's
        await super().write(cast("AbstractStreamWriter", _Punctual(writer, self._seconds)), close_boundary)


class _Punctual:
    """What a payload needs of a stream writer, with a limit to each write."""

    def __init__(self, writer: AbstractStreamWriter, seconds: float | None) -> None:
        self._writer = writer
        self._seconds = seconds

    async def write(self, piece: bytes) -> None:
        async with asyncio.timeout(self._seconds):
            await self._writer.write(piece)


class _File(aiohttp.IOBasePayload):
    """An open file, sent from its beginning and left open: a call that is made again sends it again."""

    def __init__(self, file: IO[bytes], kind: str) -> None:
        if file.seekable():
            file.seek(0)
        super().__init__(file, content_type=kind)

    async def close(self) -> None:
        """Nothing: whoever opened the file closes it."""


def _proxy_of_environment(origin: str) -> URL | None:
    try:
        target = URL(origin)
    except ValueError:
        return None  # aiohttp will say so
    proxies = getproxies()
    address = proxies.get(target.scheme) or proxies.get("all")
    host = target.host or ""
    if address is None or proxy_bypass(host) or proxy_bypass(f"{host}:{target.port}"):
        return None
    try:
        return _proxy_address(address)
    except ValueError as error:
        raise NetworkError(f"the environment names a proxy that cannot be used: {error}") from None


def _proxy_address(text: str) -> URL:
    try:
        address = URL(text if "://" in text else f"http://{text}")
    except ValueError:
        address = URL()
    if address.scheme != "http" or not address.host:
        raise ValueError(_BAD_PROXY)  # without the address, which may hold a password
    return address


def _explained(error: Exception) -> str:
    """What went wrong, without the error's own text, which may hold the address."""
    match error:
        case PoolTimeoutError():
            text = "no connection was free in time, the call was not sent"
        case aiohttp.ConnectionTimeoutError():
            text = "no connection could be made in time, the call was not sent"
        case aiohttp.SocketTimeoutError():
            text = "no answer in time"
        case TimeoutError():
            text = "the call could not be sent in time"
        case aiohttp.ClientHttpProxyError():
            text = f"the proxy refuses to connect (HTTP {error.status})"
        case aiohttp.ClientConnectorError():
            text = f"cannot connect to {error.host}:{error.port} ({_reason(error.os_error)})"
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            text = "the address is none of the web, check TELEGRAM_API_URL"
        case _:
            text = f"the connection failed before the answer was there ({type(error).__name__})"
    return text


def _reason(error: OSError) -> str:
    # Resolvers and TLS have numbers of their own, below 0 and in another table.
    if error.errno is not None and error.errno > 0 and not isinstance(error, ssl.SSLError):
        return os.strerror(error.errno)
    return error.strerror or str(error) or type(error).__name__
