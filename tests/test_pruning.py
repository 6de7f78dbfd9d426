from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index import K1, B
from retrieval.postings import Field, Floats, Postings
from retrieval.pruning import Pruned
from retrieval.terms import Terms
from tests.reference import scores as reference

Corpus = Sequence[Sequence[str]]

# Common terms are drawn more often, so that lists differ in length and many scores are equal.
TERMS = st.sampled_from([*["жел"] * 6, *["қар"] * 3, "күн", "боран", "аяз"])
QUERIES = st.lists(TERMS | st.just("теңіз"), max_size=7)
PARTS = st.lists(st.lists(st.lists(TERMS, max_size=6), max_size=40), max_size=3)


@st.composite
def grown(draw: st.DrawFn) -> tuple[Sequence[Corpus], list[set[int]]]:
    """Parts, and which passages of each were removed."""
    parts = draw(PARTS)
    return parts, [draw(st.sets(st.sampled_from(range(len(part))))) if part else set[int]() for part in parts]


def field(parts: Sequence[Corpus], gone: Sequence[Collection[int]] | None = None) -> Field:
    removed = [np.array(sorted(away), np.int64) for away in gone or [()] * len(parts)]
    return Field([Postings.build(part) for part in parts], removed, K1, B)


def sorted_scores(
    parts: Sequence[Corpus], gone: Sequence[Collection[int]], query: Sequence[str], limit: int
) -> list[tuple[int, float]]:
    """The best of rank-bm25's `get_scores` over what is left, by the number that each passage has among all."""
    every = [(row, at in away) for part, away in zip(parts, gone, strict=True) for at, row in enumerate(part)]
    left = [at for at, (_, away) in enumerate(every) if not away]
    scores = reference([every[at][0] for at in left], query, K1, B)
    matching = [(-score, at) for at, score in zip(left, scores, strict=True) if score]
    return [(at, -score) for score, at in sorted(matching)[:limit]]


def best(pruned: Pruned, query: Sequence[str], limit: int) -> list[tuple[int, float]]:
    places, scores = pruned.best(query, limit)
    return list(zip(places.tolist(), scores.tolist(), strict=True))


# So small that even a few postings take every way there is; and as they are.
WAYS = st.fixed_dictionaries(
    {},
    optional={
        "_SMALL": st.sampled_from([0, 10]),
        "_AT_ONCE": st.sampled_from([0, 3, 10, 40]),
        "_PROBED": st.sampled_from([1, 5]),
        "_MANY": st.sampled_from([0, 5]),
        "_SHORT": st.sampled_from([0, 3]),
        "_LOOKUP": st.sampled_from([0, 10_000]),
        "_KEPT": st.sampled_from([0, 1]),
    },
)


@contextmanager
def going(**ways: int) -> Iterator[None]:
    """The figures by which a way is chosen are these while it is entered."""
    with pytest.MonkeyPatch.context() as patch:
        for name, figure in ways.items():
            patch.setattr(f"retrieval.pruning.{name}", figure)
        yield


@given(grown(), QUERIES, st.integers(1, 20), WAYS)
@settings(max_examples=200, deadline=None)
def test_the_best_are_those_of_all_scores_sorted_to_the_last_bit(collection, query, limit, ways):
    parts, gone = collection
    with going(**ways):
        assert best(Pruned(field(parts, gone)), query, limit) == sorted_scores(parts, gone, query, limit)


UNEVEN = {"бірінші": 0.03, "екінші": 0.12, "үшінші": 0.4, "төртінші": 0.95}


def uneven(seed: int) -> list[list[str]]:
    """Lists that grow fast, and passages of such different length that a common term may outweigh a rare one."""
    random = np.random.default_rng(seed)
    held = [random.random(200) < share for share in UNEVEN.values()]
    tfs = [(one * random.integers(1, random.integers(2, 12), 200)).tolist() for one in held]
    filling = (random.lognormal(1, 2, 200).astype(int) % 400).tolist()
    return [
        [term for term, tf in zip(UNEVEN, here, strict=True) for _ in range(tf)] + ["толық"] * filled
        for *here, filled in zip(*tfs, filling, strict=True)
    ]


