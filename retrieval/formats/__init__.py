"""The formats that articles come in: each reader turns bytes into documents, without files or network."""

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import cast

from retrieval.document import Document, Unread
from retrieval.errors import FormatError, Trouble
from retrieval.formats.encoding import decoded
from retrieval.formats.kinds import extension_of, kind_of

Reader = Callable[[str, bytes, str | None], Iterator[Document | Unread]]
"""What reads one format: name, data, and the link that they came from, to documents."""

_LARGEST = 200_000_000  # bytes that a packed file may unpack to
_CHARSET = re.compile(r"""(?i);\s*charset\s*=\s*["']?([\w.:+-]{1,40})""")
_TEXT = frozenset({"plain", "markdown", "html", "lines", "telegram"})


def documents(
    name: str, data: bytes, url: str | None = None, content_type: str | None = None
) -> Iterator[Document | Unread]:
    """What the data holds: documents, and what could not be read. Never raises for what the data is.

    The reader is chosen by the data themselves, by the content type and by the name. `url` is where they came from.
    """
    try:
        yield from _read(name, data, url, content_type)
    except FormatError as error:
        yield Unread(name, str(error), error.kind)
    except ImportError:
        yield Unread(name, "cannot be read in this version: give its text as .txt", Trouble.FORMAT)
    except Exception:  # noqa: BLE001 - one bad file must not stop the rest, whatever a reader makes of it
        reason = "cannot be read and may be damaged: open it, save it anew and try again"
        yield Unread(name, reason, Trouble.DAMAGED)


def _read(name: str, data: bytes, url: str | None, content_type: str | None) -> Iterator[Document | Unread]:
    if not data.strip():
        raise FormatError("is empty: give a file with text", Trouble.EMPTY)
    kind = kind_of(name, data, content_type)
    if kind == "feed":
        raise FormatError(
            "is a feed, not an article: give the feed's link to FEEDS, or the link of an article",
            Trouble.FEED,
        )
    if kind == "packed":
        kind, data = _unpacked(name, data)
    elif kind in _TEXT and (charset := _CHARSET.search(content_type or "")):
        data = _as_utf8(data, charset[1])
    yield from reader_of(kind)(name, data, url)


def reader_of(kind: str) -> Reader:
    """The reader of a kind; it is imported when it is first needed, since some bring large libraries."""
    return cast("Reader", import_module(f"retrieval.formats.{kind}").documents)


def _unpacked(name: str, data: bytes) -> tuple[str, bytes]:
    inner = name[: -len(".gz")] if name.lower().endswith(".gz") else name
    if extension_of(inner) not in {"jsonl", "ndjson"}:
        reason = "is packed with gzip: unpack it, or pack it as .zip; only .jsonl.gz is read so"
        raise FormatError(reason, Trouble.FORMAT)
    try:
        with gzip.open(io.BytesIO(data)) as file:
            unpacked = file.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError("is damaged and cannot be unpacked: pack it anew", Trouble.DAMAGED) from error
    if len(unpacked) > _LARGEST:
        raise FormatError(f"unpacks to more than {_LARGEST // 1_000_000} MB: split it", Trouble.LARGE)
    return "lines", unpacked


def _as_utf8(data: bytes, charset: str) -> bytes:
    """The data in UTF-8, where only the server's word tells which letters its bytes are."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return decoded(data, charset).encode("utf-8")
    return data
