"""Several tables of strings made one."""

from collections.abc import Sequence
from itertools import accumulate, compress, islice
from operator import ne

import numpy as np

from retrieval.lexicon import NOWHERE
from retrieval.postings import Integers
from retrieval.terms import Terms


def union(tables: Sequence[Terms], used: Sequence[Integers]) -> tuple[Terms, Sequence[Integers]]:
    """The table of the strings that are used of some tables, and for each table their new numbers.

    `used` are the numbers of the used strings of each table, which may repeat and NOWHERE be among them. The
    new numbers (int64) are NOWHERE for a string that is not used.
    """
    kept = [_distinct(numbers, len(table)) for table, numbers in zip(tables, used, strict=True)]
    strings: list[bytes] = []
    for table, numbers in zip(tables, kept, strict=True):
        strings += _strings(table, numbers)
    # Those of each table are in order already, so that this is a merge.
    order = sorted(range(len(strings)), key=strings.__getitem__)
    ordered = [strings[place] for place in order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = np.fromiter(map(ne, ordered, islice(ordered, 1, None)), np.bool_)
    new = np.empty(len(order), np.int64)
    new[order] = np.cumsum(is_first) - 1
    hashes = np.empty(np.count_nonzero(is_first), np.uint32)
    hashes[new] = np.concatenate(
        [_hashes(table)[numbers] for table, numbers in zip(tables, kept, strict=True)]
    )
    by_hash = np.argsort(hashes, kind="stable").astype(np.uint32)
    distinct = list(compress(ordered, is_first.tolist()))
    ends = np.fromiter(accumulate(map(len, distinct)), np.int64, len(distinct))
    terms = Terms(np.frombuffer(b"".join(distinct), np.uint8), ends, hashes[by_hash], by_hash)
    maps = []
    for table, numbers in zip(tables, kept, strict=True):
        maps.append(np.full(len(table), NOWHERE, np.int64))
        maps[-1][numbers], new = new[: len(numbers)], new[len(numbers) :]
    return terms, maps


def _distinct(numbers: Integers, size: int) -> Integers:
    is_used = np.zeros(size, np.bool_)
    is_used[numbers[numbers != NOWHERE]] = True
    return np.flatnonzero(is_used)


def _strings(table: Terms, numbers: Integers) -> list[bytes]:
    arrays = table.arrays()
    letters, ends = arrays["letters"].tobytes(), arrays["ends"]
    starts = np.concatenate([[0], ends[:-1]])
    places = zip(starts[numbers].tolist(), ends[numbers].tolist(), strict=True)
    return [letters[start:end] for start, end in places]


def _hashes(table: Terms) -> Integers:
    """The hash of each string, by number."""
    arrays = table.arrays()
    hashes = np.empty(len(table), np.uint32)
    hashes[arrays["numbers"]] = arrays["hashes"]
    return hashes
