"""Which articles tell the same story as another one.

Sketches find the articles that may be reprints; the shingles of their texts decide. Two articles are one story
where RESEMBLANCE of the shingles of both stand in both, or CONTAINED of those of the shorter one in the longer.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.index import Index, Part
from retrieval.passages import Passage, split
from retrieval.postings import Booleans, Integers
from retrieval.shingles import KEYS, Hashes, shingles
from retrieval.terms import hash_of

RESEMBLANCE = 0.8
CONTAINED = 0.9
_MOST = 24
"""Articles that are compared with one; where more of them tell its story the others stay by themselves."""
_EXPECTED = 0.6, 0.71
"""Resemblances from which on fewer than two, and fewer than three, of eight min-hashes agree once in a hundred times."""
_FEW = 3
"""Articles that may agree with one in a single min-hash: where more do, it is a phrase of the trade."""
_MISSING = 0.12, 3
"""How many forms of the shorter article may be missing in the longer one, for each of its words and besides, for it to
be worth reading: fewer are where CONTAINED or RESEMBLANCE holds. Each word is in four shingles but at the ends."""


class Read(NamedTuple):
    """An article with its passages, the shingles of each, and the distinct ones of the whole, ascending."""

    article: Article
    passages: tuple[Passage, ...]
    shingles: tuple[frozenset[int], ...]
    whole: Integers


@lru_cache(maxsize=512)
def read(article: Article) -> Read:
    """The passages and shingles of an article; few have reprints, and these come again and again."""
    passages = split(article)
    words = [_hashes(article.text[slice(*passage.span)]) for passage in passages]
    of_each = (shingles(one, np.array([0, len(one)]))[0].tolist() for one in words)
    flat = np.concatenate(words) if words else np.zeros(0, np.uint64)
    whole = np.unique(shingles(flat, np.array([0, len(flat)]))[0])
    return Read(article, passages, tuple(map(frozenset, of_each)), whole)


def _hashes(text: str) -> Integers:
    """The hashes that a segment has of the words of a text."""
    return np.array([hash_of(token.word) for token in analyze(text)], np.uint64)


def is_one_story(one: Integers, other: Integers) -> bool:
    """Whether two articles are, by the distinct hashes of their shingles, ascending."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    smaller, both = min(len(one), len(other)), len(one) + len(other) - shared
    return shared > 0 and (shared >= RESEMBLANCE * both or shared >= CONTAINED * smaller)


class Reprints:
    """The reprints of some articles, which are given by their numbers through all parts."""

    def __init__(self, index: Index, articles: Sequence[int]) -> None:
        self._index = index
        self._candidates = _candidates(index, sorted(set(articles))) if articles else {}

    def of(self, article: int) -> tuple[Article, ...]:
        """The other articles that tell its story."""
        candidates = self._candidates.get(article)
        if not candidates:
            return ()
        own = read(self._article(article)).whole
        others = map(self._article, candidates)
        return tuple(other for other in others if is_one_story(own, read(other).whole))

    def _article(self, article: int) -> Article:
        part, number = _place(self._index, article)
        return self._index.articles[part.segment.names[number]]


def _candidates(index: Index, articles: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """For each of the articles those that its sketch, length and forms speak for, most agreeing first."""
    numbers = np.array(articles)
    keys = np.empty((len(articles), KEYS), np.uint64)
    lengths = np.empty(len(articles), np.int64)
    for part, own in _by_part(index, numbers):
        keys[own] = part.segment.sketched.keys(numbers[own] - part.first_article)
        lengths[own] = part.segment.lengths[numbers[own] - part.first_article]
    rows, others, agree = _agreeing(index, keys)
    lengths_of_others = np.empty(len(others), np.int64)
    for part, own in _by_part(index, others):
        lengths_of_others[own] = part.segment.lengths[others[own] - part.first_article]
    likely = (others != numbers[rows]) & (agree >= _needed(lengths[rows], lengths_of_others))
    alone = likely & (agree == 1)
    likely &= ~(alone & (np.bincount(rows[alone], minlength=len(articles)) > _FEW)[rows])
    ahead = np.flatnonzero(likely)
    found: dict[int, list[int]] = {}
    for at in ahead[np.argsort(-agree[ahead], kind="stable")].tolist():
        found.setdefault(articles[int(rows[at])], []).append(int(others[at]))
    return {article: _comparable(index, article, some[:_MOST]) for article, some in found.items()}


def _by_part(index: Index, articles: Integers) -> Iterator[tuple[Part, Booleans]]:
    """The parts that hold some of the articles, and which of them each holds."""
    for part in index.parts:
        own = (articles >= part.first_article) & (articles < part.first_article + len(part.segment.dates))
        if own.any():
            yield part, own


def _agreeing(index: Index, keys: Hashes) -> tuple[Integers, Integers, Integers]:
    """The articles with any of the keys: row of `keys`, article, and how many of its keys they have in common."""
    total = sum(len(part.segment.dates) for part in index.parts)
    pairs = []
    for part in index.parts:
        rows, others = part.segment.sketched.sharing(keys)
        pair = rows * total + others + part.first_article
        # What was removed is often the former version of an article, and then all but a copy of it.
        pairs.append(pair[~np.isin(others, part.gone_articles)] if len(part.gone_articles) else pair)
    distinct, agree = np.unique(np.concatenate(pairs), return_counts=True)
    return distinct // total, distinct % total, agree


def _place(index: Index, article: int) -> tuple[Part, int]:
    """The part that holds the article with this number through all parts, and its number there."""
    part = next(part for part in reversed(index.parts) if part.first_article <= article)
    return part, article - part.first_article


def _needed(lengths: Integers, others: Integers) -> Integers:
    """How many min-hashes two articles of one story, with so many words, have in common but for once in a hundred."""
    ratio = np.minimum(lengths, others) / np.maximum(np.maximum(lengths, others), 1)
    resemblance = np.minimum(RESEMBLANCE, CONTAINED * ratio / (1 + (1 - CONTAINED) * ratio))
    needed: Integers = 1 + np.searchsorted(_EXPECTED, resemblance, "right")
    return needed


def _comparable(index: Index, article: int, others: Sequence[int]) -> Sequence[int]:
    """Those of the other articles that have enough of the forms of this one, or it of theirs."""
    part, number = _place(index, article)
    own = _forms(part, number)
    found: list[int] = []
    for other in others:
        there, at = _place(index, other)
        # A form has another number in each part.
        if there is not part or _has_enough(own, part, number, at):
            found.append(other)
    return found


def _has_enough(forms: AbstractSet[int], part: Part, number: int, other: int) -> bool:
    theirs = _forms(part, other)
    shorter = number if len(forms) < len(theirs) else other
    each, besides = _MISSING
    lost = min(len(forms), len(theirs)) - len(forms & theirs) - int(part.segment.title.lengths[shorter])
    return lost <= each * int(part.segment.lengths[shorter]) + besides


def _forms(part: Part, article: int) -> AbstractSet[int]:
    """The forms of the article's passages and of its title."""
    passages, forward = part.segment.passages_of(article), part.segment.forward
    start, end = forward.bounds[passages.start], forward.bounds[passages.stop]
    return frozenset(forward.forms[int(start) : int(end)].tolist())
