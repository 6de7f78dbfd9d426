"""python-telegram-bot's way to the Bot API: all calls share one aiohttp session."""

import asyncio
import os
import ssl
from functools import lru_cache

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.forms import form
from bot.proxy import UnusableProxyError, proxy_address, proxy_of_environment

_LARGEST_ANSWER = 32 << 20
"""Bytes of an answer, unpacked; Telegram's files end at 20 MB."""
_KEEP_ALIVE = 15.0
"""Seconds that a connection may be idle and then be used again.

A server that closes an idle connection while a call is on its way answers nothing, and nobody can tell that
from a call that was carried out and whose answer was lost. So such a call fails with a NetworkError that UNSENT
does not cover. What can be done is to be the first to close: nginx waits 75 seconds by default, the Bot API
server 500. Of a close that has arrived before the call goes out nothing is lost: either another connection is
taken, or aiohttp finds that it cannot write (ClientConnectionResetError).
"""
_SHORTEST = 0.001
"""Seconds that stand for 0, by which aiohttp means no limit."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class PoolTimeoutError(TimeoutError):
    """All connections were in use for too long."""


class _TooLargeError(aiohttp.ClientPayloadError):
    pass


UNSENT: tuple[type[BaseException], ...] = (
    PoolTimeoutError,
    UnusableProxyError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
    aiohttp.ConnectionTimeoutError,  # name, connection, TLS and the proxy's consent took too long together
    aiohttp.ClientConnectorError,  # no name, no connection, no TLS, or no proxy: each has a subclass
    aiohttp.ClientHttpProxyError,  # the proxy would not open the tunnel
    aiohttp.ClientConnectionResetError,  # the connection was closed before the first byte (see bot/forms.py)
)
"""The causes of a NetworkError which prove that Telegram never got the call.

aiohttp raises them only before it hands anything of the call to the network. Its other errors
(ServerDisconnectedError, ClientOSError, SocketTimeoutError, …) may come after the call was sent.
"""


class AiohttpRequest(BaseRequest):
    """Carries Bot API calls over at most `connections` connections, which are kept open between calls.

    Timeouts are in seconds, None is no limit. `connect_timeout` is for all that comes before the call is sent:
    name, connection, TLS, proxy; `write_timeout` for each piece of a large body; `read_timeout` for each wait
    for a piece of the answer; `pool_timeout` for the wait until one of the connections is free. Each call may
    bring its own.

    `proxy` is http://[user:password@]host:port; None stands for HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and
    NO_PROXY as they are when a host is first called. Raises UnusableProxyError.
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
        self._proxy = None if proxy is None else proxy_address(proxy)
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

        Raises TimedOut or another NetworkError, also where the answer is larger than 32 MiB; their texts leave
        out the address, as it holds the token. Raises RuntimeError before initialize.
        """
        session = self._session
        if session is None:
            raise RuntimeError("The transport is not open: call initialize() first.")
        body = None
        if request_data is not None:
            body = form(request_data, _seconds(write_timeout, self._write_timeout))
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
        except (aiohttp.ClientError, UnusableProxyError, OSError) as error:
            kind = TimedOut if isinstance(error, TimeoutError) else NetworkError
            raise kind(_explained(error)) from error

    def _route(self, url: str) -> URL | None:
        """The environment's proxy on the way to an address.

        aiohttp's trust_env would look for it, and for a .netrc file, in two threads at each call.
        """
        origin = "/".join(url.split("/", 3)[:3])
        if origin not in self._routes:
            self._routes[origin] = proxy_of_environment(origin)
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
        raise PoolTimeoutError("no connection was free in time, the call was not sent") from None


async def _read(content: aiohttp.StreamReader) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in content.iter_any():
        size += len(piece)
        if size > _LARGEST_ANSWER:
            raise _TooLargeError
        pieces.append(piece)
    return b"".join(pieces)


def _explained(error: Exception) -> str:
    """What went wrong, without the error's own text, which may hold the address."""
    match error:
        case UnusableProxyError() | PoolTimeoutError():
            text = str(error)
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
        case _TooLargeError():
            text = f"the answer was refused, it is larger than {_LARGEST_ANSWER >> 20} MiB"
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
