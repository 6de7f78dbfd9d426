"""A question in, an answer out: the best quotes with their citations, or an honest refusal."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from retrieval.analysis import analyze
from retrieval.article import Article, Span
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.snippet import Snippet, cut


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches, by its place in the index; `rank` counts from 1."""

    passage: int
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, exactly: `text` is `article.text[span.start:span.end]`.

    `highlights` are the spans of the words that match the question, inside `span`, in order.
    """

    article: Article
    passage: Passage
    span: Span
    highlights: tuple[Span, ...]
    score: float

    @property
    def text(self) -> str:
        """The quoted words."""
        return self.article.text[slice(*self.span)]

    @property
    def speaker(self) -> str | None:
        """Who says it, where a line above the quote names the speaker."""
        if self.passage.speaker is None:
            return None
        return self.article.text[slice(*self.passage.speaker)].rstrip(": ")


class Refusal(Enum):
    """Why there is no quote."""

    NO_WORDS = "the question holds no word"
    NOT_FOUND = "the articles do not answer it"


@dataclass(frozen=True, slots=True)
class Answer:
    """The quotes, best first, or a refusal. `terms` are the question's, in order, without repeats."""

    question: str
    terms: tuple[str, ...]
    quotes: tuple[Quote, ...]
    refusal: Refusal | None = None


def answer(index: Index, question: str, limit: int = 3) -> Answer:
    """The best quotes for the question, at most `limit`, one a passage."""
    terms = tuple(dict.fromkeys(term.term for term in analyze(question)))
    if not terms:
        return Answer(question, terms, (), Refusal.NO_WORDS)
    hits = rank(index, terms, limit)
    if not hits:
        return Answer(question, terms, (), Refusal.NOT_FOUND)
    return Answer(question, terms, tuple(_quote(index, hit, terms) for hit in hits))


def rank(index: Index, terms: tuple[str, ...], limit: int) -> list[Hit]:
    """The passages with the highest scores; those without any of the terms are no hits.

    Equal scores stand in the index's order: newest article first, then by place in the article.
    """
    scores = index.postings.scores(terms)
    matching = np.flatnonzero(scores)
    best = matching[np.argsort(-scores[matching], kind="stable")][:limit]
    return [Hit(int(passage), float(scores[passage]), number) for number, passage in enumerate(best, 1)]


def _quote(index: Index, hit: Hit, terms: tuple[str, ...]) -> Quote:
    passage = index.passages[hit.passage]
    article = index.articles[passage.article]
    weights = {term: index.postings.idf(term) for term in terms}
    snippet: Snippet = cut(article.text, passage, weights)
    return Quote(article, passage, snippet.span, snippet.highlights, hit.score)
