"""The Bot API double itself: every rule the other tests rely on is seen to hold here."""

import asyncio
import json
import sys
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, Update
from telegram.error import BadRequest
from telegram.ext import Application, MessageHandler, filters

from tests.double import TOKEN
from tests.double.entities import Json

READER = 7


@pytest_asyncio.fixture
async def post(api):
    """Posts JSON to a method and returns the decoded answer."""
    async with aiohttp.ClientSession() as session:

        async def call(method, token=TOKEN, **params):
            async with session.post(f"{api.url}/bot{token}/{method}", json=params) as response:
                answer = await response.json()
                assert response.status == (200 if answer["ok"] else answer["error_code"])
                return answer

        yield call


@pytest.fixture
def send(api, post):
    """Sends to a reader who has written before; returns the answer."""
    api.text("Сәлем", user=READER)

    def call(text="мәтін", **params):
        return post("sendMessage", chat_id=READER, text=text, **params)

    return call


def keyboard(*rows: list[Json]) -> Json:
    return {"inline_keyboard": [list(row) for row in rows]}


def button(**fields: Any) -> Json:
    return {"text": "Түйме", **fields}


async def test_a_wrong_token_is_unauthorized(post):
    answer = await post("getMe", token="1:wrong")
    assert answer == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(post, api):
    assert await post("sendTelepathy") == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert [call.method for call in api.refusals] == ["sendTelepathy"]


async def test_json_form_and_multipart_requests_are_read_alike(api):
    api.text("Сәлем")
    markup = json.dumps(keyboard([button(callback_data="a")]))
    multipart = aiohttp.FormData(
        {"chat_id": "7", "text": "x", "reply_markup": markup}, default_to_multipart=True
    )
    form = {"chat_id": "7", "text": "x", "reply_markup": markup}
    async with aiohttp.ClientSession() as session:
        for body in ({"json": {**form, "chat_id": 7}}, {"data": form}, {"data": multipart}):
            async with session.post(f"{api.url}/bot{TOKEN}/sendMessage", **body) as response:
                assert (await response.json())["ok"]
    assert len({json.dumps(call.params, sort_keys=True) for call in api.calls}) == 1
    assert api.calls[0].params["chat_id"] == 7


async def test_an_unknown_parameter_is_refused_by_the_double(send):
    assert (await send(colour="red"))["description"] == "DOUBLE: unknown parameter colour of sendMessage"


async def test_python_telegram_bot_understands_every_kind_of_update(api, bot):
    api.text("/start 12 https://a.kz")
    sent = await bot.send_message(
        READER, "жауап", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    )
    api.press("a", message_id=sent.message_id)
    message, press = await bot.get_updates(timeout=1)
    assert [entity.type for entity in message.message.entities] == ["bot_command", "url"]
    assert message.effective_user.language_code == "kk"
    assert press.callback_query.data == "a"
    assert press.callback_query.message.text == "жауап"
    assert await press.callback_query.answer()
    assert not api.refusals


async def test_an_offset_confirms_the_updates_before_it(api, bot):
    first, second = api.text("бір"), api.text("екі")
    assert [update.update_id for update in await bot.get_updates(limit=1)] == [first]
    assert [update.update_id for update in await bot.get_updates()] == [first, second]
    assert [update.update_id for update in await bot.get_updates(offset=second)] == [second]
    with pytest.raises(TimeoutError):
        await api.idle(timeout=0)
    assert await bot.get_updates(offset=second + 1) == ()
    await api.idle()


async def test_a_negative_offset_keeps_only_the_last_updates(api, bot):
    ids = [api.text(text) for text in "абв"]
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == ids[-1:]
    assert len(await bot.get_updates()) == 1


async def test_a_long_poll_returns_as_soon_as_an_update_comes(api, bot):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.polled()
    api.text("сұрақ")
    assert [update.message.text for update in await poll] == ["сұрақ"]


async def test_allowed_updates_are_remembered_and_obeyed(api, post):
    await post("getUpdates", allowed_updates=["callback_query"])
    api.text("елеусіз")
    assert (await post("getUpdates"))["result"] == []
    await post("getUpdates", allowed_updates=["message"])
    api.text("керек")
    assert len((await post("getUpdates"))["result"]) == 1


