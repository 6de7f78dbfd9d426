"""The index beside the database: when it is built, opened, brought up to date, and what of it is kept."""

from dataclasses import replace
from datetime import date

import pytest

from retrieval import files, indexing
from retrieval.article import Article
from retrieval.behind import stale
from retrieval.build import build, with_articles, without
from retrieval.changed import OfParts
from retrieval.errors import DamagedIndexError
from retrieval.files import opened as opened_files
from retrieval.files import save
from retrieval.indexing import merge_kept, up_to_date
from retrieval.kept import Kept
from retrieval.merge import merged
from retrieval.refusal import LEAST
from retrieval.search import answer

SNOW = Article("snow", "Елордада қар жауды.", published=date(2026, 3, 1))
ROADS = Article("roads", "Жолшылар көшелерді тазалады.", published=date(2026, 3, 2))
MATCH = Article("match", "Футболшылар ойында жеңді.")
RAIN = Article("snow", "Алматыда жаңбыр жауды.", published=date(2026, 3, 3))


def opened(folder, *articles, progress=lambda _done, _all: None):
    """The index, what was said, and which articles were read."""
    known = {article.id: article for article in articles}
    said: list[str] = []
    read: list[str] = []

    def reading(id_):
        read.append(id_)
        return known[id_]

    digests = {id_: article.digest for id_, article in known.items()}
    kept = Kept(folder, (), said.append)
    index = replace(kept.open(), articles=Known(known))
    index = up_to_date(kept, index, stale(index, digests), reading, progress=progress)
    return index, said, read


class Known(OfParts):
    """Articles in memory."""

    def __init__(self, articles):
        self.articles = articles

    def over(self, _parts, new):
        return Known({**self.articles, **new})

    def __getitem__(self, id_):
        return self.articles[id_]

    def __iter__(self):
        return iter(self.articles)

    def __len__(self):
        return len(self.articles)


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
    monkeypatch.setattr(indexing, "MUCH", 10.0)  # nothing is merged
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
    monkeypatch.setattr(indexing, "MUCH", 10.0)
    monkeypatch.setattr(indexing, "MOST_PARTS", 2)
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


def grown(*groups):
    """An index with a segment for each group of articles."""
    index = build([])
    for group in groups:
        index = with_articles(index, group)
    return replace(index, parts=index.parts[1:])  # without the empty one of `build`


def many(start, count):
    return [
        Article(f"n{number:03}", f"Ауылда {number} үй салынды.") for number in range(start, start + count)
    ]


def sizes(folder):
    return [len(part.segment.dates) for part in opened_files(folder, {}, ()).parts]


def test_small_segments_are_merged_and_a_far_larger_one_is_left_alone(folder):
    index = grown(many(0, 2000), *(many(number, 1) for number in range(2000, 2009)))
    save(index, folder)

    assert merge_kept(folder) == (10, 2)
    assert sizes(folder) == [2000, 9]
    found = replace(opened_files(folder, index.articles, ()), enough=index.enough)
    assert quotes(found, "2005 үй") == quotes(index, "2005 үй") != []


def test_all_segments_become_one_where_no_more_are_wanted(folder):
    save(grown(many(0, 200), many(200, 1)), folder)
    assert merge_kept(folder, 1) == (2, 1)
    assert sizes(folder) == [201]
    assert merge_kept(folder, 1) == (1, 1)


def test_few_segments_stay_as_they_are(folder):
    save(grown(*(many(number, 1) for number in range(4))), folder)
    before = (folder / "index.json").read_bytes()
    assert merge_kept(folder) == (4, 4)
    assert (folder / "index.json").read_bytes() == before


def test_what_others_do_while_segments_are_merged_is_not_lost(folder, monkeypatch):
    index = grown(*(many(number, 1) for number in range(9)))
    save(index, folder)

    def and_meanwhile(parts):
        later = without(with_articles(index, [SNOW]), ["n003"])
        save(later, folder)
        return merged(parts)

    monkeypatch.setattr(files, "merged", and_meanwhile)
    assert merge_kept(folder, 1) == (10, 2)
    found = opened_files(folder, index.articles, ())
    left = {part.segment.ids[number] for part in found.parts for number in range(len(part.segment.dates))
            if number not in part.gone_articles}  # fmt: skip
    assert left == {"snow", *(f"n{number:03}" for number in range(9) if number != 3)}


def test_where_others_have_put_the_segments_away_nothing_is_written(folder, monkeypatch):
    save(grown(*(many(number, 1) for number in range(9))), folder)

    def and_meanwhile(parts):
        save(build([SNOW]), folder)
        return merged(parts)

    monkeypatch.setattr(files, "merged", and_meanwhile)
    merge_kept(folder, 1)
    assert [part.segment.ids for part in opened_files(folder, {}, ()).parts] == [("snow",)]


def test_a_folder_without_an_index_cannot_be_merged(folder):
    with pytest.raises(DamagedIndexError, match="there is no index"):
        merge_kept(folder)
