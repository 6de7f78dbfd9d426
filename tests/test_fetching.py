"""Links over real sockets: every answer comes from a server on 127.0.0.1, which is allowed by name."""

import asyncio
import gzip
import shutil
import ssl
import subprocess
import tracemalloc
import zlib
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from yarl import URL

from retrieval.connecting import Checked
from retrieval.document import Document, Unread
from retrieval.errors import FetchError, FetchFault
from retrieval.fetching import LIMITS, documents_of, fetch
from retrieval.formats import documents
from tests.site import Site, page

STORY = "Астанада жаңа көпір ашылды.".encode()
SHORT = replace(LIMITS, connect=5, silence=5, total=0.3)
"""A total that has to end; no test depends on how long it takes."""


@asynccontextmanager
async def site(answers, **more):
    async with Site(answers, **more) as site:
        yield site, frozenset({site.place})


async def refused(url, **more):
    """The error that a link ends in."""
    with pytest.raises(FetchError) as caught:
        await fetch(url, **more)
    return caught.value


def names(**known):
    """Look-ups of names that are known here only."""

    async def resolve(name):
        return known[name]

    return resolve


async def test_what_stands_behind_a_link_comes_with_its_headers():
    answer = page(
        STORY,
        content_type="text/html; charset=utf-8",
        etag='"7"',
        last_modified="Sun, 01 Mar 2026 09:00:00 GMT",
    )
    async with site({"/a": answer}) as (here, also):
        found = await fetch(f"{here.url}/a#top", also=also)
    assert (found.url, found.status, found.body) == (f"{here.url}/a", 200, STORY)
    assert found.content_type == "text/html; charset=utf-8"
    assert (found.headers.get("ETag"), found.headers.get("last-modified")) == (
        '"7"',
        "Sun, 01 Mar 2026 09:00:00 GMT",
    )


async def test_a_request_says_who_asks_and_nothing_of_its_reader(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    answers = {
        "/a": page(status="302 Found", location="/b", set_cookie="id=7"),
        "/b": page(STORY, set_cookie="id=8"),
    }
    async with site(answers) as (here, also):
        await fetch(f"{here.url}/a", also=also)
        await fetch(f"{here.url}/b", also=also)
    for _, headers in here.requests:
        assert headers["user-agent"].startswith("Dayek/")
        assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_a_version_that_is_still_the_present_one_is_not_sent_again():
    async with site({"/a": page(status="304 Not Modified")}) as (here, also):
        found = await fetch(
            f"{here.url}/a", also=also, etag='W/"7"\r\nX: y', modified="Sun, 01 Mar 2026 09:00:00 GMT"
        )
        unasked = await refused(f"{here.url}/a", also=also)
    assert (found.status, found.body) == (304, b"")
    assert here.requests[0][1]["if-none-match"] == 'W/"7"X: y'
    assert here.requests[0][1]["if-modified-since"] == "Sun, 01 Mar 2026 09:00:00 GMT"
    assert unasked.fault is FetchFault.STATUS


# Where a link leads


@pytest.mark.parametrize(
    "link", ["http://localhost/", "http://localhost.:8080/", "http://127.0.0.1/", "http://[::1]/"]
)
async def test_this_machine_is_private(link):
    assert (await refused(link)).fault is FetchFault.PRIVATE


@pytest.mark.parametrize(
    "ips", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["2a00:1450::1", "::ffff:169.254.169.254"]]
)
async def test_a_name_with_one_private_address_is_private(ips):
    error = await refused("http://news.kz/", resolve=names(**{"news.kz": ips}))
    assert error.fault is FetchFault.PRIVATE


async def test_a_name_is_looked_up_once_and_the_connection_goes_there():
    asked = []

    async def resolve(name):
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.9"]

    async with site({"/": page(STORY)}) as (here, _):
        place = f"news.example:{here.port}"
        found = await fetch(f"http://{place}/", also=frozenset({place}), resolve=resolve)
    assert found.body == STORY
    assert asked == ["news.example"]
    assert here.requests[0][1]["host"] == place


