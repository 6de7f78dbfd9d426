"""Why each hit ranks where it does, and why the question is answered or refused."""

from dataclasses import dataclass

from retrieval.article import Article
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.ranking import Hit, Part, Query, parts, rank, understand
from retrieval.refusal import evidence


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
    """How the question was understood, the hits, best first, and the evidence beside what is enough."""

    query: Query
    hits: tuple[Explained, ...]
    evidence: float
    enough: float


def explain(index: Index, question: str, limit: int = 3) -> Explanation:
    """What the ranking of the question's first `limit` hits is made of."""
    query = understand(index, question)
    hits = rank(index, query, max(limit, 10))
    explained = []
    for hit in hits[:limit]:
        passage = index.passages.numbered(hit.passage)
        explained.append(Explained(hit, index.articles[passage.article], passage, *parts(index, query, hit)))
    return Explanation(query, tuple(explained), evidence(hits), index.enough)
