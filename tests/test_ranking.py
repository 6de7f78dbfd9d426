from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.build import build
from retrieval.index import K1, B, Index
from retrieval.query import UNKNOWN, understand
from retrieval.question import Wanted
from retrieval.ranking import ROOT, STEM, TITLE, Hit, rank
from retrieval.shortlist import GRAM, WORD
from tests.reference import FIELDS, scores, terms, tokens_of_passage, tokens_of_title

ARTICLES = [
    Article("a", "Елордада қар қалың жауды.\nЖол қызметі көшелерді тазалады.", title="Қар мен жел"),
    Article("b", "Достық үйінде он бес ақын жиналды.\nАқындар қар туралы жыр оқыды. Қар еріді."),
    Article("c", "Көшедегі достар мектепке асықты.", title="Достар"),
    Article("d", "Мектептің ауласында жел соқты, қар ерімеді."),
]


def corpora(index: Index) -> dict[str, list[list[str]]]:
    """The terms of all passages in each field."""
    found = [
        terms(tokens_of_passage(index.articles[passage.article], passage, index.phrases))
        for passage in index.passages
    ]
    return {field: [one[field] for one in found] for field in FIELDS}


def titles(index: Index) -> list[list[str]]:
    return [
        [token.stem for token in tokens_of_title(article, index.phrases)]
        for article in index.articles.values()
    ]


def of_rank_bm25(corpus: Sequence[Sequence[str]], query: Sequence[str]) -> list[float]:
    return scores(corpus, query, K1, B)


def hits(index: Index, question: str, limit: int = 10) -> list[Hit]:
    return rank(index, understand(index, question), limit)


def places(index: Index, question: str, limit: int = 10) -> list[tuple[str, int]]:
    """The article and the paragraph of each hit."""
    found = [index.passages.numbered(hit.passage) for hit in hits(index, question, limit)]
    return [(passage.article, passage.paragraph) for passage in found]


def scored(index: Index, field: str, query: Sequence[str]) -> list[float]:
    """The scores of all passages in a field of an index of one part."""
    if field == "gram":
        every = index.parts[0].segment.forward.rows(np.arange(len(index.passages)))
        return [float(score) for score in index.fields.gram.scores(0, every, Counter(query))]
    if field == "word":
        every = index.parts[0].segment.forward.rows(np.arange(len(index.passages)))
        return [float(score) for score in index.fields.word.scores(0, every, query)]
    return [float(score) for score in getattr(index.fields, field).scores(0, query)]


QUESTIONS = ["қар", "Достар қарды ерітті", "көше мектеп көше", "он бес ақын", "теңіз", "жас жас жас ел"]


@pytest.mark.parametrize("field", ["stem", "word", "root"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_scores_of_each_field_are_those_of_rank_bm25_to_the_last_bit(seeds_index, field, question):
    for index in (build(ARTICLES), seeds_index):
        query = terms(analyze(question))[field]

        assert scored(index, field, query) == of_rank_bm25(corpora(index)[field], query)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_scores_of_the_n_grams_are_those_of_rank_bm25(seeds_index, question):
    for index in (build(ARTICLES), seeds_index):
        query = terms(analyze(question))["gram"]
        expected = of_rank_bm25(corpora(index)["gram"], query)

        assert scored(index, "gram", query) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("question", ["қар дос", "референдум жас жас", "жел"])
def test_the_scores_of_the_titles_are_those_of_rank_bm25_to_the_last_bit(seeds_index, question):
    for index in (build(ARTICLES), seeds_index):
        query = terms(analyze(question))["stem"]

        assert index.titles.scores(0, query).tolist() == of_rank_bm25(titles(index), query)


WORDS = ["елордада", "қар", "жауды", "көшелерді", "достар", "мектепке", "жел", "ақындар", "жыр", "аула"]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5, unique=True))
@settings(max_examples=40, deadline=None)
def test_a_score_is_the_weighted_sum_of_the_fields(words):
    """For words that stand in the articles as they are typed, and so mean one thing each."""
    index = build(ARTICLES)
    fields = corpora(index)
    asked = [token for word in words for token in analyze(word)]
    grams = sorted(set(terms(asked)["gram"]))
    by_title = of_rank_bm25(titles(index), [token.stem for token in asked])
    expected = (
        STEM * np.array(of_rank_bm25(fields["stem"], [token.stem for token in asked]))
        + WORD * np.array(of_rank_bm25(fields["word"], [token.word for token in asked]))
        + ROOT * np.array(of_rank_bm25(fields["root"], [token.root for token in asked]))
        + GRAM * np.array(of_rank_bm25(fields["gram"], grams))
        + TITLE * np.array([by_title[place] for place in index.parts[0].segment.article_of])
    )

    for hit in hits(index, " ".join(words)):
        assert hit.score == pytest.approx(expected[hit.passage])


