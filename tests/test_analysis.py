import unicodedata

import pytest
from hypothesis import given, settings

from retrieval.analysis import analyze, grams, stems_of
from tests.texts import TEXTS

# A text and its stems: the text may be given in any of the forms below without a change of its stems.
STEMS = {
    "Мәжіліс төрағасы Ерлан Қошановпен кездесті": ["мәжіліс", "төраға", "ерлан", "қошанов", "кездес"],
    "Кітаптарымыздан мектептегілердің": ["кітап", "мектеп"],
    "бала, балалар, балаларға, баланың": ["бала", "бала", "бала", "бала"],
    "өңірлерден қоғамдық ұйымдарға": ["өңір", "қоғамдық", "ұйым"],
    "Жан-жақты пікірлер": ["жан-жақ", "жан", "жақ", "пікір"],
    "АҚШ-тың елшісі": ["ақш", "елші"],
    "йод пен ёлка": ["йод", "пен", "ёлка"],
    "Atyrau Creative Hub орталығында": ["atyrau", "creative", "hub", "орталық"],
    "15 наурызда": ["15", "наурыз"],
    "15-ші наурызда": ["15", "наурыз"],
    "он бесінші наурызда": ["15", "наурыз"],
    "15.03.2026 күні": ["15", "наурыз", "2026", "күн"],
    "екі мың жиырма алтыншы жыл": ["2026", "жыл"],
    "жүз елу адам": ["150", "адам"],
    "жүзден астам ұсыныс": ["100", "астам", "ұсыныс"],
    "бір адам, жиырма бір адам": ["бір", "адам", "21", "адам"],
    "10 000 теңге": ["10000", "теңге"],
    "XXI ғасырда": ["21", "ғасыр"],
}
CYRILLIC, LATIN = "асеорхіАСЕОРХІ", "aceopxiACEOPXI"
LOOK_ALIKE = str.maketrans(CYRILLIC + LATIN, LATIN + CYRILLIC)


def stems(text: str) -> list[str]:
    return [token.stem for token in analyze(text)]


def marked(text: str) -> list[str]:
    return [text[token.start : token.end] for token in analyze(text)]


@pytest.mark.parametrize(("text", "expected"), STEMS.items())
def test_a_text_has_its_stems(text, expected):
    assert stems(text) == expected


@pytest.mark.parametrize(("text", "expected"), STEMS.items())
def test_capitals_do_not_change_the_stems(text, expected):
    assert stems(text.upper()) == expected


@pytest.mark.parametrize(("text", "expected"), STEMS.items())
@pytest.mark.parametrize("form", ["NFD", "NFKD"])
def test_decomposition_does_not_change_the_stems(form, text, expected):
    assert stems(unicodedata.normalize(form, text)) == expected


@pytest.mark.parametrize(("text", "expected"), STEMS.items())
def test_look_alikes_do_not_change_the_stems(text, expected):
    assert stems(text.translate(LOOK_ALIKE)) == expected


@pytest.mark.parametrize(("text", "expected"), STEMS.items())
def test_soft_hyphens_do_not_change_the_stems(text, expected):
    letters = zip(text, text[1:] + " ", strict=True)
    hyphenated = "".join(
        f"{one}\u00ad" if one.islower() and next_.islower() else one for one, next_ in letters
    )

    assert stems(hyphenated) == expected


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Кеше  Қошановпен!", ["Кеше", "Қошановпен"]),
        ("АҚШ-тың елшісі", ["АҚШ-тың", "елшісі"]),
        ("Жан-жақты", ["Жан-жақты", "Жан", "жақты"]),
        ("(он бесінші)", ["он бесінші"]),
        ("15-ші күн", ["15-ші", "күн"]),
        ("XXI ғасыр", ["XXI", "ғасыр"]),
        ("«мәжі\u00adліс»", ["мәжі\u00adліс"]),
        ("жаи\u0306 түсті", ["жаи\u0306", "түсті"]),
    ],
)
def test_offsets_mark_the_word_as_it_stands(text, surfaces):
    assert marked(text) == surfaces


@given(TEXTS)
@settings(max_examples=80, deadline=None)
def test_the_tokens_of_any_text_are_in_order_and_inside_it(text):
    tokens = analyze(text)

    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert token.word
        assert token.stem
        assert token.root


@pytest.mark.parametrize("ordinal", ["15-ші", "15-інші", "он бесінші", "Он Бесінші"])
def test_an_ordinal_in_digits_and_in_words_is_one_stem(ordinal):
    assert stems(ordinal) == ["15"]


@pytest.mark.parametrize(
    ("numeral", "digits"),
    [("II", "2"), ("IV", "4"), ("XIX", "19"), ("ХХ", "20"), ("ХХІ", "21"), ("XXІ", "21")],
)
def test_a_roman_numeral_is_its_digits_in_either_alphabet(numeral, digits):
    assert stems(f"{numeral} ғасыр") == [digits, "ғасыр"]


@pytest.mark.parametrize("word", ["xx", "V", "Х", "MIX", "IIII"])
def test_what_is_no_roman_numeral_stays_a_word(word):
    (token,) = analyze(word)

    assert not token.stem.isdigit()


def test_one_is_an_article_by_itself_and_a_number_among_numbers():
    assert stems("бір жиырма, жиырма бір, бір мың") == ["бір", "20", "21", "1000"]


@pytest.mark.parametrize(
    ("derived", "root"),
    [("достықтың", "дос"), ("қоғамдық", "қоғам"), ("кітапханада", "кітапхана"), ("15-ші", "15")],
)
def test_a_word_is_known_by_its_root_too(derived, root):
    assert [token.root for token in analyze(derived)] == [root]


@pytest.mark.parametrize(
    ("typed", "stem"),
    [
        ("коалициясынын", "коалиция"),
        ("мушелерине", "мүше"),
        ("халыктан", "халық"),
        ("koalitsiyasynyn", "коалиция"),
        ("tóragasynyn", "төраға"),
        ("бесінші", "5"),
    ],
)
def test_a_word_typed_without_kazakh_letters_has_its_proper_stem_among_the_stems(typed, stem):
    assert stem in stems_of(typed)


def test_a_word_in_proper_spelling_has_one_stem():
    assert stems_of("Төрағасының") == ("төраға",)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [("қала", ["_қа", "қал", "ала"]), ("ел", ["_ел"]), ("у", ["_у"]), ("5", ["_5"])],
)
def test_the_letter_grams_of_a_stem_begin_with_a_mark(stem, expected):
    assert grams(stem) == expected
