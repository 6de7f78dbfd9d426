import pytest

from retrieval.article import Article
from retrieval.build import build
from retrieval.glossary import Entry, Glossary
from retrieval.index import Index
from retrieval.loading import load_glossary, load_synonyms
from retrieval.query import Query, understand
from retrieval.search import Answer, Refusal, answer
from retrieval.tongues import Tongue
from retrieval.vocabulary import How
from tests.translated import INDEX, WITHOUT_GLOSSARY

RU, EN = Tongue.RUSSIAN, Tongue.ENGLISH


def query(question: str, tongue: Tongue | None = None) -> Query:
    return understand(INDEX, question, tongue)


def stems(question: str, tongue: Tongue | None = None) -> list[str]:
    """The best stem of each word that is looked for."""
    return [asked.alternatives[0].stem for asked in query(question, tongue).asked if asked.alternatives]


def asked(question: str) -> Answer:
    return answer(INDEX, question)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Какая зарплата у учителей?", "Мұғалімдердің жалақысы"),
        ("КАКАЯ ЗАРПЛАТА У УЧИТЕЛЕЙ?", "Мұғалімдердің жалақысы"),
        ("What are teachers' salaries?", "Мұғалімдердің жалақысы"),
        ("What is a teacher’s pay?", "Мұғалімдердің жалақысы"),
        ("Какая жалақы у учителей?", "Мұғалімдердің жалақысы"),
        ("Кто такой Ерлан Кошанов?", "Ерлан Қошанов"),
        ("Who is Koshanov?", "Ерлан Қошанов"),
        ("Where was the coalition in Shymkent?", "Шымкентте коалиция"),
        ("шымкентская коалиция", "Шымкентте коалиция"),
        ("Что сказала Балаева?", "Аида Балаева"),
        ("13 февраля 2026", "13 ақпанда"),
        ("February 13", "13 ақпанда"),
        ("February 13, 2026", "13 ақпанда"),
        ("Что было 13.02.2026?", "13 ақпанда"),
        ("пятнадцатого марта", "15 наурызда"),
        ("the 15th of March", "15 наурызда"),
        ("сто пятьдесят школ", "жүз елу мектеп"),
        ("one hundred and fifty schools", "жүз елу мектеп"),
        ("двадцать пять рабочих", "жиырма бес жұмысшыны"),
        ("twenty-five workers", "жиырма бес жұмысшыны"),
        ("150 тысяч человек", "150 мың адам"),
        ("сто пятьдесят тысяч человек", "150 мың адам"),
        ("150 thousand people", "150 мың адам"),
        ("доллара 540 тенге", "Доллар бағамы"),
        ("генеральный секретарь ООН", "БҰҰ Бас хатшысы"),
        ("UN secretary general", "БҰҰ Бас хатшысы"),
        ("Кто такой президент РК?", "ҚР Президенті"),
        ("снег в столице", "Елордада қалың қар"),
        ("democracy and ecology", "Экология мен демократия"),
        ("what is in the constitution", "Конституция жобасын"),
        ("в конституции", "Конституция жобасын"),
        ("библиотека XX века", "XX ғасырда"),
        ("российско-казахстанское соглашение", "Ресей мен Қазақстан"),
        ("алматинская школа", "Алматы облысында"),
        ("🙂 снег в столице 🙂", "Елордада қалың қар"),
    ],
)
def test_a_question_in_another_language_finds_the_kazakh_words(question, found):
    quotes = asked(question).quotes

    assert quotes
    assert found in quotes[0].text


