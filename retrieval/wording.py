"""The words of a text as they are compared when every letter and digit counts."""

import re
from functools import lru_cache
from typing import NamedTuple

from retrieval.article import Span
from retrieval.homoglyphs import to_cyrillic
from retrieval.words import normal, words

_LETTER = r"(?:[^\W\d_ʼʻʹ]|¥(?=[\u0400-\u052f])|(?<=[\u0400-\u052f])¥)"
_MARKS = r"\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
_TOKEN = re.compile(
    r"(?P<number>(?:(?<![^\s(])[-−–])?"  # a minus is part of its number
    r"(?:\d{1,3}(?:\s{1,2}\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*))"
    rf"|{_LETTER}(?:[{_INVISIBLE}{_MARKS}]*+(?:{_LETTER}|\d))*+[{_MARKS}]*+"
    r"|[%‰°$€£₸₽]"
)


class Wording(NamedTuple):
    """A text, its words as they are compared, and the span of each."""

    text: str
    keys: tuple[str, ...]
    spans: tuple[Span, ...]

    def cover(self, start: int, end: int) -> Span:
        """From the start of a word to the end of the one before `end`."""
        return Span(self.spans[start].start, self.spans[end - 1].end)

    def between(self, word: int) -> str:
        """What stands between a word and the next."""
        return self.text[self.spans[word].end : self.spans[word + 1].start]


@lru_cache(maxsize=64)
def wording(text: str) -> Wording:
    """The words of a text.

    >>> wording("10 000-нан аса, HATO").keys
    ('10000', 'НАН', 'АСА', 'НАТО')
    """
    found = list(_TOKEN.finditer(text))
    return Wording(text, tuple(map(_key, found)), tuple(Span(*match.span()) for match in found))


def _key(match: re.Match[str]) -> str:
    if not match["number"]:
        # In capitals even a word that is all look-alikes is in one script: HATO.
        return to_cyrillic(normal(match[0]).upper())
    figures = "".join(match[0].split())
    sign = "" if figures[0].isdigit() else "-"
    return sign + " ".join(word.text for word in words(figures.lstrip("-−–")))
