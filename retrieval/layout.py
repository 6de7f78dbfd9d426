"""The lines of an article's text, and what each of them is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from retrieval.article import Span
from retrieval.dates import dateline


class Kind(Enum):
    """What a line is to a reader."""

    TEXT = "text"
    HEADING = "heading"
    SPEAKER = "speaker"  # who says what stands below; capitals, or words that end in a colon
    CAPTION = "caption"  # a picture's credit
    FURNITURE = "furniture"  # tickers, lone signs, datelines


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its surrounding white space; a hard-wrapped paragraph is one line."""

    span: Span
    kind: Kind


_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_WRITTEN = re.compile(r"\w", re.UNICODE)
_LETTER = re.compile(r"[^\W\d_]")
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][\"'»”’)\]]*$")
_CAPTION = re.compile(
    r"(?i)^(?:сурет\w*|фото\w*|коллаж|көрнекі сурет|видео|инфографика|photo|image|credit|©)"
    r"(?:\s+\w+){0,2}\s*(?::|©|[-–—]\s)|^©"
)
_CAPTION_LIMIT = 200
_HEADING_WORDS = 12
_LIST_ITEM = re.compile(r"^(?:[-–—•*▪●]|\d{1,2}[.)])\s+\w")
_TICKER_LETTERS = 3
_TICKER_SHARE = 0.2


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without white space (and byte order marks) at its ends."""
    while start < end and (text[start].isspace() or text[start] == "\ufeff"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def read_lines(text: str, start: int = 0) -> Iterator[Line]:
    """The lines from `start` on, in order, white space and hard wraps undone, each with its kind."""
    for span in _unwrapped(text, start):
        yield Line(span, kind_of(text[span.start : span.end]))


def _unwrapped(text: str, start: int) -> Iterator[Span]:
    waiting: Span | None = None
    for match in _LINE.finditer(text, start):
        span = trimmed(text, *match.span())
        if span.start == span.end:
            continue
        if waiting is not None and _continues(text, waiting, span):
            waiting = Span(waiting.start, span.end)
            continue
        if waiting is not None:
            yield waiting
        waiting = span
    if waiting is not None:
        yield waiting


def _continues(text: str, above: Span, below: Span) -> bool:
    """A line goes on below when its sentence has not ended and the next line starts in lower case."""
    blank_between = len(re.findall(r"\r\n|\r|\n", text[above.end : below.start])) > 1
    return (
        not blank_between
        and text[below.start].islower()
        and not _ENDS_SENTENCE.search(text[above.start : above.end])
    )


def kind_of(line: str) -> Kind:
    """What one line is, judged by itself."""
    if is_furniture(line):
        return Kind.FURNITURE
    if len(line) <= _CAPTION_LIMIT and _CAPTION.match(line):
        return Kind.CAPTION
    if line.endswith(":") and (is_capitals(line) or len(line.split()) <= _HEADING_WORDS):
        return Kind.SPEAKER
    if len(line.split()) <= _HEADING_WORDS and not ends_sentence(line) and not _LIST_ITEM.match(line):
        return Kind.HEADING
    return Kind.TEXT


def ends_sentence(line: str) -> bool:
    """Whether the line closes with the punctuation that prose closes with."""
    return _ENDS_SENTENCE.search(line) is not None


def is_capitals(line: str) -> bool:
    """Whether the line is written in capital letters, as the names of speakers are on news pages."""
    letters = [letter for letter in line if letter.isalpha()]
    return bool(letters) and not any(letter.islower() for letter in letters)


def is_furniture(line: str) -> bool:
    """Whether the line is no prose at all: a lone sign, a row of rates, a date by itself."""
    letters = len(_LETTER.findall(line))
    written = len(_WRITTEN.findall(line))
    if letters == 0 or dateline(line) is not None:
        return True
    figures = written - letters
    return letters <= _TICKER_LETTERS * len(line.split()) and letters <= _TICKER_SHARE * figures
