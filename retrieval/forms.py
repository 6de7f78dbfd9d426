"""The forms of many texts in numbers: what `analyze` and the phrases find in them, each said once.

Few of a text's words are new. So a text is cut at its white space, and what is in a chunk is found out when
the chunk is first seen; from then on it is a number. The little that reaches from chunk to chunk, numbers in
words and phrases, is seen to for many texts at once.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

import numpy as np

from retrieval.analysis import (
    BESIDE_NUMBER,
    NUMBER_WORD,
    Form,
    counted,
    forms_of_chunk,
    part_of_number,
    uncounted_forms,
)
from retrieval.phrases import Phrases, as_one
from retrieval.postings import Booleans, Integers
from retrieval.ragged import spread
from retrieval.words import chunks

_TOGETHER = 1 << 18
"""Chunks of texts that are looked at together, to keep memory in bounds."""
_TEXTS_TOGETHER = 1 << 14
_KEPT = 1 << 20
"""Chunks that are remembered."""
_FIRST, _SECOND = 4, 8
"""Bits of the forms that are the first or second word of some phrase, beside what `part_of_number` says."""


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts in numbers of forms, phrases behind words: those of text t are at `bounds[t]:bounds[t + 1]` of `tokens`."""

    tokens: Integers
    bounds: Integers

    @property
    def counts(self) -> Integers:
        """How many tokens each text has."""
        return np.diff(self.bounds)

    def tokens_of(self, texts: Integers) -> Integers:
        """The tokens of some texts, one text after the other."""
        found = np.zeros(int(self.counts[texts].sum()), self.tokens.dtype)
        end = 0
        for first in range(0, len(texts), _TEXTS_TOGETHER):
            places = spread(self.bounds, texts[first : first + _TEXTS_TOGETHER])
            start, end = end, end + len(places)
            found[start:end] = self.tokens[places]
        return found


