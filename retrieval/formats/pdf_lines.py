"""The lines of a page, from the places of its letters, in the order in which they are read."""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from retrieval.formats.pdf_pen import Run, is_leftward

# Shares of the letters' size.
_SAME_LINE = 0.5  # how far a letter may stand above or below its neighbour: exponents do
_WORD_GAP = 0.18  # without a drawn space, what is a space
_DRAWN_GAP = 0.04  # a drawn space that takes less was taken back, as soft hyphens are
_COLUMN_GAP = 1.8  # wider than the spaces of a justified line
_BACK = 0.6  # how far letters may overlap: kerning, accents
_COLUMN_ROWS = 4  # rows that have a gap at one place before it counts as the gutter of two columns
_LONGEST_COLUMN = 200  # rows
_COLUMN_WORDS = 3  # words on each side of a gutter, on the average; cells of tables have fewer


class TextLine(NamedTuple):
    """Words on one baseline; points as in Run. `page` counts from 0, `from_top` is a share of the page's height.

    `is_row` tells a row of a table, whose cells stand far apart.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    page: int
    from_top: float
    is_row: bool = False


def lines(runs: Iterable[Run], page: int, bottom: float, top: float) -> list[TextLine]:
    """The page's lines as they are read: columns that were drawn row by row one after the other."""
    pieces: list[list[Run]] = []
    for run in runs:
        if pieces and _goes_on(pieces[-1], run):
            pieces[-1].append(run)
        else:
            pieces.append([run])
    height = max(top - bottom, 1.0)
    return _rows([_line(piece, page, top, height) for piece in pieces])


def _goes_on(piece: Sequence[Run], run: Run) -> bool:
    last = piece[-1]
    size = max(last.size, run.size)
    gap = last.left - run.right if is_leftward(run.text) and run.left < last.left else run.left - last.right
    return (
        abs(run.baseline - last.baseline) <= _SAME_LINE * size and -_BACK * size <= gap <= _COLUMN_GAP * size
    )


def _line(piece: Sequence[Run], page: int, top: float, height: float) -> TextLine:
    leftward = 2 * sum(is_leftward(run.text) for run in piece) > len(piece)
    text = _leftward(piece) if leftward else _rightward(piece)
    bold = sum(len(run.text) for run in piece if run.bold)
    main = max(piece, key=lambda run: run.right - run.left)
    return TextLine(
        text,
        min(run.left for run in piece),
        max(run.right for run in piece),
        main.baseline,
        main.size,
        2 * bold > sum(len(run.text) for run in piece),
        page,
        (top - main.baseline) / height,
    )


def _rightward(piece: Sequence[Run]) -> str:
    parts = [piece[0].text]
    for last, run in pairwise(piece):
        parts.append(" " * _are_apart(last, run) + run.text)
    return "".join(parts)


def _are_apart(last: Run, run: Run) -> bool:
    gap = (run.left - last.right) / max(last.size, run.size)
    return gap > (_DRAWN_GAP if run.spaced else _WORD_GAP)


def _leftward(piece: Sequence[Run]) -> str:
    """The words of a line in Arabic script, from the right; figures and Latin words in it keep their own direction."""
    words: list[list[Run]] = []
    for run in sorted(piece, key=lambda run: run.left):
        if words and not _are_apart(words[-1][-1], run):
            words[-1].append(run)
        else:
            words.append([run])
    read = [
        "".join(run.text for run in (reversed(word) if any(is_leftward(run.text) for run in word) else word))
        for word in reversed(words)
    ]
    # The shapes that letters take in a word are not the letters.
    return unicodedata.normalize("NFKC", " ".join(read))


def _rows(pieces: Sequence[TextLine]) -> list[TextLine]:
    """Pieces of one row put together, and two columns that alternate row by row told apart."""
    rows: list[list[TextLine]] = []
    for piece in pieces:
        if rows and _beside(rows[-1][-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    read: list[TextLine] = []
    number = 0
    while number < len(rows):
        width = _columns(rows, number)
        if width:
            block = rows[number : number + width]
            gutter = max(row[0].right for row in block if len(row) > 1)
            placed = [piece for row in block for piece in row]
            read += [piece for piece in placed if piece.left < gutter]
            read += [piece for piece in placed if piece.left >= gutter]
            number += width
        else:
            read.append(_joined(rows[number]))
            number += 1
    return read


def _beside(left: TextLine, right: TextLine) -> bool:
    size = max(left.size, right.size)
    return abs(left.baseline - right.baseline) <= _SAME_LINE * size and right.left > left.right


def _columns(rows: Sequence[Sequence[TextLine]], start: int) -> int:
    """How many rows from `start` on are two columns of prose drawn side by side; 0 where they are not."""
    if len(rows[start]) != 2:  # noqa: PLR2004 - the left one and the right one
        return 0
    left, right = rows[start][0].right, rows[start][1].left
    end = both = words = 0
    for number, row in enumerate(rows[start : start + _LONGEST_COLUMN], 1):
        if len(row) > 2:  # noqa: PLR2004 - likewise
            break
        if len(row) > 1:
            left, right = max(left, row[0].right), min(right, row[1].left)
            both, end = both + 1, number
            words += min(len(piece.text.split()) for piece in row)
        elif row[0].left < left and row[0].right > right:
            break
        elif row[0].right <= right or row[0].left >= left:
            end = number
        if right - left <= row[0].size / 2:
            return 0
    return end if both >= _COLUMN_ROWS and words >= _COLUMN_WORDS * both else 0


def _joined(row: Sequence[TextLine]) -> TextLine:
    """One line of the row's pieces: cells of a table, words far apart."""
    first = row[0]
    text = " ".join(piece.text for piece in row)
    return first._replace(text=text, right=row[-1].right, is_row=len(row) > 1)
