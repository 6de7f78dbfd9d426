"""What the articles' words are, and which of them a question's word means."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.analysis import stems_of
from retrieval.kazakh import root as root_of
from retrieval.lexicon import NOWHERE, Words, consonants
from retrieval.phrases import Phrases, joined
from retrieval.postings import Booleans, Field
from retrieval.script import fold, variants
from retrieval.written import Written

SHORTEST_CORRECTED = 5
"""Letters of a key below which a typo is not told from another word."""
LETTERS_PER_SLIP = 5
"""A key may differ by one slip for every so many of its letters, at most two slips."""


SHORTEST_BY_EAR = 3
"""Consonants that a foreign name by ear must share with its Latin spelling."""
SHORTEST_SYNONYM = 3
"""Letters of a stem below which too many words share it for synonyms to be told from it."""


class How(Enum):
    """How a question's word was found among the articles' words."""

    EXACT = "as typed"
    SPELLING = "in another spelling"
    RELATED = "as a word of the same root"
    TYPO = "with a typo put right"
    SYNONYM = "as a synonym"
    TRANSLATION = "as a translation"
    LOANWORD = "as the same word in Kazakh"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A stem of the articles that the word may mean; `weight` from 0 to 1 is how sure that is."""

    stem: str
    weight: float
    how: How


