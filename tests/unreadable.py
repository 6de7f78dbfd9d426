"""Files that cannot be read, each made as the world makes it, with what is wrong with them."""

import io
import zipfile

from pypdf import PdfReader, PdfWriter

from retrieval.errors import Trouble
from tests.pdfs import lines, pdf


def zipped(**members):
    """An archive of files, given by their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _locked():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([lines(40, 500, "A bridge was opened.")]))))
    writer.encrypt(user_password="secret", owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


UNREADABLE = [
    ("locked.pdf", _locked(), Trouble.PASSWORD),
    ("scan.pdf", pdf([[], []]), Trouble.SCANNED),
    (
        "nameless.pdf",
        pdf([lines(40, 500, "Көпір салынды, ол екі жағын қосады.")], names=False),
        Trouble.SCANNED,
    ),
    ("cut.pdf", pdf([lines(40, 500, "A bridge was opened.")])[:200], Trouble.DAMAGED),
    ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", Trouble.PICTURE),
    ("film.mp4", b"\x00\x00\x00\x20ftypisom", Trouble.PICTURE),
    ("letter.rtf", b"{\\rtf1\\ansi Snow}", Trouble.FORMAT),
    ("table.csv", b"a,b", Trouble.FORMAT),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Trouble.FORMAT),
    ("broken.docx", b"PK\x03\x04word", Trouble.DAMAGED),
    ("nothing.txt", b"", Trouble.EMPTY),
    ("spaces.txt", b" \r\n\t", Trouble.EMPTY),
    ("picture.md", b"![snow](snow.png)", Trouble.EMPTY),
    ("program.txt", b"\x7fELF\x02\x01\x01" + bytes(9), Trouble.FORMAT),
    ("odd.txt", "ұ".encode("kz1048") + b"\n", Trouble.ENCODING),
    ("cut.zip", zipped(a=b"Snow fell in Almaty.")[:-30], Trouble.DAMAGED),
    ("empty.zip", zipped(), Trouble.EMPTY),
    ("cut.jsonl.gz", b"\x1f\x8bxxxxxxxxxxxxxxxx", Trouble.DAMAGED),
    ("large.md", b"a" * 500_001, Trouble.LARGE),
    ("large.html", b"<p>" * 40_001, Trouble.LARGE),
    (
        "drawn.html",
        b"<html><body><div id='app'></div><script>draw()</script></body></html>",
        Trouble.NO_STORY,
    ),
    ("feed.xml", b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", Trouble.FEED),
    ("lines.jsonl", b'{"id": "a"}\n', Trouble.LINE),
    ("day.jsonl", b'{"id": "a", "text": "b", "published": "1 March"}\n', Trouble.LINE),
    ("result.json", b'{"messages": [', Trouble.DAMAGED),
    ("package.json", b'{"name": "x"}', Trouble.FORMAT),
]
"""Name, bytes, and what is wrong."""
