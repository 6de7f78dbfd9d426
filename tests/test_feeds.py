"""Feeds against a real server: what is asked, what becomes of it, and what is left when something fails."""

import asyncio
from contextlib import asynccontextmanager, closing
from datetime import date

import pytest

from retrieval.entries import PAGES, TRIES
from retrieval.errors import RetrievalError, StoreError
from retrieval.feeds import Feeds, refresh_all
from retrieval.feedstate import FeedState, Seen, State
from retrieval.hosts import Hosts
from retrieval.library import Library
from retrieval.search import answer
from retrieval.subscriptions import Subscription
from tests.feedserver import LONG, fetch, item, read_html, rss, site, ways

HOUR = 3600
DAY = 24 * HOUR


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


class Bench:
    """A library, a site with one feed, and what follows it."""

    def __init__(self, library, state, served, **others):
        self.library, self.state, self.site = library, state, served
        self.clock = Clock()
        self.one = Subscription(f"{served.base}/rss", 900)
        self.feeds = Feeds(
            state, ways(library, **others), hosts=Hosts(0.0), now=self.clock, chance=lambda: 0.5
        )

    @property
    def ids(self):
        return {id_.removeprefix(self.site.base) for id_ in self.library.index.articles}

    async def look(self):
        self.clock.now += 900
        return await self.feeds.refresh(self.one)

    def known(self):
        return self.state.of(self.one.url)

    def offer(self, *paths, text=f"<p>{LONG}</p>", **headers):
        self.site.put("/rss", rss(*(item(path, base=self.site.base, text=text) for path in paths)), **headers)


@asynccontextmanager
async def bench(folder, **others):
    with (
        Library.open(folder / "dayek.db", (), say=pytest.fail) as library,
        closing(FeedState(folder / "dayek.db")) as state,
    ):
        async with site() as served:
            yield Bench(library, state, served, **others)


async def test_what_a_feed_gives_is_answered_from_with_its_source(tmp_path):
    async with bench(tmp_path) as here:
        here.offer("/a/1", "/a/2")
        assert (await here.look()).added == 2
        (quote, *_) = answer(here.library.index, "Елордада қар жауды ма?", 3).quotes
        found = quote.article
        assert (found.source, found.title, found.published) == ("Qala.kz", "Қар жауды", date(2026, 2, 13))
        assert found.url == found.id == f"{here.site.base}/a/1"
        assert here.site.count("/a/1") == 0


async def test_what_was_not_changed_is_not_sent_again(tmp_path):
    async with bench(tmp_path) as here:
        here.offer("/a/1", ETag='"v1"', Last_Modified="Fri, 13 Feb 2026 01:30:00 GMT")
        await here.look()
        again = await here.look()
        assert (again.added, again.changed, again.error) == (0, 0, None)
        _, headers = here.site.asked[-1]
        assert headers["If-None-Match"] == '"v1"'
        assert headers["If-Modified-Since"] == "Fri, 13 Feb 2026 01:30:00 GMT"
        here.offer("/a/2", "/a/1", ETag='"v2"')
        assert (await here.look()).added == 1
        assert here.ids == {"/a/1", "/a/2"}


async def test_the_same_bytes_without_an_etag_are_not_gone_through_again(tmp_path):
    read = []

    def reading(name, data, url):
        read.append(name)
        return read_html(name, data, url)

    async with bench(tmp_path, read_html=reading) as here:
        here.offer("/a/1")
        assert [(await here.look()).added for _ in range(2)] == [1, 0]
        assert len(read) == 1
        assert len(here.site.asked) == 2


async def test_a_changed_entry_changes_its_article(tmp_path):
    async with bench(tmp_path) as here:
        here.offer("/a/1")
        await here.look()
        here.offer("/a/1", text=f"<p>{LONG}</p><p>Жел соқты.</p>")
        found = await here.look()
        assert (found.added, found.changed) == (0, 1)
        assert here.library.index.articles[f"{here.site.base}/a/1"].text.endswith("Жел соқты.")


async def test_a_removed_article_does_not_come_back_from_this_feed_or_another(tmp_path):
    async with bench(tmp_path) as here:
        here.offer("/a/1", "/a/2")
        await here.look()
        here.library.remove([f"{here.site.base}/a/1"])
        here.offer("/a/1", "/a/2", "/a/3")
        await here.look()
        here.offer("/a/1", "/a/2", "/a/3", text=f"<p>{LONG}</p><p>Жел соқты.</p>")
        await here.look()
        here.site.put("/other", rss(item("/a/1", base=here.site.base, text=f"<p>{LONG}</p>")))
        await here.feeds.refresh(Subscription(f"{here.site.base}/other"))
        assert here.ids == {"/a/2", "/a/3"}