@pytest.mark.parametrize(
    ("question", "cover"),
    [
        ("елордада", [1.0, 0.0]),
        ("елордада жел", [0.5, 0.5]),  # both stand in one passage each, so they weigh the same
        ("жел соқты", [0.0, 1.0]),
    ],
)
def test_the_cover_of_a_passage_is_its_share_of_the_questions_idf(question, cover):
    index = build([Article("a", "Елордада қар жауды."), Article("b", "Кеше жел соқты.")])

    found = {index.passages.numbered(hit.passage).article: hit.cover for hit in hits(index, question)}

    assert found == pytest.approx({id_: share for id_, share in zip("ab", cover, strict=True) if share})


def test_a_word_that_no_article_holds_weighs_against_every_passage():
    index = build([Article("a", "Елордада қар жауды."), Article("b", "Кеше жел соқты.")])
    (known,), (half,) = hits(index, "елордада"), hits(index, "елордада хоккей")
    # N = 2: a word in one passage has idf ln(1 + 1.5 / 1.5) = ln 2, one in none ln(1 + 2.5 / 0.5) = ln 6,
    # and as nothing is known of it, UNKNOWN times that.
    share = np.log(2) / (np.log(2) + UNKNOWN * np.log(6))

    assert (known.cover, half.cover) == pytest.approx((1.0, share))


def test_the_ranks_count_from_one_and_no_passage_comes_twice():
    found = hits(build(ARTICLES), "қар мектеп жел достар")

    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
    assert len({hit.passage for hit in found}) == len(found)


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_there_are_never_more_hits_than_asked_for(limit):
    index = build(Article(str(number), "Қар жауды.") for number in range(9))

    assert len(hits(index, "қар", limit)) == min(limit, 9)


@pytest.mark.parametrize("question", ["", "теңіз", "кім"])
def test_without_a_match_there_are_no_hits(question):
    assert hits(build(ARTICLES), question) == []


def test_without_articles_there_are_no_hits():
    assert hits(build([]), "қар") == []


SNOW = "Елордада қар қалың жауды."


def test_equal_scores_stand_newest_article_first_then_by_place():
    old, new, undated = (
        Article("a", f"{SNOW}\n{SNOW}", published=date(2026, 1, 1)),
        Article("b", f"{SNOW}\n{SNOW}", published=date(2026, 2, 1)),
        Article("0", f"{SNOW}\n{SNOW}"),
    )

    for articles in ([old, new, undated], [undated, new, old], [new, undated, old]):
        assert places(build(articles), "қар") == [
            ("b", 1),
            ("a", 1),
            ("0", 1),
            ("b", 2),
            ("a", 2),
            ("0", 2),
        ]


def test_equal_scores_of_one_day_stand_by_id():
    index = build(Article(id_, SNOW, published=date(2026, 1, 1)) for id_ in ("c", "a", "b"))

    assert places(index, "қар") == [("a", 1), ("b", 1), ("c", 1)]


def test_a_second_passage_of_an_article_gives_way_to_a_slightly_weaker_one_of_another():
    index = build(
        [
            Article("a", f"{SNOW}\n{SNOW}"),
            Article("b", "Елордада қар қалың жауды, кеше көлік тұрды."),  # longer, so weaker
            Article("c", "Мектепте сабақ басталды."),
        ]
    )
    scores = {
        index.passages.numbered(hit.passage).article: hit.score for hit in hits(index, "елордада қалың қар")
    }

    assert scores["a"] > scores["b"]
    assert places(index, "елордада қалың қар") == [("a", 1), ("b", 1), ("a", 2)]