@given(
    st.integers(0, 2**32),
    st.lists(st.sampled_from([*UNEVEN]), min_size=1, max_size=6),
    st.integers(1, 6),
    WAYS,
)
@settings(max_examples=70, deadline=None)
def test_a_long_list_is_not_passed_over_where_it_holds_one_of_the_best(seed, query, limit, ways):
    corpus = uneven(seed)
    with going(**{"_SMALL": 0, "_AT_ONCE": 0, **ways}):
        assert best(Pruned(field([corpus])), query, limit) == sorted_scores([corpus], [()], query, limit)


@given(grown(), st.lists(QUERIES, min_size=2, max_size=5), WAYS)
@settings(max_examples=50, deadline=None)
def test_a_question_leaves_nothing_behind_for_the_next_one(collection, queries, ways):
    parts, gone = collection
    with going(**ways):
        pruned = Pruned(field(parts, gone))
        for query in queries:
            assert best(pruned, query, 5) == sorted_scores(parts, gone, query, 5)


def test_equal_scores_stand_in_ascending_order_through_all_parts():
    parts = [[["қар"]] * 3, [["қар"]] * 2]
    found = best(Pruned(field(parts)), ["қар"], 4)

    assert [place for place, _ in found] == [0, 1, 2, 3]
    assert len({score for _, score in found}) == 1


@pytest.mark.parametrize("parts", [[], [[]], [[[]]], [[[], []], []]])
def test_where_there_is_nothing_nothing_is_found(parts):
    assert best(Pruned(field(parts)), ["қар"], 3) == []


def test_one_passage_is_found_and_a_limit_may_be_larger_than_the_collection():
    assert best(Pruned(field([[["қар"]]])), ["қар", "жел"], 100) == sorted_scores(
        [[["қар"]]], [()], ["қар"], 9
    )


@pytest.mark.parametrize(("query", "limit"), [([], 3), (["теңіз"], 3), (["қар"], 0)])
def test_without_a_term_or_a_place_to_win_nothing_is_found(query, limit):
    assert best(Pruned(field([[["қар"]]])), query, limit) == []


@pytest.mark.parametrize("small", [0, 10])
def test_a_question_that_failed_midway_leaves_nothing_behind(monkeypatch, small):
    monkeypatch.setattr("retrieval.pruning._SMALL", small)
    monkeypatch.setattr("retrieval.pruning._AT_ONCE", 0)
    corpus = [["қар", "жел"], ["жел"], ["қар"]]
    known = field([corpus])
    pruned = Pruned(known)
    before = best(pruned, ["жел", "қар"], 3)
    with monkeypatch.context() as patch:
        patch.setattr(known, "saturations", (_Failing(known.saturations[0]),))
        with pytest.raises(MemoryError):
            pruned.best(["қар", "жел"], 3)

    assert best(pruned, ["жел", "қар"], 3) == before == sorted_scores([corpus], [()], ["жел", "қар"], 3)


class _Failing:
    """A table that can be read from once."""

    def __init__(self, table: Floats) -> None:
        self._table: Floats | None = table

    def take(self, index: Any) -> Any:
        if self._table is None:
            raise MemoryError
        table, self._table = self._table, None
        return table.take(index)


class Large:
    """A field of 30,000 passages: one term is in nearly all, others in fewer and fewer, the last in a few."""

    SIZE = 30_000
    SHARES: ClassVar = {"өте жиі": 0.95, "жиі": 0.6, "орташа": 0.2, "сирек": 0.01, "өте сирек": 0.0008}

    def __init__(self) -> None:
        random = np.random.default_rng(7)
        held = [random.random(self.SIZE) < share for share in self.SHARES.values()]
        counts = [(one * random.integers(1, 4, self.SIZE)).tolist() for one in held]
        filling = random.integers(1, 30, self.SIZE).tolist()
        self.corpus = [
            [term for term, tf in zip(self.SHARES, tfs, strict=True) for _ in range(tf)] + ["толық"] * filled
            for *tfs, filled in zip(*counts, filling, strict=True)
        ]
        self.field = field([self.corpus])

    def scores(self, query: Sequence[str]) -> list[float]:
        return reference(self.corpus, query, K1, B)


@pytest.fixture(scope="module")
def large() -> Large:
    return Large()


QUESTIONS = [
    ["өте сирек", "өте жиі"],
    ["сирек", "өте сирек", "өте жиі", "жиі"],
    ["сирек", "орташа", "өте жиі"],
    ["өте жиі", "сирек", "өте жиі"],
    ["өте жиі", "жиі"],
    ["өте жиі"],
    ["толық", "өте сирек", "теңіз"],
]


