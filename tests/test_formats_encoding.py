import random
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import FormatError
from retrieval.formats.encoding import decoded

SEEDS = Path(__file__).parent.parent / "seeds"
KAZAKH = "Қар жауды. Желтоқсанда Алматы қаласында әлеуметтік көмек үшін жиналды, һәм ғылым туралы сөз болды."
RUSSIAN = "В Алматы прошёл снег, сообщает «Тенгри» – вчера."
PLAIN_RUSSIAN = "В Алматы прошёл снег, сообщает агентство; школы закрыты."
UKRAINIAN = "Київ сьогодні відзначає свято української мови, повідомляє агентство."
LATIN = "Qazaqstan Respublikasynyñ Prezidenti şeşim qabyldady, ğylym turaly söz boldy."
ARABIC = "قازاقستان رەسپۋبليكاسى پرەزيدەنتى"
CHINESE = "\n".join(
    ["今天阿勒泰下雪了,天气很冷,学校都放假了。政府说明天还会下雪。我们的记者从现场报道。"] * 12
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [KAZAKH, RUSSIAN, UKRAINIAN, LATIN, ARABIC, "Қар", "Snow fell."])
def test_unicode_is_read_with_and_without_its_mark(text, encoding):
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[(KAZAKH, name) for name in ("kz1048", "ptcp154")],
        *[(RUSSIAN, name) for name in ("cp1251", "mac-cyrillic")],
        *[(PLAIN_RUSSIAN, name) for name in ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5")],
        *[(UKRAINIAN, name) for name in ("cp1251", "koi8-u")],
        *[("Қар жауды.", name) for name in ("kz1048", "ptcp154")],
        *[("СНЕГ В АЛМАТЫ", name) for name in ("cp1251", "koi8-r", "cp866")],
        ("Снег", "cp1251"),
        ("The “quick” fox – it’s here…", "cp1252"),
        ("Café à Genève, déjà fermé", "cp1252"),
        (LATIN, "cp1254"),
        (CHINESE, "gb18030"),
    ],
)
def test_an_old_encoding_is_told_by_its_letters(text, encoding):
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["kz1048", "ptcp154"])
@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_every_paragraph_of_the_seeds_comes_back_from_the_kazakh_code_pages(seed, encoding):
    written = [line.encode(encoding, "ignore") for line in seed.read_text("utf-8").split("\n")]
    lines = [line for line in written if len(line.split()) >= 10]

    assert lines
    assert [decoded(line) for line in lines] == [line.decode(encoding) for line in lines]


def test_capitals_and_two_languages_do_not_mislead():
    text = f"{KAZAKH.upper()}\n{RUSSIAN}\n{KAZAKH}"

    assert decoded(text.encode("kz1048")) == text


def test_kazakh_far_behind_a_russian_opening_still_tells_the_code_page():
    text = f"{RUSSIAN}\n" * 4000 + KAZAKH

    assert decoded(text.encode("kz1048")) == text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1251", "kz1048"),
        ("iso-8859-1", "kz1048"),
        ("utf-8", "kz1048"),
        ("koi8-r", "ptcp154"),
        ("utf-16", "kz1048"),
        ("gbk", "kz1048"),
        ("shift_jis", "kz1048"),
        ("windows-1250", "kz1048"),
        ("iso-8859-9", "ptcp154"),
        ("windows-1251", "utf-8"),
        ("no-such-charset", "kz1048"),
        ("", "kz1048"),
        ("zlib", "kz1048"),
        ("unicode_escape", "kz1048"),
        ("\x00", "kz1048"),
    ],
)
def test_a_wrong_declaration_does_no_harm(declared, encoding):
    assert decoded(KAZAKH.encode(encoding), declared) == KAZAKH


def test_a_declaration_decides_where_the_letters_leave_it_open():
    data = "Ґ".encode("cp1251")  # the same byte is Ө in KZ-1048

    assert decoded(data, "windows-1251") == "Ґ"
    assert decoded(data, "kz1048") == "Ө"


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        *[("今天阿勒泰下雪了", name) for name in ("gb2312", "GBK", "gb18030")],
        ("اليوم الثلج في المدينة", "windows-1256"),
        ("Şehirde kar yağdı, dışarı çıkmayın", "iso-8859-9"),
        ("Zażółć gęślą jaźń", "windows-1250"),
    ],
)
def test_a_language_that_is_not_ours_is_read_as_declared(text, declared):
    assert decoded(text.encode(declared), declared) == text


def test_utf_8_with_a_little_damage_is_still_utf_8():
    data = KAZAKH.encode()

    assert decoded(data[:-1] + b"\xff.") == KAZAKH[:-1] + "\ufffd."
    assert decoded(data + "ә".encode()[:1]) == KAZAKH + "\ufffd"


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"\x00" * 100,
        b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00>\x00",
        random.Random(1).randbytes(1000),
        zlib.compress(KAZAKH.encode() * 9),
    ],
    ids=["every byte", "png", "zeros", "elf", "random", "packed"],
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(FormatError, match="not text"):
        decoded(data)


@pytest.mark.parametrize("data", ["Қар é".encode() + b"\xe9", b"\xff", b"\xff\n", b"a \xb7\xb6\xb5\xf7\xd7"])
def test_an_encoding_that_nothing_tells_is_refused_and_says_what_to_do(data):
    with pytest.raises(FormatError, match="save it as UTF-8"):
        decoded(data)


@given(st.binary(max_size=300), st.none() | st.sampled_from(["utf-8", "gbk", "koi8-r", "x"]))
def test_any_bytes_are_text_or_a_sentence(data, declared):
    with suppress(FormatError):
        decoded(data, declared).encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_in_utf_8_comes_back(text):
    assert decoded(text.encode()) == text.removeprefix("\ufeff")
