"""What admins work with: the library, the readers of documents, and what they have begun."""

import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from telegram import User

from bot.drafts import Drafts
from retrieval.article import Article
from retrieval.document import Document, Unread
from retrieval.index import Index

ORIGIN = "telegram"
"""The origin of the articles that are added in a chat."""


class Shelf(Protocol):
    """The part of `retrieval.library.Library` that is used here; all of it raises StoreError."""

    @property
    def index(self) -> Index:
        """The present index."""

    def add(self, articles: Iterable[Article], origin: str) -> None:
        """Adds articles, each in place of the one with its id."""

    def remove(self, ids: Collection[str]) -> None:
        """Removes articles by id."""

    def restore(self, ids: Collection[str]) -> None:
        """Takes removals back."""


@dataclass(frozen=True)
class Desk:
    """`documents` reads a file (name, data, link, content type), `page` fetches a link and reads what is there.

    `clean` takes out of a text what cannot be seen; `changed` is called, in a thread, when articles came or went;
    `now` gives the seconds since 1970.
    """

    admins: frozenset[int]
    library: Shelf
    drafts: Drafts
    documents: Callable[[str, bytes, str | None, str | None], Iterable[Document | Unread]]
    page: Callable[[str], Awaitable[Sequence[Document | Unread]]]
    clean: Callable[[str], str] = str
    changed: Callable[[], object] = lambda: None
    now: Callable[[], float] = time.time

    def is_admin(self, user: User | None) -> bool:
        """Whether a person may add and remove articles."""
        return user is not None and user.id in self.admins

    def add(self, articles: Iterable[Article]) -> int:
        """Adds those articles that are not here as they are already; returns how many. Raises StoreError."""
        index = self.library.index
        new = [article for article in articles if not is_same(index.articles.get(article.id), article)]
        if new:
            self.library.add(new, ORIGIN)
            self.changed()
        return len(new)

    def remove(self, id_: str) -> None:
        """Removes an article. Raises StoreError."""
        self.library.remove([id_])
        self.changed()

    def restore(self, id_: str) -> None:
        """Takes the removal of an article back. Raises StoreError."""
        self.library.restore([id_])
        self.changed()


def is_same(one: Article | None, other: Article) -> bool:
    """Whether an article is there, and there is nothing to tell the two apart."""
    return one is not None and one.digest == other.digest
