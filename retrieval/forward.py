"""The forms of each passage: what is scored for a few passages alone needs no inverted lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrieval.postings import Integers
from retrieval.ragged import row_of, spread
from retrieval.terms import Array

_TOGETHER = 2_000
"""Passages that are counted at once, to keep memory in bounds."""


@dataclass(frozen=True, eq=False)
class Forward:
    """The forms of passage p stand at `bounds[p]:bounds[p + 1]` of `forms`, ascending; their tfs likewise.

    `tfs` are as narrow (uint8, uint16, uint32) as their highest allows.
    """

    bounds: Integers
    forms: Integers
    tfs: Integers

    @classmethod
    def of(cls, forms: Integers, passages: Integers, size: int) -> "Forward":
        """From each token's form and passage, the passages ascending, and the number of passages."""
        none = np.zeros(0, np.uint32), np.zeros(0, np.uint8), np.zeros(0, np.int64)
        blocks: list[tuple[Integers, ...]] = [none]
        firsts = np.arange(0, size + _TOGETHER, _TOGETHER)
        edges = passages.searchsorted(firsts.astype(passages.dtype)).tolist()
        for first, (start, end) in zip(firsts.tolist(), pairwise(edges), strict=False):
            passage, form, tf = _counted(passages[start:end] - first, forms[start:end])
            entries = np.bincount(passage, minlength=min(_TOGETHER, size - first))
            blocks.append((form.astype(np.uint32), narrow(tf), entries))
        form, tf, entries = (np.concatenate(column) for column in zip(*blocks, strict=True))
        return cls(np.concatenate([[0], np.cumsum(entries)]), form, tf)

    def arrays(self) -> Mapping[str, Array]:
        """The arrays by name, for keeping."""
        return {"bounds": self.bounds, "forms": self.forms, "tfs": self.tfs}

    def rows(self, passages: Integers) -> "Rows":
        """The forms of some passages."""
        where = spread(self.bounds, passages)
        return Rows(passages, row_of(self.bounds, passages), self.forms[where], self.tfs[where])

    def holders(self, passages: Integers, of_forms: tuple[Integers, Integers], size: int) -> Integers:
        """For each of `size` terms how many of the passages hold it.

        `of_forms` are the terms of each form as bounds and numbers; a term may come again in a form.
        """
        bounds, numbers = of_forms
        held = np.zeros(size, np.int64)
        for first in range(0, len(passages), _TOGETHER):
            rows = self.rows(passages[first : first + _TOGETHER])
            of_terms = row_of(bounds, rows.forms, rows.at), numbers[spread(bounds, rows.forms)]
            _, terms, _ = _counted(*of_terms)
            held += np.bincount(terms, minlength=size)
        return held


@dataclass(frozen=True, eq=False)
class Rows:
    """The forms of some passages, one passage after the other: `at` says for each which of `passages` it is in."""

    passages: Integers
    at: Integers
    forms: Integers
    tfs: Integers


class Remaining:
    """How many passages hold each term once some are removed.

    `dfs` counts all passages, `holders` some. The last answer is remembered: who removes one passage more pays
    for that one only.
    """

    def __init__(self, dfs: Integers, holders: Callable[[Integers], Integers]) -> None:
        self._dfs, self._holders = dfs, holders
        self._last: tuple[Integers, Integers] = np.zeros(0, np.int64), dfs

    def without(self, gone: Integers) -> Integers:
        """The dfs without the passages `gone` (ascending)."""
        known, dfs = self._last
        new = np.setdiff1d(gone, known, assume_unique=True)
        if len(known) + len(new) > len(gone):  # an earlier state: some of those known are not gone in it
            dfs, new = self._dfs, gone
        if len(new):
            dfs = dfs - self._holders(new)
        self._last = gone, dfs
        return dfs


def narrow(counts: Integers) -> Integers:
    """The counts in as few bytes each as the highest of them allows."""
    found: Integers = counts.astype(np.min_scalar_type(int(counts.max(initial=0))))
    return found


def _counted(passages: Integers, terms: Integers) -> tuple[Integers, Integers, Integers]:
    """The distinct pairs of passage and term, ascending, and how often each comes."""
    bits = int(terms.max(initial=0)).bit_length()
    keys = passages.astype(np.int64) << bits | terms
    keys.sort()
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    tfs = np.diff(starts, append=len(keys))
    keys = keys[starts]
    return keys >> bits, keys & ((1 << bits) - 1), tfs
