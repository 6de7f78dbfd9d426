"""Zip archives: every file is handed to its reader under a safe name, and hostile archives are refused by name."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO

import pytest

from retrieval import formats
from retrieval.document import Document, Unread
from retrieval.formats import archive


@pytest.fixture(autouse=True)
def plain_reader(monkeypatch: pytest.MonkeyPatch):
    """Every member is text, but for archives, whatever they are called: what a name means is decided elsewhere."""

    def documents(
        name: str, data: bytes, url: str | None = None, content_type: str | None = None
    ) -> Iterator[Document | Unread]:
        if data.startswith(b"PK\x03\x04"):
            yield from archive.documents(name, data, url)
        else:
            yield Document(name, data.decode(), url=url, source=content_type)

    monkeypatch.setattr(formats, "documents", documents)


Member = tuple[str | zipfile.ZipInfo, bytes]


def zipped(*members: Member, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in members:
            made.writestr(name, data)
    return out.getvalue()


def read(data: bytes) -> list[Document | Unread]:
    return list(archive.documents("news.zip", data, "https://example.kz/news.zip"))


def names(found: Sequence[Document | Unread]) -> list[str]:
    return [one.name for one in found]


def reason(data: bytes) -> tuple[str, str]:
    (found,) = read(data)
    assert isinstance(found, Unread)
    return found.name, found.reason


def test_every_file_is_read_in_order_and_named_by_its_place():
    found = read(zipped(("b.txt", b"two"), ("a/", b""), ("a/c d.txt", b"three"), ("а/жаңалық.txt", b"four")))
    assert [(one.name, one.text) for one in found if isinstance(one, Document)] == [
        ("news.zip/b.txt", "two"),
        ("news.zip/a/c d.txt", "three"),
        ("news.zip/а/жаңалық.txt", "four"),
    ]


def test_the_link_to_the_archive_is_no_link_to_an_article():
    assert [one.url for one in read(zipped(("a.txt", b"a"))) if isinstance(one, Document)] == [None]


def with_raw_name(raw: bytes) -> bytes:
    """An archive with one file whose name is in bytes that are not said to be UTF-8."""
    held = "x" * len(raw)
    return zipped((held, b"text")).replace(held.encode(), raw)


@pytest.mark.parametrize("coding", ["utf-8", "cp866"])
def test_names_without_a_word_on_their_encoding_are_read(coding: str):
    assert names(read(with_raw_name("Новости дня.txt".encode(coding)))) == ["news.zip/Новости дня.txt"]


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("../../etc/passwd.txt", "etc/passwd.txt"),
        ("/etc/passwd.txt", "etc/passwd.txt"),
        ("C:\\Windows\\news.txt", "Windows/news.txt"),
        ("\\\\server\\share\\news.txt", "server/share/news.txt"),
        ("a/./b//../c.txt", "a/b/c.txt"),
        ("жаңа\u202etxt.exe\n\x1b[2J.txt", "жаңаtxt.exe[2J.txt"),
        ("..", "file"),
        ("a" * 500 + ".txt", "a" * 196 + ".txt"),
    ],
)
def test_names_lead_nowhere_and_can_be_seen(written: str, safe: str):
    assert names(read(zipped((zipfile.ZipInfo(written), b"text")))) == [f"news.zip/{safe}"]


def test_two_files_of_one_name_are_both_read():
    found = read(zipped(("a/x.txt", b"1"), ("/a/x.txt", b"2"), ("../a/x.txt", b"3"), ("a/x (2).txt", b"4")))
    assert len(set(names(found))) == 4
    assert names(found)[:2] == ["news.zip/a/x.txt", "news.zip/a/x (2).txt"]


def test_hidden_files_are_left_out():
    hidden = ["__MACOSX/._a.txt", ".git/config", "a/.DS_Store", "Thumbs.db"]
    assert names(read(zipped(*((name, b"x") for name in hidden), ("a.txt", b"a")))) == ["news.zip/a.txt"]


def of_kind(kind: int, name: str = "a.txt") -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o644) << 16
    return info


@pytest.mark.parametrize(
    ("kind", "told"), [(stat.S_IFLNK, "link"), (stat.S_IFIFO, "ordinary"), (stat.S_IFCHR, "ordinary")]
)
def test_links_and_devices_are_not_followed(kind: int, told: str):
    found = read(zipped((of_kind(kind), b"/etc/passwd"), (of_kind(stat.S_IFREG, "b.txt"), b"b")))
    assert isinstance(found[0], Unread)
    assert told in found[0].reason
    assert isinstance(found[1], Document)


def flagged(data: bytes, flags: int) -> bytes:
    """The archive with flags set at its first file, in its header and in the table at the end."""
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[local + 6 : local + 8] = changed[central + 8 : central + 10] = struct.pack("<H", flags)
    return bytes(changed)


@pytest.mark.parametrize("flags", [0x1, 0x41])
def test_a_password_is_named_and_the_rest_is_read(flags: int):
    found = read(flagged(zipped(("a.txt", b"a"), ("b.txt", b"b")), flags))
    assert isinstance(found[0], Unread)
    assert "password" in found[0].reason
    assert isinstance(found[1], Document)


def test_an_archive_in_an_archive_is_refused_by_any_name():
    inner = zipped(("a.txt", b"a"))
    found = read(zipped(("inner.zip", inner), ("inner.docx", inner), ("b.tar.gz", b"x"), ("c.txt", b"c")))
    assert [isinstance(one, Unread) and "inside an archive" in one.reason for one in found] == [True] * 3 + [
        False
    ]
    # What is read after it is no longer inside of one.
    assert isinstance(read(inner)[0], Document)


def test_a_file_packed_too_tightly_is_refused_and_the_rest_is_read():
    found = read(zipped(("bomb.txt", bytes(20_000_000)), ("a.txt", b"a")))
    assert isinstance(found[0], Unread)
    assert "tightly" in found[0].reason
    assert isinstance(found[1], Document)


def declared(data: bytes, size: int) -> bytes:
    """The archive whose first file says in the table at the end that it unpacks to so many bytes."""
    central = data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[central + 24 : central + 28] = struct.pack("<I", size)
    return bytes(changed)


def test_one_file_too_large_is_named():
    name, told = reason(declared(zipped(("a.txt", b"a")), archive.LARGEST_MEMBER + 1))
    assert name == "news.zip/a.txt"
    assert "50 MB" in told


def test_an_archive_too_large_is_refused_as_a_whole():
    name, told = reason(declared(zipped(("a.txt", b"a"), ("b.txt", b"b")), archive.LARGEST))
    assert name == "news.zip"
    assert "200 MB" in told


def test_a_file_that_unpacks_to_more_than_it_says_is_damaged():
    (found,) = read(declared(zipped(("a.txt", b"a" * 5_000_000)), 1_000))
    assert isinstance(found, Unread)
    assert "damaged" in found.reason


def test_too_many_files_are_refused():
    data = zipped(
        *((f"{number}.txt", b"") for number in range(archive.MOST_MEMBERS + 1)), method=zipfile.ZIP_STORED
    )
    assert "20000" in reason(data)[1]


def test_a_wrong_checksum_spoils_its_file_alone():
    data = bytearray(zipped(("a.txt", b"first article"), ("b.txt", b"second"), method=zipfile.ZIP_STORED))
    data[data.index(b"first")] ^= 1
    found = read(bytes(data))
    assert isinstance(found[0], Unread)
    assert "damaged" in found[0].reason
    assert isinstance(found[1], Document)


def test_an_unknown_method_of_packing_is_named():
    data = bytearray(zipped(("a.txt", b"a")))
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    data[local + 8 : local + 10] = data[central + 10 : central + 12] = struct.pack("<H", 97)
    assert "ordinary zip" in reason(bytes(data))[1]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", zipped(("a.txt", zlib.compress(b"a" * 999)))[:-30], b"not a zip" * 100],
    ids=["empty", "only a head", "cut short", "another kind"],
)
def test_a_damaged_archive_says_so(data: bytes):
    name, told = reason(data)
    assert name == "news.zip"
    assert "damaged" in told


def test_an_archive_without_files_says_so():
    assert "no files" in reason(zipped(("folder/", b"")))[1]


@pytest.mark.parametrize("number", range(60))
def test_no_damage_raises(number: int):
    data = zipped(("a.txt", b"first article" * 50), ("b.txt", b"second" * 50))
    place = number * len(data) // 60
    broken = data[:place] + bytes([number, 255 - number] * 3) + data[place + 6 :]
    assert read(broken)


def test_many_small_members_packed_too_tightly_are_a_bomb_together():
    assert "too tightly" in reason(zipped(*((f"{number}.txt", b"a " * 450_000) for number in range(30))))[1]


def test_members_that_share_their_bytes_are_refused():
    data = zipped(("a.txt", b"one two"))
    end = data.rindex(b"PK\x05\x06")
    begin = struct.unpack("<I", data[end + 16 : end + 20])[0]
    entries = data[begin:end] * 3
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 3, 3, len(entries), begin, 0)
    assert "share their bytes" in reason(data[:begin] + entries + tail)[1]
