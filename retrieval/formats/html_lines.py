"""A tree of HTML, or of what was extracted from it, written as lines with an empty line between paragraphs."""

import re
from collections.abc import Iterator

from lxml import etree

from retrieval.formats.cleaning import clean

BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "body",
        "html",
        "head",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "li",
        "list",
        "item",
        "blockquote",
        "quote",
        "pre",
        "code",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "row",
        "figure",
        "figcaption",
        "address",
        "hr",
        "form",
        "fieldset",
        "center",
        "details",
        "summary",
    ]
)
"""Tags that begin a paragraph of their own."""
CELLS = frozenset(("td", "th", "cell"))
"""Tags of the cells of a table."""
_ITEMS = frozenset(("li", "item"))
_BREAKS = frozenset(("br", "lb"))
_ROWS = frozenset(("tr", "row"))
_BREAK = "\n"
_PARAGRAPH = "\n\n"
_CELL = "\x00"
_EMPTY_LINE = re.compile(r"\n[^\S\n]{1,999}(?=\n)")  # <br>&nbsp;<br>


def written(tree: etree._Element) -> str:
    """The readable text of a tree: paragraphs, headings, items and rows, each between empty lines."""
    text = _EMPTY_LINE.sub("\n", "".join(_pieces(tree)))
    return clean(_PARAGRAPH.join(filter(None, map(_paragraph, text.split(_PARAGRAPH)))))


def _paragraph(text: str) -> str:
    cells = [" ".join(cell.split()) for cell in text.split(_CELL)]
    if len(cells) > 1:
        return "• " + " | ".join(filter(None, cells)) if any(cells) else ""
    lines = (" ".join(line.split()) for line in text.split(_BREAK))
    content = _BREAK.join(line for line in lines if line)
    return "" if content == "•" else content


def _pieces(tree: etree._Element) -> Iterator[str]:
    number: dict[etree._Element, int] = {}
    cells = 0
    marker = ""  # of an item whose text has not begun; what stands before its text does not part them
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag, starts = element.tag, event == "start"
        in_cell = cells > 0 and tag not in _ROWS
        if tag in CELLS:
            cells += 1 if starts else -1
            yield _CELL if starts else ""
        elif tag in _BREAKS:
            yield "" if marker or not starts else " " if in_cell else _BREAK
        elif tag in BLOCKS and not marker:
            yield " " if in_cell else _PARAGRAPH
        if tag in _ITEMS and not in_cell:
            marker = _marker(element, number) if starts else ""
        text = _spaced(element.text) if starts else _spaced(element.tail) if element is not tree else ""
        if text.strip():
            yield marker
            marker = ""
        yield text


def _marker(item: etree._Element, number: dict[etree._Element, int]) -> str:
    around = item.getparent()
    if around is None or "ol" not in (around.tag, around.get("rend")):
        return "• "
    number[around] = number.get(around, 0) + 1
    return f"{number[around]}. "


def _spaced(text: str | None) -> str:
    """Text as it flows: its newlines are white space only, and it holds no mark of ours."""
    return (text or "").replace("\n", " ").replace("\r", " ").replace(_CELL, " ")
