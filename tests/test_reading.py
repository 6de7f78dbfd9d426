"""What a file says of itself: title, outlet and date, read off its text."""

from datetime import date

import pytest

from retrieval.reading import read_txt, reported_by

FEB_13 = date(2026, 2, 13)
SNOW = "Елордада қар қалың жауды. Жол қызметі көшелерді түнімен тазалады."
TITLE = "Астанада мектептер қашықтан оқуға көшті"


@pytest.mark.parametrize(
    ("article", "title", "source", "published"),
    [
        (
            "000_5eb5241ac5aa239b.txt",
            "Данияр Әшімбаев: Жаңа Конституцияны қолдау науқаны қоғамдық белсенділікті арттыру кезеңіне өтті",
            "BAQ.KZ",
            date(2026, 3, 1),
        ),
        (
            "001_9e5d1ec98e8ef08e.txt",
            "Қазақстанның бірқатар өңірінде аймақтық коалициялар жұмысын бастады",
            "AstanaTV",
            date(2026, 2, 13),
        ),
        (
            "002_2050ba899efbcd72.txt",
            "Коалиция: Мақсат – мемлекеттілікті нығайтып, оны болашақ ұрпаққа жеткізу",
            "BAQ.KZ",
            date(2026, 3, 3),
        ),
        (
            "003_decd42e7af34e44d.txt",
            "Бейбіт Исабаев жаңа Конституцияның жобасын талқылау жиынын өткізді",
            None,  # the press service is the credit of the photos
            date(2026, 2, 27),
        ),
        ("004_2bb3ed058fab7c0d.txt", None, "DKNews.kz", None),
    ],
)
def test_the_five_seeds_say_this_of_themselves(seeds, article, title, source, published):
    found = seeds[article]

    assert (found.title, found.source, found.published) == (title, source, published)


def test_no_seed_loses_the_first_words_of_its_story(seeds):
    first = {id_[:3]: article.text[article.body :].split()[:2] for id_, article in seeds.items()}

    assert first == {
        "000": ["Саясаттанушы", "саяси"],
        "001": ["Елдің", "бірқатар"],
        "002": ["Мәжіліс", "төрағасы"],
        "003": ["Жиынға", "қоғамдық"],
        "004": ["2026", "жылғы"],
    }


DATED = {
    "leading space": (f" date 2026-02-13 {TITLE}\n{SNOW}", TITLE, None, FEB_13),
    "no leading space": (f"date 2026-02-13 {TITLE}\n{SNOW}", TITLE, None, FEB_13),
    "Windows line ends": (f" date 2026-02-13 {TITLE}\r\n{SNOW}\r\n", TITLE, None, FEB_13),
    "byte order mark": (f"\ufeff date 2026-02-13 {TITLE}\n{SNOW}", TITLE, None, FEB_13),
    "blank lines above": (f"\n\n date 2026-02-13 {TITLE}\n\n{SNOW}", TITLE, None, FEB_13),
    "a question for a title": (
        f" date 2026-02-13 Қыста қалай киінген дұрыс?\n{SNOW}",
        "Қыста қалай киінген дұрыс?",
        None,
        FEB_13,
    ),
    "a day that is in no calendar": (f" date 2026-02-31 {TITLE}\n{SNOW}", TITLE, None, None),
    "an outlet in the story": (
        f" date 2026-02-13 {TITLE}\n{SNOW} Мұны әкімдік растады, деп хабарлайды Qala.kz.",
        TITLE,
        "Qala.kz",
        FEB_13,
    ),
}

