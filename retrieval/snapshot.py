"""A SQLite file copied while others use it, through SQLite's own backup interface."""

import errno
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.disk import keep_names
from retrieval.errors import StoreError

Progress = Callable[[str, int, int], None]
"""Is told what goes on, how many pages are done and how many there are; 0 of 0 where that is unknown."""

SIDES = ("-wal", "-shm", "-journal")
"""What SQLite adds to a database's name for the files that it keeps beside it."""

LOCKED = "another program holds it: try again, or stop that program"
"""What to do about a database that is locked."""

PAUSE = 0.001
"""Seconds between two attempts to get a lock."""

_STEP = 256  # pages between two reports: a megabyte, so that a bar moves smoothly


def connected(path: Path, wait: float) -> sqlite3.Connection:
    """A connection to a database that is there already; `wait` is how many seconds to wait for a lock."""
    path.stat()  # says more than SQLite where it is missing or out of reach
    # mode=rw: a slip in the path must not make an empty database.
    address = f"{path.resolve().as_uri()}?mode=rw"
    return sqlite3.connect(address, timeout=wait, isolation_level=None, uri=True)


def snapshot(path: Path, wait: float) -> sqlite3.Connection:
    """A connection that sees the database as it is now, until it is closed, and changes nothing.

    Without its open transaction, every commit of another process would make a copy start anew. In WAL mode,
    which is the bot's, it holds nobody up; only the log grows meanwhile.
    """
    connection = connected(path, wait)
    try:
        connection.execute("pragma query_only = on")
        connection.execute("begin")
        number(
            connection, "user_version"
        )  # the first read takes the snapshot; this one needs no sound schema
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def copy(
    source: sqlite3.Connection, target: sqlite3.Connection, what: str, progress: Progress, wait: float = 0
) -> None:
    """Makes the target's content that of the source, in one transaction of the target.

    Asks for the target's lock every millisecond for `wait` seconds: SQLite's own waiting, with its longer and
    longer pauses, hardly ever meets a gap between the commits of a process that writes all the time.
    """
    end = time.monotonic() + wait

    def step(status: int, remaining: int, total: int) -> None:
        if status not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            progress(what, total - remaining, total)
        elif time.monotonic() < end:
            progress("Waiting", 0, 0)
        else:
            raise TimeoutError(errno.EBUSY, "database is locked")

    source.backup(target, pages=_STEP, progress=step, sleep=PAUSE)


def write(source: sqlite3.Connection, file: Path, progress: Progress, *, checked: bool) -> None:
    """Makes `file` a copy of the source: one file in journal mode DELETE, for its owner only.

    It is written under another name, checked if `checked`, and takes its own once it is on the disk.
    """
    for beside in (file.with_name(file.name + side) for side in SIDES):
        if beside.exists():
            raise StoreError(
                f"{beside}: belongs to another database of that name and would be mixed into this one; "
                f"stop what uses it and move it away, or name another file than {file.name}"
            )
    handle, name = tempfile.mkstemp(".partial", f".{file.name}.", file.parent)  # made with mode 0600
    partial = Path(name)
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as target:
            # A copy that fails is thrown away, so neither a journal nor waiting for the disk is of use.
            for setting in ("journal_mode = off", "synchronous = off", "locking_mode = exclusive"):
                target.execute(f"pragma {setting}")
            copy(source, target, "Copying", progress)
            try:
                target.execute("pragma journal_mode = delete")  # the WAL mode came along with the pages
            except sqlite3.DatabaseError:  # so damaged that not even its schema can be read
                if checked:
                    raise
            if checked:
                check(target, "the copy", progress)
        os.fsync(handle)
        partial.replace(file)
    finally:
        os.close(handle)
        for side in ("", *SIDES):
            Path(name + side).unlink(missing_ok=True)
    keep_names(file.parent)


def check(connection: sqlite3.Connection, name: Path | str, progress: Progress) -> None:
    """Raises StoreError where SQLite finds the database damaged; reads all of it."""
    progress("Checking", 0, 0)
    problem = connection.execute("pragma integrity_check(1)").fetchone()[0]
    if problem != "ok":
        raise StoreError(
            f"{name}: is damaged ({' '.join(problem.split())}); a backup that is whole is needed"
        )


def number(connection: sqlite3.Connection, pragma: str) -> int:
    """The value of a pragma that is a number."""
    return int(connection.execute(f"pragma {pragma}").fetchone()[0])


_FULL = "the disk is full: make room and try again"
_DAMAGED = "it is damaged: a backup that is whole is needed"
_REMEDIES = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_NOTADB: "it is no SQLite database: check the path, or move the file away",
    sqlite3.SQLITE_IOERR: "check the disk and its free space",
}
_SYSTEM_REMEDIES = {errno.EBUSY: LOCKED, errno.ENOSPC: _FULL, errno.EDQUOT: _FULL}
_REMEDY = "check the path, and that you may read and write there"


@contextmanager
def explained(path: Path, outcome: str, damaged: str = _DAMAGED) -> Iterator[None]:
    """Turns the errors of SQLite and of the system into a StoreError: what, where, what to do.

    `damaged` is what to do where the file is damaged.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest its detail
        remedy = damaged if code == sqlite3.SQLITE_CORRUPT else _REMEDIES.get(code, _REMEDY)
        raise StoreError(f"{path}: {outcome} ({error}); {remedy}") from error
    except OSError as error:
        remedy = _SYSTEM_REMEDIES.get(error.errno or 0, _REMEDY)
        raise StoreError(f"{path}: {outcome} ({error.strerror}); {remedy}") from error
