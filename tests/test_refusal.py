import random
from collections.abc import Sequence

import pytest

from retrieval.article import Article
from retrieval.build import build
from retrieval.index import Index
from retrieval.loading import load_synonyms
from retrieval.query import understand
from retrieval.ranking import rank
from retrieval.refusal import LEAST, MOST, calibrated, evidence, unrelated
from retrieval.search import Refusal, answer

SPORT = (
    (
        "«Барыс» хоккей клубы маусымның соңғы ойынында қонақта жеңіске жетті.\n"
        "Қақпашы отыз екі соққыны қайтарып, кештің үздік ойыншысы атанды.\n"
        "Келесі ойын жексенбі күні Астанада өтеді, билеттер кассада сатылып жатыр."
    ),
    (
        "Боксшы Нұрлан Әбілов әлем чемпионатының алтын медалін жеңіп алды.\n"
        "Ол финалда өзбек қарсыласын үшінші раундта нокаутқа түсірді.\n"
        "Жаттықтырушы Серік Оспан шәкіртінің екі жыл бойы дайындалғанын айтты."
    ),
    (
        "Шахматтан балалар арасындағы турнирге жүз жиырма оқушы қатысты.\n"
        "Бас жүлде Қарағандыдан келген он жасар Аружан Төлегенге бұйырды.\n"
        "Ұйымдастырушылар жеңімпазға ноутбук сыйлады."
    ),
    (
        "Тауда шаңғы маусымы ашылды, арқан жол таңғы тоғыздан іске қосылады.\n"
        "Құтқарушылар көшкін қаупі бар беткейге шықпауды ескертті.\n"
        "Шаңғыны жалға алу құны күніне сегіз мың теңге."
    ),
)
FARM = (
    (
        "Ферма иесі Болат Сейдахмет асыл тұқымды қой өсіруді қолға алды.\n"
        "Биыл отары бес жүз басқа жетіп, жүнін тоқыма фабрикасына өткізді.\n"
        "Мал дәрігері қойларға көктемгі екпе салғанын хабарлады."
    ),
    (
        "Солтүстікте бидай егісі аяқталды, диқандар тыңайтқышты түгел сепкен.\n"
        "Құрғақшылық болмаса, гектарынан он бес центнер өнім күтіледі.\n"
        "Комбайндардың жартысы жаңартылған, жанармай бағасы қымбаттаған."
    ),
    (
        "Түркістанда қауын пісіп, базарға алғашқы жүк көліктері жөнелтілді.\n"
        "Бақша иесі Гүлшат Ермекова қауынның килосын екі жүз теңгеден сатады.\n"
        "Қауын құрты өнімнің оннан бірін бүлдірген."
    ),
    (
        "Балық шаруашылығы көлге жүз мың тұқы шабағын жіберді.\n"
        "Көлдің суы тартылып, қамыс қаулап кеткені алаңдатады.\n"
        "Балықшылар ауды мамырдан тамызға дейін салмауға келісті."
    ),
)
CITY = (
    (
        "Метроның жаңа бекеті желтоқсанда ашылады, құрылысшылар рельс төсеп жатыр.\n"
        "Бекет қабырғасын суретші Дина Мұсаның мозаикасы безендіреді.\n"
        "Жолақысы өзгермейді, студенттерге жеңілдік қалады."
    ),
    (
        "Ескі үйлерде құбыр жарылып, он екі көпқабатты үй жылусыз қалды.\n"
        "Апатты жөндеушілер түнде жойды, тұрғындарға ыстық су тегін берілді.\n"
        "Құбырдың тозығы жеткенін инженер Тимур Жақсылық мойындады."
    ),
    (
        "Қала әкімдігі саябаққа үш мың көшет отырғызды.\n"
        "Қарағаштар қурап, орнына емен мен жөке егілді.\n"
        "Саябақта кітап оқитын орындықтар мен тегін интернет пайда болды."
    ),
    (
        "Кітапхана түнгі оқырмандарға есігін ашты, залда кофе ұсынылады.\n"
        "Балалар бөліміне ертегі дыбыстайтын робот қойылды.\n"
        "Кітапханашы Айнұр Қали сирек қолжазбаларды сканерлеп шықты."
    ),
)
# Of each collection: articles, questions that they answer with the words that must be quoted.
COLLECTIONS = {
    "sport": (
        SPORT,
        [
            ("Қақпашы неше соққыны қайтарды?", "отыз екі соққыны"),
            ("Келесі ойын қай күні өтеді?", "жексенбі күні"),
            ("Финалда боксшы кімді нокаутқа түсірді?", "өзбек қарсыласын"),
            ("Шахмат турнирінің бас жүлдесі кімге бұйырды?", "Аружан Төлегенге"),
            ("Шаңғыны жалға алу қанша тұрады?", "сегіз мың теңге"),
            ("Жаттыктырушы ким?", "Серік Оспан"),
            ("shangy mausymy", "шаңғы маусымы"),
        ],
    ),
    "farm": (
        FARM,
        [
            ("Отарда қанша қой бар?", "бес жүз басқа"),
            ("Бидай өнімі гектарына қанша центнер болады?", "он бес центнер"),
            ("Қауынның килосы неше теңге?", "екі жүз теңгеден"),
            ("Көлге қанша шабақ жіберілді?", "жүз мың тұқы"),
            ("Балыкшылар ауды кашан салмайды?", "мамырдан тамызға"),
            ("Мал дәрігері қойларға не салды?", "көктемгі екпе"),
            ("qauyn qurty", "Қауын құрты"),
        ],
    ),
    "city": (
        CITY,
        [
            ("Метроның жаңа бекеті қашан ашылады?", "желтоқсанда"),
            ("Мозаиканың суретшісі кім?", "Дина Мұсаның"),
            ("Құбыр жарылып неше үй жылусыз қалды?", "он екі көпқабатты"),
            ("Саябаққа қанша көшет отырғызылды?", "үш мың көшет"),
            ("Сирек қолжазбаларды кім сканерледі?", "Айнұр Қали"),
            ("Ертеги дыбыстайтын робот", "робот қойылды"),
            ("kitaphana tungi oqyrman", "түнгі оқырмандарға"),
        ],
    ),
}
# Questions on subjects that none of the collections touches.
ELSEWHERE = (
    "Марс планетасының неше серігі бар?",
    "Бауырсақты қалай пісіреді?",
    "Инфляция деңгейі қанша пайыз болды?",
    "Абай қай жылы дүниеге келді?",
    "Тұмаудың алдын қалай алуға болады?",
    "Зейнетақы қашан өседі?",
    "Сенат төрағасы кім?",
    "Мұхит астындағы вулкан қайда атқылады?",
    "Оператор роуминг қызметін өшірді ме?",
    "Скрипка концертін кім орындады?",
    "Кто получил Нобелевскую премию?",
    "Who wrote the novel?",
    "Nobel syilygyn kim aldy?",
    "криптовалюта биржасы",
)


