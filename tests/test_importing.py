"""Documents become articles: what is told of each, and what is there when something goes wrong half-way."""

import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adding import go_on
from retrieval.article import Article
from retrieval.catalogue import Catalogue
from retrieval.document import Document, Unread
from retrieval.errors import ArticlesError, StoreError
from retrieval.gathering import found_in, location_of
from retrieval.importing import Outcome, State, article_of, taken
from retrieval.library import Library
from retrieval.printable import printable
from retrieval.search import answer
from retrieval.store import Store
from retrieval.unfinished import Import, Unfinished

ROOT = Path(__file__).parent.parent
SNOW = Document(
    "news/snow.txt",
    "Елордада қар қалың жауды.",
    "Ауа райы",
    "Qala.kz",
    date(2026, 2, 13),
    "https://qala.kz/1",
    "kk",
    "Роза Ақжар",
)
WIND = Document("news/wind.txt", "Алматыда жел тұрды.")
CALM = Document("news/wind.txt", "Алматыда жел басылды.")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dayek.db"


@pytest.fixture
def lib(path):
    with Library.open(path, (), say=pytest.fail) as found:
        yield found


def put(lib, *documents, origin="added", location="/x/news", again=False):
    """What was told, as (name, id, state)."""
    told = taken(lib, documents, origin, location, again=again)
    return [(one.name, one.id, one.state) for one in told]


def stored(path):
    with closing(Store(path)) as store:
        return {one.id: one.text for one in store.articles()}


def test_an_article_has_all_that_its_document_says():
    assert article_of(SNOW) == Article(
        "news/snow.txt",
        "Елордада қар қалың жауды.",
        "Ауа райы",
        "Qala.kz",
        date(2026, 2, 13),
        "https://qala.kz/1",
        0,
        "kk",
        "Роза Ақжар",
    )


def test_what_is_taken_is_told_and_found_by_the_next_question(lib):
    assert put(lib, SNOW, WIND) == [
        ("news/snow.txt", "news/snow.txt", State.ADDED),
        ("news/wind.txt", "news/wind.txt", State.ADDED),
    ]
    assert [quote.article for quote in answer(lib.index, "қар жауды").quotes] == [article_of(SNOW)]
    assert [state for _, _, state in put(lib, SNOW, CALM)] == [State.UNCHANGED, State.CHANGED]
    assert [quote.text for quote in answer(lib.index, "жел басылды").quotes] == [CALM.text]


def test_bad_documents_are_named_with_a_reason_and_never_stop_the_rest(lib, path):
    given: list[Document | Unread] = [
        Unread("scan.pdf", "it holds no text: have it read by OCR"),
        Document("empty.txt", " \n\t"),
        Document("half.txt", "бір \ud800 екі"),
        Document("title.txt", "Мәтін.", title="\udfff"),
        SNOW,
        Document("news/snow.txt", "Басқа мәтін."),
        WIND,
    ]
    told = list(taken(lib, given, "added", "/x/news"))
    assert [(one.state, one.id) for one in told] == [
        *[(State.SKIPPED, None)] * 4,
        (State.ADDED, "news/snow.txt"),
        (State.SKIPPED, None),
        (State.ADDED, "news/wind.txt"),
    ]
    assert told[0].reason == "it holds no text: have it read by OCR"
    assert all(one.reason for one in told if one.state is State.SKIPPED)
    assert stored(path) == {"news/snow.txt": SNOW.text, "news/wind.txt": WIND.text}


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("news/қар 1.html", "news/қар 1.html"),
        ("https://qala.kz/1?a=b#c", "https://qala.kz/1?a=b#c"),
        ("result.json#123", "result.json#123"),
        ("a\x1b[31m\n\u202eb.txt", "a[31m b.txt~"),
        ("\ud800.txt", "\ufffd.txt~"),
        ("", "~"),
        ("ө" * 501, "ө" * 500 + "~"),
    ],
    ids=ascii,
)
def test_ids_are_the_names_of_documents_so_far_as_they_are_safe_to_print(name, id_):
    found = article_of(Document(name, "Мәтін.")).id
    assert found == id_ if not id_.endswith("~") else found[:-6] == id_
    assert printable(found) == found


