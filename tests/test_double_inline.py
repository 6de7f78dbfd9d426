"""The double's inline mode, seen by the real library: what is asked, what is accepted as an answer."""

import asyncio
import sys
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    WebAppInfo,
)
from telegram.error import BadRequest

from tests.double import TOKEN

TOO_OLD = "Query is too old and response timeout expired or query id is invalid"


@pytest.fixture
def answer(api):
    """Posts an answer to a new inline query; returns the description of the refusal, if any."""

    async def call(results, **params):
        api.inline("сұрақ")
        query = max(api.unanswered_inline)
        body = {"inline_query_id": query, "results": results, **params}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{api.url}/bot{TOKEN}/answerInlineQuery", json=body) as response,
        ):
            return (await response.json()).get("description", "")

    return call


def article(result_id: str = "1", text: str = "<b>мәтін</b>", **fields: Any) -> InlineQueryResultArticle:
    content = InputTextMessageContent(text, parse_mode="HTML")
    return InlineQueryResultArticle(result_id, "Тақырып", content, **fields)


def raw(**fields: Any) -> dict[str, Any]:
    return {**article().to_dict(), **fields}


async def latest(bot: Bot) -> Any:
    return (await bot.get_updates(offset=-1))[0]


async def test_an_inline_query_is_answered_and_its_results_are_kept(api, bot):
    api.inline("сұрақ", user=8, language="ru", offset="20")
    query = (await latest(bot)).inline_query
    assert (query.query, query.offset, query.from_user.id, query.from_user.language_code) == (
        "сұрақ",
        "20",
        8,
        "ru",
    )
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    assert await query.answer(
        [article("а", reply_markup=markup), article("б")],
        cache_time=0,
        is_personal=True,
        next_offset="40",
        button=InlineQueryResultsButton("Сұрау", start_parameter="a_B-1"),
    )
    (kept,) = api.inline_answers
    assert (kept["query"], kept["offset"], kept["next_offset"], kept["cache_time"], kept["is_personal"]) == (
        "сұрақ",
        "20",
        "40",
        0,
        True,
    )
    assert kept["button"] == {"text": "Сұрау", "start_parameter": "a_B-1"}
    assert [result["id"] for result in kept["results"]] == ["а", "б"]
    message = kept["results"][0]["message"]
    assert (message["text"], message["entities"]) == (
        "мәтін",
        [{"type": "bold", "offset": 0, "length": 5}],
    )
    assert message["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "a"
    assert not api.unanswered_inline
    assert not api.refusals


async def test_an_inline_query_is_answered_once_and_in_time(api, bot):
    api.inline("бір")
    query = (await latest(bot)).inline_query
    await query.answer([article()])
    with pytest.raises(BadRequest, match=TOO_OLD):
        await query.answer([article()])
    api.inline("екі")
    query = (await latest(bot)).inline_query
    api.expire_queries()
    with pytest.raises(BadRequest, match=TOO_OLD):
        await query.answer([article()])
    assert len(api.inline_answers) == 1


async def test_a_refused_answer_leaves_the_inline_query_open(api, bot):
    api.inline("бір")
    query = (await latest(bot)).inline_query
    with pytest.raises(BadRequest, match="Result_id_duplicate"):
        await query.answer([article(), article()])
    assert await query.answer([article()])


async def test_the_library_can_page_through_more_results_than_one_answer_holds(api, bot):
    every = [article(str(number)) for number in range(60)]
    for offset in ("", "1"):
        api.inline("сұрақ", offset=offset)
        query = (await latest(bot)).inline_query
        await query.answer(every, auto_pagination=True)
    assert [(len(kept["results"]), kept["next_offset"]) for kept in api.inline_answers] == [
        (50, "1"),
        (10, ""),
    ]


async def test_an_inline_query_longer_than_telegram_allows_cannot_be_typed(api):
    assert api.inline("ә" * 256)
    with pytest.raises(ValueError, match="at most 256 characters: 257"):
        api.inline("ә" * 257)


async def test_inline_queries_come_only_when_asked_for(api, bot):
    await bot.get_updates(allowed_updates=["message"])
    api.inline("елеусіз")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=["message", "inline_query"])
    api.inline("керек")
    assert (await latest(bot)).inline_query.query == "керек"


