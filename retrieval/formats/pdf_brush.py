"""What a PDF paints behind its letters, and which of its layers are seen."""

from collections.abc import Sequence

from pypdf.generic import PdfObject

from retrieval.formats.pdf_colours import Paint
from retrieval.formats.pdf_ground import Behind, Box, around, bounds
from retrieval.formats.pdf_matrix import Matrix, number

_DARK = 0.85  # of lightness; white letters are seen on what is darker
_PATHS = frozenset({b"m", b"l", b"c", b"v", b"y", b"re"})
_FILLS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_ENDS_PATH = _FILLS | {b"n", b"S", b"s"}
_RECTANGLE = ("left", "bottom", "width", "height")  # the operands of re
_SQUARE = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))  # where a picture is drawn before it is moved


class Brush:
    """Fills paths and places pictures."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind
        self._path: Box | None = None
        self._marked: list[bool] = []

    @property
    def is_off(self) -> bool:
        """Whether what is drawn now belongs to a layer that is switched off."""
        return bool(self._marked) and self._marked[-1]

    def mark(self, *, is_off: bool) -> None:
        """Begin a part of the content that belongs to a layer, or to none."""
        self._marked.append(self.is_off or is_off)

    def obey(self, operator: bytes, operands: Sequence[PdfObject], fill: Paint, matrix: Matrix) -> None:
        """Do what one operator of the page says, with this colour; most say nothing to a brush."""
        if operator in _PATHS:
            self._add(operator, operands, matrix)
        elif operator in _ENDS_PATH:
            if self._path and operator in _FILLS and fill.lightness < _DARK and not self.is_off:
                self._behind.dark.paint(self._path)
            self._path = None
        elif operator in {b"BMC", b"BDC"}:
            self.mark(is_off=False)
        elif operator == b"EMC" and self._marked:
            self._marked.pop()
        elif operator == b"INLINE IMAGE":
            self.place(matrix)
        elif operator == b"sh" and not self.is_off:
            self._behind.dark.paint_all()

    def place(self, matrix: Matrix) -> None:
        """Note where a picture stands."""
        if not self.is_off:
            box = bounds(_SQUARE, matrix)
            self._behind.dark.paint(box)
            self._behind.pictures.paint(box)

    def _add(self, operator: bytes, operands: Sequence[PdfObject], matrix: Matrix) -> None:
        """Another piece of the path."""
        places = [number(operand, 0.0) for operand in operands[:6]]
        if operator == b"re" and len(places) >= len(_RECTANGLE):
            left, bottom, right, top = places[0], places[1], places[0] + places[2], places[1] + places[3]
            places = [left, bottom, right, top, left, top, right, bottom]
        points = list(zip(places[::2], places[1::2], strict=False))
        if points:
            box = bounds(points, matrix)
            self._path = around(self._path, box) if self._path else box