def index(texts: Sequence[str]) -> Index:
    return build((Article(str(number), text) for number, text in enumerate(texts)), load_synonyms())


INDEXES = {name: index(texts) for name, (texts, _) in COLLECTIONS.items()}
ANSWERED = [(name, *one) for name, (_, questions) in COLLECTIONS.items() for one in questions]


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("question", ELSEWHERE)
def test_a_question_on_another_subject_is_refused(name, question):
    found = answer(INDEXES[name], question)

    assert (found.refusal, found.quotes) == (Refusal.NOT_FOUND, ()), found.query.asked


@pytest.mark.parametrize(
    ("name", "other", "question"),
    [(name, other, question) for name, question, _ in ANSWERED for other in COLLECTIONS if other != name],
)
def test_a_question_on_one_collection_is_refused_by_the_others(name, other, question):
    assert answer(INDEXES[name], question).refusal is None
    assert answer(INDEXES[other], question).refusal is Refusal.NOT_FOUND


@pytest.mark.parametrize(("name", "question", "words"), ANSWERED)
def test_a_question_that_the_articles_answer_is_answered_with_the_words(name, question, words):
    found = answer(INDEXES[name], question, 1)

    assert found.refusal is None
    assert words in found.quotes[0].text


@pytest.mark.parametrize("name", COLLECTIONS)
def test_all_collections_together_answer_and_refuse_nearly_the_same(name):
    together = index([text for texts, _ in COLLECTIONS.values() for text in texts])

    for question, words in COLLECTIONS[name][1]:
        assert words in "".join(quote.text for quote in answer(together, question).quotes), question
    answered = [question for question in ELSEWHERE if answer(together, question).refusal is None]
    assert len(answered) <= 1, answered  # a rare word may pass for a typo of another


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_same_articles_in_any_order_give_the_same_bound(name):
    texts = list(COLLECTIONS[name][0])
    articles = [Article(str(number), text) for number, text in enumerate(texts)]
    shuffled = random.Random(5).sample(articles, len(articles))

    bounds = {build(order).enough for order in (articles, articles[::-1], shuffled)}

    assert bounds == {build(articles).enough}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_bound_is_between_its_bounds_and_the_index_keeps_it(name):
    known = INDEXES[name]

    assert LEAST <= known.enough <= MOST
    assert calibrated(known) == known.enough


@pytest.mark.parametrize("name", COLLECTIONS)
def test_questions_made_of_one_article_find_less_in_the_others_than_questions_that_are_answered(name):
    known, questions = INDEXES[name], COLLECTIONS[name][1]
    chance = sorted(unrelated(known))
    answered = sorted(evidence(rank(known, understand(known, question), 10)) for question, _ in questions)

    assert len(chance) > 10
    assert all(0 <= share <= 1 for share in chance)
    assert chance[len(chance) // 2] < answered[0]


@pytest.mark.parametrize("texts", [[SPORT[0]], ["Қар жауды."]])
def test_one_article_answers_and_refuses(texts):
    known = index(texts)
    word = texts[0].split()[1].strip("»")

    assert unrelated(known) == []
    assert known.enough == LEAST
    assert answer(known, word).refusal is None
    assert answer(known, "криптовалюта").refusal is Refusal.NOT_FOUND


@pytest.mark.parametrize("texts", [[], [""], ["", "\n"], ["×", "Қар жауды."]])
def test_articles_without_words_refuse_everything_else(texts):
    known = index(texts)

    assert LEAST <= known.enough <= MOST
    assert answer(known, "хоккей клубы").refusal is Refusal.NOT_FOUND


def test_the_evidence_is_the_largest_share_of_any_hit():
    known = INDEXES["sport"]
    hits = rank(known, understand(known, "хоккей финал жеңіс"), 10)

    assert evidence(hits) == max(hit.cover for hit in hits)
    assert evidence([]) == 0


def test_two_articles_that_say_the_same_still_answer():
    known = index(["Елордада қалың қар жауды.", "Елордада қалың қар жауды."])

    (quote,) = answer(known, "Елордада қар жауды ма?").quotes
    assert (quote.text, len(quote.also)) == ("Елордада қалың қар жауды.", 1)
    assert answer(known, "криптовалюта биржасы").refusal is Refusal.NOT_FOUND
