"""The library: articles that come and go while questions are answered, in one process and in several."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from retrieval import arrayfile, indexing, library
from retrieval import fingerprint as fingerprints
from retrieval.article import Article
from retrieval.backup import backup, restore
from retrieval.build import build
from retrieval.errors import ArticlesError, StoreError
from retrieval.files import opened
from retrieval.fingerprint import fingerprint
from retrieval.indexing import folder_of
from retrieval.library import Library
from retrieval.loading import load
from retrieval.merging import Merging
from retrieval.search import answer
from retrieval.store import Store

ROOT = Path(__file__).parent.parent
SYNONYMS = (("көлік", "машина"),)
SNOW = Article("snow", "Елордада қар қалың жауды.", published=date(2026, 3, 1))
ROADS = Article("roads", "Жолшылар көшелерді тазалады.", published=date(2026, 3, 2))
MATCH = Article("match", "Футболшылар ойында жеңді.")
RAIN = replace(SNOW, text="Алматыда жаңбыр жауды.")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dayek.db"


@pytest.fixture
def said():
    return []


@pytest.fixture
def lib(path, said):
    with Library.open(path, SYNONYMS, say=said.append) as found:
        yield found


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "articles"
    found.mkdir()
    (found / "snow.txt").write_text(SNOW.text, encoding="utf-8")
    (found / "match.txt").write_text(MATCH.text, encoding="utf-8")
    return found


def texts(index, question):
    return [quote.text for quote in answer(index, question).quotes]


def same(index, *articles):
    """Whether an index holds just these articles, and answers as one that is built of them at once."""
    expected = build(articles, SYNONYMS)
    assert list(index.articles.items()) == list(expected.articles.items())
    for question in ("қар", "жаңбыр", "көшелер", "ойында жеңді", "балет"):
        found, wanted = (
            answer(replace(index, enough=0.3), question),
            answer(replace(expected, enough=0.3), question),
        )
        assert [(one.text, one.score) for one in found.quotes] == [
            (one.text, one.score) for one in wanted.quotes
        ]
    return True


def kept(path):
    """What the folder of the index holds, as ids."""
    index = opened(folder_of(path), {}, SYNONYMS)
    return {
        part.segment.ids[number]
        for part in index.parts
        for number in range(len(part.segment.ids))
        if number not in part.gone_articles
    }


def test_the_next_question_finds_what_was_added_and_not_what_was_removed(lib):
    lib.add([SNOW])
    assert texts(lib.index, "қар жауды") == [SNOW.text]
    lib.add([RAIN, ROADS])
    assert texts(lib.index, "қар қалың") == []
    assert texts(lib.index, "жаңбыр") == [RAIN.text]
    lib.remove(["snow", "nobody"])
    assert same(lib.index, ROADS)
    lib.add([SNOW])
    assert same(lib.index, SNOW, ROADS)


def test_an_index_that_was_taken_before_goes_on_with_its_own_texts(lib):
    lib.add([SNOW, ROADS])
    before = lib.index
    lib.add([RAIN])
    lib.remove(["roads"])
    assert same(before, SNOW, ROADS)
    assert same(lib.index, RAIN)


def test_texts_stay_those_of_the_index_when_another_process_has_replaced_them(lib, path):
    lib.add([SNOW, ROADS])
    with Library.open(path, SYNONYMS, say=print) as other:
        other.add([RAIN])
        assert texts(other.index, "жаңбыр") == [RAIN.text]
    with Library.open(path, SYNONYMS, say=print) as fresh:
        assert same(fresh.index, RAIN, ROADS)
    before = lib.index
    assert [one.text for one in before.articles.values()] == [ROADS.text, SNOW.text]
    assert lib.refresh()
    assert same(lib.index, RAIN, ROADS)
    assert same(before, SNOW, ROADS)


def test_a_refresh_takes_over_what_others_wrote_and_says_whether_that_was_anything(lib, path):
    lib.refresh()
    assert not lib.refresh()
    with closing(Store(path)) as other:
        other.add([SNOW, ROADS], "a person")
        assert lib.refresh()
        assert not lib.refresh()
        assert same(lib.index, SNOW, ROADS)
        other.remove(["roads"])
        other.add([MATCH], "a person")
        assert lib.refresh()
    assert same(lib.index, SNOW, MATCH)


def test_a_write_to_another_table_is_no_change(lib, path):
    lib.refresh()
    connection = sqlite3.connect(path)
    connection.execute("create table votes (vote)")
    connection.commit()
    connection.close()
    before = lib.index
    assert not lib.refresh()
    assert lib.index is before


def test_after_a_backup_was_put_back_the_articles_are_those_of_the_backup(lib, path, tmp_path):
    lib.add([SNOW, ROADS])
    backup(path, tmp_path / "aside.db")
    lib.add([RAIN, MATCH])
    lib.remove(["roads"])
    restore(path, tmp_path / "aside.db")
    assert lib.refresh()
    assert same(lib.index, SNOW, ROADS)


def test_a_restart_reads_no_article_that_was_indexed_before(lib, path, monkeypatch):
    lib.add([SNOW, ROADS])
    lib.add([MATCH])
    lib.remove(["roads"])
    assert kept(path) == {"snow", "match"}
    monkeypatch.setattr(Store, "article", lambda _, id_: pytest.fail(f"{id_} was read"))
    with Library.open(path, SYNONYMS, say=pytest.fail) as again:
        assert same(again.index, SNOW, MATCH)


def test_a_database_that_went_on_without_its_index_is_caught_up_with(path):
    with Library.open(path, SYNONYMS, say=pytest.fail) as first:
        first.add([SNOW, ROADS])
    with closing(Store(path)) as store:  # as if the process had ended behind the commit
        store.add([RAIN, MATCH], "a person")
        store.remove(["roads"])
    with Library.open(path, SYNONYMS, say=pytest.fail) as again:
        assert same(again.index, RAIN, MATCH)


_KILLED = """
import sys
from itertools import count
from pathlib import Path
from retrieval.article import Article
from retrieval.library import Library
with Library.open(Path(sys.argv[1]), (), say=print) as library:
    for number in count():
        library.add([Article(f"a{number % 7}", f"Ауылда {number} үй салынды.")])
        library.remove([f"a{(number + 3) % 7}"])
        library.refresh()
        print(number, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 4, 9, 13])
