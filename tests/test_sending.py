import asyncio
import threading

import pytest
from telegram import Message

from bot.reply import said
from bot.sending import Thinking, send
from tests.chat import Chat


def _message(chat):
    data = {"message_id": 5, "date": 1, "chat": {"id": -7, "type": "group", "title": "Топ"}, "text": "?"}
    return Message.de_json(data, chat.application.bot)


async def test_a_group_that_became_a_supergroup_is_answered_there(seeds_index):
    async with Chat(seeds_index) as chat:
        chat.request.migrations["sendMessage"] = -100900
        await send(chat.application.bot, _message(chat), said("жауап"))
        assert [sent["chat_id"] for sent in chat.request.of("sendMessage")] == [-7, -100900]


async def test_a_question_that_takes_long_shows_that_the_bot_is_typing(seeds_index):
    ready = threading.Event()
    async with Chat(seeds_index) as chat:
        finding = asyncio.create_task(Thinking().of(chat.application.bot, _message(chat), ready.wait))
        while not chat.request.of("sendChatAction"):  # noqa: ASYNC110 - the double has no event for it
            await asyncio.sleep(0.01)
        ready.set()
        assert await finding is True
    assert chat.request.of("sendChatAction")[0]["action"] == "typing"


async def test_a_quick_answer_shows_no_typing(seeds_index):
    async with Chat(seeds_index) as chat:
        assert await Thinking().of(chat.application.bot, _message(chat), lambda: 1) == 1
        assert chat.request.of("sendChatAction") == []


async def test_what_goes_wrong_in_finding_is_not_hidden(seeds_index):
    async with Chat(seeds_index) as chat:
        with pytest.raises(ZeroDivisionError):
            await Thinking().of(chat.application.bot, _message(chat), lambda: 1 // 0)
