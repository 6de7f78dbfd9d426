"""What an admin is about to add, and what was removed of late; kept in tables, so that a restart loses neither."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.writer import Writer
from retrieval.article import Article
from retrieval.document import Document
from retrieval.importing import article_of

KEPT = 7 * 24 * 3600
"""Seconds for which a preview can be used."""
ASKED = 600
"""Seconds for which the next message is taken for the answer to what was asked of a preview."""
_REMOVALS_KEPT = 24 * 3600
"""Seconds for which a removal is remembered, to say that it is too late to undo it."""
OPEN, ADDED, CANCELLED = "open", "added", "cancelled"
"""The states of a draft."""
_SCHEMA = (
    """create table if not exists drafts (chat integer, message integer, place integer, name text, document text,
    state text not null, at real not null, asks text, asked real, said integer,
    primary key (chat, message, place))""",
    "create index if not exists drafts_at on drafts (at)",
    "create table if not exists removals (key text primary key, id text not null, at real not null)",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that was previewed: `message` is the admin's that brought it, `place` its number in it, from 0.

    `asks` is the field that the admin was asked for, None where nothing is asked. One that is no longer open has
    no text any more; one that was added is named by the id of its article.
    """

    chat: int
    message: int
    place: int
    document: Document
    state: str = OPEN
    asks: str | None = None

    @property
    def article(self) -> Article:
        """The article that it becomes."""
        return article_of(self.document)


@dataclass(frozen=True, slots=True)
class Removal:
    """An article that was removed: its id, and when, in seconds since 1970."""

    id: str
    at: float


class Drafts:
    """The tables; what an awaited method has done is on the disk when it returns. `now` is in seconds since 1970.

    What is too old is deleted when they open, and when something new is kept.
    Methods raise sqlite3.Error where the database cannot be used.
    """

    def __init__(self, path: Path, writer: Writer, now: float = 0.0) -> None:
        self._writer = writer
        writer.submit(_prepare).result()
        writer.submit(lambda database: _purge(database, now)).result()
        self._reading = Database(sqlite3.connect(path, timeout=5, isolation_level=None))

    def close(self) -> None:
        """Closes the reading connection; the writer is left to whoever opened it."""
        self._reading.close()

    async def keep(self, chat: int, message: int, documents: Sequence[Document], now: float) -> None:
        """Keeps what a message brought. Of a message that comes twice the first reading stays."""
        rows = [[chat, message, place, one.name, _written(one), now] for place, one in enumerate(documents)]

        def work(database: Database) -> None:
            _purge(database, now)
            known = "select 1 from drafts where chat = ? and message = ? limit 1"
            if database.execute(known, [chat, message]).fetchone() is None:
                put = "insert into drafts (chat, message, place, name, document, state, at) values (?, ?, ?, ?, ?, 'open', ?)"
                database.conn.executemany(put, rows)

        await self._writer.write(work)

    def of(self, chat: int, message: int, now: float) -> list[Draft]:
        """What a message brought, in order; none where it brought nothing, or too long ago."""
        return self._found("chat = ? and message = ? and at >= ?", [chat, message, now - KEPT])

    async def end(self, chat: int, message: int, state: str, ids: Sequence[str | None] = ()) -> None:
        """The drafts of a message were added or cancelled; their texts are deleted.

        `ids` are those of the articles that they became, in order, None where one became none.
        """
        ended = "update drafts set state = ?, document = null, asks = null where chat = ? and message = ?"
        named = "update drafts set name = ifnull(?, name) where chat = ? and message = ? and place = ?"

        def work(database: Database) -> None:
            database.execute(ended, [state, chat, message])
            for place, id_ in enumerate(ids):
                database.execute(named, [id_, chat, message, place])

        await self._writer.write(work)

    async def ask(self, chat: int, message: int, field: str, now: float) -> None:
        """The next message of the chat is to be taken for this field of the one draft of the message."""

        def work(database: Database) -> None:
            database.execute("update drafts set asks = null where chat = ? and asks is not null", [chat])
            asks = "update drafts set asks = ?, asked = ? where chat = ? and message = ? and state = 'open'"
            database.execute(asks, [field, now, chat, message])

        await self._writer.write(work)

    async def ask_no_more(self, chat: int) -> None:
        """The next message of the chat is a message like any other."""
        await self._do("update drafts set asks = null where chat = ? and asks is not null", [chat])

    def asking(self, chat: int, now: float) -> Draft | None:
        """The draft that the next message of the chat is for."""
        found = self._found("chat = ? and asks is not null and asked >= ?", [chat, now - ASKED])
        return found[0] if found else None

    def edited_by(self, chat: int, message: int) -> Draft | None:
        """The draft that a message has changed already; the message came twice."""
        found = self._found("chat = ? and said = ?", [chat, message])
        return found[0] if found else None

    async def edit(self, draft: Draft, document: Document, by: int) -> None:
        """Puts another document in the place of a draft's; `by` is the message that said what to change."""
        sql = (
            "update drafts set document = ?, asks = null, said = ? "
            "where chat = ? and message = ? and place = ? and state = 'open'"
        )
        await self._do(sql, [_written(document), by, draft.chat, draft.message, draft.place])

    async def removed(self, key: str, id_: str, now: float) -> None:
        """Notes that an article was removed."""

        def work(database: Database) -> None:
            database.execute("delete from removals where at < ?", [now - _REMOVALS_KEPT])
            database.execute("insert or replace into removals values (?, ?, ?)", [key, id_, now])

        await self._writer.write(work)

    def removal(self, key: str) -> Removal | None:
        """The removal of the article with that key."""
        row = self._reading.execute("select id, at from removals where key = ?", [key]).fetchone()
        return None if row is None else Removal(*row)

    async def undone(self, key: str) -> None:
        """The removal is none any more."""
        await self._do("delete from removals where key = ?", [key])

    def forget(self, chat: int) -> int:
        """Deletes the drafts of a chat; returns how many messages had brought them."""

        def work(database: Database) -> int:
            sql = "select count(distinct message) from drafts where chat = ?"
            count = int(database.execute(sql, [chat]).fetchone()[0])
            database.execute("delete from drafts where chat = ?", [chat])
            return count

        return self._writer.submit(work).result()

    def _found(self, where: str, values: list[Any]) -> list[Draft]:
        sql = f"select chat, message, place, name, document, state, asks from drafts where {where} order by message, place"  # noqa: S608 - constants
        return [
            Draft(chat, message, place, _read(name, document), state, asks)
            for chat, message, place, name, document, state, asks in self._reading.execute(sql, values)
        ]

    async def _do(self, sql: str, values: list[Any]) -> None:
        def work(database: Database) -> None:
            database.execute(sql, values)

        await self._writer.write(work)


def _prepare(database: Database) -> None:
    for statement in _SCHEMA:
        database.execute(statement)


def _purge(database: Database, now: float) -> None:
    database.execute("delete from drafts where at < ?", [now - KEPT])


def _written(document: Document) -> str:
    return json.dumps(asdict(document), default=date.isoformat)


def _read(name: str, written: str | None) -> Document:
    if written is None:
        return Document(name, "")
    values = json.loads(written)
    published = values.pop("published")
    return Document(published=None if published is None else date.fromisoformat(published), **values)