async def test_a_name_that_turns_private_between_two_connections_is_caught():
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])

    async def rebinding(_):
        return next(answers)

    checked = Checked(URL("http://news.kz/"), rebinding, trusted=False)
    assert [found["host"] for found in await checked.resolve("news.kz", 80)] == ["93.184.216.34"]
    with pytest.raises(FetchError) as caught:
        await checked.resolve("news.kz", 80)
    assert caught.value.fault is FetchFault.PRIVATE


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:{}/secret", "//127.0.0.1:{}/secret", "http://127.0.0.1:{}\\@127.0.0.1/", "http://0x7f.1:{}/"]
)  # fmt: skip
async def test_a_redirect_into_a_private_network_is_not_followed(to):
    async with Site({"/secret": page(b"secret")}) as secret:
        answers = {"/a": page(status="302 Found", location=to.format(secret.port))}
        async with site(answers) as (here, also):
            error = await refused(f"{here.url}/a", also=also)
        assert secret.connections == 0
    assert error.fault in (FetchFault.PRIVATE, FetchFault.REDIRECT)


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://news.kz/", "javascript:alert(1)", "", "http://u:p@news.kz/",
                                "http://[", "/a", "\xff\xfe", "/a#again"])  # fmt: skip
async def test_a_redirect_to_no_page_is_an_error(to):
    async with site({"/a": page(status="301 Moved Permanently", location=to)}) as (here, also):
        error = await refused(f"{here.url}/a", also=also)
    assert error.fault in (FetchFault.REDIRECT, FetchFault.STATUS)
    assert len(here.requests) <= 2


async def test_five_redirects_are_followed_and_a_sixth_is_not():
    answers = {f"/{n}": page(status="307 Temporary Redirect", location=f"{n + 1}") for n in range(6)}
    async with site(answers | {"/6": page(STORY)}) as (here, also):
        assert (await fetch(f"{here.url}/1", also=also)).url == f"{here.url}/6"
        error = await refused(f"{here.url}/0", also=also)
    assert error.fault is FetchFault.REDIRECT


async def test_every_hop_is_asked_for_leave():
    seen = []

    async def may(link):
        seen.append(link)
        if link.endswith("/b"):
            raise FetchError(link, "no", FetchFault.ROBOTS)

    async with site({"/a": page(status="302 Found", location="/b"), "/b": page(STORY)}) as (here, also):
        error = await refused(f"{here.url}/a", also=also, may=may)
    assert seen == [f"{here.url}/a", f"{here.url}/b"]
    assert here.asked == ["/a"]
    assert error.fault is FetchFault.ROBOTS


