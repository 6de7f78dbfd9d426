import json
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.forward import Forward, Rows
from retrieval.grams import GramPart, Grams
from retrieval.index import K1, B
from retrieval.ngrams import gram_part
from tests.reference import scores as reference

Corpus = Sequence[Sequence[str]]

# Stems that share n-grams, hold one twice, are shorter than one, or are a phrase, which has no letters of its own.
STEMS = st.sampled_from(["қала", "қалам", "алақан", "ананас", "ата", "а", "15", "қала ата", "жел"])
PARTS = st.lists(st.lists(st.lists(STEMS, max_size=8), max_size=8), max_size=3)
GRAMS = st.lists(st.sampled_from(["_қа", "қал", "ала", "ана", "нан", "ата", "_а", "_15", "жоқ"]), max_size=8)


def cut(stem: str) -> list[str]:
    """The beginning is marked; a shorter stem is one n-gram."""
    marked = f"_{stem}"
    return [] if " " in stem else [marked[at : at + 3] for at in range(max(1, len(marked) - 2))]


def part(corpus: Corpus) -> GramPart:
    stems = sorted({stem for row in corpus for stem in row})
    numbers = [stems.index(stem) for row in corpus for stem in row]
    passages = [at for at, row in enumerate(corpus) for _ in row]
    forward = Forward.of(np.array(numbers, np.int64), np.array(passages, np.int64), len(corpus))
    return gram_part(stems, np.arange(len(stems)), forward)


def field(parts: Sequence[Corpus], gone: Sequence[Collection[int]] | None = None) -> Grams:
    removed = [np.array(sorted(away), np.int64) for away in gone or [()] * len(parts)]
    return Grams([part(one) for one in parts], removed, K1, B)


def rows(found: Grams, number: int, places: npt.NDArray[np.integer]) -> Rows:
    return found.parts[number].forward.rows(places)


def left(parts: Sequence[Corpus], gone: Sequence[Collection[int]]) -> list[list[str]]:
    """The n-grams of the passages that were not removed."""
    return [
        [gram for stem in row for gram in cut(stem)]
        for one, away in zip(parts, gone, strict=True)
        for at, row in enumerate(one)
        if at not in away
    ]


@st.composite
def grown(draw: st.DrawFn) -> tuple[Sequence[Corpus], list[set[int]]]:
    """Parts, and which passages of each were removed."""
    parts = draw(PARTS)
    return parts, [draw(st.sets(st.sampled_from(range(len(one))))) if one else set[int]() for one in parts]


@given(grown(), GRAMS)
@settings(max_examples=120, deadline=None)
def test_the_scores_are_those_of_rank_bm25_over_what_is_left(collection, query):
    parts, gone = collection
    found, rest = field(parts, gone), left(parts, gone)

    scores = [
        score
        for number, (one, away) in enumerate(zip(parts, gone, strict=True))
        for at, score in enumerate(
            found.scores(number, rows(found, number, np.arange(len(one))), Counter(query)).tolist()
        )
        if at not in away
    ]

    assert scores == pytest.approx(reference(rest, query, K1, B), rel=1e-9)
    for gram in query:
        assert found.df(gram) == sum(gram in row for row in rest)
    assert found.average == (sum(map(len, rest)) / len(rest) if any(rest) else 1)


