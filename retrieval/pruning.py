"""The best passages of one field, looking only at postings that can matter: MaxScore in whole arrays.

After Turtle and Flood, "Query evaluation: strategies and optimizations" (1995): once the terms that are left
cannot together lift a passage over the worst of the best so far, no passage is looked for among their
postings any more; the few that are still in the race are looked up there.
"""

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from retrieval.postings import Field, Floats, Integers

_FEW = 4096
"""Postings that are added up quicker than anything can be decided about them."""
_SLACK = 1e-9
"""How far sums of the same scores in another order may lie apart, as a share: such passages are kept in the race."""


class _List(NamedTuple):
    """The postings of one distinct term: where they stand, and at least its highest score."""

    at: slice
    term: str
    bound: float

    @property
    def size(self) -> int:
        return int(self.at.stop - self.at.start)


class Pruned:
    """Searches a field. One object may be asked from several threads."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._own = threading.local()

    def best(self, terms: Sequence[str], limit: int) -> tuple[Integers, Floats]:
        """Numbers and scores of the best passages, at most `limit`, best first; ties in ascending order.

        The scores are those of rank-bm25's `get_scores`, bit for bit. Passages are numbered through all
        parts; those that were removed are left out.
        """
        found = [self._of_part(part, terms, limit) for part in range(len(self._field.parts))]
        starts = np.cumsum([0, *(len(part.lengths) for part in self._field.parts)])
        numbered = [places + start for (places, _), start in zip(found, starts, strict=False)]
        places = np.concatenate([*numbered, np.zeros(0, np.int64)])
        scores = np.concatenate([*(scores for _, scores in found), np.zeros(0)])
        order = np.lexsort((places, -scores))[:limit]
        return places[order], scores[order]

    def _of_part(self, part: int, terms: Sequence[str], limit: int) -> tuple[Integers, Floats]:
        postings = self._field.parts[part]
        lists = [
            _List(at, term, self._field.bound(part, term))
            for term in dict.fromkeys(terms)
            if (at := postings.at(term)).stop > at.start
        ]
        if not lists or limit < 1:
            return np.zeros(0, np.int64), np.zeros(0)
        counts = {term: terms.count(term) for term in terms} if len(set(terms)) < len(terms) else {}
        lists.sort(key=lambda one: one.size)
        places, partial, least = self._race(part, lists, counts, limit)
        ahead = places[partial >= least * (1 - _SLACK)]
        scores = self._scores(part, terms, ahead)
        if len(ahead) > limit:
            order = np.lexsort((ahead, -scores))[:limit]
            ahead, scores = ahead[order], scores[order]
        return ahead, scores

    def _race(
        self, part: int, lists: Sequence[_List], counts: dict[str, int], limit: int
    ) -> tuple[Integers, Floats, float]:
        """Passages that may be among the best with their sums, and the sum of the worst of the best."""
        bounds = [one.bound * counts.get(one.term, 1) for one in lists]
        left = [*np.cumsum(bounds[::-1])[::-1].tolist(), 0.0]
        places, partial, least, at = self._added_up(part, lists, counts, left, limit)
        racing = partial + left[at] >= least * (1 - _SLACK)
        places, once = np.unique(places[racing], return_index=True)
        partial = partial[racing][once]
        for number in range(at, len(lists)):
            racing = partial + left[number] >= least * (1 - _SLACK)
            places, partial = places[racing], partial[racing]
            term = lists[number].term
            partial = partial + counts.get(term, 1) * self._field.at_places(part, term, places)
            least = max(least, _nth(partial, limit))
        return places, partial, max(least, _nth(partial, limit))

    def _added_up(
        self, part: int, lists: Sequence[_List], counts: dict[str, int], left: Sequence[float], limit: int
    ) -> tuple[Integers, Floats, float, int]:
        """Passages with their sums over the first lists, the least that is worth it, and how many lists these are.

        `left` is what the lists from each on can add together. A passage stands here once for each list that
        it is in, so the score at place `limit` times that many is one that the best reach for sure.
        """
        postings, table = self._field.parts[part], self._field.saturations[part]
        sums = self._sums(part)
        touched: list[Integers] = []
        seen, least, added = 0, 0.0, 0
        try:
            for one in lists:
                if one.size > max(_FEW, 2 * seen) and seen >= limit:
                    least = _nth(self._standing(part, sums, touched)[1], limit * len(touched))
                    if left[added] < least * (1 - _SLACK):
                        break
                passages = postings.passages[one.at]
                factor = self._field.idf(one.term) * counts.get(one.term, 1)
                touched.append(passages)
                sums[passages] += factor * table[postings.pair_of[one.at]]
                seen += one.size
                added += 1
            places, partial = self._standing(part, sums, touched)
        finally:
            for passages in touched:
                sums[passages] = 0.0
        return places, partial, max(least, _nth(partial, limit * len(touched))), added

    def _standing(self, part: int, sums: Floats, touched: Sequence[Integers]) -> tuple[Integers, Floats]:
        """The passages of the lists with their sums, those that were removed left out."""
        places = touched[0] if len(touched) == 1 else np.concatenate(touched)
        gone = self._field.removed[part]
        if len(gone):
            places = places[~np.isin(places, gone)]
        return places, sums[places]

    def _scores(self, part: int, terms: Sequence[str], places: Integers) -> Floats:
        """The exact scores, added up in the order of the terms as rank-bm25 does."""
        scores = np.zeros(len(places))
        for term in terms:
            scores += self._field.at_places(part, term, places)
        return scores

    def _sums(self, part: int) -> Floats:
        """A row of zeros for the part's passages, this thread's own: whoever uses it puts the zeros back."""
        rows: dict[int, Floats] | None = getattr(self._own, "rows", None)
        if rows is None:
            rows = self._own.rows = {}
        if part not in rows:
            rows[part] = np.zeros(len(self._field.parts[part].lengths))
        return rows[part]


def _nth(values: Floats, limit: int) -> float:
    """The value at place `limit` from the top; 0 where there are fewer."""
    if len(values) < limit:
        return 0.0
    place = len(values) - limit
    return float(np.partition(values, place)[place])
