import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.article import Article
from retrieval.backup import backup, restore
from retrieval.errors import StoreError
from retrieval.mark import START
from retrieval.store import Store
from retrieval.stored import Texts
from retrieval.synced import Held, Synced, Taken
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


@pytest.mark.parametrize("change", [{"language": "kk"}, {"author": "Роза Ақжар"}], ids=str)
def test_language_and_author_are_kept_and_may_change(store, tmp_path, change):
    told = replace(SNOW, **change)
    store.sync([SNOW])
    assert store.sync([told]).changed == ("snow.txt",)
    assert store.articles() == (told,)
    with closing(Texts(tmp_path / "data" / "dayek.db")) as texts:
        assert texts.read("snow.txt", told.digest) == told


def test_a_sync_says_what_is_new_changed_removed_and_unchanged(store):
    sun = Article("sun.txt", "Күн шықты.")

    assert store.sync([SNOW, WIND]) == Synced(("snow.txt", "wind.txt"), (), (), 0)
    assert store.sync([SNOW, WIND]) == Synced((), (), (), 2)

    calm = replace(WIND, text="Жел басылды.")
    assert store.sync([calm, sun]) == Synced(("sun.txt",), ("wind.txt",), ("snow.txt",), 0)
    assert store.articles() == (sun, calm)


