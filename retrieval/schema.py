"""The tables of the database, and how an older database gets them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

SCHEMA = 2
"""The version of the tables, kept in the file as its user_version."""
ARTICLES = "ARTICLES"
"""The origin of the articles that the setting of this name gave."""

_TABLES = """
create table if not exists articles (
    id text primary key, text text not null, title text, source text, published text, url text,
    body integer not null, digest text not null, removed text,
    origin text not null default 'ARTICLES', change integer not null default 0
);
create unique index if not exists articles_change on articles (change);
create table if not exists replaced (
    id text, digest text, text text, title text, source text, published text, url text, body integer,
    since integer, primary key (id, digest)
);
create index if not exists replaced_since on replaced (since);
create trigger if not exists articles_replaced before update on articles when new.digest is not old.digest
begin
    delete from replaced where since < cast(strftime('%s', 'now') as integer) - 86400;
    insert or replace into replaced values (
        old.id, old.digest, old.text, old.title, old.source, old.published, old.url, old.body,
        cast(strftime('%s', 'now') as integer)
    );
end;
create table if not exists taken (origin text primary key, fingerprint text not null, problems text not null);
"""
"""`change` is a number that every write raises, so that what is new is found without a look at all articles.

An index may be a moment older than the database: what it was made of stays in `replaced` for a day.
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
            database.execute("alter table articles add column origin text not null default 'ARTICLES'")
            database.execute("alter table articles add column change integer not null default 0")
            database.execute("update articles set change = rowid")
        database.executescript(_TABLES)
        database.execute(f"pragma user_version = {SCHEMA}")


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
