"""What the words of a Russian or English question are in the Kazakh of the articles."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache

from retrieval import counting, loanwords
from retrieval.analysis import Token, analyze
from retrieval.families import Families, own
from retrieval.glossary import Glossary, Sense
from retrieval.kazakh import root as root_of
from retrieval.phrases import joined
from retrieval.question import KAZAKH_FUNCTION_WORDS
from retrieval.tongues import Tongue, foreign, is_function, stem_in
from retrieval.vocabulary import Alternative, How, Vocabulary

LOANWORD_WEIGHT = 0.9
"""What a Kazakh word weighs that is spelled like the foreign one."""
ROOT_WEIGHT = 0.7
"""The same for one that has the root of a translation, where the articles do not have that."""
MOST_SENSES = 4
"""Kazakh words that are looked for in place of a foreign one."""
_SIGN = re.compile(r"[^\s-]")
_FIGURES = re.compile(r"\d")
_KAZAKH = re.compile("[әғқңөұүһі]")
_SHARE = 0.6  # of a foreign word's letters; what Kazakh rules leave of it may be little


@dataclass(frozen=True, slots=True)
class Rendering:
    """What some words of a question, the tokens from `first` up to `end`, are in Kazakh.

    `slots` are the words that are looked for, each with its alternatives; a term of two words has two, and a word that
    the articles do not have has one without alternatives. `shown` are the Kazakh words for people, the surest first:
    those that the articles have, or else the best translation; empty where there is none.
    """

    first: int
    end: int
    slots: tuple[tuple[Alternative, ...], ...]
    shown: tuple[str, ...]

    @property
    def is_verb(self) -> bool:
        """Whether the Kazakh word is an infinitive, or one of the few nouns that end like one."""
        return bool(self.shown) and self.shown[0].endswith(("у", "ю")) and self.shown[0].islower()

    def word(self, slot: int) -> str:
        """The Kazakh word of a slot as it is written; empty without a translation."""
        words = self.shown[0].lower().split() if self.shown else []
        return words[slot] if slot < len(words) else ""


class _Case(Enum):
    """What the capitals of a word say."""

    PLAIN = 1
    FIRST = 2  # the question begins with it: a name or not
    NAME = 3
    ABBREVIATION = 4


def _case(surface: str, at: int) -> _Case:
    if not surface[:1].isupper():
        return _Case.PLAIN
    if surface.isupper() and len(surface) > 1:
        return _Case.ABBREVIATION
    return _Case.NAME if at else _Case.FIRST


class Translator:
    """Looks foreign words up in a glossary and among the articles' own words."""

    def __init__(self, vocabulary: Vocabulary, glossary: Glossary) -> None:
        self._vocabulary, self._glossary = vocabulary, glossary

    def rendered(self, question: str, tokens: Sequence[Token], tongue: Tongue) -> Iterator[Rendering]:
        """Each word, term and number of the tokens that is evidence, in Kazakh."""
        tokens = [_read(question, token, tongue) for token in tokens]
        stems = [stem_in(token.word, tongue) for token in tokens]
        at = 0
        while at < len(tokens):
            end = self._end_of_number(question, tokens, at, tongue)
            if end == at or (end == at + 1 and not self._is_number(tokens[at].word, stems[at], tongue)):
                end = self._end_of_term(stems, at, tongue)
                found = (
                    self._term(tokens[at:end], stems, at, tongue)
                    if end > at + 1
                    else self.word(question, tokens[at], foreign(tokens[at].word), at)
                )
                if found is not None:
                    yield found
            elif end > at + 1 or counting.in_kazakh(tokens[at].word, tongue) not in counting.LARGE:
                yield from self._number(tokens, at, end, tongue)  # "how many millions" asks for a number
            at = end

    def word(self, question: str, token: Token, tongue: Tongue, at: int = 0) -> Rendering | None:
        """One word, which stands at a place among the tokens; None for one that is no evidence."""
        surface = question[token.start : token.end]
        cased = _Case.PLAIN if question.isupper() else _case(surface, at)
        found = self._looked_up(token.word, tongue, cased)
        return found if found is None or not at else replace(found, first=at, end=at + 1)

    @cached_property
    def _looked_up(self) -> Callable[[str, Tongue, _Case], Rendering | None]:
        # People ask with few words again and again.
        return lru_cache(maxsize=50_000)(self._resolved)

    def _resolved(self, word: str, tongue: Tongue, cased: _Case) -> Rendering | None:
        if _KAZAKH.search(word):
            return None if word in KAZAKH_FUNCTION_WORDS else self._kazakh(word)
        if cased is _Case.ABBREVIATION:
            return self._abbreviation(word, tongue)
        if is_function(word, tongue):
            return None
        given = own(self._glossary.senses([stem_in(word, tongue)], tongue), word, tongue)
        senses = _informative(given)
        if given and not senses:
            return None
        least = loanwords.SHORTEST if cased is _Case.PLAIN else loanwords.SHORTEST_NAME
        loans = self._loans(word, tongue, least)
        if senses or loans:
            return self._rendering(0, 1, senses, loans)
        return self._guessed(word, tongue, is_name=cased is _Case.NAME)

    def is_compound(self, word: str, tongue: Tongue) -> bool:
        """Whether a hyphenated word is better taken in parts: each is known, and it as a whole is not."""
        return (
            not self._glossary.senses([stem_in(word, tongue)], tongue)
            and not self._vocabulary.is_spelled(word)
            and all(self._is_word(part, tongue) for part in word.split("-"))
        )

    def _is_word(self, word: str, tongue: Tongue) -> bool:
        return self._in_number(word, tongue) is not None or bool(
            self._glossary.senses([stem_in(word, tongue)], tongue)
        )

    def known(self, question: str, token: Token, tongue: Tongue) -> Rendering | None:
        """A word that stands in a question of another language; None where the glossary or the articles lack it."""
        if token.word.isdecimal() or _KAZAKH.search(token.word):
            return None
        if not self._glossary.senses([stem_in(token.word, tongue)], tongue):
            return None
        found = self.word(question, token, tongue)
        return found if found is not None and found.slots[0] else None

    def _guessed(self, word: str, tongue: Tongue, *, is_name: bool) -> Rendering:
        """A word that nobody knows as it stands: one of the articles, a relative of a known one, or a name."""
        native = self._native(word)
        if native.slots[0]:
            return native
        family = () if is_name else _informative(self._family(tongue).senses(stem_in(word, tongue)))
        if family:
            return self._rendering(0, 1, family)
        near = [
            one
            for one in self._vocabulary.nearly(loanwords.names(word, tongue))
            if len(one.stem) >= _SHARE * len(word)
        ]
        return self._rendering(0, 1, (), near)

    def _kazakh(self, word: str) -> Rendering:
        """A word in Kazakh letters; one that the articles do not have is its own translation."""
        found = self._native(word)
        return found if found.shown else Rendering(0, 1, found.slots, (word,))

    def _native(self, word: str) -> Rendering:
        """A word as the articles' own."""
        found = tuple(one for one in self._vocabulary.written(word) if len(one.stem) >= _SHARE * len(word))
        return Rendering(0, 1, (found,), tuple(self._vocabulary.shown(one.stem) for one in found[:1]))

    def _abbreviation(self, word: str, tongue: Tongue) -> Rendering:
        senses = self._glossary.senses([stem_in(word, tongue)], tongue)
        exact = [one for one in senses if one.lemma == word]
        return self._rendering(0, 1, exact, self._native(word).slots[0])

    def _end_of_term(self, stems: Sequence[str], at: int, tongue: Tongue) -> int:
        """Where the longest term of the glossary ends that begins at a place; the next place for none."""
        for size in range(min(self._glossary.longest(tongue, stems[at]), len(stems) - at), 1, -1):
            if self._glossary.senses(stems[at : at + size], tongue):
                return at + size
        return at + 1

    def _term(
        self, tokens: Sequence[Token], stems: Sequence[str], at: int, tongue: Tongue
    ) -> Rendering | None:
        """A term of the glossary, which stands at a place; None for one that is no evidence."""
        if all(is_function(token.word, tongue) for token in tokens):  # according to
            return None
        end = at + len(tokens)
        senses = _informative(self._glossary.senses(stems[at:end], tongue))
        return self._rendering(at, end, senses) if senses else None

    def _end_of_number(self, question: str, tokens: Sequence[Token], at: int, tongue: Tongue) -> int:
        """Where the number ends that begins at a place, at a sign at the latest; the place itself for none."""
        start = at
        while at < len(tokens) and self._in_number(tokens[at].word, tongue):
            if at > start and _SIGN.search(question[tokens[at - 1].end : tokens[at].start]):
                break
            at += 1
            if at + 1 < len(tokens) and tokens[at].word == "and" and tokens[at - 1].word in counting.SCALES:
                at += self._in_number(tokens[at + 1].word, tongue) is not None
        return at

    def _is_number(self, word: str, stem: str, tongue: Tongue) -> bool:
        """Whether a word that stands alone is a number: "one" is none, and "second" may be a time."""
        if _FIGURES.search(word):
            return True
        senses = self._glossary.senses([stem], tongue)
        return not is_function(word, tongue) and all(one.lemma != word for one in senses)

    def _in_number(self, word: str, tongue: Tongue) -> str | None:
        """What a word says in a number, in Kazakh: its figures or number words; None for any other word."""
        return word if _FIGURES.search(word) else counting.in_kazakh(word, tongue)

    def _number(self, tokens: Sequence[Token], at: int, end: int, tongue: Tongue) -> Iterator[Rendering]:
        """The numbers that a row of figures and number words says: двадцать пять is 25."""
        said = [self._in_number(tokens[place].word, tongue) or "" for place in range(at, end)]
        for token in analyze(" ".join(said)):
            found = self._vocabulary.meant(token.stem)
            yield Rendering(at, end, (found,), (token.word,))

    def _rendering(
        self, first: int, end: int, senses: Iterable[Sense], loans: Sequence[Alternative] = ()
    ) -> Rendering:
        """The alternatives of all senses, those of a term spread over as many slots as it has words."""
        terms = [(sense, self._stems(sense.kazakh)) for sense in senses]
        here = [(sense, stems) for sense, stems in terms if all(map(self._vocabulary.knows, stems))]
        here.sort(key=lambda one: (-one[0].weight, -min(map(self._vocabulary.df, one[1]))))
        size = len(here[0][1]) if here else 1
        if end == first + 1:  # a term for one word only where there is no word: it would weigh as several
            size = min((len(stems) for _, stems in here), default=1)
        here = [(sense, stems) for sense, stems in here if len(stems) in {1, size}][:MOST_SENSES]
        slots: list[dict[str, Alternative]] = [{} for _ in range(size)]
        for sense, stems in here:
            for place, slot in enumerate(slots):
                for one in self._meant(stems[min(place, len(stems) - 1)], sense.weight, alone=len(here) == 1):
                    slot.setdefault(one.stem, one)
        for slot in slots:
            for one in loans:
                slot.setdefault(one.stem, one)
        if not here and not loans:
            slots = [self._of_root(terms)]
        told = {stem for _, stems in here for stem in stems}
        shown = [sense.kazakh for sense, _ in here]
        shown += [self._vocabulary.shown(one.stem) for one in loans if one.stem not in told]
        best = tuple(dict.fromkeys(shown)) or tuple(sense.kazakh for sense, _ in terms[:1])
        return Rendering(first, end, tuple(tuple(slot.values()) for slot in slots), best)

    def _stems(self, kazakh: str) -> tuple[str, ...]:
        whole = joined(kazakh)
        return (whole,) if self._vocabulary.knows(whole) else tuple(whole.split())

    def _meant(self, stem: str, weight: float, *, alone: bool) -> Iterator[Alternative]:
        """A translation, and its synonyms where it is the only one: those of several would lead too far."""
        for one in self._vocabulary.meant_by_phrase(stem):
            if one.how is not How.SYNONYM:
                yield Alternative(one.stem, one.weight * weight, How.TRANSLATION)
            elif alone:
                yield Alternative(one.stem, one.weight * weight, How.SYNONYM)

    def _of_root(self, terms: Sequence[tuple[Sense, Sequence[str]]]) -> dict[str, Alternative]:
        """The articles' words of the same root as a translation that they do not have: көмек for көмектесу."""
        return {
            stem: Alternative(stem, ROOT_WEIGHT * sense.weight, How.RELATED)
            for sense, stems in terms
            if len(stems) == 1 and not stems[0].isdigit()
            for stem in self._vocabulary.of_root(root_of(stems[0]))
        }

    def _loans(self, word: str, tongue: Tongue, least: int) -> tuple[Alternative, ...]:
        """The articles' words that are the foreign one in Kazakh spelling; their keys have `least` letters."""
        keys = [key for key in loanwords.keys(word, tongue) if len(key) >= least]
        stems = self._vocabulary.spelled(keys)
        return tuple(Alternative(stem, LOANWORD_WEIGHT, How.LOANWORD) for stem in stems)

    def _family(self, tongue: Tongue) -> Families:
        return _families(self._glossary, tongue)


def _read(question: str, token: Token, tongue: Tongue) -> Token:
    """The token as it is in the question's language: Kazakh and Roman numbers as figures, but "он" is "he"."""
    surface = question[token.start : token.end].lower()
    if is_function(surface, tongue):
        return token._replace(word=surface)
    return token._replace(word=token.stem) if _FIGURES.match(token.stem) else token


@lru_cache(maxsize=8)
def _families(glossary: Glossary, tongue: Tongue) -> Families:
    return Families(glossary, tongue)


def _informative(senses: Iterable[Sense]) -> tuple[Sense, ...]:
    """The senses that are evidence in Kazakh."""
    return tuple(one for one in senses if one.is_evidence and one.kazakh not in KAZAKH_FUNCTION_WORDS)
