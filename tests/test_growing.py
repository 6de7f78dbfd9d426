"""The bot while articles come and go: in the service, in the conversation and in the terminal."""

import asyncio
import io
import sys
from contextlib import closing

import pytest

from bot import __main__ as command
from bot.example import Example
from bot.growing import follow
from retrieval.article import Article
from retrieval.build import build, with_articles, without
from retrieval.library import Library
from retrieval.store import Store
from tests.chat import Chat, buttons, said
from tests.running import at_work, environment, free_port, get, sent

SNOW = Article("snow", "Кеше Асқар Серік Елордада қар қалың жауғанын айтты.", "Қар", "Qala.kz")
WIND = Article("wind", "Жел соқты.")


class Growing:
    """A chat's index that is another one when the test says so."""

    def __init__(self, index):
        self.index = index
        self.asked = 0

    def __call__(self):
        self.asked += 1
        return self.index


async def test_each_update_is_answered_from_the_index_of_its_moment_and_from_one_alone():
    growing = Growing(build([WIND]))
    async with Chat(growing) as chat:
        assert "жауғанын" not in said(await chat.text("Елордада қар жауды ма?"))
        growing.index = with_articles(growing.index, [SNOW])
        growing.asked = 0
        answered = await chat.text("Елордада қар жауды ма?")
        assert "қар қалың жауғанын" in said(answered)
        assert growing.asked == 1
        (shown,) = [one for one in answered if one.method == "sendMessage"]
        place = next(
            one for one in buttons(shown.parameters) if one.get("callback_data", "").startswith("ctx:")
        )
        for data in (place["callback_data"], "sources:0", f"article:{SNOW.key}", "more:0"):
            growing.asked = 0
            await chat.press(data, "Елордада қар жауды ма?")
            assert growing.asked == 1
        growing.index = without(growing.index, ["snow"])
        (notice,) = [
            one for one in await chat.press(f"article:{SNOW.key}") if one.method == "answerCallbackQuery"
        ]
        assert notice.parameters["show_alert"]


async def test_a_running_bot_answers_from_what_another_process_adds_and_counts_it(tmp_path, api):
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    api.webhook_to = base
    (tmp_path / "articles").mkdir()
    async with at_work(tmp_path, api, None, port, ARTICLES=str(tmp_path / "articles")):
        await api.wait_for("getWebhookInfo")
        assert "there are no articles to search" in (await get(f"{base}/readyz"))[1]
        with closing(Store(tmp_path / "dayek.db")) as store:
            store.add([SNOW], "a person")
        async with asyncio.timeout(20):
            while "dayek_articles 1.0" not in (await get(f"{base}/metrics"))[1]:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)
        assert "there are no articles" not in (await get(f"{base}/readyz"))[1]
        api.text("Елордада қар жауды ма?")
        await api.wait_for("sendMessage")
    assert "қар қалың жауғанын" in sent(api)[0]


async def test_a_trouble_with_the_database_is_logged_once_and_followed_on_from(tmp_path, caplog):
    changes = asyncio.Event()
    loop = asyncio.get_running_loop()
    with Library.open(tmp_path / "dayek.db", (), say=pytest.fail) as library:
        refresh, tries = library.refresh, []

        def failing():
            tries.append(1)
            if len(tries) <= 3:
                return broken.refresh()
            return refresh()

        with Library.open(tmp_path / "other.db", (), say=pytest.fail) as broken:
            pass
        library.refresh = failing  # type: ignore[method-assign]
        with closing(Store(tmp_path / "dayek.db")) as store:
            store.add([SNOW], "a person")
        following = asyncio.create_task(
            follow(library, lambda: loop.call_soon_threadsafe(changes.set), look=0.001)
        )
        async with asyncio.timeout(20):
            await changes.wait()
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
        assert "snow" in library.index.articles
    assert [one.message for one in caplog.records if "cannot be taken over" in one.message] != []
    assert len([one for one in caplog.records if "cannot be taken over" in one.message]) == 1


def test_the_example_follows_the_articles_when_it_is_renewed():
    growing = Growing(build([WIND]))
    example = Example(growing)
    assert example() is None
    growing.index = with_articles(growing.index, [SNOW])
    assert example() is None
    example.renew()
    assert example() == "Асқар Серік"


def test_the_terminal_answers_from_what_another_process_adds_between_two_lines(tmp_path, monkeypatch, capsys):
    (tmp_path / "articles").mkdir()
    for name, value in environment(
        tmp_path, ARTICLES=str(tmp_path / "articles"), TELEGRAM_BOT_TOKEN=None
    ).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)

    def lines():
        yield "Елордада қар жауды ма?\n"
        with closing(Store(tmp_path / "dayek.db")) as store:
            store.add([SNOW], "a person")
        yield "Елордада қар қалың жауды ма?\n"

    class Typed(io.StringIO):
        def __iter__(self):
            return lines()

    monkeypatch.setattr(sys, "stdin", Typed())
    assert command.main(["chat"]) == 0
    first, _, second = capsys.readouterr().out.partition("қар қалың жауғанын")
    assert "жауғанын" not in first
    assert "Qala.kz" in second
