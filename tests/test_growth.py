"""An index that articles came to and went from is the same to ask as one built at once from those that are left."""

import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis import analyze, stems_of
from retrieval.article import Article
from retrieval.build import build, with_articles, without
from retrieval.check import check
from retrieval.explain import explain
from retrieval.index import K1, B, Index
from retrieval.passages import Passage
from retrieval.postings import Field
from retrieval.pruning import Pruned
from retrieval.query import understand
from retrieval.ranking import rank
from retrieval.refusal import calibrated, unrelated
from retrieval.search import Answer, Refusal, answer
from retrieval.vocabulary import How
from tests.reference import FIELDS, scores, terms, tokens_of_passage, tokens_of_title

SYNONYMS = (("көлік", "машина"), ("негізгі заң", "конституция"))
WORDS = [
    "қар",
    "қарды",
    "қардың",
    "жел",
    "желге",
    "мектеп",
    "мектептің",
    "көлік",
    "машинаның",
    "конституция",
    "негізгі",
    "заңды",
    "creative",
    "15",
    "он",
    "бес",
    "коалиция",
    "коалициялар",
    "жарық",
    "жарыс",
    "мәжіліс",
    "мәжілістің",
    "хоккей",
    "хоккейші",
    "сарапшы",
    "сарапшылар",
    "Creative",
    "жеті",
]
ASKED = [
    "қар",
    "қардан",
    "желдің",
    "мектепке",
    "машина",
    "негізгі",
    "заң",
    "конституцияны",
    "креатив",
    "он",
    "бес",
    "creative",
    "мажилис",
    "mazhilis",
    "коаолиция",
    "коалицияның",
    "жариқ",
    "жарық",
    "жарыс",
    "хокей",
    "хоккейге",
    "сарапшыл",
    "сарапшілар",
    "qardyn",
    "динозавр",
    "көліктер",
]
DAYS = [None, date(2026, 1, 1), date(2026, 2, 1)]
IDS = ["a", "B", "b", "10", "9", "ә", "я", "\U0001f600", "\ud800"]

_LINE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(
    lambda words: f"{' '.join(words)} болды."
)
_TEXT = st.lists(_LINE | st.sampled_from(["×", "АЙГҮЛ СЕРІК:", "Жел жайлы"]), max_size=3).map("\n\n".join)
_TITLE = st.none() | st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
_ARTICLES = st.lists(
    st.builds(Article, st.sampled_from(IDS), _TEXT, _TITLE, published=st.sampled_from(DAYS)), max_size=4
)
STEPS = st.lists(_ARTICLES | st.sets(st.sampled_from(IDS), max_size=4), max_size=6)
"""What happens to an index: articles that come, or the ids of some that go."""


def grown(first: Sequence[Article], steps: Sequence[list[Article] | set[str]]) -> tuple[Index, Index]:
    """The index after the steps, and one that is built at once, with the same bound for refusals."""
    left = {article.id: article for article in first}
    index = build(first, SYNONYMS)
    for step in steps:
        if isinstance(step, set):
            index = without(index, step)
            left = {id_: article for id_, article in left.items() if id_ not in step}
        else:
            index = with_articles(index, step)
            left |= {article.id: article for article in step}
    at_once = build(left.values(), SYNONYMS)
    return replace(index, enough=at_once.enough), at_once


def numbers(index: Index) -> dict[int, Passage]:
    """The passages that are left, by number."""
    return {
        part.first + number: part.segment.passage(number)
        for part in index.parts
        for number in np.flatnonzero(part.stays).tolist()
    }


def of_passages(index: Index, field: Field, query: Sequence[str]) -> dict[Passage, float]:
    every = [score for number in range(len(index.parts)) for score in field.scores(number, query).tolist()]
    return {passage: every[number] for number, passage in numbers(index).items()}


def of_words(index: Index, query: Sequence[str]) -> dict[Passage, float]:
    found: list[float] = []
    for number, part in enumerate(index.parts):
        rows = part.segment.forward.rows(np.arange(len(part.segment.article_of)))
        found += index.fields.word.scores(number, rows, query).tolist()
    return {passage: found[number] for number, passage in numbers(index).items()}


def of_grams(index: Index, query: Sequence[str]) -> dict[Passage, float]:
    found: list[float] = []
    for number, part in enumerate(index.parts):
        rows = part.segment.forward.rows(np.arange(len(part.segment.article_of)))
        found += index.fields.gram.scores(number, rows, Counter(query)).tolist()
    return {passage: found[number] for number, passage in numbers(index).items()}


