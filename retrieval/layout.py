"""The lines of an article's text, and what each of them is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

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
_BREAK = re.compile(r"\r\n|[\r\n\u2028\u2029]")
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+")
_FIGURES = re.compile(r"[\d_]")
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][\"'»”’)\]]*$")
_COMMA = re.compile(r",[\"'»”’)\]]*$")
_CAPTION = re.compile(
    r"(?i)^(?:сурет\w*|фото\w*|коллаж|көрнекі сурет|видео|инфографика|photo|image|credit|©)"
    r"(?:\s+\w+){0,2}\s*(?::|©|[-–—]\s)|^©"
)
_CAPTION_LIMIT = 200
_HEADING_WORDS = 12
_LIST_ITEM = re.compile(r"^(?:[-–—•*▪●]|\d{1,2}[.)])\s+\w")
_WIDEST_WRAP = 120
_WRAPS = 3  # lines broken inside a sentence that show a text to be wrapped
_TICKER_LETTERS = 3
_TICKER_SHARE = 0.2
_CURRENCY = r"(?:USD|EUR|RUB|RUR|KZT|CNY|GBP|KGS|UZS|TRY)"
_FIGURE = r"[+−–-]?\d[\d., ]*+"
# Rates by their code and temperatures, perhaps behind the name of a town; possessive, so that no line is slow.
_TICKER = re.compile(
    rf"(?:[^\w+−–-]*+(?:{_CURRENCY}(?![^\W\d])\W*+(?:{_FIGURE})?|{_FIGURE}{_CURRENCY}(?!\w)"
    rf"|(?:[^\W\d_]++(?:-[^\W\d_]++)?:?\ )?{_FIGURE}°(?:\ ?[CСF](?!\w))?(?!\w)))++\W*"
)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}|[\w-]+\.(?:рф|қаз)")


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
    written = [trimmed(text, *match.span()) for match in _LINE.finditer(text, start)]
    written = [span for span in written if span.start < span.end]
    width = _wrapped_at(text, written)
    first = 0
    for number, (above, below) in enumerate(pairwise(written), 1):
        if not (_continues(text, above, below) or _overflows(text, above, below, width)):
            yield Span(written[first].start, above.end)
            first = number
    if written:
        yield Span(written[first].start, written[-1].end)


def _continues(text: str, above: Span, below: Span) -> bool:
    """A line goes on below when its sentence has not ended and the next line starts in lower case."""
    if (
        not text[below.start].islower()
        or _blank_between(text, above, below)
        or is_domain(text[slice(*below)])
    ):
        return False
    line = text[slice(*above)]
    return not ends_sentence(line) or _COMMA.search(line) is not None


def _wrapped_at(text: str, written: Sequence[Span]) -> int | None:
    """The width that the text is wrapped at; None where its lines are paragraphs."""
    if len(written) <= _WRAPS:
        return None
    width = max((span.end - span.start for span in written), default=0)
    broken = sum(_continues(text, above, below) for above, below in pairwise(written))
    return width if width <= _WIDEST_WRAP and broken >= _WRAPS else None


def _overflows(text: str, above: Span, below: Span, width: int | None) -> bool:
    """Whether a line ends only because the next word did not fit into the width, capital or not."""
    if width is None or _blank_between(text, above, below) or text[above.end - 1] == ":":
        return False
    word = text[slice(*below)].split(maxsplit=1)[0]
    return above.end - above.start + 1 + len(word) > width


def _blank_between(text: str, above: Span, below: Span) -> bool:
    return len(_BREAK.findall(text, above.end, below.start)) > 1


def kind_of(line: str) -> Kind:
    """What one line is, judged by itself."""
    if is_furniture(line):
        return Kind.FURNITURE
    if len(line) <= _CAPTION_LIMIT and _CAPTION.match(line):
        return Kind.CAPTION
    is_short = len(line.split(maxsplit=_HEADING_WORDS)) <= _HEADING_WORDS
    if line.endswith(":") and (is_short or is_capitals(line)):
        return Kind.SPEAKER
    if is_short and not ends_sentence(line) and not _LIST_ITEM.match(line):
        return Kind.HEADING
    return Kind.TEXT


def ends_sentence(line: str) -> bool:
    """Whether the line closes with the punctuation that prose closes with."""
    return _ENDS_SENTENCE.search(line) is not None


def is_domain(line: str) -> bool:
    """Whether the line is the address of a site and nothing else, as in BAQ.KZ."""
    return _DOMAIN.fullmatch(line) is not None


def is_capitals(line: str) -> bool:
    """Whether the line is written in capital letters, as the names of speakers are on news pages."""
    letters = [letter for letter in line if letter.isalpha()]
    return bool(letters) and not any(letter.islower() for letter in letters)


def is_furniture(line: str) -> bool:
    """Whether the line is no prose at all: a lone sign, a row of rates, a date by itself."""
    if _LETTER.search(line) is None or dateline(line) is not None or _TICKER.fullmatch(line):
        return True
    opening = sum(map(len, _LETTERS.findall(line, 0, len(line) // 4 + 1)))
    if opening > _TICKER_SHARE * (len(line) - opening):  # prose: more letters than the rest could outweigh
        return False
    letters, figures = len(_LETTER.findall(line)), len(_FIGURES.findall(line))
    return letters <= _TICKER_LETTERS * len(line.split()) and letters <= _TICKER_SHARE * figures
