"""Failures as they really come: the library and the transport against a server that fails in every way."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import ChatMigrated, NetworkError, TelegramError
from telegram.ext import ExtBot

from bot.limits import Limits
from bot.transport import AiohttpRequest
from bot.trouble import Trouble, trouble_of, was_sent
from tests.double import TOKEN, BotApi


def _bot(url, **timeouts):
    request = AiohttpRequest(**timeouts)
    return Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)


async def _failure(call):
    with pytest.raises(TelegramError) as caught:
        await call
    return caught.value


@pytest.fixture
async def api():
    async with BotApi() as api:
        api.text("сұрақ")
        yield api


@pytest.mark.parametrize(
    ("how", "expected", "sent"),
    [
        ("refuse", Trouble.UNREACHED, False),
        ("502", Trouble.FAILED, True),
        ("hang", Trouble.UNSURE, True),
        ("mute", Trouble.UNSURE, True),
    ],
)
async def test_each_way_of_being_away(api, how, expected, sent):
    bot = _bot(api.url, read_timeout=0.1)
    await bot.request.initialize()  # without a call before, so that no connection is left from one
    await api.fall_asleep(how)
    error = await _failure(bot.send_message(7, "жауап"))
    await api.wake()
    await bot.request.shutdown()
    assert (trouble_of(error), was_sent(error)) == (expected, sent)


async def test_a_connection_that_breaks_before_the_answer_leaves_it_open_what_became_of_the_call(api):
    async with _bot(api.url) as bot:
        await api.fall_asleep("hang")
        sending = asyncio.create_task(bot.send_message(7, "жауап"))
        await api.until(lambda: "sendMessage" in api.missed)
        await api.wake()
        assert trouble_of(await _failure(sending)) is Trouble.UNSURE


async def test_a_name_that_nobody_knows_means_that_nothing_was_sent():
    bot = _bot("http://no-such-host.invalid")
    await bot.request.initialize()
    error = await _failure(bot.send_message(7, "жауап"))
    await bot.request.shutdown()
    assert (trouble_of(error), was_sent(error)) == (Trouble.UNREACHED, False)


@pytest.mark.parametrize(
    ("status", "description", "parameters", "expected"),
    [
        (400, "Bad Request: message text is empty", None, Trouble.REFUSED),
        (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1001}, Trouble.REFUSED),
        (401, "Unauthorized", None, Trouble.REVOKED),
        (403, "Forbidden: bot was blocked by the user", None, Trouble.BLOCKED),
        (403, "Forbidden: bot was kicked from the group chat", None, Trouble.BLOCKED),
        (404, "Not Found", None, Trouble.REVOKED),  # so Telegram says of a token of another shape
        (429, "Too Many Requests: retry after 5", {"retry_after": 5}, Trouble.BUSY),
        (500, "Internal Server Error", None, Trouble.FAILED),
        (503, "Service Unavailable", None, Trouble.FAILED),
    ],
)
async def test_each_answer_that_is_none(api, status, description, parameters, expected):
    async with _bot(api.url) as bot:
        api.fail_next("sendMessage", status=status, description=description, parameters=parameters)
        assert trouble_of(await _failure(bot.send_message(7, "жауап"))) is expected


@pytest.mark.parametrize("kind", ["callback", "inline"])
async def test_a_query_that_is_too_old_has_nobody_left_to_answer(api, kind):
    async with _bot(api.url) as bot:
        late = bot.answer_callback_query("1") if kind == "callback" else bot.answer_inline_query("1", [])
        assert trouble_of(await _failure(late)) is Trouble.TOO_LATE


async def test_through_the_limits_the_last_failure_is_told_apart_as_well(api):
    request = AiohttpRequest()
    bot = ExtBot(
        TOKEN, base_url=f"{api.url}/bot", request=request, get_updates_request=request, rate_limiter=Limits()
    )
    async with bot:
        api.fail_next("sendMessage", status=429, description="Too Many Requests: retry after 0",
                      parameters={"retry_after": 0.001}, times=3)  # fmt: skip
        assert trouble_of(await _failure(bot.send_message(7, "жауап"))) is Trouble.BUSY


def test_anything_else_is_a_fault_of_the_bot():
    errors = (ValueError("…"), TelegramError("Invalid server response"), RecursionError(), KeyError(1))
    assert {trouble_of(error) for error in errors} == {Trouble.FAULT}
    assert trouble_of(ChatMigrated(-100)) is Trouble.REFUSED


def test_a_failure_before_sending_is_found_however_deep_its_cause_lies():
    error = NetworkError("…")
    error.__cause__ = ValueError("…")
    error.__cause__.__cause__ = ConnectionRefusedError()
    assert was_sent(error)  # a refusal by itself, of who knows what, proves nothing
