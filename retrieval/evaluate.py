"""How good the answers are: measures over questions with qrels."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.article import Article, Span
from retrieval.errors import QuestionsError
from retrieval.search import Answer, Quote


@dataclass(frozen=True, slots=True)
class Relevant:
    """A passage that answers: words of the article, or with `quote` None any part of it."""

    article: str
    quote: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its qrels; nothing relevant means that the articles do not answer it."""

    id: str
    text: str
    relevant: tuple[Relevant, ...]
    category: str


DEPTH = 10
"""How many results of an answer count."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over `questions` questions of one category, each 0 to 1.

    Of questions that the articles answer: the share answered, a relevant first result, one among the first
    three, the reciprocal rank of the first relevant one, and nDCG@10 with binary gains (Järvelin and
    Kekäläinen 2002). Of the others: the share refused, and 0 elsewhere.
    """

    questions: int
    answered: float = 0.0
    hit1: float = 0.0
    hit3: float = 0.0
    mrr: float = 0.0
    ndcg: float = 0.0
    refused: float = 0.0


def gains(answer: Answer, gold: Sequence[tuple[str, Span | None]]) -> list[int]:
    """A 1 for each of the answer's quotes that covers at least half of a gold span not covered before it."""
    found: set[tuple[str, Span | None]] = set()
    result = []
    for quote in answer.quotes[:DEPTH] if answer.refusal is None else ():
        new = {one for one in gold if one not in found and _covers(quote, one)}
        found |= new
        result.append(int(bool(new)))
    return result


def _covers(quote: Quote, gold: tuple[str, Span | None]) -> bool:
    article, span = gold
    if quote.article.id != article:
        return False
    if span is None:
        return True
    common = min(span.end, quote.span.end) - max(span.start, quote.span.start)
    return common >= (span.end - span.start) / 2


def gold_spans(question: Question, articles: Mapping[str, Article]) -> list[tuple[str, Span | None]]:
    """Where the relevant quotes stand, every occurrence. Raises QuestionsError for one that stands nowhere."""
    spans: list[tuple[str, Span | None]] = []
    for relevant in question.relevant:
        article = articles.get(relevant.article)
        if article is None:
            raise QuestionsError(f"question {question.id}: there is no article {relevant.article!r}")
        if relevant.quote is None:
            spans.append((article.id, None))
            continue
        at = article.text.find(relevant.quote)
        if at < 0:
            raise QuestionsError(f"question {question.id}: {article.id} does not hold {relevant.quote!r}")
        while at >= 0:
            spans.append((article.id, Span(at, at + len(relevant.quote))))
            at = article.text.find(relevant.quote, at + 1)
    return spans


def measure(gained: Sequence[int], relevant: int) -> tuple[float, float, float, float]:
    """hit@1, hit@3, reciprocal rank and nDCG of one answer, given its gains and the number of gold spans."""
    first = next((rank for rank, gain in enumerate(gained, 1) if gain), None)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(DEPTH, relevant) + 1))
    ndcg = sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gained, 1)) / ideal
    return float(first == 1), float(first is not None and first <= 3), 1 / first if first else 0.0, ndcg  # noqa: PLR2004 - the 3 of hit@3


def figures(pairs: Iterable[tuple[Question, Answer]], articles: Mapping[str, Article]) -> dict[str, Figures]:
    """The figures by category; "all" for every answerable question, "unanswerable" for the rest."""
    rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    refused: list[float] = []
    for question, answer in pairs:
        gold = gold_spans(question, articles)
        if not gold:
            refused.append(float(answer.refusal is not None))
            continue
        row = (float(answer.refusal is None), *measure(gains(answer, gold), len(gold)))
        rows["all"].append(row)
        if question.category:
            rows[question.category].append(row)
    result = {
        category: Figures(len(found), *(sum(column) / len(found) for column in zip(*found, strict=True)))
        for category, found in rows.items()
    }
    if refused:
        result["unanswerable"] = Figures(len(refused), refused=sum(refused) / len(refused))
    return result
