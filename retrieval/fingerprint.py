"""What tells whether the files of some articles are still those that were read."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

READING = 2
"""Raise it whenever the same files give other articles, or other sentences about those that cannot be read, than
before: they are read again then."""

_Entry = tuple[str, int, int, int]


def fingerprint(path: Path) -> str:
    """Hexadecimal digits that change with the path, and with the name, size or times of any file there.

    No file is opened. A path that cannot be looked at has a fingerprint as well.
    """
    whole = hashlib.blake2b(json.dumps([READING, os.path.abspath(path)]).encode(), digest_size=16)  # noqa: PTH100 - resolve would follow links
    for entry in sorted(_entries(path)):
        whole.update(json.dumps(entry).encode())
    return whole.hexdigest()


def _entries(path: Path) -> Iterator[_Entry]:
    """Relative name, size, and the times of the last change of the content and of anything else, such as the mode."""
    if not path.is_dir():
        yield from _entry(path, "")
    for folder, _, names in os.walk(path):
        for name in names:
            full = Path(folder, name)
            yield from _entry(full, os.path.relpath(full, path))


def _entry(path: Path, name: str) -> Iterator[_Entry]:
    try:
        found = path.stat()
    except OSError:
        yield name, -1, 0, 0
    else:
        yield name, found.st_size, found.st_mtime_ns, found.st_ctime_ns
