"""A site with a feed on 127.0.0.1, and the plainest ways to read it, for the tests of feeds."""

import asyncio
import html
import re
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from retrieval.article import Article
from retrieval.document import Document, Unread
from retrieval.entries import Ways

LONG = "Елордада түнімен қар жауып, жолдарға қызмет көрсететін техника таңға дейін жұмыс істеді. " * 20


class Site:
    """Answers each path as the test says; keeps what was asked, in order, with its headers."""

    def __init__(self):
        self.base = ""
        self.answers = {}
        self.asked = []
        self.most_at_once = 0
        self.hold = None
        self._at_once = 0

    def put(self, path, body, status=200, content_type="application/rss+xml", **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else body.encode()
        self.answers[path] = (status, data, {"Content-Type": content_type, **sent})

    def count(self, path):
        return Counter(one for one, _ in self.asked)[path]

    async def answer(self, request):
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self.asked.append((request.path, dict(request.headers)))
            if self.hold is not None:
                await self.hold.wait()
            status, body, headers = self.answers.get(request.path, (404, b"", {}))
            if headers.get("ETag") and request.headers.get("If-None-Match") == headers["ETag"]:
                return web.Response(status=304, headers={"ETag": headers["ETag"]})
            return web.Response(status=status, body=body, headers=headers)
        finally:
            self._at_once -= 1


@asynccontextmanager
async def site():
    """The site, with its address as `base`."""
    found = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        served = web.TCPSite(runner, "127.0.0.1", 0)
        await served.start()
        found.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield found
    finally:
        await runner.cleanup()


@dataclass
class Got:
    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    content_type: str | None


async def fetch(url, etag=None, modified=None):
    sent = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {name: value for name, value in sent.items() if value}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return Got(
            str(answer.url), answer.status, dict(answer.headers), await answer.read(), answer.content_type
        )


def read_html(name, data, url):
    """The words of a page: far too plain for pages of others, enough for ours."""
    words = " ".join(
        html.unescape(re.sub(r"<title>.*?</title>|<h1>.*?</h1>|<[^<>]*>", " ", data.decode())).split()
    )
    yield Document(name, words, url=url) if words else Unread(name, "is empty; nothing to do")


async def read_page(link):
    got = await fetch(link)
    if got.status != 200:
        return [Unread(link, f"the server answers {got.status}; try later")]
    return list(read_html(link, got.body, link))


class State(Enum):
    ADDED = 1
    CHANGED = 2
    UNCHANGED = 3
    SKIPPED = 4


@dataclass
class Outcome:
    name: str
    id: str | None
    state: State
    reason: str


def article_of(one):
    return Article(
        one.name, one.text, one.title, one.source, one.published, one.url, one.body, one.language, one.author
    )


def take_into(library):
    """What puts documents into a library, each under its name."""

    def take(documents, origin):
        before = dict(library.index.articles)
        new = {one.name: article_of(one) for one in documents}
        library.add(new.values(), origin)
        for id_, article in new.items():
            state = State.CHANGED if id_ in before else State.ADDED
            yield Outcome(id_, id_, State.UNCHANGED if before.get(id_) == article else state, "")

    return take


async def no_pause(_url):
    return 0.0


def ways(library, **others):
    """How feeds are read in these tests."""
    plain = {
        "fetch": fetch,
        "read_page": read_page,
        "read_html": read_html,
        "take": take_into(library),
        "present": lambda id_: id_ in library.index.articles,
        "pause": no_pause,
    }
    return Ways(**{**plain, **others})


def item(path, title="Қар жауды", text="", base="", more=""):
    """One item of an RSS feed."""
    link = urlsplit(f"{base}{path}").geturl()
    content = f"<content:encoded><![CDATA[{text}]]></content:encoded>" if text else ""
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>Fri, 13 Feb 2026 01:30:00 +0500</pubDate>{content}{more}</item>"
    )


def rss(*items, title="Qala.kz"):
    """A feed of items."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:yandex="http://news.yandex.ru" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{title}</title><link>https://qala.kz/</link><language>kk</language>{''.join(items)}</channel></rss>"
    )


async def wait_until(holds, seconds=20):
    """Returns when something holds that nothing tells of."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)
