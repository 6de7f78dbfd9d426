import math
from dataclasses import astuple

import pytest

from retrieval.article import Article, Span
from retrieval.build import build
from retrieval.errors import QuestionsError
from retrieval.evaluate import Figures, Question, Relevant, figures, gains, gold_spans, measure
from retrieval.query import Query
from retrieval.runs import read_questions
from retrieval.search import Answer, Quote, Refusal, answer
from retrieval.snippet import Snippet

#       0         1         2         3
#       0123456789012345678901234567890123456789
TEXT = "Қар жауды. Жел тұрды. Күн шықты. Қар ерді."
ARTICLE = Article("a.txt", TEXT)
ARTICLES = {"a.txt": ARTICLE, "b.txt": Article("b.txt", "Мектеп ашылды. Кітапхана жабылды.")}
INDEX = build(ARTICLES.values())
NOTHING = Query((), frozenset())


def quote(start: int, end: int, article: str = "a.txt") -> Quote:
    passage = next(passage for passage in INDEX.passages if passage.article == article)
    return Quote(ARTICLES[article], passage, 1.0, 1.0, lambda: Snippet(Span(start, end), ()))


def answered(*quotes: Quote) -> Answer:
    return Answer("қар", NOTHING, quotes)


def refused() -> Answer:
    return Answer("қар", NOTHING, (), refusal=Refusal.NOT_FOUND)


def question(*relevant: Relevant, category: str = "") -> Question:
    return Question("1", "Қар жауды ма?", relevant, category)


def test_measures_worked_by_hand():
    """Results 2 and 3 are relevant, of 3 that are.

    DCG = 1 / log2(3) + 1 / log2(4) = 0.63093 + 0.5 = 1.13093
    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4) = 1 + 0.63093 + 0.5 = 2.13093
    nDCG = 1.13093 / 2.13093 = 0.53072
    """
    assert measure([0, 1, 1], 3) == pytest.approx((0, 1, 0.5, 0.53072), abs=1e-5)


@pytest.mark.parametrize(
    ("gained", "relevant", "measures"),
    [
        ([1], 1, (1, 1, 1, 1)),
        ([1, 1], 2, (1, 1, 1, 1)),
        ([0, 0, 0, 1], 1, (0, 0, 1 / 4, 1 / math.log2(5))),
        ([0, 0, 1], 1, (0, 1, 1 / 3, 1 / 2)),
        ([0, 0], 1, (0, 0, 0, 0)),
        ([], 1, (0, 0, 0, 0)),
        ([1] * 10, 25, (1, 1, 1, 1)),  # no answer can hold more than ten
    ],
)
def test_hit_1_hit_3_reciprocal_rank_and_ndcg_of_one_answer(gained, relevant, measures):
    assert measure(gained, relevant) == pytest.approx(measures)


@pytest.mark.parametrize(
    ("start", "end", "gain"),
    [
        (0, 10, 1),  # the gold span itself
        (0, 42, 1),  # more than it
        (0, 5, 1),  # its first half
        (5, 21, 1),  # its second half
        (0, 4, 0),  # less than half
        (6, 21, 0),
        (11, 21, 0),  # its neighbour
    ],
)
def test_a_quote_counts_from_half_of_the_gold_span_on(start, end, gain):
    assert gains(answered(quote(start, end)), [("a.txt", Span(0, 10))]) == [gain]


def test_the_same_place_in_another_article_does_not_count():
    assert gains(answered(quote(0, 10, "b.txt")), [("a.txt", Span(0, 10))]) == [0]


def test_a_gold_span_counts_once():
    assert gains(answered(quote(0, 10), quote(0, 21)), [("a.txt", Span(0, 10))]) == [1, 0]


def test_a_gold_article_counts_wherever_it_is_quoted():
    assert gains(answered(quote(0, 5, "b.txt"), quote(22, 32)), [("a.txt", None)]) == [0, 1]


