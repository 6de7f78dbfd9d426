"""A few passages looked at closely: what needs their forms is reckoned for those alone that are ahead."""

from collections.abc import Iterable

import numpy as np

from retrieval.analysis import grams, stems_of
from retrieval.index import Index
from retrieval.postings import Booleans, Floats, Integers
from retrieval.query import ROOT_EVIDENCE, Query, sureness

WORD, GRAM = 0.35, 0.2
"""The weights of the words as written and of the n-grams; see `retrieval.ranking`."""


class Shortlist:
    """Some passages of a part, by its own numbers."""

    def __init__(self, index: Index, part: int, passages: Integers) -> None:
        self._index, self._part = index, part
        self._passages = passages
        self._segment = index.parts[part].segment
        self._rows = self._segment.forward.rows(passages)

    def fine(self, query: Query) -> Floats:
        """What the words as written and the n-grams add to the score of each."""
        fields = self._index.fields
        words = fields.word.scores(self._part, self._rows, [asked.word for asked in query.asked])
        return WORD * words + GRAM * fields.gram.scores(self._part, self._rows, grams_of(query))

    def held(self, query: Query) -> Floats:
        """How much of the query's idf each holds; a word of the same root counts for a part."""
        words = self._segment.words
        alternatives = [one for asked in query.asked for one in asked.alternatives]
        _, stem_of, root_of = words.forms[self._rows.forms].T
        stems = {one.stem: words.stems.number(one.stem) for one in alternatives}
        roots = {one.stem: words.roots.number(self._index.vocabulary.root(one.stem)) for one in alternatives}
        # Few of the forms are asked for: those first, so that each alternative is sought among few.
        few = np.flatnonzero(
            _among(stem_of, stems.values(), len(words.stems))
            | _among(root_of, roots.values(), len(words.roots))
        )
        stem_of, root_of, at = stem_of[few], root_of[few], self._rows.at[few]
        held = np.zeros(len(self._passages))
        for asked in query.asked:
            best = np.zeros(len(held))
            for one in asked.alternatives:
                sure = sureness(one)
                for number, numbers, share in (
                    (roots[one.stem], root_of, sure * ROOT_EVIDENCE),
                    (stems[one.stem], stem_of, sure),
                ):
                    if number is not None:
                        there = at[numbers == number]
                        best[there] = np.maximum(best[there], share)
            held += asked.idf * best
        return held


def _among(numbers: Integers, wanted: Iterable[int | None], size: int) -> Booleans:
    """Whether each of the numbers, below `size`, is a wanted one."""
    is_wanted = np.zeros(size, np.bool_)
    is_wanted[[number for number in wanted if number is not None]] = True
    return is_wanted[numbers]


def grams_of(query: Query) -> dict[str, float]:
    """The n-grams of the stems that the question may mean, each with the highest weight it has there."""
    weights: dict[str, float] = {}
    for asked in query.asked:
        stems = [(one.stem, one.weight) for one in asked.alternatives] or [(stems_of(asked.word)[0], 1.0)]
        for stem, weight in stems:
            for gram in () if " " in stem else grams(stem):
                weights[gram] = max(weights.get(gram, 0.0), weight)
    return weights
