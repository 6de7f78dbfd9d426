"""How light the colours are that a PDF draws with."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from retrieval.formats.pdf_matrix import number
from retrieval.formats.pdf_objects import dictionary, raw, resolved


class Space(Enum):
    """What the numbers of a colour count."""

    LIGHT = "light"  # ones are white
    INK = "ink"  # zeros are the bare paper
    UNKNOWN = "unknown"  # patterns, tables of colours


class Paint(NamedTuple):
    """A colour; `lightness` is that of its darkest part, from 0 to 1 for white, and 0 where nobody can tell."""

    space: Space = Space.LIGHT
    lightness: float = 0.0

    def mixed(self, operands: Sequence[PdfObject]) -> "Paint":
        """Another colour of the same space."""
        parts = [number(part, -1.0) for part in operands]
        if not parts or min(parts) < 0 or self.space is Space.UNKNOWN:
            return Paint(self.space)
        return Paint(self.space, min(parts) if self.space is Space.LIGHT else 1 - max(parts))


BLACK = Paint()
_NAMED = {
    "/DeviceGray": Space.LIGHT,
    "/CalGray": Space.LIGHT,
    "/DeviceRGB": Space.LIGHT,
    "/CalRGB": Space.LIGHT,
    "/DeviceCMYK": Space.INK,
    "/Separation": Space.INK,
    "/DeviceN": Space.INK,
}
_PROFILED = {1: Space.LIGHT, 3: Space.LIGHT, 4: Space.INK}


def space_of(name: PdfObject, spaces: DictionaryObject) -> Space:
    """The colour space of that name: one of the known ones, or one of the page's own `spaces`."""
    found = name if str(name) in _NAMED else resolved(raw(spaces, name))
    if isinstance(found, ArrayObject) and found:
        if found[0] == "/ICCBased" and len(found) > 1:
            parts = dictionary(found[1]).get("/N")
            return _PROFILED.get(parts, Space.UNKNOWN) if isinstance(parts, int) else Space.UNKNOWN
        found = found[0]
    return _NAMED.get(str(found), Space.UNKNOWN)
