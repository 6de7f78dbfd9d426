"""The index beside the database: when it is built, opened, brought up to date, and what of it is kept."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import pytest

from retrieval import indexing
from retrieval.article import Article
from retrieval.build import build
from retrieval.indexing import up_to_date
from retrieval.refusal import LEAST
from retrieval.search import answer
from retrieval.store import Store, StoredArticles

SNOW = Article("snow", "Елордада қар жауды.", published=date(2026, 3, 1))
ROADS = Article("roads", "Жолшылар көшелерді тазалады.", published=date(2026, 3, 2))
MATCH = Article("match", "Футболшылар ойында жеңді.")
RAIN = Article("snow", "Алматыда жаңбыр жауды.", published=date(2026, 3, 3))


class Read(Mapping[str, Article]):
    """Articles, newest first, that remember which of them were looked at."""

    def __init__(self, *articles):
        ordered = sorted(articles, key=lambda one: (-(one.published or date.min).toordinal(), one.id))
        self.articles = {article.id: article for article in ordered}
        self.read = []

    def __getitem__(self, id_):
        self.read.append(id_)
        return self.articles[id_]

    def __iter__(self):
        return iter(self.articles)

    def __len__(self):
        return len(self.articles)


def opened(folder, *articles, progress=lambda _done, _all: None):
    """The index, what was said, and which articles were read."""
    known, said = Read(*articles), []  # type: ignore[var-annotated]
    digests = {id_: article.digest for id_, article in known.articles.items()}
    index = up_to_date(folder, known, digests, (), say=said.append, progress=progress)
    return index, said, known.read


def quotes(index, question):
    return [(quote.article.id, quote.text, quote.score) for quote in answer(index, question).quotes]


@pytest.fixture(autouse=True)
def _evidence_is_not_measured(monkeypatch):
    monkeypatch.setattr(indexing, "calibrated", lambda _: LEAST)  # it reads articles, here and there


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "dayek.db.index"


def test_the_first_start_reads_the_articles_and_the_second_none(folder):
    _, said, read = opened(folder, SNOW, ROADS, MATCH)
    assert (said, sorted(read)) == ([], ["match", "roads", "snow"])
    index, said, read = opened(folder, SNOW, ROADS, MATCH)
    assert (said, read) == ([], [])
    assert quotes(index, "Қар қайда жауды?") == quotes(build([SNOW, ROADS, MATCH]), "Қар қайда жауды?")


def test_only_what_changed_is_read_and_the_answers_are_those_of_a_new_index(folder, monkeypatch):
    monkeypatch.setattr(indexing, "_MUCH", 10.0)  # nothing is merged
    opened(folder, SNOW, ROADS, MATCH)
    index, _, read = opened(folder, RAIN, ROADS)
    assert len(index.parts) == 2
    fresh = build([RAIN, ROADS])
    assert read == ["snow"]
    for question in ("жаңбыр", "қар", "көшелер", "футболшылар"):
        assert quotes(index, question) == quotes(fresh, question)
    index, _, read = opened(folder, RAIN, ROADS)
    assert read == []
    assert quotes(index, "жаңбыр") == quotes(fresh, "жаңбыр")


def test_many_segments_become_one_that_answers_alike(folder, monkeypatch):
    monkeypatch.setattr(indexing, "_MUCH", 10.0)
    monkeypatch.setattr(indexing, "_MOST_PARTS", 2)
    for articles in ([SNOW], [SNOW, ROADS], [SNOW, ROADS, MATCH]):
        index, _, _ = opened(folder, *articles)
    assert len(index.parts) == 1
    assert quotes(index, "ойында жеңді") == quotes(build([SNOW, ROADS, MATCH]), "ойында жеңді")


def test_a_damaged_index_is_named_and_built_again(folder):
    opened(folder, SNOW, ROADS)
    (segment,) = folder.glob("*.dayek")
    whole = bytearray(segment.read_bytes())
    whole[len(whole) // 2] ^= 1
    segment.write_bytes(whole)
    index, (said,), read = opened(folder, SNOW, ROADS)
    assert segment.name in said
    assert "built again" in said
    assert sorted(read) == ["roads", "snow"]
    assert quotes(index, "қар") == quotes(build([SNOW, ROADS]), "қар")
    assert opened(folder, SNOW, ROADS)[1:] == ([], [])


def test_a_build_that_is_cut_short_goes_on_where_it_was(folder, monkeypatch):
    monkeypatch.setattr(indexing, "_TOGETHER", 1)

    def cut(done, _):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened(folder, SNOW, ROADS, MATCH, progress=cut)
    index, _, read = opened(folder, SNOW, ROADS, MATCH)
    assert read == ["snow"]  # by id, the last of the three
    assert quotes(index, "ойында") == quotes(build([SNOW, ROADS, MATCH]), "ойында")


def test_the_progress_goes_from_nothing_to_all(folder, monkeypatch):
    monkeypatch.setattr(indexing, "_TOGETHER", 2)
    told = []
    opened(folder, SNOW, ROADS, MATCH, progress=lambda *far: told.append(far))
    assert told == [(0, 3), (2, 3), (3, 3)]


def test_an_index_that_cannot_be_kept_answers_all_the_same(folder):
    folder.write_text("a file where the folder should be", encoding="utf-8")
    index, said, _ = opened(folder, SNOW, ROADS)
    assert "the bot works without" in said[-1]
    assert [id_ for id_, _, _ in quotes(index, "қар")] == ["snow"]


def test_no_articles_are_an_index_that_refuses(folder):
    index, _, _ = opened(folder)
    assert quotes(index, "қар") == []
    assert len(index.passages) == 0


def test_the_stored_articles_are_those_of_the_database_newest_first_from_any_thread(tmp_path):
    path = tmp_path / "dayek.db"
    with closing(Store(path)) as store:
        store.sync([SNOW, ROADS, MATCH])
        digests = store.digests()
    with closing(StoredArticles(path, digests)) as articles, ThreadPoolExecutor(4) as threads:
        assert list(articles) == ["roads", "snow", "match"]
        assert (
            list(threads.map(articles.__getitem__, ["snow", "match", "roads"] * 20))
            == [SNOW, MATCH, ROADS] * 20
        )
        assert {id_: article.digest for id_, article in articles.items()} == digests
        with pytest.raises(KeyError):
            articles["nobody"]
