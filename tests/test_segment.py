import json
from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Article
from retrieval.passages import split
from retrieval.phrases import Phrases
from retrieval.postings import Postings
from retrieval.script import fold
from retrieval.segment import Segment
from tests.reference import FIELDS, terms, tokens_of_passage, tokens_of_title
from tests.texts import TEXTS

PHRASES = Phrases.of((("негізгі заң", "конституция"), ("қалың қар жауды", "боран")))
NO_PHRASES = Phrases.of(())
DAYS = [None, date(1, 1, 2), date(2026, 1, 1), date(2026, 2, 1)]
_NUMBERS = "он бес мың 7 XXI ғасыр жиырма бір бір негізгі заңды қалың қар жауды . apa HATO"
_LONG = st.lists(st.sampled_from(_NUMBERS.split()), min_size=1, max_size=40).map(" ".join)
ARTICLES = st.lists(
    st.builds(
        Article,
        st.text("aBб10ә\ud800", max_size=3),
        TEXTS | _LONG.map("{0}.\n\nАЙГҮЛ СЕРІК:\n\n{0}. {0}. {0}.".format),
        st.none() | _LONG | st.text(max_size=10),
        published=st.sampled_from(DAYS),
    ),
    max_size=4,
    unique_by=lambda article: article.id,
)


def newest_first(articles: list[Article]) -> list[Article]:
    by_id = sorted(articles, key=lambda article: article.id)
    return sorted(by_id, key=lambda article: article.published or date.min, reverse=True)


def counted(postings: Postings) -> list[Counter[str]]:
    """The terms of each passage, read back from the postings."""
    found: list[Counter[str]] = [Counter() for _ in postings.lengths]
    for term in postings.terms:
        at = postings.at(term)
        places = zip(postings.passages[at].tolist(), postings.pair_of[at].tolist(), strict=True)
        for passage, pair in places:
            tf, length = postings.pairs[pair].tolist()
            assert length == postings.lengths[passage]
            found[passage][term] += tf
    return found


@given(ARTICLES)
@settings(max_examples=40, deadline=None)
def test_articles_and_passages_are_those_that_went_in_newest_first(articles):
    segment, expected = Segment.build(articles, PHRASES), newest_first(articles)

    assert list(segment.ids) == [article.id for article in expected]
    assert [
        [segment.passage(number) for number in segment.passages_of(at)] for at in range(len(expected))
    ] == [list(split(article)) for article in expected]
    assert [segment.ids[at] for at in segment.article_of] == [
        passage.article for article in expected for passage in split(article)
    ]


@given(ARTICLES)
@settings(max_examples=40, deadline=None)
def test_each_field_counts_the_terms_of_passage_title_and_speaker(articles):
    segment = Segment.build(articles, PHRASES)
    expected = [
        terms(tokens_of_passage(article, passage, PHRASES))
        for article in newest_first(articles)
        for passage in split(article)
    ]

    for field in FIELDS:
        of_passages = [one[field] for one in expected]
        if field == "gram":
            dfs = Counter(gram for one in of_passages for gram in set(one))
            assert dict(zip(segment.gram.terms, segment.gram.dfs.tolist(), strict=True)) == dfs
            assert segment.gram.lengths.tolist() == [len(one) for one in of_passages]
        elif field == "word":
            dfs = Counter(word for one in of_passages for word in set(one))
            assert dict(zip(segment.word.terms, segment.word.dfs.tolist(), strict=True)) == dfs
        else:
            postings = getattr(segment, field)
            assert counted(postings) == [Counter(one) for one in of_passages]
            assert postings.lengths.tolist() == [len(one) for one in of_passages]


@given(ARTICLES)
@settings(max_examples=40, deadline=None)
def test_the_titles_of_articles_with_passages_are_counted(articles):
    expected = [
        [token.stem for token in tokens_of_title(article, PHRASES)] for article in newest_first(articles)
    ]

    assert counted(Segment.build(articles, PHRASES).title) == [Counter(title) for title in expected]


