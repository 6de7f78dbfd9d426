"""The bot follows feeds: when it looks, whom it tells, and what operators see."""

import asyncio
import contextlib
from contextlib import asynccontextmanager, closing
from datetime import date, datetime

import pytest

from bot.feeding import Following, tell_admins
from bot.metrics import FeedFigures, Metrics
from bot.texts import catalogue
from retrieval.errors import StoreError
from retrieval.feeds import Feeds
from retrieval.feedstate import FeedState, State
from retrieval.hosts import Hosts
from retrieval.library import Library
from retrieval.subscriptions import Subscription
from tests.feedserver import LONG, fetch, item, rss, site, wait_until, ways
from tests.running import at_work, free_port, get, sent

HOUR = 3600
DAY = 24 * HOUR
START = 1_772_000_000.0


class Days:
    """A clock whose time passes while somebody sleeps; the sleeper is held when `until` is reached."""

    def __init__(self, until):
        self.now = START
        self.until = START + until
        self.over = asyncio.Event()

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        if self.now + seconds > self.until:
            self.over.set()
            await asyncio.Event().wait()
        self.now += seconds
        await asyncio.sleep(0)


@asynccontextmanager
async def followed(folder, days, *names, told=None, **others):
    """A bot's feeds on a site, followed for days that pass in a moment."""
    calls = []

    async def tell(feed, since):
        calls.append((feed, since, days.now))
        return True

    with (
        Library.open(folder / "dayek.db", (), say=pytest.fail) as library,
        closing(FeedState(folder / "dayek.db")) as state,
    ):
        async with site() as served:
            feeds = Feeds(state, ways(library, **others), hosts=Hosts(0.0), now=days, chance=lambda: 0.5)
            subscriptions = [Subscription(f"{served.base}{name}") for name in names]
            found = Following(feeds, subscriptions, told or tell, now=days, sleep=days.sleep)
            yield found, served, library, calls


async def whole(following, days):
    """Follows until the days are over."""
    task = asyncio.create_task(following.run())
    async with asyncio.timeout(60):
        await asyncio.wait(
            {task, over := asyncio.create_task(days.over.wait())}, return_when=asyncio.FIRST_COMPLETED
        )
    over.cancel()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_feed_is_looked_at_at_its_pace(tmp_path):
    days = Days(2 * HOUR)
    async with followed(tmp_path, days, "/rss") as (following, served, library, told):
        served.put("/rss", rss(item("/a", base=served.base, text=f"<p>{LONG}</p>")))
        await whole(following, days)
        # Every 15 minutes and half of the spread: at 0, 945, …, 6615 seconds.
        assert len(served.asked) == 8
        assert following.refreshed == START + 7 * 945
        assert list(library.index.articles) == [f"{served.base}/a"]
        assert (following.failing(), following.notes(), told) == ([], [], [])


async def test_a_feed_that_fails_is_asked_more_and_more_rarely_and_told_of_once(tmp_path):
    days = Days(3 * DAY)
    async with followed(tmp_path, days, "/rss") as (following, served, _, told):
        served.put("/rss", "", status=500)
        await whole(following, days)
        # After 15, 30 minutes, 1, 2, 4 hours, then every 6: 1 + 5 in 7.75 hours, and 10 in the 64 that are left.
        assert len(served.asked) == 16
        since = datetime.fromtimestamp(START).astimezone().date()
        ((feed, day, at),) = told
        assert (feed, day) == (f"{served.base}/rss", since)
        assert DAY <= at - START <= DAY + 6 * HOUR
        assert following.failing() == [(f"{served.base}/rss", since)]
        (note,) = following.notes()
        assert note.startswith(f"the feed {served.base}/rss has not been read since {since}: ")
        assert "(500)" in note


async def test_a_feed_that_comes_back_and_fails_again_is_told_of_again(tmp_path):
    days = Days(4 * DAY)

    async def by_days(url, etag, modified):
        served.put("/rss", rss(), status=200 if 1.5 <= (days.now - START) / DAY < 2 else 500)
        return await fetch(url, etag, modified)

    async with followed(tmp_path, days, "/rss", fetch=by_days) as (following, served, _, told):
        await whole(following, days)
        assert len(told) == 2


async def test_who_could_not_be_told_is_told_later(tmp_path):
    days, tries = Days(3 * DAY), []

    async def tell(_feed, _since):
        tries.append(days.now)
        return len(tries) > 2

    async with followed(tmp_path, days, "/rss", told=tell) as (following, served, _, _told):
        served.put("/rss", "", status=500)
        await whole(following, days)
        assert len(tries) == 3


async def test_neither_a_fault_nor_a_trouble_with_the_database_in_one_feed_stops_another(tmp_path, caplog):
    days = Days(1000 * DAY)

    async def tell(_feed, _since):
        raise ZeroDivisionError

    async with followed(tmp_path, days, "/bad", "/worse", "/rss", told=tell) as (
        following,
        served,
        library,
        _,
    ):
        keep, text = following._feeds.state.keep, rss(item("/a", base=served.base, text=f"<p>{LONG}</p>"))

        def keeping(state):
            if state.url.endswith("/worse"):
                raise StoreError("the disk is full")
            keep(state)

        def logged(text):
            return [record.message for record in caplog.records].count(f"{served.base}{text}")

        following._feeds.state.keep = keeping
        keep(State(f"{served.base}/bad", failing_since=START - 2 * DAY, failures=3))
        served.put("/rss", text)
        served.put("/worse", text)
        task = asyncio.create_task(following.run())
        await wait_until(
            lambda: (
                served.count("/rss") > 1 and served.count("/worse") > 2 and logged("/bad cannot be followed")
            )
        )
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert f"{served.base}/a" in library.index.articles
        assert logged("/worse cannot be followed: the disk is full") == 1