def test_names_that_look_alike_do_not_become_one_article(lib, path):
    one, other = Document("a\u200b.txt", "Бір."), Document("a\u200c.txt", "Екі.")
    put(lib, one, other, Document("a.txt", "Үш."))
    assert sorted(stored(path).values()) == ["Бір.", "Екі.", "Үш."]


@given(st.text())
def test_any_name_is_printable_and_stays_as_it_is_once_it_is(name):
    shown = printable(name)
    assert printable(shown) == shown
    assert shown == "" or shown.isprintable() or "\u00a0" in shown
    shown.encode()


def test_an_article_of_another_source_is_never_overwritten_and_both_are_found(lib, path):
    put(lib, WIND, location="/x/news")
    ((name, other, state),) = put(lib, CALM, location="/y/news")
    assert (name, state) == ("news/wind.txt", State.ADDED)
    assert other.startswith("news/wind.txt~")
    assert stored(path) == {"news/wind.txt": WIND.text, other: CALM.text}
    changed = Document("news/wind.txt", "Алматыда боран соқты.")
    assert put(lib, changed, location="/y/news") == [("news/wind.txt", other, State.CHANGED)]
    assert put(lib, changed, location="/y/news") == [("news/wind.txt", other, State.UNCHANGED)]
    assert put(lib, WIND, location="/x/news") == [("news/wind.txt", "news/wind.txt", State.UNCHANGED)]
    assert stored(path) == {"news/wind.txt": WIND.text, other: changed.text}


def test_the_same_article_from_two_sources_is_one(lib, path):
    put(lib, WIND, location="/x/news")
    assert [state for _, _, state in put(lib, WIND, location="/y/news")] == [State.UNCHANGED]
    assert stored(path) == {"news/wind.txt": WIND.text}


def test_of_a_link_there_is_one_article_whoever_gave_it(lib, path):
    page, edited = (Document("https://qala.kz/1", text) for text in ("Жел тұрды.", "Жел басылды."))
    put(lib, page, origin="feed https://qala.kz/rss", location=None)
    assert put(lib, edited, location="https://qala.kz/1?utm=x")[0][2] is State.CHANGED
    assert stored(path) == {"https://qala.kz/1": "Жел басылды."}
    held = lib.held("https://qala.kz/1")
    assert held is not None
    assert held.origin == "feed https://qala.kz/rss"


def test_what_a_person_removed_comes_back_when_it_is_added_and_not_when_it_is_only_read_again(lib, path):
    put(lib, WIND)
    lib.remove(["news/wind.txt"])
    (told,) = taken(lib, [CALM], "added", "/x/news", again=True)
    assert (told.state, "was removed" in told.reason) == (State.UNCHANGED, True)
    assert stored(path) == {}
    assert [state for _, _, state in put(lib, WIND)] == [State.ADDED]
    assert stored(path) == {"news/wind.txt": WIND.text}


def test_articles_of_the_setting_keep_their_ids_and_what_was_added_stays_at_a_sync(tmp_path, path):
    articles = tmp_path / "news"
    articles.mkdir()
    (articles / "wind.txt").write_text(WIND.text, encoding="utf-8")
    said: list[str] = []
    with Library.open(path, (), say=said.append) as lib:
        lib.take_in(articles)
        ((_, other, state),) = put(lib, Document("wind.txt", CALM.text))
        assert (state, other[:9]) == (State.ADDED, "wind.txt~")
        put(lib, Document("snow.txt", SNOW.text))
        (articles / "snow.txt").write_text("Елордада бұршақ соқты.", encoding="utf-8")
        lib.take_in(articles)
        assert len(said) == 1
        assert "'snow.txt' was left out" in said[0]
    assert stored(path) == {"wind.txt": WIND.text, other: CALM.text, "snow.txt": SNOW.text}


def test_what_was_told_is_on_the_disk_before_the_next_document_is_read(lib, path):
    def documents():
        for number in range(1200):
            if number == 1000:
                seen.append(len(stored(path)))
            yield Document(f"{number}.txt", f"Ауылда {number} үй салынды.")

    seen: list[int] = []
    told = 0
    for _ in taken(lib, documents()):
        told += 1
    assert (told, len(stored(path)), len(lib.index.articles)) == (1200, 1200, 1200)
    assert seen[0] >= 500