async def test_reactions_come_only_when_asked_for(api, post):
    reaction = {"message_reaction": {"chat": {"id": 7, "type": "private"}, "message_id": 1, "date": 1}}
    api.update(reaction)
    assert (await post("getUpdates"))["result"] == []
    await post("getUpdates", allowed_updates=Update.ALL_TYPES)
    api.update(reaction)
    assert len((await post("getUpdates"))["result"]) == 1


async def test_a_second_poller_ends_the_first_with_409(api, post):
    first = asyncio.create_task(post("getUpdates", timeout=30))
    await api.polled()
    assert (await post("getUpdates"))["ok"]
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request;")


async def test_a_poller_that_hung_up_is_no_conflict(api, post):
    first = asyncio.create_task(post("getUpdates", timeout=30))
    await api.polled()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await post("getUpdates"))["ok"]
    assert not api.refusals


async def test_polling_is_a_conflict_while_a_webhook_is_set(post):
    assert (await post("setWebhook", url="http://a.kz"))["error_code"] == 400
    await post("setWebhook", url="https://a.kz/hook")
    assert (await post("getWebhookInfo"))["result"]["url"] == "https://a.kz/hook"
    answer = await post("getUpdates")
    assert answer["description"].startswith("Conflict: can't use getUpdates method while webhook is active;")
    await post("deleteWebhook")
    assert (await post("getUpdates"))["ok"]


async def test_dropping_pending_updates_leaves_none(api, post):
    api.text("ескі")
    await post("deleteWebhook", drop_pending_updates=True)
    assert (await post("getUpdates"))["result"] == []


async def test_a_sent_message_looks_like_one_of_telegram(api, send):
    text = '😀 <b>қою</b> <a href="https://a.kz">сілтеме</a>\n<blockquote expandable>дәйек</blockquote>  \n'
    markup = keyboard([button(callback_data="a")])
    result = (await send(text, parse_mode="HTML", reply_markup=markup))["result"]
    assert result == api.messages[READER, 2]
    assert (result["message_id"], result["chat"]["type"], result["from"]["is_bot"]) == (2, "private", True)
    assert result["text"] == "😀 қою сілтеме\nдәйек"
    assert result["entities"] == [
        {"type": "bold", "offset": 3, "length": 3},
        {"type": "text_link", "offset": 7, "length": 7, "url": "https://a.kz/"},
        {"type": "expandable_blockquote", "offset": 15, "length": 5},
    ]
    assert result["reply_markup"] == markup


async def test_a_text_is_trimmed_and_its_entities_move_along(send):
    result = (await send(" \n\x01😀\r <b>қою</b> <i> </i>\n", parse_mode="HTML"))["result"]
    assert result["text"] == "😀 қою"
    assert result["entities"] == [{"type": "bold", "offset": 3, "length": 3}]


async def test_telegram_finds_links_and_commands_outside_of_links_and_code(send):
    result = (await send("/help <code>/no</code> https://a.kz", parse_mode="HTML"))["result"]
    assert [entity["type"] for entity in result["entities"]] == ["bot_command", "code", "url"]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n"}, "Bad Request: text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty"),
        ({"text": "ә" * 4097}, "Bad Request: message is too long"),
        ({"parse_mode": "BBCode"}, "Bad Request: unsupported parse_mode"),
        (
            {"text": "<b>x", "parse_mode": "HTML"},
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"text": "*x", "parse_mode": "MarkdownV2"},
            "Bad Request: can't parse entities: Can't find end of Bold entity at byte offset 0",
        ),
        ({"text": "\ud800"}, "Bad Request: strings must be encoded in UTF-8"),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 2",
        ),
        (
            {"text": "<b>x</b>" * 101, "parse_mode": "HTML"},
            "DOUBLE: 101 entities; Telegram ignores all after the first 100",
        ),
        (
            {"text": '<a href="http://localhost/">x</a>', "parse_mode": "HTML"},
            "DOUBLE: 1 <a> tags but 0 links; Telegram shows the others as plain text",
        ),
        ({"reply_parameters": {"message_id": 99}}, "Bad Request: message to be replied not found"),
        ({"reply_parameters": {"message_id": 1, "quote": "жоқ"}}, "Bad Request: QUOTE_TEXT_INVALID"),
        ({"reply_markup": []}, "Bad Request: object expected as reply markup"),
        ({"reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
    ],
)
async def test_a_message_that_telegram_would_not_send_is_refused(send, api, params, description):
    answer = await send(**params)
    assert answer["description"] == description
    assert [call.description for call in api.refusals] == [description]
    assert list(api.messages) == [(READER, 1)]


