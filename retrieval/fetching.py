"""Reading links: what stands behind an address, asked for so that it can harm nobody.

The name of a site is looked up once for each connection, every address it has must be public, and the connection goes
to these addresses and no others: a name that leads elsewhere the next moment gains nothing. Size, time and the number
of redirects are bounded, and nothing that identifies a reader is sent: no cookies, no credentials, no referrer.
Proxies that the environment names are not used, since they would look the name up again.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from retrieval.addresses import address, admitted, canonical, page_link, shown
from retrieval.connecting import Checked, Resolve, asked, lookup, trouble
from retrieval.document import Document, Unread
from retrieval.errors import FetchError, FetchFault, Trouble
from retrieval.formats import documents
from retrieval.unpacking import Unpacked

__all__ = [
    "AGENT",
    "LIMITS",
    "FetchError",
    "Fetched",
    "Limits",
    "documents_in",
    "documents_of",
    "fetch",
    "lookup",
]

AGENT = "Dayek/0.1 (quotes news articles with their links)"
"""Who asks, as sites see it; `Dayek` is the name to use in a robots.txt."""
_HEADERS = {
    "User-Agent": AGENT,
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAGES = frozenset({200, 203})
_UNCHANGED = 304
_NOTHING_TO_READ = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "text/css",
    "text/javascript",
    "application/javascript",
)
_LONGEST_WAIT = 7 * 24 * 3600.0
"""Seconds; a site that asks to wait longer is asked again after them."""

May = Callable[[str], Awaitable[None]]
"""Asked before each request, with its link; raises FetchError where it is not to be made."""
Read = Callable[[str, bytes, str | None, str | None], Iterable[Document | Unread]]
"""As retrieval.formats.documents."""


@dataclass(frozen=True)
class Limits:
    """How much a link may take: bytes after unpacking, seconds, redirects."""

    size: int = 10_000_000
    connect: float = 10.0  # until a connection stands: the name, the connection, TLS
    silence: float = 15.0  # between two pieces of an answer
    total: float = 30.0  # all of it, with its redirects
    redirects: int = 5


LIMITS = Limits()


@dataclass(frozen=True)
class Fetched:
    """What stands behind a link. `url` is where it was found at last, `body` the bytes after unpacking.

    `status` is 200 or 203; or 304 with an empty body, where the caller has the present version already. `headers` can
    be asked in any case (`headers.get("etag")`); they are a stranger's words, as `content_type` is, which may be wrong.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    content_type: str | None