def test_whenever_it_is_killed_database_and_index_agree_at_the_next_start(path, lines):
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path)], stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
    with closing(Store(path)) as store:
        stored = store.articles()
    with Library.open(path, (), say=pytest.fail) as again:
        assert sorted(again.index.articles.values(), key=lambda one: one.id) == list(stored)
        assert texts(again.index, "ауылда үй") != []


def test_several_libraries_of_one_database_end_up_alike_and_none_undoes_the_other(path):
    with (
        Library.open(path, SYNONYMS, say=pytest.fail) as one,
        Library.open(path, SYNONYMS, say=pytest.fail) as other,
    ):
        one.add([SNOW])
        other.add([ROADS])
        assert same(other.index, SNOW, ROADS)
        other.merge()
        one.add([MATCH])
        assert same(one.index, SNOW, ROADS, MATCH)
        assert kept(path) == {"snow", "roads", "match"}
        one.remove(["snow"])
        other.refresh()
        assert same(other.index, ROADS, MATCH)
        other.merge()
        one.add([RAIN])
        assert len(one.index.parts) == 2
    assert kept(path) == {"snow", "roads", "match"}


def test_threads_that_add_remove_and_ask_do_not_disturb_each_other(lib):
    lib.add([ROADS])
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            index = lib.index
            for quote in answer(index, "жолшылар үй").quotes:
                assert quote.text in index.articles[quote.article.id].text
        return True

    def write(thread):
        for number in range(4):
            lib.add([Article(f"{thread}-{number}", f"Ауылда {thread}{number} үй салынды.")])
            lib.remove([f"{thread}-{number - 1}"])
            lib.refresh()

    with ThreadPoolExecutor(6) as threads:
        asking = [threads.submit(ask) for _ in range(2)]
        for writing in [threads.submit(write, thread) for thread in range(3)]:
            writing.result()
        stop.set()
        assert all(one.result() for one in asking)
    assert set(lib.index.articles) == {"roads", "0-3", "1-3", "2-3"}


