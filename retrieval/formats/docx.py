"""DOCX: the readable text of a Word document, as a reader of it sees it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.package import OpcPackage
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from retrieval.dates import dateline
from retrieval.document import Document, Unread
from retrieval.errors import Trouble
from retrieval.formats.cleaning import clean
from retrieval.formats.docx_lists import Lists
from retrieval.formats.docx_styles import Styles
from retrieval.formats.docx_text import Line, read_lines

LARGEST = 50_000_000
"""Bytes of a file that are looked at."""
MOST_UNPACKED = 100_000_000
"""Bytes that all parts of a document may have unpacked."""
MOST_XML = 15_000_000
"""Bytes that its text and all that describes it may have."""
MOST_PARTS = 5_000

_LOCKED = ("is protected with a password: save a copy without the password and add that", Trouble.PASSWORD)
_OLD = (
    "is of an old kind (.doc): open it in Word or LibreOffice, save it as .docx and add that",
    Trouble.FORMAT,
)
_DAMAGED = ("is damaged: open it in Word or LibreOffice, save it once more and add that", Trouble.DAMAGED)
_TOO_LARGE = ("is too large: save the article alone, without pictures, and add that", Trouble.LARGE)
_EMPTY = ("holds no text: if the text is in pictures, add it as .txt", Trouble.EMPTY)
_OTHER = ("is no text document of Word: save the text as .docx or .txt and add that", Trouble.FORMAT)

_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_WITH_MACROS = "application/vnd.ms-word"
_TEXTS = frozenset(
    {
        f"{_KIND}.document.main+xml",
        f"{_KIND}.template.main+xml",
        f"{_WITH_MACROS}.document.macroEnabled.main+xml",
        f"{_WITH_MACROS}.template.macroEnabledTemplate.main+xml",
    }
)
_TEMPLATE = date(2013, 12, 23)  # of python-docx's own template, which programs leave as it is
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old documents and those with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UNNAMED = re.compile(
    r"(?i)(?:microsoft (?:word|office)\b.*|untitled.*|(?:document|документ|құжат|word document)\s*\d*"
    r"|без (?:имени|названия).*|атаусыз.*|\S+\.(?:docx?|pdf|rtf|odt|txt|html?|tmp)|https?:.*)"
)
_NOBODY = re.compile(
    r"(?i)(?:user|admin\w*|owner|author|автор|пользователь|қолданушы|windows user|microsoft.*|python-docx|unknown"
    r"|pc|hp|home)(?:\s*\d*)"
)
_DATE_WITHIN = 8  # paragraphs
_TITLE_WORDS = (2, 30)
_AUTHOR_WORDS = (2, 6)


def documents(name: str, data: bytes, url: str | None = None) -> Iterator[Document | Unread]:
    """The document that the file is: paragraphs, headings, lists, and rows of tables as lines."""
    try:
        reason = _refused(data)
        yield Unread(name, *reason) if reason else _document(name, data, url)
    except (MemoryError, RecursionError):
        yield Unread(name, *_TOO_LARGE)
    except Exception:  # noqa: BLE001 - broken files fail in every way
        yield Unread(name, *_DAMAGED)


def _refused(data: bytes) -> tuple[str, Trouble] | None:
    """Why the file is not unpacked at all; None for one that can be."""
    if len(data) > LARGEST:
        return _TOO_LARGE
    if data.startswith(_COMPOUND):
        return _LOCKED if _ENCRYPTED in data else _OLD
    with ZipFile(BytesIO(data)) as parts:
        entries = parts.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        return _LOCKED
    everything = sum(entry.file_size for entry in entries)
    xml = sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
    bomb = len(entries) > MOST_PARTS or everything > MOST_UNPACKED or xml > MOST_XML
    return _TOO_LARGE if bomb else None


def _document(name: str, data: bytes, url: str | None) -> Document | Unread:
    package = OpcPackage.open(BytesIO(data))
    main = package.main_document_part
    # Macros make another content type and the same text: they are kept in a part of their own, which is not read.
    if main.content_type not in _TEXTS:
        return Unread(name, *_OTHER)
    lines = [
        Line(text, line.heading)
        for line in read_lines(_root(main), _styles(main), Lists(_related(main, RT.NUMBERING)))
        if (text := clean(line.text))
    ]
    if not lines:
        return Unread(name, *_EMPTY)
    text = "\n\n".join(line.text for line in lines)
    about = package.core_properties
    headings = (" ".join(line.text.split()) for line in lines if line.heading)
    title = _sensible(about.title, _UNNAMED, _TITLE_WORDS) or next(headings, None)
    return Document(
        name,
        text,
        title=title,
        published=_dated(lines) or _day(about.created),
        url=url,
        author=_sensible(about.author, _NOBODY, _AUTHOR_WORDS),
        body=len(title) if title and text.startswith(f"{title}\n") else 0,
    )


def _root(part: Part) -> Element:
    """The part's XML; python-docx has read it already where it knows the kind of part."""
    known: Element | None = getattr(part, "element", None)
    return parse_xml(part.blob) if known is None else known


def _related(main: Part, kind: str) -> Element | None:
    found = [link for link in main.rels.values() if link.reltype == kind and not link.is_external]
    return _root(found[0].target_part) if found else None


def _styles(main: Part) -> Styles:
    return Styles(_related(main, RT.STYLES))


def _sensible(written: str, filling: re.Pattern[str], words: tuple[int, int]) -> str | None:
    """What a property says, where a person wrote it and no program."""
    text = " ".join(clean(written).split())
    return text if words[0] <= len(text.split()) <= words[1] and not filling.fullmatch(text) else None


def _dated(lines: Sequence[Line]) -> date | None:
    """The date that stands by itself near the top."""
    top = [part for line in lines[:_DATE_WITHIN] for part in line.text.split("\n")]
    return next((day for line in top if (day := dateline(line)) is not None), None)


def _day(created: datetime | None) -> date | None:
    """The day on which the document was begun; the template's own, where a program left that, says nothing."""
    return created.date() if created is not None and created.date() != _TEMPLATE else None
