"""The pen that draws a PDF's letters: where the next one stands, and how it looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, NameObject, PdfObject
from pypdf.generic._font import Font

from retrieval.formats.pdf_brush import Brush
from retrieval.formats.pdf_colours import BLACK, Paint, Space
from retrieval.formats.pdf_ground import Behind
from retrieval.formats.pdf_matrix import IDENTITY, Matrix, matrix_of, number, times

UNIT = 0.001
"""The widths of letters are thousandths of the font's size."""
_LETTER_COST = 3
_WHITE = 0.95  # of lightness; such letters are not seen on paper
_CLEAR = 3  # the way of drawing letters that leaves no ink
_CUTS = 7  # and the one that makes holes for what is painted next


class Run(NamedTuple):
    """Letters drawn side by side, without spaces: a word, or a part of one.

    `left`, `right` and `baseline` are points on the page as a reader holds it, the baseline growing upward; `size`
    is the height of the letters in points; `spaced` says that a space was drawn in front of it; `is_white` that its
    letters are as light as paper, `is_clear` that they are drawn without ink.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    spaced: bool
    is_white: bool = False
    is_clear: bool = False


@dataclass
class Work:
    """How much content may still be drawn before the file counts as a bomb: bytes, and some for each letter."""

    left: int

    def spend(self, size: int) -> None:
        """Take this much of it; LimitReachedError where nothing is left."""
        self.left -= size
        if self.left < 0:
            raise LimitReachedError("more content than a document of this kind holds")


@dataclass(frozen=True, slots=True)
class Face:
    """A font, and what one of its widths is in font sizes."""

    font: Font
    unit: float


@dataclass(frozen=True, slots=True)
class State:
    """What q keeps and Q brings back."""

    matrix: Matrix = IDENTITY
    face: Face | None = None
    size: float = 0.0
    letter_gap: float = 0.0
    word_gap: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    fill: Paint = BLACK
    stroke: Paint = BLACK
    mode: float = 0.0


class Pen:
    """Where the next letter is drawn, and how."""

    def __init__(self, state: State, work: Work, behind: Behind) -> None:
        self.state = state
        self.brush = Brush(behind)
        self._work = work
        self._kept: list[State] = []
        self._text = self._line = IDENTITY
        self._spaced = True

    def obey(self, operator: bytes, operands: Sequence[PdfObject]) -> Iterator[Run]:
        """Do what one operator of the page says; the runs that it draws."""
        if operator in _SHOWS:
            yield from self._show(operator, operands)
        elif operator in {b"Td", b"TD", b"T*", b"Tm", b"BT"}:
            self._move(operator, operands)
        elif operator in _COLOURS:
            self._dip(operator, operands)
        elif operator == b"q":
            self._kept.append(self.state)
        elif operator == b"Q" and self._kept:
            self.state = self._kept.pop()
        elif operator == b"cm" and (moved := matrix_of(operands)) is not None:
            self.state = replace(self.state, matrix=times(moved, self.state.matrix))
        elif operator in _SETTINGS and operands:
            name, unit = _SETTINGS[operator]
            changed: dict[str, Any] = {name: number(operands[0], getattr(self.state, name) / unit) * unit}
            self.state = replace(self.state, **changed)
        else:
            self.brush.obey(operator, operands, self.state.fill, self.state.matrix)

    def _dip(self, operator: bytes, operands: Sequence[PdfObject]) -> None:
        """Take another colour."""
        name, space = _COLOURS[operator]
        paint: Paint = getattr(self.state, name)
        changed: dict[str, Any] = {name: (Paint(space) if space else paint).mixed(operands)}
        self.state = replace(self.state, **changed)

    def _move(self, operator: bytes, operands: Sequence[PdfObject]) -> None:
        if operator == b"BT":
            self._line = IDENTITY
        elif operator == b"Tm":
            self._line = matrix_of(operands) or self._line
        elif operator == b"T*":
            self._line = times((1, 0, 0, 1, 0, -self.state.leading), self._line)
        elif len(operands) > 1:
            right, up = number(operands[0], 0), number(operands[1], 0)
            self._line = times((1, 0, 0, 1, right, up), self._line)
            if operator == b"TD":
                self.state = replace(self.state, leading=-up)
        self._text = self._line

    def _show(self, operator: bytes, operands: Sequence[PdfObject]) -> Iterator[Run]:
        if operator == b'"' and len(operands) > 2:  # noqa: PLR2004 - two gaps and the string
            self.state = replace(
                self.state, word_gap=number(operands[0], 0), letter_gap=number(operands[1], 0)
            )
        if operator in {b"'", b'"'}:
            self._move(b"T*", ())
        shown = operands[-1] if operands else None
        for part in shown if isinstance(shown, ArrayObject) else [shown]:
            if isinstance(part, (str, bytes)) and not isinstance(part, NameObject):
                yield from self._string(part)
            elif isinstance(part, (int, float)):
                self._advance(-float(part) * UNIT * self.state.size * self.state.scale)

    def _string(self, shown: str | bytes) -> Iterator[Run]:
        """The runs of one string: its letters between spaces."""
        face, state = self.state.face, self.state
        if face is None:
            return
        font = face.font
        self._work.spend(_LETTER_COST * len(shown))
        word, begin = "", self._text
        for code, letter in _letters(font, shown):
            space = not letter.strip()
            if space and word:
                yield from self._run(word, begin)
                word = ""
            self._spaced = self._spaced or space
            if not space:
                begin = begin if word else self._text
                word = letter + word if is_leftward(letter) else word + letter
            width = font.space_width if code == font.space_char else font.get_text_width(code)
            gap = state.letter_gap + (state.word_gap if code == " " else 0.0)
            self._advance((width * face.unit * state.size + gap) * state.scale)
        if word:
            yield from self._run(word, begin)

    def _run(self, word: str, begin: Matrix) -> Iterator[Run]:
        start, end = (times(place, self.state.matrix) for place in (begin, self._text))
        upright = start[0] > 0 and abs(start[1]) < start[0] / 10
        size = abs(start[3]) * self.state.size
        if upright and size >= 1 and not self.brush.is_off:
            name = self.state.face.font.name.lower() if self.state.face else ""
            bold = "bold" in name or "black" in name
            rise = self.state.rise * abs(start[3])
            yield Run(
                word,
                start[4],
                end[4],
                start[5] + rise,
                size,
                bold,
                self._spaced,
                is_white=self._is_white(),
                is_clear=self.state.mode == _CLEAR,
            )
            self._spaced = False

    def _is_white(self) -> bool:
        state = self.state
        if state.mode in {1, 5}:
            return state.stroke.lightness >= _WHITE
        outline = state.stroke if state.mode in {2, 6} else state.fill
        return min(state.fill.lightness, outline.lightness) >= _WHITE and state.mode != _CUTS

    def _advance(self, width: float) -> None:
        self._text = times((1, 0, 0, 1, width, 0), self._text)


_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
_SETTINGS = {
    b"Tc": ("letter_gap", 1.0),
    b"Tw": ("word_gap", 1.0),
    b"Tz": ("scale", 0.01),
    b"TL": ("leading", 1.0),
    b"Ts": ("rise", 1.0),
    b"Tr": ("mode", 1.0),
}
_COLOURS = {
    b"g": ("fill", Space.LIGHT),
    b"rg": ("fill", Space.LIGHT),
    b"k": ("fill", Space.INK),
    b"sc": ("fill", None),
    b"scn": ("fill", None),
    b"G": ("stroke", Space.LIGHT),
    b"RG": ("stroke", Space.LIGHT),
    b"K": ("stroke", Space.INK),
    b"SC": ("stroke", None),
    b"SCN": ("stroke", None),
}


def is_leftward(text: str) -> bool:
    """Whether the text begins with a letter of a script that is written from right to left."""
    return "\u0590" <= text[:1] <= "\u08ff" or "\ufb1d" <= text[:1] <= "\ufefc"


def _letters(font: Font, shown: str | bytes) -> Iterator[tuple[str, str]]:
    """The codes of a string, each with what it draws."""
    if isinstance(shown, str):
        shown = getattr(shown, "original_bytes", None) or shown.encode("latin-1", "replace")
    if isinstance(font.encoding, str):
        for code in shown.decode(font.encoding, "replace"):
            yield code, font.character_map.get(code, code)
    else:
        for byte in shown:
            code = font.encoding.get(byte, chr(byte))
            yield chr(byte), font.character_map.get(code, code)
