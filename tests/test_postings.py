import json
import math
from collections.abc import Collection, Sequence
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.bm25 import BM25
from retrieval.index import K1, B
from retrieval.postings import Field, Postings
from retrieval.terms import Terms
from tests.reference import scores as reference

Corpus = Sequence[Sequence[str]]

TERMS = st.sampled_from(["қар", "жел", "күн", "боран", "аяз", "бұлт", "жаңбыр"])
CORPORA = st.lists(st.lists(TERMS, max_size=12), max_size=12)
PARTS = st.lists(CORPORA, max_size=4)
QUERIES = st.lists(TERMS | st.just("теңіз"), max_size=8)
CONSTANTS = st.sampled_from([(1.5, 0.75), (K1, B)])

CORPUS = [["қар", "жел", "қар"], ["жел"], ["күн", "жел"]]


def field(*parts: Corpus, k1: float = 1.5, b: float = 0.75) -> Field:
    return without(parts, [()] * len(parts), k1, b)


def without(
    parts: Sequence[Corpus], gone: Sequence[Collection[int]], k1: float = 1.5, b: float = 0.75
) -> Field:
    removed = [np.array(sorted(away), np.int64) for away in gone]
    return Field([Postings.build(part) for part in parts], removed, k1, b)


def left(parts: Sequence[Corpus], gone: Sequence[Collection[int]]) -> list[Sequence[str]]:
    return [
        row for part, away in zip(parts, gone, strict=True) for at, row in enumerate(part) if at not in away
    ]


@st.composite
def grown(draw: st.DrawFn) -> tuple[Sequence[Corpus], list[set[int]]]:
    """Parts, and which passages of each were removed."""
    parts = draw(PARTS)
    return parts, [draw(st.sets(st.sampled_from(range(len(part))))) if part else set[int]() for part in parts]


@given(CORPORA, QUERIES, CONSTANTS)
@settings(max_examples=120, deadline=None)
def test_the_scores_are_those_of_rank_bm25_to_the_last_bit(corpus, query, constants):
    assert field(corpus, k1=constants[0], b=constants[1]).scores(0, query).tolist() == reference(
        corpus, query, *constants
    )


@given(CORPORA.filter(any), QUERIES)
@settings(max_examples=40, deadline=None)
def test_the_scores_are_those_of_the_class_that_defines_them_to_the_last_bit(corpus, query):
    assert np.array_equal(field(corpus).scores(0, query), BM25(corpus).get_scores(query))


@given(grown(), QUERIES, CONSTANTS)
@settings(max_examples=120, deadline=None)
def test_the_scores_over_parts_are_those_of_rank_bm25_over_what_is_left_of_them(collection, query, constants):
    parts, gone = collection
    found = without(parts, gone, *constants)

    scores = [
        score
        for number, away in enumerate(gone)
        for at, score in enumerate(found.scores(number, query).tolist())
        if at not in away
    ]

    assert scores == reference(left(parts, gone), query, *constants)


@given(grown(), TERMS)
@settings(max_examples=80, deadline=None)
def test_what_is_counted_over_parts_is_counted_over_what_is_left_of_them(collection, term):
    parts, gone = collection
    found, rest = without(parts, gone), left(parts, gone)

    assert (found.size, found.total) == (len(rest), sum(map(len, rest)))
    assert found.df(term) == sum(term in row for row in rest)
    for number, (part, away) in enumerate(zip(parts, gone, strict=True)):
        here = [row for at, row in enumerate(part) if at not in away]
        dfs = dict(zip(found.parts[number].terms, found.dfs(number).tolist(), strict=True))
        assert dfs == {one: sum(one in row for row in here) for one in {one for row in part for one in row}}


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
    assert field(corpus).scores(0, query).tolist() == reference(corpus, query)


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_a_corpus_without_words_scores_zero(corpus):
    found = field(corpus)

    assert found.scores(0, ["қар"]).tolist() == [0.0] * len(corpus)
    assert (found.idf("қар"), found.df("қар"), found.bound(0, "қар"), found.average) == (0, 0, 0, 1)
    assert found.posting(0, "қар", 0) is None
    assert found.dfs(0).tolist() == []


def test_where_every_passage_was_removed_nothing_is_left_to_count():
    found = without([CORPUS], [range(3)])

    assert (found.size, found.total, found.df("қар"), found.idf("қар")) == (0, 0, 0, 0)
    assert found.dfs(0).tolist() == [0, 0, 0]


def test_a_term_of_the_table_may_be_in_no_passage():
    """As a word that only the title of an article without passages has."""
    postings = Postings.of(
        Terms.of(["аяз", "жел", "қар"]), np.array([1, 1]), np.array([0, 1]), np.array([1, 1])
    )
    found = Field([postings], [np.zeros(0, np.int64)])

    assert [found.df(term) for term in ("аяз", "жел", "қар")] == [0, 2, 0]
    assert found.scores(0, ["аяз", "жел", "қар"]).tolist() == reference([["жел"], ["жел"]], ["жел"])
    assert [found.bound(0, term) for term in ("аяз", "қар")] == [0, 0]


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

    assert field(CORPUS).scores(0, ["қар", "жел"]) == pytest.approx(
        [snow * 5 / 4.0625 + wind * 2.5 / 3.0625, wind * 2.5 / 1.9375, wind]
    )


def test_a_posting_says_what_the_score_is_made_of():
    found = field(CORPUS).posting(0, "қар", 0)

    assert found is not None
    assert (found.term, found.tf, found.df, found.length) == ("қар", 2, 1, 3)
    assert (found.idf, found.impact) == pytest.approx((math.log(8 / 3), math.log(8 / 3) * 5 / 4.0625))


