"""Text files: the text as it is; title, source and date where the text itself gives them."""

import codecs
from collections.abc import Iterator

from retrieval.document import Document, Unread
from retrieval.errors import FormatError, Trouble
from retrieval.formats.encoding import decoded
from retrieval.reading import read_txt

LARGEST = 20_000_000
"""Bytes of one text; a long novel has two million."""


def documents(name: str, data: bytes, url: str | None = None) -> Iterator[Document | Unread]:
    """The one article of a text file. UTF-8 is kept to the byte, its mark and newlines too; the rest is decoded.

    Raises FormatError where the data are no text.
    """
    if len(data) > LARGEST:
        raise FormatError(
            f"is larger than {LARGEST // 1_000_000} MB: split it into several files", Trouble.LARGE
        )
    text = decoded(data)
    if data.startswith(codecs.BOM_UTF8):
        text = f"\ufeff{text}"
    if not text.strip("\ufeff \t\r\n"):
        yield Unread(name, "is empty: give a file with text", Trouble.EMPTY)
        return
    found = read_txt(name, text)
    yield Document(
        name,
        text,
        found.title,
        found.source,
        found.published,
        url or found.url,
        found.language,
        found.author,
        found.body,
    )
