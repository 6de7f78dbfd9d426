"""A table of strings in plain arrays: found by string or by number, in memory or mapped from a file."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.generic]
_KEPT = 100_000  # strings whose numbers are remembered, found or not


class Terms:
    """Distinct strings in ascending order of their UTF-8; the number of each is its place in that order.

    `letters` is the UTF-8 of all of them, one behind the other, `ends` where each ends; `hashes` are their
    32-bit hashes in ascending order and `numbers` whose they are. All four are kept as they are.
    """

    def __init__(self, letters: Array, ends: Array, hashes: Array, numbers: Array) -> None:
        self._letters, self._ends, self._hashes, self._numbers = letters, ends, hashes, numbers
        self._found: dict[str, int] = {}

    @classmethod
    def of(cls, strings: Iterable[str]) -> "Terms":
        """The table of the strings, which may repeat and come in any order."""
        coded = sorted({string.encode("utf-8", "surrogatepass") for string in strings})
        hashes = np.array([_hash(one) for one in coded], np.uint32)
        numbers = np.argsort(hashes, kind="stable").astype(np.uint32)
        return cls(
            np.frombuffer(b"".join(coded), np.uint8),
            np.cumsum([len(one) for one in coded], dtype=np.int64),
            hashes[numbers],
            numbers,
        )

    def arrays(self) -> Mapping[str, Array]:
        """The four arrays by name, for keeping."""
        return {
            "letters": self._letters,
            "ends": self._ends,
            "hashes": self._hashes,
            "numbers": self._numbers,
        }

    @property
    def hashes(self) -> npt.NDArray[np.uint32]:
        """The hash of each string, by number."""
        found = np.empty(len(self), np.uint32)
        found[self._numbers] = self._hashes
        return found

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:
        """The string with that number."""
        return self._coded(number).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return iter(self.between(0, len(self)))

    def between(self, first: int, last: int) -> list[str]:
        """The strings from number `first` up to, and without, `last`."""
        ends = self._ends[first:last].tolist()
        start = int(self._ends[first - 1]) if first else 0
        letters = self._letters[start : ends[-1] if ends else start].tobytes()
        starts = [0, *(end - start for end in ends[:-1])]
        return [
            letters[begin : end - start].decode("utf-8", "surrogatepass")
            for begin, end in zip(starts, ends, strict=False)
        ]

    def number(self, string: str) -> int | None:
        """The string's number; None where it is not in the table."""
        found = self._found.get(string)
        if found is None:
            found = self._looked_up(string)
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[string] = found
        return None if found < 0 else found

    def _looked_up(self, string: str) -> int:
        coded = string.encode("utf-8", "surrogatepass")
        wanted = np.uint32(_hash(coded))
        at = int(self._hashes.searchsorted(wanted))
        while at < len(self._hashes) and self._hashes[at] == wanted:
            number = int(self._numbers[at])  # two strings may share a hash
            if self._coded(number) == coded:
                return number
            at += 1
        return -1

    def numbers(self, strings: Sequence[str]) -> list[tuple[int, int]]:
        """Of some strings those that are in the table: place among them and number. Quicker than one by one."""
        hashes = np.array([hash_of(string) for string in strings], np.uint32)
        nearest = np.minimum(self._hashes.searchsorted(hashes), len(self) - 1)
        likely = np.flatnonzero(self._hashes[nearest] == hashes).tolist() if len(self) else []
        found = ((place, self.number(strings[place])) for place in likely)
        return [(place, number) for place, number in found if number is not None]

    def beginning(self, prefix: str) -> range:
        """The numbers of the strings that begin with a prefix."""
        coded = prefix.encode("utf-8", "surrogatepass")
        first = bisect_left(range(len(self)), coded, key=self._coded)
        last = bisect_left(range(len(self)), coded + b"\xff", key=self._coded)  # no UTF-8 has that byte
        return range(first, last)

    def _coded(self, number: int) -> bytes:
        start = int(self._ends[number - 1]) if number else 0
        return self._letters[start : int(self._ends[number])].tobytes()


def hash_of(string: str) -> int:
    """The 32-bit hash of a string."""
    return _hash(string.encode("utf-8", "surrogatepass"))


def _hash(coded: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(coded, digest_size=4).digest(), "little")
