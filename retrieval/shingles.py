"""The shingles of a text, four words each, and the sketch of them by which reprints are found among many articles.

A sketch is KEYS min-hashes: each is some bits of the one shingle that comes first in an order of its own, so two
texts agree in it with a probability that is their resemblance, the share of the shingles of both that both have.
"""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from retrieval.postings import Integers
from retrieval.ragged import spread

SIZE = 4
"""Words of a shingle; a shorter text is one shingle."""
KEYS = 8
"""Min-hashes of a sketch."""
WIDTH = 24
"""Bytes of a sketch, three a key."""

Hashes = npt.NDArray[np.uint64]
_KEY_BITS = 8 * WIDTH // KEYS
_TOGETHER = 1 << 16
"""Words that are looked at together, as many as stay in the processor's cache."""
_MOST_OF_KEY = 512
"""Articles that are looked at for one key: what more articles share is a phrase of the trade."""


def _mixed(values: Hashes) -> Hashes:
    """SplitMix64's last steps: every bit of a value has a say in every bit of what comes out."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_BASE = np.uint64(0x9E3779B97F4A7C15)
_ORDERS = _mixed(np.arange(1, KEYS + 1, dtype=np.uint64) * _BASE) | np.uint64(1)


def shingles(words: Integers, bounds: Integers) -> tuple[Hashes, Integers]:
    """The hashes of the shingles of several texts, in order, and the bounds of each text's.

    `words` are the hashes of the words, those of text t at `bounds[t]:bounds[t + 1]`.
    """
    counts = np.diff(bounds)
    behind = SIZE - 1  # zeros that end each text, so that no shingle reaches into the next one
    gaps = behind * np.arange(len(counts))
    padded = np.zeros(len(words) + behind * len(counts), np.uint64)
    padded[np.arange(len(words)) + np.repeat(gaps, counts)] = words
    found = np.where(counts > 0, np.maximum(counts - behind, 1), 0)
    ends = np.concatenate([[0], np.cumsum(found)])
    places = np.arange(ends[-1]) + np.repeat(bounds[:-1] + gaps - ends[:-1], found)
    hashes = padded[places]
    for further in range(1, SIZE):
        hashes = hashes * _BASE + padded[places + further]
    return _mixed(hashes), ends


def sketches(words: Integers, bounds: Integers) -> Integers:
    """A row of WIDTH bytes (uint8) for each of the texts, given as for `shingles`; zeros for one without words."""
    rows = np.zeros((len(bounds) - 1, KEYS), "<u8")
    cuts = np.unique(bounds.searchsorted(np.arange(0, int(bounds[-1]) + _TOGETHER, _TOGETHER)))
    for first, last in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        some = bounds[first : last + 1]
        hashes, ends = shingles(words[some[0] : some[-1]], some - some[0])
        filled = np.flatnonzero(np.diff(ends))
        for key, order in enumerate(_ORDERS):
            # The first by its high bits is told by its low ones, which its place says nothing of.
            rows[first + filled, key] = np.minimum.reduceat(hashes * order, ends[filled])
    return rows.view(np.uint8).reshape(-1, KEYS, 8)[:, :, : WIDTH // KEYS].reshape(-1, WIDTH)


class Sketches:
    """The sketches of many articles, row by row, found by their keys."""

    def __init__(self, rows: Integers) -> None:
        self.rows = rows

    def keys(self, articles: Integers) -> Hashes:
        """The keys of some articles, KEYS each; each says in its high bits which of the sketch it is."""
        parts = self.rows[articles].reshape(-1, KEYS, WIDTH // KEYS).astype(np.uint64)
        places = np.arange(WIDTH // KEYS, dtype=np.uint64) * np.uint64(8)
        names = np.arange(KEYS, dtype=np.uint64) << np.uint64(_KEY_BITS)
        found: Hashes = (parts << places).sum(axis=2, dtype=np.uint64) | names
        return found

    @cached_property
    def ascending(self) -> Hashes:
        """Each key with its article behind it in the low 32 bits, ascending; articles without words have none."""
        articles = np.flatnonzero(self.rows.any(axis=1))
        pairs = (self.keys(articles) << np.uint64(32)) | articles.astype(np.uint64)[:, None]
        return np.sort(pairs, axis=None)

    def sharing(self, keys: Hashes) -> tuple[Integers, Integers]:
        """The articles that have one of the keys, a pair for each key that is shared: row of `keys`, and article."""
        flat = keys.reshape(-1) << np.uint64(32)
        starts = self.ascending.searchsorted(flat)
        ends = self.ascending.searchsorted(flat + np.uint64(1 << 32))
        counts = np.minimum(ends - starts, _MOST_OF_KEY)
        shared = np.flatnonzero(counts)
        bounds = np.stack([starts[shared], starts[shared] + counts[shared]], axis=1).reshape(-1)
        pairs = self.ascending[spread(bounds, 2 * np.arange(len(shared)))]
        rows = np.repeat(shared // KEYS, counts[shared])
        return rows, (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