def of_titles(index: Index, query: Sequence[str]) -> dict[str, float]:
    return {
        id_: score
        for at, part in enumerate(index.parts)
        for number, (id_, score) in enumerate(
            zip(part.segment.ids, index.titles.scores(at, query).tolist(), strict=True)
        )
        if number not in part.gone_articles.tolist()
    }


def seen(found: Answer) -> tuple[object, ...]:
    """All that a reader could see of an answer."""
    quotes = [
        (quote.article, quote.passage, quote.score, quote.cover, quote.span, quote.highlights)
        for quote in found.quotes
    ]
    return quotes, found.query, found.refusal, found.evidence, found.nearest, found.unknown, found.corrected


QUERIES = st.lists(st.sampled_from(ASKED), min_size=1, max_size=5)


@given(_ARTICLES, STEPS)
@settings(max_examples=20, deadline=None)
def test_articles_and_passages_are_the_same_in_the_same_order(first, steps):
    index, at_once = grown(first, steps)

    assert list(index.articles.items()) == list(at_once.articles.items())
    assert list(index.passages) == list(at_once.passages) == [*index.passages[:]]
    assert len(index.passages) == len(numbers(index)) == len(at_once.passages)
    for article in index.articles.values():
        assert index.passages_of(article) == at_once.passages_of(article)
    for id_ in IDS:
        key = Article(id_, "").key
        assert index.article_by_key(key) == at_once.article_by_key(key) == index.articles.get(id_)


@given(_ARTICLES, STEPS, QUERIES)
@settings(max_examples=20, deadline=None)
def test_the_scores_of_every_field_are_those_of_rank_bm25_over_what_is_left(first, steps, asked):
    index, at_once = grown(first, steps)
    query = terms(analyze(" ".join(asked)))
    passages = list(at_once.passages)
    words = [terms(tokens_of_passage(index.articles[one.article], one, index.phrases)) for one in passages]

    for field in FIELDS:
        expected = scores([one[field] for one in words], query[field], K1, B)
        if field == "gram":
            found = of_grams(index, query[field])
            assert found == pytest.approx(dict(zip(passages, expected, strict=True)), rel=1e-9)
        elif field == "word":
            found = of_words(index, query[field])
            assert found == dict(zip(passages, expected, strict=True))
        else:
            found = of_passages(index, getattr(index.fields, field), query[field])
            assert found == dict(zip(passages, expected, strict=True))
    titles = [
        [one.stem for one in tokens_of_title(article, index.phrases)] for article in index.articles.values()
    ]
    expected = scores(titles, query["stem"], K1, B)
    assert of_titles(index, query["stem"]) == dict(zip(index.articles, expected, strict=True))


@given(_ARTICLES, STEPS, QUERIES)
@settings(max_examples=20, deadline=None)
def test_the_best_of_a_field_are_the_same(first, steps, asked):
    index, at_once = grown(first, steps)
    query = [stem for word in asked for stem in stems_of(word)]
    by_number = numbers(index)

    places, best = Pruned(index.fields.stem).best(query, 3)

    assert best.tolist() == Pruned(at_once.fields.stem).best(query, 3)[1].tolist()
    expected = of_passages(index, index.fields.stem, query)
    assert best.tolist() == [expected[by_number[place]] for place in places.tolist()]


@given(_ARTICLES, STEPS)
@settings(max_examples=20, deadline=None)
def test_words_mean_the_same(first, steps):
    index, at_once = grown(first, steps)

    for word in {*ASKED, *WORDS}:
        assert index.vocabulary.meant(word) == at_once.vocabulary.meant(word)
        for stem in stems_of(word):
            known = at_once.vocabulary.knows(stem)
            assert index.vocabulary.knows(stem) == known
            if known:
                assert index.vocabulary.root(stem) == at_once.vocabulary.root(stem)
                assert index.vocabulary.shown(stem) == at_once.vocabulary.shown(stem)


