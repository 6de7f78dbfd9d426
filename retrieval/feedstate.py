"""What is remembered of each feed and of its entries: tables of the database beside the articles."""

import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from retrieval.schema import writing
from retrieval.store import explained

_T = TypeVar("_T")
_FORGOTTEN = 180 * 24 * 3600
"""Seconds for which an entry is remembered that has left its feed; feeds hold days or weeks."""
_TABLES = (
    """create table if not exists feeds (
    url text primary key, etag text, modified text, body text, next real not null default 0,
    failures integer not null default 0, failing_since real, error text, succeeded real, told real
    )""",
    """create table if not exists feed_entries (
    feed text not null, entry text not null, digest text not null, article text, tries integer not null,
    seen real not null, primary key (feed, entry)
    ) without rowid""",
    "create index if not exists feed_entries_article on feed_entries (article)",
)


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a feed. Times are seconds since 1970; None is "never".

    `etag`, `modified` and `body` (a digest) are those of the last time when everything in the feed was dealt with.
    `next` is when it may be looked at again, `failures` the tries in a row that failed, `told` when somebody was
    told that it fails.
    """

    url: str
    etag: str | None = None
    modified: str | None = None
    body: str | None = None
    next: float = 0.0
    failures: int = 0
    failing_since: float | None = None
    error: str | None = None
    succeeded: float | None = None
    told: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry that was in a feed: `digest` of what it said, the id of the `article` that came of it.

    `tries` counts the failed ones; it is 0 for an entry that is dealt with.
    """

    entry: str
    digest: str
    article: str | None
    tries: int = 0


class FeedState:
    """The two tables, in the database of the articles. May be used from any thread.

    Methods raise StoreError where the database cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._asking = threading.Lock()
        with explained(path):
            connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._database = Database(connection)
            self._database.enable_wal()
            for table in _TABLES:
                self._database.execute(table)

    def close(self) -> None:
        """Closes the database; the state is of no use afterwards."""
        with self._asking:
            self._database.close()

    def of(self, url: str) -> State:
        """What is known of a feed."""
        rows = self._rows("select * from feeds where url = ?", [url])
        names = [field.name for field in fields(State)]
        return State(**{name: rows[0][name] for name in names}) if rows else State(url)

    def keep(self, state: State) -> None:
        """Keeps what is known of a feed."""
        self._write(lambda database: database.table("feeds").upsert(asdict(state), pk="url"))

    def seen(self, feed: str) -> dict[str, Seen]:
        """The entries of a feed that were seen, by their id."""
        rows = self._rows("select entry, digest, article, tries from feed_entries where feed = ?", [feed])
        return {row["entry"]: Seen(**row) for row in rows}

    def has_given(self, article: str) -> bool:
        """Whether this article came of any feed before."""
        return bool(self._rows("select 1 as one from feed_entries where article = ? limit 1", [article]))

    def note(self, feed: str, entries: Iterable[Seen], now: float) -> None:
        """Keeps what became of some entries of a feed."""
        rows = [{"feed": feed, **asdict(one), "seen": now} for one in entries]
        self._write(lambda database: database.table("feed_entries").upsert_all(rows, pk=("feed", "entry")))

    def still_there(self, feed: str, entries: Iterable[str], now: float) -> None:
        """Notes which entries the feed has today; those that left it long ago are forgotten."""
        given = [[now, feed, one] for one in entries]

        def work(database: Database) -> None:
            database.conn.executemany("update feed_entries set seen = ? where feed = ? and entry = ?", given)
            database.execute("delete from feed_entries where feed = ? and seen < ?", [feed, now - _FORGOTTEN])

        self._write(work)

    def _rows(self, sql: str, values: list[Any]) -> list[dict[str, Any]]:
        with self._asking, explained(self._path):
            return list(self._database.query(sql, values))

    def _write(self, work: Callable[[Database], _T]) -> _T:
        with self._asking, explained(self._path), writing(self._database):
            return work(self._database)
