"""The database: the articles as they were read, kept in SQLite through sqlite-utils."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from retrieval.article import Article
from retrieval.errors import StoreError

SCHEMA = 1
"""The version of the tables, kept in the file as its user_version."""
_IN_MEMORY = 512
"""Articles that are kept after they were read."""
_COLUMNS = {
    "id": str,
    "text": str,
    "title": str,
    "source": str,
    "published": str,
    "url": str,
    "body": int,
    "digest": str,
    "removed": str,
}


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did, by article id."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]

    def __str__(self) -> str:
        total = len(self.added) + len(self.changed) + len(self.unchanged)
        said = [
            f"{len(ids)} {name}"
            for name, ids in (("new", self.added), ("changed", self.changed), ("removed", self.removed))
            if ids
        ]
        return f"{total} articles: " + (", ".join(said) or "nothing changed")


class Store:
    """The articles in a database file, which is made where it is missing.

    An article that is no longer among those synced is marked removed; its row, and so its text, stays.
    Every method raises StoreError with a sentence for the operator where SQLite cannot do its part.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = Database(sqlite3.connect(path, timeout=10))
            self._database.enable_wal()
            self._prepare()

    def close(self) -> None:
        """Closes the database; the store is of no use afterwards."""
        self._database.close()

    def sync(self, articles: Iterable[Article]) -> Synced:
        """Makes the stored articles the given ones, in one transaction."""
        given = {article.id: article for article in articles}
        with self._explained(), self._database.conn:
            stored = {row["id"]: row["digest"] for row in self._table.rows_where("removed is null")}
            added = tuple(id_ for id_ in given if id_ not in stored)
            changed = tuple(id_ for id_ in given if id_ in stored and stored[id_] != given[id_].digest)
            removed = tuple(id_ for id_ in stored if id_ not in given)
            self._table.upsert_all((_row(given[id_]) for id_ in added + changed), pk="id")
            now = datetime.now(UTC).isoformat(timespec="seconds")
            for id_ in removed:
                self._table.update(id_, {"removed": now})
        unchanged = tuple(id_ for id_ in given if stored.get(id_) == given[id_].digest)
        return Synced(added, changed, removed, unchanged)

    def articles(self) -> tuple[Article, ...]:
        """The articles that are not removed, by id."""
        with self._explained():
            return tuple(_article(row) for row in self._table.rows_where("removed is null", order_by="id"))

    def digests(self) -> dict[str, str]:
        """The digest of each article that is not removed, by id, newest article first."""
        # ISO dates sort as text, and an unknown one comes last.
        sql = "select id, digest from articles where removed is null order by ifnull(published, '') desc, id"
        with self._explained():
            return dict(self._database.execute(sql).fetchall())

    @property
    def _table(self) -> Table:
        return self._database.table("articles")

    def _prepare(self) -> None:
        version = self._database.execute("pragma user_version").fetchone()[0]
        if version > SCHEMA:
            raise StoreError(
                f"{self._path}: written by a newer Dayek (schema {version}, this one knows {SCHEMA}); "
                "update Dayek or name another DATABASE"
            )
        self._table.create(_COLUMNS, pk="id", not_null={"text", "body", "digest"}, if_not_exists=True)
        self._database.execute(f"pragma user_version = {SCHEMA}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{self._path}: the database cannot be used ({error}); check the path, its permissions and the "
                "free space, or name another DATABASE"
            ) from error


class StoredArticles(Mapping[str, Article]):
    """The articles of a database by id, in the order of `ids`; each is read when it is looked at.

    May be asked from several threads. Raises StoreError where the database cannot be read.
    """

    def __init__(self, path: Path, ids: Iterable[str]) -> None:
        self._path = path
        self._ids = dict.fromkeys(ids)
        self._database = Database(sqlite3.connect(path, timeout=10, check_same_thread=False))
        self._asking = threading.Lock()
        self._kept: OrderedDict[str, Article] = OrderedDict()

    def close(self) -> None:
        """Closes the database; the articles are of no use afterwards."""
        self._database.close()

    def __getitem__(self, id_: str) -> Article:
        if id_ not in self._ids:
            raise KeyError(id_)
        with self._asking:
            if id_ not in self._kept:
                self._kept[id_] = self._read(id_)
                if len(self._kept) > _IN_MEMORY:
                    self._kept.popitem(last=False)
            return self._kept[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def _read(self, id_: str) -> Article:
        try:
            (row,) = self._database.table("articles").rows_where("id = ?", [id_])
        except (sqlite3.Error, ValueError) as error:
            raise StoreError(f"{self._path}: the article {id_!r} cannot be read ({error})") from error
        return _article(row)


def _row(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "text": article.text,
        "title": article.title,
        "source": article.source,
        "published": None if article.published is None else article.published.isoformat(),
        "url": article.url,
        "body": article.body,
        "digest": article.digest,
        "removed": None,
    }


def _article(row: dict[str, Any]) -> Article:
    published = row["published"]
    return Article(
        row["id"],
        row["text"],
        row["title"],
        row["source"],
        None if published is None else date.fromisoformat(published),
        row["url"],
        row["body"],
    )
