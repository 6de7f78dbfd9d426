import pytest

from retrieval.article import Article
from retrieval.build import build
from retrieval.vocabulary import How, Vocabulary

NEWS = (
    "Мәжіліс төрағасы шығармашыл жастармен кездесті.",
    "Қазақстанда жаңа коалиция құрылып, мүшелері халықпен сөйлесті.",
    "Жиын Atyrau Creative Hub орталығында өтті, оны инженерлер ұйымдастырды.",
    "Көлік жолда тоқтап қалды.",
)


def vocabulary(*texts: str, synonyms: tuple[tuple[str, ...], ...] = ()) -> Vocabulary:
    return build((Article(str(number), text) for number, text in enumerate(texts)), synonyms).vocabulary


KNOWN = vocabulary(*NEWS)


def meant(word: str) -> list[tuple[str, How]]:
    return [(one.stem, one.how) for one in KNOWN.meant(word)]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("мәжіліс", "мәжіліс"),
        ("мәжілістің", "мәжіліс"),
        ("төрағаларға", "төраға"),
        ("коалициялардан", "коалиция"),
        ("мүшеміз", "мүше"),
        ("creative", "creative"),
    ],
)
def test_a_word_in_proper_spelling_means_its_stem_and_nothing_else(word, stem):
    (found,) = KNOWN.meant(word)

    assert (found.stem, found.weight, found.how) == (stem, 1.0, How.EXACT)


@pytest.mark.parametrize(
    ("typed", "stem"),
    [
        ("мажилис", "мәжіліс"),
        ("мажилистин", "мәжіліс"),
        ("торагасы", "төраға"),
        ("шыгармашыл", "шығармашыл"),
        ("казакстанда", "қазақстан"),
        ("мушелеринин", "мүше"),
        ("халыкка", "халық"),
        ("жана", "жаңа"),
    ],
)
def test_a_word_from_a_keyboard_without_kazakh_letters_is_found(typed, stem):
    assert meant(typed) == [(stem, How.SPELLING)]


@pytest.mark.parametrize(
    ("stem", "spellings"),
    [
        ("мәжіліс", ["ma'jilis", "májilis", "mäjılıs", "majilis", "mazhilis"]),
        ("төраға", ["to'rag'a", "tóraǵa", "törağa", "toraga", "toragha"]),
        ("шығармашыл", ["s'yg'armas'yl", "shyǵarmashyl", "şyğarmaşyl", "shygarmashyl"]),
        ("қазақстан", ["qazaqstan", "kazakhstan", "kazakstan"]),
        ("жаңа", ["jan'a", "jańa", "jaña", "zhana", "jana"]),
        ("халық", ["halyq", "halyk", "khalyk"]),
        ("коалиция", ["koalitsiia", "koalısııa", "koalisia", "koalitsiya"]),
        ("жас", ["jastarmen", "zhastarmen", "jastarga"]),
    ],
)
def test_a_word_in_any_latin_alphabet_is_found(stem, spellings):
    for spelling in spellings:
        assert meant(spelling) == [(stem, How.SPELLING)], spelling


@pytest.mark.parametrize(
    ("typed", "stem"),
    [
        ("коалция", "коалиция"),  # one letter left out
        ("коаолиция", "коалиция"),  # one too many
        ("шығармошыл", "шығармашыл"),  # another letter
        ("орталкығында", "орталық"),
        ("төраағсы", "төраға"),
        ("инжнеерлер", "инженер"),  # two letters exchanged
    ],
)
def test_a_typo_in_an_unknown_word_is_put_right(typed, stem):
    assert (stem, How.TYPO) in meant(typed)


def test_more_slips_are_less_sure():
    (one,), (two,) = KNOWN.meant("шығармошыл"), KNOWN.meant("шығормошыл")

    assert 0 < two.weight < one.weight < 1


@pytest.mark.parametrize(("typed", "near"), [("гоалиция", "коалиция"), ("ерталық", "орталық")])
def test_a_first_letter_is_never_put_right(typed, near):
    assert near not in [stem for stem, how in meant(typed) if how is How.TYPO]


@pytest.mark.parametrize("typed", ["жлд", "хлық", "жңа", "мшше", "крмі"])
def test_a_word_of_fewer_than_five_letters_is_not_put_right(typed):
    assert How.TYPO not in [how for _, how in meant(typed)]


def test_a_word_that_the_articles_know_is_no_typo_of_another():
    known = vocabulary("Жарық өшті. Жарыс басталды.")

    assert [(one.stem, one.how) for one in known.meant("жарыс")] == [("жарыс", How.EXACT)]
    assert [(one.stem, one.how) for one in known.meant("жарық")] == [("жарық", How.EXACT)]


def test_a_near_word_of_the_same_root_is_no_typo():
    known = vocabulary("Сарапшылар жиналды.")

    assert [(one.stem, one.how) for one in known.meant("сарапшыл")] == [("сарапшы", How.RELATED)]


@pytest.mark.parametrize("number", ["20265", "123457"])
def test_a_number_is_no_typo_of_another(number):
    assert vocabulary("Барлығы 20266 және 123456 дана.").meant(number) == ()


@pytest.mark.parametrize(("heard", "stem"), [("креатив", "creative"), ("криэйтив", "creative")])
def test_a_foreign_name_is_found_by_ear(heard, stem):
    assert stem in [found for found, _ in meant(heard)]


def test_two_consonants_are_too_few_to_tell_a_foreign_name():
    assert "hub" not in [found for found, _ in meant("хаб")]


def test_a_name_by_ear_is_less_sure_than_a_spelling():
    (heard,), (spelled,) = KNOWN.meant("креатив"), KNOWN.meant("мажилис")

    assert 0 < heard.weight < spelled.weight < 1


def test_a_synonym_stands_in_for_a_word_that_the_articles_lack():
    (found,) = vocabulary(*NEWS, synonyms=(("көлік", "машина"),)).meant("машинаның")

    assert (found.stem, found.how) == ("көлік", How.SYNONYM)
    assert 0 < found.weight < 1


def test_a_synonym_stands_behind_the_word_itself():
    known = vocabulary(*NEWS, "Машина сатылды.", synonyms=(("көлік", "машина"),))

    assert [(one.stem, one.how) for one in known.meant("машина")] == [
        ("машина", How.EXACT),
        ("көлік", How.SYNONYM),
    ]


def test_a_synonym_of_a_word_in_another_spelling_is_found_too():
    known = vocabulary(*NEWS, synonyms=(("мәжіліс", "көлік"),))

    assert ("көлік", How.SYNONYM) in [(one.stem, one.how) for one in known.meant("мажилистин")]


def test_a_synonym_that_the_articles_lack_is_not_looked_for():
    assert vocabulary(*NEWS, synonyms=(("ұшақ", "әуе кемесі"),)).meant("ұшақ") == ()


def test_words_of_different_groups_are_no_synonyms_of_each_other():
    known = vocabulary(*NEWS, synonyms=(("машина", "автокөлік"), ("автокөлік", "көлік")))

    assert known.meant("машина") == ()


@pytest.mark.parametrize("word", ["хоккей", "динозавр", "жылқы", "hockey", "қйқйқ", "999", "ғ", "سالەم"])
def test_an_unrelated_word_means_nothing(word):
    assert KNOWN.meant(word) == ()


def test_without_articles_no_word_means_anything():
    assert vocabulary().meant("мәжіліс") == ()
