"""Documents become articles of the library."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from retrieval.article import Article
from retrieval.document import Document, Unread
from retrieval.library import ADDED, Library
from retrieval.printable import printable
from retrieval.schema import ARTICLES

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

    `reason` says why it was skipped and what to do, or what else is worth knowing; it may be empty.
    """

    name: str
    id: str | None
    state: State
    reason: str = ""


def article_of(document: Document) -> Article:
    """The article that a document becomes. Its id is the document's name, so far as that is safe to print."""
    return document.as_article(_id_of(document.name))


def taken(
    library: Library,
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
        told = Outcome(printable(one.name), None, State.SKIPPED)
        if isinstance(one, Unread):
            told = replace(told, reason=one.reason)
        else:
            told = _put(group, one, told, _Source(origin, location), ids, again=again)
        group.outcomes.append(told)
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


@dataclass
class _Group:
    """Articles that are stored together, and what is told of them then."""

    library: Library
    outcomes: list[Outcome] = field(default_factory=list)
    _articles: dict[_Source, list[Article]] = field(default_factory=dict)
    _letters: int = 0
    _since: float = field(default_factory=time.monotonic)

    def put(self, article: Article, source: _Source) -> None:
        self._articles.setdefault(source, []).append(article)
        self._letters += len(article.text)

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


def _put(
    group: _Group, document: Document, told: Outcome, source: _Source, ids: dict[str, str], *, again: bool
) -> Outcome:
    """Puts the article of a document into the group, where there is anything to store; what came of it."""
    article = article_of(document)
    reason = _fault(article)
    if reason:
        return replace(told, reason=reason)
    held = group.library.held(article.id)
    note = ""
    if held is not None and not held.removed and held.digest != article.digest:
        owner = _Source(held.origin, held.location)
        if _is_link(article.id) and held.origin != ARTICLES:
            source = owner
        elif owner != source:
            note = f"the id {article.id} belongs to an article from {printable(str(owner))}"
            article = replace(article, id=_marked(article.id, f"{source.origin}\0{source.location}"))
            held = group.library.held(article.id)
    if article.id in ids:
        return replace(
            told,
            reason=f"its id stands twice; it is that of {ids[article.id]}: give one of them another name",
        )
    ids[article.id] = told.name
    told = replace(told, id=article.id, reason=note)
    if held is not None and held.removed and held.barred and again:
        return replace(told, state=State.UNCHANGED, reason="it was removed, and stays so until it is added")
    if held is not None and not held.removed and held.digest == article.digest:
        return replace(told, state=State.UNCHANGED)
    group.put(article, source)
    return replace(told, state=State.ADDED if held is None or held.removed else State.CHANGED)


def _fault(article: Article) -> str:
    """Why an article cannot be stored; empty where it can."""
    if not article.text.strip():
        return "it holds no text: check that it is the right one"
    texts = (article.text, article.title, article.source, article.url, article.language, article.author)
    try:
        "".join(filter(None, texts)).encode()
    except UnicodeEncodeError:
        return "it holds halves of characters, which no file can: save it as UTF-8"
    return ""


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
