"""Small PDFs for tests, object by object: words at given places, in letters that a font of their own names."""

import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

A5 = (0, 0, 420, 595)


class Words(NamedTuple):
    """A string drawn at a place: points from the left and from the bottom; every letter is half its size wide."""

    x: float
    y: float
    text: str
    size: float = 10


def lines(x: float, y: float, *texts: str, size: float = 10, step: float = 14) -> list[Words]:
    """Lines below each other, from a first baseline downward."""
    return [Words(x, y - number * step, text, size) for number, text in enumerate(texts)]


def pdf(
    pages: Sequence[Sequence[Words | str]],
    about: Mapping[str, str] | None = None,
    page: str = "",
    *,
    names: bool = True,
    catalog: str = "",
    resources: str = "",
    more: Sequence[bytes] = (),
) -> bytes:
    """The pages as a PDF, of words and of operators as they are.

    `page`, `catalog` and `resources` go into these dictionaries; the `more` objects are the last ones, the first of
    them number 7 where there is one page. Without `names` the font tells no letters.
    """
    every = [words for page in pages for words in page if isinstance(words, Words)]
    letters = sorted({letter for words in every for letter in words.text})
    codes = {letter: number for number, letter in enumerate(letters, 1)}
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font(codes, len(pages) * 2 + 4 if names else None),
    ]
    for number, words in enumerate(pages):
        box = " ".join(map(str, A5))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Resources << /Font << /F 3 0 R >> {resources} >> "
            f"/Contents {5 + 2 * number} 0 R {page} >>".encode()
        )
        objects.append(stream("\n".join(_drawn(one, codes) for one in words).encode()))
    objects.append(stream(_names(codes).encode()))
    return file([*objects, *more], info=about)


def font(codes: Mapping[str, int], names: int | None) -> bytes:
    """A font of simple codes; `names` is the object that says which letters they are."""
    widths = " ".join(["500"] * 256)
    told = "" if names is None else f"/ToUnicode {names} 0 R"
    differences = " ".join(f"/g{code}" for code in codes.values())
    return (
        f"<< /Type /Font /Subtype /TrueType /BaseFont /Test /FirstChar 0 /LastChar 255 /Widths [{widths}] "
        f"/Encoding << /Type /Encoding /Differences [1 {differences}] >> {told} >>"
    ).encode()


def stream(data: bytes, about: str = "") -> bytes:
    """A stream object, packed."""
    packed = zlib.compress(data)
    return (
        f"<< {about} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
        + packed
        + b"\nendstream"
    )


def file(objects: Sequence[bytes], info: Mapping[str, str] | None = None, trailer: str = "") -> bytes:
    """The file of numbered objects, the first of them the catalog."""
    told = "".join(f"/{key} <{value.encode('utf-16').hex()}> " for key, value in (info or {}).items())
    objects = [*objects, f"<< {told} >>".encode()]
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        out
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R {trailer} >>\n"
            f"startxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )


def _drawn(words: Words | str, codes: Mapping[str, int]) -> str:
    if isinstance(words, str):
        return words
    shown = "".join(f"{codes[letter]:02x}" for letter in words.text)
    return f"BT /F {words.size} Tf {words.x} {words.y} Td <{shown}> Tj ET"


def _names(codes: Mapping[str, int]) -> str:
    named = "\n".join(f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(codes)} beginbfchar\n{named}\nendbfchar\n"
        "endcmap end end"
    )
