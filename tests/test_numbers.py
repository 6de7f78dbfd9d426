import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.numbers import number, numerals, roman

UNITS = ["", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"]
TENS = ["", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"]


def said(value: int) -> list[str]:
    """A number as it is said, from the largest part down."""
    for scale, name in ((10**9, "миллиард"), (10**6, "миллион"), (1000, "мың"), (100, "жүз")):
        if value >= scale:
            return [*said(value // scale), name, *said(value % scale)]
    return [word for word in (TENS[value // 10], UNITS[value % 10]) if word]


@pytest.mark.parametrize(
    ("word", "digits"),
    [
        ("нөл", "0"),
        ("бір", "1"),
        ("тоғыз", "9"),
        ("он", "10"),
        ("жиырма", "20"),
        ("қырық", "40"),
        ("тоқсан", "90"),
        ("жүз", "100"),
        ("мың", "1000"),
        ("миллион", "1000000"),
        ("млн", "1000000"),
        ("млрд", "1000000000"),
        ("триллион", "1000000000000"),
        ("бірінші", "1"),
        ("бесінші", "5"),
        ("алтыншы", "6"),
        ("оныншы", "10"),
        ("жиырмасыншы", "20"),
        ("қырқыншы", "40"),
        ("елуінші", "50"),
        ("жүзінші", "100"),
        ("екеу", "2"),
        ("бесеу", "5"),
    ],
)
def test_a_number_word_has_its_digits(word, digits):
    assert number(word) == digits


@pytest.mark.parametrize("word", ["", "кітап", "5", "on", "бесік", "жүзу"])
def test_another_word_is_no_number(word):
    assert number(word) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("2026 жылы 13 ақпанда", []),
        ("он бес", [(0, 2, "15")]),
        ("екі мың жиырма алты", [(0, 4, "2026")]),
        ("он екі ақпан", [(0, 2, "12")]),
        ("жиынға жүз елу адам", [(1, 3, "150")]),
        ("бес он", [(0, 1, "5"), (1, 2, "10")]),
        ("бес бес", [(0, 1, "5"), (1, 2, "5")]),
        ("бірінші екінші", [(0, 1, "1"), (1, 2, "2")]),
        ("жүз жиырма бесінші сессия", [(0, 3, "125")]),
        ("екі жүз елу бес мың үш жүз", [(0, 7, "255300")]),
        ("10 мың", [(0, 2, "10000")]),
        ("3.5 млн", [(0, 2, "3500000")]),
        ("2 млрд 300 млн", [(0, 4, "2300000000")]),
        ("3 мың 500 теңге", [(0, 3, "3500")]),
        ("3 мың 13 ақпан", [(0, 2, "3000")]),
        ("он мың миллион", [(0, 2, "10000"), (2, 3, "1000000")]),
        ("екі мыңыншы жыл", [(0, 2, "2000")]),
    ],
)
def test_numbers_are_read_across_words(text, found):
    assert numerals(text.split()) == found


@given(st.integers(1, 10**12 - 1))
@settings(max_examples=120, deadline=None)
def test_every_number_is_read_as_it_is_said(value):
    words = said(value)

    assert numerals(["ал", *words, "адам"]) == [(1, 1 + len(words), str(value))]


@given(
    st.lists(st.sampled_from([*UNITS[1:], *TENS[1:], "жүз", "мың", "млн", "бесінші", "5", "500", "0.5", "x"]))
)
@settings(max_examples=120, deadline=None)
def test_any_row_of_words_is_read_in_order_without_overlaps(words):
    last = 0
    for start, end, digits in numerals(words):
        assert last <= start < end <= len(words)
        assert float(digits) >= 0
        last = end


@pytest.mark.parametrize(
    ("word", "digits"),
    [("I", "1"), ("IV", "4"), ("IX", "9"), ("XIV", "14"), ("XIX", "19"), ("XX", "20"), ("XXI", "21")],
)
def test_a_roman_numeral_has_its_digits(word, digits):
    assert roman(word) == digits


@pytest.mark.parametrize("word", ["", "xx", "IIII", "MAX", "VX", "Х", "XXY"])
def test_other_capitals_are_no_roman_numeral(word):
    assert roman(word) is None
