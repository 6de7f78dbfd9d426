"""The lines of a DOCX in reading order, without what a reader of it does not see."""

from collections.abc import Iterator
from typing import NamedTuple

from docx.oxml.xmlchemy import BaseOxmlElement as Element

from retrieval.formats.docx_lists import Lists
from retrieval.formats.docx_styles import Styles, W, is_hidden, value

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What was taken out while changes were tracked; the other half of a drawing that is there twice.
_GONE = frozenset({f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}sectPr", f"{W}sdtPr", _FALLBACK})
_BOX = f"{W}txbxContent"
_BACKGROUND = f"{W}background"
_ROW = "• "  # as items of lists have: a short line without it reads as a heading
_BETWEEN_CELLS = " | "
_LONGEST_CELL = 200  # characters; a cell with more, or with several paragraphs, is layout and not a table


class Line(NamedTuple):
    """A paragraph or a row of a table, as it is written; and whether its style says that it is a heading."""

    text: str
    heading: bool = False


def read_lines(root: Element, styles: Styles, lists: Lists) -> Iterator[Line]:
    """The lines of the document's body; headers, footers, notes and comments stand elsewhere and are left out."""
    body = root.find(f"{W}body")
    if body is not None:
        yield from _Reader(styles, lists).lines(body)


class _Reader:
    def __init__(self, styles: Styles, lists: Lists) -> None:
        self._styles = styles
        self._lists = lists
        self._codes: list[
            bool
        ] = []  # of the fields open in this paragraph: whether their codes are still being given

    def lines(self, container: Element) -> Iterator[Line]:
        for child in container:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag not in _GONE and not _is_contents(child):
                yield from self.lines(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Line]:
        style = value(paragraph.find(f"{W}pPr/{W}pStyle"))
        name = self._styles.name(style)
        if name.startswith("toc "):
            return
        heading = name.startswith("heading") or name == "title"
        hidden = self._styles.hides(style)
        self._codes = []
        text = "".join(self._letters(paragraph, hidden=hidden))
        if text.strip():
            numbering = paragraph.find(f"{W}pPr/{W}numPr")
            if numbering is None:
                numbering = self._styles.numbering(style)
            mark = "" if heading else self._lists.mark(numbering)
            yield Line(mark + text, heading)
        for box in paragraph.iter(_BOX):
            # A box in a box is read with the paragraph that it hangs on, once and not from every one around it.
            around = next(box.iterancestors(f"{W}p"))
            if around is paragraph and not any(parent.tag in _GONE for parent in box.iterancestors()):
                yield from self.lines(box)

    def _letters(self, element: Element, *, hidden: bool) -> Iterator[str]:
        """What the element's runs show; text boxes are read behind the paragraph that they hang on."""
        for child in element:
            if child.tag in _GONE or child.tag == _BOX:
                continue
            if child.tag == f"{W}r":
                told = is_hidden(child.find(f"{W}rPr"))
                style = value(child.find(f"{W}rPr/{W}rStyle"))
                unseen = told if told is not None else hidden or self._styles.hides(style)
                if not unseen and not self._is_pale(child, style):
                    yield from self._letters(child, hidden=hidden)
            elif child.tag == f"{W}fldChar":
                self._see_field(child.get(f"{W}fldCharType"))
            elif any(self._codes):
                continue
            elif child.tag in {f"{W}t", f"{_MATH}t"}:
                yield child.text or ""
            elif child.tag in _SIGNS:
                yield _SIGNS[child.tag]
            else:
                yield from self._letters(child, hidden=hidden)

    def _see_field(self, mark: str | None) -> None:
        """What stands between the begin of a field and its result is a code, which Word does not show."""
        if mark == "begin":
            self._codes.append(True)
        elif self._codes and mark == "separate":
            self._codes[-1] = False
        elif self._codes and mark == "end":
            self._codes.pop()

    def _is_pale(self, run: Element, style: str | None) -> bool:
        """Whether a run is white on the white of the page; tables and boxes often have a ground of their own."""
        paragraph = next(run.iterancestors(f"{W}p"), None)
        own = None if paragraph is None else value(paragraph.find(f"{W}pPr/{W}pStyle"))
        return (
            self._styles.is_pale(run.find(f"{W}rPr"), style, own)
            and (paragraph is None or paragraph.find(f"{W}pPr/{W}shd") is None)
            and next(run.iterancestors(f"{W}tc", _BOX), None) is None
            and run.getroottree().getroot().find(_BACKGROUND) is None
        )

    def _table(self, table: Element) -> Iterator[Line]:
        for row in table.iterfind(f".//{W}tr"):
            if next(row.iterancestors(f"{W}tbl")) is not table:
                continue  # of a table inside, which its cell reads
            deleted = row.find(f"{W}trPr/{W}del") is not None
            cells = (
                []
                if deleted
                else [list(self.lines(cell)) for cell in row.iter(f"{W}tc") if _row(cell) is row]
            )
            filled = [cell for cell in cells if cell]
            if len(filled) < 2 or any(len(cell) > 1 or len(cell[0].text) > _LONGEST_CELL for cell in filled):  # noqa: PLR2004 - one cell is no row
                yield from (line for cell in filled for line in cell)
            else:
                yield Line(_ROW + _BETWEEN_CELLS.join(" ".join(cell[0].text.split()) for cell in filled))


_SIGNS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}


def _row(cell: Element) -> Element:
    row: Element = next(cell.iterancestors(f"{W}tr"))
    return row


def _is_contents(element: Element) -> bool:
    """Whether the element is the table of contents, which Word keeps in a block of its own."""
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery") if element.tag == f"{W}sdt" else None
    return value(gallery) == "Table of Contents"