def test_the_words_that_carried_the_match_are_marked():
    quote = asked("Какая зарплата у учителей?").quotes[0]

    assert [quote.article.text[slice(*span)] for span in quote.highlights] == ["Мұғалімдердің", "жалақысы"]


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("двадцать пять", ["25"]),
        ("сто пятьдесят тысяч", ["150000"]),
        ("пятьсот сорок тенге", ["540", "теңге"]),
        ("two hundred and one schools", ["201", "мектеп"]),
        ("XX век", ["20", "ғасыр"]),
        ("schools and ten teachers", ["мектеп", "10", "мұғалім"]),
        ("один учитель", ["мұғалім"]),
        ("one teacher", ["мұғалім"]),
        ("он учитель", ["мұғалім"]),  # "he" in Russian, "ten" in Kazakh
        ("a second", ["секунд"]),
        ("a second teacher and five schools", ["секунд", "мұғалім", "5", "мектеп"]),
    ],
)
def test_numbers_in_words_are_looked_for_by_their_digits(question, numbers):
    words = [one.word for one in query(question).asked]

    assert words == numbers


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("российско-казахстанское соглашение", ["ресей", "қазақстан", "келісім"]),
        ("twenty-five workers", ["25", "жұмысшы"]),
        ("зарплата премьер-министра", ["жалақы", "премьер-министр"]),
        ("зарплата в Хогвартс-холле", ["жалақы", "хогвартс-холле"]),
        ("Что было 13.02.2026 в школе?", ["13", "ақпанда", "2026", "мектеп"]),
    ],
)
def test_a_hyphenated_word_is_taken_whole_or_in_parts_that_are_known(question, words):
    assert [one.word for one in query(question).asked] == words


def test_the_reader_is_told_what_was_looked_for_and_what_has_no_translation():
    found = asked("Какая зарплата у учителей Хогвартса?")

    assert found.translated == (("зарплата", ("жалақы",)), ("учителей", ("мұғалім",)))
    assert found.untranslated == ("Хогвартса",)
    assert found.unknown == ()


def test_a_word_whose_translation_the_articles_lack_is_unknown_not_untranslated():
    found = asked("Какая зарплата на айсберге?")

    assert found.unknown == ("айсберге",)
    assert found.untranslated == ()


def test_a_kazakh_word_in_a_russian_question_needs_no_translation():
    found = asked("Где будет ұлттық музей?")

    assert "ұлттық" in found.unknown
    assert found.untranslated == ("музей",)


def test_a_word_that_is_the_same_in_kazakh_is_not_named_as_translated():
    assert asked("Что известно о президентах?").translated == (("президентах", ("президент",)),)
    assert asked("Кто президент?").translated == ()


@pytest.mark.parametrize("question", ["что это такое?", "who is it?", "и в на по", "Where", "как", "кто ты"])
def test_a_question_of_function_words_only_holds_nothing_to_look_for(question):
    assert asked(question).refusal is Refusal.NO_WORDS


@pytest.mark.parametrize("question", ["хоккейный матч завтра", "the weather tomorrow", "рецепт борща"])
def test_a_question_about_something_else_is_refused(question):
    assert asked(question).refusal is Refusal.NOT_FOUND


def test_several_translations_share_the_weight_of_one_word():
    (one,) = query("зарплаты", RU).asked

    assert {alternative.stem for alternative in one.alternatives} == {"жалақы"}
    assert one.idf == max(INDEX.fields.stem.idf(alternative.stem) for alternative in one.alternatives)


def test_a_term_of_two_words_asks_for_each_and_has_one_span():
    first, second = query("генеральный секретарь").asked

    assert (first.word, second.word) == ("бас", "хатшы")
    assert first.span == second.span == (0, len("генеральный секретарь"))
    assert first.kazakh == second.kazakh == ("бас хатшы",)


def test_a_loanword_and_a_translation_are_told_apart():
    (loan,) = query("в Шымкенте").asked
    (translation,) = query("о школах").asked

    assert {one.how for one in loan.alternatives} == {How.LOANWORD}
    assert {one.how for one in translation.alternatives} == {How.TRANSLATION}
    assert all(0 < one.weight <= 1 for one in (*loan.alternatives, *translation.alternatives))


@pytest.mark.parametrize("question", ["зелёный снег", "зеленый снег"])
def test_yo_and_ye_are_one_letter(question):
    assert stems(question) == ["қар"]


def test_an_abbreviation_in_capitals_is_no_common_word():
    assert stems("UN of teachers", EN) == ["бұұ", "мұғалім"]
    assert stems("un of teachers", EN) == ["бұұ", "мұғалім"]


@pytest.mark.parametrize(
    "question",
    [
        "зарплаты учителей ",
        "salary of teachers ",
        "российско-казахстанское ",
        "один ",
        "hundred and ",
        "а-",
        "é",
        "🙂",
    ],
)
def test_the_longest_message_is_understood(question):
    whole = (question * 4096)[:4096]
    found = asked(whole)

    for one in found.query.asked:
        assert 0 <= one.span.start < one.span.end <= len(whole)


