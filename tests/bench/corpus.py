"""Collections to search: real Kazakh passages, and as many more as wanted that are made of their words."""

import itertools
import random
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.loading import load
from retrieval.passages import split
from tests.running import ROOT

MORE_ARTICLES = ROOT.parent / "shared" / "eval" / "kazqad-articles.jsonl.gz"
"""Articles beside the checkout, many more than the seeds, where somebody has put them."""
_STRETCH = 3, 9
"""Words that are taken from one place before the text goes on after the same word in another."""
_VARIETY = 2
"""New words that are about equally frequent, for each word that is replaced. With it the number of stems grows
as in the real articles: with the square root of the text."""


class Corpus(Sequence[list[str]]):
    """The stems of passages, in order: what every engine is given. Equal stems are one string.

    `terms` are the distinct stems, `numbers` (uint32) those of all passages one behind the other, `ends`
    (int64) where each passage ends.
    """

    def __init__(
        self, terms: list[str], numbers: npt.NDArray[np.uint32], ends: npt.NDArray[np.int64]
    ) -> None:
        self.terms, self.numbers, self.ends = terms, numbers, ends

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Corpus":
        """The stems of the texts."""
        known: dict[str, int] = {}
        numbers, ends = array("I"), array("q")
        for text in texts:
            numbers.extend(known.setdefault(token.stem, len(known)) for token in analyze(text))
            ends.append(len(numbers))
        return cls(list(known), np.frombuffer(numbers, np.uint32), np.frombuffer(ends, np.int64))

    def first(self, size: int) -> "Corpus":
        """The first passages alone; without a copy."""
        ends = self.ends[:size]
        return Corpus(self.terms, self.numbers[: int(ends[-1])], ends)

    @property
    def distinct(self) -> int:
        """How many different stems there are."""
        return len(np.unique(self.numbers))

    def saved(self, folder: Path) -> None:
        """Writes it into a folder."""
        (folder / "terms").write_text("\n".join(self.terms), "utf-8")
        np.save(folder / "numbers.npy", self.numbers)
        np.save(folder / "ends.npy", self.ends)

    @classmethod
    def opened(cls, folder: Path) -> "Corpus":
        """Reads what `saved` wrote."""
        terms = (folder / "terms").read_text("utf-8").split("\n")
        return cls(terms, np.load(folder / "numbers.npy"), np.load(folder / "ends.npy"))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number):
        if isinstance(number, slice):
            return [self[one] for one in range(len(self))[number]]
        start = int(self.ends[number - 1]) if number else 0
        return [self.terms[one] for one in self.numbers[start : self.ends[number]].tolist()]

    def __iter__(self) -> Iterator[list[str]]:
        terms, numbers, start = self.terms, self.numbers, 0
        for end in self.ends.tolist():
            yield [terms[one] for one in numbers[start:end].tolist()]
            start = end


def real(more: Path | None) -> tuple[list[Article], list[Article]]:
    """The seeds, and the articles of `more`, none where it is None."""
    seeds = load(ROOT / "seeds").articles
    return list(seeds), [] if more is None else list(load(more).articles)


def texts(articles: Iterable[Article]) -> Iterator[str]:
    """The passages of the articles."""
    return (article.text[slice(*passage.span)] for article in articles for passage in split(article))


class _Shape(NamedTuple):
    """How many words an article's title and its passages have."""

    title: int
    passages: Sequence[int]


class Recombined:
    """Endless articles in the shapes of real ones, each a walk through the words of all of them.

    A walk takes some words that follow each other somewhere, goes on behind the same word somewhere else, and
    so on: words are as frequent, and stand beside each other, as in real text, but hardly a sentence comes
    twice. A word whose stem stands only once in the real text gives place to a new one, made of halves of two
    such words, or of other digits; some of the new words come again and again, as the names in the news do.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        self._words: list[str] = []
        self._shapes: list[_Shape] = []
        for article in articles:
            rows = [text.split() for text in texts([article])]
            self._words += itertools.chain.from_iterable(rows)
            self._shapes.append(_Shape(len((article.title or "").split()), [len(row) for row in rows]))
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words):
            self._places[word].append(place)
        stems = {word: [token.stem for token in analyze(word)] for word in self._places}
        often = Counter(stem for word in self._words for stem in stems[word])
        self._rare = {word for word, own in stems.items() if own and all(often[stem] == 1 for stem in own)}
        letters = sorted({re.sub(r"[\W\d_]", "", word) for word in self._rare} - {""})
        self._halves = [(word[: len(word) // 2 + 1], word[len(word) // 2 + 1 :]) for word in letters]

    def articles(self, seed: int = 0) -> Iterator[Article]:
        """The articles, the same for a seed. Each passage is a paragraph."""
        # Not for secrets: every run is to search the same.
        chance = random.Random(seed)
        for number in itertools.count():
            shape = chance.choice(self._shapes)
            title = " ".join(self._walk(chance, shape.title)).strip(".") or None
            lines = (" ".join(self._walk(chance, size)).rstrip(".:") + "." for size in shape.passages)
            yield Article(f"{number:07}", "\n".join(lines), title)

    def _walk(self, chance: random.Random, size: int) -> list[str]:
        found: list[str] = []
        place = chance.randrange(len(self._words))
        while len(found) < size:
            stretch = self._words[place : place + min(chance.randint(*_STRETCH), size - len(found))]
            found += stretch
            place = (chance.choice(self._places[stretch[-1]]) + 1) % len(self._words)
        return [self._new(chance, word) if word in self._rare else word for word in found]

    def _new(self, chance: random.Random, word: str) -> str:
        if any(letter.isdigit() for letter in word) or not self._halves:
            return re.sub(r"\d", lambda _: str(chance.randrange(10)), word)
        # The law of Zipf and Mandelbrot, with the exponent 2.
        rank = int(_VARIETY * len(self._halves) * (1 / (1 - chance.random()) - 1))
        again, first = divmod(rank, len(self._halves))
        # A step of its own for each round keeps the two halves of a word apart from each other.
        second = (rank + 7 * again + 1) % len(self._halves)
        return self._halves[first][0] + self._halves[second][1]


def passages_of(articles: Iterable[Article], size: int) -> tuple[list[Article], list[str]]:
    """The first articles that have so many passages together, and these passages, a paragraph each."""
    taken: list[Article] = []
    found: list[str] = []
    for article in articles:
        if len(found) >= size:
            break
        taken.append(article)
        found += article.text.splitlines()
    return taken, found[:size]
