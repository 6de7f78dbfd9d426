"""What admins work with: the library, the readers of documents, and what they have begun."""

import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from telegram import User

from bot.drafts import Drafts
from retrieval import importing
from retrieval.document import Document, Unread
from retrieval.importing import Outcome, State, foreseen, taken
from retrieval.index import Index

ORIGIN = "telegram"
"""The origin of the articles that are added in a chat."""


class Shelf(importing.Shelf, Protocol):
    """The part of `retrieval.library.Library` that is used here; all of it raises StoreError."""

    @property
    def index(self) -> Index:
        """The present index."""

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

    def foreseen(self, found: Iterable[Document]) -> list[Outcome]:
        """What would come of adding these documents now. Raises StoreError."""
        return foreseen(self.library, found, ORIGIN)

    def add(self, found: Iterable[Document]) -> list[Outcome]:
        """Adds documents, none in place of an article from elsewhere; what came of each. Raises StoreError.

        After that error some of several may be added; adding them all once more does the rest.
        """
        outcomes = list(taken(self.library, found, ORIGIN))
        if any(one.state in {State.ADDED, State.CHANGED} for one in outcomes):
            self.changed()
        return outcomes

    def remove(self, id_: str) -> None:
        """Removes an article. Raises StoreError."""
        self.library.remove([id_])
        self.changed()

    def restore(self, id_: str) -> None:
        """Takes the removal of an article back. Raises StoreError."""
        self.library.restore([id_])
        self.changed()
