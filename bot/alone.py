"""One bot to a database: two would answer everything twice."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AnotherBotError(Exception):
    """A running bot uses the database already."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: another running bot uses this database. Stop it first, or name another DATABASE."
        )


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Holds the database for this process; whatever ends the process lets go of it.

    Raises AnotherBotError where another process holds it, sqlite3.Error where it cannot be held. The lock is SQLite's own, on an empty file beside
    the database, as that works alike on every system and never outlives its owner.
    """
    lock = sqlite3.connect(database.with_name(database.name + ".lock"), timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise AnotherBotError(database) from error
        yield
    finally:
        lock.close()
