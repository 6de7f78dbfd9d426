"""Kazakh words with the Russian and English ones for the same thing, as a table that people read and mend."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
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
    return tuple(dict.fromkeys(lemma.strip() for lemma in column.split(",") if lemma.strip()))


class Glossary:
    """Entries by their Russian and English words; they are read and stemmed when they are first asked for."""

    def __init__(self, read: Callable[[], Iterable[Entry]] = tuple) -> None:
        self._read = read

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All entries."""
        return tuple(self._read())

    def senses(self, stems: Sequence[str], tongue: Tongue) -> tuple[Sense, ...]:
        """What a word or term may stand for in Kazakh, by the stems of its words; the surest first."""
        return self._by_stems[tongue].get(" ".join(stems), ())

    def keys(self, tongue: Tongue) -> Mapping[str, tuple[Sense, ...]]:
        """All words and terms of a language, by their stems with a space between."""
        return self._by_stems[tongue]

    def longest(self, tongue: Tongue, first: str) -> int:
        """The number of words of the longest term that begins with a stem; 0 for none."""
        return self._longest[tongue].get(first, 0)

    @cached_property
    def _by_stems(self) -> dict[Tongue, dict[str, tuple[Sense, ...]]]:
        return {
            Tongue.RUSSIAN: _senses(self.entries, Tongue.RUSSIAN),
            Tongue.ENGLISH: _senses(self.entries, Tongue.ENGLISH),
            Tongue.KAZAKH: {},
        }

    @cached_property
    def _longest(self) -> dict[Tongue, dict[str, int]]:
        found: dict[Tongue, dict[str, int]] = {tongue: {} for tongue in Tongue}
        for tongue, keys in self._by_stems.items():
            for key in keys:
                first, _, rest = key.partition(" ")
                size = rest.count(" ") + 2 if rest else 1
                if size > found[tongue].get(first, 0):
                    found[tongue][first] = size
        return found


def _senses(all_: Sequence[Entry], tongue: Tongue) -> dict[str, tuple[Sense, ...]]:
    """For the stems of each word or term its Kazakh ones; where several entries give one, the surest counts."""
    of_tongue = (entry.russian if tongue is Tongue.RUSSIAN else entry.english for entry in all_)
    given = [
        (entry, lemma.lower().replace("ё", "е"), pieces(lemma), 1.0 if number == 0 else _LATER)
        for entry, lemmas in zip(all_, of_tongue, strict=True)
        for number, lemma in enumerate(lemmas)
    ]
    stems = iter(stems_in((word for _, _, words, _ in given for word in words), tongue))
    found: defaultdict[str, dict[tuple[str, str], Sense]] = defaultdict(dict)
    for entry, lemma, words, weight in given:
        key = " ".join([next(stems) for _ in words])
        sense = Sense(entry.kazakh, weight, lemma, entry.domain != FUNCTION)
        for one in {key, *_bare(lemma, tongue)}:
            found[one].setdefault((entry.kazakh, lemma), sense)
    return {key: tuple(sorted(senses.values(), key=lambda one: -one.weight)) for key, senses in found.items()}


def _bare(lemma: str, tongue: Tongue) -> tuple[str, ...]:
    """What a Russian word is without an ending: the stemmer takes the end of some for one (аким: ак, but акимом: аким)."""
    is_word = tongue is Tongue.RUSSIAN and " " not in lemma and len(lemma) >= _SHORTEST_BARE
    return (lemma.rstrip("аяоеьйыи"),) if is_word else ()


NONE = Glossary()
"""No entries: a question is Kazakh then, whatever it is written in."""