async def test_a_message_of_4096_characters_after_parsing_is_sent(send):
    assert (await send(f"<b>{'ә' * 4096}</b>", parse_mode="HTML"))["ok"]


async def test_a_chat_that_never_wrote_is_not_found(post):
    assert (await post("sendMessage", chat_id=8, text="x"))["description"] == "Bad Request: chat not found"


@pytest.mark.parametrize(
    ("rows", "description"),
    [
        (
            [[button()]],
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ([[button(callback_data="ә" * 33)]], "Bad Request: BUTTON_DATA_INVALID"),
        ([[button(copy_text={"text": "x" * 257})]], "Bad Request: BUTTON_COPY_TEXT_INVALID"),
        ([[button(url="x y")]], "Bad Request: inline keyboard button URL 'x y' is invalid: Wrong HTTP URL"),
        (
            [[button(url="ftp://a.kz")]],
            "Bad Request: inline keyboard button URL 'ftp://a.kz' is invalid: Unsupported URL protocol",
        ),
        (
            [[button(callback_data="a", url="https://a.kz")]],
            "DOUBLE: a button with 2 actions: callback_data, url; Telegram takes one",
        ),
        ([[{"text": " ", "callback_data": "a"}]], "DOUBLE: a button without text; Telegram leaves it out"),
        ([[button(callback_data="a", colour="red")]], "DOUBLE: unknown button field colour"),
        ([[button(callback_data="a")] * 9], "DOUBLE: 9 buttons in a row; Telegram shows 8"),
        ([[button(callback_data="a")]] * 101, "Bad Request: reply markup is too long"),
        (
            ["x"],
            'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
    ],
)
async def test_a_malformed_keyboard_is_refused(send, rows, description):
    assert (await send(reply_markup={"inline_keyboard": rows}))["description"] == description


async def test_a_keyboard_at_its_limits_is_accepted(send):
    widest = [
        button(callback_data="ә" * 32),
        button(url="https://a.kz"),
        button(copy_text={"text": "x" * 256}),
    ]
    assert (await send(reply_markup=keyboard(widest)))["ok"]


async def test_a_reply_shows_the_message_it_answers(bot, api):
    api.text("сұрақ")
    first = await bot.send_message(READER, "бір", reply_parameters=ReplyParameters(1))
    second = await bot.send_message(READER, "екі", reply_parameters=ReplyParameters(first.message_id))
    assert second.reply_to_message.text == "бір"
    assert second.reply_to_message.reply_to_message is None
    alone = ReplyParameters(99, allow_sending_without_reply=True)
    assert (await bot.send_message(READER, "үш", reply_parameters=alone)).reply_to_message is None


async def test_an_edit_changes_the_message_and_drops_the_keyboard_it_does_not_repeat(bot, api):
    api.text("сұрақ")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    sent = await bot.send_message(READER, "бір", reply_markup=markup)
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await sent.edit_text("бір", reply_markup=markup)
    edited = await sent.edit_text("екі", reply_markup=markup)
    assert (edited.text, edited.reply_markup) == ("екі", markup)
    await sent.edit_reply_markup(None)
    assert "reply_markup" not in api.messages[READER, sent.message_id]
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_reply_markup(None)


async def test_only_existing_messages_of_the_bot_can_be_edited(send, post):
    await send()
    for message_id, description in ((1, "message can't be edited"), (99, "message to edit not found")):
        answer = await post("editMessageText", chat_id=READER, message_id=message_id, text="x")
        assert answer["description"] == f"Bad Request: {description}"


async def test_a_deleted_message_is_gone(send, post, api):
    await send()
    assert (await post("deleteMessage", chat_id=READER, message_id=2))["result"] is True
    assert (READER, 2) not in api.messages
    answer = await post("deleteMessage", chat_id=READER, message_id=2)
    assert answer["description"] == "Bad Request: message to delete not found"


async def test_a_press_is_answered_once_and_in_time(send, post, api):
    too_late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    await send(reply_markup=keyboard([button(callback_data="a")]))
    api.press("a", message_id=2)
    (query,) = api.unanswered
    answer = await post("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert answer["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert (await post("answerCallbackQuery", callback_query_id=query))["ok"]
    assert not api.unanswered
    assert (await post("answerCallbackQuery", callback_query_id=query))["description"] == too_late
    api.press("a", message_id=2)
    (query,) = api.unanswered
    api.expire_queries()
    assert (await post("answerCallbackQuery", callback_query_id=query))["description"] == too_late


async def test_a_button_that_is_not_shown_cannot_be_pressed(send, api):
    await send(reply_markup=keyboard([button(callback_data="a")]))
    with pytest.raises(LookupError, match="no button with the data 'b'"):
        api.press("b", message_id=2)
    with pytest.raises(LookupError):
        api.press("a", message_id=99)


@pytest.mark.parametrize(
    ("command", "description"),
    [
        ({"command": "Start", "description": "x"}, "Bad Request: BOT_COMMAND_INVALID"),
        ({"command": "start", "description": ""}, "Bad Request: command description must be non-empty"),
        (
            {"command": "start", "description": "x" * 257},
            "Bad Request: command description length must not exceed 256",
        ),
        ({"command": "start"}, "Bad Request: can't parse BotCommand: Can't find field \"description\""),
    ],
)
async def test_a_malformed_command_is_refused(post, command, description):
    assert (await post("setMyCommands", commands=[command]))["description"] == description


async def test_commands_are_kept_by_scope_and_language(bot):
    private = {"scope": {"type": "all_private_chats"}, "language_code": "kk"}
    await bot.set_my_commands([("start", "Бастау")], api_kwargs=private)
    assert await bot.get_my_commands() == ()
    assert (await bot.get_my_commands(api_kwargs=private))[0].description == "Бастау"
    with pytest.raises(BadRequest, match="Invalid language code specified"):
        await bot.set_my_commands([], language_code="kaz")


async def test_profile_texts_fall_back_to_the_default_language_and_have_limits(bot):
    await bot.set_my_description("Any", language_code="")
    await bot.set_my_description("Қазақша", language_code="kk")
    assert (await bot.get_my_description("kk")).description == "Қазақша"
    assert (await bot.get_my_description("ru")).description == "Any"
    with pytest.raises(BadRequest, match="DOUBLE: short_description is longer than 120 characters"):
        await bot.set_my_short_description("x" * 121)
    assert (await bot.get_my_name()).name == "Dayek"


async def test_an_unknown_chat_action_is_refused(send, post):
    await send()
    assert (await post("sendChatAction", chat_id=READER, action="typing"))["ok"]
    answer = await post("sendChatAction", chat_id=READER, action="sleeping")
    assert answer["description"] == "Bad Request: wrong parameter action in request"


async def test_a_scripted_failure_is_no_refusal_and_passes(send, api):
    description, parameters = "Too Many Requests: retry after 3", {"retry_after": 3}
    api.fail_next("sendMessage", status=429, description=description, parameters=parameters)
    assert await send() == {
        "ok": False,
        "error_code": 429,
        "description": description,
        "parameters": parameters,
    }
    assert (await send())["ok"]
    assert not api.refusals


async def test_an_application_polls_answers_and_stops_without_a_refusal(api):
    async def echo(update, _context):
        await update.message.reply_text(update.message.text)

    app = Application.builder().token(TOKEN).base_url(f"{api.url}/bot").build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    assert app.updater is not None
    async with app:
        await app.start()
        await app.updater.start_polling(timeout=30)
        api.text("сұрақ")
        assert (await api.wait_for("sendMessage")).result["text"] == "сұрақ"
        await api.idle()
        await api.polled()
        await app.updater.stop()
        await app.stop()
    assert not api.refusals


async def test_a_person_can_run_the_double_by_hand():
    command = (sys.executable, "-m", "tests.double", "--port", "0")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    output, errors = await process.communicate("сәлем\n!1\n".encode())
    assert (process.returncode, errors) == (0, b"")
    assert output.decode().startswith("TELEGRAM_API_URL=http://127.0.0.1:")
    assert "There is no button 1." in output.decode()


async def test_waiting_gives_each_accepted_call_once_and_says_what_came_instead(send, api):
    await send("бір")
    await send("")
    await send("екі")
    assert [(await api.wait_for("sendMessage")).params["text"] for _ in range(2)] == ["бір", "екі"]
    with pytest.raises(TimeoutError, match="sendMessage 400 Bad Request: message text is empty"):
        await api.wait_for("sendMessage", timeout=0)


async def test_after_logging_out_nothing_is_accepted(post):
    assert (await post("logOut"))["result"] is True
    assert (await post("getMe"))["description"] == "Bad Request: logged out"
