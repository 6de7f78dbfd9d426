"""Postings of one field: for each term the passages that hold it, and rank-bm25's score of them.

rank-bm25 gives a passage of length l that holds a term f times idf * S(f, l), with

    S(f, l) = f * (k1 + 1) / (f + k1 * (1 - b + b * l / average length)).

So a posting is a passage and the number of its pair (f, l), of which a collection has few: the scores of all
pairs are one small table, and when articles come or go that table and the idfs change, but no posting does.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from retrieval.terms import Array, Terms

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]
Booleans = npt.NDArray[np.bool_]
_FEW_PAIRS = 1 << 16
_BITS = 63


@dataclass(frozen=True, eq=False)
class Postings:
    """The postings of the list numbered n stand at `bounds[n]:bounds[n + 1]`, by ascending passage.

    `passages` (uint32) says which, `pair_of` (uint16, or uint32 where there are very many pairs) the row of
    `pairs` (tf, length). `lengths` (uint32) are the lengths of all passages, in terms; `peaks` for each list
    its highest tf and its shortest passage, which bound its score in any collection. The list of a term has
    the term's number, or the one that `lists` has at that place: two sets of terms may share lists.
    """

    terms: Terms
    bounds: Integers
    passages: Integers
    pair_of: Integers
    pairs: Integers
    lengths: Integers
    peaks: Integers
    lists: Integers | None = None

    @classmethod
    def build(cls, corpus: Sequence[Iterable[str]]) -> "Postings":
        """The postings of a corpus: the terms of each passage, in passage order."""
        rows = [list(terms) for terms in corpus]
        terms = Terms.of(term for row in rows for term in row)
        numbers = {term: number for number, term in enumerate(terms)}
        lengths = np.array([len(row) for row in rows], np.int64)
        flat = np.fromiter((numbers[term] for row in rows for term in row), np.int64, int(lengths.sum()))
        return cls.of(terms, flat, np.repeat(np.arange(len(rows)), lengths), lengths)

    @classmethod
    def of(cls, terms: Terms, numbers: Integers, passages: Integers, lengths: Integers) -> "Postings":
        """The same from numbers: each token's term and passage, and the lengths of the passages.

        A term may be in no passage.
        """
        return cls.counted(terms, numbers, passages, np.ones(len(numbers), np.int64), lengths)

    @classmethod
    def counted(
        cls, terms: Terms, numbers: Integers, passages: Integers, tfs: Integers, lengths: Integers
    ) -> "Postings":
        """The same from counts: `tfs` says how often the term stands in the passage; what comes again is added."""
        return cls.listed(terms, len(terms), numbers, passages, tfs, lengths)

    @classmethod
    def listed(  # noqa: PLR0917 - columns of one table, and what they are numbers of
        cls,
        terms: Terms,
        count: int,
        numbers: Integers,
        passages: Integers,
        tfs: Integers,
        lengths: Integers,
    ) -> "Postings":
        """The same with `count` lists, of which those behind the number of terms are no term's own."""
        keys, tfs, low = _summed(count, numbers, passages, tfs, len(lengths))
        passage = keys & ((1 << low) - 1)
        bounds = np.searchsorted(keys, np.arange(count + 1) << low)
        lengths = lengths.astype(np.int64)
        pairs, pair_of = _pairs(tfs, passage, lengths)
        peaks = np.zeros((count, 2), np.uint32)
        held = np.flatnonzero(np.diff(bounds))  # reduceat has no empty stretches
        peaks[held, 0] = np.maximum.reduceat(tfs, bounds[held])
        peaks[held, 1] = np.minimum.reduceat(lengths[passage], bounds[held])
        return cls(
            terms,
            bounds.astype(np.int64),
            passage.astype(np.uint32),
            pair_of.astype(np.uint16 if len(pairs) <= _FEW_PAIRS else np.uint32),
            pairs.astype(np.uint32),
            lengths.astype(np.uint32),
            peaks,
        )

    def arrays(self) -> Mapping[str, Array]:
        """The arrays by name, for keeping, without those of the terms."""
        names = ("bounds", "passages", "pair_of", "pairs", "lengths", "peaks")
        return {name: getattr(self, name) for name in names}

    def list_of(self, term: str) -> int | None:
        """The number of the term's list; None for an unknown term."""
        number = self.terms.number(term)
        return number if number is None or self.lists is None else int(self.lists[number])

    def at(self, term: str) -> slice:
        """Where the term's postings stand; an empty slice for an unknown term."""
        number = self.list_of(term)
        return (
            slice(0, 0) if number is None else slice(int(self.bounds[number]), int(self.bounds[number + 1]))
        )

    def by_term(self, of_lists: Integers) -> Integers:
        """For each term what there is for each list."""
        return of_lists[: len(self.terms)] if self.lists is None else of_lists[self.lists]


