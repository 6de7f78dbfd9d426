import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.homoglyphs import is_disguised, resolve
from retrieval.words import Word, normal, words

# A text and its words: the text may be given in any of the forms below without a change of its words.
TEXTS = {
    "Мәжіліс төрағасы Ерлан Қошанов": ["мәжіліс", "төрағасы", "ерлан", "қошанов"],
    "Жан-жақты талдау": ["жан-жақты", "жан", "жақты", "талдау"],
    "Қасым-Жомарт Кемелұлы": ["қасым-жомарт", "қасым", "жомарт", "кемелұлы"],
    "Йод пен ёлка, мәні мен май": ["йод", "пен", "ёлка", "мәні", "мен", "май"],
    "АҚШ-тың елшісі": ["ақш", "елшісі"],
    "Форбс-тің тізімі, Алматы–Астана жолы": ["форбс", "тізімі", "алматы-астана", "алматы", "астана", "жолы"],
    "15-ші, 15-інші және 700-ге жуық": ["15", "15", "және", "700", "жуық"],
    "10 000 адам, 10.000 теңге": ["10000", "адам", "10000", "теңге"],
    "15.03.2026 күні сағат 19.00-де": ["15", "наурыз", "2026", "күні", "сағат", "19.00"],
    "13-ақпан, 5-сынып": ["13", "ақпан", "5", "сынып"],
    "2026 ж. қаңтар, т.б. жайттар": ["2026", "ж", "қаңтар", "тб", "жайттар"],
    "Қазақстан-2050 бағдарламасы": ["қазақстан-2050", "қазақстан", "2050", "бағдарламасы"],
    "Atyrau Creative Hub": ["atyrau", "creative", "hub"],
    "Мұнда ара ұшты": ["мұнда", "ара", "ұшты"],
}
LOOK_ALIKE = str.maketrans("асеорхіА", "aceopxiA")
LATIN_TEXTS = {"Atyrau Creative Hub"}


def texts(given_: str) -> list[str]:
    return [word.text for word in words(given_)]


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_a_text_has_its_words(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_capitals_do_not_change_the_words(text, expected):
    assert texts(text.upper()) == texts(text.lower()) == expected


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_composition_does_not_change_the_words(form, text, expected):
    assert texts(unicodedata.normalize(form, text)) == expected


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_look_alikes_do_not_change_the_words(text, expected):
    assert texts(text.translate(LOOK_ALIKE)) == expected
    assert texts(text.replace("e", "е").replace("a", "а").replace("C", "С")) == expected
    assert texts(text.replace("ә", "ə").replace("ө", "ɵ")) == expected


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
@pytest.mark.parametrize(
    "sign", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u0301", "\u0336"]
)
def test_invisible_signs_and_stress_do_not_change_the_words(sign, text, expected):
    # Latin accents are letters of the Kazakh Latin alphabets, and figures are not broken.
    if text in LATIN_TEXTS and sign == "\u0301":
        return
    letters = zip(text, text[1:] + " ", strict=True)
    noisy = "".join(one + sign if one.isalpha() and next_.isalpha() else one for one, next_ in letters)

    assert texts(noisy) == expected


@pytest.mark.parametrize("hyphen", "-‐‑–")
def test_every_hyphen_between_letters_joins_them(hyphen):
    assert texts(f"жан{hyphen}жақты") == ["жан-жақты", "жан", "жақты"]


@pytest.mark.parametrize("dash", [" - ", " – ", "—", " -", "- "])
def test_a_dash_separates(dash):
    assert texts(f"жан{dash}жақты") == ["жан", "жақты"]


def test_a_long_chain_of_hyphens_counts_in_parts_only():
    assert texts("а-б-в-г-ж") == ["а", "б", "в", "г", "ж"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10\u00a0000", ["10000"]),
        ("10\u202f000-ға", ["10000"]),
        ("10,000", ["10000"]),
        ("1 234 567", ["1234567"]),
        ("1.234,5", ["1234.5"]),
        ("1 234,5", ["1234.5"]),
        ("3,5", ["3.5"]),
        ("3.5", ["3.5"]),
        ("0,125", ["0.125"]),
        ("40%", ["40"]),
        ("40%-ға", ["40"]),
        ("19:00", ["19", "00"]),
        ("10-15", ["10", "15"]),
        ("1990–2000", ["1990", "2000"]),
        ("2026 100", ["2026", "100"]),
        ("100 2026", ["100", "2026"]),
        ("5-шi", ["5"]),
        ("5-шісі", ["5"]),
        ("5-ши", ["5"]),
        ("5-ден", ["5"]),
        ("5-го", ["5"]),
        ("5th", ["5"]),
        ("10кг", ["10", "кг"]),
        ("м²", ["м2"]),
        ("CO2", ["co2"]),
        ("COVID-19-дан", ["covid-19", "covid", "19"]),
        ("٣٤", ["34"]),
        ("192.168.1.1", ["192.168.1.1"]),
    ],
)
def test_a_number_is_its_digits(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15.03.2026", ["15", "наурыз", "2026"]),
        ("05/03/2026", ["5", "наурыз", "2026"]),
        ("2026-03-15", ["15", "наурыз", "2026"]),
        ("15.03.26", ["15", "наурыз", "2026"]),
        ("15.03.91", ["15", "наурыз", "1991"]),
        ("13.02.2026ж.", ["13", "ақпан", "2026", "ж"]),
        ("15.03.2026-да", ["15", "наурыз", "2026"]),
        ("15.03", ["15.03", "15", "наурыз"]),
        ("15.03%", ["15.03"]),
        ("15.13", ["15.13"]),
        ("31.13.2026", ["31.13.2026"]),
    ],
)
def test_a_date_is_its_day_month_and_year(text, expected):
    assert texts(text) == expected


