"""Where a row of words stands in other rows of words: one after another, or nearly so.

A row is a string with a letter for each of its words, equal letters for equal words.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

MATCH = 10
"""What a word that agrees adds to the score of an alignment."""
LONGEST = 2100
"""Words of a row that is aligned, as many as a message can have."""

# What leaving out words of the other row costs: to begin, each, and at most.
_OPEN, _FURTHER, _MOST = 5, 1, 50
_ALIGNED = 3  # rows that are aligned
_SHORT = 400  # words that are aligned at little cost: a short row is aligned with more of them
_CELLS = 1_500_000  # pairs of words that an alignment looks at
_EQUAL_PAIRS = 10_000


class Aligned(NamedTuple):
    """From which word to which of the row of that name a row stands, nearly so, and the score of it."""

    score: int
    start: int
    end: int
    name: str


def places(row: str, parts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From which word to which the parts stand one after another, each place as short as it can be."""
    start = 0
    while True:
        end = start
        for part in parts:
            at = row.find(part, end)
            if at < 0:
                return
            end = at + len(part)
        first = end
        for part in reversed(parts):
            first = row.rfind(part, 0, first)
        yield first, end
        start = first + 1


def closest(sought: str, rows: Mapping[str, str], breaks: Sequence[int], agreeing: float) -> Aligned | None:
    """The best alignment of the row with one of the others; None where fewer than `agreeing` of its words agree.

    Nothing is lost by leaving out words of the other row where the row sought `breaks`: before these words.
    `agreeing` is a share, 0 to 1. A row that is longer than LONGEST has no alignment.
    """
    if len(sought) > LONGEST:
        return None
    wanted, neighbours = Counter(sought), set(pairwise(sought))
    enough = agreeing * len(sought)
    able = [name for name, row in rows.items() if (wanted & Counter(row)).total() >= enough]
    able.sort(key=lambda name: -len(neighbours & set(pairwise(rows[name]))))
    tried = able[: max(_ALIGNED, _SHORT // len(sought))]
    aligned = (Aligned(*_aligned(sought, rows[name], breaks), name) for name in tried)
    best = max(aligned, key=lambda one: one.score, default=None)
    return best if best is not None and best.score >= enough * MATCH else None


def _aligned(sought: str, row: str, breaks: Sequence[int]) -> tuple[int, int, int]:
    text, there = (np.array([*map(ord, one)], np.int32) for one in (sought, row))
    width = max(_CELLS // len(text), len(text) + len(text) // 4)
    first = 0
    if len(there) > width:  # the stretch with the most of the text's words, rare ones above all
        sums = np.cumsum(np.append(0, (there > 0) / np.bincount(there)[there]))
        first = int((sums[width:] - sums[:-width]).argmax())
    there = there[first : first + width]
    score, end = _reach(text, there, breaks)
    back = _reach(text[::-1], there[:end][::-1], [len(text) - at for at in breaks])[1]
    return score, first + end - back, first + end


def _reach(
    text: npt.NDArray[np.int32], there: npt.NDArray[np.int32], breaks: Sequence[int]
) -> tuple[int, int]:
    """The score of the best alignment of the whole text, and the first end that it has.

    A word for another and a word too many are free. difflib alone would build upon the longest run wherever
    it first stands, which is often a phrase of another sentence.
    """
    steps = np.arange(len(there) + 1, dtype=np.int32) * _FURTHER
    scores = np.zeros(len(there) + 1, np.int32)
    for row, word in enumerate(text, 1):
        scores[1:] = np.maximum(scores[1:], scores[:-1] + MATCH * (there == word))
        best = np.maximum.accumulate(scores)
        near = np.maximum.accumulate(scores + steps) - steps - _OPEN
        scores = best if row in breaks else np.maximum(scores, np.maximum(near, best - _MOST))
    return int(scores.max()), int(scores.argmax())


def operations(there: Sequence[str], here: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """How one row of words becomes the other, as difflib says it: tag, and from where to where in each.

    Where words repeat so often that difflib takes seconds, as rapidfuzz finds it.
    """
    counts = Counter(there)
    if sum(counts[key] for key in here) > _EQUAL_PAIRS:
        found = Indel.opcodes(there, here)
        return [(one.tag, one.src_start, one.src_end, one.dest_start, one.dest_end) for one in found]
    return [*SequenceMatcher(None, there, here, autojunk=False).get_opcodes()]