async def fetch(
    url: str,
    *,
    limits: Limits = LIMITS,
    also: frozenset[str] = frozenset(),
    etag: str | None = None,
    modified: str | None = None,
    may: May | None = None,
    resolve: Resolve = lookup,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """What stands behind an http or https link. Raises FetchError, in words for people.

    `also` names private hosts (`host:port`) that may be asked all the same. `etag` and `modified` are the ETag and
    Last-Modified of the version that the caller has: where it is still the present one, the status is 304. `may` is
    asked for every address on the way (retrieval.robots has one). `tls` replaces the authorities of this machine.
    """
    here, before = address(url), None
    times = aiohttp.ClientTimeout(total=None, connect=limits.connect, sock_read=limits.silence)
    headers = dict(_HEADERS)
    if etag:
        headers["If-None-Match"] = _header(etag)
    if modified:
        headers["If-Modified-Since"] = _header(modified)
    try:
        async with asyncio.timeout(limits.total):
            for _ in range(limits.redirects + 1):
                trusted = admitted(here, also, before)
                if may is not None:
                    await may(str(here))
                async with asked(
                    here, headers, Checked(here, resolve, trusted=trusted), times, tls
                ) as answer:
                    if answer.status not in _REDIRECTS:
                        return await _fetched(here, answer, limits, conditional=bool(etag or modified))
                    before, here = here, _next(here, answer)
    except TimeoutError:
        raise FetchError(
            shown(here),
            f"the site did not answer within {limits.total:g} seconds; try again later",
            FetchFault.TIME,
        ) from None
    raise FetchError(
        shown(url),
        f"the site passes on more than {limits.redirects} times; give the link at which the page opens in a browser",
        FetchFault.REDIRECT,
    )


async def documents_of(
    url: str,
    *,
    limits: Limits = LIMITS,
    also: frozenset[str] = frozenset(),
    may: May | None = None,
    resolve: Resolve = lookup,
    tls: ssl.SSLContext | None = None,
    read: Read = documents,
) -> list[Document | Unread]:
    """The documents behind a link, with links of their own; what cannot be fetched is one Unread. Never empty."""
    try:
        fetched = await fetch(url, limits=limits, also=also, may=may, resolve=resolve, tls=tls)
    except FetchError as error:
        return [Unread(shown(url), error.reason, error.kind)]
    return await documents_in(fetched, asked=url, read=read)


async def documents_in(
    fetched: Fetched, *, asked: str | None = None, read: Read = documents
) -> list[Document | Unread]:
    """The documents in what was fetched, read beside the event loop. Never empty.

    The name and the link of a page are the link that it gives as its own, where that can be believed, else the one at
    which it was found; documents inside it (of a feed, an archive) keep the names that their reader gave. `asked` is
    the link that was asked for.
    """
    here = URL(fetched.url)
    if asked is not None and here.raw_path_qs == "/" and address(asked).raw_path_qs != "/":
        reason = (
            "the site leads from this link to its front page; the page may be gone, look for its new link"
        )
        return [Unread(shown(asked), reason, Trouble.UNREACHABLE)]
    page = page_link(here)
    found = await asyncio.to_thread(lambda: list(read(page, fetched.body, page, fetched.content_type)))
    if not found:
        reason = "no article was found on this page; give the link of one article"
        return [Unread(page, reason, Trouble.NO_STORY)]
    return [_with_links(document, page) for document in found]


def _with_links(found: Document | Unread, page: str) -> Document | Unread:
    if isinstance(found, Unread):
        return found
    if found.name == page:
        own = canonical(found.url, URL(page))
        return replace(found, name=own, url=own)
    try:
        link = str(address(found.url)) if found.url is not None else None
    except FetchError:
        link = None
    return replace(found, url=link)


def _next(here: URL, answer: aiohttp.ClientResponse) -> URL:
    """Where an answer passes on to."""
    try:
        target = here.join(URL(answer.headers.get("Location", "").strip().replace(" ", "%20")))
        if target.with_fragment(None) != here:
            return address(str(target))
    except (ValueError, FetchError):
        pass
    raise FetchError(
        shown(here),
        "the site passes on to no page that can be read; open the link in a browser and give the one it shows there",
        FetchFault.REDIRECT,
        answer.status,
    )


async def _fetched(url: URL, answer: aiohttp.ClientResponse, limits: Limits, *, conditional: bool) -> Fetched:
    content_type = answer.headers.get("Content-Type", "").encode("ascii", "ignore").decode().strip() or None
    if answer.status == _UNCHANGED and conditional:
        return Fetched(str(url), answer.status, answer.headers, b"", content_type)
    if answer.status not in _PAGES:
        raise _refused(url, answer)
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind.startswith(_NOTHING_TO_READ):
        reason = "this is a picture, a film or a part of a page; give the link of the page with the article"
        raise FetchError(shown(url), reason, FetchFault.KIND, answer.status)
    body = Unpacked(answer.headers.get("Content-Encoding", ""), limits.size)
    try:
        body.expect(answer.content_length)
        async for piece in answer.content.iter_any():
            body.add(piece)
        data = body.whole()
    except OverflowError:
        reason = f"this is larger than {limits.size / 1e6:g} MB; give the link of a single article"
        raise FetchError(shown(url), reason, FetchFault.SIZE, answer.status) from None
    except ValueError:
        raise trouble(url, aiohttp.ClientPayloadError()) from None
    return Fetched(str(url), answer.status, answer.headers, data, content_type)


def _refused(url: URL, answer: aiohttp.ClientResponse) -> FetchError:
    match answer.status:
        case 401 | 402 | 403 | 407 | 451:
            reason = "the site does not let this page be read; open it in a browser, save it and add the file"
        case 404 | 410:
            reason = "there is no such page; check the link"
        case 429:
            reason = "the site asks to come later; try again in some minutes"
        case status if status >= 500:  # noqa: PLR2004 the site's own faults, by HTTP
            reason = "the site has a fault of its own; try again later"
        case _:
            reason = "the site answers, but not with a page; open the link in a browser and check it"
    return FetchError(
        shown(url),
        f"{reason} (status {answer.status})",
        FetchFault.STATUS,
        answer.status,
        _retry_after(answer.headers),
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of Retry-After; a date in it counts from the answer's own Date, whose clock it was set by."""
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal() and text.isascii():
        return min(float(text[:9]), _LONGEST_WAIT)
    try:
        wait = (parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), _LONGEST_WAIT)


def _header(text: str) -> str:
    """A value that a server gave once, fit to be sent back."""
    return "".join(char for char in text if " " <= char <= "~")