def test_the_words_of_a_date_stand_where_it_stands():
    assert words("Ол 15.03.2026, кеше") == [
        Word("ол", 0, 2),
        Word("15", 3, 13),
        Word("наурыз", 3, 13),
        Word("2026", 3, 13),
        Word("кеше", 15, 19),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("XX ғ. б.з.д.", ["xx", "ғ", "бзд"]),
        ("т. б. елдер", ["тб", "елдер"]),
        ("А.Қ.Ш. және Қ.Қ. Тоқаев", ["ақш", "және", "қ", "қ", "тоқаев"]),
        ("Б. Исабаев, Б.Исабаев", ["б", "исабаев", "б", "исабаев"]),
        ("BAQ.KZ", ["baq", "kz"]),
        ("#Тоқаев @user_name", ["тоқаев", "user", "name"]),
        ("S'ymkent S\u2019ymkent S\u02bcymkent", ["s'ymkent"] * 3),
        ("'сөз' ‘сөз’ ʼсөзʼ", ["сөз", "сөз", "сөз"]),
        ("Д'Артаньян", ["дартаньян"]),
        ("¥лт ¥100", ["ұлт", "100"]),
        ("Ƨ ¥", ["ƨ"]),
        ("ـ ʼ", []),
        ("قازاقستان", ["قازاقستان"]),
        ("ﻗﺎزاق", ["قازاق"]),
    ],
)
def test_signs_of_writing_are_no_part_of_a_word(text, expected):
    assert texts(text) == expected


def test_spans_are_those_of_the_surface():
    text = "\ufeffҚо\u00adғам\ufeff, и\u0306од 700-ге т.б."

    assert [(word.text, text[word.start : word.end]) for word in words(text)] == [
        ("қоғам", "Қо\u00adғам"),
        ("йод", "и\u0306од"),
        ("700", "700-ге"),
        ("тб", "т.б"),
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("мәжiлic", "мәжіліс"),
        ("Mәжіліс", "Мәжіліс"),
        ("HAУРЫЗ", "НАУРЫЗ"),
        ("Таlgаt", "Talgat"),
        ("каzakh", "kazakh"),
        ("EXPO", "EXPO"),
        ("XIX", "XIX"),
        ("oсa", "оса"),
        ("Əлем", "Әлем"),
        ("ƒылым", "ғылым"),
    ],
)
def test_the_letters_that_look_like_no_other_decide_the_script(word, expected):
    assert resolve(word) == expected


@pytest.mark.parametrize(
    ("text", "disguised"),
    [
        ("жаңа apa келді", True),
        ("apa ұшты", True),
        ("zhana apa keldi", False),
        ("жаңа apa keldi", False),
        ("жаңа APA келді", False),
        ("apa", False),
        ("жаңа dala келді", False),
    ],
)
def test_neighbours_decide_where_no_letter_does(text, disguised):
    start = next(at for at, letter in enumerate(text) if letter in "adA")
    start = text.lower().find("apa") if "apa" in text.lower() else start
    end = text.find(" ", start) if " " in text[start:] else len(text)

    assert is_disguised(text, start, end) is disguised


HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "абқіңи1234567890 .,-–'’¥ʼ%\n\u0301\u0306\u0308\u00ad\u200b\ufeff\u0640aceopİıßﬁ½²Ⅻ٣\ud800\0🎉שـ"
        ),
    )
)


@given(HOSTILE)
@settings(max_examples=340, deadline=None)
def test_every_span_stands_in_the_text_and_in_order(text):
    last = 0
    for word, start, end in words(text):
        assert word
        assert word == word.strip()
        assert 0 <= start < end <= len(text)
        assert start >= last
        assert text[start].isalnum() or text[start] == "¥"
        last = start


@given(HOSTILE)
@settings(max_examples=170, deadline=None)
def test_a_normal_word_is_normal(text):
    for part in text.split():
        assert normal(normal(part)) == normal(part)


@pytest.mark.parametrize(
    "text",
    [
        "а" * 100_000,
        "а\u200b" * 50_000,
        "\u200b" * 100_000,
        "а" + "\u200b" * 50_000,
        "а" + "\u0301" * 50_000,
        "а-" * 50_000,
        "т." * 30_000,
        "a " * 30_000,
        "'" * 50_000,
        "1" * 100_000,
        "1." * 50_000,
        "1 234 " * 20_000,
        "\ufe70",
    ],
)
def test_a_long_row_of_anything_ends(text):
    assert all(0 <= word.start < word.end <= len(text) for word in words(text))
