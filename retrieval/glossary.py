"""Kazakh words with the Russian and English ones for the same thing, as a table that people read and mend."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import NamedTuple

from retrieval.errors import GlossaryError
from retrieval.tongues import Tongue, pieces, stems_in

_COLUMNS = 4
FUNCTION = "function"
"""The domain of words that are no evidence."""
_GENERAL = "general"
_SHORTEST_BARE = 4
_LATER = 0.85
"""What a translation weighs in whose entry the word is not the first."""


class Entry(NamedTuple):
    """A Kazakh word or fixed term in dictionary form, and what it is in Russian and English, the best first."""

    kazakh: str
    russian: tuple[str, ...]
    english: tuple[str, ...]
    domain: str


class Sense(NamedTuple):
    """A Kazakh word or term that a foreign lemma may stand for; `weight`, 0 to 1, is how sure that is.

    A function word, such as "how many", is no evidence.
    """

    kazakh: str
    weight: float
    lemma: str
    is_evidence: bool


def entries(text: str, name: str) -> list[Entry]:
    """The entries of a table: Kazakh lemma, Russian lemmas, English lemmas, domain, with tabs between.

    Lemmas are parted by commas; a line that begins with # is a remark. `name` is the file's, for people. Raises
    GlossaryError, which names the first line that is wrong.
    """
    found: list[Entry] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [column.strip() for column in line.split("\t")]
        russian, english = (_lemmas(column) for column in (*columns[1:3], "", "")[:2])
        if len(columns) != _COLUMNS or not columns[0] or not (russian or english):
            raise GlossaryError(
                f"{name}: line {number} is no entry; write a Kazakh word, Russian words, English words and a domain"
                " with tabs between them"
            )
        found.append(Entry(columns[0], russian, english, columns[3] or _GENERAL))
    return found


def merged(own: Iterable[Entry], others: Iterable[Entry]) -> list[Entry]:
    """An operator's own entries, then the others; one for the same Kazakh lemma becomes part of the own one.

    The own words come first; the domain is the own one where it says more than "general".
    """
    first: dict[str, Entry] = {}
    rest: list[Entry] = []
    for entry in own:
        key = entry.kazakh.lower()
        first[key] = _joined(first[key], entry) if key in first else entry
    for entry in others:
        key = entry.kazakh.lower()
        if key in first:
            first[key] = _joined(first[key], entry)
        else:
            rest.append(entry)
    return [*first.values(), *rest]


def _joined(one: Entry, other: Entry) -> Entry:
    return Entry(
        one.kazakh,
        tuple(dict.fromkeys((*one.russian, *other.russian))),
        tuple(dict.fromkeys((*one.english, *other.english))),
        other.domain if one.domain == _GENERAL else one.domain,
    )


def _lemmas(column: str) -> tuple[str, ...]:
    if "," not in column:
        return (column,) if column else ()
    if column.count(", ") == column.count(",") and "  " not in column and ", ," not in column:
        return tuple(dict.fromkeys(column.split(", ")))
    return tuple(dict.fromkeys(lemma.strip() for lemma in column.split(",") if lemma.strip()))


class Glossary:
    """Entries by their Russian and English words; they are read, and those of a language stemmed, when first asked for."""

    def __init__(self, read: Callable[[], Iterable[Entry]] = tuple) -> None:
        self._read = read

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All entries."""
        return tuple(self._read())

    def load(self) -> None:
        """Reads and stems all of it now, so that nobody who asks has to wait for it."""
        for tongue in Tongue:
            self._lemmas(tongue)

    @property
    def is_read(self) -> bool:
        """Whether the entries have been asked for."""
        return "entries" in vars(self)

    def senses(self, stems: Sequence[str], tongue: Tongue) -> tuple[Sense, ...]:
        """What a word or term may stand for in Kazakh, by the stems of its words; the surest first."""
        return self._lemmas(tongue).senses(" ".join(stems))

    def keys(self, tongue: Tongue) -> Collection[str]:
        """All words and terms of a language, by their stems with a space between."""
        return self._lemmas(tongue).numbers.keys()

    def longest(self, tongue: Tongue, first: str) -> int:
        """The number of words of the longest term that begins with a stem; 0 for none."""
        return self._lemmas(tongue).longest.get(first, 0)

    @cached_property
    def _lemmas(self) -> Callable[[Tongue], "_Lemmas"]:
        return lru_cache(maxsize=None)(lambda tongue: _Lemmas(self.entries, tongue))


class _Lemmas:
    """The words and terms of a language, and what they stand for."""

    def __init__(self, all_: Iterable[Entry], tongue: Tongue) -> None:
        self._given = [
            (entry, number, lemma) for entry in all_ for number, lemma in enumerate(_lemmas_in(entry, tongue))
        ]
        rows = [pieces(lemma) for _, _, lemma in self._given]
        stems = iter(stems_in(chain.from_iterable(rows), tongue)) if rows else iter(())
        self.numbers: dict[str, list[int]] = {}
        self.longest: dict[str, int] = {}
        is_russian = tongue is Tongue.RUSSIAN
        for number, words in enumerate(rows):
            if len(words) == 1:
                key = first = next(stems)
                bare = _bare(words[0]) if is_russian else key
                if bare != key:
                    self.numbers.setdefault(bare, []).append(number)
            else:
                own = list(islice(stems, len(words)))
                key, first = " ".join(own), own[0] if own else ""
            self.numbers.setdefault(key, []).append(number)
            if len(words) > self.longest.get(first, 0):
                self.longest[first] = len(words)

    @cached_property
    def senses(self) -> Callable[[str], tuple[Sense, ...]]:
        """The senses of a key; where several entries give one, the surest counts."""
        return lru_cache(maxsize=20_000)(self._senses)

    def _senses(self, key: str) -> tuple[Sense, ...]:
        found: dict[tuple[str, str], Sense] = {}
        for number in self.numbers.get(key, ()):
            entry, place, lemma = self._given[number]
            plain = lemma.lower().replace("ё", "е")
            sense = Sense(entry.kazakh, 1.0 if place == 0 else _LATER, plain, entry.domain != FUNCTION)
            found.setdefault((entry.kazakh, plain), sense)
        return tuple(sorted(found.values(), key=lambda one: -one.weight))


def _lemmas_in(entry: Entry, tongue: Tongue) -> tuple[str, ...]:
    match tongue:
        case Tongue.RUSSIAN:
            return entry.russian
        case Tongue.ENGLISH:
            return entry.english
        case Tongue.KAZAKH:
            return ()


def _bare(word: str) -> str:
    """A Russian word without an ending: the stemmer takes the end of some for one (аким: ак, but акимом: аким)."""
    return word.replace("ё", "е").rstrip("аяоеьйыи") if len(word) >= _SHORTEST_BARE else word


NONE = Glossary()
"""No entries: a question is Kazakh then, whatever it is written in."""
