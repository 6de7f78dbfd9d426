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
from retrieval.postings import Floats, Posting, Postings
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

_CANDIDATES = 4
"""How many passages are looked at more closely for each that is wanted."""

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
    for token in (*index.vocabulary.phrases.tokens(tokens), *tokens):
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
    return fold(word) in _FUNCTION_KEYS and stems_of(word)[0] not in index.vocabulary.roots


def rank(index: Index, query: Query, limit: int) -> list[Hit]:
    """The passages with the highest scores, at most `limit`; those without any match are no hits.

    Equal scores stand in the index's order: newest article first, then by place in the article.
    """
    if not query.asked or not index.passages:
        return []
    scores, cover = _scores(index, query)
    matching = np.flatnonzero(cover)
    best = matching[np.argsort(-scores[matching], kind="stable")][: _CANDIDATES * limit].tolist()
    left = sorted(
        ((float(scores[place]) * (1 + WANTED * _holds_wanted(index, query, place)), place) for place in best),
        key=lambda scored: (-scored[0], scored[1]),
    )
    return _spread(index, left, cover, limit)


def _holds_wanted(index: Index, query: Query, place: int) -> bool:
    passage = index.passages[place]
    return bool(query.wanted) and holds(
        index.articles[passage.article].text[slice(*passage.text)], query.wanted
    )


def _spread(index: Index, scored: list[tuple[float, int]], cover: Floats, limit: int) -> list[Hit]:
    """The first `limit` of the scored passages, taken one by one; each makes the others of its article less likely.

    `scored` is sorted; of each article only its best that is left can be next.
    """
    left: dict[int, deque[tuple[float, int]]] = {}
    for score, place in scored:
        left.setdefault(int(index.article_of[place]), deque()).append((score, place))
    worth = dict.fromkeys(left, 1.0)
    hits: list[Hit] = []
    while left and len(hits) < limit:
        _, place, article = min((-heads[0][0] * worth[one], heads[0][1], one) for one, heads in left.items())
        score, _ = left[article].popleft()
        worth[article] *= SAME_ARTICLE
        if not left[article]:
            del left[article]
        hits.append(Hit(place, score, float(cover[place]), len(hits) + 1))
    return hits


def _scores(index: Index, query: Query) -> tuple[Floats, Floats]:
    """Score and coverage of every passage."""
    total = np.zeros(len(index.passages))
    titles = np.zeros(len(index.articles))
    held = np.zeros(len(index.passages))
    fields = index.fields
    for asked in query.asked:
        stems = [(one.stem, one.weight) for one in asked.alternatives]
        roots = [(index.vocabulary.roots[stem], weight) for stem, weight in stems]
        by_stem = _best(fields.stem, stems)
        by_root = _best(fields.root, roots)
        total += STEM * by_stem + ROOT * by_root
        passages, impacts = fields.word.of(asked.word)
        total[passages] += WORD * impacts
        titles += _best(index.titles, stems)
        held += asked.idf * evidence_of(index, asked)
    cover = held / sum(asked.idf for asked in query.asked)
    return total + GRAM * _grams(index, query) + TITLE * titles[index.article_of], cover


@dataclass(frozen=True, slots=True)
class Part:
    """What one word of the question adds to the score of one passage, by field; `grams` are not among it."""

    asked: Asked
    meant: Alternative | None
    posting: Posting | None
    stem: float
    word: float
    root: float
    title: float


def parts(index: Index, query: Query, hit: Hit) -> tuple[tuple[Part, ...], float]:
    """The score of a hit taken apart: a part for each word of the question, and what the n-grams add.

    Their sum is the score, but for the share that WANTED adds.
    """
    article = int(index.article_of[hit.passage])
    found = []
    for asked in query.asked:
        weighed = [
            (one.weight * posting.impact, one, posting)
            for one in asked.alternatives
            if (posting := index.fields.stem.posting(one.stem, hit.passage)) is not None
        ]
        stem, meant, posting = max(weighed, key=lambda each: each[0], default=(0.0, None, None))
        roots = [(index.vocabulary.roots[one.stem], one.weight) for one in asked.alternatives]
        stems = [(one.stem, one.weight) for one in asked.alternatives]
        word = index.fields.word.posting(asked.word, hit.passage)
        found.append(
            Part(
                asked,
                meant,
                posting,
                STEM * stem,
                WORD * (word.impact if word else 0.0),
                ROOT * float(_best(index.fields.root, roots)[hit.passage]),
                TITLE * float(_best(index.titles, stems)[article]),
            )
        )
    return tuple(found), GRAM * float(_grams(index, query)[hit.passage])


def _best(postings: Postings, terms: Sequence[tuple[str, float]]) -> Floats:
    """For each passage the highest weighted impact among the terms: alternatives share one word's weight."""
    best = np.zeros(len(postings.lengths))
    for term, weight in terms:
        passages, impacts = postings.of(term)
        best[passages] = np.maximum(best[passages], weight * impacts)
    return best


def evidence_of(index: Index, asked: Asked) -> Floats:
    """For each passage how surely it holds the word, 0 to 1."""
    present = np.zeros(len(index.passages))
    for one in asked.alternatives:
        weight = one.weight * (SYNONYM_EVIDENCE if one.how is How.SYNONYM else 1)
        root = index.vocabulary.roots[one.stem]
        for postings, term, share in (
            (index.fields.stem, one.stem, 1.0),
            (index.fields.root, root, ROOT_EVIDENCE),
        ):
            passages, _ = postings.of(term)
            present[passages] = np.maximum(present[passages], weight * share)
    return present


def _grams(index: Index, query: Query) -> Floats:
    weights: dict[str, float] = {}
    for asked in query.asked:
        stems = [(one.stem, one.weight) for one in asked.alternatives] or [(stems_of(asked.word)[0], 1.0)]
        for stem, weight in stems:
            for gram in () if " " in stem else grams(stem):
                weights[gram] = max(weights.get(gram, 0.0), weight)
    scores = np.zeros(len(index.passages))
    for gram, weight in weights.items():
        passages, impacts = index.fields.gram.of(gram)
        scores[passages] += weight * impacts
    return scores
