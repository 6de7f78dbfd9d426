"""Imports that have begun: one that was cut short goes on at the next start."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from retrieval.schema import writing
from retrieval.store import Connected, explained

_PAUSE = 0.1
"""Seconds between two looks at whether another import has ended."""


@dataclass(frozen=True, slots=True)
class Import:
    """What is imported: a path or a link, for an origin; and how often that was begun again."""

    location: str
    origin: str
    begun: str
    tries: int


class Unfinished(Connected):
    """The imports that a database knows to have begun and not ended. Raises StoreError as the store does."""

    def all(self) -> list[Import]:
        """The imports, in the order in which they began."""
        sql = "select location, origin, begun, tries from unfinished order by number"
        with explained(self._path):
            return [Import(*row) for row in self._database.execute(sql).fetchall()]

    def begin(self, location: str, origin: str) -> None:
        """Notes an import, before its first document; one that was noted before counts another try."""
        sql = """insert into unfinished (location, origin, begun) values (?, ?, ?)
            on conflict (location, origin) do update set tries = tries + 1"""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with explained(self._path), writing(self._database):
            self._database.execute(sql, [location, origin, now])

    def end(self, location: str, origin: str) -> None:
        """Forgets an import, behind its last document."""
        with explained(self._path), writing(self._database):
            self._database.execute(
                "delete from unfinished where location = ? and origin = ?", [location, origin]
            )

    @contextmanager
    def one_at_a_time(self, wait: Callable[[], object] | None = None) -> Iterator[bool]:
        """Holds the imports of the database for this process; whatever ends the process lets go of them.

        Where another process imports, `wait` is called once and its end waited for; without `wait` this gives False.
        The lock is SQLite's own, on an empty file beside the database.
        """
        beside = self._path.with_name(self._path.name + ".import.lock")
        with explained(beside), closing(sqlite3.connect(beside, timeout=0, isolation_level=None)) as lock:
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
