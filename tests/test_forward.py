from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.forward import Forward, Remaining, narrow

ROWS = st.lists(st.lists(st.integers(0, 6), max_size=8), max_size=8)


def forward(rows: Sequence[Sequence[int]]) -> Forward:
    forms = [form for row in rows for form in row]
    passages = [at for at, row in enumerate(rows) for _ in row]
    return Forward.of(np.array(forms, np.int64), np.array(passages, np.int64), len(rows))


@given(ROWS, st.lists(st.lists(st.integers(0, 4), max_size=3), min_size=7, max_size=7), st.data())
@settings(max_examples=80, deadline=None)
@pytest.mark.parametrize("together", [1, 3, 1000])
def test_a_term_counts_once_in_each_passage_whatever_forms_it_stands_in(together, rows, of_forms, data):
    some = data.draw(st.sets(st.sampled_from(range(len(rows))))) if rows else set()
    bounds = np.cumsum([0, *map(len, of_forms)])
    numbers = np.array([term for terms in of_forms for term in terms], np.int64)
    expected = Counter(term for at in some for term in {term for form in rows[at] for term in of_forms[form]})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("retrieval.forward._TOGETHER", together)
        found = forward(rows).holders(np.array(sorted(some), np.int64), (bounds, numbers), 5)

    assert found.tolist() == [expected[term] for term in range(5)]


@given(ROWS, st.lists(st.sets(st.integers(0, 7)), max_size=6))
@settings(max_examples=80, deadline=None)
def test_what_remains_is_right_in_any_order_of_states(rows, states):
    one_each = np.arange(8)
    made = forward(rows)
    every = made.holders(np.arange(len(rows)), (one_each, one_each[:7]), 7)
    remaining = Remaining(every, lambda some: made.holders(some, (one_each, one_each[:7]), 7))

    for state in states:
        gone = sorted(at for at in state if at < len(rows))
        expected = Counter(form for at, row in enumerate(rows) if at not in gone for form in set(row))
        assert remaining.without(np.array(gone, np.int64)).tolist() == [expected[form] for form in range(7)]
    assert every.tolist() == [sum(form in row for row in rows) for form in range(7)]


@pytest.mark.parametrize(
    ("highest", "dtype"),
    [(0, "uint8"), (255, "uint8"), (256, "uint16"), (65_535, "uint16"), (65_536, "uint32")],
)
def test_counts_are_as_narrow_as_the_highest_allows(highest, dtype):
    found = narrow(np.array([1, highest], np.int64))

    assert (found.dtype.name, found.tolist()) == (dtype, [1, highest])
