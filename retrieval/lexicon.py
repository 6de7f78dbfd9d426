"""The words of a segment in numbers: which stem and root a word has, and what leads to a stem."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.postings import Integers
from retrieval.script import fold, folds
from retrieval.terms import Terms

NOWHERE = 0xFFFFFFFF
"""Stands for a number that there is not."""


@dataclass(frozen=True, eq=False)
class Ragged:
    """Lists of numbers by a string: those of the string numbered n stand at `bounds[n]:bounds[n + 1]`."""

    terms: Terms
    bounds: Integers
    numbers: Integers

    @classmethod
    def of(cls, terms: Terms, rows: Integers, numbers: Integers) -> "Ragged":
        """From pairs of a string's number and a number, by ascending string."""
        bounds = np.searchsorted(rows, np.arange(len(terms) + 1)).astype(np.int64)
        return cls(terms, bounds, numbers.astype(np.uint32))

    @property
    def rows(self) -> Integers:
        """For each number the string whose list it is in."""
        return np.repeat(np.arange(len(self.terms)), np.diff(self.bounds))

    def of_string(self, string: str) -> list[int]:
        """The numbers of a string; none where it is unknown."""
        at = self.terms.number(string)
        return [] if at is None else self.numbers[int(self.bounds[at]) : int(self.bounds[at + 1])].tolist()


@dataclass(frozen=True, eq=False)
class Words:
    """The words of a segment. A form is a word with the stem and the root that it has in a text.

    A row of `forms` (uint32, rows ascending) is the numbers of word, stem and root. For each stem `root_of` is
    its first root and `shown` its shortest word. `keys` are the folded keys of stems and words with the stems
    that they lead to, `latin` the consonants of stems in Latin letters; `key_of_word` and `key_of_stem` (uint32,
    NOWHERE for none) say which key is whose.
    """

    stems: Terms
    roots: Terms
    words: Terms
    forms: Integers
    root_of: Integers
    shown: Integers
    key_of_word: Integers
    key_of_stem: Integers
    keys: Ragged
    latin: Ragged

    @property
    def latin_of_stem(self) -> Integers:
        """For each stem which of the strings of `latin` is its own, NOWHERE for none."""
        found = np.full(len(self.stems), NOWHERE, np.uint32)
        found[self.latin.numbers] = self.latin.rows
        return found

    @classmethod
    def of(cls, forms: Iterable[tuple[str, str, str]]) -> "Words":
        """From the forms in any order: word, stem and root of each."""
        return cls.placed(list(dict.fromkeys(forms)))[0]

    @classmethod
    def placed(cls, forms: Sequence[tuple[str, str, str]]) -> tuple["Words", Integers]:
        """The same from distinct forms, and for each of them its row."""
        columns = [[form[place] for form in forms] for place in range(3)]
        tables, numbers = zip(*map(_table, columns), strict=True)
        words, stems, roots = map(Terms.of, tables)
        rows = np.stack(numbers, axis=1)
        ascending = np.lexsort(rows.T[::-1])
        row_of = np.empty(len(rows), np.uint32)
        row_of[ascending] = np.arange(len(rows))
        keys, (key_of_word, key_of_stem) = _named([folds(table) for table in tables[:2]])
        heard = [consonants(stem) if stem.isascii() and stem.isalpha() else "" for stem in tables[1]]
        latin, (latin_of_stem,) = _named([heard])
        found = cls.linked(
            (words, stems, roots),
            rows[ascending],
            (keys, key_of_word, key_of_stem),
            (latin, latin_of_stem),
        )
        return found, row_of

    @classmethod
    def linked(
        cls,
        tables: tuple[Terms, Terms, Terms],
        forms: Integers,
        keys: tuple[Terms, Integers, Integers],
        latin: tuple[Terms, Integers],
    ) -> "Words":
        """The same from numbers: the tables of words, stems and roots, and the forms in order.

        `keys` are a table and the keys of words and of stems, `latin` a table and the consonants of stems.
        """
        words, stems, roots = tables
        table_of_keys, key_of_word, key_of_stem = keys
        word, stem, root = forms.T.astype(np.int64)
        root_of = np.full(len(stems), len(roots))
        np.minimum.at(root_of, stem, root)
        by_length = np.argsort(_letters(words), kind="stable")  # words of one length stay in order
        rank = np.empty(len(words), np.int64)
        rank[by_length] = np.arange(len(words))
        shortest = np.full(len(stems), len(words))
        np.minimum.at(shortest, stem, rank[word])
        every = np.arange(len(stems))
        leading, led = np.concatenate([key_of_stem, key_of_word[word]]), np.concatenate([every, stem])
        return cls(
            stems,
            roots,
            words,
            forms,
            root_of.astype(np.uint32),
            by_length[shortest].astype(np.uint32),
            key_of_word,
            key_of_stem,
            Ragged.of(table_of_keys, *_pairs(leading, led, len(stems))),
            Ragged.of(latin[0], *_pairs(latin[1], every, len(stems))),
        )


def consonants(stem: str) -> str:
    """The consonants of a word's key: what is left of a foreign name when its vowels are written by ear."""
    return "".join(letter for letter in fold(stem) if letter not in "aeiou")


def _pairs(rows: Integers, numbers: Integers, size: int) -> tuple[Integers, Integers]:
    """The distinct pairs of a row and a number below `size`, ascending; those of row NOWHERE are left out."""
    there = rows != NOWHERE
    codes = rows[there].astype(np.int64) * size + numbers[there]
    codes.sort()
    return np.divmod(codes[np.diff(codes, prepend=-1) > 0], max(1, size))


def _table(column: Sequence[str]) -> tuple[list[str], Integers]:
    """The distinct strings of a column in order, and for each of the column its place there."""
    table = sorted(dict.fromkeys(column))
    place = dict(zip(table, range(len(table)), strict=True))
    return table, np.fromiter(map(place.__getitem__, column), np.uint32, len(column))


def _named(columns: Sequence[Sequence[str]]) -> tuple[Terms, Sequence[Integers]]:
    """The table of the strings in some columns, and their numbers there; NOWHERE for empty ones."""
    table = sorted(set().union(*columns) - {""})
    number = dict(zip(table, range(len(table)), strict=True)) | {"": NOWHERE}
    return Terms.of(table), [
        np.fromiter(map(number.__getitem__, column), np.uint32, len(column)) for column in columns
    ]


def _letters(terms: Terms) -> Integers:
    """For each term how many letters it has."""
    arrays = terms.arrays()
    begins = (arrays["letters"].astype(np.uint8) & 0xC0) != 0x80  # noqa: PLR2004 - how UTF-8 goes on
    counted = np.concatenate([[0], np.cumsum(begins)])
    return np.diff(counted[arrays["ends"].astype(np.int64)], prepend=0)
