"""The durable inbox: every update is on the disk before Telegram hears that the bot has it."""

import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database
from telegram import Update

from bot.writer import Writer

_T = TypeVar("_T")
LARGEST = 2**63 - 1
"""The largest number that SQLite keeps."""
_REMEMBERED = 48 * 3600
"""Seconds for which the number of a finished update is kept, to know it when Telegram sends it again."""
_MALFORMED_KEPT = 30 * 24 * 3600
"""Seconds for which a body that is no update is kept for the operator."""
_SWEEP = 600
"""Seconds between two sweeps of old numbers."""
_COLUMNS = "update_id, kind, lane, user, body, received, attempts, unsure"
_UNFINISHED = "state <> 'done'"
"""Part of every condition on the state, as SQLite takes the index for unfinished updates only where it says so."""
_SCHEMA = (
    """create table if not exists inbox (update_id integer primary key, kind text, lane integer, user integer,
    body text, received real, attempts integer not null default 0, unsure integer not null default 0,
    state text not null default 'waiting', error text)""",
    f"create index if not exists inbox_unfinished on inbox (state, received, update_id) where {_UNFINISHED}",
    "create index if not exists inbox_received on inbox (received)",
    "create table if not exists malformed (id integer primary key, received real, body blob, error text)",
)


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it came: `lane` is the chat (or the person) that keeps its order, `body` Telegram's JSON.

    `at` is when it came, in seconds since 1970; `unsure` says that an answer was sent and perhaps lost;
    `parsed` is the body as the library's object, where somebody has made it already.
    """

    update_id: int
    kind: str
    lane: int
    user: int
    body: str
    at: float
    attempts: int = 0
    unsure: bool = False
    parsed: Update | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is in the inbox; `oldest` is when the oldest waiting update came, None where none waits."""

    waiting: int
    oldest: float | None
    aside: int
    malformed: int


@dataclass(frozen=True, slots=True)
class Aside:
    """An update that was set aside: its id, kind, arrival in seconds since 1970, attempts and last error."""

    id: int
    kind: str
    received: float
    attempts: int
    error: str