def test_merging_makes_one_segment_that_answers_alike(lib, path):
    for article in (SNOW, ROADS, MATCH, RAIN):
        lib.add([article])
    lib.merge()
    assert len(lib.index.parts) == 1
    assert same(lib.index, RAIN, ROADS, MATCH)
    assert kept(path) == {"snow", "roads", "match"}


def _crowded(lib, number):
    for one in range(number):
        lib.add([Article(f"n{one:02}", f"Ауылда {one} үй салынды.")])


def _followed(lib, reached):
    """Refreshes as the bot does, until something is reached; a merge that never ends fails the test."""
    pause = threading.Event()
    for _ in range(600):
        lib.refresh()
        if reached():
            return
        pause.wait(0.05)
    pytest.fail("it was not reached")


def test_many_segments_are_merged_aside_and_what_changes_meanwhile_is_there_afterwards(lib, said, path):
    _crowded(lib, 10)
    lib.refresh()
    assert lib._merging.is_under_way
    lib.add([SNOW])
    lib.remove(["n03"])
    _followed(lib, lambda: len(lib.index.parts) <= 4)
    left = [Article(f"n{one:02}", f"Ауылда {one} үй салынды.") for one in range(10) if one != 3]
    assert same(lib.index, SNOW, *left)
    assert kept(path) == {"snow", *(one.id for one in left)}
    assert said == []


def test_one_merge_runs_at_a_time_and_it_ends_with_the_library(path):
    with Library.open(path, SYNONYMS, say=pytest.fail) as lib:
        lib._merging = Merging(folder_of(path), [sys.executable, "-c", "import time; time.sleep(600)"])
        _crowded(lib, 10)
        lib.refresh()
        process = lib._merging._process
        assert process is not None
        lib.add([SNOW])
        lib.refresh()
        assert lib._merging._process is process
    assert process.poll() is not None


def test_a_merge_that_fails_is_said_once_and_tried_again_later(lib, said, path):
    failing = [sys.executable, "-c", "import sys; sys.exit('the disk is full')"]
    lib._merging = Merging(folder_of(path), failing, again=0.0)
    _crowded(lib, 10)
    starts = []
    start = lib._merging.start

    def counted():
        starts.append(1)
        start()

    lib._merging.start = counted
    _followed(lib, lambda: len(starts) >= 3)
    assert len(said) == 1
    assert "the disk is full" in said[0]
    assert "tried again later" in said[0]
    lib._merging.close()
    lib._merging = Merging(folder_of(path), again=0.0)
    _followed(lib, lambda: len(lib.index.parts) <= 4)


def test_a_merge_that_failed_is_not_tried_again_at_once(lib, said, path):
    lib._merging = Merging(folder_of(path), [sys.executable, "-c", "import sys; sys.exit(3)"], again=3600.0)
    _crowded(lib, 10)
    _followed(lib, lambda: bool(said))
    lib.refresh()
    assert not lib._merging.is_under_way
    assert "status 3" in said[0]


def test_a_program_that_cannot_be_started_is_a_failure_like_any_other(lib, said, path, tmp_path):
    lib._merging = Merging(folder_of(path), [str(tmp_path / "nothing")])
    _crowded(lib, 10)
    lib.refresh()
    assert len(said) == 1
    assert texts(lib.index, "ауылда 7 үй") != []