async def test_a_teaser_has_its_page_read_and_keeps_what_only_the_feed_knows(tmp_path):
    async with bench(tmp_path) as here:
        here.offer("/a/1", text="<p>Қысқаша.</p>")
        here.site.put("/a/1", f"<html><body><p>{LONG}</p></body></html>", content_type="text/html")
        assert (await here.look()).added == 1
        found = here.library.index.articles[f"{here.site.base}/a/1"]
        assert "техника таңға дейін" in found.text
        assert (found.source, found.title) == ("Qala.kz", "Қар жауды")
        await here.look()
        assert here.site.count("/a/1") == 1


async def test_a_page_that_comes_late_is_read_when_it_is_there(tmp_path):
    async with bench(tmp_path) as here:
        here.offer("/a/1", text="<p>Қысқаша.</p>", ETag='"v1"')
        assert (await here.look()).added == 0
        here.site.put("/a/1", f"<html><body><p>{LONG}</p></body></html>", content_type="text/html")
        assert (await here.look()).added == 1


async def test_a_page_that_never_comes_is_given_up_for_what_the_feed_says(tmp_path):
    async with bench(tmp_path) as here:
        few, enough = item("/few", base=here.site.base, text="<p>Қысқаша.</p>"), " ".join(LONG.split()[:30])
        here.site.put(
            "/rss", rss(few, item("/enough", base=here.site.base, text=f"<p>{enough}</p>")), ETag='"v1"'
        )
        looks = [await here.look() for _ in range(TRIES + 1)]
        assert [look.added for look in looks] == [0] * (TRIES - 1) + [1, 0]
        assert here.ids == {"/enough"}
        assert here.library.index.articles[f"{here.site.base}/enough"].text == enough
        (problem,) = looks[TRIES - 1].problems
        assert problem == f"{here.site.base}/few: the server answers 404; try later"
        assert here.site.count("/few") == here.site.count("/enough") == TRIES


async def test_one_look_reads_some_pages_and_the_next_one_the_rest(tmp_path):
    async with bench(tmp_path) as here:
        paths = [f"/a/{n}" for n in range(PAGES + 3)]
        for path in paths:
            here.site.put(path, f"<html><body><p>{path} {LONG}</p></body></html>", content_type="text/html")
        here.offer(*paths, text="<p>Қысқаша.</p>", ETag='"v1"')
        assert [(await here.look()).added for _ in range(3)] == [PAGES, 3, 0]


async def test_a_site_whose_pages_fail_one_after_the_other_is_left_alone_for_now(tmp_path):
    async with bench(tmp_path) as here:
        here.offer(*(f"/a/{n}" for n in range(20)), text="<p>Қысқаша.</p>")
        await here.look()
        assert len(here.site.asked) == 1 + 5


async def test_an_entry_that_breaks_the_reader_stops_nothing_else(tmp_path):
    async with bench(tmp_path) as here:
        items = [item("/a/1", base=here.site.base, text=f"<p>{LONG}</p>"), "<item><guid>x</guid></item>",
                 "<item><title>\ud83d</title></item>", item("/a/2", base=here.site.base, text=f"<p>{LONG}</p>")]  # fmt: skip
        here.site.put("/rss", rss(*items).encode("utf-8", "replace"))
        assert (await here.look()).added == 2


async def test_two_entries_with_one_link_or_one_id_are_one_article(tmp_path):
    async with bench(tmp_path) as here:
        here.offer("/a/1", "/a/1")
        await here.look()
        assert here.ids == {"/a/1"}


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "look for its present address"),
        (410, "take it out of FEEDS"),
        (403, "refuses"),
        (500, "asked again later"),
    ],
)
async def test_a_server_that_refuses_is_said_and_asked_again_later(tmp_path, status, said):
    async with bench(tmp_path) as here:
        here.site.put("/rss", "", status=status)
        found = await here.look()
        assert said in found.error
        assert str(status) in found.error
        state = here.known()
        assert (state.failures, state.failing_since, state.error) == (1, here.clock.now, found.error)
        assert state.next == here.clock.now + 900


async def test_a_server_that_asks_for_time_gets_it(tmp_path):
    async with bench(tmp_path) as here:
        here.site.put("/rss", "", status=503, Retry_After="7200")
        await here.look()
        assert here.known().next == here.clock.now + 7200


