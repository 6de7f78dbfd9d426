"""The articles of an index in order, newest first, without a list of all of them."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from heapq import merge
from itertools import islice
from typing import overload

from retrieval.index import Part

_Place = tuple[int, str]


class Newest(Sequence[str]):
    """The ids of the articles of some parts, newest first, then by id.

    Every segment is in that order by itself, so a place takes some bisections, and no look at all articles.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(len(part.segment.dates) - len(part.gone_articles) for part in self._parts)

    def __iter__(self) -> Iterator[str]:
        return self._from([0] * len(self._parts))

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        if isinstance(at, slice):
            first, last, step = at.indices(len(self))
            if step != 1:
                raise ValueError("articles are listed one after another")
            return tuple(islice(self._from(self._starts(first)), max(0, last - first)))
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        return next(self._from(self._starts(place)))

    def place(self, id_: str) -> int:
        """How many articles stand before this one. Raises ValueError where it is not there."""
        for part in self._parts:
            number = part.number_of(id_)
            if number is not None:
                return self._before(_place(part, number))
        raise ValueError(id_)

    @property
    def day(self) -> date | None:
        """The date of the newest article; None where no article has one."""
        for id_ in islice(self, 1):
            for part in self._parts:
                number = part.number_of(id_)
                if number is not None:
                    day = int(part.segment.dates[number])
                    return date.fromordinal(day) if day > 1 else None
        return None

    def _before(self, place: _Place) -> int:
        """How many articles stand before a place."""
        return sum(_left(part, _first(part, lambda one: one >= place)) for part in self._parts)

    def _starts(self, count: int) -> list[int]:
        """For each part the first of its numbers that is not among the first `count` articles."""
        return [_first(part, lambda place: self._before(place) >= count) for part in self._parts]

    def _from(self, starts: Sequence[int]) -> Iterator[str]:
        stretches = [_stretch(part, start) for part, start in zip(self._parts, starts, strict=True)]
        return (id_ for _, id_ in merge(*stretches))


def _place(part: Part, number: int) -> _Place:
    return -int(part.segment.dates[number]), part.segment.names[number]


def _first(part: Part, holds: Callable[[_Place], bool]) -> int:
    """The first number of a part whose place fulfils what all places behind it fulfil as well."""
    return bisect_left(range(len(part.segment.dates)), True, key=lambda number: holds(_place(part, number)))  # noqa: FBT003 - what is looked for


def _left(part: Part, number: int) -> int:
    """How many articles of a part before this number are still there."""
    return number - int(part.gone_articles.searchsorted(number))


def _stretch(part: Part, start: int) -> Iterator[_Place]:
    gone = frozenset(part.gone_articles.tolist())
    return (_place(part, number) for number in range(start, len(part.segment.dates)) if number not in gone)
