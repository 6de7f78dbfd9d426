"""Imports into a database take turns, and a restore waits for its turn among them."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_PAUSE = 0.1
"""Seconds between two looks at whether another import has ended."""


def lock_of(database: Path) -> Path:
    """The empty file beside a database whose lock, SQLite's own, is held by the one whose turn it is."""
    return database.with_name(database.name + ".import.lock")


@contextmanager
def one_at_a_time(database: Path, wait: Callable[[], object] | None = None) -> Iterator[bool]:
    """Holds the imports of the database for this process; whatever ends the process lets go of them.

    Where another process imports, `wait` is called once and its end waited for; without `wait` this gives False.
    Raises sqlite3.Error where the file of the lock cannot be used.
    """
    with closing(sqlite3.connect(lock_of(database), timeout=0, isolation_level=None)) as lock:
        held = _lock(lock)
        if not held and wait is not None:
            wait()
            while not (held := _lock(lock)):
                time.sleep(_PAUSE)
        yield held


def _lock(lock: sqlite3.Connection) -> bool:
    try:
        lock.execute("begin exclusive")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
