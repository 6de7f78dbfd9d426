"""The project's own questions on the seeds: no change may answer them worse without being noticed."""

from collections import Counter

import pytest

from retrieval.evaluate import Figures, figures, gold_spans
from retrieval.index import Index
from retrieval.runs import read_questions
from retrieval.search import answer
from tests.conftest import SEEDS

QUESTIONS = read_questions(SEEDS.parent / "tests" / "questions.jsonl")

# The fewest questions of a category whose first quote must be a right one, and the fewest that must have one
# among the first three. Each is one question below what is reached now, so that a change may lose one and gain
# another.
FLOORS = {
    "natural": (9, 9),  # of 10
    "inflected": (8, 8),  # of 9
    "paraphrase": (5, 6),  # of 9
    "keyword": (8, 8),  # of 9
    "who": (7, 8),  # of 9
    "keyboard": (7, 8),  # of 9
    "latin": (7, 7),  # of 8
    "typo": (8, 8),  # of 9
}
REFUSED = 9  # of 12 that the articles do not answer
ANSWERED = 70  # of 72 that they do


@pytest.fixture(scope="module")
def reached(seeds_index: Index) -> dict[str, Figures]:
    pairs = ((question, answer(seeds_index, question.text, 10)) for question in QUESTIONS)
    return figures(pairs, seeds_index.articles)


@pytest.mark.parametrize(("category", "floor"), FLOORS.items())
def test_the_first_quote_and_the_first_three_are_right_as_often_as_before(reached, category, floor):
    found = reached[category]

    assert round(found.hit1 * found.questions) >= floor[0]
    assert round(found.hit3 * found.questions) >= floor[1]


def test_questions_that_the_articles_do_not_answer_are_refused_as_often_as_before(reached):
    found = reached["unanswerable"]

    assert round(found.refused * found.questions) >= REFUSED


def test_questions_that_the_articles_answer_are_refused_no_oftener_than_before(reached):
    found = reached["all"]

    assert round(found.answered * found.questions) >= ANSWERED


def test_every_category_has_at_least_six_questions_and_a_floor():
    counted = Counter(question.category for question in QUESTIONS)

    assert set(counted) == {*FLOORS, "unanswerable"}
    assert min(counted.values()) >= 6


def test_no_question_or_id_stands_twice():
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    assert len({question.text for question in QUESTIONS}) == len(QUESTIONS)


def test_every_relevant_quote_is_an_exact_slice_of_its_article(seeds):
    for question in QUESTIONS:
        for article, span in gold_spans(question, seeds):
            assert span is not None
            assert seeds[article].text[slice(*span)] in {relevant.quote for relevant in question.relevant}
        assert bool(question.relevant) == (question.category != "unanswerable")


def test_every_article_is_asked_about():
    asked = {relevant.article for question in QUESTIONS for relevant in question.relevant}

    assert asked == {path.name for path in SEEDS.iterdir()}
