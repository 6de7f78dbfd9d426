"""The letter n-grams of passages, scored for a few passages at a time.

An inverted list for every n-gram would be larger than all other fields together, and most n-grams stand in
half of the passages. So the forms of each passage are kept instead, and the n-grams of each form once: the
scores are still rank-bm25's, for the passages that the other fields have found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retrieval.forward import Forward, Remaining, Rows
from retrieval.postings import Floats, Integers, idf
from retrieval.ragged import row_of, spread
from retrieval.terms import Array, Terms


@dataclass(frozen=True, eq=False)
class GramPart:
    """The n-grams of the stem of form f stand at `bounds[f]:bounds[f + 1]` of `numbers`, one that repeats again.

    `dfs` says for each n-gram how many passages hold it, `lengths` how many each passage has.
    """

    terms: Terms
    bounds: Integers
    numbers: Integers
    dfs: Integers
    lengths: Integers
    forward: Forward

    @classmethod
    def of(cls, terms: Terms, bounds: Integers, numbers: Integers, forward: Forward) -> "GramPart":
        """From the n-grams of the forms, and the forms of the passages."""
        counts = np.diff(bounds)[forward.forms] * forward.tfs
        lengths = np.diff(np.concatenate([[0], np.cumsum(counts)])[forward.bounds])
        none = np.zeros(0, np.uint32)
        dfs = cls(terms, bounds, numbers, none, none, forward).held_by(np.arange(len(lengths)))
        return cls(terms, bounds, numbers, dfs.astype(np.uint32), lengths.astype(np.uint32), forward)

    def arrays(self) -> Mapping[str, Array]:
        """The arrays by name, for keeping, without those of the terms and of the passages' forms."""
        return {name: getattr(self, name) for name in ("bounds", "numbers", "dfs", "lengths")}

    def cells(self, rows: Rows, column: Integers) -> tuple[Integers, Integers]:
        """Where the wanted n-grams of passages stand in a table, row by row, and the tf of each entry.

        A row is a passage; `column` says for each n-gram its column, -1 where it is not wanted. An n-gram
        stands in few forms, so those are looked through first, each once.
        """
        distinct, of_token = np.unique(rows.forms, return_inverse=True)
        columns = column[self.numbers[spread(self.bounds, distinct)]]
        wanted = np.flatnonzero(columns >= 0)
        columns, of_form = columns[wanted], row_of(self.bounds, distinct)[wanted]
        starts = of_form.searchsorted(np.arange(len(distinct) + 1))
        of_token = of_token.reshape(-1)
        of, entries = row_of(starts, of_token), spread(starts, of_token)
        width = int(column.max()) + 1
        return rows.at[of] * width + columns[entries], rows.tfs[of]

    def held_by(self, passages: Integers) -> Integers:
        """For each n-gram how many of the passages hold it."""
        return self.forward.holders(passages, (self.bounds, self.numbers), len(self.terms))

    @cached_property
    def remaining(self) -> Remaining:
        """The dfs when passages are removed."""
        return Remaining(self.dfs, self.held_by)


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
            part.remaining.without(away) if len(away) else part.dfs
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
            found = self._idfs[gram] = idf(self.size, df)
        return found

    def scores(self, part: int, rows: Rows, weights: Mapping[str, float]) -> Floats:
        """For each passage of the rows the sum of its rank-bm25 scores for the n-grams, each times its weight."""
        here, passages = self.parts[part], rows.passages
        wanted = [
            (number, weight * self.idf(gram))
            for gram, weight in weights.items()
            if (number := here.terms.number(gram)) is not None
        ]
        if not wanted or not len(passages):
            return np.zeros(len(passages))
        column = np.full(len(here.terms), -1, np.int32)
        column[[number for number, _ in wanted]] = range(len(wanted))
        cells, tf = here.cells(rows, column)
        tfs = np.bincount(cells, tf, len(passages) * len(wanted)).reshape(len(passages), len(wanted))
        lengths = here.lengths[passages].astype(np.int64)[:, None]
        saturation = (
            tfs * (self._k1 + 1) / (tfs + self._k1 * (1 - self._b + self._b * lengths / self.average))
        )
        # One after another: a matrix product would round equal passages differently, by their place in it.
        scores: Floats = np.cumsum(saturation * [weight for _, weight in wanted], axis=1)[:, -1]
        return scores
