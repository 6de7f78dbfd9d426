"""From text to terms: what a question and a passage have in common is decided here."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from retrieval.kazakh import stem, stem_and_root
from retrieval.numbers import number, numerals, roman
from retrieval.script import restore
from retrieval.words import is_plain, needs_neighbours, normal, words

Form = tuple[str, str, str]
"""What a token is without its place: word, stem and root."""


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
_SMALL_ROMAN_LETTERS = _ROMAN_LETTERS.lower()
_ROMAN = re.compile(f"[{_ROMAN_LETTERS}]{{2,7}}")
_CYRILLIC_IN_ROMAN = str.maketrans("ХІ", "XI")


@lru_cache(maxsize=200_000)
def _form(word: str) -> tuple[Form, int]:
    """The word's form, and whether it is a number in words or may be one in Roman letters."""
    found, root = stem_and_root(word)
    if part_of_number(found) & NUMBER_WORD:
        return (word, found, root), _NUMBER
    return (word, found, root), _PERHAPS_ROMAN if word[0] in _SMALL_ROMAN_LETTERS else _WORD


def analyze(text: str) -> list[Token]:
    """The tokens of a text in order.

    >>> [token.stem for token in analyze("Коалициялардың он бес жұмысы")]
    ['коалиция', '15', 'жұмыс']
    """
    tokens: list[Token] = []
    numbers: list[int] = []
    for word, start, end in words(text):
        form, kind = _form(word)
        if kind == _NUMBER:
            numbers.append(len(tokens))
        elif kind == _PERHAPS_ROMAN:
            form = _perhaps_roman(form, text[start:end])
        tokens.append(Token(*form, start, end))
    return _counted(tokens, numbers) if numbers else tokens


def forms_of_chunk(chunk: str) -> list[Form] | None:
    """The forms in a chunk (see `retrieval.words.chunks`), numbers not yet counted; None where its neighbours decide.

    The forms of a text are those of its chunks, once `part_of_number` and `counted` have seen to its numbers.
    """
    if is_plain(chunk) and chunk[-1] not in _ROMAN_LETTERS:
        form, _ = _form(chunk.lower())
        return [form]
    return None if needs_neighbours(chunk) else uncounted_forms(chunk)


def uncounted_forms(text: str) -> list[Form]:
    """The forms in a text, numbers not yet counted."""
    read = ((_form(word), start, end) for word, start, end in words(text))
    return [
        _perhaps_roman(form, text[start:end]) if kind == _PERHAPS_ROMAN else form
        for (form, kind), start, end in read
    ]


def _perhaps_roman(form: Form, surface: str) -> Form:
    """The form, or that of the number where the word as it stands is a Roman one."""
    digits = roman(surface.translate(_CYRILLIC_IN_ROMAN)) if _ROMAN.fullmatch(surface) else None
    return form if digits is None else (form[0], digits, digits)


NUMBER_WORD, BESIDE_NUMBER = 1, 2


def part_of_number(stem_: str) -> int:
    """What a word with that stem is to numbers, as bits: 0 for most.

    NUMBER_WORD says a number wherever it stands. BESIDE_NUMBER may be in one with a number word at its side:
    10 мың, жиырма бір; every number word may.
    """
    if number(stem_) is not None:
        return BESIDE_NUMBER if stem_ in _ARTICLE else BESIDE_NUMBER | NUMBER_WORD
    return BESIDE_NUMBER if stem_[0].isdigit() else 0


def counted(run: Sequence[Form]) -> list[Form]:
    """The forms of a whole row of words that may be in a number, one of them a number word, said in digits."""
    return [token[:3] for token in _said_in_digits([Token(*form, 0, 0) for form in run])]


def _counted(tokens: list[Token], numbers: Sequence[int]) -> list[Token]:
    """The tokens with the numbers among them, at the places `numbers`, said in digits."""
    result: list[Token] = []
    done = 0
    for place in numbers:
        if place < done:
            continue
        first, last = place, place + 1
        while first > done and part_of_number(tokens[first - 1].stem):
            first -= 1
        while last < len(tokens) and part_of_number(tokens[last].stem):
            last += 1
        result += tokens[done:first]
        result += _said_in_digits(tokens[first:last])
        done = last
    return result + tokens[done:]


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
