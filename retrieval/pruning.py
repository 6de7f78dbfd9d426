"""The best passages of one field, looking only at postings that can matter: MaxScore in whole arrays.

After Turtle and Flood, "Query evaluation: strategies and optimizations" (1995): once the terms that are left
cannot together lift a passage over the worst of the best so far, no passage is looked for among their
postings any more; the few that are still in the race are looked up there. A numpy call costs as much as a
thousand postings, so lists are taken in groups, and a small collection is added up without a thought.
"""

import math
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from retrieval.postings import Field, Floats, Integers

_SMALL = 1 << 17
"""Passages of a part in which all postings are added up: quicker there than to find out which can matter."""
_AT_ONCE = 1 << 14
"""Postings that are added up in one go: enough for a call of numpy to pay, few enough for the processor's cache."""
_PROBED = 64
"""Passages that are fully scored to learn how high the best stand."""
_MANY = 1024
"""Passages in the race from which on it pays to probe the foremost of them first."""
_SHORT = 256
"""Passages in the race that are fully scored without looking at one list after the other."""
_LOOKUP = 8
"""How many postings are added up in the time that one passage is looked up in."""
_KEPT = 10_000
"""Terms of which a part remembers where their postings are."""
_SLACK = 1 - 1e-9
"""How far sums of the same scores in another order may lie apart, as a share: such passages are kept in the race."""
_TINY = float(np.nextafter(0, 1))
_NOWHERE: Integers = np.zeros(0, np.int64)


class _List(NamedTuple):
    """The postings of a term in a part; the first stands at `start`, and no score is above `bound`."""

    term: str
    size: int
    start: int
    passages: Integers
    pairs: Integers
    idf: float
    bound: float


class _Wanted(NamedTuple):
    """A question to a large part: the lists of its terms in their order, and each once, the shortest first.

    `times` says how often a term comes, `left` what the lists from each on can add to a score together.
    """

    terms: Sequence[_List]
    limit: int
    lists: Sequence[_List]
    times: Mapping[str, int]
    left: Sequence[float]

    @classmethod
    def of(cls, terms: Sequence[_List], limit: int) -> "_Wanted":
        """The question of the terms."""
        times = Counter(one.term for one in terms)
        lists = sorted({one.term: one for one in terms}.values(), key=lambda one: one.size)
        bounds = (one.bound * times[one.term] for one in reversed(lists))
        return cls(terms, limit, lists, times, [*accumulate(bounds, initial=0.0)][::-1])


class Pruned:
    """Searches a field. One object may be asked from several threads."""

    def __init__(self, field: Field) -> None:
        self._parts = [_Part(field, number) for number in range(len(field.parts))]

    def best(self, terms: Sequence[str], limit: int) -> tuple[Integers, Floats]:
        """Numbers and scores of the best passages, at most `limit`, best first; ties in ascending order.

        The scores are those of rank-bm25's `get_scores`, bit for bit. Passages are numbered through all
        parts; those that were removed are left out.
        """
        best, scores, start, least = _NOWHERE, np.zeros(0), 0, 0.0
        if limit < 1:
            return best, scores
        for part in self._parts:
            places, own = part.best(terms, limit, least)
            best, scores = (places, own) if not start else _joined(best, scores, places + start, own, limit)
            start += part.size
            if len(scores) == limit and part is not self._parts[-1]:
                least = float(scores[-1])
        return best, scores


