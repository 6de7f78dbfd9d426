"""JSON Lines: one article a line, with its own id."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from retrieval.document import Document, Unread
from retrieval.errors import Trouble

LARGEST = 20_000_000
"""Bytes of one line."""
_OPTIONAL = ("title", "source", "url", "published", "language", "author")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def documents(name: str, data: bytes, url: str | None = None) -> Iterator[Document | Unread]:
    """The articles of the lines, named by their ids; a line that is none is named `name#7`, by its number from 1.

    The texts stay as they are. `url` is where the whole file came from and no article's link.
    """
    del url
    return each(name, io.BytesIO(data))


def each(name: str, lines: Iterable[bytes]) -> Iterator[Document | Unread]:
    """The articles of lines that come one by one, as from a large file."""
    for number, line in enumerate(lines, 1):
        if len(line) > LARGEST:
            reason = f"is larger than {LARGEST // 1_000_000} MB: split the text into several"
            yield Unread(f"{name}#{number}", reason, Trouble.LARGE)
        elif line.strip():
            yield _document(f"{name}#{number}", line)


def _document(where: str, line: bytes) -> Document | Unread:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError both are ValueErrors
        return Unread(where, "is not JSON in UTF-8: write one object a line", Trouble.LINE)
    if not isinstance(record, dict):
        return Unread(where, "is no object with id, title and text: write one a line", Trouble.LINE)
    if not all(_is_text(record.get(field)) and record[field].strip() for field in ("id", "text")):
        return Unread(where, "lacks id or text, or one is no text: give both", Trouble.LINE)
    known: dict[str, Any] = {field: record.get(field) or None for field in _OPTIONAL}
    wrong = [field for field, value in known.items() if value is not None and not _is_text(value)]
    if wrong:
        return Unread(where, f"has what is no text in {', '.join(wrong)}: write text there", Trouble.LINE)
    published = known.pop("published")
    try:
        day = None if published is None else date.fromisoformat(published[:10])
    except ValueError:
        return Unread(
            where, f"has {published[:50]!r} as published: write a date like 2026-03-01", Trouble.LINE
        )
    return Document(record["id"], record["text"], published=day, **known)


def _is_text(value: object) -> bool:
    """Whether the value is text that can be stored and sent; half of a surrogate pair cannot."""
    return isinstance(value, str) and _LONE_SURROGATE.search(value) is None