SCRAPED = {
    "the whole header": (
        f"$541.34 €640.73 ₽6.53\n×\n\n{TITLE}\n\nAstanaTV\n13.02.2026ж. 19:00\n{TITLE}\n\n{SNOW}",
        TITLE,
        "AstanaTV",
        FEB_13,
    ),
    "currencies by code": (
        f"USD 541.34 EUR 640.73\n{TITLE}\nAstanaTV\n13.02.2026, 19:00\n{SNOW}",
        TITLE,
        "AstanaTV",
        FEB_13,
    ),
    "codes and rates on lines of their own": (
        f"USD\n541.34\nEUR\n640.73\n{TITLE}\nQazinform\n2026-02-13\n{SNOW}",
        TITLE,
        "Qazinform",
        FEB_13,
    ),
    "the weather in the ticker": (
        f"☀ -5°C  $ 540,1\n{TITLE}\n2026 жылғы 13 ақпан, 09:15\nЕгемен Қазақстан\n{TITLE}\n{SNOW}",
        TITLE,
        "Егемен Қазақстан",
        FEB_13,
    ),
    "a town in the ticker": (f"Алматы +3°C\n{TITLE}\nBAQ.KZ\n13 ақпан 2026\n{SNOW}", TITLE, "BAQ.KZ", FEB_13),
    "outlet above the title": (f"×\nХабар 24\n{TITLE}\n13 ақпан 2026\n{SNOW}", TITLE, "Хабар 24", FEB_13),
    "outlet and date above the title": (
        f"×\nAstanaTV\n13 февраля 2026\n{TITLE}\n{SNOW}",
        TITLE,
        "AstanaTV",
        FEB_13,
    ),
    "outlet of three words above the title": (
        f"×\nҚазақстан ұлттық арнасы\n13.02.2026\n{TITLE}\n{SNOW}",
        TITLE,
        "Қазақстан ұлттық арнасы",
        FEB_13,
    ),
    "outlet behind the date": (
        f"{TITLE}\n13.02.2026 19:00\nTengrinews.kz\n{SNOW}",
        TITLE,
        "Tengrinews.kz",
        FEB_13,
    ),
    "outlet behind the title": (f"×\n{TITLE}\nQazinform\n\n{SNOW}", TITLE, "Qazinform", None),
    "outlet in lower case": (f"{TITLE}\nqala.kz\n13.02.2026\n{SNOW}", TITLE, "qala.kz", FEB_13),
    "outlet and date in one line": (f"{TITLE}\nAstanaTV | 13.02.2026\n\n{SNOW}", TITLE, "AstanaTV", FEB_13),
    "outlet and date in one line with a comma": (
        f"Qazinform, 13 ақпан 2026\n{TITLE}\n\n{SNOW}",
        TITLE,
        "Qazinform",
        FEB_13,
    ),
    "outlet between date and title": (
        f"13.02.2026\nЖас Алаш\n{TITLE}\n{SNOW}",
        TITLE,
        "Жас Алаш",
        FEB_13,
    ),
    "outlet with its label": (
        f"{TITLE}\nДереккөз: Inform.kz\n13.02.2026\n{SNOW}",
        TITLE,
        "Inform.kz",
        FEB_13,
    ),
    "a town beside the date": (f"{TITLE}\nАлматы, 13 ақпан 2026\n{SNOW}", TITLE, None, FEB_13),
    "no outlet": (f"{TITLE}\n2026-02-13 19:00\n{SNOW}", TITLE, None, FEB_13),
    "ISO time": (f"×\n{TITLE}\n2026-02-13T19:00:00+05:00\n{SNOW}", TITLE, None, FEB_13),
    "a title without a date": (f"$541.34\n×\n{TITLE}\n\n{SNOW}", TITLE, None, None),
    "a title twice and nothing else": (f"{TITLE}\n{TITLE}\n{SNOW}", TITLE, None, None),
    "a question for a title": (
        f"×\nАпта соңында күн жылына ма?\nAstanaTV\n13.02.2026\n{SNOW}",
        "Апта соңында күн жылына ма?",
        "AstanaTV",
        FEB_13,
    ),
    "a title of two words": (
        f"×\nҚар жауды\nAstanaTV\n13.02.2026\nҚар жауды\n{SNOW}",
        "Қар жауды",
        "AstanaTV",
        FEB_13,
    ),
    "a title of two lines": (
        f"×\nАстанада мектептер\nқашықтан оқуға көшті\n\nAstanaTV\n13.02.2026\n{SNOW}",
        TITLE,
        "AstanaTV",
        FEB_13,
    ),
    "menu and rubric": (
        f"Басты бет\nСпорт\n×\n{TITLE}\n13.02.2026\nFacebook\nTelegram\n{SNOW}",
        TITLE,
        None,
        FEB_13,
    ),
    "a byline": (f"×\n{TITLE}\nАйгүл Серікқызы\n13.02.2026\n{SNOW}", TITLE, None, FEB_13),
    "a picture's credit": (f"×\n{TITLE}\n13.02.2026\nФото: Ақорда\n{SNOW}", TITLE, None, FEB_13),
    "Windows line ends and a byte order mark": (
        f"\ufeff×\r\n{TITLE}\r\nAstanaTV\r\n13.02.2026ж. 19:00\r\n{TITLE}\r\n\r\n{SNOW}\r\n",
        TITLE,
        "AstanaTV",
        FEB_13,
    ),
    "a day that is in no calendar": (f"×\n{TITLE}\nAstanaTV\n31.02.2026\n{SNOW}", TITLE, "AstanaTV", None),
}

BARE = {
    "a sentence first": (SNOW, None, None, None),
    "sentences only": (f"{SNOW}\n{SNOW}", None, None, None),
    "a title, then paragraphs": (f"{TITLE}\n\n{SNOW}\n\n{SNOW}", TITLE, None, None),
    "a title, then a short lead": (f"{TITLE}\n\nҚар тоқтамай тұр.\n\n{SNOW}", TITLE, None, None),
    "a title, then a picture's credit": (f"{TITLE}\nФото: Ақорда\n{SNOW}", TITLE, None, None),
    "a title and an outlet": (f"{TITLE}\nZakon.kz\n{SNOW}", TITLE, "Zakon.kz", None),
    "a list of short lines": ("Алма\nАлмұрт\nӨрік", None, None, None),
    "one line": (TITLE, None, None, None),
    "nothing but a sign": ("×", None, None, None),
    "nothing": ("", None, None, None),
}


