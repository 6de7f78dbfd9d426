"""What the bot remembers of readers and chats, and forgets again: settings, the last question, votes."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

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

    What is too old when it opens is deleted then.
    """

    def __init__(self, path: Path | str, now: float = 0.0) -> None:
        self._database = Database(sqlite3.connect(path, timeout=10))
        self._database.enable_wal()
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
            self._database.table(name).create(columns, pk=key, if_not_exists=True)
        # What was forgotten is overwritten, not only unlinked; and an hour has passed for much of the rest.
        self._database.execute("pragma secure_delete = on")
        self._purge(now)

    def close(self) -> None:
        """Closes the database; the memory is of no use afterwards."""
        self._database.close()

    def preferences(self, user: int) -> Preferences:
        """The reader's settings; the defaults where there are none."""
        row = next(iter(self._database.table("readers").rows_where("user = ?", [user])), None)
        return Preferences() if row is None else Preferences(row["language"], row["quotes"])

    def prefer(self, user: int, preferences: Preferences) -> None:
        """Keeps the reader's settings."""
        row = {"user": user, "language": preferences.language, "quotes": preferences.quotes}
        self._database.table("readers").upsert(row, pk="user")

    def asked(self, chat: int, topic: int, now: float) -> Asked | None:
        """The last question of the chat, unless it is older than KEPT; what is older is deleted."""
        self._purge(now)
        table = self._database.table("asked")
        row = next(iter(table.rows_where("chat = ? and topic = ?", [chat, topic])), None)
        return None if row is None else Asked(row["question"], row["shown"])

    def ask(self, chat: int, topic: int, user: int, asked: Asked, now: float) -> None:
        """Keeps the last question of the chat in place of the one before."""
        row: dict[str, Any] = {"chat": chat, "topic": topic, "user": user, "at": now}
        row |= {"question": asked.question, "shown": asked.shown}
        self._database.table("asked").upsert(row, pk=("chat", "topic"))

    def vote(self, user: int, question: str, place: str, vote: int, now: float) -> None:
        """Keeps a vote, 1 or -1; `question` is the id of the question's message, `place` that of the quote."""
        row = {"user": user, "question": question, "place": place, "vote": vote, "at": now}
        self._database.table("votes").upsert(row, pk=("user", "place"))

    def forget(self, user: int, chat: int) -> Forgotten:
        """Deletes everything about the person and the chat, at once."""
        with self._database.conn:
            counts = [
                self._delete("readers", "user = ?", [user]),
                self._delete("asked", "chat = ? or user = ?", [chat, user]),
                self._delete("votes", "user = ?", [user]),
            ]
        return Forgotten(*counts)

    def _purge(self, now: float) -> None:
        self._database.table("asked").delete_where("at < ?", [now - KEPT])

    def _delete(self, table: str, where: str, values: list[int]) -> int:
        found = self._database.table(table)
        count = int(found.count_where(where, values))
        found.delete_where(where, values)
        return count
