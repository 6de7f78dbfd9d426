"""Paragraphs from the lines of a PDF: what belongs together, without running heads and page numbers."""

import re
from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from statistics import median
from typing import NamedTuple

from retrieval.formats.pdf_lines import TextLine

_MARGIN = 0.15  # the share of a page at its top and bottom where running heads stand
_EDGE_LINES = 3
_SAME_PLACE = 0.01  # how far a running head may move from page to page, as a share of the height
_RUNS_ON = 0.4  # the share of the pages that a running head stands on, at least: it may alternate
_FIGURES = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?i)\W*(?:(?:бет|стр(?:аница|\.)?|page|p\.)\s*)?\d{1,4}(?:\s*(?:/|of|из|-)\s*\d{1,4})?"
    r"(?:\s*-?\s*(?:бет|стр\.?|page))?\W*"
)
_ITEM = re.compile(r"(?:[-–—•*▪●◦‣■□✓]|\(?\d{1,2}[.)])\s+\S")
_ENDS = re.compile(r"[.!?…:;][\"'»”’)\]]*$")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_HYPHENS = "-‐\u00ad"
_LOOSE = 1.2  # times the usual distance of lines: a gap between paragraphs
_UNKNOWN_LEADING = 1.7  # times the letters' size, where too few lines tell
_OTHER_SIZE = 1.08
_SHORT = (
    2.0  # of the letters' size: what the last line of a column or page leaves free where it ends a paragraph
)
_INDENT = 0.8  # likewise
_SAME_COLUMN = 4.0  # likewise
_STEM = 4  # letters of a word that have to agree before it shows how another is written


class Paragraph(NamedTuple):
    """A paragraph's text without line breaks, and the size and weight of its letters."""

    text: str
    size: float
    bold: bool
    page: int


def running_heads(lines: Sequence[TextLine]) -> frozenset[TextLine]:
    """The lines at the top and bottom of pages that are not the story: what comes again and again, page numbers."""
    edges = [edge for _, page in groupby(lines, key=lambda line: line.page) for edge in _edges(list(page))]
    wanted = max(2, _RUNS_ON * len({line.page for line in lines}))
    places: dict[tuple[str, int], set[int]] = {}
    for line in edges:
        text, place = _place(line)
        for near in (place - 1, place, place + 1):
            places.setdefault((text, near), set()).add(line.page)
    again = {line for line in edges if len(places[_place(line)]) >= wanted}
    return frozenset(again | {line for line in edges if _PAGE_NUMBER.fullmatch(line.text)})


def _edges(page: Sequence[TextLine]) -> Iterator[TextLine]:
    placed = sorted(page, key=lambda line: line.from_top)
    yield from (line for line in placed[:_EDGE_LINES] if line.from_top <= _MARGIN)
    yield from (line for line in placed[_EDGE_LINES:][-_EDGE_LINES:] if line.from_top >= 1 - _MARGIN)


def _place(line: TextLine) -> tuple[str, int]:
    """What a running head says but for its figures, and where."""
    return _FIGURES.sub("#", line.text), round(line.from_top / _SAME_PLACE)


def paragraphs(lines: Sequence[TextLine]) -> Iterator[Paragraph]:
    """The lines put together into paragraphs, in their order."""
    if not lines:
        return
    leading = _leading(lines)
    right = _right_edges(lines)
    words = sorted({word.casefold() for line in lines for word in _WORD.findall(line.text)})
    begun: list[TextLine] = [lines[0]]
    for above, below in pairwise(lines):
        if _ends_between(begun, above, below, leading, right[above]):
            yield _paragraph(begun, words)
            begun = []
        begun.append(below)
    yield _paragraph(begun, words)


