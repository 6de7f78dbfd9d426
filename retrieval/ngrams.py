"""The letter n-grams of many stems at once, in whole arrays."""

from collections.abc import Sequence

import numpy as np

from retrieval.forward import Forward
from retrieval.grams import GramPart
from retrieval.postings import Integers
from retrieval.ragged import spread
from retrieval.terms import Terms

_SIZE = 3  # letters, as in `retrieval.analysis.grams`
_LETTER_BITS = 21  # a code point and one


def gram_part(stems: Sequence[str], stem_of: Integers, forward: Forward) -> GramPart:
    """The n-grams of passages: `stems` are the distinct stems, `stem_of` says for each form which one it has."""
    terms, stem_bounds, of_stems = cut(stems)
    numbers = of_stems[spread(stem_bounds, stem_of)].astype(np.uint32)
    bounds = np.concatenate([[0], np.cumsum(np.diff(stem_bounds)[stem_of])])
    return GramPart.of(terms, bounds, numbers, forward)


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
