"""How feeds are really read: over the network as links are, into the library as imports are."""

from collections.abc import Sequence

from retrieval.document import Document, Unread
from retrieval.entries import Fetched, Outcome, Ways
from retrieval.fetching import documents_of, fetch
from retrieval.formats.html import documents
from retrieval.importing import taken
from retrieval.library import Library
from retrieval.robots import Robots


def ways_of(library: Library, also: frozenset[str]) -> Ways:
    """What `retrieval.feeds` reads with; `also` names private hosts that may be asked all the same."""
    robots = Robots(also=also)

    async def feed(url: str, etag: str | None, modified: str | None) -> Fetched:
        return await fetch(url, also=also, etag=etag, modified=modified, may=robots.check)

    async def page(link: str) -> Sequence[Document | Unread]:
        return await documents_of(link, also=also, may=robots.check)

    def take(found: Sequence[Document | Unread], origin: str) -> list[Outcome]:
        return list(taken(library, found, origin, again=True))

    return Ways(feed, page, documents, take, lambda id_: id_ in library.index.articles, robots.delay)
