"""PDF: the readable text of a document, in paragraphs."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.errors import DependencyError, LimitReachedError

from retrieval.dates import dateline
from retrieval.document import Document, Unread
from retrieval.errors import Trouble
from retrieval.formats.cleaning import clean
from retrieval.formats.pdf_content import Canvas, box_of
from retrieval.formats.pdf_layers import Layers
from retrieval.formats.pdf_lines import TextLine, lines
from retrieval.formats.pdf_paragraphs import Paragraph, paragraphs, running_heads
from retrieval.formats.pdf_pen import Work

LARGEST = 50_000_000
"""Bytes of a file that are looked at."""
MOST_PAGES = 1_000
MOST_OBJECTS = 200_000
MOST_CONTENT = 10_000_000
"""Bytes of unpacked content that are drawn, repetitions counted; letters count a little more. Some 500 full pages."""
_LIMITS = Configuration(
    zlib_maximum_output_length=20_000_000,
    lzw_maximum_output_length=20_000_000,
    run_length_maximum_output_length=20_000_000,
    brotli_maximum_output_length=20_000_000,
    array_based_stream_maximum_output_length=20_000_000,
    maximum_declared_stream_length=LARGEST,
    stream_decoding_work_maximum_length=60_000_000,
    stream_parsing_work_maximum_count=1_000_000,
    page_tree_maximum_entries=5 * MOST_PAGES,
    page_tree_maximum_page_entries=100 * MOST_PAGES,
    jbig2dec_binary=None,  # pictures are not read, least of all by another program
)

_LOCKED = ("is protected with a password: save a copy without the password and add that", Trouble.PASSWORD)
_DAMAGED = (
    "is damaged: open it in a PDF reader, print it to a new PDF and add that, or get the file once more",
    Trouble.DAMAGED,
)
_TOO_LARGE = (
    "is too large or too complicated: add the pages with the article alone, or its text as .txt",
    Trouble.LARGE,
)
_NO_TEXT = (
    "holds pictures of pages and no text: run text recognition (OCR) on it first, or add the text as .txt",
    Trouble.SCANNED,
)
_NO_LETTERS = (
    "does not say which letters it draws: run text recognition (OCR) on it first, or add the text as .txt",
    Trouble.SCANNED,
)

_UNNAMED = re.compile(
    r"(?i)(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|(?:document|документ|құжат|презентация)\s*\d*"
    r"|без (?:имени|названия).*|атаусыз.*|\S+\.(?:docx?|pdf|rtf|odt|txt|html?|indd|qxd|pptx?|tmp)|https?:.*|about:blank)"
)
_NOBODY = re.compile(
    r"(?i)(?:user|admin\w*|owner|author|автор|пользователь|қолданушы|windows user|microsoft|unknown|pc|hp|home)"
    r"(?:\s*\d*)"
)
# What prints, scans or converts says when that was done, not when the article came out.
_CONVERTS = re.compile(
    r"(?i)skia|chrom|mozilla|webkit|quartz|print|ghostscript|distiller|scan|ilovepdf|ocr|cairo"
)
_MADE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_READABLE = (
    0.7  # the share of characters that are letters, figures, spaces or common signs in any readable text
)
_SIGNS = frozenset(" \n.,:;!?-–—«»\"'“”„’()/%№•…|+*=&@#$€₸°[]·©")
_GLYPHS = re.compile(r"(?:/[A-Za-z]{1,8}\d{1,5})+")
_DATE_WITHIN = 8  # paragraphs
_TITLE_WORDS = (2, 30)
_AUTHOR_WORDS = (2, 6)
_TITLE_SIZE = 1.15  # times the size of most letters


class _Facts(NamedTuple):
    """What the file says about itself."""

    title: str | None = None
    author: str | None = None
    made: date | None = None


def documents(name: str, data: bytes, url: str | None = None) -> Iterator[Document | Unread]:
    """The document that the PDF is; the text recognised in a scan counts as its text, what else nobody can see does not."""
    if len(data) > LARGEST:
        yield Unread(name, *_TOO_LARGE)
        return
    try:
        with apply_configuration(_LIMITS):
            yield _document(name, data, url)
    except (LimitReachedError, MemoryError, RecursionError):
        yield Unread(name, *_TOO_LARGE)
    except DependencyError:
        yield Unread(name, *_LOCKED)
    except Exception:  # noqa: BLE001 - broken files make the parser fail in every way that there is
        yield Unread(name, *_DAMAGED)


def _document(name: str, data: bytes, url: str | None) -> Document | Unread:
    reader = PdfReader(BytesIO(data), xref_stream_maximum_entries=MOST_OBJECTS)
    if reader.is_encrypted and not reader.decrypt(""):
        return Unread(name, *_LOCKED)
    if sum(map(len, reader.xref.values())) + len(reader.xref_objStm) > MOST_OBJECTS:
        raise LimitReachedError("objects")
    if len(reader.pages) > MOST_PAGES:
        raise LimitReachedError("pages")
    drawn = _lines(reader)
    heads = running_heads(drawn)
    found = [
        paragraph._replace(text=text)
        for paragraph in paragraphs([line for line in drawn if line not in heads])
        if (text := clean(paragraph.text).strip())
    ]
    if not found:
        return Unread(name, *_NO_TEXT)
    text = "\n\n".join(paragraph.text for paragraph in found)
    if not _is_readable(text):
        return Unread(name, *_NO_LETTERS)
    facts = _facts(reader)
    title = facts.title or _headline(found)
    return Document(
        name,
        text,
        title=title,
        published=_dated(found, heads) or facts.made,
        url=url,
        author=facts.author,
        body=len(title) if title and text.startswith(f"{title}\n") else 0,
    )


def _lines(reader: PdfReader) -> list[TextLine]:
    canvas = Canvas(Work(MOST_CONTENT), Layers(reader.root_object))
    drawn: list[TextLine] = []
    for number, page in enumerate(reader.pages):
        box = box_of(page)
        drawn += lines(canvas.runs(page), number, box.bottom, box.top)
    return drawn


def _facts(reader: PdfReader) -> _Facts:
    """Title, author and date as the file gives them, where they are such and not a program's filling."""
    about = reader.metadata
    if about is None:
        return _Facts()
    told = {
        key: clean(str(about.get(key) or ""))
        for key in ("/Title", "/Author", "/Creator", "/Producer", "/CreationDate")
    }
    title, author = (" ".join(told[key].split()) for key in ("/Title", "/Author"))
    is_title = _TITLE_WORDS[0] <= len(title.split()) <= _TITLE_WORDS[1] and not _UNNAMED.fullmatch(title)
    is_author = _AUTHOR_WORDS[0] <= len(author.split()) <= _AUTHOR_WORDS[1] and not _NOBODY.fullmatch(author)
    converted = _CONVERTS.search(told["/Creator"] + told["/Producer"])
    return _Facts(
        title if is_title else None,
        author if is_author else None,
        None if converted else _made(told["/CreationDate"]),
    )


