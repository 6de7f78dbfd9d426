"""The engines that rank: ours and its peers, all given the same stems and asked for the same best passages."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from importlib import import_module
from typing import Any, NamedTuple, Protocol

import numpy as np

from retrieval.bm25 import BM25
from retrieval.index import K1, B
from retrieval.postings import Field, Postings
from retrieval.pruning import Pruned
from tests.bench.corpus import Corpus

LIMIT = 10
"""Passages that a question wants."""
_HEAP = 2_000_000_000
"""Bytes that tantivy may fill before it begins a further segment: enough for the largest collection."""


class Best(NamedTuple):
    """The numbers of the best passages, best first, and their scores. Passages without a match are left out."""

    passages: Sequence[int]
    scores: Sequence[float]


class Engine(Protocol):
    """A collection that was made ready in memory, in this process and one thread."""

    def best(self, terms: list[str]) -> Best:
        """The best passages for the terms; one that repeats counts again."""
        ...


class MissingError(Exception):
    """An engine that is not installed."""


class Ours:
    """Postings of one field, searched by the terms that can matter."""

    def __init__(self, corpus: Corpus) -> None:
        self.postings = Postings.build(corpus)
        self._pruned = searched(self.postings)

    def best(self, terms: list[str]) -> Best:
        """See Engine. Ties are in ascending order of the passages."""
        passages, scores = self._pruned.best(terms, LIMIT)
        return Best(passages.tolist(), scores.tolist())


def searched(postings: Postings) -> Pruned:
    """What searches the postings alone, as one field with nothing removed."""
    return Pruned(Field([postings], [np.zeros(0, np.int64)], K1, B))


class RankBm25:
    """rank-bm25, with the best of its scores taken as quickly as numpy can: its own way sorts them all."""

    def __init__(self, corpus: Corpus) -> None:
        self._scorer = BM25(corpus, k1=K1, b=B)

    def best(self, terms: list[str]) -> Best:
        """See Engine. Ties are in ascending order of the passages."""
        scores = self._scorer.get_scores(terms)
        least = np.partition(scores, -LIMIT)[-LIMIT] if len(scores) > LIMIT else 0.0
        ahead = np.flatnonzero((scores >= least) & (scores > 0))
        order = np.lexsort((ahead, -scores[ahead]))[:LIMIT]
        return Best(ahead[order].tolist(), scores[ahead][order].tolist())


class Bm25s:
    """bm25s, which scores every pair of a term and a passage beforehand."""

    def __init__(self, corpus: Corpus) -> None:
        self._index = _installed("bm25s").BM25(k1=K1, b=B, method="lucene")
        self._index.index(corpus, show_progress=False)
        self._limit = min(LIMIT, len(corpus))

    def compiled(self) -> "Bm25s":
        """The same index, searched by code that numba compiles when the first question comes."""
        _installed("numba")
        twin = copy(self)
        twin._index = copy(self._index)
        twin._index.backend = "numba"
        return twin

    def best(self, terms: list[str]) -> Best:
        """See Engine. It fills up with passages that do not match."""
        passages, scores = self._index.retrieve([terms], k=self._limit, show_progress=False)
        return Best(passages[0].tolist(), scores[0].tolist())


class Tantivy:
    """tantivy with its own k1 and b, in one segment, which holds no more than it needs for ranking."""

    def __init__(self, corpus: Corpus) -> None:
        self._tantivy = tantivy = _installed("tantivy")
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        writer = index.writer(_HEAP, 1)
        for terms in corpus:
            writer.add_document(tantivy.Document(terms=" ".join(terms)))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        if self._searcher.num_segments != 1:
            raise RuntimeError(f"tantivy made {self._searcher.num_segments} segments, not one")

    def best(self, terms: list[str]) -> Best:
        """See Engine. Without a count of all matches, which would keep it from passing over any."""
        should, term_query = self._tantivy.Occur.Should, self._tantivy.Query.term_query
        query = self._tantivy.Query.boolean_query(
            [(should, term_query(self._schema, "terms", term, "freq")) for term in terms]
        )
        hits = self._searcher.search(query, LIMIT, count=False).hits
        return Best([address.doc for _, address in hits], [score for score, _ in hits])


class Fts5:
    """SQLite's FTS5 in memory; a term is written as its number, so that the tokenizer has nothing to decide."""

    def __init__(self, corpus: Corpus) -> None:
        self._names = {term: f"t{number}" for number, term in enumerate(corpus.terms)}
        self._database = sqlite3.connect(":memory:")
        try:
            self._database.execute(
                "CREATE VIRTUAL TABLE passages USING fts5(terms, content='', tokenize='unicode61')"
            )
        except sqlite3.OperationalError:
            raise MissingError from None
        rows = ((number, " ".join(map(self._names.__getitem__, row))) for number, row in enumerate(corpus))
        self._database.executemany("INSERT INTO passages(rowid, terms) VALUES (?, ?)", rows)
        self._database.execute("INSERT INTO passages(passages) VALUES ('optimize')")
        self._database.commit()

    def best(self, terms: list[str]) -> Best:
        """See Engine."""
        known = " OR ".join(self._names[term] for term in terms if term in self._names)
        if not known:  # its query language has no word for nothing
            return Best((), ())
        rows = self._database.execute(
            "SELECT rowid, -rank FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (known, LIMIT)
        ).fetchall()
        return Best([number for number, _ in rows], [score for _, score in rows])


OURS, TANTIVY, COMPILED, PLAIN, FTS5, DEFINITION = (
    "Dayek", "tantivy", "bm25s, numba", "bm25s", "SQLite FTS5", "rank-bm25",
)  # fmt: skip
PEERS = (TANTIVY, COMPILED, PLAIN, FTS5, DEFINITION)
_MAKE: dict[str, Callable[[Corpus], Engine]] = {
    OURS: Ours, TANTIVY: Tantivy, PLAIN: Bm25s, FTS5: Fts5, DEFINITION: RankBm25
}  # fmt: skip


class Made(NamedTuple):
    """The engines of a collection by name, without those that are not installed, and how long each took, in
    seconds of all cores together."""

    engines: dict[str, Engine]
    seconds: dict[str, float]


def made(corpus: Corpus) -> Made:
    """All engines over a collection."""
    engines: dict[str, Engine] = {}
    seconds: dict[str, float] = {}
    for name, make in _MAKE.items():
        began = time.process_time()
        with suppress(MissingError):
            engines[name] = make(corpus)
            seconds[name] = time.process_time() - began
    plain = engines.get(PLAIN)
    with suppress(MissingError):
        if isinstance(plain, Bm25s):
            engines[COMPILED] = plain.compiled()
    return Made(engines, seconds)


def _installed(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise MissingError from None
