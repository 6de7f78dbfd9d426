from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.forward import Forward
from retrieval.inverted import inverted, kept, restored
from retrieval.lexicon import Words
from retrieval.postings import Field, Postings
from tests.reference import scores

# Roots of one stem, of several, and a stem with two roots: such a one shares nothing.
FORMS = [
    ("балаға", "бала", "бал"),
    ("балалар", "бала", "бал"),
    ("балалық", "балалық", "бал"),
    ("қала", "қала", "қала"),
    ("қалада", "қала", "қала"),
    ("ат", "ат", "ат"),
    ("атқа", "ат", "атқа"),
    ("атқа", "атқа", "атқа"),
    ("жел", "жел", "жел"),
]
ROWS = st.lists(st.lists(st.sampled_from(FORMS), max_size=8), min_size=1, max_size=8)


def made(rows: Sequence[Sequence[tuple[str, str, str]]]) -> tuple[Words, tuple[Postings, Postings]]:
    words, row_of = Words.placed(sorted({form for row in rows for form in row}))
    number = dict(zip(sorted({form for row in rows for form in row}), row_of.tolist(), strict=True))
    tokens = np.array([number[form] for row in rows for form in row], np.int64)
    passages = np.array([at for at, row in enumerate(rows) for _ in row], np.int64)
    lengths = np.array([len(row) for row in rows], np.int64)
    return words, inverted(words, Forward.of(tokens, passages, len(rows)), lengths)


@given(ROWS)
@settings(max_examples=120, deadline=None)
def test_the_scores_by_stem_and_by_root_are_those_of_rank_bm25_to_the_last_bit(rows):
    words, both = made(rows)
    again = restored(words, **kept(*both))  # type: ignore[arg-type]

    for place, (postings, other) in enumerate(zip(both, again, strict=True), 1):
        corpus = [[form[place] for form in row] for row in rows]
        for one in (postings, other):
            field = Field([one], [np.zeros(0, np.int64)])
            for form in FORMS:
                assert field.scores(0, [form[place]]).tolist() == scores(corpus, [form[place]])
            assert dict(zip(one.terms, field.dfs(0).tolist(), strict=True)) == {
                term: sum(term in row for row in corpus) for term in {term for row in corpus for term in row}
            }


def test_a_root_of_one_stem_that_has_no_other_root_takes_no_postings_of_its_own():
    _, (by_stem, by_root) = made([[FORMS[0], FORMS[2], FORMS[3]], [FORMS[4], FORMS[8]]])

    assert by_root.at("қала") == by_stem.at("қала")
    assert by_root.at("жел") == by_stem.at("жел")
    assert by_root.at("бал") != by_stem.at("бала")
    assert len(by_stem.passages) == 6  # бала, балалық, қала twice, жел, and бал
