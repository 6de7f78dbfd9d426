"""PDFs: letters that nobody can see on the page are no text of it, and letters that are seen stay."""

import pytest

from retrieval.document import Document
from retrieval.formats import pdf
from tests.pdfs import Words, lines, stream
from tests.pdfs import pdf as made

STORY = lines(40, 500, "Сарысу өзенінің бойында жаңа кітапхана", "ашылды, оған көп адам келді.")
TEXT = "Сарысу өзенінің бойында жаңа кітапхана ашылды, оған көп адам келді."
OTHER = Words(40, 300, "Жасырын сөз.")
BOTH = f"{TEXT}\n\n{OTHER.text}"
PLAIN = "0 g 0 G 0 Tr"
SPACES = "/ColorSpace << /Icc [/ICCBased 7 0 R] /Tint [/Separation /Spot /DeviceCMYK << >>] /Inks [/ICCBased 8 0 R] >>"
PROFILES = (stream(b"", "/N 3"), stream(b"", "/N 4"))
PICTURE = stream(b"\x00", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8")
PICTURES = "/XObject << /Im 7 0 R >>"
WHOLE_PAGE = "q 420 0 0 595 0 0 cm /Im Do Q"


HUGE = "9" * 30


def text(*content: Words | str, **about) -> str:
    (found,) = pdf.documents("a.pdf", made([content], **about))
    assert isinstance(found, Document), found
    return found.text


@pytest.mark.parametrize(
    "colour",
    [
        "1 g",
        "0.97 g",
        "1 1 1 rg",
        "0 0 0 0 k",
        "/DeviceRGB cs 1 1 1 sc",
        "/DeviceGray cs 1 scn",
        "/DeviceCMYK cs 0 0 0 0 sc",
        "/Icc cs 1 1 1 scn",
        "/Inks cs 0 0 0 0 scn",
        "/Tint cs 0 scn",
        "1 Tr 1 G",
        "2 Tr 1 g 1 G",
        "1 g q 0 g Q",
    ],
)
def test_white_letters_on_paper_are_left_out(colour: str):
    assert text(*STORY, colour, OTHER, PLAIN, resources=SPACES, more=PROFILES) == TEXT


@pytest.mark.parametrize(
    "colour",
    [
        "0.4 g",
        "1 0 0 rg",
        "0 0 0 1 k",
        "1 g /DeviceRGB cs",
        "/DeviceCMYK cs 1 1 1 1 sc",
        "/Icc cs 1 0 0 scn",
        "/Inks cs 1 1 1 1 scn",
        "/Tint cs 1 scn",
        "/Pattern cs /P scn",
        "/Unknown cs 1 scn",
        "/Unknown cs 0 scn",
        "1 G",
        "1 Tr 1 g",
        "2 Tr 1 g",
        "7 Tr 1 g",
        "q 1 g Q",
        "q 3 Tr Q",
    ],
)
def test_letters_of_another_colour_stay(colour: str):
    assert text(*STORY, colour, OTHER, PLAIN, resources=SPACES, more=PROFILES) == BOTH


@pytest.mark.parametrize(
    ("ground", "seen"),
    [
        ("0.2 0 0.5 rg 30 290 200 30 re f", True),
        ("0 0 0 1 k 30 290 m 230 290 l 230 320 l 30 320 l h f*", True),
        ("q 1 0 0 1 30 290 cm 0 0 200 30 re b Q", True),
        ("q 200 0 0 30 30 290 cm /Im Do Q", True),
        ("q 200 0 0 30 30 290 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x01 EI Q", True),
        ("/S sh", True),
        ("30 302 200 1 re f", False),  # a line through them
        ("30 290 200 30 re W n", False),  # nothing is painted
        ("30 290 200 30 re S", False),
        ("30 290 200 30 re n 0 0 10 10 re f", False),
        ("1 g 30 290 200 30 re f", False),
        ("0 g 30 100 200 30 re f", False),  # somewhere else
    ],
)
def test_white_letters_stay_where_they_stand_on_something_dark(ground: str, *, seen: bool):
    found = text(*STORY, ground, "1 g", OTHER, resources=PICTURES, more=[PICTURE])
    assert found == (BOTH if seen else TEXT)


def test_a_page_whose_letters_are_mostly_white_is_read_whole():
    assert text("1 g", *STORY, "0 g", OTHER) == BOTH


@pytest.mark.parametrize(
    ("where", "page"),
    [
        (OTHER._replace(x=-80), ""),
        (OTHER._replace(x=430), ""),
        (OTHER._replace(x=430), "/CropBox [0 0 900 900]"),
        (OTHER._replace(x=350), "/CropBox [20 20 340 560]"),
        (OTHER._replace(x=240, y=500), "/CropBox [20 20 235 560]"),  # right behind the words of a line
        (OTHER._replace(y=580), "/CropBox [20 20 400 560]"),
        (OTHER._replace(y=10), "/CropBox [20 20 400 560]"),
    ],
)
def test_letters_off_the_page_are_left_out(where: Words, page: str):
    assert text(*STORY, where, page=page) == TEXT


@pytest.mark.parametrize(("across", "seen"), [(250, True), (350, False)])
@pytest.mark.parametrize(("turn", "matrix"), [(90, "0 1 -1 0 520 0"), (270, "0 -1 1 0 -100 595")])
def test_the_sides_of_a_turned_page_are_those_that_a_reader_sees(
    turn: int, matrix: str, across: int, *, seen: bool
):
    box = {90: "[0 0 420 340]", 270: "[0 255 420 595]"}[turn]
    page = f"/Rotate {turn} /CropBox {box}"
    found = text(f"{matrix} cm", *STORY, OTHER._replace(x=across), page=page)
    assert found == (BOTH if seen else TEXT)


def test_letters_without_ink_beside_others_are_left_out():
    assert text(*STORY, "3 Tr", OTHER) == TEXT


def test_letters_without_ink_are_left_out_even_where_they_are_the_most():
    assert text(OTHER, "3 Tr", *STORY) == OTHER.text


def test_letters_without_ink_on_a_picture_are_left_out_where_they_are_few():
    found = text("q 200 0 0 30 30 290 cm /Im Do Q", *STORY, "3 Tr", OTHER, resources=PICTURES, more=[PICTURE])
    assert found == TEXT


@pytest.mark.parametrize("scan", [WHOLE_PAGE, ""])
def test_a_scan_with_recognised_text_is_read(scan: str):
    assert text("3 Tr", *STORY, OTHER, scan, resources=PICTURES, more=[PICTURE]) == BOTH


def test_a_scan_that_a_library_stamped_is_read_with_the_stamp():
    assert text(WHOLE_PAGE, "3 Tr", *STORY, "0 Tr", OTHER, resources=PICTURES, more=[PICTURE]) == BOTH


FORM = "/Subtype /Form /Resources << /Font << /F 3 0 R >> >>"
LAYER = b"<< /Type /OCG /Name (one) >>"
OFF = "/D << /OFF [7 0 R] >>"
ON = "/D << /BaseState /OFF /ON [7 0 R] >>"


def layered(state: str, *content: Words | str, group: str = "/OCGs 7 0 R", form: bytes = b"null") -> str:
    return text(
        *STORY,
        *content,
        catalog=f"/OCProperties << /OCGs [7 0 R 8 0 R] {state} >>",
        resources="/Properties << /L 7 0 R /M 8 0 R /G 9 0 R >> /XObject << /X 10 0 R >>",
        more=[LAYER, LAYER, f"<< /Type /OCMD {group} >>".encode(), form],
    )


@pytest.mark.parametrize(
    ("state", "name", "seen"),
    [
        (OFF, "/L", False),
        (OFF, "/M", True),
        (ON, "/L", True),
        (ON, "/M", False),
        ("/D << >>", "/L", True),
        (OFF, "/Unknown", True),
        (OFF, "<< /A 1 >>", True),
    ],
)
def test_layers_that_are_switched_off_are_left_out(state: str, name: str, *, seen: bool):
    inner = ["/Artifact BMC", "EMC", "/Span << /Lang (kk) >> BDC"]
    assert layered(state, f"/OC {name} BDC", *inner, OTHER, "EMC EMC") == (BOTH if seen else TEXT)


def test_a_layer_ends_where_it_ends():
    assert layered(OFF, "/OC /L BDC", "EMC", OTHER) == BOTH


@pytest.mark.parametrize(
    ("group", "seen"),
    [
        ("/OCGs 7 0 R", False),
        ("/OCGs 8 0 R", True),
        ("/OCGs [7 0 R 8 0 R]", True),
        ("/OCGs [7 0 R 8 0 R] /P /AllOn", False),
        ("/OCGs [7 0 R 8 0 R] /P /AllOff", False),
        ("/OCGs [7 0 R] /P /AllOff", True),
        ("/OCGs [8 0 R] /P /AnyOff", False),
        ("/OCGs [7 0 R 8 0 R] /P /AnyOff", True),
        ("/OCGs []", True),
        ("", True),
    ],
)
def test_a_group_of_layers_is_seen_as_its_rule_says(group: str, *, seen: bool):
    assert layered(OFF, "/OC /G BDC", OTHER, "EMC", group=group) == (BOTH if seen else TEXT)


@pytest.mark.parametrize(("layer", "seen"), [("/OC 7 0 R", False), ("/OC 8 0 R", True), ("", True)])
def test_a_form_belongs_to_its_layer(layer: str, *, seen: bool):
    drawn = stream(b"BT /F 10 Tf 40 300 Td <09> Tj ET", f"{FORM} {layer}")
    assert (layered(OFF, "/X Do", form=drawn) != TEXT) == seen


def test_a_form_is_not_seen_within_a_layer_that_is_off():
    drawn = stream(b"BT /F 10 Tf 40 300 Td <09> Tj ET", FORM)
    assert layered(OFF, "/OC /L BDC /X Do EMC", form=drawn) == TEXT


@pytest.mark.parametrize(
    "operators",
    [
        "/OC BDC EMC EMC",
        "BDC",
        "cs",
        "[1] cs",
        "<< /A 1 >> cs",
        "sc",
        "(a) g",
        "re 1 re 1 2 re f",
        f"{HUGE} 0 0 {HUGE} 0 0 cm " * 20 + "-1 -1 2 2 re f /Im Do",
        f"{HUGE} Tr",
        "9.5 Tr",
        "(a) Tr",
        "/Im Do",
    ],
)
def test_operators_that_make_no_sense_hide_nothing(operators: str):
    assert text("q", operators, "Q", *STORY, resources=PICTURES, more=[PICTURE]) == TEXT
