"""The double when Telegram is slow, asleep, or no longer knows the token; and how calls are kept and counted."""

import asyncio

import aiohttp
import pytest
import pytest_asyncio
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError

from tests.double import TOKEN, BotApi

READER = 7
_BROKEN = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


@pytest_asyncio.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def send(api, session):
    """Sends to a reader who has written before; returns the status and the body."""
    api.text("сұрақ")

    async def call(text="жауап"):
        url = f"{api.url}/bot{TOKEN}/sendMessage"
        async with session.post(url, json={"chat_id": READER, "text": text}) as response:
            return response.status, await response.text()

    return call


def sent(api):
    return [message["text"] for message in api.messages.values() if message["from"]["is_bot"]]


async def test_asleep_and_refusing_nobody_is_let_in_and_the_port_stays(api, send):
    url = api.url
    await send("бұрын")
    async with api.asleep("refuse"):
        with pytest.raises(aiohttp.ClientConnectionError):
            await send("естілмейді")
        with pytest.raises(aiohttp.ClientConnectorError, match=r"127\.0\.0\.1"):
            await send("естілмейді")
    assert (await send("естіледі"))[0] == 200
    assert (api.url, sent(api), api.missed) == (url, ["бұрын", "естіледі"], [])


@pytest.mark.parametrize("how", ["refuse", "hang"])
async def test_falling_asleep_breaks_the_poll_that_waits(api, bot, how):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.polled()
    async with api.asleep(how):
        if how == "refuse":
            with pytest.raises(NetworkError):
                await poll
        else:
            await api.until(lambda: api.missed == ["getUpdates"])
            assert not poll.done()
    with pytest.raises(NetworkError):
        await poll
    api.text("сұрақ")
    assert len(await bot.get_updates()) == 1
    assert [call.method for call in api.calls] == ["getMe", "getUpdates"]


async def test_asleep_and_hanging_a_call_is_never_carried_out(api, send):
    async with api.asleep("hang"):
        hanging = [asyncio.create_task(send("естілмейді")) for _ in range(3)]
        await api.until(lambda: api.missed == ["sendMessage"] * 3)
        assert not any(task.done() for task in hanging)
    for task in hanging:
        with pytest.raises(_BROKEN):
            await task
    assert (await send("естіледі"))[0] == 200
    assert sent(api) == ["естіледі"]
    assert [call.params["text"] for call in api.calls] == ["естіледі"]


async def test_asleep_behind_a_proxy_every_call_is_a_502_without_json(api, send):
    async with api.asleep("502"):
        status, body = await send("естілмейді")
        assert (status, body.startswith("<html>")) == (502, True)
        assert "nginx" in body
    assert (sent(api), api.missed, api.calls) == ([], ["sendMessage"], [])
    assert (await send("естіледі"))[0] == 200


async def test_the_library_takes_a_502_for_trouble_with_the_network(api, bot):
    async with api.asleep("502"):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.get_updates()


async def test_mute_a_call_is_carried_out_and_nobody_is_told(api, send):
    async with api.asleep("mute"):
        with pytest.raises(_BROKEN):
            await send("естілді")
        assert (await api.wait_for("sendMessage")).ok
    assert sent(api) == ["естілді"]
    assert (await send("жауап"))[0] == 200


async def test_mute_an_update_is_confirmed_though_the_bot_never_got_the_answer(api, bot):
    update_id = api.text("сұрақ")
    async with api.asleep("mute"):
        with pytest.raises(NetworkError):
            await bot.get_updates(offset=update_id + 1)
        await api.idle()


async def test_one_way_of_sleeping_follows_another(api, send):
    await api.fall_asleep("refuse")
    await api.fall_asleep("502")
    assert (await send())[0] == 502
    await api.wake()
    await api.wake()
    assert (await send())[0] == 200


async def test_a_double_that_is_asleep_can_be_left(session):
    async with BotApi() as api:
        await api.fall_asleep("hang")
        hanging = asyncio.create_task(session.get(f"{api.url}/bot{TOKEN}/getMe"))
        await api.until(lambda: bool(api.missed))
    with pytest.raises(_BROKEN):
        await hanging