def _leading(lines: Sequence[TextLine]) -> dict[float, float]:
    """The usual distance of two lines, for each size of letters."""
    steps: dict[float, list[float]] = {}
    for above, below in pairwise(lines):
        step = above.baseline - below.baseline
        if above.page == below.page and round(above.size) == round(below.size) and step > 0:
            steps.setdefault(round(above.size), []).append(step)
    return {size: median(sorted(found)[: max(1, len(found) // 2 + 1)]) for size, found in steps.items()}


def _right_edges(lines: Iterable[TextLine]) -> dict[TextLine, float]:
    """How far the lines of its size reach in the column that each line stands in."""
    edges: dict[TextLine, float] = {}
    alike: dict[tuple[int, int], list[TextLine]] = {}
    for line in lines:
        alike.setdefault((line.page, round(line.size)), []).append(line)
    for same in alike.values():
        same.sort(key=lambda line: line.left)
        lefts = [line.left for line in same]
        reach = list(accumulate((line.right for line in same), max))
        edges |= {line: reach[bisect(lefts, line.left + _SAME_COLUMN * line.size) - 1] for line in same}
    return edges


def _ends_between(
    begun: Sequence[TextLine], above: TextLine, below: TextLine, leading: dict[float, float], right: float
) -> bool:
    """Whether the paragraph begun so far ends with the line above."""
    sizes = sorted((above.size, below.size))
    other = sizes[1] > sizes[0] * _OTHER_SIZE or above.bold != below.bold
    if other or above.is_row or below.is_row or _ITEM.match(below.text):
        return True
    if above.text[-1] in _HYPHENS and below.text[:1].islower():
        return False
    step = above.baseline - below.baseline
    if above.page != below.page or step <= 0:
        # A new page or column goes on with the sentence, or begins with another paragraph.
        short = above.right < right - _SHORT * above.size
        return (_ends(above) and (short or below.text[:1].islower())) or _ends_early(above, below, right)
    usual = leading.get(round(above.size), 0.0)
    if step > (usual * _LOOSE if usual else above.size * _UNKNOWN_LEADING):
        return True
    if below.left - begun[-1].left > _INDENT * below.size and not _ITEM.match(begun[0].text):
        return len(begun) > 1 or _ends(above)
    return _ends_early(above, below, right)


def _ends(line: TextLine) -> bool:
    return _ENDS.search(line.text) is not None


def _ends_early(above: TextLine, below: TextLine, right: float) -> bool:
    """Whether the next line's first word would have fitted into the line above."""
    word = below.text.split(maxsplit=1)[0]
    letter = (below.right - below.left) / len(below.text)
    fits = above.right + letter * (len(word) + 0.5) < right
    return fits and (_ends(above) or not below.text[:1].islower())


def _paragraph(lines: Sequence[TextLine], words: Sequence[str]) -> Paragraph:
    parts = [_before(above.text, below.text, words) for above, below in pairwise(lines)]
    text = "".join([*parts, lines[-1].text])
    return Paragraph(text, max(line.size for line in lines), lines[0].bold, lines[0].page)


def _before(above: str, below: str, words: Sequence[str]) -> str:
    """The upper of two lines as it goes on; its hyphen goes only where the text itself shows that the word has none."""
    hyphen, rest = above[-1], _WORD.match(below)
    if hyphen not in _HYPHENS or rest is None or not below[0].islower():
        return above + " "
    start = _WORD.findall(above.rsplit(maxsplit=1)[-1])
    if hyphen == "\u00ad":
        return above[:-1]
    whole = bool(start) and _is_one_word(start[-1].casefold(), rest[0].casefold(), words)
    return above[:-1] if whole else above if start else above + " "


def _is_one_word(start: str, rest: str, words: Sequence[str]) -> bool:
    """Whether a word that agrees with both sides of the hyphen, but for its ending, stands elsewhere."""
    if any(_stands(f"{start}{hyphen}{rest}", words) for hyphen in "-‐"):
        return False
    whole = start + rest
    shortest = max(_STEM, len(start) + min(2, len(rest)))
    return _next(whole, words).startswith(whole) or any(
        _stands(whole[:length], words) for length in range(shortest, len(whole))
    )


def _stands(word: str, words: Sequence[str]) -> bool:
    return _next(word, words) == word


def _next(word: str, words: Sequence[str]) -> str:
    """The word itself if it is among the sorted words, or else the one that follows it; empty behind the last."""
    place = bisect_left(words, word)
    return words[place] if place < len(words) else ""