def limited(lib, room):
    """The database may grow by so many pages: SQLite's own way of a full disk."""
    database = lib._store._database
    (pages,) = database.execute("pragma page_count").fetchone()
    database.execute(f"pragma max_page_count = {pages + room}")


def many(number):
    return [Document(f"{one:04}.txt", f"Ауылда {one} үй салынды. " * 40) for one in range(number)]


def test_a_full_disk_is_a_sentence_and_what_was_told_stays_and_nothing_else(lib, path):
    put(lib, SNOW)
    limited(lib, 1500)
    told: list[str | None] = []
    with pytest.raises(StoreError, match=r"dayek\.db: .* full.* make room and try again"):
        told.extend(one.id for one in taken(lib, many(3000)))
    assert 0 < len(told) < 3000
    assert set(stored(path)) == {*told, "news/snow.txt"}
    lib._store._database.execute("pragma max_page_count = 1000000")
    assert {state for _, _, state in put(lib, *many(3000), location=None)} == {State.ADDED, State.UNCHANGED}
    assert len(lib.index.articles) == 3001


def test_a_locked_database_is_a_sentence_and_it_is_as_it_was(lib, path):
    put(lib, SNOW)
    lib._store._database.execute("pragma busy_timeout = 20")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match=r"locked.*another program holds it"):
            put(lib, WIND)
    assert stored(path) == {SNOW.name: SNOW.text}
    assert put(lib, WIND)[0][2] is State.ADDED


