"""One segment out of several, without the articles that were removed: numbers are put in place of numbers.

Tables of strings are joined first; from then on a string is its new number, and no text is read again. The
result is what `Segment.build` makes of the same articles, array for array.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.forward import Forward, narrow
from retrieval.grams import GramPart
from retrieval.index import Part
from retrieval.inverted import inverted
from retrieval.lexicon import NOWHERE, Words
from retrieval.names import Names
from retrieval.phrases import Phrases
from retrieval.postings import Booleans, Integers, Postings
from retrieval.ragged import spread
from retrieval.segment import Segment
from retrieval.terms import Terms
from retrieval.union import union
from retrieval.written import WrittenPart


def merged(parts: Sequence[Part]) -> Segment:
    """The segment of the articles that the parts still hold.

    Raises ValueError where two parts hold an article of the same id.
    """
    if not parts:
        return Segment.build((), Phrases.of(()))
    segments = [part.segment for part in parts]
    order = _Order.of(parts)
    used = [_used_forms(part) for part in parts]
    words, of_word, forms = _words([segment.words for segment in segments], used)
    forward = _forward(parts, order, forms)
    lengths = np.concatenate([segment.stem.lengths for segment in segments])[order.passages]
    return Segment(
        order.names,
        np.concatenate([segment.dates for segment in segments])[order.articles],
        np.concatenate([segment.digests for segment in segments])[order.articles],
        np.concatenate([segment.sketches for segment in segments])[order.articles],
        order.article_of,
        np.concatenate([segment.spans for segment in segments])[order.passages],
        words,
        *inverted(words, forward, lengths),
        forward,
        _written(parts, words, of_word, forward),
        _grams(parts, order, used, forms, forward),
        _titles([segment.title for segment in segments], order),
    )


@dataclass(frozen=True)
class _Order:
    """Where the articles and passages come from: by new number the old one, counted on from part to part.

    `ranks` are the new numbers of each part's articles, NOWHERE for one that was removed.
    """

    names: Names
    articles: Integers
    passages: Integers
    article_of: Integers
    ranks: Sequence[Integers]

    @classmethod
    def of(cls, parts: Sequence[Part]) -> "_Order":
        """Newest article first, then by id; the passages of an article stay together and in order."""
        stays = np.ones(sum(len(part.segment.dates) for part in parts), np.bool_)
        starts = _starts([part.segment.dates for part in parts])
        for part, start in zip(parts, starts, strict=True):
            stays[part.gone_articles + start] = False
        ids = [id_ for part in parts for id_ in part.segment.ids]
        days = np.concatenate([part.segment.dates for part in parts]).tolist()
        left = np.flatnonzero(stays).tolist()
        left.sort(key=lambda one: (-days[one], ids[one]))
        if len({ids[one] for one in left}) < len(left):
            raise ValueError("an article stands in two parts")
        rank = np.full(len(ids), NOWHERE, np.int64)
        rank[left] = np.arange(len(left))
        ranks = np.split(rank, starts[1:])
        article_of = np.concatenate(
            [new[part.segment.article_of] for new, part in zip(ranks, parts, strict=True)]
        )
        passages = np.argsort(article_of, kind="stable")[: np.count_nonzero(article_of != NOWHERE)]
        return cls(
            Names.of([ids[one] for one in left]),
            np.array(left, np.int64),
            passages,
            article_of[passages].astype(np.uint32),
            ranks,
        )


def _used_forms(part: Part) -> Booleans:
    """For each form of a part whether a passage that stays has it."""
    forward = part.segment.forward
    used = np.zeros(len(part.segment.words.forms), np.bool_)
    used[forward.forms[spread(forward.bounds, np.flatnonzero(part.stays))]] = True
    return used


def _words(
    parts: Sequence[Words], used: Sequence[Booleans]
) -> tuple[Words, Sequence[Integers], Sequence[Integers]]:
    """The words of the used forms, and for each part the new numbers of its words and of its forms."""
    forms = [part.forms[some].T for part, some in zip(parts, used, strict=True)]
    words, of_word = union([part.words for part in parts], [word for word, _, _ in forms])
    stems, of_stem = union([part.stems for part in parts], [stem for _, stem, _ in forms])
    roots, of_root = union([part.roots for part in parts], [root for _, _, root in forms])
    renumbered = [
        np.stack([new[old] for new, old in zip(maps, part, strict=True)])
        for maps, part in zip(zip(of_word, of_stem, of_root, strict=True), forms, strict=True)
    ]
    rows, numbers = _distinct(renumbered)
    new_forms = []
    for some, new in zip(used, numbers, strict=True):
        new_forms.append(np.full(len(some), NOWHERE, np.int64))
        new_forms[-1][some] = new
    keys, (key_of_word, key_of_stem) = _spelled(
        [part.keys.terms for part in parts],
        (len(words), of_word, [part.key_of_word for part in parts]),
        (len(stems), of_stem, [part.key_of_stem for part in parts]),
    )
    latin, (latin_of_stem,) = _spelled(
        [part.latin.terms for part in parts],
        (len(stems), of_stem, [part.latin_of_stem for part in parts]),
    )
    found = Words.linked(
        (words, stems, roots),
        rows,
        (keys, key_of_word, key_of_stem),
        (latin, latin_of_stem),
    )
    return found, of_word, new_forms


def _distinct(forms: Sequence[Integers]) -> tuple[Integers, Sequence[Integers]]:
    """The forms of all parts, ascending and each once, and for each part the numbers of its own."""
    columns = np.concatenate(forms, axis=1)
    order = np.lexsort(columns[::-1])
    columns = columns[:, order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = (columns[:, 1:] != columns[:, :-1]).any(axis=0)
    number = np.empty(len(order), np.int64)
    number[order] = np.cumsum(is_first) - 1
    rows = np.ascontiguousarray(columns[:, is_first].T, np.uint32)
    return rows, np.split(number, _starts([part[0] for part in forms])[1:])


def _spelled(
    tables: Sequence[Terms], *columns: tuple[int, Sequence[Integers], Sequence[Integers]]
) -> tuple[Terms, Sequence[Integers]]:
    """The table of the spellings, and the number of the spelling of each string of some columns.

    A column is the number of its strings, for each part their new numbers, and for each part their spellings.
    """
    used = [
        np.concatenate([old[new != NOWHERE] for new, old in of_part])
        for of_part in zip(*(zip(new, old, strict=True) for _, new, old in columns), strict=True)
    ]
    terms, maps = union(tables, used)
    found = []
    for size, new_numbers, spellings in columns:
        found.append(np.full(size, NOWHERE, np.uint32))
        for spelling, new, old in zip(maps, new_numbers, spellings, strict=True):
            there = (new != NOWHERE) & (old != NOWHERE)
            found[-1][new[there]] = spelling[old[there]]
    return terms, found


def _forward(parts: Sequence[Part], order: _Order, forms: Sequence[Integers]) -> Forward:
    """The forms of the passages in their new order and numbers."""
    old = [part.segment.forward for part in parts]
    bounds, where = _gathered([forward.bounds for forward in old], order.passages)
    numbers = np.concatenate([new[forward.forms] for new, forward in zip(forms, old, strict=True)])[where]
    tfs = np.concatenate([forward.tfs for forward in old])[where]
    # New numbers ascend as the old ones did: both are the places of the same rows in the same order.
    return Forward(bounds, numbers.astype(np.uint32), narrow(tfs))


def _written(
    parts: Sequence[Part], words: Words, of_word: Sequence[Integers], forward: Forward
) -> WrittenPart:
    """The words as written; their dfs are the sums of what is left in each part."""
    dfs = _left(
        len(words.words),
        of_word,
        [part.segment.word.remaining.without(part.gone) for part in parts],
    )
    return WrittenPart(words.words, words.forms[:, 0], dfs, forward)


def _grams(
    parts: Sequence[Part],
    order: _Order,
    used: Sequence[Booleans],
    forms: Sequence[Integers],
    forward: Forward,
) -> GramPart:
    """The n-grams of the forms, which any part can tell."""
    old = [part.segment.gram for part in parts]
    numbers = [
        gram.numbers[spread(gram.bounds, np.flatnonzero(some))] for gram, some in zip(old, used, strict=True)
    ]
    terms, maps = union([gram.terms for gram in old], numbers)
    dfs = _left(
        len(terms), maps, [gram.remaining.without(part.gone) for part, gram in zip(parts, old, strict=True)]
    )
    of_form = np.concatenate(forms)
    source = np.empty(int(of_form.max(initial=-1, where=of_form != NOWHERE)) + 1, np.int64)
    source[of_form[of_form != NOWHERE]] = np.flatnonzero(of_form != NOWHERE)
    bounds, where = _gathered([gram.bounds for gram in old], source)
    renumbered = np.concatenate([new[gram.numbers] for new, gram in zip(maps, old, strict=True)])
    lengths = np.concatenate([gram.lengths for gram in old])[order.passages]
    return GramPart(terms, bounds, renumbered[where].astype(np.uint32), dfs, lengths, forward)


def _left(size: int, maps: Sequence[Integers], dfs: Sequence[Integers]) -> Integers:
    """The dfs of `size` terms: those of all parts together, by their new numbers."""
    found = np.zeros(size, np.int64)
    for new, old in zip(maps, dfs, strict=True):
        there = new != NOWHERE
        found[new[there]] += old[there]
    return found.astype(np.uint32)


def _titles(parts: Sequence[Postings], order: _Order) -> Postings:
    """The postings of the titles that stay; their passages are articles."""
    stays = [new[part.passages] != NOWHERE for part, new in zip(parts, order.ranks, strict=True)]
    numbers = [
        np.repeat(np.arange(len(part.terms)), np.diff(part.bounds))[some]
        for part, some in zip(parts, stays, strict=True)
    ]
    terms, maps = union([part.terms for part in parts], numbers)
    return Postings.counted(
        terms,
        np.concatenate([new[old] for new, old in zip(maps, numbers, strict=True)]),
        np.concatenate(
            [new[part.passages[some]] for new, part, some in zip(order.ranks, parts, stays, strict=True)]
        ),
        np.concatenate([part.pairs[part.pair_of[some], 0] for part, some in zip(parts, stays, strict=True)]),
        np.concatenate([part.lengths for part in parts])[order.articles],
    )


def _starts(arrays: Sequence[Integers]) -> Integers:
    """Where each of the arrays starts, one behind the other."""
    return np.cumsum([0, *map(len, arrays[:-1])])


def _gathered(bounds: Sequence[Integers], rows: Integers) -> tuple[Integers, Integers]:
    """Some rows of ragged arrays that stand one behind the other: their own bounds, and where their entries are."""
    counts = np.concatenate([np.diff(one) for one in bounds])
    all_bounds = np.concatenate([[0], np.cumsum(counts)])
    return np.concatenate([[0], np.cumsum(counts[rows])]), spread(all_bounds, rows)
