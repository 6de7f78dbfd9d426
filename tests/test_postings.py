import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.bm25 import BM25
from retrieval.postings import Postings

TERMS = st.sampled_from(["қар", "жел", "күн", "боран", "аяз", "бұлт", "жаңбыр"])
CORPORA = st.lists(st.lists(TERMS, max_size=12), max_size=12)
QUERIES = st.lists(TERMS | st.just("теңіз"), max_size=8)

CORPUS = [["қар", "жел", "қар"], ["жел"], ["күн", "жел"]]


@given(CORPORA.filter(any), QUERIES)
@settings(max_examples=300, deadline=None)
def test_the_scores_are_those_of_rank_bm25_to_the_last_bit(corpus, query):
    assert np.array_equal(Postings.build(corpus).scores(query), BM25(corpus).get_scores(query))


@pytest.mark.parametrize(
    ("corpus", "query"),
    [
        (CORPUS, ["қар", "қар", "қар"]),
        (CORPUS, ["қар", "теңіз"]),
        (CORPUS, ["теңіз"]),
        (CORPUS, []),
        ([*CORPUS, [], []], ["жел", "күн"]),
        ([["қар", "жел"]], ["қар", "жел", "қар"]),
    ],
    ids=["repeated", "half unknown", "unknown", "no term", "empty passages", "one passage"],
)
def test_the_scores_are_those_of_rank_bm25_in_each_corner(corpus, query):
    assert np.array_equal(Postings.build(corpus).scores(query), BM25(corpus).get_scores(query))


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_a_corpus_without_words_scores_zero(corpus):
    postings = Postings.build(corpus)

    assert postings.scores(["қар"]).tolist() == [0.0] * len(corpus)
    assert postings.idf("қар") == 0
    assert postings.posting("қар", 0) is None


def test_a_score_worked_by_hand():
    """Three passages of 3, 1 and 2 terms: N = 3, the average length is 2, k1 = 1.5, b = 0.75.

    "қар" stands in one of them: idf = ln(1 + (3 - 1 + 0.5) / (1 + 0.5)) = ln(1 + 2.5 / 1.5) = ln(8 / 3).
    "жел" stands in all of them: idf = ln(1 + (3 - 3 + 0.5) / (3 + 0.5)) = ln(1 + 0.5 / 3.5) = ln(8 / 7).

    tf part = tf * 2.5 / (tf + 1.5 * (0.25 + 0.75 * length / 2)):
    first passage, length 3: the bracket is 1.5 * (0.25 + 1.125) = 2.0625;
        "қар" twice: 2 * 2.5 / 4.0625 = 5 / 4.0625; "жел" once: 2.5 / 3.0625.
    second, length 1: 1.5 * (0.25 + 0.375) = 0.9375; "жел" once: 2.5 / 1.9375.
    third, length 2: 1.5 * (0.25 + 0.75) = 1.5; "жел" once: 2.5 / 2.5 = 1.
    """
    snow, wind = math.log(8 / 3), math.log(8 / 7)

    assert Postings.build(CORPUS).scores(["қар", "жел"]) == pytest.approx(
        [snow * 5 / 4.0625 + wind * 2.5 / 3.0625, wind * 2.5 / 1.9375, wind]
    )


def test_a_posting_says_what_the_score_is_made_of():
    found = Postings.build(CORPUS).posting("қар", 0)

    assert found is not None
    assert (found.term, found.tf, found.df, found.length) == ("қар", 2, 1, 3)
    assert (found.idf, found.impact) == pytest.approx((math.log(8 / 3), math.log(8 / 3) * 5 / 4.0625))


@pytest.mark.parametrize(("term", "passage"), [("теңіз", 0), ("қар", 1), ("қар", 2), ("күн", 0)])
def test_a_term_that_a_passage_does_not_hold_has_no_posting_there(term, passage):
    assert Postings.build(CORPUS).posting(term, passage) is None


@given(CORPORA.filter(any), QUERIES)
@settings(max_examples=100, deadline=None)
def test_the_postings_of_a_passage_add_up_to_its_score(corpus, query):
    postings = Postings.build(corpus)

    for passage, score in enumerate(postings.scores(query)):
        found = [postings.posting(term, passage) for term in query]
        assert score == pytest.approx(sum(posting.impact for posting in found if posting))


@given(CORPORA.filter(any))
@settings(max_examples=100, deadline=None)
def test_no_idf_is_negative_or_zero(corpus):
    assert (Postings.build(corpus).idfs > 0).all()


def test_the_term_of_every_passage_still_counts_and_counts_least():
    postings = Postings.build(CORPUS)

    assert 0 < postings.idf("жел") < postings.idf("күн") == postings.idf("қар")
