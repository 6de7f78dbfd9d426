"""The database: the articles as they were read, kept in SQLite through sqlite-utils."""

import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from retrieval.article import Article
from retrieval.errors import StoreError
from retrieval.mark import START, Changes, Mark
from retrieval.schema import ARTICLES, SCHEMA, prepare, version_of, writing

_STEP = 1 << 32
"""Each transaction raises the numbers of changes by a random step up to this. So when a backup is put back and the
articles go on changing from there, the new numbers are others than those that were given before."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did, by article id, and how many articles stayed as they were."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int

    def __str__(self) -> str:
        total = len(self.added) + len(self.changed) + self.unchanged
        said = [
            f"{len(ids)} {name}"
            for name, ids in (("new", self.added), ("changed", self.changed), ("removed", self.removed))
            if ids
        ]
        return f"{total} articles: " + (", ".join(said) or "nothing changed")


@dataclass(frozen=True, slots=True)
class Taken:
    """What the articles of an origin were last taken from: `fingerprint` tells it, `problems` are what was said."""

    fingerprint: str
    problems: tuple[str, ...]


class Store:
    """The articles in a database file, which is made where it is missing.

    An article that is no longer there is marked removed; its row, and so its text, stays. May be used from any
    thread, but from one at a time. Every method raises StoreError with a sentence for the operator where SQLite
    cannot do its part.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version = 0
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = Database(sqlite3.connect(path, timeout=10, check_same_thread=False))
            self._check_version()
            self._database.enable_wal()
            prepare(self._database)

    def close(self) -> None:
        """Closes the database; the store is of no use afterwards."""
        self._database.close()

    def sync(
        self, articles: Iterable[Article], *, origin: str = ARTICLES, taken: Taken | None = None
    ) -> Synced:
        """Makes the stored articles of an origin the given ones, in one transaction; those of others stay.

        `taken` says what they were taken from: see `taken`.
        """
        given = {article.id: article for article in articles}
        with self._explained(), writing(self._database):
            stored = self._stored(origin)
            added = tuple(id_ for id_ in given if id_ not in stored)
            changed = tuple(id_ for id_ in given if id_ in stored and stored[id_] != given[id_].digest)
            removed = tuple(id_ for id_ in stored if id_ not in given)
            self._write((given[id_] for id_ in added + changed), origin)
            self._remove(removed)
            self._database.execute("delete from taken where origin = ?", [origin])
            if taken is not None:
                problems = json.dumps(taken.problems)
                self._database.execute(
                    "insert into taken values (?, ?, ?)", [origin, taken.fingerprint, problems]
                )
        return Synced(added, changed, removed, len(given) - len(added) - len(changed))

    def taken(self, origin: str = ARTICLES) -> Taken | None:
        """What the articles of an origin were last taken from; None where nobody said so."""
        sql = "select fingerprint, problems from taken where origin = ?"
        with self._explained():
            found = self._database.execute(sql, [origin]).fetchone()
        return None if found is None else Taken(found[0], tuple(json.loads(found[1])))

    def count(self, origin: str = ARTICLES) -> int:
        """How many articles of an origin are not removed."""
        sql = "select count(*) from articles where removed is null and origin = ?"
        with self._explained():
            return int(self._database.execute(sql, [origin]).fetchone()[0])

    def add(self, articles: Iterable[Article], origin: str) -> None:
        """Stores articles, each in place of the one with its id, in one transaction."""
        with self._explained(), writing(self._database):
            self._write(articles, origin)

    def remove(self, ids: Collection[str]) -> None:
        """Marks articles removed, in one transaction; ids that are not there are passed over."""
        with self._explained(), writing(self._database):
            self._remove(ids)

    def articles(self) -> tuple[Article, ...]:
        """The articles that are not removed, by id."""
        with self._explained():
            return tuple(article_of(row) for row in self._table.rows_where("removed is null", order_by="id"))

    def article(self, id_: str) -> Article:
        """The article as it is now, or was when it was removed. Raises KeyError for one that was never there."""
        with self._explained():
            for row in self._table.rows_where("id = ?", [id_]):
                return article_of(row)
        raise KeyError(id_)

    def digests(self) -> dict[str, str]:
        """The digest of each article that is not removed, by id, newest article first."""
        # ISO dates sort as text, and an unknown one comes last.
        sql = "select id, digest from articles where removed is null order by ifnull(published, '') desc, id"
        with self._explained():
            return dict(self._database.execute(sql).fetchall())

    def data_version(self) -> int:
        """A number that is another one as soon as anybody but this store has written to the database."""
        with self._explained():
            found = int(self._database.execute("pragma data_version").fetchone()[0])
            if found != self._version:
                # A backup of an older version may have been put back.
                self._check_version()
                prepare(self._database)
                self._version = int(self._database.execute("pragma data_version").fetchone()[0])
            return self._version

    def mark(self) -> Mark:
        """The mark behind the last change."""
        sql = "select change, id from articles order by change desc limit 1"
        with self._explained():
            found = self._database.execute(sql).fetchone()
        return START if found is None else Mark(*found)

    def since(self, mark: Mark) -> Changes | None:
        """What changed behind a mark, found without a look at the rest.

        None where the database has another past than when the mark was made: a backup was put back.
        """
        sql = "select id, iif(removed is null, digest, null), change from articles where change >= ? order by change"
        with self._explained():
            rows = self._database.execute(sql, [mark.number]).fetchall()
        if mark != START and mark.id not in {id_ for id_, _, _ in rows}:
            return None
        new = [row for row in rows if row[2] > mark.number]
        return Changes({id_: digest for id_, digest, _ in new}, Mark(new[-1][2], new[-1][0]) if new else mark)

    @property
    def _table(self) -> Table:
        return self._database.table("articles")

    def _stored(self, origin: str) -> dict[str, str]:
        sql = "select id, digest from articles where removed is null and origin = ? order by id"
        return dict(self._database.execute(sql, [origin]).fetchall())

    def _write(self, articles: Iterable[Article], origin: str) -> None:
        numbers = self._numbers()
        rows = ({**_row(one), "origin": origin, "change": next(numbers)} for one in articles)
        self._table.upsert_all(rows, pk="id")

    def _remove(self, ids: Iterable[str]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        sql = "update articles set removed = ?, change = ? where id = ? and removed is null"
        for id_, number in zip(ids, self._numbers(), strict=False):
            self._database.execute(sql, [now, number, id_])

    def _numbers(self) -> Iterator[int]:
        (last,) = self._database.execute("select ifnull(max(change), 0) from articles").fetchone()
        number = last + secrets.randbelow(_STEP)
        while True:
            number += 1
            yield number

    def _check_version(self) -> None:
        version = version_of(self._database)
        if version > SCHEMA:
            raise StoreError(
                f"{self._path}: written by a newer Dayek (schema {version}, this one knows {SCHEMA}); "
                "update Dayek or name another DATABASE"
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        with explained(self._path):
            yield


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns the errors of SQLite and of the system into a StoreError with a sentence for the operator."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"{path}: the database cannot be used ({error}); check the path, its permissions and the "
            "free space, or name another DATABASE"
        ) from error


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


def article_of(row: Mapping[str, Any]) -> Article:
    """The article that a row holds."""
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
