"""Articles as they were before they changed, from the table `versions` of the database."""

import sqlite3
from datetime import date

from sqlite_utils import Database

from retrieval.article import Article
from retrieval.errors import StoreError

_SQL = """
select id, text, title, source, published, url, body, language, author from versions
where id = :id and substr(digest, 1, length(:digest)) = :digest order by until desc limit 1
"""


def version(database: Database, id_: str, digest: str) -> Article | None:
    """The version of an article by id whose `Article.digest` begins so, the latest of several; None without any.

    Raises StoreError where the database cannot be read.
    """
    try:
        found = list(database.query(_SQL, {"id": id_, "digest": digest}))
    except sqlite3.Error as error:
        raise StoreError(
            f"the earlier versions of {id_!r} cannot be read ({error}); check the database"
        ) from error
    if not digest or not found:
        return None
    (row,) = found
    published = row.pop("published")
    return Article(**row, published=None if published is None else date.fromisoformat(published))
