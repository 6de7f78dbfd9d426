"""Documents become articles of the library."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol

from retrieval.article import Article
from retrieval.document import Document, Unread
from retrieval.errors import Trouble
from retrieval.library import ADDED
from retrieval.printable import printable
from retrieval.schema import ARTICLES
from retrieval.synced import Held

_TOGETHER = 500
_LETTERS = 4_000_000
_WAIT = 1.0
"""What is stored in one transaction, at the most: articles, characters, and seconds after the first."""
_ID = 500
"""Characters that an id has at the most."""


class State(Enum):
    """What came of a document."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a document, by its name; `id` is its article's, None where it was skipped.

    `reason` says why it was skipped and what to do, or what else is worth knowing; it may be empty; `kind` is that of
    a skipped one. `beside` says
    that the id of its own name belongs to an article from elsewhere, which stays as it is.
    """

    name: str
    id: str | None
    state: State
    reason: str = ""
    kind: Trouble = Trouble.OTHER
    beside: bool = False


class Shelf(Protocol):
    """The part of `retrieval.library.Library` that articles are stored with; all of it raises StoreError."""

    def held(self, id_: str) -> Held | None:
        """What is known of an article besides its fields."""

    def store(self, articles: Iterable[Article], origin: str = ..., location: str | None = ...) -> None:
        """Adds articles in one transaction."""

    def catch_up(self) -> None:
        """Has questions find what was stored."""


def article_of(document: Document) -> Article:
    """The article that a document becomes. Its id is the document's name, so far as that is safe to print."""
    return document.as_article(_id_of(document.name))


def foreseen(
    library: Shelf, found: Iterable[Document | Unread], origin: str = ADDED, location: str | None = None
) -> list[Outcome]:
    """What `taken` would tell of these documents now; nothing is stored."""
    ids: dict[str, str] = {}
    return [_decided(library, one, _Source(origin, location), ids).outcome for one in found]


def taken(
    library: Shelf,
    found: Iterable[Document | Unread],
    origin: str = ADDED,
    location: str | None = None,
    *,
    again: bool = False,
) -> Iterator[Outcome]:
    """Stores documents as articles, and tells what came of each; to be gone through to its end.

    Each is stored wholly or not at all, many in one transaction, and one that cannot be stored never stops the rest.
    What was told is on the disk; questions find all of it at the end. An article of another source, which is another
    origin or `location`, is never overwritten: the new one gets an id of its own. Of a link there is one article,
    whoever gave it. With `again` what a person removed stays removed. Raises StoreError where the database cannot do
    its part; what was told stays.
    """
    group = _Group(library)
    ids: dict[str, str] = {}
    for one in found:
        group.put(_decided(library, one, _Source(origin, location), ids, again=again))
        if group.is_full:
            yield from group.stored()
    yield from group.stored()
    library.catch_up()


@dataclass(frozen=True, slots=True)
class _Source:
    """Where an article came from: two articles of one id and one source are the same article."""

    origin: str
    location: str | None

    def __str__(self) -> str:
        return self.location or self.origin


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is told of a document, and the article that is to be stored; None where there is nothing to store."""

    outcome: Outcome
    source: _Source
    article: Article | None = None


@dataclass
class _Group:
    """Articles that are stored together, and what is told of them then."""

    library: Shelf
    outcomes: list[Outcome] = field(default_factory=list)
    _articles: dict[_Source, list[Article]] = field(default_factory=dict)
    _letters: int = 0
    _since: float = field(default_factory=time.monotonic)

    def put(self, one: _Decided) -> None:
        self.outcomes.append(one.outcome)
        if one.article is not None:
            self._articles.setdefault(one.source, []).append(one.article)
            self._letters += len(one.article.text)

    @property
    def is_full(self) -> bool:
        waited = time.monotonic() - self._since
        return len(self.outcomes) >= _TOGETHER or self._letters >= _LETTERS or waited >= _WAIT

    def stored(self) -> list[Outcome]:
        for source, articles in self._articles.items():
            self.library.store(articles, source.origin, source.location)
        told, self.outcomes = self.outcomes, []
        self._articles, self._letters, self._since = {}, 0, time.monotonic()
        return told


def _decided(
    library: Shelf, found: Document | Unread, source: _Source, ids: dict[str, str], *, again: bool = False
) -> _Decided:
    """What is to become of a document; `ids` are those that were given out so far, with the names they went to."""
    told = Outcome(printable(found.name), None, State.SKIPPED)
    if isinstance(found, Unread):
        return _Decided(replace(told, reason=found.reason, kind=found.kind), source)
    article = article_of(found)
    fault = _fault(article)
    if fault is not None:
        return _Decided(replace(told, reason=fault[0], kind=fault[1]), source)
    held = library.held(article.id)
    if held is not None and not held.removed and held.digest != article.digest:
        owner = _Source(held.origin, held.location)
        if _is_link(article.id) and held.origin != ARTICLES:
            source = owner
        elif owner != source:
            note = f"the id {article.id} belongs to an article from {printable(str(owner))}"
            told = replace(told, reason=note, beside=True)
            article = replace(article, id=_marked(article.id, f"{source.origin}\0{source.location}"))
            held = library.held(article.id)
    if article.id in ids:
        reason = f"its id stands twice; it is that of {ids[article.id]}: give one of them another name"
        return _Decided(replace(told, reason=reason, kind=Trouble.TWICE, beside=False), source)
    ids[article.id] = told.name
    return _compared(article, held, replace(told, id=article.id), source, again=again)


def _compared(
    article: Article, held: Held | None, told: Outcome, source: _Source, *, again: bool
) -> _Decided:
    """What is to become of an article whose id is settled, beside what is held under that id."""
    if held is not None and held.removed and held.barred and again:
        reason = "it was removed, and stays so until it is added"
        return _Decided(replace(told, state=State.UNCHANGED, reason=reason), source)
    if held is not None and not held.removed and held.digest == article.digest:
        return _Decided(replace(told, state=State.UNCHANGED), source)
    state = State.ADDED if held is None or held.removed else State.CHANGED
    return _Decided(replace(told, state=state), source, article)


def _fault(article: Article) -> tuple[str, Trouble] | None:
    """Why an article cannot be stored; None where it can."""
    if not article.text.strip():
        return "it holds no text: check that it is the right one", Trouble.EMPTY
    texts = (article.text, article.title, article.source, article.url, article.language, article.author)
    try:
        "".join(filter(None, texts)).encode()
    except UnicodeEncodeError:
        return "it holds halves of characters, which no file can: save it as UTF-8", Trouble.ENCODING
    return None


def _id_of(name: str) -> str:
    safe = printable(name)
    if safe == name and 0 < len(name) <= _ID:
        return name
    return _marked(safe[:_ID], name)


def _marked(id_: str, by: str) -> str:
    """The id with six digits that tell it from others."""
    return f"{id_}~{hashlib.blake2b(by.encode('utf-8', 'surrogatepass'), digest_size=3).hexdigest()}"


def _is_link(id_: str) -> bool:
    return id_.startswith(("https://", "http://"))
