"""Groups, topics and follow-ups, in the real Application."""

import pytest

from bot.texts import catalogue
from tests.chat import Chat, buttons, said

_GROUP = {"id": -100123, "type": "supergroup", "title": "Топ", "is_forum": True}
_BOT = {"id": 1, "is_bot": True, "first_name": "Dayek", "username": "dayek_bot"}


def _replied(sender, text="Мәжіліс төрағасы кім?"):
    return {"message_id": 40, "date": 1, "chat": _GROUP, "from": sender, "text": text}


@pytest.mark.parametrize("text", ["/ask Мәжіліс төрағасы кім?", "/ask@dayek_bot Мәжіліс төрағасы кім?",
                                  "@dayek_bot Мәжіліс төрағасы кім?", "Мәжіліс төрағасы кім, @Dayek_Bot?"])  # fmt: skip
async def test_a_command_or_a_mention_is_answered_with_one_quote_and_more(seeds_index, text):
    async with Chat(seeds_index, chat=_GROUP) as chat:
        calls = await chat.text(text)
    assert said(calls).startswith("Мәжіліс төрағасы Ерлан Қошанов")
    assert "[2]" not in said(calls)
    assert any(one.get("callback_data") == "more:1" for one in buttons(calls[0].parameters))


async def test_a_reply_to_the_bot_is_answered_and_one_to_somebody_else_is_not(seeds_index):
    async with Chat(seeds_index, chat=_GROUP) as chat:
        answered = await chat.text("геймификация", reply_to_message=_replied(_BOT))
        somebody = {"id": 9, "is_bot": False, "first_name": "Біреу"}
        ignored = await chat.text("геймификация", reply_to_message=_replied(somebody))
    assert "геймификация" in said(answered)
    assert ignored == []


async def test_ask_in_reply_to_a_message_asks_about_that_message(seeds_index):
    somebody = {"id": 9, "is_bot": False, "first_name": "Біреу"}
    async with Chat(seeds_index, chat=_GROUP) as chat:
        ((sent),) = await chat.text("/ask", reply_to_message=_replied(somebody))
    assert "Ерлан Қошанов" in sent.parameters["text"]
    assert sent.parameters["reply_parameters"]["message_id"] == 40


async def test_ask_without_a_question_says_how_to_use_it(seeds_index):
    async with Chat(seeds_index, chat=_GROUP) as chat:
        assert said(await chat.text("/ask")) == catalogue("kk").ask_usage


async def test_the_answer_stays_in_the_topic(seeds_index):
    async with Chat(seeds_index, chat=_GROUP) as chat:
        ((sent),) = await chat.text("/ask геймификация", message_thread_id=5, is_topic_message=True)
    assert sent.parameters["message_thread_id"] == 5


@pytest.mark.parametrize("more", ["тағы", "ещё", "more", "Тағы!"])
async def test_more_after_an_answer_goes_on_with_it(seeds_index, more):
    async with Chat(seeds_index) as chat:
        await chat.text("референдум туралы не айтылды")
        calls = await chat.text(more)
    assert "[4]" in said(calls)


async def test_an_interrogative_after_an_answer_continues_the_question(seeds_index):
    async with Chat(seeds_index) as chat:
        await chat.text("Алматыдағы кездесу")
        calls = await chat.text("қашан?")
    assert "13 ақпанда Алматыда" in said(calls)


async def test_a_follow_up_in_another_topic_knows_nothing_of_the_first(seeds_index):
    async with Chat(seeds_index, chat=_GROUP) as chat:
        await chat.text("/ask Алматыдағы кездесу", message_thread_id=5, is_topic_message=True)
        calls = await chat.text("/ask қашан?", message_thread_id=6, is_topic_message=True)
    assert said(calls).startswith(catalogue("kk").no_words)


async def test_a_quote_reply_asks_about_the_part_that_is_quoted(seeds_index):
    quote = {"text": "инватакси саны", "position": 0, "is_manual": True}
    private = {"id": 7, "type": "private", "first_name": "Оқырман"}
    replied = {"message_id": 40, "date": 1, "chat": private, "from": _BOT, "text": "инватакси саны 18"}
    async with Chat(seeds_index) as chat:
        calls = await chat.text("қанша?", reply_to_message=replied, quote=quote)
    assert "18-ден 32 бірлікке" in said(calls)
