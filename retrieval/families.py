"""Which word of a glossary a question's word may be a form or a relative of, where its stem alone does not tell."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.glossary import Glossary, Sense
from retrieval.tongues import Tongue, kind_of, kind_of_lemma

WEIGHT = 0.6
"""What a sense weighs that is a relative's."""
SHORTEST = 5
"""Letters that words of one family have in common at their beginning."""
_SHARE = 0.75
"""The same as a share of the longer one."""
SHORTEST_MISTYPED = 7
_WORSE = 0.25
"""How much less of a lemma a form may begin with than of the lemma that fits it best."""
_RUSSIAN_PREFIXES = "за на по про вы с у от об о пере при раз рас из ис вос воз под пред до в не"
_ENGLISH_PREFIXES = "un re pre dis in"
_PREFIXES = (*_RUSSIAN_PREFIXES.split(), *_ENGLISH_PREFIXES.split())
SHORTEST_FLEETING = 4
"""Letters of a stem below which no vowel comes and goes."""
_FLEETING = ("о", "е")


class Families:
    """The words of a glossary in one language, by their beginnings."""

    def __init__(self, glossary: Glossary, tongue: Tongue) -> None:
        self._glossary, self._tongue = glossary, tongue
        self._known = glossary.keys(tongue)

    def senses(self, stem: str) -> tuple[Sense, ...]:
        """Those of a word of the same family, less sure than its own; none where there is no such word.

        запланировать leads to планировать, рынк- to рынок, and a word with a typo to the one that was meant.
        """
        near = next((one for one in _relatives(stem) if one in self._known), None) or self._nearest(stem)
        found = self._glossary.senses([near], self._tongue) if near else ()
        return tuple(one._replace(weight=one.weight * WEIGHT) for one in found)

    def _nearest(self, stem: str) -> str | None:
        if len(stem) < SHORTEST:
            return None
        known = self._by_beginning.get(stem[:3], ())
        alike = [
            key for key in known if common(key, stem) >= max(SHORTEST, _SHARE * max(len(key), len(stem)))
        ]
        if alike:
            return max(alike, key=lambda key: (common(key, stem), -len(key), key))
        if len(stem) < SHORTEST_MISTYPED:
            return None
        slip = process.extractOne(stem, known, scorer=OSA.distance, score_cutoff=1)
        return slip[0] if slip else None

    @cached_property
    def _by_beginning(self) -> dict[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for key in self._known:
            if " " not in key and len(key) >= SHORTEST - 1:
                found.setdefault(key[:3], []).append(key)
        return dict(found)


def own(senses: Iterable[Sense], word: str, tongue: Tongue) -> tuple[Sense, ...]:
    """The senses of the lemma that a word is a form of, where several lemmas have its stem.

    So with цель and целый, зал and залив, capital and capitalism. None where the word is of another doctrine.
    """
    found, plain = tuple(senses), word.replace("ё", "е")
    if tongue is Tongue.ENGLISH:
        return tuple(one for one in found if _doctrine(one.lemma) == _doctrine(plain))
    if len({one.lemma for one in found}) <= 1:
        return found
    exact = tuple(one for one in found if one.lemma == plain)
    if exact:
        return exact
    kind = kind_of(plain)
    of_kind = tuple(one for one in found if kind_of_lemma(one.lemma) is kind) or found
    fits = [common(one.lemma, plain) / len(one.lemma) for one in of_kind]
    return tuple(one for one, fit in zip(of_kind, fits, strict=True) if fit >= max(fits) - _WORSE)


def _doctrine(word: str) -> bool:
    """Whether an English word says what people believe: the stemmer takes capitalism for capital."""
    return word.endswith(("ism", "isms"))


def common(one: str, other: str) -> int:
    """The number of letters that two words begin with in common."""
    same = (first == second for first, second in zip(one, other, strict=False))
    return next((size for size, alike in enumerate(same) if not alike), min(len(one), len(other)))


def _relatives(stem: str) -> Iterator[str]:
    for prefix in _PREFIXES:
        rest = stem.removeprefix(prefix)
        if rest != stem and len(rest) >= SHORTEST:
            yield rest
    if len(stem) >= SHORTEST_FLEETING:
        yield from (f"{stem[:-1]}{vowel}{stem[-1]}" for vowel in _FLEETING)
        if stem[-2] in _FLEETING:
            yield stem[:-2] + stem[-1]
