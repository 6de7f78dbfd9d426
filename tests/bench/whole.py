"""The whole index of articles: how fast it is made, and how long an answer takes with everything that it needs."""

import gc
import time
from collections.abc import Sequence

from retrieval.article import Article
from retrieval.build import build
from retrieval.index import Index
from retrieval.loading import load_synonyms
from retrieval.phrases import Phrases
from retrieval.search import answer, worth_showing
from retrieval.segment import Segment
from tests.bench.clock import Task, percentiles, quiet, seconds
from tests.bench.starting import figures
from tests.bench.table import Row, Target

_LARGE = 100_000
"""Passages from which on the size on the disk has a target."""


def rows(size: int, articles: Sequence[Article], questions: Sequence[str]) -> list[Row]:
    """The rows about articles that have so many passages, asked these questions."""
    synonyms = load_synonyms()
    with quiet():
        began = time.process_time()
        segment = Segment.build(articles, Phrases.of(synonyms))
        took = time.process_time() - began
    rate = len(segment.article_of) / took
    del segment
    index = build(articles, synonyms)
    gc.collect()
    first, again = (
        percentiles(seconds({"": Task(lambda question: _told(index, question), questions)})[""])
        for _ in range(2)
    )
    kept = figures(index, next(one for one in questions if _told(index, one)))
    name = f"{size:,}: "
    disk = Target("≤", 1.5) if size >= _LARGE else None
    return [
        Row(f"{name}whole answer, p50", "ms", again["p50"], None),
        Row(f"{name}whole answer, p95", "ms", again["p95"], None, Target("≤", 5)),
        Row(f"{name}whole answer, p95 of each question's first time", "ms", first["p95"], None),
        Row(f"{name}all fields built, passages a second", "", rate, None, Target("≥", 5000)),
        # The words of a small collection take more than its postings, whatever the engine.
        Row(f"{name}bytes on disk for each of the text", "", kept["disk"], None, disk),
        Row(f"{name}opening the index", "ms", 1000 * kept["open"], None, Target("≤", 50)),
        Row(f"{name}process start to the first answer", "s", kept["answer"], None, Target("≤", 0.5)),
    ]


def _told(index: Index, question: str) -> list[str]:
    """The texts of the quotes that a reader is shown."""
    return [quote.text for quote in worth_showing(answer(index, question))]
