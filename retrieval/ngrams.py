"""The letter n-grams of many stems at once, and how many passages hold each, in whole arrays."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from retrieval.grams import GramPart
from retrieval.postings import Integers
from retrieval.ragged import row_of, spread
from retrieval.terms import Terms

_SIZE = 3  # letters, as in `retrieval.analysis.grams`
_LETTER_BITS = 21  # a code point and one
_LARGEST_TF = 0xFFFF
_TOGETHER = 2_000
"""Passages whose n-grams are counted at once, to keep memory in bounds."""


def gram_part(
    stems: Sequence[str], stem_of: Integers, forms: Integers, passages: Integers, size: int
) -> GramPart:
    """What `GramPart.of` makes of the stem of each form, each token's form and passage, and the number of passages.

    `stems` are the distinct stems, `stem_of` says for each form which one it has. The passages ascend.
    """
    terms, stem_bounds, of_stems = cut(stems)
    numbers = of_stems[spread(stem_bounds, stem_of)].astype(np.uint32)
    counts = np.diff(stem_bounds)[stem_of]
    gram_bounds = np.concatenate([[0], np.cumsum(counts)])
    held = np.zeros(len(terms), np.int64)
    none = np.zeros(0, np.uint32), np.zeros(0, np.uint16), np.zeros(0, np.int64), np.zeros(0, np.uint32)
    blocks: list[tuple[Integers, ...]] = [none]
    firsts = np.arange(0, size + _TOGETHER, _TOGETHER)
    edges = passages.searchsorted(firsts.astype(passages.dtype)).tolist()
    for first, (start, end) in zip(firsts.tolist(), pairwise(edges), strict=False):
        some = min(_TOGETHER, size - first)
        passage, form, tf = _counted(passages[start:end] - first, forms[start:end])
        held += _held(row_of(gram_bounds, form, passage), numbers[spread(gram_bounds, form)], len(terms))
        lengths = np.bincount(passage, tf * counts[form], some).astype(np.uint32)
        tfs: Integers = tf.astype(np.uint16 if tf.max(initial=0) <= _LARGEST_TF else np.uint32)
        blocks.append((form.astype(np.uint32), tfs, np.bincount(passage, minlength=some), lengths))
    form, tf, entries, lengths = (np.concatenate(column) for column in zip(*blocks, strict=True))
    bounds = np.concatenate([[0], np.cumsum(entries)])
    return GramPart(terms, bounds, form, tf, gram_bounds, numbers, held.astype(np.uint32), lengths)


def cut(stems: Sequence[str]) -> tuple[Terms, Integers, Integers]:
    """The distinct n-grams, and those of stem s, in order, as numbers at `bounds[s]:bounds[s + 1]`.

    They are those of `retrieval.analysis.grams`. A phrase has no letters of its own.
    """
    marked = ["" if " " in stem else f"_{stem}" for stem in stems]
    text = "".join(marked)
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    sizes = np.array([len(one) for one in marked], np.int64)
    counts = np.where(sizes > 0, np.maximum(sizes - _SIZE + 1, 1), 0)
    bounds = np.concatenate([[0], np.cumsum(counts)])
    stem = np.repeat(np.arange(len(stems)), counts)
    ends = np.cumsum(sizes)
    starts = (ends - sizes)[stem] + np.arange(len(stem)) - bounds[stem]
    ends = np.minimum(starts + _SIZE, ends[stem])
    codes = np.zeros(len(stem), np.uint64)
    for place in range(_SIZE):
        there = starts + place < ends  # a short stem has fewer letters: 0 stands for none
        codes <<= np.uint64(_LETTER_BITS)
        codes[there] |= letters[starts[there] + place] + 1
    distinct, numbers = np.unique(codes, return_inverse=True)
    numbers = numbers.reshape(-1)
    where = np.empty((2, len(distinct)), np.int64)
    where[:, numbers] = starts, ends  # one of the places of each
    named = [text[start:end] for start, end in zip(*where.tolist(), strict=True)]
    return Terms.of(named), bounds, numbers


def _counted(passages: Integers, forms: Integers) -> tuple[Integers, Integers, Integers]:
    """The distinct pairs of passage and form, ascending, and how often each comes."""
    bits = int(forms.max(initial=0)).bit_length()
    keys = passages.astype(np.int64) << bits | forms
    keys.sort()
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    tfs = np.diff(starts, append=len(keys))
    keys = keys[starts]
    return keys >> bits, keys & ((1 << bits) - 1), tfs


def _held(passages: Integers, grams: Integers, size: int) -> Integers:
    """For each n-gram how many passages hold it; a passage may hold one several times."""
    _, found, _ = _counted(passages, grams)
    return np.bincount(found, minlength=size)
