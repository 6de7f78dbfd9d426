"""Articles made ready for questions: segments of them, and what holds over all of them together."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import overload

import numpy as np

from retrieval.article import Article
from retrieval.glossary import NONE, Glossary
from retrieval.grams import Grams
from retrieval.passages import Passage
from retrieval.phrases import Phrases
from retrieval.postings import Booleans, Field, Integers
from retrieval.segment import Segment
from retrieval.translation import Translator
from retrieval.vocabulary import Vocabulary
from retrieval.written import Written

K1, B = 0.9, 0.3
"""BM25's constants for all fields. Paragraphs of news differ in length by layout more than by subject, so a
long one is marked down less than rank-bm25's 0.75 would."""


@dataclass(frozen=True, eq=False)
class Part:
    """A segment within an index: its passages and articles are numbered on from `first` and `first_article`.

    `gone` and `gone_articles` are those of its own numbers (ascending) that were removed.
    """

    segment: Segment
    first: int
    first_article: int
    gone: Integers
    gone_articles: Integers

    def number_of(self, article: str) -> int | None:
        """The number of an article here, by id; None where it is not, or no longer."""
        number = self.segment.names.number(article)
        return None if number is None or number in self._gone else number

    @cached_property
    def _gone(self) -> frozenset[int]:
        return frozenset(self.gone_articles.tolist())

    @cached_property
    def stays(self) -> Booleans:
        """For each of its passages whether it is still there."""
        stays = np.ones(len(self.segment.article_of), np.bool_)
        stays[self.gone] = False
        return stays


@dataclass(frozen=True, eq=False)
class Fields:
    """The scores of the passages by stem, by word as written, by root, and by the stems' letter n-grams."""

    stem: Field
    word: Written
    root: Field
    gram: Grams


@dataclass(frozen=True, eq=False)
class Index:
    """The articles by id, newest first, the segments that hold them, and what their words may be asked by.

    Passages are numbered through all parts. An index never changes: `retrieval.build` makes a new one with
    more or fewer articles from the same segments. `enough` is the evidence, 0 to 1, that an answer needs: see
    `retrieval.refusal`.
    """

    articles: Mapping[str, Article]
    parts: tuple[Part, ...]
    synonyms: Mapping[str, tuple[str, ...]]
    phrases: Phrases
    enough: float = 0.0
    glossary: Glossary = NONE

    @cached_property
    def fields(self) -> Fields:
        """The fields over all parts."""
        segments = [part.segment for part in self.parts]
        gone = [part.gone for part in self.parts]
        stem = Field([segment.stem for segment in segments], gone, K1, B)
        return Fields(
            stem,
            Written([segment.word for segment in segments], stem),
            Field([segment.root for segment in segments], gone, K1, B),
            Grams([segment.gram for segment in segments], gone, K1, B),
        )

    @cached_property
    def titles(self) -> Field:
        """The postings of the articles by the stems of their titles."""
        titles = [part.segment.title for part in self.parts]
        return Field(titles, [part.gone_articles for part in self.parts], K1, B)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of all parts."""
        words = [part.segment.words for part in self.parts]
        return Vocabulary(words, self.fields.stem, self.fields.word, self.synonyms, self.phrases)

    @cached_property
    def translator(self) -> Translator:
        """What foreign words are among the words of all parts."""
        return Translator(self.vocabulary, self.glossary)

    @cached_property
    def passages(self) -> "Passages":
        """The passages of the articles, newest article first."""
        return Passages(self.parts)

    def article_by_key(self, key: str) -> Article | None:
        """The article whose `key` this is; None when it is gone."""
        for part in self.parts:
            id_ = part.segment.id_of_key.get(key)
            if id_ is not None and part.number_of(id_) is not None:
                return self.articles.get(id_)
        return None

    @property
    def dates(self) -> list[date | None]:
        """The dates of the articles, in no order."""
        found = []
        for part in self.parts:
            stays = np.ones(len(part.segment.dates), np.bool_)
            stays[part.gone_articles] = False
            found += part.segment.dates[stays].tolist()
        return [date.fromordinal(day) if day > 1 else None for day in found]

    def passages_of(self, article: Article) -> tuple[Passage, ...]:
        """The article's passages in order."""
        part, number = self.place_of(article.id)
        return tuple(part.segment.passage(one) for one in part.segment.passages_of(number))

    def place_of(self, article: str) -> tuple[Part, int]:
        """The part that holds the article, by id, and its number there. Raises KeyError."""
        for part in self.parts:
            number = part.number_of(article)
            if number is not None:
                return part, number
        raise KeyError(article)


class Passages(Sequence[Passage]):
    """All passages by number, those that were removed left out of the count and of the order."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._starts = [part.first for part in parts]

    @cached_property
    def order(self) -> Integers:
        """The place of each passage among all, by number; newest article first, then by id."""
        segments = [part.segment for part in self._parts]
        articles = [
            (-day, id_) for one in segments for day, id_ in zip(one.dates.tolist(), one.ids, strict=True)
        ]
        ranks = _places(np.array(sorted(range(len(articles)), key=articles.__getitem__), np.int64))
        of_passages = [ranks[part.segment.article_of + part.first_article] for part in self._parts]
        # Each part stands in order already, so that this is a merge.
        return _places(np.argsort(np.concatenate(of_passages), kind="stable"))

    @cached_property
    def _in_order(self) -> Integers:
        stays = np.concatenate([part.stays for part in self._parts]) if self._parts else np.zeros(0, np.bool_)
        numbers = np.flatnonzero(stays)
        return numbers if len(self._parts) <= 1 else numbers[np.argsort(self.order[numbers])]

    def standing(self, number: int) -> tuple[int, str, int]:
        """What a passage stands in the order by: newest article first, then by id, then by place in the article."""
        part = self.part_of(number)
        own = number - part.first
        article = int(part.segment.article_of[own])
        return -int(part.segment.dates[article]), part.segment.names[article], own

    def numbered(self, number: int) -> Passage:
        """The passage with that number."""
        part = self.part_of(number)
        return part.segment.passage(number - part.first)

    def part_of(self, number: int) -> Part:
        """The part that holds the passage with that number."""
        return self._parts[bisect_right(self._starts, number) - 1]

    def articles_of(self, numbers: Sequence[int]) -> list[int]:
        """The number of the article, through all parts, that each of the passages is of."""
        if len(self._parts) == 1:
            articles: list[int] = self._parts[0].segment.article_of[numbers].tolist()
            return articles
        parts = ((self.part_of(number), number) for number in numbers)
        return [
            part.first_article + int(part.segment.article_of[number - part.first]) for part, number in parts
        ]

    def __len__(self) -> int:
        return sum(len(part.segment.article_of) - len(part.gone) for part in self._parts)

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, place: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(place, slice):
            return tuple(self.numbered(number) for number in self._in_order[place].tolist())
        return self.numbered(int(self._in_order[place]))


def _places(sequence: Integers) -> Integers:
    """For each number where it stands in the sequence."""
    places = np.empty(len(sequence), np.int64)
    places[sequence] = np.arange(len(sequence))
    return places
