"""Nothing that was confirmed to Telegram is lost: kills, a Telegram that sleeps, a database that cannot be written."""

import asyncio
import json
import random
import signal
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from functools import partial

from bot.texts import catalogue
from tests.double import BotApi
from tests.running import ANSWER, QUESTION, at_work, environment, free_port, get, sent, started

_KILLS = 3
_PEOPLE = range(100, 130)
_EACH = 2  # questions of each person before each kill


def _replies(api, first=0):
    """The messages that are in the chats, as (chat, question answered), from one call on."""
    return [
        (call.result["chat"]["id"], call.params["reply_parameters"]["message_id"])
        for call in api.calls[first:]
        if call.method == "sendMessage" and call.ok
    ]


def _has_sent(api, enough):
    return len(sent(api)) >= enough


async def test_whenever_it_is_killed_each_confirmed_question_is_answered_and_at_most_one_a_chat_twice(
    tmp_path,
):
    port, seed = free_port(), random.randrange(10**6)
    chance, lives = random.Random(seed), []
    asked: list[tuple[int, int]] = []
    async with BotApi(webhook_to=f"http://127.0.0.1:{port}", retry_unit=0.02) as api:
        api.delay = 0.02
        for life in range(_KILLS + 1):
            began = len(api.calls)
            async with started("webhook", **environment(tmp_path, api, port)) as bot:
                await api.wait_for("getWebhookInfo", 20)
                if life < _KILLS:
                    # One chat is kept waiting for longer than the bot lives: its question is under way, unsent.
                    api.fail_next("sendMessage", status=429, description="Too Many Requests: retry after 9",
                                  parameters={"retry_after": 9})  # fmt: skip
                    before = set(api.messages)
                    for user in _PEOPLE:
                        for _ in range(_EACH):
                            api.text(QUESTION, user=user)
                    asked += [key for key in api.messages if key not in before]
                    enough = len(sent(api)) + chance.randrange((len(_PEOPLE) - 1) * _EACH)
                    await api.until(partial(_has_sent, api, enough), 20)
                    await asyncio.sleep(chance.random() * 0.03)  # anywhere between two calls
                    await bot.stopped(signal.SIGKILL)
                else:
                    await api.until(lambda: len(set(_replies(api))) >= len(_PEOPLE) * _EACH * _KILLS, 30)
                    await api.idle()
                    status, output = await bot.stopped()
            lives.append(_replies(api, began))
    assert (status, "Traceback" in output, api.refusals) == (0, False, [])
    answered: set[tuple[int, int]] = set()
    for life, replies in enumerate(lives):
        again = Counter(chat for chat, question in replies if (chat, question) in answered)
        assert max(again.values(), default=0) <= 1, (seed, life, again)
        assert len(set(replies)) == len(replies), (seed, life)
        answered |= set(replies)
    assert answered == set(asked), seed


async def _slept_through(folder, how, index):
    """What each person has got who asked twice while Telegram was asleep: texts, by the question."""
    folder.mkdir()
    people = range(1, 21)
    port = free_port()
    async with (
        BotApi(webhook_to=f"http://127.0.0.1:{port}", retry_unit=0.05) as api,
        at_work(folder, api, index, port) as service,
    ):
        await api.wait_for("getWebhookInfo")
        await api.fall_asleep(how)
        for user in people:
            for _ in range(2):
                api.text(QUESTION, user=user)
        await api.idle()  # the webhook goes on taking them
        if how == "hang":
            await api.until(lambda: api.missed.count("sendMessage") == len(people))
        else:
            while service.reach.is_open:  # noqa: ASYNC110 - nothing tells of its closing
                await asyncio.sleep(0.01)
            assert "Telegram cannot be reached" in (await get(f"http://127.0.0.1:{port}/readyz"))[1]
        await api.wake()
        expected = len(people) * (3 if how == "mute" else 2)
        await api.until(lambda: len(sent(api)) >= expected, 20)
        while service.inbox.depth().waiting:  # noqa: ASYNC110 - nor of the end of the last
            await asyncio.sleep(0.01)
        if how == "mute":
            await _pressed(api, 1)
    found = defaultdict(list)
    for call in api.calls:
        if call.method == "sendMessage" and call.ok:
            question = call.params["reply_parameters"]["message_id"]
            found[call.result["chat"]["id"], question].append(call.result["text"])
    assert {user for user, _ in found} == set(people)
    return [["answer" if ANSWER in text else text for text in texts] for _, texts in sorted(found.items())]


async def _pressed(api, user):
    """The button of the note shows the answer."""
    (note,) = [
        call.result
        for call in api.calls
        if call.method == "sendMessage" and call.ok and call.result["chat"]["id"] == user
        and call.result["text"] == catalogue("kk").perhaps_lost
    ]  # fmt: skip
    button = note["reply_markup"]["inline_keyboard"][0][0]
    api.press(button["callback_data"], message_id=note["message_id"], user=user)
    assert ANSWER in (await api.wait_for("editMessageText")).result["text"]


