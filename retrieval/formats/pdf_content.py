"""The content of a PDF's page, drawn on paper: which letters stand where.

pypdf's own text puts spaces inside words that change the font, and browsers change it at every Kazakh letter. So
pypdf reads the objects and the fonts, and the places of the letters are worked out here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from pypdf import PageObject
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    ContentStream,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)
from pypdf.generic._font import Font

from retrieval.formats.pdf_matrix import IDENTITY, Matrix, matrix_of, number, times

_FORMS_DEEP = 8
_FONT_COST = 2_000  # bytes of work that a font costs besides its map of letters
_PARENTS = 64  # how far above a page its resources may stand
_LETTER_COST = 3
_UNIT = 0.001  # widths of letters are thousandths of the font's size

_TURNED: dict[int, Matrix] = {
    90: (0.0, -1.0, 1.0, 0.0, 0.0, 0.0),
    180: (-1.0, 0.0, 0.0, -1.0, 0.0, 0.0),
    270: (0.0, 1.0, -1.0, 0.0, 0.0, 0.0),
}


class Run(NamedTuple):
    """Letters drawn side by side, without spaces: a word, or a part of one.

    `left`, `right` and `baseline` are points on the page as a reader holds it, the baseline growing upward; `size`
    is the height of the letters in points; `spaced` says that a space was drawn in front of it.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    spaced: bool


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
class _Face:
    """A font, and what one of its widths is in font sizes."""

    font: Font
    unit: float


@dataclass(frozen=True, slots=True)
class _State:
    """What q keeps and Q brings back."""

    matrix: Matrix = IDENTITY
    face: _Face | None = None
    size: float = 0.0
    letter_gap: float = 0.0
    word_gap: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


@dataclass
class Canvas:
    """Draws the pages of one document; fonts are read once, and all the work is counted."""

    work: Work
    _faces: dict[int, _Face | None] = field(default_factory=dict)

    def runs(self, page: PageObject) -> Iterator[Run]:
        """The page's letters in the order in which they are drawn; rotated and invisibly small ones are left out."""
        content = page.get_contents()
        if content is None:
            return
        turned = _TURNED.get(page.rotation % 360, IDENTITY)
        yield from self._drawn(page, content, _State(turned), ())

    def _drawn(
        self, owner: DictionaryObject, content: StreamObject, state: _State, inside: tuple[int, ...]
    ) -> Iterator[Run]:
        self.work.spend(len(content.get_data()))
        resources = _resources(owner)
        fonts = _dictionary(resources.get("/Font"))
        forms = _dictionary(resources.get("/XObject"))
        stream = content if isinstance(content, ContentStream) else ContentStream(content, None)
        pen = _Pen(state, self.work)
        for operands, operator in stream.operations:
            if operator == b"Do" and operands:
                yield from self._form(forms, operands[0], pen.state, inside)
            elif operator == b"Tf" and len(operands) > 1:
                pen.state = replace(
                    pen.state, face=self._face(fonts, operands[0]), size=number(operands[1], pen.state.size)
                )
            else:
                yield from pen.obey(operator, operands)

    def _form(
        self, forms: DictionaryObject, name: PdfObject, state: _State, inside: tuple[int, ...]
    ) -> Iterator[Run]:
        """What a form, a piece of content with a name, draws; pictures draw no letters."""
        self.work.spend(_FONT_COST)
        form = _resolved(forms.get(name))
        if not isinstance(form, StreamObject) or form.get("/Subtype") != "/Form":
            return
        if id(form) in inside or len(inside) >= _FORMS_DEEP:
            return
        moved = matrix_of(form.get("/Matrix", ()))
        matrix = state.matrix if moved is None else times(moved, state.matrix)
        yield from self._drawn(form, form, replace(state, matrix=matrix), (*inside, id(form)))

    def _face(self, fonts: DictionaryObject, name: PdfObject) -> _Face | None:
        reference = fonts.raw_get(name) if name in fonts else None
        key = reference.idnum if isinstance(reference, IndirectObject) else id(reference)
        if key not in self._faces:
            self._faces[key] = self._read_face(_dictionary(reference))
        return self._faces[key]

    def _read_face(self, font: DictionaryObject) -> _Face | None:
        letters = _resolved(font.get("/ToUnicode"))
        self.work.spend(_FONT_COST + (len(letters.get_data()) if isinstance(letters, StreamObject) else 0))
        try:
            matrix = matrix_of(font.get("/FontMatrix"))
            # Only fonts that draw their letters themselves say what a unit is; pypdf takes a thousandth for all.
            unit = matrix[0] if matrix is not None and font.get("/Subtype") == "/Type3" else _UNIT
            return _Face(Font.from_font_resource(font), unit)
        except LimitReachedError:
            raise
        except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return None


class _Pen:
    """Where the next letter is drawn, and how."""

    def __init__(self, state: _State, work: Work) -> None:
        self.state = state
        self._work = work
        self._kept: list[_State] = []
        self._text = self._line = IDENTITY
        self._spaced = True

    def obey(self, operator: bytes, operands: Sequence[PdfObject]) -> Iterator[Run]:
        """Do what one operator of the page says; the runs that it draws."""
        if operator in _SHOWS:
            yield from self._show(operator, operands)
        elif operator in {b"Td", b"TD", b"T*", b"Tm", b"BT"}:
            self._move(operator, operands)
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
                self._advance(-float(part) * _UNIT * self.state.size * self.state.scale)

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
        if upright and size >= 1:
            name = self.state.face.font.name.lower() if self.state.face else ""
            bold = "bold" in name or "black" in name
            rise = self.state.rise * abs(start[3])
            yield Run(word, start[4], end[4], start[5] + rise, size, bold, self._spaced)
            self._spaced = False

    def _advance(self, width: float) -> None:
        self._text = times((1, 0, 0, 1, width, 0), self._text)


_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
_SETTINGS = {
    b"Tc": ("letter_gap", 1.0),
    b"Tw": ("word_gap", 1.0),
    b"Tz": ("scale", 0.01),
    b"TL": ("leading", 1.0),
    b"Ts": ("rise", 1.0),
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


def _resolved(value: PdfObject | None) -> PdfObject | None:
    return value.get_object() if value is not None else None


def _dictionary(value: PdfObject | None) -> DictionaryObject:
    found = _resolved(value)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _resources(owner: DictionaryObject) -> DictionaryObject:
    """The owner's resources, or those of the nearest page or group of pages above that has some."""
    for _ in range(_PARENTS):
        if "/Resources" in owner:
            return _dictionary(owner["/Resources"])
        if "/Parent" not in owner:
            break
        owner = _dictionary(owner["/Parent"])
    return DictionaryObject()