@dataclass(frozen=True)
class Posting:
    """One term in one passage: what its part of the score is made of."""

    term: str
    tf: int
    df: int
    idf: float
    length: int
    impact: float


class Field:
    """The scores of one field over all parts of a collection, equal to rank-bm25's over what is left of it.

    `parts` are postings, each with its own passages numbered from 0; `removed` are for each part the passages
    (ascending) that do not count any more. k1 and b are BM25's: how soon a repeated term saturates, how much
    a long passage is marked down.
    """

    def __init__(
        self, parts: Sequence[Postings], removed: Sequence[Integers], k1: float = 1.5, b: float = 0.75
    ) -> None:
        self.parts = tuple(parts)
        self.removed = tuple(removed)
        self._k1, self._b = k1, b
        gone = [int(part.lengths[away].sum()) for part, away in zip(parts, removed, strict=True)]
        self.size = sum(len(part.lengths) for part in parts) - sum(len(away) for away in removed)
        self.total = sum(int(part.lengths.sum(dtype=np.int64)) for part in parts) - sum(gone)
        self._idfs: dict[str, float] = {}

    @property
    def average(self) -> float:
        """The average length of the passages, in terms; 1 where there are none."""
        return self.total / self.size if self.total else 1.0

    @cached_property
    def saturations(self) -> tuple[Floats, ...]:
        """For each part S of its pairs."""
        return tuple(self.saturation(part.pairs[:, 0], part.pairs[:, 1]) for part in self.parts)

    def saturation(self, tf: Integers, length: Integers) -> Floats:
        """S of some pairs."""
        # The operators stand in rank-bm25's own order, so that the scores are the same to the last bit.
        tfs, lengths = tf.astype(np.int64), length.astype(np.int64)
        scores: Floats = (
            tfs * (self._k1 + 1) / (tfs + self._k1 * (1 - self._b + self._b * lengths / self.average))
        )
        return scores

    def df(self, term: str) -> int:
        """How many passages hold the term."""
        count = 0
        for part, away in zip(self.parts, self.removed, strict=True):
            at = part.at(term)
            count += at.stop - at.start
            if len(away) and at.stop > at.start:
                count -= int(_found(part.passages[at], away)[0].sum())
        return count

    def dfs(self, part: int) -> Integers:
        """For each term of a part how many of its passages hold it."""
        postings, away = self.parts[part], self.removed[part]
        counts: Integers = np.diff(postings.bounds)
        if len(away):
            is_away = np.zeros(len(postings.lengths), np.bool_)
            is_away[away] = True
            places = np.flatnonzero(is_away[postings.passages])
            counts = counts - np.diff(places.searchsorted(postings.bounds))
        return postings.by_term(counts)

    def idf(self, term: str) -> float:
        """ln(1 + (N - df + 0.5) / (df + 0.5)); 0 for a term that no passage holds."""
        found = self._idfs.get(term)
        if found is None:
            df = self.df(term)
            if not df:
                return 0.0  # not kept: of words that nobody wrote there is no end
            found = self._idfs[term] = idf(self.size, df)
        return found

    def of(self, part: int, term: str) -> tuple[Integers, Floats]:
        """The passages of a part that hold the term, ascending, and the term's share of their scores.

        Passages that were removed are among them: whoever ranks leaves them out.
        """
        postings = self.parts[part]
        at = postings.at(term)
        if at.start == at.stop:
            return postings.passages[:0], self.saturations[part][:0]
        return postings.passages[at], self.idf(term) * self.saturations[part][postings.pair_of[at]]

    def at_places(self, part: int, term: str, places: Integers) -> Floats:
        """The term's share of the scores of some passages of a part, in any order; 0 where it is not."""
        postings = self.parts[part]
        at = postings.at(term)
        if at.start == at.stop:
            return np.zeros(len(places))
        found, where = _found(postings.passages[at], places)
        return np.where(found, self.idf(term) * self.saturations[part][postings.pair_of[at][where]], 0.0)

    def bound(self, part: int, term: str) -> float:
        """At least the highest score that the term gives to a passage of the part."""
        number = self.parts[part].list_of(term)
        if number is None:
            return 0.0
        tf, length = self.parts[part].peaks[number]
        return self.idf(term) * float(self.saturation(np.array([tf]), np.array([length]))[0])

    def scores(self, part: int, terms: Sequence[str]) -> Floats:
        """The score of every passage of a part: what rank-bm25's `get_scores` returns, bit for bit."""
        scores = np.zeros(len(self.parts[part].lengths))
        for term in terms:
            passages, impacts = self.of(part, term)
            scores[passages] += impacts
        return scores

    def posting(self, part: int, term: str, passage: int) -> Posting | None:
        """The term's posting for the passage, or None where the passage does not hold it."""
        postings = self.parts[part]
        at = postings.at(term)
        if at.start == at.stop:
            return None
        found, where = _found(postings.passages[at], np.array([passage]))
        if not found[0]:
            return None
        pair = int(postings.pair_of[at][where[0]])
        tf, length = postings.pairs[pair].tolist()
        idf = self.idf(term)
        return Posting(term, tf, self.df(term), idf, length, idf * float(self.saturations[part][pair]))


