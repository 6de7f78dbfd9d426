"""From a question to scored passages: one formula over rank-bm25's scores in several fields.

    score(p) = sum over the question's words q of
               [ STEM * max_a w(a) bm25_stem(a, p) + WORD * bm25_word(q, p) + ROOT * max_a w(a) bm25_root(a, p)
                 + TITLE * max_a w(a) bm25_title(a, article of p) ]
               + GRAM * sum of w(g) bm25_gram(g, p)

where a runs over the stems that q may mean and w(a) is how sure that is.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrieval.index import Index, Part
from retrieval.postings import Field, Floats, Integers
from retrieval.query import Query
from retrieval.question import holds
from retrieval.ragged import row_of, spread
from retrieval.shortlist import Shortlist

STEM, ROOT, TITLE = 1.0, 0.3, 1.0
"""The weights of the fields, like WORD and GRAM found on development questions, where they lie on a plateau."""
WANTED = 0.1
"""What a passage gains that holds a date, number, name or place when one is asked for, as a share of its score."""
SAME_ARTICLE = 0.6
"""What each further passage of one article keeps of its score, so that other articles are heard too."""
_CANDIDATES, _WANTED_AMONG = 6, 4
"""How many passages for each that is wanted are scored by all fields, and how many of these are looked at for
what the question asks for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches, by its place in the index; `rank` counts from 1.

    `cover` is the share, 0 to 1, of the question's idf that the passage holds.
    """

    passage: int
    score: float
    cover: float
    rank: int


def rank(index: Index, query: Query, limit: int) -> list[Hit]:
    """The passages with the highest scores, at most `limit`; those without any match are no hits.

    Equal scores stand in the index's order: newest article first, then by place in the article. The words as
    written and the n-grams, which never find a passage by themselves, are scored for the passages alone that
    are ahead by the other fields.
    """
    if not query.asked or not len(index.passages):
        return []
    places, scores, covers = _ahead(index, query, _CANDIDATES * limit)
    first = _first(index, places, scores, _WANTED_AMONG * limit)
    bonus = [1 + WANTED * _holds_wanted(index, query, place) for place in places[first].tolist()]
    places, scores, covers = places[first], scores[first] * bonus, covers[first]
    last = _first(index, places, scores, len(places))
    columns = (column[last].tolist() for column in (scores, places, covers))
    return _spread(index, list(zip(*columns, strict=True)), limit)


def _first(index: Index, places: Integers, scores: Floats, limit: int) -> Integers:
    """Where the best stand, best first; equal scores in the index's order."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    starts = np.flatnonzero(np.diff(ranked, prepend=np.inf))
    if len(starts) < len(order):
        for start, end in pairwise([*starts.tolist(), len(order)]):
            if start < limit and end > start + 1:
                tied = sorted(
                    order[start:end].tolist(), key=lambda at: index.passages.standing(int(places[at]))
                )
                order[start:end] = tied
    return order[:limit]


def _holds_wanted(index: Index, query: Query, place: int) -> bool:
    if not query.wanted:
        return False
    passage = index.passages.numbered(place)
    return holds(index.articles[passage.article].text[slice(*passage.text)], query.wanted)


def _spread(index: Index, scored: list[tuple[float, int, float]], limit: int) -> list[Hit]:
    """The first `limit` of the scored passages, taken one by one; each makes the others of its article less likely.

    `scored` is sorted; of each article only its best that is left can be next.
    """
    articles = index.passages.articles_of([place for _, place, _ in scored])
    left: dict[int, deque[tuple[int, float, int, float]]] = {}
    for at, (score, place, cover) in enumerate(scored):
        left.setdefault(articles[at], deque()).append((at, score, place, cover))
    worth = dict.fromkeys(left, 1.0)
    hits: list[Hit] = []
    while left and len(hits) < limit:
        _, _, article = min((-heads[0][1] * worth[one], heads[0][0], one) for one, heads in left.items())
        _, score, place, cover = left[article].popleft()
        worth[article] *= SAME_ARTICLE
        if not left[article]:
            del left[article]
        hits.append(Hit(place, score, cover, len(hits) + 1))
    return hits


