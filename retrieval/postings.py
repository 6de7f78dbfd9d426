"""rank-bm25's scores, kept a posting each, so that a question costs only the postings of its terms."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.bm25 import BM25

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Posting:
    """What one term adds to one passage, and from what: for `explain`."""

    term: str
    tf: int
    df: int
    idf: float
    length: int
    impact: float


@dataclass(frozen=True)
class Postings:
    """For each term the passages that hold it (ascending) and the impact, its share of their score.

    The postings of the term numbered t stand at `bounds[t]:bounds[t + 1]`.
    """

    numbers: dict[str, int]
    bounds: Integers
    passages: Integers
    impacts: Floats
    tfs: Integers
    idfs: Floats
    lengths: Integers

    @classmethod
    def build(cls, corpus: Sequence[Sequence[str]], k1: float = 1.5, b: float = 0.75) -> "Postings":
        """The postings of a corpus: a list of terms for each passage, in passage order.

        `k1` and `b` are BM25's: how soon a repeated term saturates, how much a long passage is marked down.
        """
        if not any(corpus):
            # rank-bm25 divides by the corpus size and by the average length.
            nothing = np.zeros(0, np.int64)
            return cls(
                {},
                np.zeros(1, np.int64),
                nothing,
                np.zeros(0),
                nothing,
                np.zeros(0),
                np.zeros(len(corpus), np.int64),
            )
        reference = BM25(corpus, k1=k1, b=b)
        numbers = {term: number for number, term in enumerate(reference.idf)}
        found: list[list[tuple[int, int]]] = [[] for _ in numbers]
        for passage, frequencies in enumerate(reference.doc_freqs):
            for term, tf in frequencies.items():
                found[numbers[term]].append((passage, tf))
        bounds = np.cumsum([0, *map(len, found)])
        passages, tfs = np.array([pair for pairs in found for pair in pairs], np.int64).T
        lengths = np.array(reference.doc_len, np.int64)
        idfs = np.array(list(reference.idf.values()))
        # The operators stand in rank-bm25's own order, so that the sums are the same to the last bit.
        k1, b = reference.k1, reference.b
        saturation = tfs * (k1 + 1) / (tfs + k1 * (1 - b + b * lengths[passages] / reference.avgdl))
        impacts = np.repeat(idfs, np.diff(bounds)) * saturation
        return cls(numbers, bounds, passages, impacts, tfs, idfs, lengths)

    def scores(self, terms: Sequence[str]) -> Floats:
        """The score of every passage: what rank-bm25's `get_scores` returns, bit for bit."""
        scores = np.zeros(len(self.lengths))
        for term in terms:
            number = self.numbers.get(term)
            if number is not None:
                at = slice(self.bounds[number], self.bounds[number + 1])
                scores[self.passages[at]] += self.impacts[at]
        return scores

    def of(self, term: str) -> tuple[Integers, Floats]:
        """The passages that hold the term, ascending, and its impact in each; empty for an unknown term."""
        number = self.numbers.get(term)
        if number is None:
            return self.passages[:0], self.impacts[:0]
        at = slice(self.bounds[number], self.bounds[number + 1])
        return self.passages[at], self.impacts[at]

    def idf(self, term: str) -> float:
        """The term's idf; 0 for a term that no passage holds."""
        number = self.numbers.get(term)
        return 0.0 if number is None else float(self.idfs[number])

    def posting(self, term: str, passage: int) -> Posting | None:
        """The term's posting for the passage, or None where the passage does not hold it."""
        number = self.numbers.get(term)
        if number is None:
            return None
        first, last = int(self.bounds[number]), int(self.bounds[number + 1])
        at = first + int(np.searchsorted(self.passages[first:last], passage))
        if at == last or self.passages[at] != passage:
            return None
        return Posting(
            term,
            int(self.tfs[at]),
            last - first,
            float(self.idfs[number]),
            int(self.lengths[passage]),
            float(self.impacts[at]),
        )
