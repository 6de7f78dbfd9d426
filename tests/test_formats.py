import gzip
import io
import json
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import formats
from retrieval.document import Document, Unread
from retrieval.errors import FormatError
from retrieval.formats import documents
from retrieval.formats.kinds import READABLE, extension_of, kind_of

SNOW = "Кеше Алматыда қалың қар жауды."
PAGE = "<!DOCTYPE html><html><body><p>Қар жауды.</p></body></html>".encode()


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "Қар")
    return packed.getvalue()


def problem(name: str, data: bytes, content_type: str | None = None) -> str:
    (found,) = documents(name, data, content_type=content_type)
    assert isinstance(found, Unread)
    assert found.name == name
    return found.reason


WORD = zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "data", "content_type", "kind"),
    [
        ("a.txt", b"snow", None, "plain"),
        ("a.TXT", b"snow", None, "plain"),
        ("a", b"snow", None, "plain"),
        ("12.03.2026", b"snow", None, "plain"),
        ("a.md", b"snow", None, "markdown"),
        ("a.html", b"snow", None, "html"),
        ("a.HTM", b"snow", None, "html"),
        ("a.jsonl", b"{}", None, "lines"),
        ("result.json", b"{}", None, "telegram"),
        ("a.jsonl.gz", gzip.compress(b"{}"), None, "packed"),
        ("a.pdf", b"%PDF-1.7", None, "pdf"),
        ("a.pdf", b"damaged", None, "pdf"),
        ("a.docx", WORD, None, "docx"),
        ("a.docx", zipped("odd.xml"), None, "docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None, "docx"),  # with a password
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None, "docx"),
        ("a.zip", zipped("a.txt"), None, "archive"),
        ("a.zip", zipped("a.docx", "word/document.xml"), None, "archive"),
        ("a.zip", zipped(), None, "archive"),
        # The data say it better than the name.
        ("a.txt", b"%PDF-1.7", None, "pdf"),
        ("a.txt", WORD, None, "docx"),
        ("a.zip", WORD, None, "docx"),
        ("a.txt", zipped("a.txt"), None, "archive"),
        ("a.txt", PAGE, None, "html"),
        ("a", b"\xef\xbb\xbf\n <!-- x - y --><HTML lang=kk>", None, "html"),
        ("a.xml", b"<?xml version='1.0'?><!DOCTYPE html>", None, "html"),
        ("a.pdf", PAGE, "application/pdf", "html"),
        ("a.xml", b"<?xml version='1.0'?>\n<rss version='2.0'>", None, "feed"),
        # So does the server, unless it says nothing.
        ("https://qala.kz/1", b"snow", "text/html; charset=utf-8", "html"),
        ("https://qala.kz/1.php?a=b.pdf", b"snow", "TEXT/HTML", "html"),
        ("https://qala.kz", b"snow", None, "plain"),
        ("https://qala.kz/a.md?x=1#y", b"snow", "text/plain", "markdown"),
        ("https://qala.kz/a.log", b"snow", "text/plain", "plain"),
        ("https://qala.kz/a", b"%PDF-1.7", "application/octet-stream", "pdf"),
        ("https://qala.kz/a", b"{}", "application/x-ndjson", "lines"),
        ("https://qala.kz/a", b"snow", "application/rss+xml", "feed"),
    ],
)
def test_the_reader_fits_the_data(name, data, content_type, kind):
    assert kind_of(name, data, content_type) == kind


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a/b.c/d.TXT", "txt"),
        ("a.b/c", ""),
        (".txt", ""),
        ("a.", ""),
        ("https://a.kz/x.html?y=z.pdf#w.zip", "html"),
        ("https://a.kz", ""),
        ("http://[", ""),
        ("news.zip/a.md", "md"),
        ("a.қар", ""),
    ],
)
def test_the_extension_is_the_end_of_the_last_part_of_the_path(name, extension):
    assert extension_of(name) == extension


