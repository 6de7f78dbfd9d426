"""What is wrong with what cannot be read: its kind, for those who say it in another language."""

import ast
import io
import zipfile
from pathlib import Path

import pytest

import retrieval
from bot.texts import CATALOGUES
from retrieval.document import Unread
from retrieval.errors import FetchError, FetchFault, Trouble
from retrieval.fetching import LIMITS, Limits, documents_of
from retrieval.formats import documents
from retrieval.gathering import found_in
from retrieval.robots import Robots
from tests.site import Site, page
from tests.unreadable import UNREADABLE, zipped


async def kind(url, **more):
    (found,) = await documents_of(url, **more)
    assert isinstance(found, Unread)
    return found.kind


@pytest.mark.parametrize(("name", "data", "wrong"), UNREADABLE, ids=[name for name, _, _ in UNREADABLE])
def test_a_file_that_cannot_be_read_says_what_is_wrong_with_it(name, data, wrong):
    (found,) = documents(name, data)
    assert isinstance(found, Unread)
    assert (found.name.partition("#")[0], found.kind) == (name, wrong)
    assert found.reason


@pytest.mark.parametrize(
    ("inside", "data", "wrong"),
    [(name, data, wrong) for name, data, wrong in UNREADABLE if not name.endswith((".zip", ".gz"))],
)
def test_a_file_in_an_archive_says_the_same(inside, data, wrong):
    (found,) = documents("news.zip", zipped(**{inside: data}))
    assert isinstance(found, Unread)
    assert found.name.startswith(f"news.zip/{inside}")
    assert found.kind is wrong


def test_members_that_no_archive_should_have_are_told_apart():
    bomb = zipped(**{"a.txt": b"a" * 2_000_000})
    nested = zipped(**{"a.zip": zipped(a=b"b")})
    locked = bytearray(zipped(**{"a.txt": b"snow"}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    data = (bomb, nested, bytes(locked), packed.getvalue())
    found = [next(iter(documents("a.zip", one))) for one in data]
    assert [one.kind for one in found if isinstance(one, Unread)] == [
        Trouble.LARGE,
        Trouble.FORMAT,
        Trouble.PASSWORD,
        Trouble.OTHER,
    ]


def test_a_file_that_may_not_be_read_is_not_called_damaged(tmp_path):
    (found,) = found_in(str(tmp_path / "gone.txt"))
    assert isinstance(found, Unread)
    assert found.kind is Trouble.OTHER


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (page(status="404 Not Found"), Trouble.UNREACHABLE),
        (page(status="403 Forbidden"), Trouble.UNREACHABLE),
        (page(status="503 Service Unavailable"), Trouble.UNREACHABLE),
        (page(status="302 Found", location="/a"), Trouble.UNREACHABLE),
        (page(status="302 Found", location="http://10.0.0.1/"), Trouble.PRIVATE),
        (page(status="302 Found", location="/"), Trouble.UNREACHABLE),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsnow", Trouble.UNREACHABLE),
        (page(b"GIF89a", content_type="image/gif"), Trouble.PICTURE),
        (page(b"a" * 10_001, content_type="text/plain"), Trouble.LARGE),
        (page(b"", content_type="text/html"), Trouble.EMPTY),
        (page(b"{\\rtf1}", content_type="application/rtf"), Trouble.FORMAT),
        (page(b"<html><body><p>Snow</p></body></html>", content_type="text/html"), Trouble.NO_STORY),
        (page(b"<rss version='2.0'/>", content_type="application/rss+xml"), Trouble.FEED),
    ],
)
async def test_a_link_that_cannot_be_read_says_what_is_wrong_with_it(answer, wrong):
    async with Site({"/a": answer, "/": page(b"Front page.", content_type="text/plain")}) as here:
        limits = Limits(size=10_000)
        assert await kind(f"{here.url}/a", also=frozenset({here.place}), limits=limits) is wrong


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ("http://127.0.0.1/", Trouble.PRIVATE),
        ("http://[::1]/", Trouble.PRIVATE),
        ("http://169.254.169.254/latest", Trouble.PRIVATE),
        ("https://user:password@news.kz/", Trouble.UNREACHABLE),
        ("http://news.kz:25/", Trouble.UNREACHABLE),
        ("ftp://news.kz/", Trouble.UNREACHABLE),
        ("http://nobody.invalid/", Trouble.UNREACHABLE),
    ],
)
async def test_a_link_that_leads_nowhere_is_told_from_one_that_may_not_be_asked(link, wrong):
    assert await kind(link) is wrong


async def test_a_name_that_leads_into_a_private_network_is_private():
    async def resolve(_):
        return ["10.0.0.1"]

    assert await kind("http://news.kz/", resolve=resolve) is Trouble.PRIVATE


async def test_a_site_that_nobody_runs_any_more_is_unreachable():
    async with Site() as gone:
        link, also = gone.url, frozenset({gone.place})
    assert await kind(link, also=also) is Trouble.UNREACHABLE


async def test_a_page_that_programs_may_not_read_says_so():
    rules = page(b"User-agent: *\nDisallow: /a\n", content_type="text/plain")
    async with Site({"/robots.txt": rules, "/a": page(b"Snow.")}) as here:
        also = frozenset({here.place})
        robots = Robots(also=also)
        assert await kind(f"{here.url}/a", also=also, may=robots.check, limits=LIMITS) is Trouble.ROBOTS
    assert here.asked == ["/robots.txt"]


@pytest.mark.parametrize("fault", FetchFault)
def test_no_fault_of_a_link_is_without_a_kind(fault):
    assert FetchError("https://news.kz/", "no", fault).kind is not Trouble.OTHER


@pytest.mark.parametrize("texts", CATALOGUES, ids=lambda texts: texts.language)
def test_every_kind_has_a_sentence_of_its_own_in_every_language(texts):
    assert set(texts.unread) == set(Trouble)
    assert len(set(texts.unread.values())) == len(Trouble)
    assert all(said.strip().endswith(".") for said in texts.unread.values())


def test_whoever_finds_something_unreadable_says_of_what_kind_it_is():
    silent = [
        f"{path.name}:{call.lineno}"
        for path in Path(retrieval.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "Unread"
        and len(call.args) + len(call.keywords) < 3
        and not any(isinstance(one, ast.Starred) for one in call.args)
    ]
    assert silent == []
