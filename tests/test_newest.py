"""The order of the articles over several segments, without a list of all of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Article, newest_first
from retrieval.build import build, with_articles, without
from retrieval.newest import Newest

DAYS = [None, *(date(2026, 3, 1) + timedelta(days=day) for day in range(3))]
ARTICLE = st.builds(
    lambda id_, day: Article(id_, "Елордада қар жауды.", published=day),
    st.sampled_from([f"a{number}" for number in range(12)]),
    st.sampled_from(DAYS),
)
STEPS = st.lists(st.lists(ARTICLE, max_size=5) | st.sets(st.sampled_from(["a1", "a5", "a9"])), max_size=5)


@given(STEPS)
@settings(max_examples=20, deadline=None)
def test_articles_stand_where_a_sorted_list_of_all_of_them_has_them(steps):
    index = build([])
    left: dict[str, Article] = {}
    for step in steps:
        if isinstance(step, set):
            index = without(index, step)
            left = {id_: article for id_, article in left.items() if id_ not in step}
        else:
            index = with_articles(index, step)
            left |= {article.id: article for article in step}
    expected = [article.id for article in sorted(left.values(), key=newest_first)]

    found = Newest(index.parts)

    assert (list(found), len(found)) == (expected, len(expected))
    assert [found.place(id_) for id_ in expected] == list(range(len(expected)))
    for start in range(-2, len(expected) + 2):
        assert found[start : start + 3] == tuple(expected[start : start + 3])
    for place in range(-len(expected), len(expected)):
        assert found[place] == expected[place]
    assert found.day == (left[expected[0]].published if expected else None)


def test_what_is_not_there_has_no_place():
    found = Newest(without(build([Article("a", "Қар."), Article("b", "Жел.")]), ["a"]).parts)
    for gone in ("a", "c"):
        with pytest.raises(ValueError, match=gone):
            found.place(gone)
    for place in (1, -2):
        with pytest.raises(IndexError):
            found[place]
    with pytest.raises(ValueError, match="one after another"):
        found[::2]