class Vocabulary:
    """The words of some segments together, those aside that only removed passages had.

    `stems` and `words` are the fields over the same segments, which know what was removed; `synonyms` give for a
    stem those of words for the same thing.
    """

    def __init__(
        self,
        parts: Sequence[Words],
        stems: Field,
        words: Written,
        synonyms: Mapping[str, tuple[str, ...]],
        phrases: Phrases,
    ) -> None:
        self._parts = tuple(parts)
        self._stems, self._words = stems, words
        self._synonyms = synonyms
        self.phrases = phrases

    def knows(self, stem: str) -> bool:
        """Whether a passage holds the stem."""
        return self._stems.df(stem) > 0

    def df(self, stem: str) -> int:
        """The number of passages that hold the stem."""
        return self._stems.df(stem)

    def root(self, stem: str) -> str:
        """The root of a stem that the articles hold. Raises KeyError for any other."""
        return self._root(stem)

    @cached_property
    def _root(self) -> Callable[[str], str]:
        return lru_cache(maxsize=50_000)(self._looked_up_root)

    def _looked_up_root(self, stem: str) -> str:
        found = ((part, part.stems.number(stem)) for part in self._parts)
        roots = [part.roots[int(part.root_of[number])] for part, number in found if number is not None]
        if not roots:
            raise KeyError(stem)
        return min(roots)

    def of_root(self, root: str) -> list[str]:
        """The stems that passages hold with that root."""
        found: set[str] = set()
        for part in self._parts:
            number = part.roots.number(root)
            if number is not None:
                found.update(part.stems[stem] for stem in np.flatnonzero(part.root_of == number).tolist())
        return sorted(filter(self.knows, found))

    def shown(self, stem: str) -> str:
        """A word of the articles that has the stem: the shortest. Raises KeyError where there is none."""
        words: list[str] = []
        for place, part in enumerate(self._parts):
            number = part.stems.number(stem)
            if number is not None:
                is_whole = not len(self._stems.removed[place])
                left = [int(part.shown[number])] if is_whole else self._words_of(place, number)
                words += (part.words[word] for word in left)
        if not words:
            raise KeyError(stem)
        return min(words, key=lambda word: (len(word), word))

    def _words_of(self, place: int, stem: int) -> list[int]:
        """The words of a part with that stem which passages still hold."""
        part = self._parts[place]
        words = part.forms[part.forms[:, 1] == stem, 0].tolist()
        return [word for word in words if self._words.df(part.words[word])]

    def _by_key(self, key: str) -> list[str]:
        """The stems behind a key: those that are spelled so first, whatever part they are in."""
        found: set[str] = set()
        for place, part in enumerate(self._parts):
            found.update(
                part.stems[stem] for stem in part.keys.of_string(key) if self._leads(place, key, stem)
            )
        return sorted(found, key=lambda stem: (fold(stem) != key, stem))

    def is_spelled(self, word: str) -> bool:
        """Whether the articles have the word as it is, or in another spelling."""
        return self._is_spelled(word)

    @cached_property
    def _is_spelled(self) -> Callable[[str], bool]:
        def found(word: str) -> bool:
            candidates = stems_of(word)
            return self.knows(candidates[0]) or any(self._spelled_alike(word, candidates))

        return lru_cache(maxsize=50_000)(found)

    def spelled(self, keys: Sequence[str]) -> list[str]:
        """The stems that a passage holds whose own key is one of these, in their order."""
        found: set[tuple[int, str]] = set()
        for part in self._parts:
            for place, number in part.keys.terms.numbers(keys):
                stems = part.keys.of_string(keys[place])
                found.update((place, part.stems[stem]) for stem in stems if part.key_of_stem[stem] == number)
        return list(dict.fromkeys(stem for _, stem in sorted(found) if self.knows(stem)))

    def _leads(self, place: int, key: str, stem: int) -> bool:
        """Whether it is not for a removed word alone that the key leads to the stem."""
        part = self._parts[place]
        if not len(self._stems.removed[place]):
            return True
        number = part.keys.terms.number(key)
        if part.key_of_stem[stem] == number:
            return self.knows(part.stems[stem])
        return any(part.key_of_word[word] == number for word in self._words_of(place, stem))

    def meant(self, word: str) -> tuple[Alternative, ...]:
        """The stems that a question's word may mean, the surest first; empty where there is none.

        A word in proper spelling is found by its stem. Otherwise its folded key is looked up, and only where
        that is unknown too, the nearest key. Synonyms stand beside what was found, or alone.
        """
        return self._meant(word)

    @cached_property
    def _meant(self) -> Callable[[str], tuple[Alternative, ...]]:
        # People ask with few words again and again.
        return lru_cache(maxsize=50_000)(self._resolved)

    def _resolved(self, word: str) -> tuple[Alternative, ...]:
        candidates = stems_of(word)
        found = {one.stem: one for one in self.written(word)}
        if not found:
            found = {one.stem: one for one in self._nearly(word, candidates)}
        return self._with_synonyms(found, candidates)

    def written(self, word: str) -> tuple[Alternative, ...]:
        """Of the stems that a word may mean those that are the word itself, as it is or in another spelling."""
        candidates = stems_of(word)
        found = (
            {candidates[0]: Alternative(candidates[0], 1.0, How.EXACT)} if self.knows(candidates[0]) else {}
        )
        exact = bool(found)
        for stem in self._spelled_alike(word, candidates):
            if not exact or stem.isascii() != candidates[0].isascii():
                found.setdefault(stem, Alternative(stem, SPELLING_WEIGHT, How.SPELLING))
        for stem in self._by_ear(word):
            found.setdefault(stem, Alternative(stem, BY_EAR_WEIGHT, How.SPELLING))
        return tuple(found.values())

    def meant_by_phrase(self, stem: str) -> tuple[Alternative, ...]:
        """The same for a phrase, by its stem."""
        return self._with_synonyms(
            {stem: Alternative(stem, 1.0, How.EXACT)} if self.knows(stem) else {}, (stem,)
        )

    def _with_synonyms(
        self, found: dict[str, Alternative], candidates: Sequence[str]
    ) -> tuple[Alternative, ...]:
        bases = [(one.stem, one.weight) for one in found.values()] or [(stem, 1.0) for stem in candidates]
        for base, weight in bases:
            for stem in self._synonyms.get(base, ()):
                if self.knows(stem):
                    found.setdefault(stem, Alternative(stem, SYNONYM_WEIGHT * weight, How.SYNONYM))
        return tuple(found.values())

    def _spelled_alike(self, word: str, candidates: Sequence[str]) -> Iterable[str]:
        for key in dict.fromkeys([fold(word), *map(fold, candidates), *variants(word)]):
            yield from self._by_key(key)

    def _by_ear(self, word: str) -> Iterable[str]:
        """Foreign names in Latin letters that a Cyrillic word may be by ear: креатив and Creative."""
        heard = consonants(word)
        if word.isascii() or len(heard) < SHORTEST_BY_EAR:
            return []
        found = {part.stems[stem] for part in self._parts for stem in part.latin.of_string(heard)}
        return sorted(filter(self.knows, found))

    def _nearly(self, word: str, candidates: Sequence[str]) -> Iterable[Alternative]:
        """The stems behind the nearest keys; nothing where the word is short or no key is near."""
        roots = set(map(root_of, candidates))
        return [
            replace(one, how=How.RELATED) if self.root(one.stem) in roots else one
            for one in self.nearly([*map(fold, candidates), fold(word)])
        ]

    def nearly(self, keys: Iterable[str]) -> tuple[Alternative, ...]:
        """The stems behind the known key that is nearest to one of the keys; nothing where none is near."""
        best: tuple[float, str] | None = None
        for key in dict.fromkeys(keys):
            slips = min(2, len(key) // LETTERS_PER_SLIP)
            if len(key) < SHORTEST_CORRECTED or any(letter.isdigit() for letter in key):
                continue
            near = [
                (found[1], found[0])
                for keys in self._known_keys(key[0], range(len(key) - slips, len(key) + slips + 1))
                if (found := process.extractOne(key, keys, scorer=OSA.distance, score_cutoff=slips))
            ]
            if near and (best is None or min(near)[0] / len(key) < best[0]):
                best = min(near)[0] / len(key), min(near)[1]
        if best is None:
            return ()
        weight = (1 - best[0]) ** TYPO_POWER
        return tuple(Alternative(stem, weight, How.TYPO) for stem in self._by_key(best[1]))

    def _known_keys(self, letter: str, lengths: Iterable[int]) -> Iterator[Sequence[str]]:
        """The keys of some lengths that a typo may stand for, by first letter: that one is seldom mistyped."""
        for place, part in enumerate(self._parts):
            known = self._keys_by_letter.get((place, letter))
            if known is None:
                rows = part.keys.terms.beginning(letter)
                keys = part.keys.terms.between(rows.start, rows.stop)
                stays = self._keys_left[place][rows.start : rows.stop].tolist()
                known = {}
                for key, there in zip(keys, stays, strict=True):
                    if there and len(key) >= SHORTEST_CORRECTED - 1:
                        known.setdefault(len(key), []).append(key)
                if known:
                    self._keys_by_letter[place, letter] = known
            yield from (known[length] for length in lengths if length in known)

    @cached_property
    def _keys_by_letter(self) -> dict[tuple[int, str], dict[int, list[str]]]:
        return {}

    @cached_property
    def _keys_left(self) -> Sequence[Booleans]:
        """For each part and each of its keys whether a stem or word is spelled so that passages still hold."""
        found = []
        for place, part in enumerate(self._parts):
            stays = np.zeros(len(part.keys.terms), np.bool_)
            for keys, field in ((part.key_of_stem, self._stems), (part.key_of_word, self._words)):
                held = keys[field.dfs(place) > 0]
                stays[held[held != NOWHERE]] = True
            found.append(stays)
        return found


SPELLING_WEIGHT = 0.95
BY_EAR_WEIGHT = 0.7
SYNONYM_WEIGHT = 0.7
TYPO_POWER = 2


def synonyms_of(groups: Sequence[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """For each stem the stems of the words that share a group with it."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for group in groups:
        stems = list(dict.fromkeys(joined(word) for word in group))
        stems = [stem for stem in stems if len(stem) >= SHORTEST_SYNONYM]
        for stem in stems:
            found[stem].update(dict.fromkeys(other for other in stems if other != stem))
    return {stem: tuple(others) for stem, others in found.items()}
