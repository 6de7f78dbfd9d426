"""From articles to an index, and from an index to one with more or fewer articles."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from retrieval.article import Article, newest_first
from retrieval.changed import Changed, OfParts
from retrieval.glossary import NONE, Glossary
from retrieval.index import Index, Part
from retrieval.phrases import Phrases
from retrieval.refusal import calibrated
from retrieval.segment import Segment
from retrieval.vocabulary import synonyms_of

_NONE = np.zeros(0, np.int64)


def build(
    articles: Iterable[Article], synonyms: Sequence[Sequence[str]] = (), glossary: Glossary = NONE
) -> Index:
    """The index of the articles, in one segment; the same articles in another order give the same index."""
    known = {article.id: article for article in articles}
    phrases = Phrases.of(synonyms)
    segments = [Segment.build(known.values(), phrases)]
    index = joined(known, segments, [()], synonyms, glossary=glossary)
    return replace(index, enough=calibrated(index))


def joined(
    articles: Mapping[str, Article],
    segments: Sequence[Segment],
    gone: Sequence[Collection[str]],
    synonyms: Sequence[Sequence[str]],
    enough: float = 0.0,
    *,
    glossary: Glossary = NONE,
) -> Index:
    """The index over segments; `gone` are for each the ids of its articles that do not count any more."""
    parts: list[Part] = []
    first = first_article = 0
    for segment, away in zip(segments, gone, strict=True):
        parts.append(_part(segment, first, first_article, away))
        first += len(segment.article_of)
        first_article += len(segment.dates)
    ordered = {article.id: article for article in sorted(articles.values(), key=newest_first)}
    return Index(ordered, tuple(parts), synonyms_of(synonyms), Phrases.of(synonyms), enough, glossary)


def with_articles(index: Index, articles: Iterable[Article]) -> Index:
    """The index with these articles as well, each in place of the one with its id; the segments stay as they are."""
    new = {article.id: article for article in articles}
    if not new:
        return index
    index = without(index, new.keys())
    segment = Segment.build(new.values(), index.phrases)
    first = sum(len(part.segment.article_of) for part in index.parts)
    first_article = sum(len(part.segment.dates) for part in index.parts)
    return _over(index, (*index.parts, _part(segment, first, first_article, ())), new, ())


def without(index: Index, ids: Collection[str]) -> Index:
    """The index without the articles of these ids; their postings stay and are passed over."""
    ids = {id_ for id_ in ids if any(part.number_of(id_) is not None for part in index.parts)}
    if not ids:
        return index
    parts = []
    for part in index.parts:
        here = {id_ for id_ in ids if part.number_of(id_) is not None}
        parts.append(_less(part, here) if here else part)
    return _over(index, tuple(parts), {}, ids)


def _over(index: Index, parts: tuple[Part, ...], new: Mapping[str, Article], gone: Collection[str]) -> Index:
    """The index over other parts, and the articles that follow."""
    known = index.articles
    articles = known.over(parts, new) if isinstance(known, OfParts) else Changed.of(known, new, gone)
    return replace(index, articles=articles, parts=parts)


def _part(segment: Segment, first: int, first_article: int, gone: Collection[str]) -> Part:
    return _less(Part(segment, first, first_article, _NONE, _NONE), gone)


def _less(part: Part, ids: Collection[str]) -> Part:
    """The part without these articles as well; ids that it does not have are passed over."""
    numbers = [number for id_ in ids if (number := part.segment.names.number(id_)) is not None]
    if not numbers:
        return part
    passages = [passage for number in numbers for passage in part.segment.passages_of(number)]
    return replace(
        part,
        gone=np.union1d(part.gone, np.array(passages, np.int64)),
        gone_articles=np.union1d(part.gone_articles, np.array(numbers, np.int64)),
    )
