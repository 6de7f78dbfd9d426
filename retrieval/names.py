"""Strings in plain arrays, in an order of their own: made, or mapped from a file, and read when they are asked for."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retrieval.terms import Array


@dataclass(frozen=True, eq=False)
class Names:
    """`letters` is the UTF-8 of all strings, one behind the other, `ends` where each ends.

    `ascending` (uint32) are their numbers by ascending UTF-8.
    """

    letters: Array
    ends: Array
    ascending: Array

    @classmethod
    def of(cls, strings: Sequence[str]) -> "Names":
        """The strings, which keep their order."""
        coded = [string.encode("utf-8", "surrogatepass") for string in strings]
        ends = np.cumsum([len(one) for one in coded], dtype=np.int64)
        ascending = np.array(sorted(range(len(coded)), key=coded.__getitem__), np.uint32)
        return cls(np.frombuffer(b"".join(coded), np.uint8), ends, ascending)

    def number(self, string: str) -> int | None:
        """The string's number, the first of several; None where it is not among them."""
        coded = string.encode("utf-8", "surrogatepass")
        at = bisect_left(self.ascending, coded, key=self._coded)
        if at == len(self.ascending) or self._coded(self.ascending[at]) != coded:
            return None
        return int(self.ascending[at])

    def __getitem__(self, number: int) -> str:
        """The string with that number, read alone."""
        return self._coded(number).decode("utf-8", "surrogatepass")

    def _coded(self, number: int) -> bytes:
        start = int(self.ends[number - 1]) if number else 0
        return self.letters[start : int(self.ends[number])].tobytes()

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """All of them."""
        letters, ends = self.letters.tobytes(), self.ends.tolist()
        starts = [0, *ends[:-1]]
        return tuple(
            letters[start:end].decode("utf-8", "surrogatepass")
            for start, end in zip(starts, ends, strict=False)
        )
