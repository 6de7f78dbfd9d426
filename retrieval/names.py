"""Strings in plain arrays, in an order of their own: made, or mapped from a file, and read when they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retrieval.terms import Array


@dataclass(frozen=True, eq=False)
class Names:
    """`letters` is the UTF-8 of all strings, one behind the other, `ends` where each ends."""

    letters: Array
    ends: Array

    @classmethod
    def of(cls, strings: Sequence[str]) -> "Names":
        """The strings, which keep their order."""
        coded = [string.encode("utf-8", "surrogatepass") for string in strings]
        ends = np.cumsum([len(one) for one in coded], dtype=np.int64)
        return cls(np.frombuffer(b"".join(coded), np.uint8), ends)

    def __getitem__(self, number: int) -> str:
        """The string with that number, read alone."""
        start = int(self.ends[number - 1]) if number else 0
        return self.letters[start : int(self.ends[number])].tobytes().decode("utf-8", "surrogatepass")

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """All of them."""
        letters, ends = self.letters.tobytes(), self.ends.tolist()
        starts = [0, *ends[:-1]]
        return tuple(
            letters[start:end].decode("utf-8", "surrogatepass")
            for start, end in zip(starts, ends, strict=False)
        )
