"""PDFs: text in reading order, without what is no text, and hostile files in bounded work."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from retrieval.document import Document, Unread
from retrieval.formats import pdf
from tests.pdfs import Words, file, font, lines, stream
from tests.pdfs import pdf as made

STORY = (Path(__file__).parent / "documents" / "story.pdf").read_bytes()
ARABIC = (Path(__file__).parent / "documents" / "arabic.pdf").read_bytes()


def read(data: bytes) -> Document:
    (found,) = pdf.documents("a.pdf", data)
    assert isinstance(found, Document), found
    return found


def reason(data: bytes) -> str:
    (found,) = pdf.documents("a.pdf", data)
    assert isinstance(found, Unread), found.text[:200]
    assert found.name == "a.pdf"
    return found.reason


def paragraphs(data: bytes) -> list[str]:
    return read(data).text.split("\n\n")


def test_a_printed_page_has_its_title_its_date_and_whole_paragraphs():
    story = read(STORY)
    text = story.text.split("\n\n")
    assert story.title == "Сарысу өзенінің бойында жаңа кітапхана ашылды"
    assert story.published == date(2026, 3, 14)  # of the running head, not the day of printing
    assert (
        story.text[story.body :]
        .lstrip()
        .startswith("Сарысу өзенінің бойындағы Ақбұлақ ауылында бейсенбі күні")
    )
    assert text[1].endswith("Ауыл тұрғындары бұл күнді он бес жыл күткен.")
    assert text[3:5] == ["Оқырмандар не дейді", "МҰРАТ ӘБІШЕВ, АУЫЛ ӘКІМІ:"]
    assert "Мамыр айында көне қолжазбалар көрмесі ашылады." in text
    assert text[-1].endswith("сексен бес жастағы Қанипа әже шақырылған.")


def test_letters_that_change_the_font_and_soft_hyphens_break_no_word():
    assert paragraphs(STORY)[2] == (
        "Кітапханада қырық мыңға жуық кітап бар. Олардың үштен бірі қазақ тіліндегі көркем әдебиет, қалғаны оқу "
        "құралдары мен анықтамалықтар. Балалар бөлімінде ертегілер мен ойындарға арналған бұрыш жасақталған."
    )


def test_running_heads_and_page_numbers_are_left_out():
    text = read(STORY).text
    assert "Дала жаршысы" not in text
    assert "1 / 2" not in text


def test_arabic_script_is_read_from_the_right():
    assert paragraphs(ARABIC) == [
        "قازاق تىلى تۋرالى حابار",
        "بەيسەنبى كۇنى استانادا جاڭا كىتاپحانا اشىلدى. وندا 40 مىڭ كىتاپ بار. ادامدار كوپ كەلدى، بالالار قۋاندى.",
    ]


LEFT = [
    "Қала орталығында жаңа",
    "көпір салынды, ол өзеннің",
    "екі жағалауын қосады және",
    "кешкі кептелісті азайтады",
    "деп күтіліп отыр.",
]
RIGHT = [
    "Көпірдің ұзындығы үш",
    "жүз метр, ені отыз метр.",
    "Онда велосипед жолы да",
    "бар, жарығы түнде де",
    "жанып тұрады.",
]
IN_COLUMNS = [" ".join(LEFT), " ".join(RIGHT)]


def test_columns_drawn_one_after_the_other_stay_so():
    assert paragraphs(made([lines(40, 500, *LEFT) + lines(220, 500, *RIGHT)])) == IN_COLUMNS


def test_columns_drawn_row_by_row_are_read_one_after_the_other():
    rows = zip(lines(40, 500, *LEFT), lines(220, 500, *RIGHT), strict=True)
    assert paragraphs(made([[words for row in rows for words in row]])) == IN_COLUMNS


def test_a_row_of_a_table_is_one_line():
    rows = zip(
        lines(40, 500, "Ауыл", "Ақбұлақ", "Тасөткел", "Жаңаталап", "Сарысу", step=30),
        lines(220, 500, "Гектар", "420", "310", "280", "95", step=30),
        strict=True,
    )
    assert paragraphs(made([[words for row in rows for words in row]]))[1] == "Ақбұлақ 420"


def test_a_paragraph_goes_on_over_the_page_and_another_begins_below_a_gap():
    first = lines(40, 60, "Бірінші беттің соңғы сөйлемі келесі", "бетке өтіп кетеді де сол жерде ғана")
    second = lines(40, 500, "аяқталады деп жоспарланған болатын.") + lines(40, 450, "Жаңа абзац осы.")
    assert paragraphs(made([first, second])) == [
        "Бірінші беттің соңғы сөйлемі келесі бетке өтіп кетеді де сол жерде ғана аяқталады деп жоспарланған болатын.",
        "Жаңа абзац осы.",
    ]


def test_an_indent_begins_a_paragraph():
    page = [
        Words(52, 500, "Бірінші абзац осылай басталады да"),
        Words(40, 486, "осылайша аяқталады екен деп айтты."),
        Words(52, 472, "Екінші абзац та солай басталады, ол"),
        Words(40, 458, "да аяқталады."),
    ]
    assert len(paragraphs(made([page]))) == 2


@pytest.mark.parametrize(
    ("others", "written"),
    [
        ("Жаңа кітапхана ашылды.", "кітапханада"),  # the word stands elsewhere without the hyphen
        ("Ол кітап-ханада отырды.", "кітап-ханада"),  # and here with it
        ("Бұл туралы ештеңе жоқ.", "кітап-ханада"),  # nothing tells: as it is written
    ],
)
def test_a_hyphen_at_the_end_of_a_line_goes_only_where_that_is_sure(others: str, written: str):
    page = lines(40, 500, "Балалар бүгін түнге дейін кітап-", "ханада отырып ертегі оқыды.", step=14)
    found = paragraphs(made([page + lines(40, 400, others)]))
    assert found[0] == f"Балалар бүгін түнге дейін {written} отырып ертегі оқыды."


def test_a_page_that_is_turned_is_read_as_it_is_held():
    codes = {letter: number for number, letter in enumerate("abc", 1)}
    content = stream(b"BT /F 10 Tf 0 1 -1 0 200 100 Tm <010203> Tj ET")
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Rotate 90 /Contents 5 0 R /Resources << /Font << /F 3 0 R >> >> >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    data = file([catalog, b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>", _named(codes), page, content])
    assert read(data).text == "abc"


def _named(codes: dict[str, int]) -> bytes:
    """A font whose letters have the names of Latin ones."""
    return font(codes, None).replace(b"/g1 /g2 /g3", b"/a /b /c")


@pytest.mark.parametrize(
    "title", ["Microsoft Word - статья.docx", "Untitled", "Документ1", "story.indd", "О", ""]
)
def test_what_a_program_fills_in_is_no_title(title: str):
    story = made(
        [lines(40, 500, "Көпір салынды, ол өзеннің екі жағын қосады.")], {"Title": title, "Author": "User"}
    )
    assert (read(story).title, read(story).author) == (None, None)


def test_title_author_and_date_are_those_that_the_file_tells():
    about = {
        "Title": "Көпір ашылды",
        "Author": "Айгерім Серікқызы",
        "CreationDate": "D:20260302093000+05'00'",
    }
    story = read(made([lines(40, 500, "Көпір салынды, ол өзеннің екі жағын қосады.")], about))
    assert (story.title, story.author, story.published) == (
        "Көпір ашылды",
        "Айгерім Серікқызы",
        date(2026, 3, 2),
    )


@pytest.mark.parametrize("made_on", ["D:20261399", "yesterday", ""])
def test_an_impossible_date_is_none(made_on: str):
    story = made([lines(40, 500, "Көпір салынды.")], {"CreationDate": made_on})
    assert read(story).published is None


def test_the_link_that_it_came_from_stays_with_the_document():
    (found,) = pdf.documents("a.pdf", STORY, "https://example.kz/a.pdf")
    assert isinstance(found, Document)
    assert found.url == "https://example.kz/a.pdf"


def locked(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(STORY)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_password_is_named_and_a_file_that_only_forbids_copying_is_read():
    assert "password" in reason(locked("secret"))
    assert read(locked("")).text == read(STORY).text


def test_a_scan_asks_for_text_recognition():
    assert "OCR" in reason(made([[], []]))


def test_a_font_that_names_no_letters_is_not_taken_for_text():
    assert "OCR" in reason(made([lines(40, 500, "Көпір салынды, ол өзеннің екі жағын қосады.")], names=False))


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", STORY[:2000], b"%PDF-1.4\n" + bytes(range(256)) * 200, b"<html>"],
    ids=["empty", "only a head", "cut short", "noise", "another kind"],
)  # fmt: skip
def test_a_damaged_file_says_so(data: bytes):
    assert "damaged" in reason(data)


@pytest.mark.parametrize("number", range(30))
def test_no_damage_raises(number: int):
    place = number * len(STORY) // 30
    broken = STORY[:place] + bytes([number, 255 - number] * 20) + STORY[place + 40 :]
    assert len(list(pdf.documents("a.pdf", broken))) == 1


def hostile(content: bytes, more: tuple[bytes, ...] = (), pages: int = 1, resources: str = "") -> bytes:
    kids = " ".join(["4 0 R"] * pages)
    return file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
            font({"a": 1}, None),
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 5 0 R "
            f"/Resources << /Font << /F 3 0 R >> {resources} >> >>".encode(),
            content,
            *more,
        ]
    )


def forms(deep: int, wide: int) -> tuple[bytes, ...]:
    """Forms each of which draws the next one several times."""
    return tuple(
        stream(
            f"/X{number + 1} Do ".encode() * wide,
            f"/Type /XObject /Subtype /Form /Resources << /XObject << /X{number + 1} {7 + number} 0 R >> >>",
        )
        for number in range(deep)
    )


LETTER = b"BT /F 9 Tf 50 500 Td <01> Tj ET\n"


@pytest.mark.parametrize(
    "data",
    [
        hostile(stream(b" " * 60_000_000)),
        hostile(stream(LETTER), pages=1_001),
        hostile(stream(b"/X0 Do"), forms(7, 10), resources="/XObject << /X0 6 0 R >>"),
        b" " * (pdf.LARGEST + 1),
    ],
    ids=["unpacks", "pages", "forms in forms", "size"],
)
def test_a_bomb_is_refused(data: bytes):
    assert "too large" in reason(data)


def letters(count: int) -> bytes:
    return hostile(stream(b"BT /F 9 Tf 50 500 Td <" + b"01" * count + b"> Tj ET"))


def one_page_again_and_again(pages: int) -> bytes:
    return hostile(stream(LETTER * 8 + b" " * 4_000), pages=pages)


def objects(count: int) -> bytes:
    page_tree = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    return file(page_tree + [b"1"] * count)


@pytest.mark.parametrize(
    ("made_of", "few", "many"),
    [(letters, 30_000, 80_000), (one_page_again_and_again, 20, 60), (objects, 3_900, 4_001)],
)
def test_work_is_refused_from_the_limit_on_and_not_before(made_of, few: int, many: int, monkeypatch):
    # A fiftieth of the real limits: what counts grows with the file, and so does the time of the test.
    monkeypatch.setattr(pdf, "MOST_CONTENT", pdf.MOST_CONTENT // 50)
    monkeypatch.setattr(pdf, "MOST_OBJECTS", pdf.MOST_OBJECTS // 50)
    [below] = pdf.documents("a.pdf", made_of(few))

    assert "too large" in reason(made_of(many))
    assert isinstance(below, Document) or "too large" not in below.reason


def test_a_form_that_draws_itself_ends():
    itself = stream(b"/X0 Do", "/Subtype /Form /Resources << /XObject << /X0 6 0 R >> >>")
    assert "OCR" in reason(hostile(stream(b"/X0 Do"), (itself,), resources="/XObject << /X0 6 0 R >>"))


def test_pages_that_hold_themselves_end():
    loop = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"]
    assert reason(file(loop))


def test_nothing_in_the_text_is_unseen():
    story = read(made([lines(40, 500, "Көпір\u202e са\u200bлынды, ол өзеннің екі жағын қосады.")]))
    assert story.text == "Көпір салынды, ол өзеннің екі жағын қосады."