@given(_ARTICLES, STEPS, QUERIES.map(" ".join), st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_hits_and_answers_are_the_same_to_the_last_bit_and_in_the_same_order(first, steps, question, limit):
    index, at_once = grown(first, steps)

    found, expected = (
        [
            (one.passages.numbered(hit.passage), hit.score, hit.cover, hit.rank)
            for hit in rank(one, understand(one, question), limit)
        ]
        for one in (index, at_once)
    )
    assert found == expected
    assert seen(answer(index, question, limit)) == seen(answer(at_once, question, limit))


@given(_ARTICLES, STEPS, QUERIES.map(" ".join))
@settings(max_examples=20, deadline=None)
def test_checks_explanations_and_the_bound_of_refusals_are_the_same(first, steps, text):
    index, at_once = grown(first, steps)

    assert check(index, f"{text} болды") == check(at_once, f"{text} болды")
    found, expected = (explain(one, text) for one in (index, at_once))
    assert (found.evidence, found.enough) == (expected.evidence, expected.enough)
    assert [(hit.article, hit.passage, hit.parts, hit.grams) for hit in found.hits] == [
        (hit.article, hit.passage, hit.parts, hit.grams) for hit in expected.hits
    ]
    assert unrelated(index) == unrelated(at_once)
    assert calibrated(index) == at_once.enough


@given(_ARTICLES, STEPS, QUERIES.map(" ".join))
@settings(max_examples=20, deadline=None)
def test_an_index_does_not_change_when_others_are_made_of_it(first, steps, question):
    index = build(first, SYNONYMS)
    before = seen(answer(index, question))
    passages = list(index.passages)

    grown_from = index
    for step in steps:
        grown_from = without(grown_from, step) if isinstance(step, set) else with_articles(grown_from, step)
        answer(grown_from, question)

    assert (seen(answer(index, question)), list(index.passages)) == (before, passages)


@given(_ARTICLES, STEPS, QUERIES.map(" ".join))
@settings(max_examples=20, deadline=None)
def test_figures_and_places_are_pythons_own(first, steps, question):
    index, _ = grown(first, steps)
    found = answer(index, question, 5)

    said = [
        [
            (quote.score, quote.cover, quote.span, quote.highlights, quote.passage.span)
            for quote in found.quotes
        ],
        [(asked.idf, [one.weight for one in asked.alternatives]) for asked in found.query.asked],
        [(hit.passage, hit.score, hit.cover, hit.rank) for hit in rank(index, found.query, 5)],
        [found.evidence, index.enough, calibrated(index), unrelated(index), len(index.passages)],
        [(one.paragraph, one.span, one.text, one.speaker, one.heading) for one in index.passages],
    ]

    assert len(json.loads(json.dumps(said))) == 5


SNOW = "Елордада қар қалың жауды."


def places(index: Index, question: str) -> list[tuple[str, int]]:
    found = [index.passages.numbered(hit.passage) for hit in rank(index, understand(index, question), 10)]
    return [(passage.article, passage.paragraph) for passage in found]


def test_equal_scores_across_parts_stand_newest_first_then_by_id_then_by_place():
    articles = [
        Article("b", f"{SNOW}\n{SNOW}", published=date(2026, 1, 1)),
        Article("c", f"{SNOW}\n{SNOW}", published=date(2026, 2, 1)),
        Article("0", f"{SNOW}\n{SNOW}"),
        Article("a", f"{SNOW}\n{SNOW}", published=date(2026, 1, 1)),
    ]
    index = build([])
    for article in articles:
        index = with_articles(index, [article])

    assert list(index.articles) == ["c", "a", "b", "0"]
    assert places(index, "қар") == [(id_, paragraph) for paragraph in (1, 2) for id_ in "cab0"]


def test_an_article_that_comes_again_takes_the_place_of_the_old_one():
    index = build([Article("a", "Елордада қар жауды.", "Қар"), Article("b", "Кеше жел соқты.")])
    index = with_articles(index, [Article("a", "Мектепте сабақ басталды.", "Мектеп")])

    assert answer(index, "қар жауды").refusal is Refusal.NOT_FOUND
    assert answer(index, "қар жауды").unknown == ("қар", "жауды")
    assert [quote.text for quote in answer(index, "мектеп").quotes] == ["Мектепте сабақ басталды."]
    assert len(index.passages) == 2


def test_of_articles_with_one_id_that_come_together_the_last_counts():
    index = with_articles(build([]), [Article("a", SNOW), Article("a", "Мектепте сабақ басталды.")])

    assert [passage.article for passage in index.passages] == ["a"]
    assert answer(index, "қар").refusal is Refusal.NOT_FOUND


def test_an_article_that_went_may_come_back():
    index = without(build([Article("a", SNOW)]), ["a"])
    assert answer(index, "қар").refusal is Refusal.NOT_FOUND

    index = with_articles(index, [Article("a", SNOW)])
    assert [quote.text for quote in answer(index, "қар").quotes] == [SNOW]


def test_what_is_not_there_cannot_go_and_nothing_can_come():
    index = build([Article("a", SNOW)])

    assert without(index, ["b"]) is index
    assert without(index, []) is index
    assert with_articles(index, []) is index


@pytest.mark.parametrize(
    "articles", [[], [Article("a", "")], [Article("a", "×", "Қар")], [Article("a", "", "Қар мен жел")]]
)
def test_an_index_without_passages_refuses_and_grows(articles):
    index = build(articles, SYNONYMS)

    assert (len(index.passages), list(index.passages), index.passages[:]) == (0, [], ())
    assert answer(index, "қар").refusal is Refusal.NOT_FOUND
    assert answer(index, "қар").unknown == ("қар",)
    assert check(index, "қар қалың жауды бүгін").article is None
    assert explain(index, "қар").hits == ()
    index = with_articles(index, [Article("b", SNOW)])
    assert [quote.text for quote in answer(index, "қар").quotes] == [SNOW]


def test_an_index_that_lost_every_article_refuses_and_grows():
    index = without(build([Article("a", SNOW), Article("b", "Жел соқты.")]), ["a", "b"])

    assert (len(index.passages), list(index.passages), dict(index.articles)) == (0, [], {})
    assert answer(index, "қар").refusal is Refusal.NOT_FOUND
    assert answer(index, "қар").unknown == ("қар",)
    assert check(index, "Елордада қар қалың жауды").article is None
    index = with_articles(index, [Article("c", SNOW)])
    assert [quote.text for quote in answer(index, "қар").quotes] == [SNOW]


TOWN = [Article("a", "Жаңа коалиция құрылды."), Article("b", "Жаңа колония ашылды.")]


def test_a_typo_is_not_put_right_to_a_word_that_only_a_removed_article_had():
    index = build(TOWN)
    assert [one.stem for one in index.vocabulary.meant("коалциия")] == ["коалиция"]

    index = without(index, ["a"])
    assert index.vocabulary.meant("коалиция") == ()
    assert index.vocabulary.meant("коалциия") == ()
    assert answer(index, "коалиция туралы").unknown == ("коалиция",)


def test_a_typo_is_put_right_to_the_next_word_where_the_nearest_was_removed():
    index = build([Article("a", "Жарыстар өтті."), Article("b", "Жарықтар жанды.")])
    nearest = without(index, ["a"]).vocabulary.meant("жарыстаар")

    assert [one.stem for one in index.vocabulary.meant("жарыстаар")] == ["жарыс"]
    assert all(one.stem != "жарыс" for one in nearest)


def test_a_typo_is_put_right_to_the_same_of_two_near_words_in_whichever_part_they_are():
    one, two = Article("a", "Балташы келді."), Article("b", "Балмашы келді.")
    expected = build([one, two]).vocabulary.meant("балнашы")

    assert {found.how for found in expected} == {How.TYPO}
    for first, second in ((one, two), (two, one)):
        assert with_articles(build([first]), [second]).vocabulary.meant("балнашы") == expected


def test_the_word_that_is_shown_for_a_stem_is_one_that_is_left():
    index = build([Article("a", "Коалиция құрылды."), Article("b", "Коалицияның ісі.")])
    assert index.vocabulary.shown("коалиция") == "коалиция"

    assert without(index, ["a"]).vocabulary.shown("коалиция") == "коалицияның"
    assert answer(without(index, ["a"]), "коалциияның ісі").corrected == (("коалциияның", "коалицияның"),)


def test_several_threads_may_be_the_first_to_ask():
    first = [Article(id_, f"{id_} {SNOW}", published=day) for id_, day in zip("abc", DAYS, strict=True)]
    steps: list[list[Article] | set[str]] = [
        [Article("d", "Мектепте қар күрелді.")],
        {"b"},
        [Article("a", SNOW)],
    ]
    questions = ["қар", "мектеп", "елорда қар", "елоррдада", "хоккей"]
    _, at_once = grown(first, steps)
    expected = [seen(answer(at_once, question)) for question in questions]

    for _ in range(10):
        index, _ = grown(first, steps)
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda question: seen(answer(index, question)), questions * 4))  # noqa: B023 - done within the loop
        assert found == expected * 4
