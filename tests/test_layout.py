import textwrap

import pytest

from retrieval.article import Span
from retrieval.layout import Kind, Line, kind_of, read_lines, trimmed

PROSE = "Елордада қар қалың жауды."


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (Kind.CAPTION, "Сурет: Жетісу облысы әкімдігінің баспасөз қызметі"),
        (Kind.CAPTION, "Суретте: жаңа мектептің ашылуы"),
        (Kind.CAPTION, "Сурет – автордан"),
        (Kind.CAPTION, "Сурет ашық дереккөзден: Pixabay"),
        (Kind.CAPTION, "Фото: Ақорда"),
        (Kind.CAPTION, "ФОТО: Асқар Серік."),
        (Kind.CAPTION, "Фото © Reuters"),
        (Kind.CAPTION, "© Qala.kz"),
        (Kind.CAPTION, "Коллаж: редакция"),
        (Kind.CAPTION, "Көрнекі сурет: freepik.com"),
        (Kind.CAPTION, "Photo: Ministry of Sport"),
        (Kind.FURNITURE, "$541.34 €640.73 ₽6.53"),
        (Kind.FURNITURE, "USD 541.34 EUR 640.73"),
        (Kind.FURNITURE, "USD/KZT 541,34 | EUR/KZT 640,73"),
        (Kind.FURNITURE, "541.34 USD"),
        (Kind.FURNITURE, "EUR"),
        (Kind.FURNITURE, "☀ -5°C  $ 540,1"),
        (Kind.FURNITURE, "Алматы +3°C"),
        (Kind.FURNITURE, "Нұр-Сұлтан: -12 °C"),
        (Kind.FURNITURE, "13.02.2026ж. 19:00"),
        (Kind.FURNITURE, "×"),
        (Kind.FURNITURE, "* * *"),
        (Kind.FURNITURE, "19:00"),
        (Kind.HEADING, "Жастар аудиториясына назар"),
        (Kind.HEADING, "Адам құқықтары - ең жоғары құндылық"),
        (Kind.HEADING, "Инфляция 8,5%"),
        (Kind.HEADING, "USD бағамы өсті"),
        (Kind.HEADING, "ЖАҢА МЕКТЕП"),
        (Kind.HEADING, "Фотограф әңгімесі"),
        (Kind.SPEAKER, "АСЫЛБЕК ТУҒАНБАЙ, «AMANAT» ПАРТИЯСЫ ПОФ ТӨРАҒАСЫ:"),
        (Kind.SPEAKER, "ГҮЛНАР ӘСЕТҚЫЗЫ:"),
        (Kind.SPEAKER, "Жиынды қорытындылаған облыс әкімі Б. Исабаев:"),
        (Kind.TEXT, PROSE),
        (Kind.TEXT, "Қар жауды!"),
        (Kind.TEXT, "Неге?"),
        (Kind.TEXT, "«Біз жеңдік», – деді ол."),
        (Kind.TEXT, "- алма"),
        (Kind.TEXT, "• жүзім мен өрік"),
        (Kind.TEXT, "1. Мектепке бару"),
        (Kind.TEXT, "2) Кітап оқу"),
        (Kind.TEXT, "Бүгін -5°C болады, ал ертең күн жылынып, қар ериді."),
        (Kind.TEXT, "Фото көрмесі қалалық кітапханада ашылды."),
        (Kind.TEXT, "Сурет салу байқауына аудан мектептерінен екі жүзге жуық оқушы қатысты."),
        (Kind.TEXT, " ".join(["Тыныс белгісі жоқ ұзын абзац та"] * 4)),
    ],
)
def test_a_line_is_what_a_reader_takes_it_for(kind, line):
    assert kind_of(line) == kind


def lines(text: str, start: int = 0) -> list[str]:
    return [text[slice(*line.span)] for line in read_lines(text, start)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\n \t\n"])
def test_lines_end_at_every_kind_of_line_end(end):
    assert lines(end.join(["Бірінші сөйлем.", "Екінші сөйлем."])) == ["Бірінші сөйлем.", "Екінші сөйлем."]


def test_the_white_space_around_a_line_is_not_part_of_it():
    text = f"\ufeff \t{PROSE}\u00a0 \n"

    assert list(read_lines(text)) == [Line(Span(3, 3 + len(PROSE)), Kind.TEXT)]


def test_trimming_white_space_alone_leaves_nothing():
    assert trimmed(" \n\t ", 0, 4) == Span(4, 4)


def test_reading_starts_where_it_is_told():
    text = f"Тақырып\n{PROSE}"

    assert lines(text, 7) == [PROSE]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Елордада қар қалың", "жауды."),
        ("Елордада боран,", "ал Алматыда күн ашық."),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_sentence_broken_over_two_lines_is_one_line(above, below, end):
    assert lines(f"{above}{end}{below}") == [f"{above}{end}{below}"]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Елордада қар жауды.", "кеше күн ашық еді."),
        ("Ауа райы", "Елордада қар жауды."),
        ("АЙГҮЛ СЕРІК, МҰҒАЛІМ:", "сабақ қайта басталды."),
        ("Астанада мектептер жабылды", "qala.kz"),
        ("Ауа райы", "\nқар жауады"),
        ("Ауа райы", "\u2028\u2028қар жауады"),
    ],
)
def test_other_neighbours_stay_two_lines(above, below):
    assert len(lines(f"{above}\n{below}")) == 2


@pytest.mark.parametrize("width", [60, 72, 100])
@pytest.mark.parametrize("seed", ["000", "001", "002", "004"])
def test_a_text_wrapped_at_a_width_reads_as_its_paragraphs(seeds, seed, width):
    article = next(article for id_, article in seeds.items() if id_.startswith(seed))
    paragraphs = [
        " ".join(line.split()) for line in article.text[article.body :].splitlines() if line.strip()
    ]
    wrapped = "\n\n".join(
        textwrap.fill(paragraph, width, break_long_words=False, break_on_hyphens=False)
        for paragraph in paragraphs
    )

    assert [" ".join(line.split()) for line in lines(wrapped)] == paragraphs
