"""From text to terms: what a question and a passage have in common is decided here."""

import re
from functools import lru_cache
from typing import NamedTuple

from retrieval.kazakh import root, stem
from retrieval.numbers import number, numerals, roman
from retrieval.script import restore
from retrieval.words import normal, words


class Token(NamedTuple):
    """A word of a text with what it is searched by, and its span in code points, end exclusive.

    Numbers in words and Roman numerals are searched by their digits, and a number of several words is one
    token.
    """

    word: str
    stem: str
    root: str
    start: int
    end: int


# "Бір" is "one" and, far more often, "a".
_ARTICLE = {"бір", "біреу"}
_ROMAN = re.compile(r"[XVIХІ]{2,7}")
_CYRILLIC_IN_ROMAN = str.maketrans("ХІ", "XI")


@lru_cache(maxsize=200_000)
def _stem_and_root(word: str) -> tuple[str, str, bool]:
    """Stem, root, and whether the word may be part of a number."""
    found = stem(word)
    return found, root(word), number(found) is not None and found not in _ARTICLE


def analyze(text: str) -> list[Token]:
    """The tokens of a text in order.

    >>> [token.stem for token in analyze("Коалициялардың он бес жұмысы")]
    ['коалиция', '15', 'жұмыс']
    """
    tokens: list[Token] = []
    counts = False
    for word, start, end in words(text):
        stem_, root_, is_number = _stem_and_root(word)
        counts = counts or is_number
        if _ROMAN.fullmatch(text, start, end):
            digits = roman(text[start:end].translate(_CYRILLIC_IN_ROMAN))
            if digits is not None:
                stem_ = root_ = digits
        tokens.append(Token(word, stem_, root_, start, end))
    return _counted(tokens) if counts else tokens


def _counted(tokens: list[Token]) -> list[Token]:
    """The tokens with the numbers among them said in digits."""
    stems = [token.stem for token in tokens]
    result: list[Token] = []
    at = 0
    for start, end, digits in numerals(stems):
        if end == start + 1 and stems[start] in _ARTICLE:
            continue
        result += tokens[at:start]
        result.append(Token(digits, digits, digits, tokens[start].start, tokens[end - 1].end))
        at = end
    return result + tokens[at:]


@lru_cache(maxsize=10_000)
def stems_of(word: str) -> tuple[str, ...]:
    """The stems that a word as a person typed it may have; the first is that of its spelling as it stands."""
    typed = normal(word)
    found = (stem(typed), stem(restore(typed)))
    return tuple(dict.fromkeys(one if one in _ARTICLE else number(one) or one for one in found))


def grams(stem_: str, size: int = 3) -> list[str]:
    """The letter n-grams of a stem, its beginning marked.

    >>> grams("қала")
    ['_қа', 'қал', 'ала']
    """
    marked = f"_{stem_}"
    return [marked[at : at + size] for at in range(max(1, len(marked) - size + 1))]