@pytest.mark.parametrize(
    ("synced", "sentence"),
    [
        (Synced(("a", "b"), (), (), 0), "2 articles: 2 new"),
        (Synced((), (), (), 1), "1 articles: nothing changed"),
        (Synced(("a",), ("b",), ("c",), 1), "3 articles: 1 new, 1 changed, 1 removed"),
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
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    assert store.sync([WIND]) == Synced((), (), (), 1)

    assert store.sync([SNOW, WIND]) == Synced(("snow.txt",), (), (), 1)
    assert store.articles() == (SNOW, WIND)


def test_the_articles_are_there_after_a_restart(tmp_path):
    path = tmp_path / "dayek.db"
    for expected in (Synced(("snow.txt",), (), (), 0), Synced((), (), (), 1)):
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


OLD = """
CREATE TABLE "articles" (
   "id" TEXT PRIMARY KEY,
   "text" TEXT NOT NULL,
   "title" TEXT,
   "source" TEXT,
   "published" TEXT,
   "url" TEXT,
   "body" INTEGER NOT NULL,
   "digest" TEXT NOT NULL,
   "removed" TEXT
);
CREATE TABLE votes (user INTEGER, vote INTEGER);
INSERT INTO votes VALUES (7, 1);
"""
"""What the first version of the tables was, with a table of the bot's."""


def older(path):
    """A database as the first version wrote it: snow and wind, and an article that was removed."""
    connection = sqlite3.connect(path)
    connection.executescript(OLD)
    for article, removed in (
        (SNOW, None),
        (WIND, None),
        (Article("old.txt", "Ескі."), "2026-01-01T00:00:00"),
    ):
        day = None if article.published is None else article.published.isoformat()
        row = (article.id, article.text, article.title, article.source, day, article.url, article.body)
        connection.execute(
            "insert into articles values (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, article.digest, removed)
        )
    connection.execute("pragma user_version = 1")
    connection.commit()
    connection.close()


def changed(store, mark):
    """What changed behind a mark, which is one of the store's own past, and the mark behind it."""
    found = store.since(mark)
    assert found is not None
    return found.digests, found.mark


def columns(path, *names):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"select {', '.join(names)} from articles order by id").fetchall()
    finally:
        connection.close()


def test_an_older_database_loses_nothing_and_its_articles_are_those_of_the_setting(tmp_path):
    path = tmp_path / "dayek.db"
    older(path)
    before = columns(path, "id", "text", "title", "source", "published", "url", "body", "digest", "removed")

    with closing(Store(path)) as store:
        assert store.articles() == (SNOW, WIND)
        assert store.count() == 2
        assert store.sync([WIND]) == Synced((), (), ("snow.txt",), 1)
    with closing(Store(path)) as store:
        assert store.articles() == (WIND,)
        assert set(changed(store, START)[0]) == {"snow.txt", "wind.txt", "old.txt"}
    assert [row[:8] for row in columns(path, "id", "text", "title", "source", "published", "url", "body", "digest",
                                       "removed")] == [row[:8] for row in before]  # fmt: skip
    connection = sqlite3.connect(path)
    assert connection.execute("select * from votes").fetchall() == [(7, 1)]
    assert connection.execute("pragma user_version").fetchone() == (3,)
    connection.close()


SECOND = """
create table articles (
    id text primary key, text text not null, title text, source text, published text, url text,
    body integer not null, digest text not null, removed text,
    origin text not null default 'ARTICLES', change integer not null default 0
);
create unique index articles_change on articles (change);
create table replaced (
    id text, digest text, text text, title text, source text, published text, url text, body integer,
    since integer, primary key (id, digest)
);
create index replaced_since on replaced (since);
create trigger articles_replaced before update on articles when new.digest is not old.digest
begin
    delete from replaced where since < cast(strftime('%s', 'now') as integer) - 86400;
    insert or replace into replaced values (
        old.id, old.digest, old.text, old.title, old.source, old.published, old.url, old.body,
        cast(strftime('%s', 'now') as integer)
    );
end;
create table taken (origin text primary key, fingerprint text not null, problems text not null);
insert into taken values ('ARTICLES', '0123', '["a.pdf: left out"]');
pragma user_version = 2;
"""
"""What the second version of the tables was."""


def test_a_database_of_the_second_version_loses_nothing_and_keeps_what_was_replaced_for_good(tmp_path):
    path = tmp_path / "dayek.db"
    calm = replace(WIND, text="Жел басылды.")
    connection = sqlite3.connect(path)
    connection.executescript(SECOND)
    for number, article in enumerate((SNOW, WIND), 7):
        day = None if article.published is None else article.published.isoformat()
        row = (article.id, article.text, article.title, article.source, day, article.url, article.body)
        sql = "insert into articles values (?, ?, ?, ?, ?, ?, ?, ?, null, 'feed x', ?)"
        connection.execute(sql, (*row, article.digest, number))
    old = ("wind.txt", calm.digest, calm.text, None, None, None, None, 0, 1767225600)
    connection.execute("insert into replaced values (?, ?, ?, ?, ?, ?, ?, ?, ?)", old)
    connection.commit()
    connection.close()

    with closing(Store(path)) as store, closing(Texts(path)) as texts:
        assert store.articles() == (SNOW, WIND)
        assert (store.count("feed x"), store.mark()) == (2, (8, "wind.txt"))
        assert store.taken() == Taken("0123", ("a.pdf: left out",))
        assert texts.read("wind.txt", calm.digest) == calm
        store.add([replace(WIND, text="Жел тоқтады.")], "feed x")
        assert texts.read("wind.txt", WIND.digest) == WIND
    connection = sqlite3.connect(path)
    found = connection.execute("select text, since, until from versions order by rowid").fetchall()
    assert found[0] == (calm.text, None, "2026-01-01T00:00:00+00:00")
    assert [row[0] for row in found[1:]] == [WIND.text]
    names = {name for (name,) in connection.execute("select name from sqlite_master")}
    assert names & {"replaced", "articles_replaced", "replaced_since"} == set()
    connection.close()


def test_a_sync_never_overwrites_an_article_of_another_origin(store):
    store.add([SNOW], "a person")
    assert store.sync([replace(SNOW, text="Басқа."), WIND]) == Synced(("wind.txt",), (), (), 0, ("snow.txt",))
    assert store.articles() == (SNOW, WIND)


def test_what_a_person_removed_stays_removed_until_it_changes(store):
    store.sync([SNOW, WIND])
    store.remove(["snow.txt"])
    assert store.sync([SNOW, WIND]) == Synced((), (), (), 1)
    assert store.articles() == (WIND,)
    calm = replace(SNOW, text="Қар тоқтады.")
    assert store.sync([calm, WIND]).added == ("snow.txt",)
    assert store.articles() == (calm, WIND)


def test_what_is_held_tells_where_an_article_came_from_and_who_removed_it(store):
    assert store.held("snow.txt") is None
    store.add([SNOW], "a person", "https://qala.kz/1")
    assert store.held("snow.txt") == Held(
        SNOW.digest, "a person", "https://qala.kz/1", removed=False, barred=False
    )
    store.remove(["snow.txt"])
    store.sync([WIND])
    store.sync([])
    found = [store.held(id_) for id_ in ("snow.txt", "wind.txt")]
    assert [(one.removed, one.barred) for one in found if one] == [(True, True), (True, False)]


def test_several_processes_may_bring_an_older_database_up_to_date_at_once(tmp_path):
    path = tmp_path / "dayek.db"
    older(path)
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(Store, [path] * 4))
    for store in stores:
        assert store.articles() == (SNOW, WIND)
        store.close()


def test_a_sync_leaves_articles_of_other_origins_alone(store):
    store.add([SNOW], "a person")
    assert store.sync([WIND]) == Synced(("wind.txt",), (), (), 0)
    assert store.sync([]).removed == ("wind.txt",)
    assert store.articles() == (SNOW,)
    assert (store.count(), store.count("a person")) == (0, 1)


