"""Links that a person gives are read as their sites ask in their robots.txt: real requests on 127.0.0.1."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.texts import catalogue
from retrieval.document import Document, Unread
from retrieval.errors import Trouble
from retrieval.gathering import Visits, found_in
from tests.office import ADMIN
from tests.running import at_work
from tests.site import Site, page

KK = catalogue("kk")
CLOSED = "User-agent: *\nDisallow: /private\n"
STORY = page("Елордада қар қалың жауды.".encode(), content_type="text/plain; charset=utf-8")


@asynccontextmanager
async def site(monkeypatch, robots=None, **more):
    answers = {"/a.txt": STORY, "/b.txt": STORY, "/private/a.txt": STORY, **more}
    if robots is not None:
        answers["/robots.txt"] = robots
    async with Site(answers) as here:
        monkeypatch.setenv("FETCH_ALSO", here.place)
        yield here


async def behind(*links, visits=None):
    """What is behind links, one thing behind each, gathered as the command line does: outside an event loop."""
    found = await asyncio.to_thread(lambda: [list(found_in(link, visits)) for link in links])
    assert all(len(one) == 1 for one in found)
    return [one[0] for one in found]


async def test_a_page_that_robots_txt_forbids_is_not_asked_for_and_it_is_said_what_to_do(monkeypatch):
    async with site(monkeypatch, page(CLOSED)) as here:
        (found,) = await behind(f"{here.url}/private/a.txt")
        assert here.asked == ["/robots.txt"]
    assert isinstance(found, Unread)
    assert "robots.txt" in found.reason
    assert "save it and add the file" in found.reason


async def test_a_page_that_robots_txt_allows_is_read(monkeypatch):
    async with site(monkeypatch, page(CLOSED)) as here:
        (found,) = await behind(f"{here.url}/a.txt")
        assert here.asked == ["/robots.txt", "/a.txt"]
    assert isinstance(found, Document)


async def test_a_redirect_to_a_forbidden_page_is_not_followed(monkeypatch):
    away = page(status="302 Found", location="/private/a.txt")
    async with site(monkeypatch, page(CLOSED), **{"/go": away}) as here:
        (found,) = await behind(f"{here.url}/go")
        assert "/private/a.txt" not in here.asked
    assert isinstance(found, Unread)


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "410 Gone"])
async def test_a_site_without_robots_txt_is_open(monkeypatch, status):
    async with site(monkeypatch, page(status=status)) as here:
        (found,) = await behind(f"{here.url}/private/a.txt")
    assert isinstance(found, Document)


async def test_a_site_whose_robots_txt_cannot_be_had_for_now_is_closed_until_it_can(monkeypatch):
    async with site(monkeypatch, page(status="503 Service Unavailable")) as here:
        (found,) = await behind(f"{here.url}/a.txt")
        assert here.asked == ["/robots.txt"]
    assert isinstance(found, Unread)
    assert "later" in found.reason


async def test_many_links_of_a_site_ask_its_robots_txt_once(monkeypatch):
    async with site(monkeypatch, page(CLOSED)) as here:
        await behind(f"{here.url}/a.txt", f"{here.url}/b.txt", f"{here.url}/private/a.txt", visits=Visits())
        assert here.asked == ["/robots.txt", "/a.txt", "/b.txt"]


async def test_a_link_sent_in_the_chat_is_bound_by_robots_txt_too(monkeypatch, tmp_path, api):
    async with site(monkeypatch, page(CLOSED)) as here:
        link = f"{here.url}/private/a.txt"
        settings = {"mode": "polling", "ADMINS": str(ADMIN), "FETCH_ALSO": here.place}
        async with at_work(tmp_path, api, None, **settings):
            api.text(link, user=ADMIN)
            told = (await api.wait_for("sendMessage", 20)).result["text"]
        assert here.asked == ["/robots.txt"]
    assert KK.unread[Trouble.ROBOTS] in told
