import pytest

from retrieval.analysis import analyze
from retrieval.glossary import NONE, Glossary
from retrieval.loading import load_glossary
from retrieval.telling import tongue_of
from retrieval.tongues import Tongue, foreign
from tests.translated import GLOSSARY, INDEX

RU, EN, KK = Tongue.RUSSIAN, Tongue.ENGLISH, Tongue.KAZAKH


def told(question: str, glossary: Glossary = GLOSSARY) -> Tongue:
    return tongue_of(analyze(question), INDEX.vocabulary, glossary)


@pytest.mark.parametrize(
    "question",
    [
        "Мұғалімдердің жалақысы қанша?",
        "мугалимдердин жалакысы канша",  # no Kazakh letters on the keyboard
        "елордада калын кар жауды ма",
        "коалиция кашан курылды",
        "mugalimderdin jalaqysy qansha",
        "Qoshanov ne dedi?",
        "elordada qar jaudy ma",
        "مەكتەپ",
        "Ерлан кім",
        "бар ма",
        "когда болады басты оқиға",  # "when" in Russian, the rest in Kazakh
        "how мұғалім жалақысы",
        "",
        "2026",
        "13.02.2026",
        "🙂",
    ],
)
def test_kazakh_in_any_spelling_and_what_nothing_tells_is_kazakh(question):

    assert told(question) is KK


@pytest.mark.parametrize(
    "question",
    [
        "Какая зарплата у учителей?",
        "зарплата учителей",
        "КАКАЯ ЗАРПЛАТА У УЧИТЕЛЕЙ?",
        "Кто такой Ерлан Кошанов?",
        "Кто такая Балаева?",
        "Где Қошанов говорил о коалиции?",
        "шымкентская коалиция",
        "что такое келісім",
        "сорок",
        "казахстанцы",
        "ёж",
        "снег 🙂 в столице",
    ],
)
def test_russian_is_told_though_names_and_loanwords_are_the_same(question):
    assert told(question) is RU


@pytest.mark.parametrize(
    "question",
    [
        "What is the salary of teachers?",
        "teachers' salaries",
        "WHERE IS KOSHANOV?",
        "Who is Koshanov?",
        "Mr Koshanov",
        "What did Қошанов say?",
        "Prime Minister Koshanov",
        "democracy",
        "ecology",
    ],
)
def test_english_is_told_though_names_are_the_same(question):
    assert told(question) is EN


@pytest.mark.parametrize("question", ["Какая зарплата у учителей?", "Who is Koshanov?"])
def test_without_a_glossary_every_question_is_kazakh(question):
    assert told(question, NONE) is KK


@pytest.mark.parametrize(
    ("question", "tongue"),
    [
        ("Когда пройдет референдум?", RU),
        ("Сколько предложений поступило", RU),
        ("When is the referendum?", EN),
        ("human rights in the new constitution", EN),
        ("референдум қашан өтеді", KK),
        ("жана конституция кашан кабылданады", KK),
        ("referendum qashan otedi", KK),
        ("адам кукыктары", KK),
        ("Мажилис торагасы ким", KK),
    ],
)
def test_questions_about_the_seeds_are_told_with_the_glossary_that_comes_along(seeds_index, question, tongue):
    known = load_glossary()

    assert tongue_of(analyze(question), seeds_index.vocabulary, known) is tongue


@pytest.mark.parametrize(("word", "tongue"), [("word", EN), ("слово", RU), ("мысl", EN)])
def test_the_script_of_a_word_that_is_not_kazakh_tells_its_language(word, tongue):
    assert foreign(word) is tongue