@pytest.mark.parametrize(
    ("name", "data", "content_type", "said"),
    [
        ("a.txt", b"", None, "empty"),
        ("a.txt", b" \r\n\t", None, "empty"),
        ("a.txt", b"\xef\xbb\xbf \n", None, "empty"),
        ("a.csv", b"a,b", None, f"is a .csv file, which cannot be read: give a {READABLE}"),
        ("a.jpg", b"\xff\xd8\xff\xe0", None, "picture"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", None, "picture"),
        ("https://qala.kz/1", b"x", "image/webp", "picture"),
        ("https://qala.kz/1", b"x", "video/mp4", "video"),
        ("a.mp4", b"\x00\x00\x00\x20ftypisom", None, "video"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None, "Excel"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBP", None, "picture"),
        ("a.mp3", b"ID3\x04\x00", None, "sound"),
        ("a.rtf", b"{\\rtf1", None, ".docx"),
        ("a.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), None, "table"),
        ("a.odt", zipped("mimetype", "content.xml"), None, ".docx"),
        ("a.rar", b"Rar!\x1a\x07", None, ".zip"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", None, ".zip"),
        ("a.xml", b"<?xml version='1.0'?><feed>", None, "feed"),
        ("a.txt.gz", gzip.compress(b"snow"), None, "unpack"),
        ("a.jsonl.gz", gzip.compress(b"{}" * 99)[:-9], None, "damaged"),
        ("a.jsonl.gz", b"\x1f\x8bxxxxxxxxxxxxxxxx", None, "damaged"),
        ("a.txt", b"\x7fELF\x02\x01\x01" + bytes(9), None, "not text"),
        ("a.md", bytes(range(256)), None, "not text"),
        ("a.json", b"{", None, "not whole JSON"),
        ("a.txt", b"a " * 10_000_001, None, "larger than 20 MB"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(name, data, content_type, said):
    assert said in problem(name, data, content_type)


def test_a_packed_file_that_swells_is_stopped():
    assert "more than 200 MB" in problem("a.jsonl.gz", gzip.compress(bytes(200_000_001), 1))


def test_a_line_too_large_is_named_and_the_next_one_read():
    large = b'{"id": "a", "text": "' + b"a " * 10_000_001 + b'"}\n'
    first, second = documents("a.jsonl", large + b'{"id": "b", "text": "snow"}')
    assert isinstance(first, Unread)
    assert (first.name, first.reason[:22]) == ("a.jsonl#1", "is larger than 20 MB: ")
    assert isinstance(second, Document)


def test_packed_lines_are_read():
    lines = "\n".join(json.dumps({"id": id_, "text": SNOW}) for id_ in ("a", "b")) + "\n\n{\n"

    found = list(documents("a.jsonl.gz", gzip.compress(lines.encode())))

    assert found[:2] == [Document("a", SNOW), Document("b", SNOW)]
    assert [str(one) for one in found[2:]] == ["a.jsonl.gz#4: is not JSON in UTF-8: write one object a line"]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ('"koi8-r"', "koi8-r"),
        ("utf-8", "cp1251"),
        ("windows-1251", "utf-8"),
        ("x", "cp866"),
    ],
)
def test_the_charset_that_a_server_names_is_heard_and_not_believed_blindly(charset, encoding):
    text = "Вчера в Алматы прошёл сильный снег, сообщает агентство."

    (found,) = documents(
        "https://qala.kz/1", text.encode(encoding), content_type=f"text/plain; charset={charset}"
    )

    assert isinstance(found, Document)
    assert found.text == text


def test_a_text_is_kept_with_what_it_says_of_itself_and_where_it_came_from():
    text = f"\ufeffАлматыда қар жауды\r\n\r\n{SNOW}\r\n"

    (found,) = documents("a.txt", text.encode(), "https://qala.kz/a.txt")

    assert found == Document(
        "a.txt",
        text,
        "Алматыда қар жауды",
        url="https://qala.kz/a.txt",
        body=len("\ufeffАлматыда қар жауды"),
    )


def test_a_reader_that_fails_half_way_loses_only_the_rest(monkeypatch):
    def failing(name, data, url=None):
        yield Document(name, data.decode(), url=url)
        raise RecursionError("secret detail")

    monkeypatch.setattr("retrieval.formats.plain.documents", failing)

    first, second = documents("a.txt", b"snow")

    assert first == Document("a.txt", "snow")
    assert isinstance(second, Unread)
    assert "damaged" in second.reason
    assert "secret" not in second.reason


def test_a_reader_that_is_not_there_is_said(monkeypatch):
    monkeypatch.delattr(formats, "pdf", raising=False)
    monkeypatch.setitem(sys.modules, "retrieval.formats.pdf", None)

    assert "in this version" in problem("a.pdf", b"%PDF-1.7")


@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.md", "a.jsonl", "a.json", "a.jsonl.gz"]))
def test_whatever_the_data_are_nothing_is_raised_and_every_text_can_be_stored(data, name):
    for found in documents(name, data):
        text = found.text if isinstance(found, Document) else found.reason
        assert text.encode("utf-8").strip()


def test_a_picture_is_no_text_for_the_one_who_asks_for_its_kind():
    with pytest.raises(FormatError, match="picture"):
        kind_of("a.gif", b"GIF89a")