def idf(size: int, df: int) -> float:
    """ln(1 + (N - df + 0.5) / (df + 0.5)) of a term in df of N passages, as Lucene has it; always above 0."""
    return math.log(1 + (size - df + 0.5) / (df + 0.5))


def _found(passages: Integers, wanted: Integers) -> tuple[Booleans, Integers]:
    """For each of `wanted` whether it is among the ascending passages, of which there is one, and if so, where."""
    wanted = wanted.astype(passages.dtype)  # searchsorted would copy the passages to the wider type
    where = passages.searchsorted(wanted)
    where[where == len(passages)] = 0
    return passages[where] == wanted, where


def _summed(
    terms: int, numbers: Integers, passages: Integers, tfs: Integers, size: int
) -> tuple[Integers, Integers, int]:
    """Term and passage in one number, ascending and each once, their tfs, and how many bits the passage has.

    The tf goes along in the lowest bits: to sort plain numbers takes a fifth of what to sort their places does.
    """
    low, least = size.bit_length(), int(tfs.max(initial=0)).bit_length()
    if terms.bit_length() + low + least >= _BITS:
        raise ValueError("too many terms and passages for one set of postings")
    keys = ((numbers.astype(np.int64) << low) | passages) << least | tfs
    keys.sort()
    tfs = keys & ((1 << least) - 1)
    keys >>= least
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    if len(starts) < len(keys):
        keys, tfs = keys[starts], np.add.reduceat(tfs, starts)
    return keys, tfs, low


def _pairs(tfs: Integers, passages: Integers, lengths: Integers) -> tuple[Integers, Integers]:
    """The distinct pairs (tf, length), ascending, and which of them each posting has.

    Both have few values, so that a table of all their pairs is small.
    """
    by_tf = np.flatnonzero(np.bincount(tfs))
    rank = np.zeros(int(tfs.max(initial=0)) + 1, np.int64)
    rank[by_tf] = np.arange(len(by_tf))
    by_length, length_at = np.unique(lengths, return_inverse=True)
    width = max(1, len(by_length))
    cells = rank[tfs] * width + length_at.reshape(-1)[passages]
    used = np.zeros(len(by_tf) * width, np.bool_)
    used[cells] = True
    rows = np.flatnonzero(used)
    pairs = np.stack([by_tf[rows // width], by_length[rows % width]], axis=1)
    return pairs, (np.cumsum(used) - 1)[cells]