class Inbox:
    """The table of updates; what an awaited method has done is on the disk when it returns.

    Every update is waiting, done (only its number stays, for two days), aside (it failed too often; an
    operator may send it round again), or retried (on its way back from there). Methods raise sqlite3.Error
    where the database cannot be used.
    """

    def __init__(self, path: Path, writer: Writer) -> None:
        self._writer = writer
        writer.submit(_prepare).result()
        self._reading = Database(sqlite3.connect(path, timeout=5))
        self._swept = 0.0

    @property
    def writer(self) -> Writer:
        """The writer, for whoever keeps something beside the inbox."""
        return self._writer

    def close(self) -> None:
        """Closes the reading connection; the writer is left to whoever opened it."""
        self._reading.close()

    async def put(self, updates: Iterable[Received]) -> list[Received]:
        """Keeps the updates and returns those that are new, in their order."""
        given = list(updates)
        now = time.time()
        sweep = now - self._swept > _SWEEP
        if sweep:
            self._swept = now

        def work(database: Database) -> list[Received]:
            if sweep:
                database.execute(
                    "delete from inbox where state = 'done' and received < ?", [now - _REMEMBERED]
                )
                database.execute("delete from malformed where received < ?", [now - _MALFORMED_KEPT])
            return [update for update in given if _is_new(database, update)]

        return await self._written(work)

    async def put_malformed(self, body: bytes, error: str) -> None:
        """Keeps a body that is no update, for the operator to see."""
        row = [time.time(), body, _storable(error)]
        await self._do("insert into malformed (received, body, error) values (?, ?, ?)", row)

    async def done(self, update_id: int, *, in_no_hurry: bool = False) -> None:
        """The update was answered: what it said is deleted, its number is kept.

        In no hurry this goes with the next write, which is that of the next update most of the time.
        """
        done = "update inbox set state = 'done', body = null, lane = 0, user = 0, error = null where update_id = ?"

        def work(database: Database) -> None:
            database.execute(done, [update_id])

        await (self._writer.ride(work) if in_no_hurry else self._writer.write(work))

    async def failed(self, update_id: int, attempts: int, error: str, *, unsure: bool) -> None:
        """The update was tried so often, in vain; it goes on waiting."""
        await self._do(
            "update inbox set attempts = ?, error = ?, unsure = ? where update_id = ?",
            [attempts, _storable(error), int(unsure), update_id],
        )

    async def set_aside(self, update_id: int, attempts: int, error: str) -> None:
        """Nobody tries the update again, unless an operator says so."""
        await self._do(
            "update inbox set state = 'aside', attempts = ?, error = ? where update_id = ?",
            [attempts, _storable(error), update_id],
        )

    def waiting(self, most: int, state: str = "waiting") -> list[Received]:
        """The oldest updates in that state, at most so many, in the order in which they came."""
        return _found(self._reading, state, most)

    def depth(self) -> Depth:
        """How much is in the inbox now."""
        states = f"select state, count(*), min(received) from inbox where {_UNFINISHED} group by state"  # noqa: S608 - a constant
        counts = {state: (count, oldest) for state, count, oldest in self._reading.execute(states)}
        (malformed,) = self._reading.execute("select count(*) from malformed").fetchone()
        waiting = [counts[state] for state in ("waiting", "retried") if state in counts]
        return Depth(
            sum(count for count, _ in waiting),
            min((oldest for _, oldest in waiting), default=None),
            counts.get("aside", (0, None))[0],
            malformed,
        )

    def aside(self) -> list[Aside]:
        """What was set aside, the oldest first."""
        rows = self._reading.execute(
            f"select update_id, kind, received, attempts, error from inbox where state = 'aside' and {_UNFINISHED} "  # noqa: S608 - a constant
            "order by received, update_id"
        )
        return [Aside(*row) for row in rows]

    def malformed(self) -> list[tuple[int, float, int, str]]:
        """Bodies that were no updates: number, arrival, length in bytes, what was wrong."""
        rows = self._reading.execute("select id, received, length(body), error from malformed order by id")
        return [(number, at, length, error) for number, at, length, error in rows]

    async def retry(self, update_id: int | None) -> int:
        """Sends an update that was set aside round again, or all of them (None); returns how many."""
        which, values = ("", []) if update_id is None else (" and update_id = ?", [update_id])
        again = "update inbox set state = 'retried', attempts = 0, unsure = 0"
        return await self._do(f"{again} where state = 'aside' and {_UNFINISHED}{which}", values)

    async def take_retried(self) -> list[Received]:
        """What an operator has sent round again; it counts as waiting from now on."""
        if not self.waiting(1, "retried"):  # as nearly always, and then nothing needs to be written
            return []

        def work(database: Database) -> list[Received]:
            found = _found(database, "retried", 1000)
            for update in found:
                database.execute("update inbox set state = 'waiting' where update_id = ?", [update.update_id])
            return found

        return await self._written(work)

    def forget(self, user: int, chat: int) -> int:
        """Deletes what was set aside of a person or a chat; returns how many updates."""

        def work(database: Database) -> int:
            mine = f"state = 'aside' and {_UNFINISHED} and (user = ? or lane = ?)"
            return int(database.execute(f"delete from inbox where {mine}", [user, chat]).rowcount)  # noqa: S608 - a constant

        return self._writer.submit(work).result()

    async def check(self) -> None:
        """Writes something, to see whether the database can be written; raises sqlite3.Error."""

        def work(database: Database) -> None:
            database.execute("insert or ignore into malformed (id, received) values (-1, 0)")
            database.execute("delete from malformed where id = -1")

        await self._written(work)

    async def _do(self, sql: str, values: list[Any]) -> int:
        return await self._written(lambda database: int(database.execute(sql, values).rowcount))

    async def _written(self, work: Callable[[Database], _T]) -> _T:
        return await self._writer.write(work)


def _prepare(database: Database) -> None:
    for statement in _SCHEMA:
        database.execute(statement)


def _found(database: Database, state: str, most: int) -> list[Received]:
    rows = database.execute(
        f"select {_COLUMNS} from inbox where state = ? and {_UNFINISHED} order by received, update_id limit ?",  # noqa: S608 - constants
        [state, most],
    )
    return [
        Received(number, kind, lane, user, body, at, attempts, bool(unsure))
        for number, kind, lane, user, body, at, attempts, unsure in rows
    ]


def _storable(error: str) -> str:
    """The text without half surrogate pairs, which a message may hold and SQLite does not take."""
    return error.encode("utf-8", "backslashreplace").decode()


def _is_new(database: Database, update: Received) -> bool:
    values = [update.update_id, update.kind, update.lane, update.user, update.body, update.at]
    inserted = database.execute(
        "insert or ignore into inbox (update_id, kind, lane, user, body, received) values (?, ?, ?, ?, ?, ?)",
        values,
    )
    return bool(inserted.rowcount == 1)
