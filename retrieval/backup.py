"""A backup of the database, and the way back, both while the bot runs on it."""

import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from retrieval.errors import StoreError
from retrieval.schema import SCHEMA
from retrieval.snapshot import (
    LOCKED,
    PAUSE,
    SIDES,
    Progress,
    check,
    connected,
    copy,
    explained,
    number,
    snapshot,
    write,
)

WAIT = 10.0
"""Seconds to wait for another program that holds the database."""

_MOVE_AWAY = "it is too damaged: move it away, with its -wal and -shm if they are there, and restore again"

_LOG_WAIT = 1.0  # seconds; what is not given back then is used by later writes


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup holds: articles that are not removed, and the bytes of its file."""

    articles: int
    size: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: articles that are not removed, and bytes.

    `before` is the copy of what was there before, None where nothing was. `missing` names the tables that the
    database had and the backup has not: a bot makes them at its start, so one that runs has to be restarted.
    """

    articles: int
    size: int
    before: Path | None
    missing: tuple[str, ...]


def _silent(_what: str, _done: int, _total: int) -> None: ...


def backup(
    database: Path, file: Path, *, force: bool = False, wait: float = WAIT, progress: Progress = _silent
) -> Copied:
    """Copies the database, as it is at this moment, to `file`: one plain SQLite file, for its owner only.

    `file` is there in whole or not at all; one that is there already is replaced only by `force`. Who writes
    to the database meanwhile is not held up. Raises StoreError.
    """
    with explained(file, "no backup was made"):
        if _is_part_of(file, database):
            raise StoreError(f"{file}: is the database itself; name another file for the backup")
        if file.is_dir():
            raise StoreError(f"{file}: is a folder; name the file for the backup, as in {file / 'dayek.db'}")
        if file.exists() and not force:
            raise StoreError(f"{file}: is there already; name another file, or give --force to replace it")
    with explained(database, "no backup was made"), closing(snapshot(database, wait)) as source:
        articles = _articles(source, database)
        with explained(file, "no backup was made"):
            write(source, file, progress, checked=True)
            return Copied(articles, file.stat().st_size)


def restore(database: Path, file: Path, *, wait: float = WAIT, progress: Progress = _silent) -> Restored:
    """Makes the content of the database that of the backup `file`, in one transaction.

    Connections that are open go on working and see the new content from their next transaction on; who writes
    has to wait meanwhile. What was there before is copied first. When it fails, or is killed, the old content
    is still there. Raises StoreError.
    """
    outcome = "was not restored and is as it was"
    with explained(file, f"{database} {outcome}"), closing(snapshot(file, wait)) as source:
        if _is_part_of(file, database):
            raise StoreError(f"{file}: is the database itself; name a backup of it")
        articles = _checked(source, file, progress)
        size = number(source, "page_count") * number(source, "page_size")
        with explained(database, outcome, _MOVE_AWAY):
            if not database.exists():
                database.parent.mkdir(parents=True, exist_ok=True)
                write(source, database, progress, checked=True)
                return Restored(articles, size, None, ())
            missing = _missing(source, database, wait)
            before = _put_aside(database, wait, progress)
        with explained(database, f"{outcome} (there is a copy of it as well, {before})", _MOVE_AWAY):
            try:
                _overwrite(source, database, wait, progress)
            except TimeoutError as error:  # nothing was begun, so the copy is of no use
                before.unlink()
                raise StoreError(f"{database}: {outcome} (database is locked); {LOCKED}") from error
    return Restored(articles, size, before, missing)


def _is_part_of(file: Path, database: Path) -> bool:
    own = database.resolve()
    if file.resolve() in (own, *(own.with_name(own.name + side) for side in SIDES)):
        return True
    return file.exists() and database.exists() and file.samefile(database)


def _checked(source: sqlite3.Connection, file: Path, progress: Progress) -> int:
    """The number of articles in a backup that this Dayek can use."""
    version = number(source, "user_version")
    if version > SCHEMA:
        raise StoreError(
            f"{file}: written by a newer Dayek (schema {version}, this one knows {SCHEMA}); "
            "update Dayek or name another backup"
        )
    check(source, file, progress)
    return _articles(source, file)


def _articles(source: sqlite3.Connection, path: Path) -> int:
    try:
        (found,) = source.execute("select count(*) from articles where removed is null").fetchone()
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path}: is not a database of Dayek ({error}); check the path") from error
    return int(found)


def _missing(source: sqlite3.Connection, database: Path, wait: float) -> tuple[str, ...]:
    """The tables of the database that the backup has not; refuses what SQLite cannot copy in place."""
    with closing(snapshot(database, wait)) as target:
        size, given = number(target, "page_size"), number(source, "page_size")
        if size != given:
            raise StoreError(
                f"{database}: has pages of {size} bytes, the backup of {given}, so it cannot be restored in "
                "place; stop the bot, move the database away and restore again"
            )
        with suppress(sqlite3.DatabaseError):  # one that is damaged is the very reason to restore
            return tuple(sorted(_tables(target) - _tables(source)))
    return ()


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}


def _put_aside(database: Path, wait: float, progress: Progress) -> Path:
    """A copy of the database beside it, damaged or not."""
    name = f"{database.name}.before-restore-{datetime.now(UTC):%Y%m%d-%H%M%SZ}"
    names = (name if nth == 1 else f"{name}-{nth}" for nth in count(1))
    before = next(path for path in map(database.with_name, names) if not path.exists())
    with closing(snapshot(database, wait)) as source:
        write(source, before, progress, checked=False)
    return before


def _overwrite(source: sqlite3.Connection, database: Path, wait: float, progress: Progress) -> None:
    with closing(connected(database, 0)) as target:
        try:
            copy(source, target, "Restoring", progress, wait)
        finally:
            with suppress(sqlite3.Error):  # whatever happened before, the content is settled
                target.execute("pragma journal_mode = wal")  # as a rule it is
                _shorten_log(target)


def _shorten_log(database: sqlite3.Connection) -> None:
    """Gives back the room that the log took for the whole backup, unless readers hold on to it."""
    end = time.monotonic() + _LOG_WAIT
    database.execute("pragma wal_checkpoint(passive)")  # the long part, in which nobody has to wait
    while database.execute("pragma wal_checkpoint(truncate)").fetchone()[0] and time.monotonic() < end:
        time.sleep(PAUSE)
