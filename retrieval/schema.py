"""The tables of the database, and how an older database gets them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

SCHEMA = 3
"""The version of the tables, kept in the file as its user_version."""
ARTICLES = "ARTICLES"
"""The origin of the articles that the setting of this name gave."""

_TABLES = """
create table if not exists articles (
    id text primary key, text text not null, title text, source text, published text, url text,
    body integer not null, digest text not null, removed text,
    origin text not null default 'ARTICLES', change integer not null default 0,
    language text, author text, location text, fetched text, barred integer not null default 0
);
create unique index if not exists articles_change on articles (change);
create index if not exists articles_location on articles (location) where location is not null;
create table if not exists versions (
    id text not null, digest text not null, text text not null, title text, source text, published text, url text,
    body integer not null, language text, author text, since text, until text not null
);
create unique index if not exists versions_digest on versions (id, digest);
create trigger if not exists articles_changed before update on articles when new.digest is not old.digest
begin
    insert into versions values (
        old.id, old.digest, old.text, old.title, old.source, old.published, old.url, old.body, old.language,
        old.author, old.fetched, strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')
    ) on conflict (id, digest) do update set until = excluded.until;
end;
create table if not exists taken (origin text primary key, fingerprint text not null, problems text not null);
create table if not exists unfinished (
    number integer primary key, location text not null, origin text not null, begun text not null,
    tries integer not null default 0, unique (location, origin)
);
"""
"""Of articles: `change` is a number that every write raises, so that what is new is found without a look at all.
`location` is the path or the link that the article came from, `fetched` when it came as it is now, and `barred`
says that a person removed it, so that what it came from does not bring it back.

Versions are what articles were before they changed, kept for good: an index may be a moment older than the database,
and a citation a year older. The order of the rows is that in which they first ended. One that came back stands once,
from when it first was there to when it last ended. Times are ISO 8601 in UTC; `since` is null where it is not known.

Unfinished are the imports that have begun and not ended.
"""

_COLUMNS_OF_2 = ("origin text not null default 'ARTICLES'", "change integer not null default 0")
_COLUMNS_OF_3 = (
    "language text",
    "author text",
    "location text",
    "fetched text",
    "barred integer not null default 0",
)
_REPLACED = """
insert or ignore into versions
    select id, digest, text, title, source, published, url, body, null, null, null,
        strftime('%Y-%m-%dT%H:%M:%S+00:00', since, 'unixepoch')
    from replaced order by since, rowid
"""


def version_of(database: Database) -> int:
    """The version of the tables that the database has; 0 for a new one."""
    return int(database.execute("pragma user_version").fetchone()[0])


def prepare(database: Database) -> None:
    """Makes the tables, or brings those of an older version up to this one; in one transaction."""
    if version_of(database) == SCHEMA:
        return
    with writing(database):
        if version_of(database) == SCHEMA:  # another process was faster
            return
        names = {column.name for column in database.table("articles").columns}
        if names and "change" not in names:
            _add_columns(database, _COLUMNS_OF_2)
            database.execute("update articles set change = rowid")
        if names and "location" not in names:
            _add_columns(database, _COLUMNS_OF_3)
        database.executescript(_TABLES)
        if database.table("replaced").exists():
            database.execute(_REPLACED)
            database.executescript("drop trigger if exists articles_replaced; drop table replaced;")
        database.execute(f"pragma user_version = {SCHEMA}")


def _add_columns(database: Database, columns: tuple[str, ...]) -> None:
    for column in columns:
        database.execute(f"alter table articles add column {column}")


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """A transaction that has the lock from its beginning, so that nobody writes between its reads and its writes."""
    database.execute("begin immediate")
    try:
        yield
    except BaseException:
        database.rollback()
        raise
    database.commit()
