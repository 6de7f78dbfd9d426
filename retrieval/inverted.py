"""The postings of stems and of roots, out of the forms of the passages."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from retrieval.forward import Forward
from retrieval.lexicon import Words
from retrieval.postings import Integers, Postings
from retrieval.terms import Array


def inverted(words: Words, forward: Forward, lengths: Integers) -> tuple[Postings, Postings]:
    """The postings by stem and by root; `lengths` are those of the passages, in forms.

    Nine roots of ten have one stem, and that stem no other root: both stand in the same passages equally often,
    so they share a list. A root of several stems has one of its own, behind those of the stems.
    """
    stem, root = words.forms[:, 1].astype(np.int64), words.forms[:, 2].astype(np.int64)
    pairs = np.unique(stem * len(words.roots) + root)
    stems, roots = np.divmod(pairs, max(1, len(words.roots)))
    is_only = np.bincount(stems, minlength=len(words.stems)) == 1
    is_alone = np.bincount(roots, minlength=len(words.roots)) == 1
    shares = is_only[stems] & is_alone[roots]
    list_of = np.full(len(words.roots), -1, np.int64)
    list_of[roots[shares]] = stems[shares]
    own = np.flatnonzero(list_of < 0)
    list_of[own] = len(words.stems) + np.arange(len(own))

    passages = np.repeat(np.arange(len(lengths)), np.diff(forward.bounds))
    again = np.flatnonzero(list_of[root[forward.forms]] >= len(words.stems))
    by_stem = Postings.listed(
        words.stems,
        len(words.stems) + len(own),
        np.concatenate([stem[forward.forms], list_of[root[forward.forms[again]]]]),
        np.concatenate([passages, passages[again]]),
        np.concatenate([forward.tfs, forward.tfs[again]]),
        lengths,
    )
    return by_stem, _by_root(words, by_stem, list_of.astype(np.uint32))


def kept(by_stem: Postings, by_root: Postings) -> Mapping[str, Array]:
    """Both as arrays; `restored` undoes it."""
    if by_root.lists is None:
        raise ValueError("the roots have lists of their own")
    return {**by_stem.arrays(), "lists_of_roots": by_root.lists}


def restored(words: Words, lists_of_roots: Integers, **arrays: Integers) -> tuple[Postings, Postings]:
    """Both from arrays. Raises TypeError where one is missing or unknown."""
    by_stem = Postings(words.stems, **arrays)
    return by_stem, _by_root(words, by_stem, lists_of_roots)


def _by_root(words: Words, by_stem: Postings, lists: Integers) -> Postings:
    return replace(by_stem, terms=words.roots, lists=lists)
