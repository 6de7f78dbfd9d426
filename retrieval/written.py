"""The words of passages as they are written, scored for a few passages at a time.

A word as written never finds a passage by itself, its stem does; so it has no inverted list. How often it
stands in a passage is counted among the passage's forms, and the scores are still rank-bm25's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retrieval.forward import Forward, Remaining, Rows
from retrieval.postings import Field, Floats, Integers, Posting, idf
from retrieval.terms import Terms


@dataclass(frozen=True, eq=False)
class WrittenPart:
    """The words of a segment: `word_of` says for each form its word, `dfs` for each word its passages."""

    terms: Terms
    word_of: Integers
    dfs: Integers
    forward: Forward

    @classmethod
    def of(cls, terms: Terms, word_of: Integers, forward: Forward) -> "WrittenPart":
        """From the words, the word of each form, and the forms of the passages."""
        found = cls(terms, word_of, np.zeros(0, np.uint32), forward)
        dfs = found.held_by(np.arange(len(forward.bounds) - 1)).astype(np.uint32)
        return cls(terms, word_of, dfs, forward)

    def held_by(self, passages: Integers) -> Integers:
        """For each word how many of the passages hold it."""
        one_each = np.arange(len(self.word_of) + 1)
        return self.forward.holders(passages, (one_each, self.word_of), len(self.terms))

    @cached_property
    def remaining(self) -> Remaining:
        """The dfs when passages are removed."""
        return Remaining(self.dfs, self.held_by)


class Written:
    """The scores of words as written over all parts of a collection, equal to rank-bm25's over what is left of it.

    A passage has as many words as stems: lengths and constants are those of the field of stems.
    """

    def __init__(self, parts: Sequence[WrittenPart], stems: Field) -> None:
        self.parts = tuple(parts)
        self._stems = stems
        self._idfs: dict[str, float] = {}

    def dfs(self, part: int) -> Integers:
        """For each word of a part how many of its passages hold it."""
        return self._dfs[part]

    @cached_property
    def _dfs(self) -> Sequence[Integers]:
        return [
            part.remaining.without(away) if len(away) else part.dfs
            for part, away in zip(self.parts, self._stems.removed, strict=True)
        ]

    def df(self, word: str) -> int:
        """How many passages hold the word."""
        numbers = (part.terms.number(word) for part in self.parts)
        return sum(
            int(dfs[number]) for dfs, number in zip(self._dfs, numbers, strict=True) if number is not None
        )

    def idf(self, word: str) -> float:
        """ln(1 + (N - df + 0.5) / (df + 0.5)); 0 for a word that no passage holds."""
        found = self._idfs.get(word)
        if found is None:
            df = self.df(word)
            if not df:
                return 0.0  # not kept: of words that nobody wrote there is no end
            found = self._idfs[word] = idf(self._stems.size, df)
        return found

    def scores(self, part: int, rows: Rows, words: Sequence[str]) -> Floats:
        """For each passage of the rows the sum of its rank-bm25 scores for the words, bit for bit."""
        scores = np.zeros(len(rows.passages))
        here = self.parts[part]
        asked = [(number, word) for word in words if (number := here.terms.number(word)) is not None]
        word_of = here.word_of[rows.forms] if asked else ()
        lengths = self._stems.parts[part].lengths[rows.passages]
        for number, word in asked:
            there = np.flatnonzero(word_of == number)
            if len(there):
                tf = np.bincount(rows.at[there], rows.tfs[there], len(scores)).astype(np.int64)
                scores += self.idf(word) * self._stems.saturation(tf, lengths)
        return scores

    def posting(self, part: int, word: str, passage: int) -> Posting | None:
        """The word in a passage; None where it does not stand there."""
        here = self.parts[part]
        number = here.terms.number(word)
        where = slice(int(here.forward.bounds[passage]), int(here.forward.bounds[passage + 1]))
        tf = (
            0
            if number is None
            else int(here.forward.tfs[where] @ (here.word_of[here.forward.forms[where]] == number))
        )
        if not tf:
            return None
        length = int(self._stems.parts[part].lengths[passage])
        impact = self.idf(word) * float(self._stems.saturation(np.array([tf]), np.array([length]))[0])
        return Posting(word, tf, self.df(word), self.idf(word), length, impact)