def test_the_merging_process_has_the_lowest_priority(path):
    with Library.open(path, SYNONYMS, say=pytest.fail) as lib:
        _crowded(lib, 10)
    code = "import os, sys; from retrieval import merging; merging.main(sys.argv[1:]); print(os.nice(0))"
    found = subprocess.run(
        [sys.executable, "-c", code, str(folder_of(path))], cwd=ROOT, capture_output=True, check=True
    )
    assert found.stdout == b"19\n"


def test_the_evidence_is_measured_when_the_articles_have_become_others(lib, monkeypatch):
    measured = count(1)
    monkeypatch.setattr(library, "calibrated", lambda _: next(measured) / 100)
    lib.add([SNOW])
    assert lib.index.enough == 0.01
    lib.add([Article(f"n{one:02}", f"Ауылда {one} үй салынды.") for one in range(19)])
    assert lib.index.enough == 0.02
    lib.add([MATCH])
    assert lib.index.enough == 0.02
    lib.add([ROADS])
    lib.remove(["n00"])
    assert lib.index.enough == 0.03


def test_an_index_that_cannot_be_kept_is_said_once_and_answers_all_the_same(path, said):
    folder_of(path).write_text("a file where the folder should be", encoding="utf-8")
    with Library.open(path, SYNONYMS, say=said.append) as lib:
        assert len(said) == 1  # that nothing was found there
        lib.add([SNOW])
        lib.add([ROADS])
        assert same(lib.index, SNOW, ROADS)
    assert len(said) == 2
    assert "the bot works without" in said[1]


def test_a_damaged_folder_is_written_again_with_the_next_change(lib, path):
    lib.add([SNOW])
    (folder_of(path) / "index.json").write_text("{", encoding="utf-8")
    lib.add([ROADS])
    assert kept(path) == {"snow", "roads"}


def test_only_what_is_new_is_written_and_nothing_that_was_there_is_read(lib, path, monkeypatch):
    lib.add([SNOW])
    before = {one.name: one.stat().st_mtime_ns for one in folder_of(path).glob("*.dayek")}
    read: list[str] = []
    reading = arrayfile.read

    def noted(file):
        read.append(file.name)
        return reading(file)

    monkeypatch.setattr(arrayfile, "read", noted)
    lib.add([ROADS])
    after = {one.name: one.stat().st_mtime_ns for one in folder_of(path).glob("*.dayek")}
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1
    assert not before.keys() & set(read)


def test_the_articles_of_the_setting_are_those_of_its_folder(lib, folder):
    assert lib.take_in(folder).added == ("match.txt", "snow.txt")
    assert same(lib.index, *load(folder).articles)
    (folder / "snow.txt").unlink()
    (folder / "roads.txt").write_text(ROADS.text, encoding="utf-8")
    synced = lib.take_in(folder)
    assert (synced.added, synced.removed, synced.unchanged) == (("roads.txt",), ("snow.txt",), 1)
    assert same(lib.index, *load(folder).articles)


def test_articles_that_were_added_otherwise_stay_when_those_of_the_setting_are_read_again(lib, folder):
    lib.take_in(folder)
    lib.add([ROADS])
    for file in folder.iterdir():
        file.unlink()
    lib.take_in(folder)
    assert same(lib.index, ROADS)


def test_files_are_not_read_again_where_nothing_changed_and_problems_are_said_again(
    path, folder, monkeypatch
):
    (folder / "bad.txt").write_bytes(b"\xff\xfe")
    told: list[list[str]] = []
    for _ in range(2):
        told.append([])
        with Library.open(path, SYNONYMS, say=told[-1].append) as lib:
            synced = lib.take_in(folder)
            assert str(synced).startswith("2 articles")
            assert same(lib.index, *load(folder).articles)
            monkeypatch.setattr(library, "load", lambda _: pytest.fail("the files were read"))
        monkeypatch.setattr(library, "load", lambda _: pytest.fail("the files were read"))
    assert synced.unchanged == 2
    assert told[0] == told[1]
    assert len(told[0]) == 1
    assert "bad.txt" in told[0][0]


