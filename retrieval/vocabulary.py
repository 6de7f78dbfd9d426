"""What the articles' words are, and which of them a question's word means."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.analysis import Token, stems_of
from retrieval.kazakh import root as root_of
from retrieval.phrases import Phrases, joined
from retrieval.script import fold, variants

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


@dataclass(frozen=True, slots=True)
class Alternative:
    """A stem of the articles that the word may mean; `weight` from 0 to 1 is how sure that is."""

    stem: str
    weight: float
    how: How


@dataclass(frozen=True)
class Vocabulary:
    """The distinct stems of the articles by stem, by folded key, and those in Latin letters by their consonants.

    `shown` gives for a stem the shortest word of the articles that has it, `synonyms` gives for a stem the stems of words for the same thing.
    """

    roots: Mapping[str, str]
    shown: Mapping[str, str]
    keys: Mapping[str, tuple[str, ...]]
    latin: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, tuple[str, ...]]
    phrases: Phrases

    @classmethod
    def build(
        cls, tokens: Iterable[Token], synonyms: Sequence[Sequence[str]], phrases: Phrases
    ) -> "Vocabulary":
        """The vocabulary of the articles' tokens; `synonyms` are groups of dictionary forms.

        The tokens hold one for each phrase as well.
        """
        roots: dict[str, str] = {}
        shown: dict[str, str] = {}
        surfaces: dict[str, str] = {}
        for token in tokens:
            roots[token.stem] = token.root
            surfaces[token.word] = token.stem
            known = shown.setdefault(token.stem, token.word)
            if (len(token.word), token.word) < (len(known), known):
                shown[token.stem] = token.word
        keys: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for stem in roots:
            keys[fold(stem)][stem] = None
        for word, stem in surfaces.items():
            keys[fold(word)][stem] = None
        latin: defaultdict[str, list[str]] = defaultdict(list)
        for stem in roots:
            if stem.isascii() and stem.isalpha():
                latin[_consonants(stem)].append(stem)
        return cls(
            roots,
            shown,
            {key: tuple(stems) for key, stems in keys.items() if key},
            {consonants: tuple(stems) for consonants, stems in latin.items()},
            _synonyms(synonyms),
            phrases,
        )

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
        found = (
            {candidates[0]: Alternative(candidates[0], 1.0, How.EXACT)} if candidates[0] in self.roots else {}
        )
        exact = bool(found)
        for stem in self._spelled_alike(word, candidates):
            if not exact or stem.isascii() != candidates[0].isascii():
                found.setdefault(stem, Alternative(stem, SPELLING_WEIGHT, How.SPELLING))
        for stem in self._by_ear(word):
            found.setdefault(stem, Alternative(stem, BY_EAR_WEIGHT, How.SPELLING))
        if not found:
            found = {one.stem: one for one in self._nearly(word, candidates)}
        return self._with_synonyms(found, candidates)

    def meant_by_phrase(self, stem: str) -> tuple[Alternative, ...]:
        """The same for a phrase, by its stem."""
        return self._with_synonyms(
            {stem: Alternative(stem, 1.0, How.EXACT)} if stem in self.roots else {}, (stem,)
        )

    def _with_synonyms(
        self, found: dict[str, Alternative], candidates: Sequence[str]
    ) -> tuple[Alternative, ...]:
        bases = [(one.stem, one.weight) for one in found.values()] or [(stem, 1.0) for stem in candidates]
        for base, weight in bases:
            for stem in self.synonyms.get(base, ()):
                if stem in self.roots:
                    found.setdefault(stem, Alternative(stem, SYNONYM_WEIGHT * weight, How.SYNONYM))
        return tuple(found.values())

    def _spelled_alike(self, word: str, candidates: Sequence[str]) -> Iterable[str]:
        for key in dict.fromkeys([fold(word), *map(fold, candidates), *variants(word)]):
            yield from self.keys.get(key, ())

    def _by_ear(self, word: str) -> Iterable[str]:
        """Foreign names in Latin letters that a Cyrillic word may be by ear: креатив and Creative."""
        consonants = _consonants(word)
        if word.isascii() or len(consonants) < SHORTEST_BY_EAR:
            return ()
        return self.latin.get(consonants, ())

    def _nearly(self, word: str, candidates: Sequence[str]) -> Iterable[Alternative]:
        """The stems behind the nearest keys; nothing where the word is short or no key is near."""
        best: tuple[float, str] | None = None
        for key in dict.fromkeys([*map(fold, candidates), fold(word)]):
            slips = min(2, len(key) // LETTERS_PER_SLIP)
            if len(key) < SHORTEST_CORRECTED or any(letter.isdigit() for letter in key):
                continue
            near = process.extractOne(
                key, self._known_keys.get(key[0], ()), scorer=OSA.distance, score_cutoff=slips
            )
            if near is not None and (best is None or near[1] / len(key) < best[0]):
                best = near[1] / len(key), near[0]
        if best is None:
            return []
        weight = (1 - best[0]) ** TYPO_POWER
        roots = set(map(root_of, candidates))
        return [
            Alternative(stem, weight, How.RELATED if self.roots[stem] in roots else How.TYPO)
            for stem in self.keys[best[1]]
        ]

    @cached_property
    def _known_keys(self) -> Mapping[str, Sequence[str]]:
        """The keys that a typo may stand for, by first letter: that one is seldom mistyped."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for key in self.keys:
            if len(key) >= SHORTEST_CORRECTED - 1:
                found[key[0]].append(key)
        return found


SPELLING_WEIGHT = 0.95
BY_EAR_WEIGHT = 0.7
SYNONYM_WEIGHT = 0.7
TYPO_POWER = 2


def _consonants(word: str) -> str:
    """The consonants of a word's key: what is left of a foreign name when its vowels are written by ear."""
    return "".join(letter for letter in fold(word) if letter not in "aeiou")


def _synonyms(groups: Sequence[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """For each stem the stems of the words that share a group with it."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for group in groups:
        stems = list(dict.fromkeys(joined(word) for word in group))
        stems = [stem for stem in stems if len(stem) >= SHORTEST_SYNONYM]
        for stem in stems:
            found[stem].update(dict.fromkeys(other for other in stems if other != stem))
    return {stem: tuple(others) for stem, others in found.items()}