class _Part:
    """One part of a field. A row of zeros for sums is kept for each thread; whoever uses it puts the zeros back."""

    def __init__(self, field: Field, number: int) -> None:
        self._field, self._number = field, number
        self._postings = field.parts[number]
        self._gone = field.removed[number]
        self._some_gone = len(self._gone) > 0
        self.size = len(self._postings.lengths)
        self._known: dict[str, _List] = {}
        self._own = threading.local()

    def best(self, terms: Sequence[str], limit: int, least: float) -> tuple[Integers, Floats]:
        """The best passages, best first, and their scores; those below `least` may be left out."""
        lists = [one for term in terms if (one := self._known.get(term) or self._list(term))]
        if not lists:
            return _NOWHERE, np.zeros(0)
        if self.size > _SMALL:
            return self._raced(_Wanted.of(lists, limit), least)
        sums = self._borrowed()
        for group in _grouped(lists):
            np.add.at(sums, *self._impacts(group))  # in the order of the terms, as rank-bm25 does
        if self._some_gone:
            sums[self._gone] = 0.0
        ahead = _ahead(sums, max(least, _nth(sums, limit)))
        found = _first(ahead, sums.take(ahead), limit)
        sums.fill(0.0)
        self._own.row = sums
        return found

    def _list(self, term: str) -> _List | None:
        """The term's postings; None where no passage that is left has any."""
        at, idf = self._postings.at(term), self._field.idf(term)
        if at.start == at.stop or not idf:
            return None
        passages, pairs = (np.asarray(one[at]) for one in (self._postings.passages, self._postings.pair_of))
        bound = self._field.bound(self._number, term)
        found = _List(term, len(passages), at.start, passages, pairs, idf, bound)
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[term] = found
        return found

    def _impacts(
        self, lists: Sequence[_List], times: Mapping[str, int] | None = None
    ) -> tuple[Integers, Floats]:
        """The passages of the lists, one list behind the other, and the scores that these give them."""
        table = self._field.saturations[self._number]
        impacts = table.take(np.concatenate([one.pairs for one in lists]))
        start = 0
        for one in lists:
            own = impacts[start : (start := start + one.size)]
            own *= one.idf * times[one.term] if times else one.idf
        return np.concatenate([one.passages for one in lists], dtype=np.int64), impacts

    def _raced(self, wanted: _Wanted, least: float) -> tuple[Integers, Floats]:
        """The same as `best`, by MaxScore."""
        _, limit, lists, times, left = wanted
        row = self._borrowed()
        at, least = self._added(row, wanted, least)
        places, sums = _taken(row, lists[:at])
        least = max(least, _nth(sums, limit))
        ahead = _ahead(sums, least * _SLACK - left[at])
        places, sums = places.take(ahead), sums.take(ahead)
        if len(places) > _MANY and at < len(lists):
            least = max(least, self._probed(wanted, places, sums))
        while True:
            ahead = _ahead(sums, least * _SLACK - left[at])
            places, sums = places.take(ahead), sums.take(ahead)
            if at == len(lists) or len(places) <= _SHORT:
                break
            sums += self._shares(row, lists[at], times, places)
            least = max(least, _nth(sums, limit))
            at += 1
        self._own.row = row
        return _first(places, self._scores(wanted.terms, places), limit)

    def _added(self, row: Floats, wanted: _Wanted, least: float) -> tuple[int, float]:
        """Adds up lists until the others cannot lift a passage over the least; how many these are, and the least."""
        at = 0
        for group in _grouped(wanted.lists):
            if wanted.left[at] < least * _SLACK:
                break
            passages, impacts = self._impacts(group, wanted.times)
            np.add.at(row, passages, impacts)
            if self._some_gone:
                row[self._gone] = 0.0
            at += len(group)
            if not least:
                least = self._probed(wanted, passages, row.take(passages))
        return at, least

    def _probed(self, wanted: _Wanted, places: Integers, sums: Floats) -> float:
        """A score that as many passages reach as are wanted: that of the worst of the best among the foremost.

        A passage may come several times; those with the sum 0 were removed.
        """
        probed = max(_PROBED, 2 * wanted.limit)
        foremost = sums.argpartition(len(sums) - probed)[-probed:] if len(sums) > probed else slice(None)
        there = set(places[foremost][sums[foremost] > 0].tolist())
        return _nth(self._scores(wanted.terms, np.array([*there], np.int64)), wanted.limit)

    def _shares(self, row: Floats, one: _List, times: Mapping[str, int], places: Integers) -> Floats:
        """What a list adds to the sums of the passages, looked up there or, if that is quicker, added up."""
        if len(places) * _LOOKUP < one.size:
            return times[one.term] * self._scores([one], places)
        passages, impacts = self._impacts([one], times)
        row[passages] = impacts
        shares: Floats = row.take(places)
        row[passages] = 0.0
        return shares

    def _scores(self, lists: Sequence[_List], places: Integers) -> Floats:
        """The exact scores of the passages, added up in the order of the lists as rank-bm25 does."""
        postings, table = self._postings, self._field.saturations[self._number]
        places = places.astype(np.uint32)  # searchsorted would copy the list to the wider type
        where = np.empty((len(lists), len(places)), np.int64)
        for row, one in zip(where, lists, strict=True):
            row[:] = one.passages.searchsorted(places)
        starts = np.array([[one.start] for one in lists])
        where = np.minimum(where + starts, starts + np.array([[one.size - 1] for one in lists]))
        impacts: Floats = table.take(postings.pair_of.take(where))
        impacts *= np.array([[one.idf] for one in lists])
        impacts *= postings.passages.take(where) == places
        scores = np.zeros(len(places))
        for share in impacts:
            scores += share
        return scores

    def _borrowed(self) -> Floats:
        """This thread's row of zeros. It is given back when all are there again, so never after a failure."""
        row: Floats | None = getattr(self._own, "row", None)
        self._own.row = None
        return np.zeros(self.size) if row is None else row


def _grouped(lists: Sequence[_List]) -> Iterator[list[_List]]:
    """The lists in their order, as many together as are added up in one go; a longer one is alone."""
    group: list[_List] = []
    size = 0
    for one in lists:
        size += one.size
        if group and size > _AT_ONCE:
            yield group
            group, size = [], one.size
        group.append(one)
    yield group


def _taken(row: Floats, lists: Sequence[_List]) -> tuple[Integers, Floats]:
    """The passages of the lists with their sums, which are 0 where a passage comes again; leaves zeros."""
    places = [one.passages.astype(np.int64) for one in lists]
    sums = []
    for one in places:
        sums.append(row.take(one))
        row[one] = 0.0
    return np.concatenate([_NOWHERE, *places]), np.concatenate([np.zeros(0), *sums])


def _nth(values: Floats, limit: int) -> float:
    """At most the value at place `limit` from the top; 0 where there are fewer.

    Among many it is the one among the highest of some blocks, of which there are more than are wanted. That
    they are wide and few rows long is quicker than as many rows as columns.
    """
    place = len(values) - limit
    if place < 0:
        return 0.0
    width = 4 * math.isqrt(len(values))
    if 2 * limit < width < len(values) // 2:
        values, place = (
            np.maximum.reduce(values[: len(values) // width * width].reshape(-1, width)),
            width - limit,
        )
    else:
        values = values.copy()
    values.partition(place)
    return float(values[place])


def _ahead(values: Floats, least: float) -> Integers:
    """Where values stand that are above 0 and not below the least."""
    return (values >= max(least, _TINY)).nonzero()[0]


def _first(places: Integers, scores: Floats, limit: int) -> tuple[Integers, Floats]:
    """The best by score, best first; ties in ascending order."""
    order = np.lexsort((places, -scores))[:limit]
    return places.take(order), scores.take(order)


def _joined(
    best: Integers, scores: Floats, others: Integers, theirs: Floats, limit: int
) -> tuple[Integers, Floats]:
    """The best of two rows of best passages."""
    return _first(np.concatenate([best, others]), np.concatenate([scores, theirs]), limit)