def test_without_a_glossary_a_question_is_looked_for_as_it_stands():
    found = answer(WITHOUT_GLOSSARY, "Какая зарплата у учителей?")

    assert found.query.tongue is Tongue.KAZAKH
    assert found.refusal is Refusal.NOT_FOUND
    assert (found.translated, found.untranslated) == ((), ())


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Что сказала Балаева о правах человека?", "адам құқықтары"),
        ("Когда пройдет референдум?", "15 наурыз"),
        ("When is the referendum on the new constitution?", "15 наурыз"),
        ("What happened in Almaty on February 13, 2026?", "2026 жылғы 13 ақпанда Алматыда"),
        ("Сколько инватакси в Жетысуской области?", "инватакси"),
        ("Who is Beibit Isabayev?", "Исабаев"),
    ],
)
def test_questions_about_the_seeds_find_their_quotes(seeds, question, found):
    index = build(seeds.values(), load_synonyms(), load_glossary())
    assert any(found in quote.text for quote in answer(index, question).quotes)


def small(texts: list[str], entries: list[Entry]) -> Index:
    return build(
        (Article(str(number), text) for number, text in enumerate(texts)), (), Glossary(lambda: entries)
    )


def looked_for(index: Index, question: str, tongue: Tongue) -> list[str]:
    return [asked.word for asked in understand(index, question, tongue).asked]


def test_numbers_that_a_sign_parts_are_several():
    texts = ["Ол 700 мың теңге төлеп, 300 мың теңгеге кешірім алды.", "Жол ашылды."]
    index = small(texts, [Entry("теңге", ("тенге",), ("tenge",), "economy")])

    assert looked_for(index, "paid 700 thousand, 300 thousand tenge", EN)[1:] == ["700000", "300000", "теңге"]


@pytest.mark.parametrize(
    ("question", "tongue"), [("сколько миллионов тенге", RU), ("how many millions of tenge", EN)]
)
def test_how_many_millions_asks_for_no_million(question, tongue):
    index = small(["Оған 28 миллион теңге бөлінді."], [Entry("теңге", ("тенге",), ("tenge",), "economy")])

    assert looked_for(index, question, tongue) == ["теңге"]


def test_a_term_of_function_words_is_no_evidence():
    entries = [
        Entry("хабарлауынша", (), ("according to",), "general"),
        Entry("қар", ("снег",), ("snow",), "weather"),
    ]

    assert looked_for(small(["Қар жауды."], entries), "snow according to whom", EN) == ["қар"]


def test_a_name_is_found_that_russian_hears_with_another_vowel():
    index = small(["Бөкей сұлтан Еділ бойына көшті.", "Ақан сері ән салды.", "Қар жауды."], [])

    assert [asked.alternatives[0].stem for asked in understand(index, "где был Букей", RU).asked] == ["бөкей"]
    assert [asked.alternatives[0].stem for asked in understand(index, "что пел Ахан", RU).asked[1:]] == [
        "ақан"
    ]


def test_a_verb_that_the_articles_say_otherwise_weighs_less_than_a_name_they_do_not_have():
    entries = [
        Entry("басқару", ("возглавить",), ("head",), "general"),
        Entry("Вануату", ("Вануату",), ("Vanuatu",), "geography"),
    ]
    index = small(["Қар жауды.", "Жол ашылды."], entries)

    verb, name = understand(index, "кто возглавил Вануату", RU).asked

    assert (verb.word, name.word) == ("басқару", "вануату")
    assert verb.idf == pytest.approx(name.idf / 2)


def test_a_word_that_is_said_twice_is_asked_for_once():
    index = small(["Қала көшесі жөнделді."], [Entry("қала", ("город",), ("city",), "general")])

    assert looked_for(index, "город, в городе и города", RU) == ["қала"]


def test_a_verb_is_found_by_a_noun_of_its_root():
    index = small(
        ["Елге көмек жетті.", "Қар жауды."], [Entry("көмектесу", ("помогать",), ("help",), "general")]
    )

    assert [one.stem for one in understand(index, "кто помогает", RU).asked[0].alternatives] == ["көмек"]


def test_a_word_is_read_in_the_language_of_its_letters():
    entries = [
        Entry("орталық", ("центр",), ("center",), "general"),
        Entry("ашу", ("открыть",), ("open",), "general"),
    ]
    index = small(["Орталық ашылды.", "Қар жауды."], entries)

    assert looked_for(index, "когда откроют center", RU)[-1] == "орталық"