def test_files_are_read_again_after_the_store_was_synced_by_others(lib, path, folder):
    lib.take_in(folder)
    with closing(Store(path)) as other:
        other.sync([ROADS])
    lib.take_in(folder)
    assert same(lib.index, *load(folder).articles)


def test_a_path_that_cannot_be_read_changes_nothing(lib, folder, tmp_path):
    lib.take_in(folder)
    with pytest.raises(ArticlesError):
        lib.take_in(tmp_path / "nowhere")
    assert same(lib.index, *load(folder).articles)


def _touched(file):
    found = file.stat()
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns + 1))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "snow.txt").write_text(SNOW.text + " ", encoding="utf-8"),
        lambda folder: _touched(folder / "snow.txt"),
        lambda folder: (folder / "snow.txt").rename(folder / "rain.txt"),
        lambda folder: (folder / "more.txt").write_text("", encoding="utf-8"),
        lambda folder: (folder / "snow.txt").unlink(),
        lambda folder: ((folder / "in").mkdir(), (folder / "in" / "x.txt").write_text("", encoding="utf-8")),
    ],
    ids=["size", "time", "name", "more", "less", "deeper"],
)
def test_the_fingerprint_changes_with_the_files(folder, change):
    before = fingerprint(folder)
    assert fingerprint(folder) == before
    change(folder)
    assert fingerprint(folder) != before


def test_the_fingerprint_changes_with_the_path_and_with_the_way_of_reading(folder, monkeypatch, tmp_path):
    before = fingerprint(folder)
    assert fingerprint(folder / "snow.txt") != before
    folder.rename(tmp_path / "moved")
    assert fingerprint(tmp_path / "moved") != before
    (tmp_path / "moved").rename(folder)
    monkeypatch.setattr(fingerprints, "READING", fingerprints.READING + 1)
    assert fingerprint(folder) != before


def test_a_long_reading_that_is_cut_short_goes_on_where_it_was(path, folder, monkeypatch):
    monkeypatch.setattr(indexing, "_TOGETHER", 1)
    (folder / "roads.txt").write_text(ROADS.text, encoding="utf-8")

    def cut(done, _):
        if done == 2:
            raise KeyboardInterrupt

    with Library.open(path, SYNONYMS, say=pytest.fail, progress=cut) as lib, pytest.raises(KeyboardInterrupt):
        lib.take_in(folder)
    assert len(kept(path)) == 2
    with Library.open(path, SYNONYMS, say=pytest.fail) as lib:
        lib.take_in(folder)
        assert same(lib.index, *load(folder).articles)


def test_a_closed_library_says_so_in_a_sentence(path):
    with Library.open(path, SYNONYMS, say=pytest.fail) as lib:
        pass
    with pytest.raises(StoreError, match="cannot be used"):
        lib.refresh()
    lib.close()


def _add_in_another_process(path, number):
    with Library.open(path, SYNONYMS, say=print) as lib:
        for one in range(5):
            lib.add([Article(f"{number}-{one}", f"Ауылда {number}{one} үй салынды.")])


def test_processes_that_add_at_once_lose_nothing(path, lib):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_add_in_another_process, args=(path, number)) for number in range(2)]
    for one in processes:
        one.start()
    for number in range(5):
        lib.add([Article(f"here-{number}", f"Ауылда {number} үй салынды.")])
    for one in processes:
        one.join()
        assert one.exitcode == 0
    lib.refresh()
    expected = {f"{name}-{one}" for name in (0, 1, "here") for one in range(5)}
    assert set(lib.index.articles) == expected
    with Library.open(path, SYNONYMS, say=pytest.fail) as again:
        assert set(again.index.articles) == expected
