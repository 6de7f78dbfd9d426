"""Why each hit ranks where it does."""

from dataclasses import dataclass

from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.postings import Posting
from retrieval.search import Hit, rank


@dataclass(frozen=True, slots=True)
class Explained:
    """A hit with the postings that make up its score."""

    hit: Hit
    article: Article
    passage: Passage
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The question's terms with their idf (0: the articles do not hold it), and the hits, best first."""

    terms: tuple[tuple[str, float], ...]
    hits: tuple[Explained, ...]


def explain(index: Index, question: str, limit: int = 3) -> Explanation:
    """What the ranking of the question's first `limit` hits is made of."""
    terms = tuple(dict.fromkeys(term.term for term in analyze(question)))
    hits = []
    for hit in rank(index, terms, limit):
        passage = index.passages[hit.passage]
        found = tuple(
            posting for term in terms if (posting := index.postings.posting(term, hit.passage)) is not None
        )
        hits.append(Explained(hit, index.articles[passage.article], passage, found))
    return Explanation(tuple((term, index.postings.idf(term)) for term in terms), tuple(hits))
