"""A few passages looked at closely: what needs their forms is reckoned for those alone that are ahead."""

import numpy as np

from retrieval.analysis import grams, stems_of
from retrieval.index import Index
from retrieval.postings import Floats, Integers
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
        _, stem_of, root_of = words.forms[self._rows.forms].T
        held = np.zeros(len(self._passages))
        for asked in query.asked:
            best = np.zeros(len(held))
            for one in asked.alternatives:
                sure = sureness(one)
                root = words.roots.number(self._index.vocabulary.root(one.stem))
                for number, numbers, share in (
                    (root, root_of, sure * ROOT_EVIDENCE),
                    (words.stems.number(one.stem), stem_of, sure),
                ):
                    if number is not None:
                        there = self._rows.at[np.flatnonzero(numbers == number)]
                        best[there] = np.maximum(best[there], share)
            held += asked.idf * best
        return held


def grams_of(query: Query) -> dict[str, float]:
    """The n-grams of the stems that the question may mean, each with the highest weight it has there."""
    weights: dict[str, float] = {}
    for asked in query.asked:
        stems = [(one.stem, one.weight) for one in asked.alternatives] or [(stems_of(asked.word)[0], 1.0)]
        for stem, weight in stems:
            for gram in () if " " in stem else grams(stem):
                weights[gram] = max(weights.get(gram, 0.0), weight)
    return weights
