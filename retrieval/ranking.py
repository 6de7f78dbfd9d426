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

import numpy as np

from retrieval.analysis import analyze, grams, stems_of
from retrieval.article import Span
from retrieval.index import Index
from retrieval.postings import Field, Floats, Integers
from retrieval.question import FUNCTION_STEMS, FUNCTION_WORDS, Wanted, holds, wanted
from retrieval.script import fold
from retrieval.vocabulary import Alternative, How

STEM, WORD, ROOT, GRAM, TITLE = 1.0, 0.35, 0.3, 0.2, 1.0
"""The weights of the fields, found on development questions, where they lie on a plateau."""
WANTED = 0.1
"""What a passage gains that holds a date, number, name or place when one is asked for, as a share of its score."""
SAME_ARTICLE = 0.6
"""What each further passage of one article keeps of its score, so that other articles are heard too."""
UNKNOWN = 1.25
"""The idf of a word that the articles do not know, as a multiple of what BM25 gives a word in no passage: a
question that turns on such a word is most likely about something else."""
ROOT_EVIDENCE = 0.7
"""How much of a word's evidence a passage has that holds only a word of the same root."""
SYNONYM_EVIDENCE = 0.5
"""The same for a passage that holds only a synonym: enough to rank it, less to say that it answers."""

_CANDIDATES, _WANTED_AMONG = 6, 4
"""How many passages for each that is wanted are scored by all fields, and how many of these are looked at for
what the question asks for."""

_FUNCTION_KEYS = frozenset(fold(word) for word in FUNCTION_WORDS)


@dataclass(frozen=True, slots=True)
class Asked:
    """An informative word of a question: as typed and normalised, its span there, and what it may mean.

    `idf` is that of the best meaning; of a word that the articles do not know, that of a word in none of them.
    """

    word: str
    span: Span
    alternatives: tuple[Alternative, ...]
    idf: float


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index understands it."""

    asked: tuple[Asked, ...]
    wanted: frozenset[Wanted]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches, by its place in the index; `rank` counts from 1.

    `cover` is the share, 0 to 1, of the question's idf that the passage holds.
    """

    passage: int
    score: float
    cover: float
    rank: int


def understand(index: Index, question: str) -> Query:
    """The question's informative words and what the articles' words have to do with them."""
    tokens = analyze(question)
    asked: dict[str, Asked] = {}
    known: list[Span] = []  # phrases and hyphenated words that the articles know as a whole
    for token in (*index.phrases.tokens(tokens), *tokens):
        word, span = token.word, Span(token.start, token.end)
        whole = " " in word or "-" in word
        if word in asked or any(one.start <= span.start and span.end <= one.end for one in known):
            continue
        if not whole and is_function_word(index, word):
            continue
        alternatives = (
            index.vocabulary.meant_by_phrase(token.stem) if " " in word else index.vocabulary.meant(word)
        )
        if whole:
            if not alternatives or ("-" in word and all(one.how is How.SYNONYM for one in alternatives)):
                continue  # its parts follow
            known.append(span)
        asked[word] = Asked(word, span, alternatives, _idf(index, alternatives))
    in_order = sorted(asked.values(), key=lambda one: one.span)
    return Query(tuple(in_order), wanted(question))


def _idf(index: Index, alternatives: Sequence[Alternative]) -> float:
    """The idf of the commonest of the meanings, synonyms aside; without one, that of a word in no passage."""
    idfs = [index.fields.stem.idf(one.stem) for one in alternatives if one.how is not How.SYNONYM]
    return min(idfs, default=UNKNOWN * float(np.log(1 + (len(index.passages) + 0.5) / 0.5)))


def is_function_word(index: Index, word: str) -> bool:
    """Whether the word is no evidence; one in another spelling only where the articles do not know it as it is."""
    if word in FUNCTION_WORDS or any(stem in FUNCTION_STEMS for stem in stems_of(word)):
        return True
    return fold(word) in _FUNCTION_KEYS and not index.vocabulary.knows(stems_of(word)[0])


def rank(index: Index, query: Query, limit: int) -> list[Hit]:
    """The passages with the highest scores, at most `limit`; those without any match are no hits.

    Equal scores stand in the index's order: newest article first, then by place in the article. The words as
    written and the n-grams, which never find a passage by themselves, are scored for the passages alone that
    are ahead by the other fields.
    """
    if not query.asked or not len(index.passages):
        return []
    ahead = _ahead(index, query, _CANDIDATES * limit)
    best = ahead.top(index, _WANTED_AMONG * limit)
    left = [
        (score * (1 + WANTED * _holds_wanted(index, query, place)), place, cover)
        for score, place, cover in best
    ]
    order = index.order
    left.sort(key=lambda scored: (-scored[0], scored[1] if order is None else int(order[scored[1]])))
    return _spread(index, left, limit)


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


@dataclass(frozen=True)
class Scored:
    """Passages by number with their scores and covers, in no order."""

    places: Integers
    scores: Floats
    covers: Floats

    def top(self, index: Index, limit: int) -> list[tuple[float, int, float]]:
        """Score, place and cover of the best, best first; equal scores in the index's order."""
        order = self.places if index.order is None else index.order[self.places]
        best = np.lexsort((order, -self.scores))[:limit]
        return list(
            zip(
                self.scores[best].tolist(),
                self.places[best].tolist(),
                self.covers[best].tolist(),
                strict=True,
            )
        )


