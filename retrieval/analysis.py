"""From text to terms: what a question and a passage have in common is decided here."""

import re
import unicodedata
from typing import NamedTuple

# A letter with the accents that follow it in decomposed text, where й is и and a breve.
_LETTERS = r"(?:[^\W_][\u0300-\u036f]*)+"
_WORD = re.compile(rf"{_LETTERS}(?:[-‐‑'’ʼ.,]{_LETTERS})*")
_PART = re.compile(_LETTERS)


class Term(NamedTuple):
    """A term and the span of the text that it was made from, in code points, end exclusive."""

    term: str
    start: int
    end: int


def analyze(text: str) -> list[Term]:
    """The terms of a text in order: words in lower case and NFC; the parts of a hyphenated word count too.

    >>> [term.term for term in analyze("Жан-жақты ТАЛДАУ!")]
    ['жан-жақты', 'жан', 'жақты', 'талдау']
    """
    terms: list[Term] = []
    for word in _WORD.finditer(text):
        terms.append(Term(_normal(word[0]), *word.span()))
        parts = list(_PART.finditer(text, *word.span()))
        if len(parts) > 1:
            terms.extend(Term(_normal(part[0]), *part.span()) for part in parts)
    return terms


def _normal(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower()
