"""Hits of which each passage of a story stands once, however many articles have it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.article import Article
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.ranking import Hit
from retrieval.reprints import Reprints, read

SAME_WORDS = 0.7
"""The share of a passage's shingles that a passage of another article of the story has, to be the same one."""

Held = Callable[[Article, Passage], frozenset[str]]
"""Which words of the question a passage holds."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a hit has found: the passage to quote, which may be of a reprint, and the other articles that say it."""

    hit: Hit
    passage: Passage
    also: tuple[Article, ...] = ()


def told_once(index: Index, hits: Sequence[Hit], held: Held, limit: int) -> list[Told]:
    """The hits, in order, each passage of a story once; at most `limit`.

    Of the articles that say the same and hold as much of the question, the one that was published first is
    quoted, then one with a source. What only one of them says is quoted from there.
    """
    articles = index.passages.articles_of([hit.passage for hit in hits])
    reprints = Reprints(index, articles)
    told: list[Told] = []
    folded = _Folded(held)
    for hit, article in zip(hits, articles, strict=True):
        passage, others = index.passages.numbered(hit.passage), reprints.of(article)
        found = folded.of(index.articles[passage.article], passage, others) if others else (passage, ())
        if found is not None:
            told.append(Told(hit, *found))
        if len(told) == limit:
            break
    return told


def stories(index: Index, hits: Sequence[Hit]) -> Iterator[str]:
    """The articles of the hits by id, in order, one of each story."""
    articles = index.passages.articles_of([hit.passage for hit in hits])
    reprints = Reprints(index, articles)
    seen: set[str] = set()
    for hit, article in zip(hits, articles, strict=True):
        id_ = index.passages.numbered(hit.passage).article
        if id_ not in seen:
            seen.update((id_, *(other.id for other in reprints.of(article))))
            yield id_


class _Folded:
    """The passages that were told so far."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._told: set[tuple[str, int]] = set()

    def of(
        self, article: Article, passage: Passage, reprints: Sequence[Article]
    ) -> tuple[Passage, tuple[Article, ...]] | None:
        """The passage to quote for one of a story, and the other articles that have it; None where it was told."""
        if _key(article, passage) in self._told:
            return None
        same = [(article, passage), *_same_passage(article, passage, reprints)]
        words = [self._held(*one) for one in same]
        best = max(words, key=len)  # a reprint may have corrected just what was asked for
        saying = [one for one, some in zip(same, words, strict=True) if some >= best]
        was_told = any(_key(*one) in self._told for one in saying)
        self._told.update(_key(*one) for one, some in zip(same, words, strict=True) if some <= best)
        if was_told:
            return None
        saying.sort(key=lambda one: _first_told(one[0]))
        return saying[0][1], tuple(one for one, _ in saying[1:])


def _same_passage(
    article: Article, passage: Passage, reprints: Sequence[Article]
) -> Iterator[tuple[Article, Passage]]:
    """The reprints that have the passage, in about the same words, and where."""
    own = read(article)
    sought = own.shingles[own.passages.index(passage)]
    for reprint in map(read, reprints):
        shares = [len(sought & some) for some in reprint.shingles]
        most = max(shares)
        if most > 0 and most >= SAME_WORDS * len(sought):
            yield reprint.article, reprint.passages[shares.index(most)]


def _key(article: Article, passage: Passage) -> tuple[str, int]:
    return article.id, passage.span.start


def _first_told(article: Article) -> tuple[date, bool, str]:
    return article.published or date.max, article.source is None, article.id