async def test_a_feed_that_is_to_be_looked_at_more_often_is_looked_at_sooner(tmp_path):
    days = Days(HOUR)
    async with followed(tmp_path, days, "/rss") as (following, served, _, _told):
        served.put("/rss", rss())
        following._feeds.state.keep(
            State(following._subscriptions[0].url, next=START + DAY, succeeded=START - 600)
        )
        await whole(following, days)
        assert len(served.asked) == 4  # after 390 seconds, then every 945


async def test_the_admins_are_told_in_their_languages_so_far_as_they_can_be(api, bot):
    for admin in (7, 8):
        api.text("/start", user=admin)
    admins = [
        (6, catalogue("en")),
        (7, catalogue("ru")),
        (8, catalogue("en")),
    ]  # 6 has never written to the bot
    assert await tell_admins(bot, lambda: admins, "https://a.kz/<b>", date(2026, 3, 1))
    (russian,), (english,) = sent(api, 7), sent(api, 8)
    assert "RSS-лента не читается: https://a.kz/<b>" in russian
    assert "1 марта 2026 г." in russian
    assert "1 March 2026" in english
    assert sent(api, 6) == []


async def test_where_telegram_cannot_be_reached_nobody_counts_as_told(api, bot):
    for admin in (7, 8):
        api.text("/start", user=admin)
    admins = [(7, catalogue("ru")), (8, catalogue("en"))]
    api.fail_next("sendMessage", status=500, description="Internal Server Error", times=2)
    assert not await tell_admins(bot, lambda: admins, "a", date(2026, 3, 1))
    api.fail_next("sendMessage", status=500, description="Internal Server Error")
    assert await tell_admins(bot, lambda: admins, "a", date(2026, 3, 1))
    assert await tell_admins(bot, list, "a", date(2026, 3, 1))


async def test_a_running_bot_answers_from_its_feeds_and_says_which_of_them_fail(tmp_path, api):
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    api.webhook_to = base
    (tmp_path / "articles").mkdir()
    async with site() as served:
        served.put("/rss", rss(item("/a", base=served.base, text=f"<p>{LONG}</p>")))
        served.put("/bad", "", status=500)
        bad = f"{served.base}/bad?key=secret"
        with closing(FeedState(tmp_path / "dayek.db")) as state:
            state.keep(State(bad, failures=9, failing_since=START, error="an old one"))
        settings = {
            "ARTICLES": str(tmp_path / "articles"),
            "FEEDS": f"{served.base}/rss {bad}",
            "ADMINS": "7",
        }
        api.text("/start", user=7)
        async with at_work(tmp_path, api, None, port, ways=ways, **settings) as service:
            await api.wait_for("getWebhookInfo")
            async with asyncio.timeout(20):
                while "dayek_articles 1.0" not in (await get(f"{base}/metrics"))[1]:  # noqa: ASYNC110 - nothing tells
                    await asyncio.sleep(0.02)
            await wait_until(lambda: any("RSS" in text for text in sent(api, 7)))
            status, said = await get(f"{base}/readyz")
            assert status == 200
            assert said.startswith("ready\nthe feed ")
            assert f"{served.base}/bad?… has not been read since" in said
            figures = (await get(f"{base}/metrics"))[1]
            assert f'dayek_feed_failing{{feed="{served.base}/bad?…"}} 1.0' in figures
            assert f'dayek_feed_failing{{feed="{served.base}/rss"}} 0.0' in figures
            api.text("Елордада қар жауды ма?", user=9)
            await wait_until(lambda: sent(api, 9))
            api.text("/status", user=9, language="en")
            await wait_until(lambda: len(sent(api, 9)) > 1)
            api.text("/status", user=7, language="en")
            await wait_until(lambda: any("2 RSS feeds" in text for text in sent(api, 7)))
            assert "secret" not in said + figures + "".join(sent(api))
        assert service.stopping.is_set()
    answered, status_said = sent(api, 9)
    assert "түнімен қар жауып" in answered
    assert "2 RSS feeds" in status_said
    assert "bad" not in status_said
    with closing(FeedState(tmp_path / "dayek.db")) as state:
        assert state.of(bad).told is not None
        assert state.of(f"{served.base}/rss").failures == 0


def test_the_metrics_name_each_feed():
    metrics = Metrics()
    metrics.watch_feeds(lambda: [FeedFigures("https://a.kz/", is_failing=True, succeeded=None),
                                 FeedFigures("https://b.kz/", is_failing=False, succeeded=5.0)])  # fmt: skip
    text = metrics.text().decode()
    assert 'dayek_feed_failing{feed="https://a.kz/"} 1.0' in text
    assert 'dayek_feed_failing{feed="https://b.kz/"} 0.0' in text
    assert 'dayek_feed_success_timestamp_seconds{feed="https://b.kz/"} 5.0' in text
    assert 'timestamp_seconds{feed="https://a.kz/"}' not in text