def test_a_second_passage_that_is_far_better_does_not_give_way():
    index = build(
        [
            Article("a", f"{SNOW}\n{SNOW}"),
            Article("b", "Мектепте қалың кітап оқылды."),
            Article("c", "Мектепте сабақ басталды."),
        ]
    )

    assert places(index, "елордада қалың қар") == [("a", 1), ("a", 2), ("b", 1)]


@pytest.mark.parametrize(
    ("asked", "kind", "holding"),
    [
        ("Қар қашан жауды?", Wanted.DATE, "Қар 13 ақпанда жауды."),
        ("Қанша қар жауды?", Wanted.NUMBER, "Қар бірнеше метр жауды."),
        ("Қар қайда жауды?", Wanted.PLACE, "Қар Алматыда қатты жауды."),
        ("Қар туралы кім айтты?", Wanted.PERSON, "Ал қар туралы Айгүл Серік айтты."),
    ],
)
def test_a_passage_that_holds_what_is_asked_for_comes_before_its_equal(asked, kind, holding):
    without = holding.replace("13 ақпанда", "көк түнде").replace("бірнеше", "келешек")
    without = without.replace("Алматыда", "сонда").replace("Айгүл Серік", "айгүл серік")
    index = build([Article("a", without), Article("b", holding), Article("c", "Мектеп ашылды.")])
    neutral = "Қар туралы айтты" if kind is Wanted.PERSON else "Қар жауды"

    assert understand(index, asked).wanted == {kind}
    assert places(index, neutral)[0] == ("a", 1)  # equal, so by id
    assert places(index, asked)[0] == ("b", 1)


def test_what_is_asked_for_is_no_match_by_itself():
    index = build([Article("a", "Жиын 13 ақпанда өтті."), Article("b", "Қар жауды.")])

    assert places(index, "Қар қашан еріді?") == [("b", 1)]


@pytest.mark.parametrize(
    ("better", "worse", "question"),
    [
        ("Қалада мектеп ашылды.", "Қалада дүкен ашылды.", "мектеп ашылды"),
        ("Достар келді.", "Достық келді.", "достар"),  # the stem before the root
        ("Мектепке бардық.", "Мектептен бардық.", "мектепке"),  # the word as it stands before another form
        ("Қар еріді. Қар ақты.", "Қар еріді. Мұз ақты.", "қар"),
    ],
)
def test_the_nearer_passage_comes_first(better, worse, question):
    """Whichever of the two the index holds first."""
    for ids in ("ab", "ba"):
        index = build([Article(ids[0], better), Article(ids[1], worse), Article("c", "Жел соқты.")])

        assert places(index, question)[0] == (ids[0], 1)


def test_an_article_whose_title_holds_the_words_comes_first():
    index = build(
        [
            Article("a", "Қар жауды, жол жабылды."),
            Article("b", "Қар жауды, жол жабылды.", title="Қар басқан жол"),
            Article("c", "Жел соқты."),
        ]
    )

    assert places(index, "қар басқан жол")[0] == ("b", 1)


def test_a_passage_that_holds_a_synonym_is_found_behind_one_that_holds_the_word():
    index = build(
        [Article("a", "Көлік сатылды."), Article("b", "Машина сатылды."), Article("c", "Жел соқты.")],
        (("көлік", "машина"),),
    )

    assert places(index, "машина") == [("b", 1), ("a", 1)]
    first, second = hits(index, "машина")
    assert first.cover == 1.0
    assert 0 < second.cover < 1


def test_a_hyphenated_word_that_the_articles_know_counts_whole_and_another_in_parts():
    index = build([Article("a", "Ақын-жазушы келді."), Article("b", "Ақын кетті, жазушы қалды.")])

    assert [one.word for one in understand(index, "ақын-жазушы").asked] == ["ақын-жазушы"]
    assert [one.word for one in understand(index, "жазушы-ақын").asked] == ["жазушы", "ақын"]
