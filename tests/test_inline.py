"""Inline mode, in the real Application."""

import re

from bot.texts import catalogue
from tests.chat import Chat
from tests.double.entities import parse


async def _results(chat, query):
    asked = {"id": "5", "from": chat.user, "query": query, "offset": ""}
    ((answered),) = await chat.update(inline_query=asked)
    assert answered.method == "answerInlineQuery"
    return answered.parameters


async def test_a_question_in_any_chat_lists_quotes_with_their_titles(seeds_index):
    async with Chat(seeds_index) as chat:
        answered = await _results(chat, "Мәжіліс төрағасы кім?")
    first = answered["results"][0]
    assert first["title"] == "Коалиция: Мақсат – мемлекеттілікті нығайтып, оны болашақ ұрпаққа жеткізу"
    assert first["description"].startswith("Мәжіліс төрағасы Ерлан Қошанов")
    sent = parse(first["input_message_content"]["message_text"], "html").text
    assert "[1] BAQ.KZ · 2026 ж. 3 наурыз · 1-абзац" in sent


async def test_the_ids_of_the_results_are_unique_and_within_64_bytes(seeds_index):
    async with Chat(seeds_index) as chat:
        ids = [one["id"] for one in (await _results(chat, "референдум қашан өтеді"))["results"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", id_) for id_ in ids)


async def test_an_empty_query_offers_the_articles(seeds_index):
    async with Chat(seeds_index) as chat:
        answered = await _results(chat, "  ")
    assert len(answered["results"]) == 5
    assert answered["is_personal"] is True


async def test_a_query_that_the_articles_do_not_answer_says_so(seeds_index):
    async with Chat(seeds_index, "ru") as chat:
        answered = await _results(chat, "Палау рецепті")
    assert answered["results"] == []
    assert answered["button"]["text"] == catalogue("ru").not_found


async def test_a_guest_message_is_answered_once_with_the_best_quote(seeds_index):
    group = {"id": -100777, "type": "supergroup", "title": "Бөтен топ"}
    async with Chat(seeds_index, chat=group) as chat:
        message = {"message_id": 3, "date": 1, "chat": group, "from": chat.user, "guest_query_id": "g1",
                   "text": "@dayek_bot Мәжіліс төрағасы кім?"}  # fmt: skip
        ((answered),) = await chat.update(guest_message=message)
    assert answered.method == "answerGuestQuery"
    assert answered.parameters["guest_query_id"] == "g1"
    content = answered.parameters["result"]["input_message_content"]["message_text"]
    assert "Ерлан Қошанов" in content


async def test_a_guest_question_that_the_articles_do_not_answer_is_told_so(seeds_index):
    group = {"id": -100777, "type": "supergroup", "title": "Бөтен топ"}
    async with Chat(seeds_index, "ru", chat=group) as chat:
        message = {"message_id": 3, "date": 1, "chat": group, "from": chat.user, "guest_query_id": "g1",
                   "text": "@dayek_bot Палау рецепті"}  # fmt: skip
        ((answered),) = await chat.update(guest_message=message)
    content = answered.parameters["result"]["input_message_content"]["message_text"]
    assert content.startswith(catalogue("ru").not_found)
