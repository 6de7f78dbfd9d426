"""retrieval/glossary.tsv as a table that people read and mend: well-formed, and in words that the stemmer leads to."""

import re
import tomllib
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

import retrieval
from retrieval.kazakh import stem

_TEXT = (Path(retrieval.__file__).parent / "glossary.tsv").read_text("utf-8")
LINES = [line for line in _TEXT.splitlines() if line and not line.startswith("#")]
ROWS = [line.split("\t") for line in LINES]

NAMED = {
    "government", "law", "elections", "economy", "education", "health", "culture", "sport", "weather", "crime",
    "technology", "geography", "institutions", "function",
}  # fmt: skip
DOMAINS = NAMED | {
    "agriculture", "general", "media", "military", "nature", "number", "religion", "society", "time", "transport",
}  # fmt: skip

_KAZAKH = "әғқңөұүһі"
_CYRILLIC = re.compile(rf"[а-яё{_KAZAKH}]", re.IGNORECASE)
# A Kazakh word, a compound or abbreviation, with figures at its end (Қазақстан-2050); a brand in Latin letters.
_WORD = re.compile(rf"[а-яё{_KAZAKH}]+(?:-[а-яё{_KAZAKH}]+)*(?:-?\d+)?\+?", re.IGNORECASE)
_BRAND = re.compile(r"[A-Z][A-Za-z]*\d*|SIM-карта")

PLAIN = [row[0].lower() for row in ROWS if re.fullmatch(rf"[а-яё{_KAZAKH}]+", row[0].lower())]
CONTENT = sorted({row[0].lower() for row in ROWS if row[-1] != "function"} & set(PLAIN))
NOUNS = [word for word in CONTENT if word[-1] not in "ую"]
VERBS = [word for word in CONTENT if word[-1] in "ую"]

SHORTENED = 0.07
"""The share of dictionary forms in which the stemmer takes the end of the word for an ending (тиімді: тиім): 411 of 6,121.
A question and the articles still meet, as the other forms of such a word lose the same: see the sample."""
DECLINED_APART = 0.013
"""The share of nouns of which the genitive, the accusative or the plural has another stem: 64 of 5,515 (сарайды: сара)."""
VERBS_APART = 0.01
"""The share of words in -у whose stem is neither the word nor the verb in it: 9 of 1,077, negated ones such as жетпеу."""

# Words that end as if inflected, each with its genitive, accusative and plural, declined by hand.
SAMPLE = """
бастық бастықтың бастықты бастықтар
көсем көсемнің көсемді көсемдер
лауазым лауазымның лауазымды лауазымдар
төрайым төрайымның төрайымды төрайымдар
қаулы қаулының қаулыны қаулылар
өкім өкімнің өкімді өкімдер
жаза жазаның жазаны жазалар
шағым шағымның шағымды шағымдар
қағида қағиданың қағиданы қағидалар
ұйғарым ұйғарымның ұйғарымды ұйғарымдар
өтемақы өтемақының өтемақыны өтемақылар
бағам бағамның бағамды бағамдар
тендер тендердің тендерді тендерлер
шахта шахтаның шахтаны шахталар
қазына қазынаның қазынаны қазыналар
диплом дипломның дипломды дипломдар
дәптер дәптердің дәптерді дәптерлер
тәрбиеші тәрбиешінің тәрбиешіні тәрбиешілер
ілім ілімнің ілімді ілімдер
омыртқа омыртқаның омыртқаны омыртқалар
саусақ саусақтың саусақты саусақтар
тағам тағамның тағамды тағамдар
домбыра домбыраның домбыраны домбыралар
ертегі ертегінің ертегіні ертегілер
кілем кілемнің кілемді кілемдер
рәсім рәсімнің рәсімді рәсімдер
шежіре шежіренің шежірені шежірелер
бәйге бәйгенің бәйгені бәйгелер
жүлде жүлденің жүлдені жүлделер
команда команданың команданы командалар
олимпиада олимпиаданың олимпиаданы олимпиадалар
төреші төрешінің төрешіні төрешілер
желі желінің желіні желілер
арыстан арыстанның арыстанды арыстандар
толқын толқынның толқынды толқындар
тышқан тышқанның тышқанды тышқандар
жүгері жүгерінің жүгеріні жүгерілер
жұмыртқа жұмыртқаның жұмыртқаны жұмыртқалар
шырын шырынның шырынды шырындар
имам имамның имамды имамдар
мәтін мәтіннің мәтінді мәтіндер
басылым басылымның басылымды басылымдар
өлім өлімнің өлімді өлімдер
"""


def test_the_tables_are_in_the_package():
    package = Path(retrieval.__file__).parent
    settings = tomllib.loads((package.parent / "pyproject.toml").read_text("utf-8"))

    listed = settings["tool"]["setuptools"]["package-data"]["retrieval"]
    assert sorted(listed) == sorted(file.name for file in package.glob("*.tsv"))


def test_there_are_at_least_three_thousand_lemmas():
    assert len({row[0].lower() for row in ROWS}) >= 3000


