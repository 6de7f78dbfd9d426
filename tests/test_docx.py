"""Word documents: what a reader sees and nothing else."""

import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE

from retrieval.document import Document, Unread
from retrieval.formats import docx as reader

STORY = (Path(__file__).parent / "documents" / "story.docx").read_bytes()
MAIN = "word/document.xml"


def read(data: bytes) -> Document:
    (found,) = reader.documents("a.docx", data)
    assert isinstance(found, Document), found
    return found


def reason(data: bytes) -> str:
    (found,) = reader.documents("a.docx", data)
    assert isinstance(found, Unread), found.text[:200]
    assert found.name == "a.docx"
    return found.reason


def saved(document: object) -> bytes:
    out = BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def changed(parts: Mapping[str, bytes], data: bytes = STORY) -> bytes:
    """The file with some of its parts replaced, or with more of them."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(name for name in parts if name not in old.namelist())]:
            new.writestr(name, parts.get(name) or old.read(name))
    return out.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(STORY)) as parts:
        return parts.read(name)


def test_a_document_has_headings_lists_and_rows_of_tables_as_lines():
    assert read(STORY).text.split("\n\n") == [
        "Су қоймасы жөндеуден өтті",
        "Тасөткел су қоймасы үш жылдық жөндеуден кейін сәрсенбі күні іске қосылды.",
        "Бөгеттің биіктігі он екі метрге жетті. Суы тұщы.",
        "Жұмысқа бес ауылдың тұрғындары қатысты.",
        "Не өзгерді",
        "• Арналар тазартылды.",
        "• Қақпалар ауыстырылды.",
        "1. Алдымен су жіберіледі.",
        "2. Содан кейін егіс суарылады.",
        "• Ауыл | Гектар",
        "• Ақбұлақ | 420",
        "• Жаңаталап | 310",
        "Келесі жылы тағы екі су қоймасы жөнделеді.",
    ]


@pytest.mark.parametrize("unseen", ["ЖАСЫРЫН", "ҰСАҚ", "ӨШІРІЛГЕН", "ПІКІР", "КОЛОНТИТУЛ", "ТҮСІНІКТЕМЕ"])
def test_what_a_reader_does_not_see_is_left_out(unseen: str):
    everything = b"".join(
        zipfile.ZipFile(BytesIO(STORY)).read(name) for name in zipfile.ZipFile(BytesIO(STORY)).namelist()
    )
    assert unseen.encode() in everything
    assert unseen not in read(STORY).text


def test_title_author_and_date_are_those_of_the_file():
    story = read(STORY)
    assert (story.title, story.author, story.published) == (
        "Су қоймасы жөндеуден өтті",
        "Айгерім Серікқызы",
        date(2026, 3, 2),
    )
    assert story.text[story.body :].lstrip().startswith("Тасөткел су қоймасы")


@pytest.mark.parametrize(
    "filling", ["Untitled", "Документ1", "Microsoft Word Document", "story.docx", "Word", ""]
)
def test_what_a_program_fills_in_is_no_title(filling: str):
    document = docx.Document()
    document.core_properties.title = filling
    document.add_paragraph("Су қоймасы іске қосылды.")
    story = read(saved(document))
    # python-docx itself is the author in its template, and 2013 is when that was made.
    assert (story.title, story.author, story.published) == (None, None, None)


def test_a_heading_is_the_title_where_the_file_tells_none():
    document = docx.Document()
    document.add_heading("Көпір ашылды", 1)
    document.add_paragraph("Ол өзеннің екі жағын қосады.")
    assert read(saved(document)).title == "Көпір ашылды"


def test_a_date_by_itself_near_the_top_is_worth_more_than_when_the_file_was_begun():
    document = docx.Document()
    document.core_properties.created = datetime(2020, 1, 1, tzinfo=UTC)
    for text in ("Көпір ашылды", "2026 жылғы 14 наурыз", "Ол өзеннің екі жағын қосады."):
        document.add_paragraph(text)
    assert read(saved(document)).published == date(2026, 3, 14)


def test_a_hidden_style_hides_and_a_run_may_show_itself_again():
    document = docx.Document()
    style = document.styles.add_style("Secret", WD_STYLE_TYPE.PARAGRAPH)
    style.font.hidden = True
    below = document.styles.add_style("Below", WD_STYLE_TYPE.PARAGRAPH)
    below.base_style = style
    document.add_paragraph("Көрінбейді.", style="Below")
    document.add_paragraph("Бұл да жоқ. ", style="Secret").add_run("Бұл бар.").font.hidden = False
    assert read(saved(document)).text == "Бұл бар."


def test_layout_by_tables_is_read_cell_by_cell():
    document = docx.Document()
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text = "Бірінші абзац.\nЖалғасы осы жолда."
    row.cells[0].add_paragraph("Екінші абзац.")
    row.cells[1].text = "Оң жақтағы абзац."
    assert read(saved(document)).text.split("\n\n")[1:] == ["Екінші абзац.", "Оң жақтағы абзац."]


def test_text_boxes_are_read_once():
    box = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:txbxContent><w:p><w:r><w:t>Қораптағы мәтін.</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>Қораптағы мәтін.</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    shown = "Тасөткел су қоймасы үш жылдық".encode()
    main = part(MAIN).replace(shown + b"", shown, 1)
    place = main.index(b"</w:t>", main.index(shown)) + len(b"</w:t>")
    text = read(changed({MAIN: main[:place] + box.encode() + main[place:]})).text
    assert text.count("Қораптағы мәтін.") == 1
    assert (
        "Тасөткел су қоймасы үш жылдық жөндеуден кейін сәрсенбі күні іске қосылды.\n\nҚораптағы мәтін."
        in text
    )


def test_a_document_with_macros_is_read_without_them():
    kinds = part("[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    with_macros = changed({"[Content_Types].xml": kinds, "word/vbaProject.bin": b"Sub AutoOpen()"})
    assert read(with_macros).text == read(STORY).text


def test_another_office_document_is_named():
    kinds = part("[Content_Types].xml").replace(
        b"wordprocessingml.document.main", b"spreadsheetml.sheet.main"
    )
    assert "no text document" in reason(changed({"[Content_Types].xml": kinds}))


def test_a_document_without_text_says_so():
    assert "no text" in reason(saved(docx.Document()))


@pytest.mark.parametrize(
    ("inside", "told"),
    [("EncryptedPackage", "password"), ("WordDocument", ".doc)")],
    ids=["a password", "an old document"],
)
def test_compound_files_are_told_apart(inside: str, told: str):
    assert told in reason(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + inside.encode("utf-16-le") + bytes(500)
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        STORY[: len(STORY) // 2],
        changed({MAIN: b"<w:document"}),
        changed({"_rels/.rels": b"<a/>"}),
    ],
    ids=["empty", "only a head", "cut short", "no XML", "no main part"],
)
def test_a_damaged_file_says_so(data: bytes):
    assert "damaged" in reason(data)


@pytest.mark.parametrize("number", range(60))
def test_no_damage_raises(number: int):
    place = number * len(STORY) // 60
    broken = STORY[:place] + bytes([number, 255 - number] * 20) + STORY[place + 40 :]
    assert len(list(reader.documents("a.docx", broken))) == 1


@pytest.mark.parametrize(
    "parts",
    [
        {"word/media/a.png": bytes(reader.MOST_UNPACKED + 1)},
        {MAIN: b"<a>" + b" " * reader.MOST_XML + b"</a>"},
        {f"word/{number}": b"a" for number in range(reader.MOST_PARTS + 1)},
    ],
    ids=["unpacks", "text", "parts"],
)
def test_a_bomb_is_refused(parts: dict[str, bytes]):
    assert "too large" in reason(changed(parts))


def test_entities_are_not_put_in():
    lol = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE a [<!ENTITY a0 "лол"><!ENTITY file SYSTEM "file:///etc/hostname">{lol}]>'.encode()
    main = part(MAIN).replace(b"<w:document", declared + b"<w:document", 1)
    main = main.replace("Жұмысқа бес".encode(), "Жұмысқа &a9;&file; бес".encode())
    (found,) = reader.documents("a.docx", changed({MAIN: main}))
    assert isinstance(found, Unread) or "лол" not in found.text


def test_elements_nested_without_end_are_refused():
    deep = b"<w:sdt><w:sdtContent>" * 50_000
    main = part(MAIN).replace(b"<w:body>", b"<w:body>" + deep, 1)
    assert reason(changed({MAIN: main}))


def with_paragraphs(xml: str) -> Document:
    return read(changed({MAIN: part(MAIN).replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)}))


@pytest.mark.parametrize(
    "properties",
    [
        '<w:color w:val="FFFFFF"/>',
        '<w:color w:val="FEFEFD"/>',
        '<w:color w:val="000000" w:themeColor="background1"/>',
        '<w:w w:val="1"/>',
    ],
)
def test_white_or_squeezed_letters_are_not_read(properties):
    xml = f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>Көрінбейтін сөз</w:t></w:r></w:p>"
    assert "Көрінбейтін" not in with_paragraphs(xml).text


@pytest.mark.parametrize(
    ("paragraph", "run"),
    [
        ('<w:shd w:val="clear" w:fill="000000"/>', ""),
        ("", '<w:shd w:val="clear" w:fill="1F3864"/>'),
        ("", '<w:highlight w:val="black"/>'),
    ],
)
def test_white_letters_on_a_dark_ground_are_read(paragraph, run):
    xml = (
        f'<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr><w:color w:val="FFFFFF"/>{run}</w:rPr>'
        "<w:t>Көрінетін сөз</w:t></w:r></w:p>"
    )
    assert "Көрінетін" in with_paragraphs(xml).text


def test_of_a_field_the_result_is_read_and_its_code_is_not():
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    text = "<w:r><w:t>{}</w:t></w:r>".format
    xml = mark("begin") + text("Коды") + mark("separate") + text("нәтижесі") + mark("end") + text(" бар")
    found = with_paragraphs(f"<w:p>{xml}</w:p>").text
    assert "нәтижесі бар" in found
    assert "Коды" not in found


def test_boxes_in_one_another_are_read_once():
    opened = "<w:p><w:r><w:pict><w:txbxContent>"
    closed = "</w:txbxContent></w:pict></w:r></w:p>"
    xml = opened * 40 + "<w:p><w:r><w:t>Ішкі сөз</w:t></w:r></w:p>" + closed * 40
    assert with_paragraphs(xml).text.count("Ішкі сөз") == 1