def test_a_damaged_database_is_a_sentence_that_says_how_to_restore(path):
    with Library.open(path, (), say=pytest.fail) as lib:
        put(lib, *many(300))
    with path.open("r+b") as file:
        for page in range(1, path.stat().st_size // 4096):
            file.seek(4096 * page)
            file.write(b"\xa5" * 2048)
    with (
        pytest.raises(StoreError, match=r"dayek\.db.*python -m retrieval restore"),
        closing(Store(path)) as store,
    ):
        store.add([article_of(WIND)], "added")


_KILLED = """
import sys
from pathlib import Path
from retrieval.document import Document
from retrieval.importing import taken
from retrieval.library import Library
def documents():
    for number in range(5000):
        yield Document(f"{number:04}.txt", f"Ауылда {number} үй салынды.")
with Library.open(Path(sys.argv[1]), (), say=print) as library:
    for outcome in taken(library, documents()):
        print(outcome.id, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 500, 1700])
def test_an_import_that_is_killed_keeps_what_it_told_and_the_next_one_adds_the_rest(path, lines):
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(lines)]
        process.kill()
    kept = stored(path)
    assert set(told) <= set(kept)
    with Library.open(path, (), say=pytest.fail) as lib:
        assert set(lib.index.articles) == set(kept)
        documents = [Document(f"{number:04}.txt", f"Ауылда {number} үй салынды.") for number in range(5000)]
        states = [state for _, _, state in put(lib, *documents, location=None)]
        assert (states.count(State.UNCHANGED), states.count(State.ADDED)) == (len(kept), 5000 - len(kept))
        assert len(lib.index.articles) == 5000


def test_files_that_may_not_grow_end_an_import_with_a_sentence(path):
    with Library.open(path, (), say=pytest.fail) as lib:
        put(lib, SNOW)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    found = subprocess.run(
        [sys.executable, "-c", _KILLED, str(path)],
        cwd=ROOT, preexec_fn=limit, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert found.returncode == 1
    assert "StoreError" in found.stderr
    assert "free space" in found.stderr or "make room" in found.stderr
    told = found.stdout.split()
    assert len(told) < 5000
    assert set(stored(path)) == {*told, SNOW.name}


def test_an_import_is_noted_until_it_ends_and_one_that_begins_again_counts(path):
    with Unfinished(path) as unfinished:
        unfinished.begin("/x/news", "added")
        unfinished.begin("/x/other", "added")
        unfinished.begin("/x/news", "added")
    with Unfinished(path) as unfinished:
        found = unfinished.all()
        assert found == [
            Import("/x/news", "added", found[0].begun, 1),
            Import("/x/other", "added", found[1].begun, 0),
        ]
        unfinished.end("/x/news", "added")
        assert [one.location for one in unfinished.all()] == ["/x/other"]


def test_the_bots_start_ends_an_import_that_was_cut_short(lib, path, tmp_path):
    (tmp_path / "wind.txt").write_text(WIND.text, encoding="utf-8")
    with Unfinished(path) as unfinished:
        unfinished.begin(str(tmp_path / "wind.txt"), "added")
        said: list[str] = []
        go_on(lib, path, said.append)
        assert unfinished.all() == []
    assert len(said) == 2
    assert "was cut short; it goes on" in said[0]
    assert said[1].endswith("wind.txt: 1 added, 0 changed, 0 unchanged, 0 skipped")
    assert [quote.text for quote in answer(lib.index, "жел").quotes] == [WIND.text]


def test_the_bots_start_leaves_an_import_to_who_is_at_it_and_one_that_failed_often_to_a_person(
    lib, path, tmp_path
):
    said: list[str] = []
    with Unfinished(path) as unfinished:
        unfinished.begin(str(tmp_path / "wind.txt"), "added")
        with unfinished.one_at_a_time() as held:
            assert held
            go_on(lib, path, said.append)
            assert said == []
        for _ in range(3):
            unfinished.begin(str(tmp_path / "wind.txt"), "added")
        go_on(lib, path, said.append)
        assert len(unfinished.all()) == 1
    assert len(said) == 1
    assert "python -m retrieval add" in said[0]


def test_entries_tell_all_but_the_texts_newest_first_and_versions_what_there_was(lib, path):
    put(lib, WIND)
    put(lib, CALM, SNOW)
    with Catalogue(path) as catalogue:
        first, second = catalogue.entries()
        assert (first.id, first.title, first.published, first.language, first.author, first.letters) == (
            "news/snow.txt", "Ауа райы", "2026-02-13", "kk", "Роза Ақжар", len(SNOW.text)
        )  # fmt: skip
        assert (second.id, second.origin, second.location, second.versions) == (
            "news/wind.txt", "added", "/x/news", 1
        )  # fmt: skip
        (version,) = catalogue.versions("news/wind.txt")
        assert version.article == article_of(WIND)
        assert version.since is not None
        assert version.since <= version.until
        assert catalogue.locations() == [("/x/news", "added")]
        assert catalogue.ids_of("/x/news", "added") == {"news/snow.txt", "news/wind.txt"}


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "news"
    (found / "2026" / ".hidden").mkdir(parents=True)
    (found / "wind.txt").write_text(WIND.text, encoding="utf-8")
    (found / "2026" / "snow.txt").write_text(SNOW.text, encoding="utf-8")
    (found / "2026" / ".hidden" / "a.txt").write_text("Жасырын.", encoding="utf-8")
    (found / ".b.txt").write_text("Жасырын.", encoding="utf-8")
    return found


def test_a_folder_is_read_with_its_subfolders_under_its_own_name_and_without_what_is_hidden(folder):
    assert [(one.name, one.text) for one in found_in(str(folder)) if isinstance(one, Document)] == [
        ("news/wind.txt", WIND.text),
        ("news/2026/snow.txt", SNOW.text),
    ]


def test_a_location_holds_from_any_folder_and_a_link_stays_as_it_is(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert location_of("wind.txt") == str(folder / "wind.txt")
    assert location_of(".") == str(folder)
    assert location_of("https://Qala.kz/1?a=b") == "https://Qala.kz/1?a=b"
    for wrong in ("missing.txt", "a\x1b[31m.txt", "\udcff.txt", "https://qala.kz/\udcff"):
        with pytest.raises(ArticlesError) as raised:
            location_of(wrong)
        assert str(raised.value).isprintable()


def test_a_file_that_is_gone_or_may_not_be_read_or_unpacked_is_named(tmp_path):
    (tmp_path / "cut.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb")
    for name in ("missing.txt", "cut.jsonl.gz"):
        (found,) = found_in(str(tmp_path / name))
        assert isinstance(found, Unread)
        assert found.name == name
        assert ":" in found.reason


def test_outcomes_are_told_by_printable_names(lib):
    (told,) = taken(lib, [Unread("a\x1b]0;x\x07.pdf", "it holds no text")])
    assert told == Outcome("a]0;x.pdf", None, State.SKIPPED, "it holds no text")
