import sqlite3
from datetime import date

import pytest
from sqlite_utils import Database

from retrieval.article import Article
from retrieval.errors import StoreError
from retrieval.versions import version

OLD = Article("қар.txt", "Елордада қар аздап жауды.", "Қар", "BAQ.KZ", date(2026, 3, 1))
NEWER = Article(
    "қар.txt",
    "Елордада қар қалың жауды.",
    None,
    url="https://example.org/1",
    body=4,
    language="kk",
    author="А.",
)


@pytest.fixture
def database(tmp_path):
    database = Database(sqlite3.connect(tmp_path / "dayek.db"))
    database.execute(
        "create table versions (id text, digest text, text text, title text, source text, published text, url text, "
        "body integer, language text, author text, since integer, until integer)"
    )
    for at, one in enumerate((OLD, NEWER)):
        day = one.published and one.published.isoformat()
        row = (
            one.id,
            one.digest,
            one.text,
            one.title,
            one.source,
            day,
            one.url,
            one.body,
            one.language,
            one.author,
        )
        database.execute("insert into versions values (?,?,?,?,?,?,?,?,?,?,?,?)", (*row, at, at + 1))
    yield database
    database.close()


@pytest.mark.parametrize("article", [OLD, NEWER])
@pytest.mark.parametrize("digits", [6, 32])
def test_a_version_is_found_by_id_and_the_beginning_of_its_digest_with_all_that_was_known(
    database, article, digits
):
    found = version(database, "қар.txt", article.digest[:digits])

    assert found is not None
    assert found == article
    assert found.digest == article.digest


@pytest.mark.parametrize(
    ("id_", "digest"), [("жел.txt", OLD.digest), ("қар.txt", "000000"), ("қар.txt", "%"), ("қар.txt", "")]
)
def test_what_was_never_there_is_not_found(database, id_, digest):
    assert version(database, id_, digest) is None


def test_of_versions_that_came_again_the_latest_is_given(database):
    database.execute("update versions set digest = ?", [OLD.digest])

    found = version(database, "қар.txt", OLD.digest[:6])
    assert found is not None
    assert found.text == NEWER.text


def test_a_database_that_cannot_be_read_is_said(tmp_path):
    database = Database(sqlite3.connect(tmp_path / "other.db"))
    with pytest.raises(StoreError, match=r"earlier versions of 'қар\.txt' cannot be read"):
        version(database, "қар.txt", "0123")
    database.close()