@given(grown(), GRAMS.filter(bool), st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_a_passage_scores_the_same_to_the_last_bit_whichever_others_are_asked_for(collection, query, random):
    parts, gone = collection
    found, weights = field(parts, gone), {gram: random.random() for gram in query}

    for number, one in enumerate(parts):
        every = found.scores(number, rows(found, number, np.arange(len(one))), weights).tolist()
        some = [random.randrange(len(one)) for _ in range(random.randrange(12))] if one else []
        assert found.scores(number, rows(found, number, np.array(some, np.int64)), weights).tolist() == [
            every[at] for at in some
        ]


@given(grown(), GRAMS.filter(bool))
@settings(max_examples=80, deadline=None)
def test_equal_passages_score_the_same_to_the_last_bit_in_every_part(collection, query):
    parts, gone = collection
    found = field(parts, gone)
    scores: dict[tuple[str, ...], set[float]] = {}

    for number, one in enumerate(parts):
        every = found.scores(number, rows(found, number, np.arange(len(one))), dict.fromkeys(query, 0.7))
        for row, score in zip(one, every.tolist(), strict=True):
            scores.setdefault(tuple(sorted(row)), set()).add(score)

    assert all(len(different) == 1 for different in scores.values())


@pytest.mark.parametrize("together", [1, 2, 3, 1000])
def test_passages_are_counted_the_same_however_many_at_once(monkeypatch, together):
    corpus = [["қала", "ата"], [], ["қала", "қала"], ["ананас"], ["қалам"]]
    expected = Counter(gram for row in left([corpus], [()]) for gram in set(row))
    monkeypatch.setattr("retrieval.forward._TOGETHER", together)

    found = part(corpus)

    assert dict(zip(found.terms, found.dfs.tolist(), strict=True)) == expected
    assert found.held_by(np.arange(5)).tolist() == found.dfs.tolist()
    assert found.lengths.tolist() == [len(row) for row in left([corpus], [()])]


def test_a_stem_may_have_several_words():
    """Each of them is a form of its own."""
    forward = Forward.of(np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
    two_forms = gram_part(["қала"], np.array([0, 0]), forward)
    found = Grams([two_forms], [_NONE], K1, B)
    corpus = [cut("қала") * 2, cut("қала")]

    assert found.df("қал") == 2
    assert found.scores(0, rows(found, 0, np.arange(2)), {"қал": 1}) == pytest.approx(
        reference(corpus, ["қал"], K1, B)
    )


_NONE = np.zeros(0, np.int64)


@pytest.mark.parametrize("corpus", [[], [[]], [[], []], [["қала ата"]]])
def test_passages_without_an_n_gram_score_zero(corpus):
    found = field([corpus])

    assert found.scores(0, rows(found, 0, np.arange(len(corpus))), {"қал": 1}).tolist() == [0.0] * len(corpus)
    assert (found.df("қал"), found.idf("қал"), found.average) == (0, 0, 1)


def test_no_passages_and_no_n_grams_may_be_asked_for():
    found = field([[["қала"]]])

    assert found.scores(0, rows(found, 0, _NONE), {"қал": 1}).tolist() == []
    assert found.scores(0, rows(found, 0, np.arange(1)), {}).tolist() == [0.0]
    assert found.scores(0, rows(found, 0, np.arange(1)), {"жоқ": 1}).tolist() == [0.0]


def test_where_every_passage_was_removed_no_n_gram_is_known():
    found = field([[["қала"], ["жел"]]], [{0, 1}])

    assert (found.size, found.df("қал"), found.idf("қал"), found.average) == (0, 0, 0, 1)


@pytest.mark.parametrize("count", [65_535, 65_536, 70_000])
def test_a_stem_may_stand_in_a_passage_more_than_65535_times(count):
    corpus = [["қала"] * count, ["қала", "жел"], ["ата"]]

    found = field([corpus])

    assert found.scores(0, rows(found, 0, np.arange(3)), {"қал": 1, "_же": 1}) == pytest.approx(
        reference(left([corpus], [()]), ["қал", "_же"], K1, B), rel=1e-9
    )


def test_weights_count_as_factors():
    found = field([[["қала"], ["ата", "қала"]]])
    one, two = (found.scores(0, rows(found, 0, np.arange(2)), {"қал": weight}) for weight in (1, 0.25))

    assert two == pytest.approx(0.25 * one)


def test_figures_are_pythons_own():
    found = field([[["қала"], ["ата"]]], [{1}])

    assert json.loads(json.dumps([found.df("қал"), found.idf("қал"), found.average, found.size]))


def test_n_grams_that_no_passage_has_are_not_remembered():
    found = field([[["қала"]]])

    assert {found.idf(f"{number:03}") for number in range(1000)} == {0.0}
    assert len(found._idfs) == 0