@pytest.mark.parametrize(
    ("results", "description"),
    [
        (
            [raw(id=str(number)) for number in range(51)],
            "Bad Request: too many inline query results specified",
        ),
        ({}, "Bad Request: expected an Array of inline query results"),
        ([raw(), raw()], "Bad Request: RESULT_ID_DUPLICATE"),
        ([raw(id="")], "Bad Request: RESULT_ID_INVALID"),
        ([raw(id="ә" * 33)], "Bad Request: RESULT_ID_INVALID"),
        ([raw(title=" ")], "Bad Request: ARTICLE_TITLE_EMPTY"),
        ([raw(url="x y")], "Bad Request: URL_INVALID"),
        ([raw(thumbnail_url="x y")], "Bad Request: WEBDOCUMENT_URL_INVALID"),
        (["x"], "Bad Request: can't parse inline query result: Inline query result must be an object"),
        ([{"type": "article"}], "Bad Request: can't parse inline query result: Can't find field \"id\""),
        ([raw(id=1)], 'Bad Request: can\'t parse inline query result: Field "id" must be of type String'),
        (
            [{"type": "article", "id": "1", "title": "x"}],
            "Bad Request: can't parse inline query result: Can't find field \"message_text\"",
        ),
        (
            [raw(input_message_content={"message_text": ""})],
            "Bad Request: can't parse inline query result: Input message content is not specified",
        ),
        (
            [raw(input_message_content={"message_text": "<b>x", "parse_mode": "HTML"})],
            "Bad Request: can't parse inline query result: Can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ([raw(input_message_content={"message_text": " \n"})], "Bad Request: text must be non-empty"),
        ([raw(input_message_content={"message_text": "ә" * 4097})], "Bad Request: MESSAGE_TOO_LONG"),
        (
            [raw(reply_markup={"inline_keyboard": [[{"text": "A", "callback_data": "ә" * 33}]]})],
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            [raw(reply_markup={"inline_keyboard": [[{"text": "A"}]]})],
            "Bad Request: can't parse inline query result: Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ([raw(type="photo")], "DOUBLE: an inline result of type photo; the double knows articles"),
        ([raw(colour="red")], "DOUBLE: unknown field colour of an inline result"),
        (
            [raw(input_message_content={"message_text": "x", "colour": "red"})],
            "DOUBLE: unknown field colour of a message content",
        ),
    ],
)
async def test_a_malformed_inline_result_is_refused(answer, api, results, description):
    assert await answer(results) == description
    assert not api.inline_answers


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"cache_time": -1}, "DOUBLE: cache_time -1; Telegram takes 0 to 86400"),
        ({"next_offset": "ә" * 33}, "Bad Request: NEXT_OFFSET_INVALID"),
        (
            {"button": []},
            "Bad Request: can't parse inline query results button: InlineQueryResultsButton must be an Object",
        ),
        (
            {"button": {"start_parameter": "a"}},
            "Bad Request: can't parse inline query results button: Can't find field \"text\"",
        ),
        (
            {"button": {"text": "A"}},
            "Bad Request: can't parse inline query results button: InlineQueryResultsButton must have exactly one optional field",
        ),
        ({"button": {"text": " ", "start_parameter": "a"}}, "Bad Request: SWITCH_PM_TEXT_EMPTY"),
        ({"button": {"text": "A", "start_parameter": ""}}, "Bad Request: can't use empty start_parameter"),
        (
            {"button": {"text": "A", "start_parameter": "a" * 65}},
            "Bad Request: too long start_parameter specified",
        ),
        (
            {"button": {"text": "A", "start_parameter": "сұрақ"}},
            "Bad Request: unallowed characters in start_parameter are used",
        ),
        (
            {"button": {"text": "A", "web_app": {"url": "http://a.kz"}}},
            "Bad Request: SWITCH_WEBVIEW_URL_INVALID",
        ),
        (
            {"button": {"text": "A", "start_parameter": "a", "colour": "red"}},
            "DOUBLE: unknown field colour of the button above the results",
        ),
    ],
)
async def test_a_malformed_answer_around_the_results_is_refused(answer, params, description):
    assert await answer([raw()], **params) == description


async def test_an_inline_answer_at_its_limits_is_accepted(answer, api, bot):
    results = [raw(id=f"{number:02}" + "ә" * 31) for number in range(50)]
    button = {"text": "A", "start_parameter": "a" * 64}
    assert await answer(results, next_offset="ә" * 32, cache_time=86400, button=button) == ""
    assert await answer([]) == ""
    api.inline("бос")
    web_app = InlineQueryResultsButton("A", web_app=WebAppInfo("https://a.kz/app"))
    assert await (await latest(bot)).inline_query.answer([], button=web_app)
    assert [len(kept["results"]) for kept in api.inline_answers] == [50, 0, 0]


async def test_a_person_can_ask_inline_by_hand():
    command = (sys.executable, "-m", "tests.double", "--port", "0")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert process.stdin
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip().partition("=")[2]
    process.stdin.write("@сұрақ\n".encode())
    async with Bot(TOKEN, base_url=f"{url}/bot") as bot:
        query = (await bot.get_updates(timeout=10))[0].inline_query
        assert query
        button = InlineQueryResultsButton("Сұрау", start_parameter="a")
        await query.answer([article(description="Сипаттама")], button=button)
    output = (await process.communicate(("@" + "ә" * 257 + "\n").encode()))[0].decode()
    assert process.returncode == 0
    assert "1 results of @сұрақ\n    [Сұрау]\n  * Тақырып\n    Сипаттама\n    | мәтін" in output
    assert "an inline query has at most 256 characters: 257" in output