def _made(written: str) -> date | None:
    match = _MADE.match(written)
    if match is None:
        return None
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3])).date()  # noqa: DTZ001 - a day, as it is written
    except ValueError:
        return None


def _headline(found: Sequence[Paragraph]) -> str | None:
    """The largest letters of the first page, if they stand above smaller ones and are few."""
    sizes = sorted(paragraph.size for paragraph in found for _ in range(len(paragraph.text)))
    first = [paragraph for paragraph in found if paragraph.page == found[0].page]
    largest = max(first, key=lambda paragraph: paragraph.size)
    fits = _TITLE_WORDS[0] <= len(largest.text.split()) <= _TITLE_WORDS[1]
    return largest.text if fits and largest.size > _TITLE_SIZE * sizes[len(sizes) // 2] else None


def _dated(found: Sequence[Paragraph], heads: frozenset[TextLine]) -> date | None:
    """The date that stands by itself near the top, or in the running head."""
    lines = [paragraph.text for paragraph in found[:_DATE_WITHIN]]
    lines += [part for head in sorted(heads) for part in re.split(r"\s*[|•·]\s*", clean(head.text))]
    return next((day for line in lines if (day := dateline(line)) is not None), None)


def _is_readable(text: str) -> bool:
    """Whether the text is of letters; fonts that do not say what they draw give numbers of glyphs and odd signs."""
    named = _GLYPHS.sub("", text)
    good = sum(character.isalnum() or character in _SIGNS for character in named)
    return good >= _READABLE * len(text)
