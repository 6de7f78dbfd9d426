"""Rows of different length in one array: those of row r stand at `bounds[r]:bounds[r + 1]`."""

import numpy as np

from retrieval.postings import Integers


def spread(bounds: Integers, rows: Integers) -> Integers:
    """The places of all entries of some rows, row by row."""
    starts, counts = bounds[rows], bounds[rows + 1] - bounds[rows]
    places: Integers = np.repeat(starts - counts.cumsum() + counts, counts)
    places += np.arange(len(places))
    return places


def row_of(bounds: Integers, rows: Integers, names: Integers | None = None) -> Integers:
    """For each of these entries which of `rows` it is in: its place, or what `names` says for each of them."""
    counts = bounds[rows + 1] - bounds[rows]
    return np.repeat(np.arange(len(rows)) if names is None else names, counts)