async def test_a_slow_call_is_carried_out_at_once_and_answered_later(api, send):
    api.delay = 3600
    slow = asyncio.create_task(send("баяу"))
    assert (await api.wait_for("sendMessage")).ok
    assert not slow.done()
    api.delay = 0
    assert (await send("жылдам"))[0] == 200
    assert not slow.done()
    slow.cancel()


async def test_slow_calls_do_not_wait_for_each_other(api, send):
    api.delay = 0.1
    async with asyncio.timeout(10):  # one after the other they would take 20 seconds
        answers = await asyncio.gather(*(send() for _ in range(200)))
    assert {status for status, _ in answers} == {200}


async def test_a_revoked_token_is_unauthorized_also_for_the_poll_that_waits(api, bot):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.polled()
    api.revoke()
    for call in (poll, bot.get_me()):
        with pytest.raises(InvalidToken):
            await asyncio.wait_for(call, 10)
    assert [call.status for call in api.calls] == [200, 401, 401]
    assert api.refusals == []


async def test_a_path_that_is_no_call_is_not_found(api, session):
    for path in ("/", f"/bot{TOKEN}", f"/bot{TOKEN}/getMe/now"):
        async with session.get(api.url + path) as response:
            assert await response.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_calls_are_counted_by_method_and_status(api, send):
    for text in ("бір", "", "екі"):
        await send(text)
    assert api.counts == {("sendMessage", 200): 2, ("sendMessage", 400): 1}


async def test_without_keeping_calls_they_are_counted_waited_for_and_refusals_are_seen():
    async with BotApi(keep_calls=False) as api, Bot(TOKEN, base_url=f"{api.url}/bot") as bot:
        api.text("сұрақ")
        await bot.send_message(READER, "бір")
        waiting = asyncio.create_task(api.wait_for("sendMessage"))
        await asyncio.sleep(0)
        await bot.send_message(READER, "екі")
        assert (await waiting).params["text"] == "екі"
        with pytest.raises(BadRequest):
            await bot.send_message(READER, "")
        assert api.counts["sendMessage", 200] == 2
        assert [call.description for call in api.refusals] == ["Bad Request: message text is empty"]
        assert api.calls == []


async def test_several_wait_for_calls_in_the_order_they_asked(api, send):
    first, second = (asyncio.create_task(api.wait_for("sendMessage")) for _ in range(2))
    await asyncio.sleep(0)
    await send("бір")
    await send("екі")
    assert [(await task).params["text"] for task in (first, second)] == ["бір", "екі"]


async def test_a_call_that_nobody_waits_for_any_more_is_the_next_one_still(api, send):
    waiting = asyncio.create_task(api.wait_for("sendMessage"))
    await asyncio.sleep(0)
    waiting.cancel()
    await send("бір")
    assert (await api.wait_for("sendMessage")).params["text"] == "бір"


async def test_the_same_text_twice_makes_two_messages_that_share_nothing(api, bot):
    api.text("сұрақ")
    for _ in range(2):
        await bot.send_message(READER, "<b>қою</b> мәтін", parse_mode="HTML")
    api.messages[READER, 2]["entities"][0]["length"] = 1
    assert api.messages[READER, 3]["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert [call.result["entities"][0]["length"] for call in api.calls if call.method == "sendMessage"] == [
        3,
        3,
    ]


async def test_an_entity_that_cuts_a_character_in_two_is_refused(api, session):
    api.text("сұрақ")
    params = {"chat_id": READER, "text": "😀 a", "entities": [{"type": "bold", "offset": 1, "length": 2}]}
    async with session.post(f"{api.url}/bot{TOKEN}/sendMessage", json=params) as response:
        assert (await response.json())[
            "description"
        ] == "DOUBLE: the entity at UTF-16 offset 1 cuts a character in two"


async def test_control_characters_inside_a_text_are_blanked_or_removed(api, bot):
    api.text("сұрақ")
    sent = await bot.send_message(READER, "бір\tекі\r <b>үш</b>", parse_mode="HTML")
    assert sent.text == "бір екі үш"
    assert [(entity.offset, entity.length) for entity in sent.entities] == [(8, 2)]
