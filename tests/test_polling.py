"""The bot as a process that polls a loopback Bot API double, as strict as Telegram."""

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from telegram import Bot

from tests.double import TOKEN, BotApi
from tests.running import ANSWER, QUESTION, at_work, environment, free_port, get, started

_ROOT = Path(__file__).parent.parent


@asynccontextmanager
async def _bot(tmp_path, **environment):
    """A running bot; whatever it writes is read, so that it never waits for us."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "polling",
        cwd=_ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={"PATH": os.environ["PATH"], "DATABASE": str(tmp_path / "dayek.db"), **environment},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _tried_to_send(api):
    while not any(call.method == "sendMessage" for call in api.calls):  # noqa: ASYNC110 - no event tells of a refusal
        await asyncio.sleep(0.01)


async def _stopped(process, number=signal.SIGTERM):
    process.send_signal(number)
    output, _ = await asyncio.wait_for(process.communicate(), 10)
    return process.returncode, output.decode()


async def test_a_question_over_the_loopback_double_is_answered_and_nothing_is_refused(tmp_path):
    async with (
        BotApi() as api,
        _bot(tmp_path, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=TOKEN) as process,
    ):
        await api.polled(20)
        api.text("Мәжіліс төрағасы кім?")
        answered = await api.wait_for("sendMessage")
        api.text("/sources", language="ru")
        listed = await api.wait_for("sendMessage")
        button = listed.result["reply_markup"]["inline_keyboard"][0][0]
        api.press(button["callback_data"], message_id=listed.result["message_id"])
        opened = await api.wait_for("editMessageText")
        await api.idle()
        status, output = await _stopped(process)
    assert "Ерлан Қошанов" in answered.result["text"]
    assert {name: answered.result["entities"][0][name] for name in ("type", "offset")} == {
        "type": "blockquote",
        "offset": 0,
    }
    assert listed.result["text"].startswith("5 статей")
    assert "14 абзац" in opened.result["text"]
    assert api.refusals == []
    assert api.unanswered == set()
    assert (status, "Traceback" in output, TOKEN in output) == (0, False, False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_bot_cleanly_and_what_it_answered_is_confirmed(tmp_path, number):
    async with (
        BotApi() as api,
        _bot(tmp_path, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=TOKEN) as process,
    ):
        await api.polled(20)
        for user in range(20):
            api.text("Мәжіліс төрағасы кім?", user=100 + user)
        await api.wait_for("sendMessage")
        status, _ = await _stopped(process, number)
        sent = sum(call.method == "sendMessage" for call in api.calls)
        await api.idle()
    assert (status, sent) == (0, 20)


async def test_a_message_whose_handling_was_cut_short_is_answered_after_the_restart(tmp_path):
    environment = {"TELEGRAM_BOT_TOKEN": TOKEN}
    async with BotApi() as api:
        environment["TELEGRAM_API_URL"] = api.url
        async with _bot(tmp_path, **environment) as process:
            await api.polled(20)
            api.fail_next("sendMessage", status=429, description="Too Many Requests: retry after 60",
                          parameters={"retry_after": 60})  # fmt: skip
            api.text("геймификация")
            await _tried_to_send(api)
            process.kill()
            await process.wait()
        async with _bot(tmp_path, **environment):
            answered = await api.wait_for("sendMessage", 20)
    assert "геймификация" in answered.result["text"]


async def test_a_429_is_waited_out_and_the_answer_comes_once(tmp_path):
    async with (
        BotApi() as api,
        _bot(tmp_path, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=TOKEN) as process,
    ):
        await api.polled(20)
        api.fail_next("sendMessage", status=429, description="Too Many Requests: retry after 1",
                      parameters={"retry_after": 1})  # fmt: skip
        api.text("геймификация")
        await api.wait_for("sendMessage")
        await _stopped(process)
        assert [call.status for call in api.calls if call.method == "sendMessage"] == [429, 200]


async def test_a_wrong_token_is_one_clear_sentence_and_exit_1(tmp_path):
    wrong = "7654321:another-token-that-nobody-knows-00000"
    async with (
        BotApi() as api,
        _bot(tmp_path, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=wrong) as process,
    ):
        output, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert output.decode().splitlines()[-1].startswith("Telegram does not know this token")
    assert "Traceback" not in output.decode()
    assert wrong not in output.decode()


async def test_a_bot_that_starts_before_telegram_can_be_reached_waits_for_it(tmp_path, unused_tcp_port):
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with _bot(tmp_path, TELEGRAM_API_URL=url, TELEGRAM_BOT_TOKEN=TOKEN) as process:
        while b"cannot be reached" not in await process.stdout.readline():
            pass
        async with BotApi(port=unused_tcp_port) as api:
            await api.polled(20)
            api.text("геймификация")
            assert "геймификация" in (await api.wait_for("sendMessage")).result["text"]


async def test_polling_without_a_token_says_where_to_get_one(tmp_path):
    async with _bot(tmp_path) as process:
        output, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert "@BotFather" in output.decode()


async def test_a_second_poller_is_named_and_the_bot_goes_on(tmp_path):
    async with (
        BotApi() as api,
        _bot(tmp_path, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=TOKEN) as process,
    ):
        await api.polled(20)
        api.fail_next(
            "getUpdates", status=409, description="Conflict: terminated by other getUpdates request"
        )
        api.text("геймификация")
        await api.wait_for("sendMessage")
        api.text("геймификация")
        await api.wait_for("sendMessage", 10)
        _, output = await _stopped(process)
    assert output.count("another copy of this bot is polling") == 1


async def test_a_reader_who_writes_while_another_is_kept_waiting_is_answered_at_once(tmp_path):
    async with (
        BotApi() as api,
        _bot(tmp_path, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=TOKEN) as process,
    ):
        await api.polled(20)
        api.fail_next("sendMessage", status=429, description="Too Many Requests: retry after 60",
                      parameters={"retry_after": 60})  # fmt: skip
        api.text("геймификация", user=1)
        await _tried_to_send(api)
        api.text("геймификация", user=2)
        answered = await api.wait_for("sendMessage", 20)
        process.kill()
    assert answered.params["chat_id"] == 2


async def test_a_group_and_an_inline_query_are_answered_through_the_double(tmp_path):
    async with (
        BotApi() as api,
        _bot(tmp_path, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=TOKEN) as process,
    ):
        await api.polled(20)
        api.text("/ask Мәжіліс төрағасы кім?", chat=-100123, message_thread_id=9)
        answered = await api.wait_for("sendMessage")
        api.inline("геймификация")
        await api.wait_for("answerInlineQuery")
        status, _ = await _stopped(process)
    assert answered.params["message_thread_id"] == 9
    assert "геймификация" in api.inline_answers[0]["results"][0]["description"]
    assert (api.refusals, status) == ([], 0)


async def test_what_disturbs_a_poller_is_one_line_each_and_it_is_unready_meanwhile(tmp_path):
    port = free_port()
    ready = f"http://127.0.0.1:{port}/readyz"
    async with (
        BotApi() as api,
        Bot(TOKEN, base_url=f"{api.url}/bot") as other,
        started("polling", **environment(tmp_path, api, PORT=str(port))) as bot,
    ):
        await api.polled(20)
        assert await get(ready) == (200, "ready\n")
        await other.get_updates(
            timeout=0
        )  # another poller: the two take turns, and each gets some of the updates
        await bot.line("another copy of this bot is polling")
        status, page = await get(ready)
        assert (status, "another copy of this bot is polling" in page) == (503, True)
        api.text(QUESTION)
        await api.wait_for("sendMessage", 20)
        await api.polled(20)
        assert (await get(ready))[0] == 200
        await other.set_webhook("https://other.example.org/telegram")
        await api.until(lambda: api.counts["getUpdates", 409] >= 3)
        assert (await get(ready))[0] == 503
        await other.delete_webhook()
        await api.polled(20)
        api.revoke()
        ended, output = await bot.ended()
    assert ended == 1
    assert bot.count("another copy of this bot is polling, or a webhook is set") == 1
    assert bot.count("Telegram does not know") == 1
    assert bot.lines[-1].startswith("Telegram does not know this token")
    assert [line for line in bot.lines if " ERROR " in line or " WARNING " in line] == [
        await bot.line("another copy of this bot is polling")
    ]
    assert "Traceback" not in output


async def test_what_was_fetched_is_in_the_inbox_before_telegram_is_told_so(tmp_path, api, seeds_index):
    kept = []
    plain = api._account.start_poll

    def start_poll(params):
        with closing(sqlite3.connect(tmp_path / "dayek.db")) as beside:
            (largest,) = beside.execute("select max(update_id) from inbox").fetchone()
        kept.append((params.get("offset", 0), (largest or -1) + 1))
        plain(params)

    api._account.start_poll = start_poll
    async with at_work(tmp_path, api, seeds_index, mode="polling"):
        await api.polled()
        for user in range(1, 4):
            api.text(QUESTION, user=user)
            await api.wait_for("sendMessage")
        await api.idle()
    assert len(kept) >= 4
    assert all(offset <= known for offset, known in kept)
    assert kept[-1][0] == kept[-1][1] > 0  # and at the end it knows of all


async def test_an_update_that_cannot_be_read_keeps_none_of_the_others_away(tmp_path, api, seeds_index):
    api.update({"inline_query": {"id": "1"}})  # nobody asks it
    api.text(QUESTION)
    async with at_work(tmp_path, api, seeds_index, mode="polling") as service:
        assert ANSWER in (await api.wait_for("sendMessage")).result["text"]
        assert service.inbox.depth().malformed == 1
    assert not api._account.pending


async def test_an_inbox_that_cannot_be_written_leaves_the_updates_with_telegram(tmp_path, api, seeds_index):
    async with at_work(tmp_path, api, seeds_index, mode="polling", busy=0.02):
        await api.polled()
        with closing(sqlite3.connect(tmp_path / "dayek.db", isolation_level=None)) as another:
            another.execute("begin exclusive")
            api.text(QUESTION)
            await api.until(lambda: api.counts["getUpdates", 200] >= 2)
            assert len(api._account.pending) == 1
        assert ANSWER in (await api.wait_for("sendMessage")).result["text"]
        await api.idle()


async def test_a_poller_is_stopped_although_telegram_hangs(tmp_path, api, seeds_index, monkeypatch):
    monkeypatch.setattr("bot.polling._LAST", 0.05)
    async with asyncio.timeout(4), at_work(tmp_path, api, seeds_index, mode="polling") as service:
        await api.polled()
        api.text(QUESTION)
        await api.wait_for("sendMessage")
        while service.inbox.depth().waiting:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
        await api.fall_asleep("hang")
    await api.wake()
    async with at_work(tmp_path, api, seeds_index, mode="polling"):
        await api.idle()
    assert sum(call.method == "sendMessage" for call in api.calls) == 1