@given(ARTICLES, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_same_articles_in_another_order_give_the_same_bytes(articles, random):
    shuffled = random.sample(articles, len(articles))

    assert stored(Segment.build(articles, PHRASES)) == stored(Segment.build(shuffled, PHRASES))


def stored(segment: Segment) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    return {name: (one.dtype.str, one.shape, one.tobytes()) for name, one in segment.arrays().items()}


@given(ARTICLES)
@settings(max_examples=20, deadline=None)
def test_a_segment_is_all_in_its_arrays(articles):
    segment = Segment.build(articles, PHRASES)
    again = Segment.from_arrays({name: np.array(one) for name, one in segment.arrays().items()})

    assert stored(again) == stored(segment)
    assert again.digest == segment.digest
    assert again.ids == segment.ids
    assert list(map(again.passage, range(len(again.article_of)))) == list(
        map(segment.passage, range(len(segment.article_of)))
    )


def test_the_digest_tells_articles_apart_and_knows_them_again():
    one, same, other = (
        Segment.build([Article("a", text)], NO_PHRASES) for text in ("Қар жауды.", "Қар жауды.", "Қар еріді.")
    )

    assert one.digest == same.digest != other.digest


def test_dates_are_days_and_an_unknown_one_is_the_oldest():
    articles = [Article(str(day), "Қар.", published=day) for day in DAYS]
    segment = Segment.build(articles, NO_PHRASES)

    assert segment.ids == ("2026-02-01", "2026-01-01", "0001-01-02", "None")
    assert np.diff(segment.dates).tolist() == [
        -31,
        date(1, 1, 2).toordinal() - date(2026, 1, 1).toordinal(),
        -1,
    ]


def test_articles_of_one_day_stand_by_id():
    ids = ["б", "a", "10", "9", "B", ""]

    assert list(Segment.build([Article(id_, "Қар.") for id_ in ids], NO_PHRASES).ids) == sorted(ids)


@pytest.mark.parametrize(
    "articles", [[], [Article("a", "")], [Article("a", "×\n", "Қар"), Article("b", "", "Жел")]]
)
def test_a_segment_without_passages_has_no_words(articles):
    segment = Segment.build(articles, PHRASES)

    assert len(segment.ids) == len(articles)
    assert [len(segment.passages_of(at)) for at in range(len(articles))] == [0] * len(articles)
    assert (len(segment.article_of), list(segment.stem.terms), list(segment.words.words)) == (0, [], [])


def test_an_article_without_passages_stands_between_others():
    articles = [Article("a", "Қар."), Article("b", "", "Жел"), Article("c", "Күн.\n\nАяз.")]
    segment = Segment.build(articles, NO_PHRASES)

    assert [list(segment.passages_of(at)) for at in range(3)] == [[0], [], [1, 2]]


def test_a_word_may_stand_in_a_passage_more_than_65535_times():
    segment = Segment.build([Article("a", "қар " * 70_000)], NO_PHRASES)

    assert counted(segment.stem) == [Counter({"қар": 70_000})]
    assert segment.forward.tfs.tolist() == [70_000]
    assert segment.gram.lengths.tolist() == [140_000]  # _қа and қар each time


def test_a_passage_may_be_longer_than_65535_terms():
    segment = Segment.build(
        [Article("a", " ".join(f"сөз{number % 1000}" for number in range(70_000)))], NO_PHRASES
    )

    assert segment.stem.lengths.tolist() == [70_000]
    assert segment.stem.peaks.max(axis=0).tolist() == [70, 70_000]


def test_spans_and_numbers_are_pythons_own():
    segment = Segment.build([Article("a", "АЙГҮЛ СЕРІК:\n\nҚар жауды.\n\nЖел соқты.")], NO_PHRASES)
    first = segment.passage(0)

    said = [
        first.paragraph,
        first.span,
        first.text,
        first.speaker,
        first.heading,
        list(segment.passages_of(0)),
    ]
    assert json.loads(json.dumps(said)) == [1, [0, 24], [14, 24], [0, 12], None, [0, 1]]


def test_each_stem_has_its_root_and_its_shortest_word():
    words = Segment.build(
        [Article("a", "Қоғамдықтар. Қоғамдықтың! Мектептерге, мектептің.")], NO_PHRASES
    ).words
    found = {
        stem: (words.roots[root], words.words[shown])
        for stem, root, shown in zip(words.stems, words.root_of.tolist(), words.shown.tolist(), strict=True)
    }

    assert found == {"қоғамдық": ("қоғам", "қоғамдықтар"), "мектеп": ("мектеп", "мектептің")}


@pytest.mark.parametrize(
    ("spelled", "stems"),
    [("мектеп", ["мектеп"]), ("мектептің", ["мектеп"]), ("creative", ["creative"]), ("хоккей", [])],
)
def test_the_keys_of_stems_and_words_lead_to_stems(spelled, stems):
    words = Segment.build([Article("a", "Мектептің Creative клубы.")], NO_PHRASES).words

    assert [words.stems[number] for number in words.keys.of_string(fold(spelled))] == stems
