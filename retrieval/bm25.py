"""The score: rank-bm25's BM25Okapi with an idf that cannot go negative."""

import math

from rank_bm25 import BM25Okapi


class BM25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 carries no types
    """BM25Okapi (k1 1.5, b 0.75) with idf = ln(1 + (N - df + 0.5) / (df + 0.5)), as Lucene computes it.

    BM25Okapi's own idf goes to zero at half of the passages and below it behind that, and then puts a floor
    under it that lets the commonest terms outweigh common ones; five articles get there at once.
    """

    def _calc_idf(self, nd: dict[str, int]) -> None:
        for term, df in nd.items():
            self.idf[term] = math.log(1 + (self.corpus_size - df + 0.5) / (df + 0.5))
