"""One request over a connection of its own, which goes to checked addresses and no others."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from retrieval.addresses import is_public, private, shown
from retrieval.errors import FetchError, FetchFault

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""The IP addresses of a name. Raises OSError where it has none."""


async def lookup(name: str) -> Sequence[str]:
    """The addresses that this machine finds for a name. Raises OSError where it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Checked(AbstractResolver):
    """Gives a connection the addresses of its site, once all of them are known to be public."""

    def __init__(self, url: URL, resolve: Resolve, *, trusted: bool) -> None:
        self._url = url
        self._resolve = resolve
        self._trusted = trusted

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 aiohttp asks for a family; a name has both
    ) -> list[ResolveResult]:
        found = await self._resolve(host)
        if not found:
            raise OSError("no address")
        if not self._trusted and not all(map(is_public, found)):
            raise private(self._url)
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in found
        ]

    async def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def asked(
    url: URL,
    headers: Mapping[str, str],
    resolver: Checked,
    times: aiohttp.ClientTimeout,
    tls: ssl.SSLContext | None,
) -> AsyncIterator[aiohttp.ClientResponse]:
    """One request over a connection of its own; what goes wrong comes out as FetchError."""
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=resolver, use_dns_cache=False, force_close=True, ssl=tls or True
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=times,
                auto_decompress=False,  # retrieval.unpacking stops at the limit, and sees what is cut off
                trust_env=False,
            ) as session,
            session.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            yield answer
    except (aiohttp.ClientError, OSError) as error:
        raise trouble(url, error) from None


def trouble(url: URL, error: Exception) -> FetchError:
    """The words for what aiohttp raised; its own text may hold a stranger's words and is left out."""
    match error:
        case TimeoutError():  # before the others: aiohttp's own are of two kinds
            reason, fault = "the site was silent for too long; try again later", FetchFault.TIME
        case aiohttp.ClientConnectorDNSError():
            reason, fault = "there is no site of this name; check the link", FetchFault.NAME
        case aiohttp.ClientSSLError():
            reason, fault = (
                "the site's certificate is not valid, so nobody can say whose page it is; look at it in a browser",
                FetchFault.SECURITY,
            )
        case aiohttp.ClientConnectorError():
            reason, fault = "the site takes no connections; try again later", FetchFault.CONNECTION
        case aiohttp.InvalidURL():
            reason, fault = "this is no valid link; copy it again from the browser", FetchFault.ADDRESS
        case _:
            reason, fault = "the site's answer is cut off or damaged; try again later", FetchFault.BROKEN
    return FetchError(shown(url), reason, fault)