def _ahead(index: Index, query: Query, limit: int) -> tuple[Integers, Floats, Floats]:
    """Places, scores and covers of the passages with the highest scores by stems, roots and titles.

    There are at least `limit` of them, as far as so many match; their scores are those of all fields.
    """
    parts = [_of_part(index, query, number, limit) for number in range(len(index.parts))]
    places, scores = (np.concatenate(one) for one in zip(*parts, strict=True))
    if len(scores) > limit:
        ahead = scores >= _nth(scores, limit)
        places, scores = places[ahead], scores[ahead]
    fine, covers = np.zeros(len(places)), np.zeros(len(places))
    all_idf = sum(asked.idf for asked in query.asked)
    for number, part in enumerate(index.parts):
        here = np.flatnonzero((places >= part.first) & (places < part.first + len(part.segment.article_of)))
        if len(here):
            shortlist = Shortlist(index, number, places[here] - part.first)
            fine[here], covers[here] = shortlist.fine(query), shortlist.held(query) / all_idf
    return places, scores + fine, covers


def _of_part(index: Index, query: Query, number: int, limit: int) -> tuple[Integers, Floats]:
    """Places and scores by stems, roots and titles of the best passages of a part, `limit` and some more."""
    part = index.parts[number]
    total, best = np.zeros(len(part.segment.article_of)), np.zeros(len(part.segment.article_of))
    held: list[Integers] = []
    for asked in query.asked:
        stems = [(one.stem, one.weight) for one in asked.alternatives]
        roots = [(index.vocabulary.root(stem), weight) for stem, weight in stems]
        _add_best(_weighted(index.fields.stem, number, stems, STEM), total, best)
        lists = _weighted(index.fields.root, number, roots, ROOT)
        _add_best(lists, total, best)
        held += [passages for passages, _ in lists]
    _add_titles(index, query, number, total)
    found = np.flatnonzero(total >= _worth_it(part, held, total, limit))
    if len(part.gone):
        found = found[part.stays[found]]
    return found + part.first, total[found]


def _worth_it(part: Part, held: Sequence[Integers], total: Floats, limit: int) -> float:
    """A score that the best `limit` passages reach for sure: that many passages of the rarest word have it."""
    for passages in sorted(held, key=len):
        if len(passages) >= limit:
            staying = passages[part.stays[passages]] if len(part.gone) else passages
            if len(staying) >= limit:
                return _nth(total[staying], limit)
    return float(np.nextafter(0, 1))


def _nth(scores: Floats, limit: int) -> float:
    """The score at place `limit` from the top."""
    place = len(scores) - limit
    return float(np.partition(scores, place)[place])


def _weighted(
    field: Field, part: int, terms: Sequence[tuple[str, float]], weight: float
) -> list[tuple[Integers, Floats]]:
    """The passages of each term, and what it is worth there."""
    found = [(field.of(part, term), share) for term, share in terms]
    return [
        (passages.astype(np.intp), weight * share * impacts)
        for (passages, impacts), share in found
        if len(passages)
    ]


def _add_best(lists: Sequence[tuple[Integers, Floats]], total: Floats, best: Floats) -> None:
    """Adds to each passage its highest value in the lists: alternatives share one word's weight.

    `best` is a row of zeros for the passages, and is one again afterwards.
    """
    if len(lists) == 1:
        passages, values = lists[0]
        total[passages] += values
        return
    for passages, values in lists:
        best[passages] = np.maximum(best[passages], values)
    for passages, _ in lists:
        total[passages] += best[passages]
        best[passages] = 0.0


def _add_titles(index: Index, query: Query, number: int, total: Floats) -> None:
    """Adds to each passage what its article's title is worth."""
    segment = index.parts[number].segment
    lists = [
        _weighted(index.titles, number, [(one.stem, one.weight) for one in asked.alternatives], TITLE)
        for asked in query.asked
    ]
    if not any(lists):
        return
    titles, best = np.zeros(len(segment.dates)), np.zeros(len(segment.dates))
    for one in lists:
        _add_best(one, titles, best)
    articles = np.flatnonzero(titles > 0)
    total[spread(segment.bounds, articles)] += titles[row_of(segment.bounds, articles, articles)]
