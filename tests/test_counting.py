import pytest

from retrieval.counting import in_kazakh
from retrieval.numbers import numerals
from retrieval.tongues import Tongue

RU, EN = Tongue.RUSSIAN, Tongue.ENGLISH


@pytest.mark.parametrize(
    ("words", "tongue", "digits"),
    [
        ("двадцать пять", RU, "25"),
        ("сто пятьдесят", RU, "150"),
        ("двести тридцать одна", RU, "231"),
        ("пятисот сорока", RU, "540"),
        ("две тысячи двадцать шестого", RU, "2026"),
        ("пятнадцатого", RU, "15"),
        ("третьем", RU, "3"),
        ("трёх", RU, "3"),
        ("семьюдесятью восемью", RU, "78"),
        ("девяносто девятый", RU, "99"),
        ("миллион двести тысяч", RU, "1200000"),
        ("twenty five", EN, "25"),
        ("one hundred fifty", EN, "150"),
        ("three hundred thousand", EN, "300000"),
        ("twenty first", EN, "21"),
        ("two billion", EN, "2000000000"),
        ("twelfth", EN, "12"),
    ],
)
def test_a_number_in_words_has_the_digits_of_its_kazakh_words(words, tongue, digits):
    said = [in_kazakh(word, tongue) for word in words.split()]
    assert None not in said
    kazakh = " ".join(filter(None, said)).split()

    assert numerals(kazakh) == [(0, len(kazakh), digits)]


@pytest.mark.parametrize(
    ("word", "tongue"),
    [("семья", RU), ("пятка", RU), ("сотрудник", RU), ("tent", EN), ("won", EN), ("ten", RU)],
)
def test_other_words_are_no_numbers(word, tongue):
    assert in_kazakh(word, tongue) is None