def _ahead(index: Index, query: Query, limit: int) -> Scored:
    """The passages with the highest scores by stems, roots and titles, at least `limit`, fully scored."""
    parts = [_of_part(index, query, number) for number in range(len(index.parts))]
    places, scores, covers = (np.concatenate(one) for one in zip(*parts, strict=True))
    if len(scores) > limit:
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        ahead = scores >= least
        places, scores, covers = places[ahead], scores[ahead], covers[ahead]
    return Scored(places, scores + _fine(index, query, places), covers)


def _of_part(index: Index, query: Query, number: int) -> tuple[Integers, Floats, Floats]:
    """Places, scores by stems, roots and titles, and covers of the passages of a part that match."""
    part = index.parts[number]
    total = np.zeros(len(part.segment.article_of))
    held = np.zeros(len(total))
    titles = np.zeros(len(part.segment.ids))
    for asked in query.asked:
        stems = [(one.stem, one.weight) for one in asked.alternatives]
        by_stem, by_root = index.fields.stem, index.fields.root
        _add_best(by_stem, number, stems, STEM, total)
        roots = [(index.vocabulary.root(stem), weight) for stem, weight in stems]
        _add_best(by_root, number, roots, ROOT, total)
        _add_best(index.titles, number, stems, TITLE, titles)
        _add_evidence(index, number, asked, held)
    found = np.flatnonzero(held)
    if len(part.gone):
        found = found[part.stays[found]]
    cover = held[found] / sum(asked.idf for asked in query.asked)
    return found + part.first, total[found] + titles[part.segment.article_of[found]], cover


def _add_best(
    field: Field, part: int, terms: Sequence[tuple[str, float]], weight: float, total: Floats
) -> None:
    """Adds to each passage the highest weighted impact among the terms: alternatives share one word's weight."""
    found = [(field.of(part, term), share) for term, share in terms]
    lists = [(passages, weight * share * impacts) for (passages, impacts), share in found if len(passages)]
    if len(lists) == 1:
        passages, impacts = lists[0]
        total[passages] += impacts
    elif lists:
        passages, impacts = _highest(lists)
        total[passages] += impacts


def _highest(lists: Sequence[tuple[Integers, Floats]]) -> tuple[Integers, Floats]:
    """Each passage of the lists once, with its highest value."""
    passages = np.concatenate([one for one, _ in lists])
    values = np.concatenate([one for _, one in lists])
    order = passages.argsort(kind="stable")
    passages, values = passages[order], values[order]
    is_first = np.empty(len(passages), np.bool_)
    is_first[:1] = True
    np.not_equal(passages[1:], passages[:-1], out=is_first[1:])
    starts = is_first.nonzero()[0]
    return passages[starts], np.maximum.reduceat(values, starts)


def _add_evidence(index: Index, part: int, asked: Asked, held: Floats) -> None:
    if len(asked.alternatives) == 1:
        (one,) = asked.alternatives
        weight = asked.idf * _sureness(one)
        stem, root = index.fields.stem.parts[part], index.fields.root.parts[part]
        # A passage that holds the stem holds its root as well.
        held[root.passages[root.at(index.vocabulary.root(one.stem))]] += ROOT_EVIDENCE * weight
        held[stem.passages[stem.at(one.stem)]] += (1 - ROOT_EVIDENCE) * weight
        return
    passages, sureness = evidence_of(index, part, asked)
    held[passages] += asked.idf * sureness


def _sureness(one: Alternative) -> float:
    return one.weight * (SYNONYM_EVIDENCE if one.how is How.SYNONYM else 1)


def evidence_of(index: Index, part: int, asked: Asked) -> tuple[Integers, Floats]:
    """The passages of a part that hold the word or one of its root, and how surely, 0 to 1."""
    lists = []
    for one in asked.alternatives:
        for field, term, share in (
            (index.fields.stem, one.stem, 1.0),
            (index.fields.root, index.vocabulary.root(one.stem), ROOT_EVIDENCE),
        ):
            postings = field.parts[part]
            passages = postings.passages[postings.at(term)]
            lists.append((passages, np.full(len(passages), _sureness(one) * share)))
    return _highest(lists) if lists else (np.zeros(0, np.int64), np.zeros(0))


def _fine(index: Index, query: Query, places: Integers) -> Floats:
    """What the words as written and the n-grams add to the scores of the passages."""
    added = np.zeros(len(places))
    weights = grams_of(query)
    for number, part in enumerate(index.parts):
        here = (places >= part.first) & (places < part.first + len(part.segment.article_of))
        local = places[here] - part.first
        if len(local):
            words = index.fields.word.scores(number, local, [asked.word for asked in query.asked])
            added[here] = WORD * words + GRAM * index.fields.gram.scores(number, local, weights)
    return added


def grams_of(query: Query) -> dict[str, float]:
    """The n-grams of the stems that the question may mean, each with the highest weight it has there."""
    weights: dict[str, float] = {}
    for asked in query.asked:
        stems = [(one.stem, one.weight) for one in asked.alternatives] or [(stems_of(asked.word)[0], 1.0)]
        for stem, weight in stems:
            for gram in () if " " in stem else grams(stem):
                weights[gram] = max(weights.get(gram, 0.0), weight)
    return weights
