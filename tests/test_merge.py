"""Segments merged into one: the same, byte for byte, as one that is built of the articles that are left."""

from dataclasses import replace
from datetime import date
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Article
from retrieval.build import build, joined, with_articles, without
from retrieval.loading import load, load_synonyms
from retrieval.merge import merged
from retrieval.phrases import Phrases
from retrieval.search import answer
from retrieval.segment import Segment
from tests.conftest import SEEDS
from tests.texts import TEXTS

SYNONYMS = (("ата заң", "конституция"), ("көлік", "машина"), ("XXI ғасыр", "жаңа дәуір"))
# Words with several forms (Roman numerals as numbers and as letters), stems with several roots, words of one
# stem and of one key, phrases, numbers in words, Latin names, words in parts, and characters beyond the BMP.
PIECES = [
    "ІІІ",
    "ііі",
    "III",
    "iii",
    "3",
    "ХХІ",
    "ххі",
    "XXI",
    "ғасырда",
    "жаңа",
    "дәуірдің",
    "қар",
    "қарға",
    "қарлы",
    "қарлар",
    "де",
    "дегенде",
    "деген",
    "ыдырап",
    "ыдырады",
    "фестивалі",
    "фестивальда",
    "Ата",
    "заңы",
    "ата",
    "заңның",
    "конституция",
    "он",
    "бес",
    "15",
    "бір",
    "жыл",
    "мың",
    "Atyrau",
    "Creative",
    "creative",
    "hub",
    "мәжіліс",
    "мажилис",
    "мәжілісте",
    "жан-жақты",
    "15.03.2026",
    "т.б.",
    "АҚШ-тың",
    "𐐀𐐨",
    "á",
    "көлік",
    "машина",
    ".",
    ".",
    ",",
    "\n",
    ":",
]
LARGE = SEEDS.parent.parent / "shared" / "eval" / "kazqad-articles.jsonl.gz"

texts = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join) | TEXTS
dates = st.sampled_from([None, date(2026, 3, 1), date(2026, 3, 2)])
ids = st.sampled_from(["a", "b", "c\n", "ә", "\U0001f600", "\ud83d", "", "a.txt", "z" * 300])
articles = st.builds(Article, ids, texts, title=st.none() | texts, published=dates)
# For each article the part that holds it, and whether it was removed again.
collections = st.lists(
    st.tuples(articles, st.integers(0, 3), st.booleans()), max_size=8, unique_by=lambda each: each[0].id
)


def index_of(parts, gone):
    known = {article.id: article for part in parts for article in part if article.id not in gone}
    phrases = Phrases.of(SYNONYMS)
    segments = [Segment.build(part, phrases) for part in parts]
    here = [[article.id for article in part if article.id in gone] for part in parts]
    return joined(known, segments, here, SYNONYMS)


def check_same(one, other):
    """Both segments are made of the same bytes."""
    ours, theirs = one.arrays(), other.arrays()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert array.dtype == theirs[name].dtype, name
        assert array.shape == theirs[name].shape, name
        assert array.tobytes() == theirs[name].tobytes(), name
    assert one.digest == other.digest


def check_merged(parts, gone):
    index = index_of(parts, gone)
    check_same(merged(index.parts), Segment.build(index.articles.values(), index.phrases))


@given(collections)
@settings(max_examples=50, deadline=None)
def test_segments_merged_are_the_segment_of_the_articles_that_are_left(collection):
    parts = [[article for article, part, _ in collection if part == number] for number in range(4)]
    check_merged(parts, {article.id for article, _, is_gone in collection if is_gone})


@given(collections, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_articles_does_not_matter(collection, random):
    here = [article for article, _, _ in collection]
    shuffled = random.sample(here, len(here))

    check_same(Segment.build(here, Phrases.of(SYNONYMS)), Segment.build(shuffled, Phrases.of(SYNONYMS)))


def test_the_seeds_one_by_one_merged_are_the_seeds_at_once(seeds):
    check_merged([[article] for article in seeds.values()], ())


@pytest.mark.parametrize("number", range(5))
def test_the_seeds_merged_without_one_of_them(seeds, number):
    all_ = list(seeds.values())
    check_merged([all_[:2], all_[2:]], {all_[number].id})


@pytest.mark.skipif(not LARGE.exists(), reason="a larger collection is not at hand")
@pytest.mark.parametrize("start", range(0, 6000, 1500))
def test_slices_of_a_larger_collection_merged(start):
    some = list(islice(load(LARGE).articles, start, start + 200))
    dated = [replace(article, published=date(2026, 1, 1 + place % 28)) for place, article in enumerate(some)]
    check_merged([dated[0::3], dated[1::3], dated[2::3]], {article.id for article in dated[::7]})


def test_no_part_is_an_empty_segment():
    check_same(merged(()), Segment.build((), Phrases.of(())))


def test_parts_of_which_nothing_is_left_are_an_empty_segment():
    check_merged([[Article("a", "Қар жауды.")], []], {"a"})


def test_an_article_in_two_parts_is_refused():
    snow = Article("a", "Қар жауды.")

    with pytest.raises(ValueError, match="two parts"):
        merged(index_of([[snow], [snow]], ()).parts)


def test_words_that_no_passage_holds_any_more_vanish():
    index = index_of([[Article("a", "Қар жауды.")], [Article("b", "Жел соқты.")]], {"a"})
    words = merged(index.parts).words

    assert list(words.words) == ["жел", "соқты"]
    assert list(words.stems) == ["жел", "соқ"]
    assert list(words.keys.terms) == ["jel", "sok", "sokti"]


def test_a_stem_is_shown_by_the_shortest_word_that_is_left():
    texts_ = {"a": "Мектеп ашылды.", "b": "Мектепте сабақ басталды.", "c": "Мектептердің бәрі ашық."}
    index = index_of([[Article(id_, text)] for id_, text in texts_.items()], {"a"})
    words = merged(index.parts).words
    stem = words.stems.number("мектеп")

    assert stem is not None
    assert words.words[int(words.shown[stem])] == "мектепте"


def test_the_newest_article_comes_first_then_the_first_by_id():
    old, new, same = (
        Article(id_, "Қар жауды.", published=date(2026, 3, day))
        for id_, day in (("a", 1), ("c", 2), ("b", 2))
    )
    index = index_of([[old, Article("0", "Қар жауды.")], [new, same]], ())

    assert merged(index.parts).ids == ("b", "c", "a", "0")


def test_answers_stay_the_same_when_segments_are_merged(seeds):
    synonyms = load_synonyms()
    index = build(list(seeds.values())[:3], synonyms)
    index = with_articles(index, list(seeds.values())[3:])
    index = without(index, list(seeds)[:1])
    single = joined(index.articles, [merged(index.parts)], [()], synonyms, index.enough)

    for question in (
        "Мәжіліс төрағасы кім?",
        "Павлодар коалиция қанша мүше",
        "конституция жобасы",
        "Ата заң",
    ):
        ours, theirs = answer(single, question, 10), answer(index, question, 10)
        assert ours.quotes
        assert [(quote.article.id, quote.span) for quote in ours.quotes] == [
            (quote.article.id, quote.span) for quote in theirs.quotes
        ]
        assert [quote.score for quote in ours.quotes] == [quote.score for quote in theirs.quotes]
        assert ours.refusal == theirs.refusal
