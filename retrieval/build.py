"""From articles to an index, and from an index to one with more or fewer articles."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from retrieval.article import Article, newest_first
from retrieval.changed import Changed
from retrieval.index import Index, Part
from retrieval.phrases import Phrases
from retrieval.refusal import calibrated
from retrieval.segment import Segment
from retrieval.vocabulary import synonyms_of

_NONE = np.zeros(0, np.int64)


def build(articles: Iterable[Article], synonyms: Sequence[Sequence[str]] = ()) -> Index:
    """The index of the articles, in one segment; the same articles in another order give the same index."""
    known = {article.id: article for article in articles}
    phrases = Phrases.of(synonyms)
    segments = [Segment.build(known.values(), phrases)]
    index = joined(known, segments, [()], synonyms)
    return replace(index, enough=calibrated(index))


def joined(
    articles: Mapping[str, Article],
    segments: Sequence[Segment],
    gone: Sequence[Collection[str]],
    synonyms: Sequence[Sequence[str]],
    enough: float = 0.0,
) -> Index:
    """The index over segments; `gone` are for each the ids of its articles that do not count any more."""
    parts: list[Part] = []
    first = first_article = 0
    for segment, away in zip(segments, gone, strict=True):
        parts.append(_part(segment, first, first_article, away))
        first += len(segment.article_of)
        first_article += len(segment.ids)
    ordered = {article.id: article for article in sorted(articles.values(), key=newest_first)}
    return Index(ordered, tuple(parts), synonyms_of(synonyms), Phrases.of(synonyms), enough)


def with_articles(
    index: Index, articles: Iterable[Article], known: Mapping[str, Article] | None = None
) -> Index:
    """The index with these articles as well, each in place of the one with its id; the segments stay as they are.

    `known` are all articles afterwards, newest first, where they are at hand: then none of the others is read.
    """
    new = {article.id: article for article in articles}
    if not new:
        return index
    index = without(index, new.keys(), known)
    segment = Segment.build(new.values(), index.phrases)
    first = sum(len(part.segment.article_of) for part in index.parts)
    first_article = sum(len(part.segment.ids) for part in index.parts)
    part = _part(segment, first, first_article, ())
    if known is None:
        known = Changed.of(index.articles, new, ())
    return replace(index, articles=known, parts=(*index.parts, part))


def without(index: Index, ids: Collection[str], known: Mapping[str, Article] | None = None) -> Index:
    """The index without the articles of these ids; their postings stay and are passed over. `known` as above."""
    ids = {id_ for id_ in ids if any(part.number_of(id_) is not None for part in index.parts)}
    if not ids:
        return index
    parts = []
    for part in index.parts:
        here = {id_ for id_ in ids if part.number_of(id_) is not None}
        gone = {part.segment.ids[number] for number in part.gone_articles.tolist()} | here
        parts.append(_part(part.segment, part.first, part.first_article, gone) if here else part)
    if known is None:
        known = Changed.of(index.articles, {}, ids)
    return replace(index, articles=known, parts=tuple(parts))


def _part(segment: Segment, first: int, first_article: int, gone: Collection[str]) -> Part:
    if not gone:
        return Part(segment, first, first_article, _NONE, _NONE)
    articles = sorted(number for id_ in gone if (number := segment.number_of.get(id_)) is not None)
    passages = [number for article in articles for number in segment.passages_of(article)]
    return Part(segment, first, first_article, np.array(passages, np.int64), np.array(articles, np.int64))
