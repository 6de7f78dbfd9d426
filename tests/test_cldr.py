import pytest

from retrieval.cldr import cldr
from retrieval.glossary import Entry, Glossary
from retrieval.tongues import Tongue, pieces, stems_in

ENTRIES = list(cldr())
KNOWN = Glossary(lambda: ENTRIES)


@pytest.mark.parametrize(
    ("russian", "english", "kazakh"),
    [
        ("Казахстан", "Kazakhstan", "Қазақстан"),
        ("России", "Russia", "Ресей"),
        ("Германии", "Germany", "Германия"),
        ("Китаем", "China", "Қытай"),
        ("Узбекистана", "Uzbekistan", "Өзбекстан"),
        (["13", "февраля"][1], "February", "ақпан"),
        ("март", "March", "наурыз"),
        ("декабре", "December", "желтоқсан"),
        ("февр", "Feb", "ақпан"),
        ("понедельник", "Monday", "дүйсенбі"),
        ("воскресенья", "Sunday", "жексенбі"),
        ("английский", "English", "ағылшын тілі"),
        ("казахского", "Kazakh", "қазақ"),
        ("казахских тенге", "Kazakhstani tenge", "теңге"),
        ("евро", "Euro", "еуро"),
    ],
)
def test_names_are_the_same_thing_in_three_languages(russian, english, kazakh):
    for phrase, tongue in ((russian, Tongue.RUSSIAN), (english, Tongue.ENGLISH)):
        senses = KNOWN.senses(stems_in(pieces(phrase), tongue), tongue)
        found = [sense.kazakh.lower() for sense in senses]
        assert any(kazakh.lower() in one for one in found), phrase


def test_every_entry_has_a_kazakh_name_and_ends_in_no_remark():
    assert all(entry.kazakh and not entry.kazakh.isascii() for entry in ENTRIES)
    assert not any(
        name.endswith(")") for entry in ENTRIES for name in (entry.kazakh, *entry.russian, *entry.english)
    )


def test_parts_of_the_world_with_numbers_are_no_countries():
    assert not any(one.english == ("World",) for one in ENTRIES)


def test_the_months_are_twelve():
    names = [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ]
    months = [one for one in ENTRIES if one.kazakh in names]

    assert {one.kazakh for one in months} == set(names)
    assert Entry("шілде", ("июля",), ("July",), "cldr") in months
