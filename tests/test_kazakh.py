"""What the stemmer promises: the forms of a word meet, other words stay apart, nothing else is touched."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.kazakh import root, stem

with Path(__file__).with_name("kazakh_forms.tsv").open(encoding="utf-8", newline="") as table:
    FORMS = [(row["form"], row["lemma"]) for row in csv.DictReader(table, delimiter="\t")]

APART = """
    қала қалу
    теңге тең
    қар қару
    адам ада
    қоғам қоғамдық
    маман мама
    ақын ақ
    келін келу
    орын ор
    білім білу
    өлең өлу
    мақала мақал
    оқу оқушы
    жазу жазушы
    басу басшы
    жұмыс жұмсау
    жұмыс жұмыссыз
    қазан қаз
    алма алу
    алтын алты
    пайда пай
    аудан ау
    апта ап
    талап тала
    мектеп мекен
    есеп есім
    қолдану қол
    көрме көру
    шығарма шығару
    бастама бастау
    бағдарлама бағдарлау
    үкімет үкім
    бостандық бос
    қазақ қазақстан
    алматы алма
    астана ас
    жағдай жаға
    бидай биде
    халық хал
    көңіл көң
    сайлау сай
    айту айтыс
""".strip().splitlines()

# Common words whose end only looks like a suffix.
LOOK_ALIKES = """
    ана бала адам дала қала мақала орман қазан заман банан мәдениет парламент министр президент қоғам ғылым орта
    апта сағат алма алмас үлкен екен мекен өлең теңге наурыз ел ой үй ат су ту ай ас ет от өз он
""".split()  # noqa: SIM905 - a table of words reads best as words

# Forms that need a dictionary or the sentence; a rule that mends one of them moves it to the table of forms.
KNOWN_MISSES = [
    ("бармақпын", "бару"),  # also "I am a finger"
    ("қалады", "қалау"),  # also "stays", of қалу
    ("ұлтаны", "ұлтан"),  # also the accusative of a noun in -а
    ("жұмамыз", "жұму"),  # also "our Friday"
    ("сынамаңыз", "сынама"),  # also "do not test"
    ("ұлым", "ұл"),  # ұлы is a word of its own: great
    ("айтпа", "айту"),  # -ма makes nouns more often than orders: бағдарлама
    ("ескерттік", "ескерту"),  # -дық makes nouns more often than "we": жылдық
]

RELATED = """
    қоғамдық қоғамның
    экологиялық экологияның
    арандатушылық арандатушыларға
    сақталуы сақтау
    маркетингтік маркетингтегі
    шымкенттіктердің шымкенттегі
    құқықтық құқығын
    бостандығы бостандық
    жауапкершілік жауапкерге
    білімділік білімнің
    басқарманың басқаруға
    сапалы сапасын
    дамыту дамуы
    қазіргі қазір
    өндірістік өндіру
    жоспарланған жоспары
    кәсіпкерлік кәсіп
    тұрақтылықты тұрақтандыру
    ұйымдастырушы ұйымы
    жұмыссыздық жұмыспен
    көрсеткіш көрсету
    толықтай толық
    айтылған айтқан
    жеткізу жету
""".strip().splitlines()

UNRELATED = """
    қала қару
    түсіну түсу
    келісу келу
    мүмкін мүк
    билет билеу
    бостандық бос
    төмен төмпешік
    жарыс жару
""".strip().splitlines()

kazakh = st.text("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя", min_size=1, max_size=24)


@pytest.mark.parametrize(("form", "lemma"), FORMS)
def test_forms_of_a_word_have_its_stem(form, lemma):
    assert stem(lemma) == stem(form)


def test_the_table_of_forms_is_large():
    assert len(FORMS) >= 300


@pytest.mark.parametrize("pair", APART)
def test_other_words_stay_apart(pair):
    one, other = pair.split()

    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", LOOK_ALIKES)
def test_words_that_only_look_inflected_stay_whole(word):
    assert word == stem(word)


@pytest.mark.parametrize(("form", "lemma"), KNOWN_MISSES)
def test_known_misses_are_still_missed(form, lemma):
    assert stem(lemma) != stem(form)


@pytest.mark.parametrize("pair", RELATED)
def test_related_words_share_a_root(pair):
    one, other = pair.split()

    assert root(one) == root(other)


@pytest.mark.parametrize("pair", UNRELATED)
def test_unrelated_words_have_other_roots(pair):
    one, other = pair.split()

    assert root(one) != root(other)


@pytest.mark.parametrize("word", ["telegram", "россия", "2026", "covid-19", "т", "№", "日本", ""])
def test_what_is_not_kazakh_comes_back_unharmed(word):
    assert word == stem(word) == root(word)


@given(kazakh)
def test_a_stem_is_never_empty_and_never_longer_than_a_sound_change_allows(word):
    assert 0 < len(stem(word)) <= len(word) + 1


@given(kazakh.filter(lambda word: len(word) > 5))
def test_a_stem_is_a_prefix_up_to_the_last_sound(word):
    found = stem(word)

    assert word.startswith(found[:-2])


@given(st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0x3FF)))
def test_other_scripts_are_left_alone(text):
    assert text == stem(text) == root(text)


@given(kazakh)
def test_a_root_keeps_at_least_a_short_stem(word):
    assert root(word)
    assert len(root(word)) >= min(2, len(word))


def test_stemming_a_stem_again_changes_little():
    stems = {stem(form) for form, _ in FORMS}

    assert sum(stem(word) == word for word in stems) >= 0.95 * len(stems)