def test_every_line_has_its_four_columns_filled_and_without_stray_spaces():
    wrong = [row for row in ROWS if len(row) != 4 or not all(row)]
    spaced = [
        line for line in LINES if re.search(r"(?:^|\t) | (?:\t|$)|  |,(?! )| ,|,\s*(?:\t|$)|\xa0", line)
    ]

    assert (wrong, spaced) == ([], [])


def test_every_domain_is_a_known_one_and_those_of_the_news_are_all_there():
    assert {row[3] for row in ROWS} <= DOMAINS
    assert {row[3] for row in ROWS} >= NAMED


def test_no_lemma_stands_twice_not_even_in_other_letters():
    counts = Counter(row[0].lower() for row in ROWS)

    assert [lemma for lemma, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("column", [1, 2], ids=["Russian", "English"])
def test_no_word_stands_twice_in_a_column(column):
    assert [row for row in ROWS if len(set(row[column].split(", "))) < len(row[column].split(", "))] == []


def test_the_kazakh_column_is_in_kazakh_letters_but_for_brands():
    words = [(row[0], word.strip(",«»")) for row in ROWS for word in row[0].split() if word != "–"]

    assert [one for one in words if not _WORD.fullmatch(one[1]) and not _BRAND.fullmatch(one[1])] == []


def test_the_russian_column_has_no_kazakh_letters_and_latin_ones_in_brands_only():
    words = [(row[1], word.strip(",«»()")) for row in ROWS for word in row[1].split()]

    assert [row[1] for row in ROWS if set(row[1].lower()) & set(_KAZAKH)] == []
    assert [one for one in words if re.search("[A-Za-z]", one[1]) and not _BRAND.fullmatch(one[1])] == []


def test_the_english_column_has_no_cyrillic_letters():
    assert [row[2] for row in ROWS if _CYRILLIC.search(row[2])] == []


def test_each_domain_stands_in_one_place_with_its_lemmas_in_order():
    groups = [
        (domain, [row[0].lower() for row in rows]) for domain, rows in groupby(ROWS, lambda row: row[3])
    ]

    assert len(groups) == len({domain for domain, _ in groups})
    assert [domain for domain, lemmas in groups if lemmas != sorted(lemmas)] == []


def test_the_stemmer_leaves_most_dictionary_forms_alone():
    shortened = [word for word in NOUNS if stem(word) != word]

    assert len(shortened) <= SHORTENED * len(NOUNS), shortened


def test_the_stem_of_a_verb_is_the_verb_without_its_infinitive():
    apart = [word for word in VERBS if stem(word) not in _of_verb(word)]

    assert len(apart) <= VERBS_APART * len(VERBS), apart


def _of_verb(word: str) -> set[str]:
    """The word itself, as many nouns end in -у (тау); else the verb, its last sound as it is at the end of a word."""
    base = word[:-1]
    hard = {"ғ": "қ", "г": "к", "б": "п"}.get(base[-1:], base[-1:])
    return {word, base, base[:-1] + hard, f"{base}ы", f"{base}і", f"{base}й"}


def test_words_that_end_as_if_inflected_meet_their_own_forms():
    rows = [line.split() for line in SAMPLE.split("\n") if line]

    assert len(rows) >= 40
    assert {row[0] for row in rows} <= set(NOUNS)
    assert {form for lemma, *forms in rows for form in forms if stem(form) != stem(lemma)} == set()


# Adjectives, which stand before a noun and are not declined, and abbreviations.
_NOT_DECLINED = re.compile("(?:[лдт][ыі]|с[ыі]з|[ғгқк][ыі]|и)$|^[^аоұыяуюёэеәөүіи]+$")


def test_nouns_meet_their_genitive_accusative_and_plural():
    nouns = [word for word in NOUNS if not _NOT_DECLINED.search(word)]
    apart = [word for word in nouns if any(stem(form) != stem(word) for form in declined(word))]

    assert len(apart) <= DECLINED_APART * len(nouns), apart


@pytest.mark.parametrize("row", [line.split() for line in SAMPLE.split("\n") if line], ids=lambda row: row[0])
def test_the_rules_of_this_test_decline_as_a_person_does(row):
    assert declined(row[0]) == row[1:]


def declined(word: str) -> list[str]:
    """The genitive, accusative and plural of a noun, by the vowel and sound harmony of school grammars."""
    last, is_front = word.rstrip("ь")[-1], re.findall("[аоұыяуюёэеәөүіи]", f"а{word}")[-1] in "еәөүіиэё"
    if last in "аоұыяуюёэеәөүіи":
        found = ("ның", "ны", "лар")
    elif last in "мнң":
        found = ("ның", "ды", "дар")
    elif last in "рй":
        found = ("дың", "ды", "лар")
    elif last in "злж":
        found = ("дың", "ды", "дар")
    else:
        found = ("тың", "ты", "тар")
    if is_front:
        return [word + ending.translate(str.maketrans("ыа", "іе")) for ending in found]
    return [word + ending for ending in found]
