import pytest

from retrieval.families import Families, common, own
from retrieval.glossary import Entry, Glossary, Sense
from retrieval.tongues import Tongue, stem_in

RU, EN = Tongue.RUSSIAN, Tongue.ENGLISH
GLOSSARY = Glossary(
    lambda: [
        Entry("жоспарлау", ("планировать",), ("plan",), "general"),
        Entry("нарық", ("рынок",), ("market",), "economy"),
        Entry("мақсат", ("цель",), ("goal",), "general"),
        Entry("тұтас", ("целый",), ("whole",), "general"),
        Entry("зал", ("зал",), ("hall",), "general"),
        Entry("шығанақ", ("залив",), ("bay",), "general"),
        Entry("астана", ("столица",), ("capital",), "general"),
        Entry("капитализм", ("капитализм",), ("capitalism",), "general"),
        Entry("конституция", ("конституция",), ("constitution",), "law"),
        Entry("газ", ("газ",), ("gas",), "economy"),
    ]
)


def family(word: str, tongue: Tongue) -> list[str]:
    return [sense.kazakh for sense in Families(GLOSSARY, tongue).senses(stem_in(word, tongue))]


def chosen(word: str, tongue: Tongue) -> list[str]:
    senses = GLOSSARY.senses([stem_in(word, tongue)], tongue)
    return [sense.kazakh for sense in own(senses, word, tongue)]


@pytest.mark.parametrize(
    ("word", "tongue", "found"),
    [
        ("запланировать", RU, ["жоспарлау"]),  # with a prefix
        ("конститутция", RU, ["конституция"]),  # with a slip
        ("конституционный", RU, ["конституция"]),
        ("constitutionally", EN, ["конституция"]),
        ("газета", RU, []),  # gas is no newspaper
        ("хоккей", RU, []),
        ("", RU, []),
    ],
)
def test_a_word_leads_to_its_relatives_only(word, tongue, found):
    assert family(word, tongue) == found


def test_a_relatives_sense_is_less_sure():
    (sense,) = Families(GLOSSARY, RU).senses(stem_in("запланировать", RU))

    assert 0 < sense.weight < 1


@pytest.mark.parametrize(
    ("word", "tongue", "found"),
    [
        ("целью", RU, ["мақсат"]),
        ("целая", RU, ["тұтас"]),
        ("зал", RU, ["зал"]),
        ("залам", RU, ["зал"]),
        ("залив", RU, ["шығанақ"]),
        ("рынка", RU, ["нарық"]),
        ("capital", EN, ["астана"]),
        ("capitalism", EN, ["капитализм"]),
    ],
)
def test_of_lemmas_with_one_stem_that_counts_which_the_word_is_a_form_of(word, tongue, found):
    assert chosen(word, tongue) == found


def test_a_doctrine_alone_is_not_found_by_the_word_that_it_is_made_of():
    capital = [Sense("астана", 1.0, "capital", is_evidence=True)]

    assert own(capital, "capitalism", EN) == ()


@pytest.mark.parametrize(
    ("one", "other", "size"), [("планы", "плановый", 4), ("план", "план", 4), ("а", "б", 0), ("", "а", 0)]
)
def test_common_letters_are_counted_from_the_beginning(one, other, size):
    assert common(one, other) == size
