"""What becomes of the entries of a feed: each new or changed one is read, and taken in as an article."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Protocol

from retrieval.document import Document, Unread
from retrieval.errors import RetrievalError, Trouble
from retrieval.feedstate import FeedState, Seen
from retrieval.formats.feed import Entry, Feed, ReadHtml, completed, document
from retrieval.hosts import Hosts

TRIES = 3
"""Looks in which an article's page may fail before what the feed itself says of it has to do."""
PAGES = 30
"""Pages that are read in one look; the rest waits for the next ones."""
_IN_A_ROW = 5
"""Pages that may fail one after the other before the rest is left to the next look."""
_BATCH = 20
"""Articles that are written together."""
_WORTH = 25
"""Words that the text of an entry has at least where its page cannot be read."""


class Fetched(Protocol):
    """What a server answered: `headers` by name, in any case; `url` is where it came from in the end."""

    @property
    def url(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str | None: ...


class _Named(Protocol):
    @property
    def name(self) -> str: ...


class Outcome(Protocol):
    """What became of a document: its name, its article's id, and ADDED, CHANGED, UNCHANGED or SKIPPED."""

    @property
    def name(self) -> str: ...
    @property
    def id(self) -> str | None: ...
    @property
    def state(self) -> _Named: ...
    @property
    def reason(self) -> str | None: ...


@dataclass(frozen=True)
class Ways:
    """What feeds are read with.

    `fetch` asks an address, with the ETag and the Last-Modified of the version that is known already; `read_page` gives
    the documents of a link, `read_html` those of a page's bytes. `take` puts documents into the library under an
    origin, one outcome for each, in their order; it is called in a thread. `present` says whether the library has an
    article. `pause` is how many seconds a site wants between requests, None where it does not say. All but `read_html`
    and `present` may raise RetrievalError; its `retry_after`, where it has one, is the seconds to wait.
    """

    fetch: Callable[[str, str | None, str | None], Awaitable[Fetched]]
    read_page: Callable[[str], Awaitable[Sequence[Document | Unread]]]
    read_html: ReadHtml
    take: Callable[[Sequence[Document | Unread], str], Iterable[Outcome]]
    present: Callable[[str], bool]
    pause: Callable[[str], Awaitable[float | None]]


@dataclass(frozen=True)
class Took:
    """How many articles came of a look, and how many changed; `is_done` says that nothing is left for the next."""

    added: int = 0
    changed: int = 0
    problems: tuple[str, ...] = ()
    is_done: bool = True


@dataclass(frozen=True)
class _Ready:
    """An entry that was looked at; `found` is None where nothing is to be taken in."""

    seen: Seen
    found: Document | None = None
    problem: str | None = None


@dataclass
class _Look:
    """How much of one look is used up."""

    pages: int = 0
    failed_in_a_row: int = 0
    left: int = 0

    @property
    def is_over(self) -> bool:
        return self.pages >= PAGES or self.failed_in_a_row >= _IN_A_ROW


class Entries:
    """The entries of one feed, and what is remembered of them."""

    def __init__(self, url: str, state: FeedState, ways: Ways, hosts: Hosts) -> None:
        self._url = url
        self._state = state
        self._ways = ways
        self._hosts = hosts

    async def take_in(self, feed: Feed, now: float) -> Took:
        """Takes in what is new or changed, and notes it. Raises StoreError where the database cannot be used."""
        entries: dict[str, Entry] = {}
        for entry in feed.entries:
            entries.setdefault(entry.id, entry)
        seen = await asyncio.to_thread(self._state.seen, self._url)
        took, batch, look = Took(), list[_Ready](), _Look()
        for entry in entries.values():
            if not _is_done(entry, seen.get(entry.id)):
                ready = await self._read(entry, feed, seen.get(entry.id), look)
                batch += [] if ready is None else [ready]
            if len(batch) == _BATCH:
                took, batch = await self._take(took, batch, now), []
        took = await self._take(took, batch, now)
        await asyncio.to_thread(self._state.still_there, self._url, list(entries), now)
        return replace(took, is_done=look.left == 0)

    async def _read(self, entry: Entry, feed: Feed, before: Seen | None, look: _Look) -> _Ready | None:
        """The article of an entry, from the feed or from its page; None where that has to wait."""
        name = self._name(entry)
        seen = Seen(entry.id, _digest(entry), None if before is None else before.article)
        if await asyncio.to_thread(self._was_removed, name, seen.article):
            return _Ready(seen)
        tries = before.tries if before is not None and before.digest == seen.digest else 0
        return await self._read_anew(entry, feed, replace(seen, tries=tries), look)

    async def _read_anew(self, entry: Entry, feed: Feed, before: Seen, look: _Look) -> _Ready | None:
        name = self._name(entry)
        seen = replace(before, tries=0)
        given = await asyncio.to_thread(document, entry, feed, self._ways.read_html, name)
        if isinstance(given, Document) and not entry.is_summary:
            return _Ready(seen, given)
        if entry.link is None:
            return _of_summary(seen, given)
        if look.is_over:
            look.left += 1
            return None
        found = await self._page(entry.link, look)
        if isinstance(found, Document):
            return _Ready(seen, completed(found, entry, feed))
        if before.tries + 1 < TRIES:
            look.left += 1
            return _Ready(replace(seen, tries=before.tries + 1))
        return _of_summary(seen, given, found)

    def _name(self, entry: Entry) -> str:
        """What the entry's document is called: its link, or its place in the feed."""
        return entry.link or f"{self._url}#{entry.id}"

    def _was_removed(self, name: str, article: str | None) -> bool:
        """Whether the article came of a feed before and somebody has removed it: it is not to come back."""
        known = article or (name if self._state.has_given(name) else None)
        return known is not None and not self._ways.present(known)

    async def _page(self, link: str, look: _Look) -> Document | Unread:
        look.pages += 1
        try:
            pause = await self._ways.pause(link)
            async with self._hosts.turn(link, pause or 0.0):
                found = await self._ways.read_page(link)
        except RetrievalError as error:
            reason, kind = getattr(error, "reason", str(error)), getattr(error, "kind", Trouble.OTHER)
            found = [Unread(link, reason, kind)]
        documents = [one for one in found if isinstance(one, Document)]
        look.failed_in_a_row = 0 if documents else look.failed_in_a_row + 1
        if documents:
            return documents[0]
        return next(iter(found), Unread(link, "the page has no article; nothing to do", Trouble.NO_STORY))

    async def _take(self, took: Took, batch: Sequence[_Ready], now: float) -> Took:
        """Has a batch written, and notes what became of it."""
        documents = [ready.found for ready in batch if ready.found is not None]
        outcomes = await asyncio.to_thread(self._outcomes, documents)
        told = iter(outcomes)
        seen = []
        for ready in batch:
            outcome = None if ready.found is None else next(told, None)
            id_ = None if outcome is None else outcome.id
            seen.append(ready.seen if id_ is None else replace(ready.seen, article=id_))
        await asyncio.to_thread(self._state.note, self._url, seen, now)
        states = [outcome.state.name for outcome in outcomes]
        skipped = [f"{one.name}: {one.reason}" for one in outcomes if one.state.name == "SKIPPED"]
        problems = [ready.problem for ready in batch if ready.problem is not None]
        return Took(
            took.added + states.count("ADDED"),
            took.changed + states.count("CHANGED"),
            (*took.problems, *problems, *skipped),
        )

    def _outcomes(self, documents: Sequence[Document]) -> list[Outcome]:
        return list(self._ways.take(documents, f"feed {self._url}")) if documents else []


def _of_summary(seen: Seen, given: Document | Unread, page: Unread | None = None) -> _Ready:
    """What is left where there is no page to read: the feed's own words, if they are enough to quote."""
    if isinstance(given, Document) and len(given.text.split()) >= _WORTH:
        return _Ready(seen, given)
    if page is None and isinstance(given, Unread):
        page = given
    few = Unread(given.name, "the feed gives a few words of it; nothing to do", Trouble.EMPTY)
    return _Ready(seen, problem=str(page or few))


def _is_done(entry: Entry, seen: Seen | None) -> bool:
    return seen is not None and seen.tries == 0 and seen.digest == _digest(entry)


def _digest(entry: Entry) -> str:
    """Changes when anything changes that the feed says of an entry."""
    said = repr(astuple(entry)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).hexdigest()