async def test_every_question_asked_while_telegram_sleeps_is_answered_when_it_wakes_and_none_twice(
    tmp_path, seeds_index
):
    ways = ("refuse", "502", "hang", "mute")
    found = await asyncio.gather(*(_slept_through(tmp_path / how, how, seeds_index) for how in ways))
    got = dict(zip(ways, found, strict=True))
    note = catalogue("kk").perhaps_lost
    assert got["refuse"] == got["502"] == [["answer"]] * 40
    # The first of each was under way, and nobody can tell whether it was carried out: a note with a button. In
    # one case it was, and the answer is there; it is not sent twice.
    assert got["hang"] == [[note], ["answer"]] * 20
    assert got["mute"] == [["answer", note], ["answer"]] * 20


async def test_while_the_database_cannot_be_written_updates_stay_with_telegram_and_are_answered_once(
    tmp_path, api, seeds_index
):
    port = free_port()
    api.webhook_to, api.webhook.retry_unit = f"http://127.0.0.1:{port}", 0.05
    async with at_work(tmp_path, api, seeds_index, port, busy=0.02) as service:
        await api.wait_for("getWebhookInfo")
        with closing(sqlite3.connect(tmp_path / "dayek.db", isolation_level=None)) as another:
            another.execute("begin exclusive")
            for user in range(1, 11):
                api.text(QUESTION, user=user)
            await api.until(lambda: len(api.deliveries) >= 15)
            assert {delivery.outcome for delivery in api.deliveries} == {503}
            status, page = await get(f"http://127.0.0.1:{port}/readyz")
            assert (status, "the database cannot be written" in page) == (503, True)
            assert (await get(f"http://127.0.0.1:{port}/healthz"))[0] == 200
            another.execute("rollback")
        await api.idle(10)
        await api.until(lambda: len(sent(api)) >= 10)
        api.text("/help", user=1)
        await api.until(lambda: len(sent(api)) > 10)
        assert service.inbox.depth().aside == 0
    assert [len(sent(api, user)) for user in range(1, 11)] == [2] + [1] * 9


async def test_on_a_full_disk_updates_stay_with_telegram_until_there_is_room(tmp_path, api, seeds_index):
    port = free_port()
    api.webhook_to, api.webhook.retry_unit = f"http://127.0.0.1:{port}", 0.05

    def fill(database):
        database.execute(f"pragma max_page_count = {database.execute('pragma page_count').fetchone()[0]}")

    async with at_work(tmp_path, api, seeds_index, port) as service:
        await api.wait_for("getWebhookInfo")
        writer = service.inbox._writer
        await asyncio.wrap_future(writer.submit(fill))
        api.text(QUESTION, user=1, caption_that_needs_pages="х" * 50_000)
        await api.until(lambda: len(api.deliveries) >= 3)
        assert {delivery.outcome for delivery in api.deliveries} == {503}
        await asyncio.wrap_future(
            writer.submit(lambda database: database.execute("pragma max_page_count = 100000").fetchone())
        )
        await api.until(lambda: sent(api, 1))
        await api.idle()
    assert [ANSWER in text for text in sent(api, 1)] == [True]


async def test_of_what_was_answered_refused_or_forgotten_no_word_is_left_on_the_disk(
    tmp_path, api, seeds_index
):
    port = free_port()
    api.webhook_to = f"http://127.0.0.1:{port}"

    def is_there(word):
        forms = (word.encode(), json.dumps(word)[1:-1].encode())  # as it is, and as Telegram writes it
        files = [part.read_bytes() for part in tmp_path.glob("dayek.db*")]
        return any(form in file for form in forms for file in files)

    refused, aside = "қырықаяқтың", "шегірткелердің"
    async with at_work(tmp_path, api, seeds_index, port):
        await api.wait_for("getWebhookInfo")
        api.text(f"{refused} бағамы қанша?", user=1)
        await api.wait_for("sendMessage")
        assert is_there(refused)  # in the log that SQLite writes before the file itself
        api.fail_next("sendMessage", status=400, description="Bad Request: not enough rights")
        api.text(f"{aside} бағамы қанша?", user=2)
        assert (await api.wait_for("sendMessage")).result["text"] == catalogue("kk").error
    assert (is_there(refused), is_there(aside)) == (False, True)
    async with at_work(tmp_path, api, seeds_index, port):
        await api.wait_for("getWebhookInfo")
        api.text("/forget", user=2)
        told = (await api.wait_for("sendMessage")).result["text"]
    assert told == catalogue("kk").forgotten.format(settings=0, questions=1, votes=0)
    assert not is_there(aside)
