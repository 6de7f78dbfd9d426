import pytest

from retrieval.article import Article
from retrieval.build import build
from retrieval.query import understand
from retrieval.question import FUNCTION_WORDS, Wanted, holds, wanted

DATE, NUMBER, PERSON, PLACE = Wanted.DATE, Wanted.NUMBER, Wanted.PERSON, Wanted.PLACE


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Кездесу қашан өтті?", {DATE}),
        ("ҚАШАН?", {DATE}),
        ("Кездесу қай күні өтті?", {DATE}),
        ("Зауыт қай жылы салынды?", {DATE}),
        ("Кездесу кашан отти?", {DATE}),
        ("Kezdesu qashan otti?", {DATE}),
        ("Когда прошла встреча?", {DATE}),
        ("When was it?", {DATE}),
        ("Қанша адам келді?", {NUMBER}),
        ("Оқушылардың қаншасы келді?", {NUMBER}),
        ("Неше мектеп ашылды?", {NUMBER}),
        ("Канша адам келди?", {NUMBER}),
        ("Qansha adam keldi?", {NUMBER}),
        ("Сколько людей?", {NUMBER}),
        ("How many came?", {NUMBER}),
        ("Мектеп директоры кім?", {PERSON}),
        ("Сыйлық кімге берілді?", {PERSON}),
        ("Директор ким?", {PERSON}),
        ("Mektep direktory kim?", {PERSON}),
        ("Кто директор?", {PERSON}),
        ("Жиын қайда өтті?", {PLACE}),
        ("Жиын қай қалада өтті?", {PLACE}),
        ("Жиын кайда отти?", {PLACE}),
        ("Jiyn qaida otti?", {PLACE}),
        ("Где прошло собрание?", {PLACE}),
        ("Жиын қашан және қайда өтті?", {DATE, PLACE}),
        ("Кім қанша жинады?", {PERSON, NUMBER}),
        ("Неге?", set()),
        ("Қар туралы айтшы", set()),
        ("Кимоно сатылды", set()),
        ("", set()),
    ],
)
def test_an_interrogative_says_what_is_wanted(question, kinds):
    assert wanted(question) == kinds


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (DATE, "Жиын 12 ақпанда өтті."),
        (DATE, "Зауыт 1998 жылы салынған."),
        (DATE, "Жиын 13.02 күні өтеді."),
        (DATE, "Жарыс сенбі күні басталды."),
        (NUMBER, "Залда 150 адам отырды."),
        (NUMBER, "Отыз оқушы келді."),
        (NUMBER, "Бірнеше үй су астында қалды."),
        (PERSON, "Мектепті Айгүл Серік басқарады."),
        (PLACE, "Жиын Алматыда өтті."),
        (PLACE, "Жиын облыс орталығында өтті."),
    ],
)
def test_a_text_holds_what_is_wanted(kind, text):
    assert holds(text, frozenset({kind}))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (DATE, "Жиын өтті."),
        (NUMBER, "Қар жауды."),
        (PERSON, "Мектеп ашылды."),
        (PLACE, "Жиын өтті."),
    ],
)
def test_a_text_without_it_does_not(kind, text):
    assert not holds(text, frozenset({kind}))


def test_where_nothing_is_wanted_nothing_is_held():
    assert not holds("2026 жылы Алматыда Айгүл Серік", frozenset())


INDEX = build([Article("1", "Қалада көктемде мектеп салынды, оны министр ашты.")])


def asked(question: str) -> list[str]:
    return [one.word for one in understand(INDEX, question).asked]


@pytest.mark.parametrize(
    "question",
    [
        "Кім?",
        "Бұл не деген?",
        "Ол қалай болды және неге?",
        "Не туралы айтып беріңіз",
        "кашан болды",  # the Kazakh letters left out
        "qashan boldy",
        "Когда и где?",
        "What is it about?",
    ],
)
def test_function_words_are_no_evidence(question):
    assert asked(question) == []


@pytest.mark.parametrize(
    ("question", "informative"),
    [
        ("Мектепті кім ашты?", ["мектепті", "ашты"]),
        ("Мектеп туралы не айтылды?", ["мектеп"]),
        ("Mektepti kim ashty?", ["mektepti", "ashty"]),
        ("Мектеп, мектеп және министр", ["мектеп", "министр"]),
    ],
)
def test_the_other_words_are(question, informative):
    assert asked(question) == informative


def test_a_function_word_in_another_spelling_counts_where_the_articles_hold_it_as_it_is():
    """Сони is a maker, and сони what is left of соны ("that one") on another keyboard."""
    index = build([Article("1", "Сони компаниясы телефон шығарды.")])

    assert [one.word for one in understand(index, "сони телефоны").asked] == ["сони", "телефоны"]
    assert [one.word for one in understand(INDEX, "сони телефоны").asked] == ["телефоны"]


def test_function_words_are_in_lower_case():
    assert {word.lower() for word in FUNCTION_WORDS} == FUNCTION_WORDS
