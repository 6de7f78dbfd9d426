import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.terms import Terms

ANY = st.text(st.characters(), max_size=8)  # surrogates and NUL among them
NESTED = st.text("аб\ud800\U0001f600\0", max_size=6)  # many are the beginning of another
STRINGS = st.lists(ANY | NESTED, max_size=30)


def by_utf8(strings: Iterable[str]) -> list[str]:
    return sorted(set(strings), key=lambda string: string.encode("utf-8", "surrogatepass"))


@given(STRINGS)
@settings(max_examples=120, deadline=None)
def test_strings_are_numbered_in_the_order_of_their_utf8_each_once(strings):
    terms, expected = Terms.of(strings), by_utf8(strings)

    assert (list(terms), len(terms)) == (expected, len(expected))
    assert [terms[number] for number in range(len(terms))] == expected
    assert [terms.number(string) for string in expected] == list(range(len(expected)))


@given(STRINGS, ANY | NESTED)
@settings(max_examples=120, deadline=None)
def test_a_string_that_is_not_there_has_no_number_however_often_it_is_asked_for(strings, other):
    terms = Terms.of(string for string in strings if string != other)

    assert [terms.number(other) for _ in range(3)] == [None] * 3


@given(STRINGS, st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=120, deadline=None)
def test_the_strings_between_two_numbers_are_a_slice_of_them(strings, first, last):
    terms = Terms.of(strings)
    first, last = min(first, len(terms)), min(last, len(terms))

    assert terms.between(first, last) == by_utf8(strings)[first:last]


@given(STRINGS, ANY | NESTED)
@settings(max_examples=120, deadline=None)
def test_the_strings_with_a_beginning_stand_together(strings, prefix):
    terms, rows = Terms.of(strings), Terms.of(strings).beginning(prefix)

    assert terms.between(rows.start, rows.stop) == [one for one in by_utf8(strings) if one.startswith(prefix)]


@given(STRINGS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_same_strings_in_another_order_give_the_same_bytes(strings, random):
    shuffled = random.sample(strings, len(strings)) + strings[:3]

    assert stored(Terms.of(strings)) == stored(Terms.of(shuffled))


def stored(terms: Terms) -> dict[str, tuple[str, bytes]]:
    return {name: (array.dtype.str, array.tobytes()) for name, array in terms.arrays().items()}


@given(STRINGS, ANY)
@settings(max_examples=40, deadline=None)
def test_strings_of_one_hash_are_told_from_each_other(strings, other):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("retrieval.terms._hash", lambda coded: len(coded) % 2)
        terms = Terms.of(strings)
        expected = by_utf8(strings)

        assert [terms.number(string) for string in expected] == list(range(len(expected)))
        assert (terms.number(other) is None) == (other not in expected)


def test_a_table_of_nothing_holds_nothing():
    terms = Terms.of([])

    assert (list(terms), len(terms), terms.between(0, 0), len(terms.beginning(""))) == ([], 0, [], 0)
    assert terms.number("") is None


def test_the_empty_string_is_a_string_like_any_other():
    terms = Terms.of(["б", "", "а"])

    assert (list(terms), terms.number(""), terms[0]) == (["", "а", "б"], 0, "")
    assert list(terms.beginning("")) == [0, 1, 2]


def test_a_string_of_a_million_letters_is_kept_whole():
    long = "ұ" * 1_000_000
    terms = Terms.of([long, long[:-1], "ұ"])

    assert [terms.number(one) for one in ("ұ", long[:-1], long)] == [0, 1, 2]
    assert terms[2] == long


def test_two_halves_of_a_surrogate_pair_are_not_the_letter_that_they_would_make():
    terms = Terms.of(["\U0001f600", "\ud83d\ude00", "\ud83d"])

    assert set(terms) == {"\U0001f600", "\ud83d\ude00", "\ud83d"}
    assert terms.beginning("\ud83d") == range(2)


def test_a_table_mapped_from_files_answers_like_the_one_that_was_kept(tmp_path: Path):
    strings = [f"сөз{number}" for number in range(500)]
    kept = Terms.of(strings)
    for name, array in kept.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = Terms(**{name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in kept.arrays()})

    assert list(mapped) == list(kept)
    assert [mapped.number(string) for string in [*strings, "жоқ"]] == [
        kept.number(string) for string in [*strings, "жоқ"]
    ]
    assert mapped.beginning("сөз1") == kept.beginning("сөз1")


def test_numbers_and_strings_are_pythons_own():
    terms = Terms.of(["а", "б"])

    assert json.loads(json.dumps([terms.number("б"), terms[1], list(terms.beginning("б"))])) == [1, "б", [1]]


def test_what_is_remembered_of_questions_stays_within_bounds(monkeypatch):
    monkeypatch.setattr("retrieval.terms._KEPT", 10)
    terms = Terms.of(["а", "б"])

    for number in range(1000):
        assert terms.number(f"жоқ{number}") is None
        assert (terms.number("а"), terms.number("б")) == (0, 1)
        assert len(terms._found) <= 10


def test_several_threads_find_the_same_numbers(monkeypatch):
    monkeypatch.setattr("retrieval.terms._KEPT", 7)  # forgotten again and again while others look
    strings = by_utf8(f"сөз{number}" for number in range(200))
    terms = Terms.of(strings)

    def look(_: int) -> Sequence[int | None]:
        return [terms.number(string) for string in strings]

    with ThreadPoolExecutor(8) as pool:
        assert all(found == list(range(200)) for found in pool.map(look, range(40)))