class Reader:
    """Reads texts one by one."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._forms = _Forms(phrases)
        self._chunks = _Chunks(self._forms)
        self._unsettled = array("I")  # chunks of the last texts, and where each of these ends
        self._ends = array("I")
        self._tokens = array("I")
        self._counts = array("I")
        self._said = lru_cache(maxsize=1 << 12)(self._said_in_digits)

    def read(self, text: str) -> None:
        """The next text."""
        numbers = [*map(self._chunks.__getitem__, chunks(text))]
        if _Chunks.UNCERTAIN in numbers:
            numbers = [self._chunks.add(uncounted_forms(text))]
        self._unsettled.fromlist(numbers)
        self._ends.append(len(self._unsettled))
        if len(self._unsettled) >= _TOGETHER:
            self._settle()

    def finished(self) -> tuple[Sequence[Form], Texts]:
        """The distinct forms of all that was read, in no order, and the texts in their numbers (uint32).

        The reader is of no use any more: it lets go of what it has remembered.
        """
        self._settle()
        self._chunks.clear()
        tokens = np.array(self._tokens)
        forms = self._forms.listed
        is_used = np.zeros(len(forms), np.bool_)
        is_used[tokens] = True
        place = np.cumsum(is_used, dtype=np.uint32) - 1
        bounds = np.concatenate([[0], np.cumsum(self._counts, dtype=np.int64)])
        return [*compress(forms, is_used)], Texts(place[tokens], bounds)

    def _settle(self) -> None:
        """Turns the last texts into tokens."""
        tokens, bounds = self._chunks.tokens(np.array(self._unsettled, np.int64), np.array([0, *self._ends]))
        tokens, bounds = self._with_numbers(tokens, bounds)
        tokens, bounds = self._with_phrases(tokens, bounds)
        self._tokens.frombytes(tokens.astype(np.uint32).tobytes())
        self._counts.frombytes(np.diff(bounds).astype(np.uint32).tobytes())
        self._unsettled, self._ends = array("I"), array("I")
        if len(self._chunks) > _KEPT:
            self._chunks = _Chunks(self._forms)

    def _with_numbers(self, tokens: Integers, bounds: Integers) -> tuple[Integers, Integers]:
        """The texts with their numbers in words said in digits."""
        kinds = self._forms.kinds_of(tokens)
        starts, ends = _runs(kinds & BESIDE_NUMBER > 0, bounds)
        runs = np.unique(starts.searchsorted(np.flatnonzero(kinds & NUMBER_WORD), "right") - 1)
        stays = np.ones(len(tokens), np.bool_)
        for start, end in zip(starts[runs].tolist(), ends[runs].tolist(), strict=True):
            said = self._said(tuple(tokens[start:end].tolist()))
            tokens[start : start + len(said)] = said
            stays[start + len(said) : end] = False
        return tokens[stays], np.concatenate([[0], np.cumsum(stays)])[bounds]

    def _said_in_digits(self, run: tuple[int, ...]) -> list[int]:
        return [self._forms[form] for form in counted([self._forms.listed[number] for number in run])]

    def _with_phrases(self, tokens: Integers, bounds: Integers) -> tuple[Integers, Integers]:
        """The texts with the phrases that stand in them behind their words."""
        kinds = self._forms.kinds_of(tokens)
        perhaps = np.flatnonzero((kinds[:-1] & _FIRST > 0) & (kinds[1:] & _SECOND > 0))
        ends = bounds[bounds.searchsorted(perhaps, "right")]
        found: list[tuple[int, int]] = []
        done = 0
        for start, end in zip(perhaps.tolist(), ends.tolist(), strict=True):
            if start < done:
                continue
            some = tokens[start : min(start + self._phrases.longest, end)].tolist()
            forms = [self._forms.listed[number] for number in some]
            length = self._phrases.beginning([stem for _, stem, _ in forms])
            if length:
                done = start + length
                found.append((end, self._forms[as_one(forms[:length])]))
        places, numbers = np.array(found, np.int64).reshape(-1, 2).T
        return np.insert(tokens, places, numbers), bounds + places.searchsorted(bounds, "right")


class _Forms(dict[Form, int]):
    """Numbers of forms, in the order of their coming; one that is new gets its number when it is asked for."""

    def __init__(self, phrases: Phrases) -> None:
        super().__init__()
        self.listed: list[Form] = []
        self._kinds = bytearray()
        self._firsts = phrases.by_first
        self._seconds = {phrase[1] for same in phrases.by_first.values() for phrase in same}

    def __missing__(self, form: Form) -> int:
        self[form] = number = len(self.listed)
        self.listed.append(form)
        return number

    def kinds_of(self, numbers: Integers) -> Integers:
        """For each form what it may be."""
        stems = [stem for _, stem, _ in self.listed[len(self._kinds) :]]
        self._kinds.extend(map({stem: self._kind(stem) for stem in set(stems)}.__getitem__, stems))
        return np.array(self._kinds, np.uint8)[numbers]

    def _kind(self, stem: str) -> int:
        return part_of_number(stem) | _FIRST * (stem in self._firsts) | _SECOND * (stem in self._seconds)


class _Chunks(dict[str, int]):
    """Numbers of chunks: that of its form where it has one. A new chunk gets its number when it is asked for."""

    UNCERTAIN = 1 << 31
    """The number of the chunks that the text around them decides on; chunks without one form have a higher one."""

    def __init__(self, forms: _Forms) -> None:
        super().__init__()
        self._forms = forms
        self._tokens = array("I")
        self._bounds = array("I", [0, 0])

    def __missing__(self, chunk: str) -> int:
        forms = forms_of_chunk(chunk)
        if forms is None:
            number = self.UNCERTAIN
        else:
            number = self._forms[forms[0]] if len(forms) == 1 else self.add(forms)
        self[chunk] = number
        return number

    def add(self, forms: list[Form]) -> int:
        """The number of a chunk with these forms that nobody will ask for."""
        self._tokens.extend([self._forms[form] for form in forms])
        self._bounds.append(len(self._tokens))
        return self.UNCERTAIN + len(self._bounds) - 2

    def tokens(self, chunks: Integers, bounds: Integers) -> tuple[Integers, Integers]:
        """Texts of chunks, those of text t at `bounds[t]:bounds[t + 1]`, as texts of forms in the same way."""
        own = np.array(self._bounds, np.int64)
        is_other = chunks >= self.UNCERTAIN
        others = chunks[is_other] - self.UNCERTAIN
        counts = np.ones(len(chunks), np.int64)
        counts[is_other] = np.diff(own)[others]
        tokens = np.repeat(chunks, counts)
        tokens[np.repeat(is_other, counts)] = np.array(self._tokens, np.int64)[spread(own, others)]
        return tokens, np.concatenate([[0], np.cumsum(counts)])[bounds]


def _runs(flags: Booleans, bounds: Integers) -> tuple[Integers, Integers]:
    """Where the longest rows of true flags start and end that lie in one text each."""
    begins, ends = np.zeros((2, len(flags) + 1), np.bool_)
    begins[bounds[:-1]] = True
    ends[bounds[1:]] = True
    begins[1:-1] |= ~flags[:-1]
    ends[1:-1] |= ~flags[1:]
    return np.flatnonzero(flags & begins[:-1]), np.flatnonzero(flags & ends[1:]) + 1
