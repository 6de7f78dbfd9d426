"""From text to terms: what a question and a passage have in common is decided here."""

import re
from collections.abc import Sequence
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
_WORD, _NUMBER, _PERHAPS_ROMAN = range(3)
_ROMAN_LETTERS = "XVIХІ"
_ROMAN = re.compile(f"[{_ROMAN_LETTERS}]{{2,7}}")
_CYRILLIC_IN_ROMAN = str.maketrans("ХІ", "XI")


@lru_cache(maxsize=200_000)
def _stem_and_root(word: str) -> tuple[str, str, int]:
    """Stem, root, and whether the word is a number in words or may be one in Roman letters."""
    found = stem(word)
    if number(found) is not None and found not in _ARTICLE:
        return found, root(word), _NUMBER
    return found, root(word), _PERHAPS_ROMAN if word[0] in _ROMAN_LETTERS.lower() else _WORD


def analyze(text: str) -> list[Token]:
    """The tokens of a text in order.

    >>> [token.stem for token in analyze("Коалициялардың он бес жұмысы")]
    ['коалиция', '15', 'жұмыс']
    """
    tokens: list[Token] = []
    numbers: list[int] = []
    for word, start, end in words(text):
        stem_, root_, kind = _stem_and_root(word)
        if kind:
            if kind == _NUMBER:
                numbers.append(len(tokens))
            elif _ROMAN.fullmatch(text, start, end):
                digits = roman(text[start:end].translate(_CYRILLIC_IN_ROMAN))
                if digits is not None:
                    stem_ = root_ = digits
        tokens.append(Token(word, stem_, root_, start, end))
    return _counted(tokens, numbers) if numbers else tokens


def _counted(tokens: list[Token], numbers: Sequence[int]) -> list[Token]:
    """The tokens with the numbers among them, at the places `numbers`, said in digits."""
    result: list[Token] = []
    done = 0
    for place in numbers:
        if place < done:
            continue
        first, last = place, place + 1
        while first > done and _in_number(tokens[first - 1]):
            first -= 1
        while last < len(tokens) and _in_number(tokens[last]):
            last += 1
        result += tokens[done:first]
        result += _said_in_digits(tokens[first:last])
        done = last
    return result + tokens[done:]


def _in_number(token: Token) -> bool:
    """Whether a word beside a number word may belong to the same number: 10 мың, жиырма бір."""
    return token.stem in _ARTICLE or token.stem[0].isdigit() or number(token.stem) is not None


def _said_in_digits(run: list[Token]) -> list[Token]:
    result: list[Token] = []
    at = 0
    for start, end, digits in numerals([token.stem for token in run]):
        if end == start + 1 and run[start].stem in _ARTICLE:
            continue
        result += run[at:start]
        result.append(Token(digits, digits, digits, run[start].start, run[end - 1].end))
        at = end
    return result + run[at:]


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
