import sqlite3
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.article import Article
from retrieval.errors import StoreError
from retrieval.store import Store, Synced
from tests.texts import TEXTS

SNOW = Article(
    "snow.txt", "×\r\nҚар жауды.", "Ауа райы", "Qala.kz", date(2026, 2, 13), "https://qala.kz/1", body=1
)
WIND = Article("wind.txt", "Жел тұрды.")


@pytest.fixture
def store(tmp_path):
    found = Store(tmp_path / "data" / "dayek.db")
    yield found
    found.close()


def test_articles_come_back_with_all_their_fields_by_id(store):
    store.sync([WIND, SNOW])

    assert store.articles() == (SNOW, WIND)


def test_a_sync_says_what_is_new_changed_removed_and_unchanged(store):
    sun = Article("sun.txt", "Күн шықты.")

    assert store.sync([SNOW, WIND]) == Synced(("snow.txt", "wind.txt"), (), (), ())
    assert store.sync([SNOW, WIND]) == Synced((), (), (), ("snow.txt", "wind.txt"))

    calm = replace(WIND, text="Жел басылды.")
    assert store.sync([calm, sun]) == Synced(("sun.txt",), ("wind.txt",), ("snow.txt",), ())
    assert store.articles() == (sun, calm)


@pytest.mark.parametrize(
    ("synced", "sentence"),
    [
        (Synced(("a", "b"), (), (), ()), "2 articles: 2 new"),
        (Synced((), (), (), ("a",)), "1 articles: nothing changed"),
        (Synced(("a",), ("b",), ("c",), ("d",)), "3 articles: 1 new, 1 changed, 1 removed"),
    ],
)
def test_a_sync_reads_as_a_sentence(synced, sentence):
    assert str(synced) == sentence


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Қар тоқтады."},
        {"title": None},
        {"source": "Dala.kz"},
        {"published": None},
        {"url": None},
        {"body": 3},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_of_an_article_may_change(store, change):
    store.sync([SNOW])
    changed = replace(SNOW, **change)

    assert store.sync([changed]).changed == ("snow.txt",)
    assert store.articles() == (changed,)


@pytest.mark.parametrize(
    "text", ["бір\r\nекі\rүш\n", "жаи\u0306 e\u0301", "\ufeffбір", "бір\x00екі", "👩\u200d🏫 🇰🇿", "  бір \t"]
)
def test_the_text_is_kept_to_the_byte(store, text):
    store.sync([Article("a", text)])

    assert [one.text.encode() for one in store.articles()] == [text.encode()]


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), TEXTS, max_size=3))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_articles_are_kept_as_they_are(store, texts):
    articles = {id_: Article(id_, text) for id_, text in texts.items()}

    store.sync(articles.values())

    assert {one.id: one for one in store.articles()} == articles


def rows(path) -> list[tuple[str, str, bool]]:
    connection = sqlite3.connect(path)
    try:
        found = connection.execute(
            "select id, text, removed is not null from articles order by id"
        ).fetchall()
    finally:
        connection.close()
    return [(id_, text, bool(removed)) for id_, text, removed in found]


def test_a_removed_articles_row_stays_and_comes_back_with_its_file(store, tmp_path):
    store.sync([SNOW, WIND])

    assert store.sync([WIND]).removed == ("snow.txt",)
    assert store.articles() == (WIND,)
    assert rows(tmp_path / "data" / "dayek.db") == [
        ("snow.txt", SNOW.text, True),
        ("wind.txt", WIND.text, False),
    ]
    assert store.sync([WIND]) == Synced((), (), (), ("wind.txt",))

    assert store.sync([SNOW, WIND]) == Synced(("snow.txt",), (), (), ("wind.txt",))
    assert store.articles() == (SNOW, WIND)


def test_the_articles_are_there_after_a_restart(tmp_path):
    path = tmp_path / "dayek.db"
    for expected in (Synced(("snow.txt",), (), (), ()), Synced((), (), (), ("snow.txt",))):
        store = Store(path)
        assert store.sync([SNOW]) == expected
        assert store.articles() == (SNOW,)
        store.close()


def test_a_sync_that_fails_changes_nothing(store):
    store.sync([SNOW])

    with pytest.raises(StoreError):
        store.sync([WIND, Article("bad", None)])  # type: ignore[arg-type]  # the column takes no null

    assert store.articles() == (SNOW,)


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "dayek.db"
    path.write_text("This is no database, and long enough not to be taken for one. " * 20, encoding="utf-8")

    with pytest.raises(StoreError, match=r"dayek\.db: the database cannot be used .*another DATABASE"):
        Store(path)
    assert path.read_text(encoding="utf-8").startswith("This is no database")


def test_a_folder_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(StoreError, match="the database cannot be used"):
        Store(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(StoreError, match="the database cannot be used"):
        Store(tmp_path / "file" / "dayek.db")


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "dayek.db"
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.close()

    with pytest.raises(StoreError, match="newer Dayek"):
        Store(path)

    connection = sqlite3.connect(path)
    assert connection.execute("select count(*) from sqlite_master").fetchone() == (0,)
    assert connection.execute("pragma user_version").fetchone() == (99,)
    connection.close()
