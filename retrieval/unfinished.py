"""Imports that have begun: one that was cut short goes on at the next start."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from retrieval.schema import writing
from retrieval.store import Connected, explained
from retrieval.turns import lock_of, one_at_a_time


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
        """
        with explained(lock_of(self._path)), one_at_a_time(self._path, wait) as held:
            yield held