@pytest.mark.parametrize(("text", "title", "source", "published"), DATED.values(), ids=DATED)
def test_a_first_line_with_a_date_gives_title_and_date(text, title, source, published):
    found = read_txt("a.txt", text)

    assert (found.title, found.source, found.published) == (title, source, published)


@pytest.mark.parametrize(("text", "title", "source", "published"), SCRAPED.values(), ids=SCRAPED)
def test_the_header_of_a_scraped_page_gives_title_outlet_and_date(text, title, source, published):
    found = read_txt("a.txt", text)

    assert (found.title, found.source, found.published) == (title, source, published)


@pytest.mark.parametrize(("text", "title", "source", "published"), BARE.values(), ids=BARE)
def test_a_bare_text_gives_a_title_only_where_a_line_of_title_stands(text, title, source, published):
    found = read_txt("a.txt", text)

    assert (found.title, found.source, found.published) == (title, source, published)


@pytest.mark.parametrize("text", [case[0] for case in (*DATED.values(), *SCRAPED.values())])
def test_the_body_holds_the_story_and_not_the_header(text):
    found = read_txt("a.txt", text)

    assert found.text == text
    assert text[found.body :].count("Елордада қар") == 1
    assert found.title is None or found.title not in text[found.body :]


@pytest.mark.parametrize(
    "text",
    [
        "2026 жылғы 13 ақпанда Алматыда жарыс өтті.\nОған жүз спортшы қатысты.",
        f"{SNOW}\n13.02.2026\nКелесі жарыс осы күні басталады.",
        f"{TITLE}\n\n{SNOW}\n\n15 наурыз 2026\n\nСол күні сабақ қайта басталады.",
        f"×\n{TITLE}\n\n{SNOW}\n\n15.03.2026\n\nСол күні сабақ қайта басталады.",
        f"{'Қар қалың жауды және жол жабылды ' * 8}\n15 наурыз 2026\n{SNOW}",
    ],
)
def test_the_date_of_an_event_is_no_publication_date(text):
    assert read_txt("a.txt", text).published is None


@pytest.mark.parametrize(
    ("said", "outlet"),
    [
        ("деп хабарлайды «Қазақпарат».", "Қазақпарат"),
        ("деп хабарлайды «Қазақпарат» агенттігі.", "Қазақпарат"),
        ("деп хабарлады Tengrinews.kz тілшісі.", "Tengrinews.kz"),
        ("деп хабарлайды Qazinform ақпарат агенттігінің тілшісі.", "Qazinform"),
        ("деп хабарлайды Egemen.kz әкімдікке сілтеме жасап.", "Egemen.kz"),
        ("– деп хабарлайды Хабар 24 арнасы.", "Хабар 24"),
        ("деп хабарлайды Егемен Қазақстан.", "Егемен Қазақстан"),
        ("деп хабарлап отыр Massaget.kz.", "Massaget.kz"),
        ("деп жазады Orda.kz.", "Orda.kz"),
        ("деп BAQ.KZ хабарлайды.", "BAQ.KZ"),
        ("Бұл туралы BAQ.KZ тілшісі хабарлады.", "BAQ.KZ"),
        ("сообщает Zakon.kz.", "Zakon.kz"),
        ("Об этом сообщает Zakon.kz со ссылкой на акимат.", "Zakon.kz"),
        ("передает корреспондент Tengrinews.kz.", "Tengrinews.kz"),
        ("передаёт Казинформ.", "Казинформ"),
        ("деп хабарлайды облыс әкімдігінің баспасөз қызметі.", None),
        ("деп хабарлады Алматы қаласы әкімдігінің баспасөз қызметі.", None),
        ("деп хабарлайды ТЖМ баспасөз қызметі.", None),
        ("деп хабарлайды ҚР ІІМ.", None),
        ("деп хабарлайды ТЖМ.", None),
        ("деп хабарлайды Ақорда.", None),
        ("деп жазды Әсет Болатов.", None),
        ("деді мектеп директоры.", None),
    ],
)
def test_the_reporter_is_the_outlet_and_never_a_press_service(said, outlet):
    joint = " " if said[0].isupper() else ", "

    assert reported_by(f"Қалада қар қалың жауды{joint}{said} Жол ашық.") == outlet


def test_a_reporter_far_down_in_the_story_is_not_the_articles_source():
    assert read_txt("a.txt", SNOW * 30 + " Бұл ескі дерек, деп хабарлайды BAQ.KZ.").source is None


@pytest.mark.parametrize(
    "line", ["-5° " * 5000 + "x", "USD  " * 5000 + "x", ", " * 5000, "x.y" * 5000, "сообщает Aa " * 3000]
)
def test_no_line_takes_forever(line):
    """A pattern that tries every way to split such a line would not come back."""
    found = read_txt("a.txt", f"{line}\n{SNOW}")

    assert found.text.endswith(SNOW)
