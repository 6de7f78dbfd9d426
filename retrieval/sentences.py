"""Sentence boundaries, through razdel, which knows Russian abbreviations but not the Kazakh ones."""

import re

import razdel

from retrieval.article import Span
from retrieval.layout import trimmed

# жыл, қала, ғасыр, бет, көше, ауыл, облыс, аудан, мысалы, доктор: "2026 ж. 13 ақпанда" is one sentence.
_ABBREVIATED = re.compile(r"(?<![\w.])(?:жж|ж|қ|ғғ|ғ|б|к|а|обл|ауд|мыс|қар|акад|проф|млн|млрд|мың)\.$")
# "және т.б." closes a sentence as often as not; the next letter tells.
_OPEN = re.compile(r"(?<!\w)т\.\s?[бс]\.$")


def sentences(text: str, span: Span) -> list[Span]:
    """The sentences inside `span`, in order, as spans of `text`; together they hold all of its words."""
    found: list[Span] = []
    for part in razdel.sentenize(text[span.start : span.end]):
        sentence = trimmed(text, span.start + part.start, span.start + part.stop)
        if sentence.start == sentence.end:
            continue
        if found and _goes_on(text[slice(*found[-1])], text[sentence.start]):
            found[-1] = Span(found[-1].start, sentence.end)
        else:
            found.append(sentence)
    return found


def _goes_on(before: str, following: str) -> bool:
    """Whether what razdel took for the end of a sentence is a Kazakh abbreviation inside one."""
    return _ABBREVIATED.search(before) is not None or (
        _OPEN.search(before) is not None and not following.isupper()
    )
