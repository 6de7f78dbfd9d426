"""What stands behind the letters of a PDF's page, in squares of a few points."""

from collections.abc import Iterable
from math import isfinite
from typing import NamedTuple

from retrieval.formats.pdf_matrix import Matrix

_SQUARES = 128  # along each side of the page
_THINNEST = 4.0  # points; what is thinner is a line under or beside letters, not behind them


class Box(NamedTuple):
    """An upright rectangle, in points on the page as a reader holds it."""

    left: float
    bottom: float
    right: float
    top: float


def bounds(points: Iterable[tuple[float, float]], matrix: Matrix) -> Box:
    """The box around the points, of which there is at least one, after the matrix has moved them."""
    a, b, c, d, e, f = matrix
    moved = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
    across, up = zip(*moved, strict=True)
    return Box(min(across), min(up), max(across), max(up))


def around(one: Box, other: Box) -> Box:
    """The box that holds both."""
    return Box(
        min(one.left, other.left),
        min(one.bottom, other.bottom),
        max(one.right, other.right),
        max(one.top, other.top),
    )


class Ground:
    """The squares of a page that something was painted on."""

    def __init__(self, page: Box) -> None:
        self._page = page
        self._rows = [0] * _SQUARES  # a bit for each square

    def paint(self, box: Box) -> None:
        """All squares that the box touches."""
        if not all(map(isfinite, box)) or min(box.right - box.left, box.top - box.bottom) < _THINNEST:
            return
        left, bottom = self._square(box.left, box.bottom)
        right, top = self._square(box.right, box.top)
        bits = (1 << (right + 1)) - (1 << left)
        for row in range(bottom, top + 1):
            self._rows[row] |= bits

    def paint_all(self) -> None:
        """The whole page."""
        self._rows = [(1 << _SQUARES) - 1] * _SQUARES

    def lies_at(self, across: float, up: float) -> bool:
        """Whether the square of this place, which is finite, was painted."""
        column, row = self._square(across, up)
        return bool(self._rows[row] >> column & 1)

    def _square(self, across: float, up: float) -> tuple[int, int]:
        page = self._page
        shares = (
            (across - page.left) / max(page.right - page.left, 1.0),
            (up - page.bottom) / max(page.top - page.bottom, 1.0),
        )
        column, row = (int(min(max(share, 0.0) * _SQUARES, _SQUARES - 1.0)) for share in shares)
        return column, row


class Behind(NamedTuple):
    """What is behind a page's letters: anything that is not light, and pictures."""

    dark: Ground
    pictures: Ground
