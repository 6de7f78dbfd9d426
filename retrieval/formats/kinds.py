"""Which format some data are in: by their first bytes, what the server says, their name, and how they look."""

import re
from urllib.parse import urlsplit

from retrieval.errors import FormatError, Trouble

READABLE = ".txt, .md, .html, .pdf, .docx, .jsonl, .jsonl.gz, .zip or the result.json of Telegram Desktop"
"""What can be read, for people."""

_BY_EXTENSION = {
    "txt": "plain",
    "text": "plain",
    "md": "markdown",
    "markdown": "markdown",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "shtml": "html",
    "pdf": "pdf",
    "docx": "docx",
    "docm": "docx",
    "jsonl": "lines",
    "ndjson": "lines",
    "gz": "packed",
    "zip": "archive",
    "json": "telegram",
    "rss": "feed",
    "atom": "feed",
}
_BY_CONTENT_TYPE = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/zip": "archive",
    "application/x-zip-compressed": "archive",
    "text/markdown": "markdown",
    "application/x-ndjson": "lines",
    "application/jsonl": "lines",
    "application/json": "telegram",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
}
_MEDIA = (
    "is a picture, sound or video, and its words cannot be read: give the text, or a page or PDF that holds it",
    Trouble.PICTURE,
)
_OLD = (
    "is in an old format of Excel, PowerPoint or Outlook: save its text as .docx and give that",
    Trouble.FORMAT,
)
_OFFICE = (
    "is no text document but a table, slides or a book: save it as .docx or .pdf and give that",
    Trouble.FORMAT,
)
_PACKED = ("is packed in a way that cannot be read here: unpack it, or pack it as .zip", Trouble.FORMAT)
_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\x1f\x8b", "packed"),
)
_UNREADABLE = (
    *(
        (start, _MEDIA)
        for start in (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF87a", b"GIF89a", b"RIFF", b"OggS\x00")
    ),
    *((b"ID3" + version, _MEDIA) for version in (b"\x02", b"\x03", b"\x04")),
    (b"{\\rtf", ("is in RTF: save it as .docx and give that", Trouble.FORMAT)),
    *(
        (start, _PACKED)
        for start in (b"Rar!\x1a", b"7z\xbc\xaf", b"BZh91AY", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
    ),
)
_UNREADABLE_TYPES = ("image/", "audio/", "video/")
# The container of old Office files, and of new ones that have a password; the reader of .docx tells those of Word.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_COMPOUNDS = frozenset({"xls", "xlsx", "ppt", "pptx", "msg"})
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_NAME_LENGTH = slice(26, 28)  # of a zip's first member, in its header of 30 bytes
_NAME = 30
_LOOK = 4096
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+"
    rb"(?:(?P<html><(?:!doctype\s+html|html|head|body)\b)|(?P<feed><(?:rss|feed|rdf:RDF)\b))",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"[A-Za-z][A-Za-z0-9]{0,7}")


def kind_of(name: str, data: bytes, content_type: str | None = None) -> str:
    """The kind of the data: a reader's name (`plain`, `html`, …), `packed` (gzip) or `feed`.

    What the bytes themselves say comes first, then what the server says, then the name. Raises FormatError where
    nothing can read them.
    """
    extension = extension_of(name)
    mime = (content_type or "").partition(";")[0].strip().lower()
    if found := _by_signature(data, extension):
        return found
    if mime.startswith(_UNREADABLE_TYPES):
        raise FormatError(*_MEDIA)
    said = _BY_CONTENT_TYPE.get(mime) or _BY_EXTENSION.get(extension)
    if said in {None, "plain", "pdf", "archive"} and (look := _MARKUP.match(data, 0, _LOOK)):
        return str(look.lastgroup)
    if said is None and extension and mime != "text/plain":
        reason = f"is a .{extension} file, which cannot be read: give a {READABLE}"
        raise FormatError(reason, Trouble.FORMAT)
    return said or "plain"


def extension_of(name: str) -> str:
    """The extension of a name or of the path of a link, without its dot, in lower case; empty if it has none."""
    path = _path(name) if "://" in name else name
    stem, dot, extension = path.rpartition("/")[2].rpartition(".")
    return extension.lower() if dot and stem and _EXTENSION.fullmatch(extension) else ""


def _path(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def _by_signature(data: bytes, extension: str) -> str | None:
    if reason := next((why for start, why in _UNREADABLE if data.startswith(start)), None):
        raise FormatError(*reason)
    if data[4:8] == b"ftyp":
        raise FormatError(*_MEDIA)
    if data.startswith(_COMPOUND):
        if extension in _OTHER_COMPOUNDS:
            raise FormatError(*_OLD)
        return "docx"
    if data.startswith(_ZIP):
        return _zip(data, extension)
    return next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)


def _zip(data: bytes, extension: str) -> str:
    """What a zip is, told by the name of its first member."""
    first = data[_NAME : _NAME + int.from_bytes(data[_NAME_LENGTH], "little")]
    if first == b"mimetype":
        raise FormatError(*_OFFICE)
    if first in {b"[Content_Types].xml", b"_rels/.rels"} or first.startswith((b"word/", b"docProps/")):
        if b"word/document" in data:
            return "docx"
        if b"xl/workbook" in data or b"ppt/presentation" in data:
            raise FormatError(*_OFFICE)
    return "docx" if _BY_EXTENSION.get(extension) == "docx" else "archive"
