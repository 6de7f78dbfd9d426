import pytest

from retrieval.errors import GlossaryError
from retrieval.glossary import NONE, Entry, Glossary, entries
from retrieval.loading import load_glossary
from retrieval.tongues import Tongue, pieces, stems_in

RU, EN, KK = Tongue.RUSSIAN, Tongue.ENGLISH, Tongue.KAZAKH
TABLE = """\ufeff# a remark

сайлау\tвыборы, избирательный\telection, vote, election\telections
адам құқықтары\tправа человека\thuman rights\t
қанша\tсколько\thow many\tfunction
дауыс\tголос\tvote\telections
"""


def glossary(text: str = TABLE) -> Glossary:
    return Glossary(lambda: entries(text, "words.tsv"))


def kazakh(known: Glossary, phrase: str, tongue: Tongue) -> list[str]:
    return [sense.kazakh for sense in known.senses(stems_in(pieces(phrase), tongue), tongue)]


def test_a_table_is_read_line_by_line():
    first, second, *_ = entries(TABLE, "words.tsv")

    assert first == Entry("сайлау", ("выборы", "избирательный"), ("election", "vote"), "elections")
    assert second == Entry("адам құқықтары", ("права человека",), ("human rights",), "general")


@pytest.mark.parametrize(
    "line", ["сайлау", "сайлау\tвыборы", "\tвыборы\telection\t", "сайлау\t\t\telections", "a\tb\tc\td\te"]
)
def test_a_wrong_line_is_named_with_its_file(line):
    with pytest.raises(GlossaryError, match=r"words\.tsv: line 3 .*write a Kazakh word"):
        entries(f"# remark\n\n{line}\n", "words.tsv")


@pytest.mark.parametrize(
    ("phrase", "tongue", "found"),
    [
        ("выборов", RU, ["сайлау"]),
        ("правам человека", RU, ["адам құқықтары"]),
        ("Human Right", EN, ["адам құқықтары"]),
        ("votes", EN, ["дауыс", "сайлау"]),
        ("человек", RU, []),
        ("выборы", EN, []),
    ],
)
def test_words_are_found_in_any_form_the_surest_first(phrase, tongue, found):
    assert kazakh(glossary(), phrase, tongue) == found


def test_kazakh_words_need_no_translation():
    assert glossary().senses(["сайлау"], KK) == ()


def test_the_first_translation_is_the_surest():
    first, second = glossary().senses(stems_in(["vote"], EN), EN)

    assert first.weight == 1
    assert 0 < second.weight < 1


def test_a_function_word_is_no_evidence():
    (sense,) = glossary().senses(stems_in(["сколько"], RU), RU)

    assert not sense.is_evidence


def test_the_longest_term_that_begins_with_a_word_is_known():
    known = glossary()
    (rights, human) = (stems_in([word], tongue)[0] for word, tongue in (("права", RU), ("human", EN)))

    assert (known.longest(RU, rights), known.longest(EN, human), known.longest(EN, "nothing")) == (2, 2, 0)


def test_entries_are_read_once_and_only_when_asked_for():
    read: list[int] = []

    def once() -> list[Entry]:
        read.append(1)
        return entries(TABLE, "words.tsv")

    known = Glossary(once)
    assert not read
    assert kazakh(known, "голоса", RU) == kazakh(known, "голос", RU) == ["дауыс"]
    assert len(read) == 1


def test_without_entries_no_word_has_a_sense():
    assert NONE.entries == ()
    assert NONE.senses(["выбор"], RU) == ()


@pytest.mark.parametrize(
    ("phrase", "tongue", "expected"),
    [
        ("реформами", RU, "реформа"),
        ("учителей", RU, "мұғалім"),
        ("права человека", RU, "адам құқығы"),
        ("ООН", RU, "БҰҰ"),
        ("UN", EN, "БҰҰ"),
        ("schools", EN, "мектеп"),
        ("prime minister", EN, "премьер-министр"),
        ("February", EN, "ақпан"),
        ("Китая", RU, "Қытай"),
    ],
)
def test_the_glossary_that_comes_along_knows_the_news(real_glossary, phrase, tongue, expected):
    assert expected in kazakh(real_glossary, phrase, tongue)


def test_an_operators_own_entries_come_first(tmp_path):
    own = tmp_path / "own.tsv"
    own.write_text("мектеп-лицей\tшкола\tschool\tours\n", encoding="utf-8")

    assert load_glossary(own).entries[0].kazakh == "мектеп-лицей"


@pytest.fixture(scope="module")
def real_glossary() -> Glossary:
    return load_glossary()