def test_only_the_first_ten_quotes_count():
    others = [quote(11, 21)] * 10

    assert gains(answered(*others, quote(0, 10)), [("a.txt", Span(0, 10))]) == [0] * 10


def test_a_refusal_gains_nothing():
    assert gains(refused(), [("a.txt", None)]) == []


def test_a_gold_quote_is_found_at_every_place_it_stands():
    assert gold_spans(question(Relevant("a.txt", "Қар")), ARTICLES) == [
        ("a.txt", Span(0, 3)),
        ("a.txt", Span(33, 36)),
    ]


@pytest.mark.parametrize("relevant", [Relevant("a.txt", "Қар жаумады."), Relevant("c.txt", None)])
def test_a_gold_quote_or_article_that_is_nowhere_is_an_error_that_names_the_question(relevant):
    with pytest.raises(QuestionsError, match="question 1: "):
        gold_spans(question(relevant), ARTICLES)


def test_figures_are_means_by_category():
    snow = Relevant("a.txt", "Қар жауды.")
    pairs = [
        (question(snow, category="ауа райы"), answered(quote(0, 10))),
        (question(snow, category="ауа райы"), answered(quote(11, 21), quote(0, 10))),
        (question(snow), refused()),
        (question(), refused()),
        (question(), answered(quote(0, 10))),
    ]
    second = 1 / math.log2(3)  # one relevant result, at rank 2

    found = figures(pairs, ARTICLES)

    assert set(found) == {"all", "ауа райы", "unanswerable"}
    assert found["ауа райы"] == Figures(2, 1.0, 0.5, 1.0, 0.75, (1 + second) / 2)
    assert astuple(found["all"]) == pytest.approx((3, 2 / 3, 1 / 3, 2 / 3, 0.5, (1 + second) / 3, 0))
    assert found["unanswerable"] == Figures(2, refused=0.5)


def test_figures_of_no_questions_are_none():
    assert figures([], ARTICLES) == {}


def test_the_library_answers_its_own_question():
    asked = question(Relevant("b.txt", "Кітапхана жабылды."))

    found = figures([(asked, answer(INDEX, "кітапхана", 10))], ARTICLES)

    assert found == {"all": Figures(1, 1.0, 1.0, 1.0, 1.0, 1.0)}


def test_questions_are_read_with_quotes_articles_and_categories(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"id": 7, "text": "Қар?", "relevant": [{"article": "a.txt", "quote": "Қар"}, "b.txt"], "category": "x"}\n'
        "\n"
        '{"id": "8", "text": "Жел?"}\n',
        encoding="utf-8",
    )

    assert read_questions(file) == [
        Question("7", "Қар?", (Relevant("a.txt", "Қар"), Relevant("b.txt", None)), "x"),
        Question("8", "Жел?", (), ""),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "7",
        '{"id": "1"}',
        '{"text": "Қар?"}',
        '{"id": "1", "text": "Қар?", "relevant": 7}',
        '{"id": "1", "text": "Қар?", "relevant": [{"article": "a.txt"}]}',
        '{"id": "1", "text": "Қар?", "relevant": [{"article": "a.txt", "quote": ""}]}',
    ],
)
def test_a_bad_question_is_named_by_its_line(tmp_path, line):
    file = tmp_path / "questions.jsonl"
    file.write_text(f'{{"id": "0", "text": "Жел?"}}\n{line}\n', encoding="utf-8")

    with pytest.raises(QuestionsError, match="line 2: "):
        read_questions(file)


def test_a_line_separator_inside_a_question_does_not_end_its_line(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": "1", "text": "Қар\u2028жауды ма?"}\n', encoding="utf-8")

    assert [one.text for one in read_questions(file)] == ["Қар\u2028жауды ма?"]


def test_a_file_of_questions_that_is_no_text_is_an_error(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(QuestionsError, match="cannot be read"):
        read_questions(file)