@pytest.fixture(params=[0, 1 << 17], ids=["raced", "added up"])
def either_way(request, monkeypatch) -> None:
    """A large part is treated as one, or like a small one."""
    monkeypatch.setattr("retrieval.pruning._SMALL", request.param)
    monkeypatch.setattr("retrieval.pruning._AT_ONCE", 1000)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("limit", [1, 10, 100])
@pytest.mark.parametrize("query", QUESTIONS, ids=" ".join)
def test_the_best_of_a_large_collection_are_those_of_all_scores_sorted(large, query, limit):
    scores = large.scores(query)
    expected = sorted((-score, place) for place, score in enumerate(scores) if score)[:limit]

    assert best(Pruned(large.field), query, limit) == [(place, -score) for score, place in expected]


@pytest.mark.parametrize("lookup", [0, 10**6], ids=["looked up", "added up"])
def test_lists_that_are_left_may_be_looked_up_or_added_up(large, lookup):
    pruned = Pruned(large.field)
    with going(_SMALL=0, _AT_ONCE=1000, _SHORT=0, _LOOKUP=lookup):
        for query in QUESTIONS * 2:
            expected = sorted((-score, place) for place, score in enumerate(large.scores(query)) if score)
            assert best(pruned, query, 10) == [(place, -score) for score, place in expected[:10]]


class _Counting:
    """A table that counts how many scores are read from it."""

    def __init__(self, table: Floats) -> None:
        self._table, self.count = table, 0

    def take(self, index: Any) -> Any:
        self.count += np.size(index)
        return self._table.take(index)


@pytest.fixture
def counting(large: Large) -> Iterator[_Counting]:
    table = _Counting(large.field.saturations[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large.field, "saturations", (table,))
        yield table


@pytest.mark.parametrize(
    ("query", "share"),
    [
        (["өте сирек", "өте жиі"], 0.01),
        (["сирек", "өте сирек", "өте жиі", "жиі"], 0.05),
        (["өте сирек", "өте сирек", "жиі"], 0.01),
    ],
)
def test_beside_a_rare_term_few_postings_of_a_common_one_are_looked_at(large, counting, query, share):
    postings = large.field.parts[0]
    every = sum(postings.at(term).stop - postings.at(term).start for term in set(query))

    with going(_SMALL=0, _AT_ONCE=1000):
        assert len(best(Pruned(large.field), query, 10)) == 10
    assert counting.count < share * every


def test_in_a_small_part_every_posting_is_added_up_once(large, counting):
    postings = large.field.parts[0]
    every = sum(postings.at(term).stop - postings.at(term).start for term in ["өте сирек", "өте жиі"])

    assert len(best(Pruned(large.field), ["өте сирек", "өте жиі"], 10)) == 10
    assert counting.count == every


def test_a_later_part_is_not_read_where_it_cannot_hold_one_of_the_best(large, monkeypatch):
    foremost = Postings.build([["өте жиі"] * 9] * 10)
    known = Field([foremost, large.field.parts[0]], [np.zeros(0, np.int64)] * 2, K1, B)
    tables = known.saturations[0], _Counting(known.saturations[1])
    monkeypatch.setattr(known, "saturations", tables)

    with going(_SMALL=0):
        assert [place for place, _ in best(Pruned(known), ["өте жиі"], 10)] == list(range(10))
    assert tables[1].count == 0


@pytest.mark.usefixtures("either_way")
def test_several_threads_may_ask_one_object(large):
    pruned = Pruned(large.field)
    expected = [best(Pruned(large.field), query, 10) for query in QUESTIONS]

    def ask(number: int) -> bool:
        return best(pruned, QUESTIONS[number % len(QUESTIONS)], 10) == expected[number % len(QUESTIONS)]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(300)))


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("length", [1, 50])
def test_many_equal_passages_are_cut_off_in_order(length):
    """All that match score the same, more of them than are added up without looking at the rest."""
    size = 20_000
    terms = Terms.of(["жел", "қар"])
    numbers, passages = np.repeat([0, 1], size), np.tile(np.arange(size), 2)
    known = Field(
        [Postings.of(terms, numbers, passages, np.full(size, 2 * length))], [np.zeros(0, np.int64)], K1, B
    )

    places, scores = Pruned(known).best(["қар", "жел"], 10)

    assert places.tolist() == list(range(10))
    assert Counter(scores.tolist()) == {known.scores(0, ["қар", "жел"])[0]: 10}
