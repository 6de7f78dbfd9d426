"""What to do about a database that cannot be used."""

import errno
import sqlite3

LOCKED = "another program holds it: try again, or stop that program"
"""What to do about a database that is locked."""

_FULL = "the disk is full: make room and try again"
_DAMAGED = "it is damaged: put a backup back with `python -m retrieval restore`"
_KINDS = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: (
        "it is no SQLite database: check the path, put a backup back, move the file away, or name another DATABASE"
    ),
    sqlite3.SQLITE_READONLY: "it may not be written: check the permissions of the file and of its folder",
    sqlite3.SQLITE_IOERR: "check the disk and its free space",
}
_NUMBERS = {errno.EBUSY: LOCKED, errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EFBIG: _FULL}
_OTHERWISE = "check the path, its permissions and the free space, or name another DATABASE"


def remedy(error: sqlite3.Error | OSError) -> str:
    """What to do about it, as the end of a sentence."""
    if isinstance(error, OSError):
        return _NUMBERS.get(error.errno or 0, _OTHERWISE)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest its detail
    return _KINDS.get(code, _OTHERWISE)
