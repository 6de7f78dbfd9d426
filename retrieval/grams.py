"""The letter n-grams of passages, scored for a few passages at a time.

An inverted list for every n-gram would be larger than all other fields together, and most n-grams stand in
half of the passages. So the stems of each passage are kept instead, and the n-grams of each stem once: the
scores are still rank-bm25's, for the passages that the other fields have found.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.analysis import grams
from retrieval.postings import Floats, Integers
from retrieval.terms import Array, Terms

_TOGETHER = 2_000
"""Passages whose n-grams are counted at once, to keep memory in bounds."""
_SHORT = 0xFFFF


@dataclass(frozen=True, eq=False)
class GramPart:
    """The stems of passage p stand at `bounds[p]:bounds[p + 1]` of `stems`, their tf at the same places of `tfs`.

    They are numbered by the segment's forms, so that a stem has a number for each of its words.

    Those of the n-grams of stem s stand at `gram_bounds[s]:gram_bounds[s + 1]` of `numbers`, one that repeats
    again. `dfs` says for each n-gram how many passages hold it, `lengths` how many each passage has.
    """

    terms: Terms
    bounds: Integers
    stems: Integers
    tfs: Integers
    gram_bounds: Integers
    numbers: Integers
    dfs: Integers
    lengths: Integers

    @classmethod
    def of(cls, stems: Sequence[str], numbers: Integers, passages: Integers, size: int) -> "GramPart":
        """From each token's stem and passage, and the number of passages. A phrase has no letters of its own."""
        cut = [() if " " in stem else tuple(grams(stem)) for stem in stems]
        terms = Terms.of(gram for one in cut for gram in one)
        number = {gram: place for place, gram in enumerate(terms)}
        of_stems = np.array([number[gram] for one in cut for gram in one], np.uint32)
        counts = np.array([len(one) for one in cut], np.int64)
        gram_bounds = np.concatenate([[0], np.cumsum(counts)])
        keys, tfs = np.unique(passages * max(1, len(stems)) + numbers, return_counts=True)
        passage, stem = np.divmod(keys, max(1, len(stems)))
        bounds = np.searchsorted(passage, np.arange(size + 1))
        lengths = np.zeros(size, np.int64)
        np.add.at(lengths, passage, tfs * counts[stem])
        found = cls(
            terms,
            bounds.astype(np.int64),
            stem.astype(np.uint32),
            tfs.astype(np.uint16 if tfs.max(initial=0) <= _SHORT else np.uint32),
            gram_bounds.astype(np.int64),
            of_stems,
            np.zeros(len(terms), np.uint32),
            lengths.astype(np.uint32),
        )
        return replace(found, dfs=found.held_by(np.arange(size)).astype(np.uint32))

    def arrays(self) -> Mapping[str, Array]:
        """The arrays by name, for keeping, without those of the terms."""
        names = ("bounds", "stems", "tfs", "gram_bounds", "numbers", "dfs", "lengths")
        return {name: getattr(self, name) for name in names}

    def cells(self, passages: Integers, column: Integers) -> tuple[Integers, Integers]:
        """Where the wanted n-grams of the passages stand in a table, row by row, and the tf of each entry.

        A row is a passage; `column` says for each n-gram its column, -1 where it is not wanted. An n-gram
        stands in few stems, so those are looked through first, each once.
        """
        at, where = _spread(self.bounds, passages)
        stems = self.stems[where]
        distinct, of_token = np.unique(stems, return_inverse=True)
        of_stem, grams_ = _spread(self.gram_bounds, distinct)
        columns = column[self.numbers[grams_]]
        wanted = columns >= 0
        columns, of_stem = columns[wanted], of_stem[wanted]
        starts = of_stem.searchsorted(np.arange(len(distinct) + 1))
        of, entries = _spread(starts, of_token.reshape(-1))
        width = int(column.max()) + 1
        return at[of] * width + columns[entries], self.tfs[where][of]

    def held_by(self, passages: Integers) -> Integers:
        """For each n-gram how many of the passages hold it."""
        held = np.zeros(len(self.terms), np.int64)
        for first in range(0, len(passages), _TOGETHER):
            at, where = _spread(self.bounds, passages[first : first + _TOGETHER])
            of, grams_ = _spread(self.gram_bounds, self.stems[where])
            distinct = np.unique(at[of] * len(held) + self.numbers[grams_])
            held += np.bincount(distinct % max(1, len(held)), minlength=len(held))
        return held


class Grams:
    """The scores of the n-grams over all parts of a collection; see `retrieval.postings.Field`."""

    def __init__(
        self, parts: Sequence[GramPart], removed: Sequence[Integers], k1: float = 1.5, b: float = 0.75
    ) -> None:
        self.parts = tuple(parts)
        self._k1, self._b = k1, b
        self.size = sum(len(part.lengths) for part in parts) - sum(len(away) for away in removed)
        total = sum(int(part.lengths.sum(dtype=np.int64)) for part in parts)
        gone = sum(
            int(part.lengths[away].sum(dtype=np.int64)) for part, away in zip(parts, removed, strict=True)
        )
        self.average = (total - gone) / self.size if total > gone else 1.0
        self._dfs = [
            part.dfs - part.held_by(away) if len(away) else part.dfs
            for part, away in zip(parts, removed, strict=True)
        ]
        self._idfs: dict[str, float] = {}

    def df(self, gram: str) -> int:
        """How many passages hold the n-gram."""
        numbers = (part.terms.number(gram) for part in self.parts)
        return sum(
            int(dfs[number]) for dfs, number in zip(self._dfs, numbers, strict=True) if number is not None
        )

    def idf(self, gram: str) -> float:
        """ln(1 + (N - df + 0.5) / (df + 0.5)); 0 for an n-gram that no passage holds."""
        found = self._idfs.get(gram)
        if found is None:
            df = self.df(gram)
            if not df:
                return 0.0
            found = self._idfs[gram] = math.log(1 + (self.size - df + 0.5) / (df + 0.5))
        return found

    def scores(self, part: int, passages: Integers, weights: Mapping[str, float]) -> Floats:
        """For each of the passages the sum of its rank-bm25 scores for the n-grams, each times its weight."""
        here = self.parts[part]
        wanted = [
            (number, weight * self.idf(gram))
            for gram, weight in weights.items()
            if (number := here.terms.number(gram)) is not None
        ]
        if not wanted or not len(passages):
            return np.zeros(len(passages))
        column = np.full(len(here.terms), -1, np.int32)
        column[[number for number, _ in wanted]] = range(len(wanted))
        cells, tf = here.cells(passages, column)
        tfs = np.bincount(cells, tf, len(passages) * len(wanted)).reshape(len(passages), len(wanted))
        lengths = here.lengths[passages].astype(np.int64)[:, None]
        saturation = (
            tfs * (self._k1 + 1) / (tfs + self._k1 * (1 - self._b + self._b * lengths / self.average))
        )
        # One after another: a matrix product would round equal passages differently, by their place in it.
        scores: Floats = np.cumsum(saturation * [weight for _, weight in wanted], axis=1)[:, -1]
        return scores


def _spread(bounds: Integers, rows: Integers) -> tuple[Integers, Integers]:
    """The places of all entries of some rows of a ragged array, and for each which of `rows` it belongs to."""
    rows = rows.astype(np.int64)
    starts = bounds[rows]
    counts = bounds[rows + 1] - starts
    of = np.arange(len(rows)).repeat(counts)
    shift = starts - counts.cumsum() + counts
    return of, np.arange(len(of)) + shift[of]
