"""The content of a PDF's page, drawn on paper: which letters stand where.

pypdf's own text puts spaces inside words that change the font, and browsers change it at every Kazakh letter. So
pypdf reads the objects and the fonts, and the places of the letters are worked out here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pypdf import PageObject
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject, PdfObject, StreamObject
from pypdf.generic._font import Font

from retrieval.formats.pdf_colours import Paint, space_of
from retrieval.formats.pdf_ground import Behind, Box, Ground, bounds
from retrieval.formats.pdf_layers import Layers
from retrieval.formats.pdf_matrix import IDENTITY, Matrix, matrix_of, number, times
from retrieval.formats.pdf_objects import dictionary, raw, resolved, resources
from retrieval.formats.pdf_pen import UNIT, Face, Pen, Run, State, Work
from retrieval.formats.pdf_seen import seen

_FORMS_DEEP = 8
_FONT_COST = 2_000  # bytes of work that a font costs besides its map of letters
_NAMING = frozenset({b"Tf", b"BDC", b"cs", b"CS"})

_TURNED: dict[int, Matrix] = {
    90: (0.0, -1.0, 1.0, 0.0, 0.0, 0.0),
    180: (-1.0, 0.0, 0.0, -1.0, 0.0, 0.0),
    270: (0.0, 1.0, -1.0, 0.0, 0.0, 0.0),
}


def box_of(page: PageObject) -> Box:
    """The sides of what is shown of a page; one that is turned lies to the right or to the left of the origin."""
    sheet, cut = (
        bounds(((box.left, box.bottom), (box.right, box.top)), _turned(page))
        for box in (page.mediabox, page.cropbox)
    )
    left, bottom = max(sheet.left, cut.left), max(sheet.bottom, cut.bottom)
    right, top = min(sheet.right, cut.right), min(sheet.top, cut.top)
    return Box(left, bottom, right, top) if left < right and bottom < top else sheet


def _turned(page: PageObject) -> Matrix:
    return _TURNED.get(page.rotation % 360, IDENTITY)


@dataclass
class Canvas:
    """Draws the pages of one document; fonts are read once, and all the work is counted."""

    work: Work
    layers: Layers
    _faces: dict[int, Face | None] = field(default_factory=dict)

    def runs(self, page: PageObject) -> list[Run]:
        """The page's letters in the order in which they are drawn; those that nobody can see are left out."""
        content = page.get_contents()
        if content is None:
            return []
        box = box_of(page)
        behind = Behind(Ground(box), Ground(box))
        return seen(self._drawn(page, content, State(_turned(page)), (), behind), box, behind)

    def _drawn(
        self,
        owner: DictionaryObject,
        content: StreamObject,
        state: State,
        inside: tuple[int, ...],
        behind: Behind,
    ) -> Iterator[Run]:
        self.work.spend(len(content.get_data()))
        named = resources(owner)
        forms = dictionary(named.get("/XObject"))
        stream = content if isinstance(content, ContentStream) else ContentStream(content, None)
        pen = Pen(state, self.work, behind)
        for operands, operator in stream.operations:
            if operator == b"Do" and operands:
                yield from self._object(forms, operands[0], pen, inside, behind)
            elif operator in _NAMING and operands:
                self._set(pen, named, operator, operands)
            else:
                yield from pen.obey(operator, operands)

    def _set(self, pen: Pen, named: DictionaryObject, operator: bytes, operands: Sequence[PdfObject]) -> None:
        """What an operator says that names one of the page's resources."""
        if operator == b"Tf" and len(operands) > 1:
            face = self._face(dictionary(named.get("/Font")), operands[0])
            pen.state = replace(pen.state, face=face, size=number(operands[1], pen.state.size))
        elif operator == b"BDC":
            layer = (
                raw(dictionary(named.get("/Properties")), operands[-1]) if str(operands[0]) == "/OC" else None
            )
            pen.brush.mark(is_off=self.layers.hide(layer))
        elif operator in {b"cs", b"CS"}:
            paint = Paint(space_of(operands[0], dictionary(named.get("/ColorSpace"))))
            pen.state = (
                replace(pen.state, fill=paint) if operator == b"cs" else replace(pen.state, stroke=paint)
            )

    def _object(
        self, forms: DictionaryObject, name: PdfObject, pen: Pen, inside: tuple[int, ...], behind: Behind
    ) -> Iterator[Run]:
        """What a form, a piece of content with a name, draws; pictures draw no letters."""
        self.work.spend(_FONT_COST)
        form = resolved(raw(forms, name))
        if not isinstance(form, StreamObject) or pen.brush.is_off or self.layers.hide(raw(form, "/OC")):
            return
        if form.get("/Subtype") == "/Image":
            pen.brush.place(pen.state.matrix)
        if form.get("/Subtype") != "/Form" or id(form) in inside or len(inside) >= _FORMS_DEEP:
            return
        moved = matrix_of(form.get("/Matrix", ()))
        matrix = pen.state.matrix if moved is None else times(moved, pen.state.matrix)
        yield from self._drawn(form, form, replace(pen.state, matrix=matrix), (*inside, id(form)), behind)

    def _face(self, fonts: DictionaryObject, name: PdfObject) -> Face | None:
        reference = raw(fonts, name)
        key = reference.idnum if isinstance(reference, IndirectObject) else id(reference)
        if key not in self._faces:
            self._faces[key] = self._read_face(dictionary(reference))
        return self._faces[key]

    def _read_face(self, font: DictionaryObject) -> Face | None:
        letters = resolved(font.get("/ToUnicode"))
        self.work.spend(_FONT_COST + (len(letters.get_data()) if isinstance(letters, StreamObject) else 0))
        try:
            matrix = matrix_of(font.get("/FontMatrix"))
            # Only fonts that draw their letters themselves say what a unit is; pypdf takes a thousandth for all.
            unit = matrix[0] if matrix is not None and font.get("/Subtype") == "/Type3" else UNIT
            return Face(Font.from_font_resource(font), unit)
        except LimitReachedError:
            raise
        except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return None
