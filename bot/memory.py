"""What the bot remembers of readers and chats, and forgets again: settings, the last question, votes."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlite_utils import Database

if TYPE_CHECKING:
    from bot.writer import Writer

_T = TypeVar("_T")

KEPT = 3600
"""Seconds for which the last question of a chat is kept, so that a follow-up can continue it."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a reader has chosen; `language` None follows Telegram, `quotes` is 1 to 3."""

    language: str | None = None
    quotes: int = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """The last question of a chat or topic, and how many quotes of its answer were shown."""

    question: str
    shown: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted."""

    settings: int
    questions: int
    votes: int


class Memory:
    """Tables beside the articles in the bot's database; `now` is the time in seconds since 1970.

    What is too old when it opens is deleted then. With a `writer` every change goes through it; without one
    the memory writes by itself. Changes are made in the order in which they were asked for. With a writer
    `ask` and `vote` do not wait for the disk: what is written after them, such as that an update is done,
    stands for them too. A setting is kept when `prefer` returns, as the reader is told so.
    """

    def __init__(self, path: Path | str, now: float = 0.0, writer: "Writer | None" = None) -> None:
        self._database = Database(sqlite3.connect(path, timeout=10, isolation_level=None))
        self._database.enable_wal()
        # What was forgotten is overwritten, not only unlinked; and an hour has passed for much of the rest.
        self._database.execute("pragma secure_delete = on")
        self._writer = writer
        self._result(_prepare)
        self._result(lambda database: _purge(database, now))

    def close(self) -> None:
        """Closes the database; the memory is of no use afterwards."""
        self._database.close()

    def preferences(self, user: int) -> Preferences:
        """The reader's settings; the defaults where there are none."""
        row = self._row("select language, quotes from readers where user = ?", [user])
        return Preferences() if row is None else Preferences(*row)

    def prefer(self, user: int, preferences: Preferences) -> None:
        """Keeps the reader's settings."""
        row = {"user": user, "language": preferences.language, "quotes": preferences.quotes}
        self._result(lambda database: database.table("readers").upsert(row, pk="user"))

    def asked(self, chat: int, topic: int, now: float) -> Asked | None:
        """The last question of the chat, unless it is older than KEPT; whatever is older is deleted."""
        if self._row("select 1 from asked where at < ? limit 1", [now - KEPT]):
            self._change(lambda database: _purge(database, now))
        where = "chat = ? and topic = ? and at >= ?"
        row = self._row(f"select question, shown from asked where {where}", [chat, topic, now - KEPT])  # noqa: S608 - a constant
        return None if row is None else Asked(*row)

    def ask(self, chat: int, topic: int, user: int, asked: Asked, now: float) -> None:
        """Keeps the last question of the chat in place of the one before."""
        row = [chat, topic, user, asked.question, asked.shown, now]
        put = "insert or replace into asked values (?, ?, ?, ?, ?, ?)"
        self._change(lambda database: database.execute(put, row))

    def no_question(self, chat: int, topic: int) -> None:
        """Deletes the last question of the chat: nothing that comes continues it."""
        self._change(
            lambda database: database.execute("delete from asked where chat = ? and topic = ?", [chat, topic])
        )

    def vote(self, user: int, question: str, place: str, vote: int, now: float) -> None:
        """Keeps a vote, 1 or -1; `question` is the id of the question's message, `place` that of the quote."""
        row = {"user": user, "question": question, "place": place, "vote": vote, "at": now}
        self._change(lambda database: database.table("votes").upsert(row, pk=("user", "place")))

    def forget(self, user: int, chat: int) -> Forgotten:
        """Deletes everything about the person and the chat, at once."""

        def work(database: Database) -> Forgotten:
            return Forgotten(
                _deleted(database, "readers", "user = ?", [user]),
                _deleted(database, "asked", "chat = ? or user = ?", [chat, user]),
                _deleted(database, "votes", "user = ?", [user]),
            )

        return self._result(work)

    def _row(self, sql: str, values: list[Any]) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._database.execute(sql, values).fetchone()
        return row

    def _change(self, work: Callable[[Database], object]) -> None:
        if self._writer is None:
            self._result(work)
        else:
            self._writer.post(work)

    def _result(self, work: Callable[[Database], _T]) -> _T:
        if self._writer is not None:
            return self._writer.submit(work).result()
        with self._database.atomic():
            return work(self._database)


def _prepare(database: Database) -> None:
    tables: dict[str, tuple[dict[str, Any], str | tuple[str, ...]]] = {
        "readers": ({"user": int, "language": str, "quotes": int}, "user"),
        "asked": (
            {"chat": int, "topic": int, "user": int, "question": str, "shown": int, "at": float},
            ("chat", "topic"),
        ),
        "votes": (
            {"user": int, "question": str, "place": str, "vote": int, "at": float},
            ("user", "place"),
        ),
    }
    for name, (columns, key) in tables.items():
        database.table(name).create(columns, pk=key, if_not_exists=True)
    database.execute("create index if not exists asked_at on asked (at)")


def _purge(database: Database, now: float) -> None:
    database.execute("delete from asked where at < ?", [now - KEPT])


def _deleted(database: Database, table: str, where: str, values: list[int]) -> int:
    return int(database.execute(f"delete from {table} where {where}", values).rowcount)  # noqa: S608 - constants