async def test_an_error_of_the_fetching_keeps_its_words_and_its_wait(tmp_path):
    class FetchError(RetrievalError):
        reason = "there is no such name; check the link"
        retry_after = 7200.0

    async def failing(*_):
        raise FetchError("https://a.kz: there is no such name; check the link")

    async with bench(tmp_path, fetch=failing) as here:
        found = await here.look()
        assert str(found) == f"{here.one.shown}: there is no such name; check the link"
        assert here.known().next == here.clock.now + 7200


async def test_what_is_no_feed_is_said(tmp_path):
    async with bench(tmp_path) as here:
        here.site.put("/rss", "<html><body>Welcome</body></html>", content_type="text/html")
        assert "a web page" in (await here.look()).error


async def test_a_feed_that_comes_back_is_forgiven(tmp_path):
    async with bench(tmp_path) as here:
        here.site.put("/rss", "", status=500)
        await here.look()
        here.offer("/a/1")
        await here.look()
        state = here.known()
        assert (state.failures, state.failing_since, state.error) == (0, None, None)
        assert state.succeeded == here.clock.now


async def test_a_fault_of_ours_in_one_feed_does_not_stop_the_others(tmp_path):
    async def failing(url, etag, modified):
        if url.endswith("/bad"):
            raise ZeroDivisionError("oh")
        return await fetch(url, etag, modified)

    async with bench(tmp_path, fetch=failing) as here:
        here.offer("/a/1")
        bad = Subscription(f"{here.site.base}/bad")
        found = await refresh_all(here.feeds, [bad, here.one])
        assert [one.error for one in found] == ["could not be read (ZeroDivisionError: oh)", None]
        assert here.ids == {"/a/1"}


async def test_a_trouble_with_the_database_is_raised_and_is_no_fault_of_the_feed(tmp_path):
    def failing(_documents, _origin):
        raise StoreError("the disk is full")

    async with bench(tmp_path, take=failing) as here:
        here.offer("/a/1")
        with pytest.raises(StoreError, match="the disk is full"):
            await refresh_all(here.feeds, [here.one])
        assert here.known() == State(here.one.url)
        here.feeds._ways.__dict__["take"] = ways(here.library).take
        assert (await here.look()).added == 1


async def test_one_server_is_asked_one_thing_at_a_time(tmp_path):
    async with bench(tmp_path) as here:
        here.site.hold = asyncio.Event()
        for n in range(4):
            here.site.put(f"/{n}", rss(item(f"/a/{n}", base=here.site.base, text=f"<p>{LONG}</p>")))
        looking = asyncio.create_task(
            refresh_all(here.feeds, [Subscription(f"{here.site.base}/{n}") for n in range(4)])
        )
        async with asyncio.timeout(20):
            while not here.site.asked:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.01)
        here.site.hold.set()
        await looking
        assert here.site.most_at_once == 1
        assert len(here.ids) == 4


async def test_a_look_that_is_broken_off_is_made_up_for_by_the_next(tmp_path):
    async with bench(tmp_path) as here:
        here.offer("/a/1")
        here.site.hold = asyncio.Event()
        looking = asyncio.create_task(here.look())
        async with asyncio.timeout(20):
            while not here.site.asked:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.01)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        here.site.hold.set()
        assert (await here.look()).added == 1


async def test_what_is_known_outlasts_the_process(tmp_path):
    async with bench(tmp_path) as here:
        here.offer("/a/1", ETag='"v1"')
        await here.look()
        url, state = here.one.url, here.known()
    with closing(FeedState(tmp_path / "dayek.db")) as again:
        assert again.of(url) == state
        assert again.seen(url)[f"{url.removesuffix('/rss')}/a/1"].article == f"{url.removesuffix('/rss')}/a/1"


def test_entries_that_left_a_feed_long_ago_are_forgotten(tmp_path):
    with closing(FeedState(tmp_path / "dayek.db")) as state:
        state.note("u", [Seen("old", "d", "a"), Seen("here", "d", "b", 2)], 0.0)
        state.still_there("u", ["here"], 181 * DAY)
        assert state.seen("u") == {"here": Seen("here", "d", "b", 2)}
        assert (state.has_given("a"), state.has_given("b")) == (False, True)


def test_a_database_that_cannot_be_used_is_said(tmp_path):
    (tmp_path / "dayek.db").write_bytes(b"no database " * 100)
    with pytest.raises(StoreError, match=r"dayek\.db"):
        FeedState(tmp_path / "dayek.db")


async def test_the_hosts_give_turns_also_after_a_failure():
    hosts = Hosts(0.0)
    with pytest.raises(ZeroDivisionError):
        async with hosts.turn("https://a.kz/1"):
            raise ZeroDivisionError
    async with asyncio.timeout(20), hosts.turn("https://A.kz/2"), hosts.turn("https://b.kz/3"):
        pass
