"""The documents behind a path or a link."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.document import Document, Unread
from retrieval.environment import fetch_also
from retrieval.errors import ArticlesError, Trouble
from retrieval.formats import documents
from retrieval.loading import LEADS_OUT, leads_out
from retrieval.printable import printable

if TYPE_CHECKING:
    from retrieval.robots import Robots

_LARGEST = 200_000_000
"""Bytes that a file may have."""
_TOO_LARGE = f"it is larger than {_LARGEST // 1_000_000} MB: split it into several files"


def is_link(location: str) -> bool:
    """Whether it is a web address, and not a path."""
    return location.lower().startswith(("https://", "http://"))


def location_of(given: str) -> str:
    """A path as one that holds from any folder; a link as it is.

    Raises ArticlesError where there is no such path, and for characters that cannot be shown or stored.
    """
    full = given if is_link(given) else os.path.abspath(given)  # noqa: PTH100 - resolve would follow links
    shown = printable(full)
    if shown != " ".join(full.split()):
        raise ArticlesError(
            f"{shown}: it has characters that cannot be shown or stored: give it another name"
        )
    if full != given and not Path(full).exists():
        raise ArticlesError(f"{shown}: no such file or folder; check the path")
    return full


class Visits:
    """Reads links as their sites ask in their robots.txt, which is asked for once for all links of a site."""

    def read(self, link: str) -> Sequence[Document | Unread]:
        """What is behind a link; what cannot be read, or is not to be read by programs, is one Unread."""
        from retrieval.fetching import documents_of  # noqa: PLC0415 - files need not wait for it

        return asyncio.run(documents_of(link, also=fetch_also(), may=self._robots.check))

    @cached_property
    def _robots(self) -> "Robots":
        from retrieval.robots import Robots  # noqa: PLC0415 - likewise

        return Robots(also=fetch_also())


def found_in(location: str, visits: Visits | None = None) -> Iterator[Document | Unread]:
    """The documents of a file, of a folder with its subfolders, or behind a link; as they are read.

    The names of a folder's begin with its own name. Hidden files are left out. Nothing that is wrong with one of
    them ends the others. `visits` is what links are read with; whoever reads several gives the same for all.
    """
    path = Path(location)
    if is_link(location):
        yield from (visits or Visits()).read(location)
    elif path.is_dir():
        for file in _files(path):
            name = file.relative_to(path.parent).as_posix()
            yield from (
                [Unread(name, LEADS_OUT, Trouble.OTHER)] if leads_out(file, path) else _in_file(file, name)
            )
    else:
        yield from _in_file(path, path.name)


def _files(folder: Path) -> Iterator[Path]:
    for within, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(within, name)
            if not name.startswith(".") and file.is_file():
                yield file


def _in_file(path: Path, name: str) -> Iterator[Document | Unread]:
    try:
        if path.stat().st_size > _LARGEST:
            yield Unread(name, _TOO_LARGE, Trouble.LARGE)
            return
        data = path.read_bytes()
    except OSError as error:
        reason = f"it cannot be read ({error.strerror}): check that it is there and may be read"
        yield Unread(name, reason, Trouble.OTHER)
    else:
        yield from documents(name, data)
