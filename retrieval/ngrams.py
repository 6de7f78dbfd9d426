"""The letter n-grams of many stems at once, and how many passages hold each, in whole arrays."""

from collections.abc import Sequence

import numpy as np

from retrieval.grams import GramPart
from retrieval.postings import Integers
from retrieval.ragged import row_of, spread
from retrieval.terms import Terms

_SIZE = 3  # letters, as in `retrieval.analysis.grams`
_LETTER_BITS = 21  # a code point and one
_LETTER = (1 << _LETTER_BITS) - 1
_LARGEST_TF = 0xFFFF
_TOGETHER = 2_000
"""Passages whose n-grams are counted at once, to keep memory in bounds."""


def gram_part(
    stems: Sequence[str], stem_of: Integers, forms: Integers, passages: Integers, size: int
) -> GramPart:
    """What `GramPart.of` makes of the stem of each form, each token's form and passage, and the number of passages.

    `stems` are the distinct stems, `stem_of` says for each form which one it has.
    """
    terms, stem_bounds, of_stems = cut(stems)
    numbers = of_stems[spread(stem_bounds, stem_of)].astype(np.uint32)
    counts = np.diff(stem_bounds)[stem_of]
    gram_bounds = np.concatenate([[0], np.cumsum(counts)])
    keys = passages.astype(np.int64) * max(1, len(stem_of)) + forms
    keys.sort()
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    tfs = np.diff(starts, append=len(keys))
    passage, form = np.divmod(keys[starts], max(1, len(stem_of)))
    bounds = np.searchsorted(passage, np.arange(size + 1)).astype(np.int64)
    lengths = np.bincount(passage, tfs * counts[form], size)
    return GramPart(
        terms,
        bounds,
        form.astype(np.uint32),
        tfs.astype(np.uint16 if tfs.max(initial=0) <= _LARGEST_TF else np.uint32),
        gram_bounds.astype(np.int64),
        numbers,
        _held((bounds, form), (gram_bounds, numbers), len(terms)),
        lengths.astype(np.uint32),
    )


def cut(stems: Sequence[str]) -> tuple[Terms, Integers, Integers]:
    """The distinct n-grams, and those of stem s, in order, as numbers at `bounds[s]:bounds[s + 1]`.

    They are those of `retrieval.analysis.grams`. A phrase has no letters of its own.
    """
    marked = ["" if " " in stem else f"_{stem}" for stem in stems]
    letters = np.frombuffer("".join(marked).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    sizes = np.array([len(one) for one in marked], np.int64)
    counts = np.where(sizes > 0, np.maximum(sizes - _SIZE + 1, 1), 0)
    bounds = np.concatenate([[0], np.cumsum(counts)])
    stem = np.repeat(np.arange(len(stems)), counts)
    ends = np.cumsum(sizes)
    starts = (ends - sizes)[stem] + np.arange(len(stem)) - bounds[stem]
    codes = np.zeros(len(stem), np.uint64)
    for place in range(_SIZE):
        there = starts + place < ends[stem]  # a short stem has fewer letters: 0 stands for none
        codes <<= np.uint64(_LETTER_BITS)
        codes[there] |= letters[starts[there] + place] + 1
    distinct, numbers = np.unique(codes, return_inverse=True)
    return Terms.of(map(_spelled, distinct.tolist())), bounds, numbers.reshape(-1)


def _spelled(code: int) -> str:
    letters = (code >> shift & _LETTER for shift in range((_SIZE - 1) * _LETTER_BITS, -1, -_LETTER_BITS))
    return "".join(chr(letter - 1) for letter in letters if letter)


def _held(forms: tuple[Integers, Integers], grams: tuple[Integers, Integers], size: int) -> Integers:
    """For each n-gram how many passages hold it: from the forms of the passages and the n-grams of the forms."""
    bounds, of_passages = forms
    held = np.zeros(size, np.int64)
    for first in range(0, len(bounds) - 1, _TOGETHER):
        rows = np.arange(first, min(first + _TOGETHER, len(bounds) - 1))
        places = spread(bounds, rows)
        passage, form = row_of(bounds, rows), of_passages[places]
        keys = row_of(grams[0], form)
        keys = passage[keys] * size + grams[1][spread(grams[0], form)]
        keys.sort()
        held += np.bincount(keys[np.flatnonzero(np.diff(keys, prepend=-1))] % max(1, size), minlength=size)
    return held.astype(np.uint32)