@pytest.fixture
def certificates(tmp_path):
    """A context that shows a certificate for news.example, and one that trusts only who signed it."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(certificate, key)
    return shown, ssl.create_default_context(cafile=str(certificate))


async def test_https_is_read_where_the_certificate_is_that_of_the_site_and_does_not_go_down(certificates):
    shown, trusted = certificates
    async with Site({"/a": page(b"secret")}) as plain:
        answers = {"/": page(STORY), "/down": page(status="302 Found", location=f"{plain.url}/a")}
        async with site(answers, ssl=shown) as (here, _):
            places = frozenset({f"news.example:{here.port}", f"other.example:{here.port}", plain.place})
            resolve = names(**{"news.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
            reach = {"also": places, "resolve": resolve}
            found = await fetch(f"https://news.example:{here.port}/", tls=trusted, **reach)
            down = await refused(f"https://news.example:{here.port}/down", tls=trusted, **reach)
            other = await refused(f"https://other.example:{here.port}/", tls=trusted, **reach)
            unknown = await refused(f"https://news.example:{here.port}/", **reach)
        assert plain.connections == 0
    assert found.body == STORY
    assert down.fault is FetchFault.REDIRECT
    assert other.fault is unknown.fault is FetchFault.SECURITY


# How much it may take


async def test_a_body_larger_than_the_limit_is_refused_by_its_announced_length():
    async with site({"/a": page(b"x", content_length="11")}) as (here, also):
        error = await refused(f"{here.url}/a", also=also, limits=replace(LIMITS, size=10))
    assert error.fault is FetchFault.SIZE


async def test_a_body_of_just_the_limit_is_read():
    async with site(
        {"/a": page(b"x" * 10), "/b": page(gzip.compress(b"x" * 10), content_encoding="gzip")}
    ) as (here, also):
        limits = replace(LIMITS, size=40)  # the packed body is longer than what it holds
        assert (await fetch(f"{here.url}/a", also=also, limits=replace(LIMITS, size=10))).body == b"x" * 10
        assert (await fetch(f"{here.url}/b", also=also, limits=limits)).body == b"x" * 10


async def test_a_body_without_an_end_is_cut_at_the_limit():
    hung_up = asyncio.Event()

    async def endless(writer):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 65536)
                await writer.drain()
        except ConnectionError:
            hung_up.set()
            raise

    async with site({"/a": endless}) as (here, also):
        error = await refused(f"{here.url}/a", also=also, limits=replace(LIMITS, size=1_000_000))
        await hung_up.wait()
    assert error.fault is FetchFault.SIZE


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_is_unpacked_up_to_the_limit_and_no_further(encoding):
    wbits = 31 if encoding == "gzip" else 15
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    async with site({"/a": page(bomb, content_encoding=encoding)}) as (here, also):
        tracemalloc.start()
        try:
            error = await refused(f"{here.url}/a", also=also, limits=replace(LIMITS, size=1_000_000))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert len(bomb) < 1_000_000
    assert error.fault is FetchFault.SIZE
    assert peak < 20_000_000


async def test_thousands_of_tiny_gzip_members_are_refused():
    members = gzip.compress(b"", mtime=0) * 5000
    async with site({"/a": page(members, content_encoding="gzip")}) as (here, also):
        error = await refused(f"{here.url}/a", also=also)
    assert error.fault is FetchFault.BROKEN


async def test_a_site_that_drips_its_answer_is_left_after_the_total_time():
    hung_up = asyncio.Event()

    async def drips(writer):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.01)  # the pace of the site
        except ConnectionError:
            hung_up.set()
            raise

    async with site({"/a": drips}) as (here, also):
        error = await refused(f"{here.url}/a", also=also, limits=SHORT)
        await hung_up.wait()
    assert error.fault is FetchFault.TIME


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"]
)
async def test_a_site_that_falls_silent_is_left(first):
    async def silent(writer):
        writer.write(first)
        await asyncio.Event().wait()

    async with site({"/a": silent}) as (here, also):
        for limits in (SHORT, replace(LIMITS, silence=0.2)):
            assert (await refused(f"{here.url}/a", also=also, limits=limits)).fault is FetchFault.TIME


async def test_a_name_that_is_never_found_is_left_after_the_time_to_connect():
    async def never(_):
        await asyncio.Event().wait()

    error = await refused("http://news.kz/", resolve=never, limits=replace(LIMITS, connect=0.2))
    assert error.fault is FetchFault.TIME


# What a body looks like on the way


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(STORY)),
        ("X-GZIP", gzip.compress(STORY[:9]) + gzip.compress(STORY[9:]) + bytes(8)),
        ("deflate", zlib.compress(STORY)),
        ("deflate", zlib.compress(STORY)[2:-4]),
        ("identity", STORY),
        ("gzip", b""),
    ],
)
async def test_packed_bodies_are_unpacked(encoding, body):
    async with site({"/a": page(body, content_encoding=encoding)}) as (here, also):
        found = await fetch(f"{here.url}/a", also=also)
    assert found.body == (STORY if body else b"")


@pytest.mark.parametrize(
    "answer",
    [
        page(STORY, content_length=str(len(STORY) + 1)),
        page(gzip.compress(STORY)[:-9], content_encoding="gzip"),
        page(STORY, content_encoding="gzip"),
        page(STORY, content_encoding="br"),
        page(gzip.compress(gzip.compress(STORY)), content_encoding="gzip, gzip"),
        page(STORY, content_length="five"),
        page(STORY, content_length="-1"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
    ],
    ids=[
        "shorter than announced",
        "gzip cut off",
        "no gzip",
        "unknown packing",
        "packed twice",
        "length in words",
        "negative length",
        "chunk cut off",
        "no chunk",
        "endless header",
        "another protocol",
        "nothing",
    ],
)
async def test_an_answer_that_is_cut_off_or_damaged_is_an_error(answer):
    async with site({"/a": answer}) as (here, also):
        error = await refused(f"{here.url}/a", also=also)
    assert error.fault is FetchFault.BROKEN


async def test_what_follows_the_announced_length_is_no_part_of_the_body():
    async with site({"/a": page(STORY + b"HTTP/1.1 200 OK\r\n", content_length=str(len(STORY)))}) as (
        here,
        also,
    ):
        assert (await fetch(f"{here.url}/a", also=also)).body == STORY


async def test_the_bytes_stay_as_they_are_whatever_charset_is_declared():
    answers = {
        "/a": page(STORY, content_type="text/html; charset=no-such-thing"),
        "/b": page(STORY, content_type="Т\xff;="),
    }
    async with site(answers) as (here, also):
        wrong = await fetch(f"{here.url}/a", also=also)
        odd = await fetch(f"{here.url}/b", also=also)
    assert (wrong.body, wrong.content_type) == (STORY, "text/html; charset=no-such-thing")
    assert odd.body == STORY
    assert odd.content_type is not None
    assert odd.content_type.isascii()


@pytest.mark.parametrize("kind", ["image/jpeg", "VIDEO/mp4; x=y", "audio/ogg", "font/woff2", "text/css"])
async def test_pictures_and_films_are_not_loaded(kind):
    async with site({"/a": page(b"x", content_type=kind)}) as (here, also):
        assert (await refused(f"{here.url}/a", also=also)).fault is FetchFault.KIND


# What goes wrong, in words


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("401 Unauthorized", "does not let this page be read"), ("403 Forbidden", "save it and add the file"),
        ("404 Not Found", "there is no such page"), ("410 Gone", "there is no such page"),
        ("429 Too Many Requests", "asks to come later"), ("500 Oops", "a fault of its own"),
        ("503 Service Unavailable", "a fault of its own"), ("204 No Content", "not with a page"),
        ("206 Partial Content", "not with a page"), ("300 Multiple Choices", "not with a page"),
        ("418 \x1b[31mI am a teapot", "not with a page"),
    ],
)  # fmt: skip
async def test_a_status_that_is_no_page_says_what_to_do(status, said):
    async with site({"/a": page(b"" if status[:3] == "204" else STORY, status)}) as (here, also):
        error = await refused(f"{here.url}/a", also=also)
    assert (error.fault, error.status) == (FetchFault.STATUS, int(status[:3]))
    assert said in error.reason
    assert str(error) == f"{here.url}/a: {error.reason}"
    assert str(error).isprintable()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0), ("0", 0.0), ("Sun, 01 Mar 2026 09:05:00 GMT", 300.0), ("Sun, 01 Mar 2026 08:00:00 GMT", 0.0),
        ("9" * 400, 604_800.0), ("Sat, 01 Mar 2099 09:00:00 GMT", 604_800.0), ("soon", None), ("-5", None), ("²", None),
        ("Sun, 99 Mar 2026", None),
    ],
)  # fmt: skip
async def test_the_wait_that_a_site_asks_for_is_in_seconds(text, seconds):
    answer = page(status="503 Service Unavailable", retry_after=text, date="Sun, 01 Mar 2026 09:00:00 GMT")
    async with site({"/a": answer}) as (here, also):
        assert (await refused(f"{here.url}/a", also=also)).retry_after == seconds


async def test_a_site_where_nobody_listens_and_a_name_that_nobody_has_are_told_apart():
    async with Site() as gone:
        pass
    assert (await refused(gone.url, also=frozenset({gone.place}))).fault is FetchFault.CONNECTION
    assert (await refused("http://nobody.invalid/")).fault is FetchFault.NAME


# From links to documents


class Reading:
    """A reader that finds these in any data, and remembers what it was given."""

    def __init__(self, *found):
        self.found = found

    def __call__(self, name, data, url, content_type):
        self.given = (name, data, url, content_type)
        return [document(name) if callable(document) else document for document in self.found]


async def read_one(kind, *args, **more):
    """The only thing behind a link, which has to be of this kind."""
    [found] = await documents_of(*args, **more)
    assert isinstance(found, kind)
    return found


async def test_a_page_is_named_by_the_link_at_which_it_was_found():
    read = Reading(lambda name: Document(name, "Мәтін."))
    answers = {
        "/a": page(status="302 Found", location="/b?utm_source=tg&id=5"),
        "/b?utm_source=tg&id=5": page(STORY, content_type="text/html"),
    }
    async with site(answers) as (here, also):
        found = await documents_of(f"{here.url}/a", also=also, read=read)
    link = f"{here.url}/b?id=5"
    assert found == [Document(link, "Мәтін.", url=link)]
    assert read.given == (link, STORY, link, "text/html")


async def test_a_page_is_named_by_its_own_link_where_that_can_be_believed():
    async with site({"/a": page(STORY)}) as (here, also):
        own, foreign = f"{here.url}/story", "https://evil.kz/story"
        believed = await read_one(
            Document, f"{here.url}/a", also=also, read=Reading(lambda name: Document(name, "М.", url=own))
        )
        doubted = await read_one(
            Document, f"{here.url}/a", also=also, read=Reading(lambda name: Document(name, "М.", url=foreign))
        )
    assert (believed.name, believed.url) == (own, own)
    assert (doubted.name, doubted.url) == (f"{here.url}/a", f"{here.url}/a")


async def test_documents_inside_one_keep_their_names_and_lose_links_that_are_none():
    inside = [
        Document("x.zip/a", "А.", url="https://other.kz/a"),
        Document("x.zip/b", "Б.", url="javascript:alert(1)"),
    ]
    bad = Unread("x.zip/c", "is not text")
    async with site({"/x.zip": page(STORY)}) as (here, also):
        found = await documents_of(f"{here.url}/x.zip", also=also, read=Reading(*inside, bad))
    assert found == [inside[0], replace(inside[1], url=None), bad]


async def test_what_cannot_be_fetched_is_one_unread_with_what_to_do():
    async with site({"/b": page(status="302 Found", location="/"), "/": page(STORY)}) as (here, also):
        missing = await read_one(Unread, f"{here.url}/a", also=also)
        front = await read_one(Unread, f"{here.url}/b", also=also)
        empty = await read_one(Unread, f"{here.url}/", also=also, read=Reading())
    private = await read_one(Unread, "http://user:pass@127.0.0.1/")
    assert (missing.name, missing.reason) == (
        f"{here.url}/a",
        "there is no such page; check the link (status 404)",
    )
    assert "leads from this link to its front page" in front.reason
    assert "no article was found" in empty.reason
    assert private.name == "http://127.0.0.1/"
    assert "user:pass" not in private.reason


def _readers_are_there():
    try:
        return bool(list(documents("a.txt", b"a")))
    except NotImplementedError:
        return False


@pytest.mark.skipif(not _readers_are_there(), reason="the readers of formats are not there yet")
async def test_an_article_is_read_from_a_page_over_the_line():
    paragraphs = [
        f"Астанада {n}-ші жаңа көпір ашылды, оны мыңдаған тұрғын көруге келді." for n in range(1, 9)
    ]
    html = (
        "<html lang='kk'><head><meta charset='windows-1251'><title>Жаңа көпір</title>"
        "<link rel='canonical' href='https://evil.kz/x'></head>"
        f"<body><article><h1>Жаңа көпір</h1>{''.join(f'<p>{text}</p>' for text in paragraphs)}</article></body></html>"
    )
    async with site({"/a": page(html, content_type="text/html; charset=utf-8")}) as (here, also):
        found = await read_one(Document, f"{here.url}/a", also=also)
    assert (found.name, found.url) == (f"{here.url}/a", f"{here.url}/a")
    assert all(text in found.text for text in paragraphs)