def test_an_article_that_is_added_takes_the_place_of_the_one_with_its_id(store):
    store.sync([SNOW])
    store.add([replace(SNOW, text="Қар тоқтады.")], "a person")
    assert [one.text for one in store.articles()] == ["Қар тоқтады."]
    store.remove(["snow.txt", "nobody"])
    assert store.articles() == ()
    store.add([SNOW], "a person")
    assert store.articles() == (SNOW,)


def test_what_changed_behind_a_mark_is_told_with_digests_in_whatever_way_it_changed(store):
    store.sync([SNOW, WIND])
    mark = store.mark()
    assert changed(store, mark)[0] == {}
    calm, sun = replace(WIND, text="Жел басылды."), Article("sun.txt", "Күн шықты.")
    store.sync([calm])
    store.add([sun], "a person")
    digests, mark = changed(store, mark)
    assert digests == {"snow.txt": None, "wind.txt": calm.digest, "sun.txt": sun.digest}
    store.remove(["sun.txt"])
    assert changed(store, mark)[0] == {"sun.txt": None}
    assert set(changed(store, START)[0]) == {"snow.txt", "wind.txt", "sun.txt"}


def test_behind_a_mark_of_another_past_nothing_is_told(tmp_path):
    path, aside = tmp_path / "dayek.db", tmp_path / "backup.db"
    with closing(Store(path)) as store:
        store.sync([SNOW])
        backup(path, aside)
        store.add([WIND], "a person")
        mark = store.mark()
        restore(path, aside)
        assert store.since(mark) is None
        store.add([Article("sun.txt", "Күн шықты.")], "a person")
        assert store.since(mark) is None
        assert changed(store, START)[0].keys() == {"snow.txt", "sun.txt"}


def test_a_backup_of_the_older_version_is_brought_up_to_date_when_it_is_put_back_under_an_open_store(
    tmp_path,
):
    path, aside, first = (tmp_path / name for name in ("dayek.db", "backup.db", "first.db"))
    older(first)
    backup(first, aside)
    with closing(Store(path)) as store:
        store.sync([Article("sun.txt", "Күн шықты.")])
        mark, version = store.mark(), store.data_version()
        restore(path, aside)
        assert store.data_version() != version
        assert store.since(mark) is None
        assert store.articles() == (SNOW, WIND)


def test_the_data_version_changes_when_others_write_and_not_by_its_own_writes(tmp_path):
    path = tmp_path / "dayek.db"
    with closing(Store(path)) as store, closing(Store(path)) as other:
        before = store.data_version()
        store.add([SNOW], "a person")
        assert store.data_version() == before
        other.add([WIND], "a person")
        assert store.data_version() != before


def test_what_was_taken_is_remembered_until_another_sync(store):
    assert store.taken() is None
    taken = Taken("0123", ("a.pdf: left out",))
    store.sync([SNOW], taken=taken)
    assert (store.taken(), store.taken("a person")) == (taken, None)
    store.sync([SNOW])
    assert store.taken() is None


def test_an_article_is_found_by_its_id_also_after_it_was_removed(store):
    store.sync([SNOW])
    store.sync([])
    assert store.article("snow.txt") == SNOW
    with pytest.raises(KeyError):
        store.article("nobody")


def test_a_text_that_was_replaced_can_still_be_read_by_its_digest(store, tmp_path):
    calm = replace(WIND, text="Жел басылды.")
    store.sync([WIND])
    store.sync([calm])
    with closing(Texts(tmp_path / "data" / "dayek.db")) as texts:
        assert (texts.read("wind.txt", WIND.digest), texts.read("wind.txt", calm.digest)) == (WIND, calm)
        with pytest.raises(StoreError, match="ask again in a moment"):
            texts.read("wind.txt", SNOW.digest)


def test_every_earlier_version_is_kept_for_good_with_the_time_it_stood(store, tmp_path):
    calm = replace(WIND, text="Жел басылды.", language="kk", author="Роза Ақжар")
    for article in (WIND, calm, WIND, replace(WIND, text="Жел тоқтады.")):
        store.add([article], "a person")
    connection = sqlite3.connect(tmp_path / "data" / "dayek.db")
    sql = "select text, language, author, digest, since <= until from versions order by rowid"
    found = connection.execute(sql).fetchall()
    connection.close()
    assert found == [
        (WIND.text, None, None, WIND.digest, 1),
        (calm.text, "kk", "Роза Ақжар", calm.digest, 1),
    ]