@pytest.mark.parametrize(("term", "passage"), [("теңіз", 0), ("қар", 1), ("қар", 2), ("күн", 0)])
def test_a_term_that_a_passage_does_not_hold_has_no_posting_there(term, passage):
    assert field(CORPUS).posting(0, term, passage) is None


@given(grown(), QUERIES)
@settings(max_examples=40, deadline=None)
def test_the_postings_of_a_passage_add_up_to_its_score(collection, query):
    parts, gone = collection
    found = without(parts, gone)

    for number in range(len(parts)):
        for passage, score in enumerate(found.scores(number, query)):
            postings = [found.posting(number, term, passage) for term in query]
            assert score == pytest.approx(sum(posting.impact for posting in postings if posting))


@given(grown(), TERMS, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_the_scores_of_some_passages_are_theirs_among_all(collection, term, random):
    parts, gone = collection
    found = without(parts, gone)

    for number, part in enumerate(parts):
        places = np.array([random.randrange(len(part)) for _ in part], np.int64)
        assert found.at_places(number, term, places).tolist() == [
            found.scores(number, [term]).tolist()[place] for place in places
        ]


@given(grown(), TERMS, CONSTANTS)
@settings(max_examples=80, deadline=None)
def test_no_passage_scores_above_the_bound_of_its_term(collection, term, constants):
    parts, gone = collection
    found = without(parts, gone, *constants)

    for number in range(len(parts)):
        bound = found.bound(number, term)
        assert (found.scores(number, [term]) <= bound * (1 + 1e-12)).all()


def test_a_bound_is_reached_where_the_shortest_passage_repeats_the_term_most():
    found = field([["қар", "қар"], ["қар", "жел", "жел"]])

    assert found.bound(0, "қар") == found.scores(0, ["қар"]).max()


@given(CORPORA.filter(any))
@settings(max_examples=40, deadline=None)
def test_no_idf_is_negative_or_zero(corpus):
    found = field(corpus)

    assert all(found.idf(term) > 0 for term in found.parts[0].terms)


def test_the_term_of_every_passage_still_counts_and_counts_least():
    found = field(CORPUS)

    assert 0 < found.idf("жел") < found.idf("күн") == found.idf("қар")


def test_a_term_may_stand_in_a_passage_more_than_65535_times():
    corpus = [["қар"] * 70_000 + ["жел"], ["қар", "жел"], ["жел"]]

    assert field(corpus, k1=K1, b=B).scores(0, ["қар", "жел"]).tolist() == reference(
        corpus, ["қар", "жел"], K1, B
    )


@pytest.mark.parametrize("count", [65_536, 65_537, 70_000])
def test_there_may_be_more_pairs_of_tf_and_length_than_65536(count):
    """Every passage has a length of its own; rank-bm25 is told the lengths, as so many words fit nowhere."""
    lengths = np.arange(1, count + 1)
    postings = Postings.of(Terms.of(["қар"]), np.zeros(count, np.int64), np.arange(count), lengths)
    found = Field([postings], [np.zeros(0, np.int64)], K1, B)
    scorer = BM25Okapi([["қар"]], k1=K1, b=B)
    scorer.doc_freqs, scorer.doc_len = [{"қар": 1}] * count, lengths.tolist()
    scorer.corpus_size, scorer.avgdl = count, sum(scorer.doc_len) / count
    scorer.idf = {"қар": math.log(1 + 0.5 / (count + 0.5))}

    assert len(postings.pairs) == count
    assert np.array_equal(found.scores(0, ["қар"]), scorer.get_scores(["қар"]))


def test_lengths_add_up_beyond_32_bits():
    lengths = np.array([2**32 - 1] * 3)
    postings = Postings.of(Terms.of(["қар"]), np.zeros(3, np.int64), np.arange(3), lengths)
    found = Field([postings], [np.array([1])])

    assert (found.total, found.average) == (2 * (2**32 - 1), 2**32 - 1)
    assert (found.scores(0, ["қар"])[[0, 2]] > 0).all()


def test_the_numbers_of_terms_and_passages_may_come_in_narrow_types():
    """70,000 terms in 70,000 passages: the product of the two numbers needs more than 32 bits."""
    count = 70_000
    terms = Terms.of(f"{number:05}" for number in range(count))
    narrow = Postings.of(
        terms, np.arange(count, dtype=np.uint32), np.arange(count, dtype=np.uint32), np.ones(count, np.uint32)
    )

    assert [narrow.passages[narrow.at(f"{number:05}")].tolist() for number in (0, 65_536, 69_999)] == [
        [0],
        [65_536],
        [69_999],
    ]


def test_the_same_corpus_gives_the_same_bytes():
    first, second = Postings.build(CORPUS), Postings.build([row[::-1] for row in CORPUS])

    assert {name: array.tobytes() for name, array in first.arrays().items()} == {
        name: array.tobytes() for name, array in second.arrays().items()
    }


def test_figures_are_pythons_own():
    found = field(CORPUS)
    posting = found.posting(0, "қар", 0)

    assert posting is not None
    figures = [*astuple(posting), found.df("қар"), found.idf("қар"), found.bound(0, "қар"), found.average]
    assert json.loads(json.dumps([*figures, found.size, found.total]))


def test_words_that_no_passage_has_are_not_remembered():
    found = field(CORPUS)

    assert {found.idf(f"жоқ{number}") for number in range(1000)} == {0.0}
    assert len(found._idfs) == 0
