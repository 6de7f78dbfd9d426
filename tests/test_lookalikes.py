import pytest

from retrieval.kazakh import stem
from retrieval.lookalikes import LOOKALIKES

# Declined by hand: genitive, dative, accusative, locative, plural, "my" or "his".
DECLINED = """
шахта шахтаның шахтаға шахтаны шахтада шахталар
кесте кестенің кестеге кестені кестеде кестелер кестесі
арыстан арыстанның арыстанға арыстанды арыстандар
тізім тізімнің тізімге тізімді тізімде тізімдер тізімі
пошта поштаның поштаға поштаны поштада пошталар поштасы
команда команданың командаға команданы командада командалар командасы
үйсін үйсіннің үйсінге үйсінді үйсіндер
кәсіпорын кәсіпорынның кәсіпорынға кәсіпорынды кәсіпорындар
диплом дипломның дипломға дипломды дипломда дипломдар дипломы
жүлде жүлденің жүлдеге жүлдені жүлдеде жүлделер жүлдесі
"""


def test_a_word_that_only_looks_inflected_stays_as_it_is():
    assert [word for word in sorted(LOOKALIKES) if stem(word) != word] == []


@pytest.mark.parametrize(
    "row", [line.split() for line in DECLINED.strip().split("\n")], ids=lambda row: row[0]
)
def test_its_forms_lead_to_it(row):
    assert {form: stem(form) for form in row} == dict.fromkeys(row, row[0])


@pytest.mark.parametrize(
    ("form", "expected"),
    [("жастардың", "жас"), ("үйдің", "үй"), ("қарды", "қар"), ("тастан", "тас"), ("кеседі", "кес")],
)
def test_words_that_are_inflected_still_lose_their_endings(form, expected):
    assert stem(form) == expected
