"""Why each hit ranks where it does, and why the question is answered or refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.article import Article
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.postings import Field, Posting
from retrieval.query import Asked, Query, understand
from retrieval.ranking import ROOT, STEM, TITLE, Hit, rank
from retrieval.refusal import evidence
from retrieval.shortlist import GRAM, WORD, grams_of
from retrieval.translated import translated, untranslated
from retrieval.vocabulary import Alternative


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


@dataclass(frozen=True, slots=True)
class Explained:
    """A hit with its score taken apart: by word of the question, and what the letter n-grams add."""

    hit: Hit
    article: Article
    passage: Passage
    parts: tuple[Part, ...]
    grams: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the question was understood, the hits, best first, and the evidence beside what is enough.

    `translated` and `untranslated` are as in an answer.
    """

    query: Query
    hits: tuple[Explained, ...]
    evidence: float
    enough: float
    translated: tuple[tuple[str, tuple[str, ...]], ...] = ()
    untranslated: tuple[str, ...] = ()


def explain(index: Index, question: str, limit: int = 3) -> Explanation:
    """What the ranking of the question's first `limit` hits is made of."""
    query = understand(index, question)
    hits = rank(index, query, max(limit, 10))
    explained = []
    for hit in hits[:limit]:
        passage = index.passages.numbered(hit.passage)
        explained.append(Explained(hit, index.articles[passage.article], passage, *parts(index, query, hit)))
    return Explanation(
        query,
        tuple(explained),
        evidence(hits),
        index.enough,
        tuple(translated(question, query)),
        untranslated(question, query),
    )


def parts(index: Index, query: Query, hit: Hit) -> tuple[tuple[Part, ...], float]:
    """The score of a hit taken apart: a part for each word of the question, and what the n-grams add.

    Their sum is the score, but for the share that WANTED adds.
    """
    where = index.passages.part_of(hit.passage)
    part, passage = index.parts.index(where), hit.passage - where.first
    article = int(where.segment.article_of[passage])
    found = []
    for asked in query.asked:
        weighed = [
            (one.weight * posting.impact, one, posting)
            for one in asked.alternatives
            if (posting := index.fields.stem.posting(part, one.stem, passage)) is not None
        ]
        stem, meant, posting = max(weighed, key=lambda each: each[0], default=(0.0, None, None))
        roots = [(index.vocabulary.root(one.stem), one.weight) for one in asked.alternatives]
        stems = [(one.stem, one.weight) for one in asked.alternatives]
        word = index.fields.word.posting(part, asked.word, passage)
        found.append(
            Part(
                asked,
                meant,
                posting,
                STEM * stem,
                WORD * (word.impact if word else 0.0),
                ROOT * _best(index.fields.root, part, roots, passage),
                TITLE * _best(index.titles, part, stems, article),
            )
        )
    rows = where.segment.forward.rows(np.array([passage]))
    return tuple(found), GRAM * float(index.fields.gram.scores(part, rows, grams_of(query))[0])


def _best(field: Field, part: int, terms: Sequence[tuple[str, float]], passage: int) -> float:
    """The highest weighted impact among the terms in one passage."""
    found = ((field.posting(part, term, passage), weight) for term, weight in terms)
    return max((weight * posting.impact for posting, weight in found if posting is not None), default=0.0)
