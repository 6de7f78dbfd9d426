"""The database: the articles as they were read, kept in SQLite through sqlite-utils."""

import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database
from sqlite_utils.db import Table

from retrieval.article import Article
from retrieval.errors import StoreError
from retrieval.mark import START, Changes, Mark
from retrieval.remedies import remedy
from retrieval.schema import ARTICLES, SCHEMA, prepare, version_of, writing
from retrieval.synced import Held, Synced, Taken

_STEP = 1 << 32
"""Each transaction raises the numbers of changes by a random step up to this. So when a backup is put back and the
articles go on changing from there, the new numbers are others than those that were given before."""


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

        What a person removed stays removed until it changes. `taken` says what they were taken from: see `taken`.
        """
        given = {article.id: article for article in articles}
        with self._explained(), writing(self._database):
            refused = tuple(id_ for id_ in self._of_others(origin) if id_ in given)
            for id_ in (*refused, *self._barred(given)):
                del given[id_]
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
        return Synced(added, changed, removed, len(given) - len(added) - len(changed), refused)

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

    def add(self, articles: Iterable[Article], origin: str, location: str | None = None) -> None:
        """Stores articles, each in place of the one with its id, in one transaction.

        `location` is the path or the link that they came from.
        """
        with self._explained(), writing(self._database):
            self._write(articles, origin, location)

    def remove(self, ids: Collection[str]) -> None:
        """Marks articles removed, in one transaction; ids that are not there are passed over.

        What they came from does not bring them back; a person may.
        """
        with self._explained(), writing(self._database):
            self._remove(ids, barred=True)

    def held(self, id_: str) -> Held | None:
        """What is known of an article, also of a removed one; None where there never was one."""
        sql = "select digest, origin, location, removed is not null, barred from articles where id = ?"
        with self._explained():
            found = self._database.execute(sql, [id_]).fetchone()
        if found is None:
            return None
        digest, origin, location, removed, barred = found
        return Held(digest, origin, location, removed=bool(removed), barred=bool(barred))

    def restore(self, ids: Collection[str]) -> None:
        """Takes removals back, in one transaction: the articles are again what they were, origin and all.

        Ids of articles that are not removed are passed over.
        """
        sql = (
            "update articles set removed = null, barred = 0, change = ? where id = ? and removed is not null"
        )
        with self._explained(), writing(self._database):
            for id_, number in zip(ids, self._numbers(), strict=False):
                self._database.execute(sql, [number, id_])

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

    def _of_others(self, origin: str) -> Iterator[str]:
        sql = "select id from articles where removed is null and origin != ?"
        return (id_ for (id_,) in self._database.execute(sql, [origin]).fetchall())

    def _barred(self, given: Mapping[str, Article]) -> Iterator[str]:
        """Those of the given articles that a person has removed just as they are."""
        sql = "select id, digest from articles where removed is not null and barred"
        found = self._database.execute(sql).fetchall()
        return (id_ for id_, digest in found if id_ in given and given[id_].digest == digest)

    def _write(self, articles: Iterable[Article], origin: str, location: str | None = None) -> None:
        numbers, now = self._numbers(), _now()
        where = {"origin": origin, "location": location, "fetched": now, "removed": None, "barred": 0}
        rows = ({**_row(one), **where, "change": next(numbers)} for one in articles)
        self._table.upsert_all(rows, pk="id")

    def _remove(self, ids: Iterable[str], *, barred: bool = False) -> None:
        now = _now()
        sql = "update articles set removed = ?, barred = ?, change = ? where id = ? and removed is null"
        for id_, number in zip(ids, self._numbers(), strict=False):
            self._database.execute(sql, [now, int(barred), number, id_])

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


class Connected:
    """A connection of its own to a database, for one thread; its tables are made, or brought up to this version.

    Raises StoreError where the database cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with explained(path):
            self._database = Database(sqlite3.connect(path, timeout=10))
            prepare(self._database)

    def close(self) -> None:
        """Closes the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns the errors of SQLite and of the system into a StoreError with a sentence for the operator."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: the database cannot be used ({error}); {remedy(error)}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _row(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "text": article.text,
        "title": article.title,
        "source": article.source,
        "published": None if article.published is None else article.published.isoformat(),
        "url": article.url,
        "body": article.body,
        "language": article.language,
        "author": article.author,
        "digest": article.digest,
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
        row["language"],
        row["author"],
    )
