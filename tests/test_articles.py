"""The articles for admins: looked through, removed with a question first, and brought back."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from bot.texts import catalogue
from retrieval.article import Article
from tests.office import ADMIN, QUESTION, READER, STORY, Office, data_of, labels

KK = catalogue("kk")


def articles(count):
    return [
        Article(f"{n:02}.txt", f"{STORY}Бұл {n}-мақала.", f"Тақырып {n}", "BAQ.KZ", date(2026, 3, 1 + n))
        for n in range(count)
    ]


async def test_an_admin_sees_a_page_of_articles_turns_it_and_opens_one(tmp_path, api):
    async with Office(tmp_path, api) as office:
        office.library.add(articles(10))
        shown = await office.text("/articles")
        assert shown["text"].startswith("10 мақала")
        page = await office.press(shown, "›")
        assert "Тақырып 0" in page["text"]
        card = await office.press(page, "10. Тақырып 0")
        assert card["text"].startswith("Тақырып 0\nBAQ.KZ · 2026 ж. 1 наурыз\n3 үзінді\n00.txt\n\nТүркістан")
        assert labels(card) == ["Өшіру", "‹ Мақалалар"]
        back = await office.press(card, "‹ Мақалалар")
        assert back["text"] == page["text"]


async def test_an_article_is_removed_after_a_question_and_undone_exactly(tmp_path, api):
    async with Office(tmp_path, api) as office:
        office.library.add(articles(1), "ARTICLES")
        before = office.library.index.articles["00.txt"]
        card = await office.press(await office.text("/articles"), "1. Тақырып 0")
        question = await office.press(card, "Өшіру")
        assert question["text"].startswith(KK.remove_question)
        assert labels(question) == ["Иә, өшіру", "Бас тарту"]
        assert "00.txt" in office.library.index.articles
        removed = await office.press(question, "Иә, өшіру")
        assert removed["text"] == KK.removed
        assert (await office.text(QUESTION, user=READER))["text"].startswith(KK.not_found)
        office.now += 599
        undone = await office.press(removed, "Қайтару")
        assert undone["text"] == KK.undone
        assert office.library.index.articles["00.txt"] == before
        assert "қырық мың" in (await office.text(QUESTION, user=READER))["text"]
    with closing(sqlite3.connect(tmp_path / "dayek.db")) as database:
        assert database.execute("select origin, removed from articles").fetchall() == [("ARTICLES", None)]


async def test_the_question_can_be_answered_with_no(tmp_path, api):
    async with Office(tmp_path, api) as office:
        office.library.add(articles(1))
        card = await office.press(await office.text("/articles"), "1. Тақырып 0")
        assert (await office.press(await office.press(card, "Өшіру"), "Бас тарту"))["text"] == card["text"]
        assert "00.txt" in office.library.index.articles


async def test_after_ten_minutes_it_says_that_it_is_too_late(tmp_path, api):
    async with Office(tmp_path, api) as office:
        removed = await _removed(office)
        office.now += 601
        assert await office.notice(removed, data_of(removed, "Қайтару")) == KK.undo_late
        assert not office.library.index.articles


async def test_a_removal_can_be_undone_after_a_restart(tmp_path, api):
    async with Office(tmp_path, api) as office:
        removed = await _removed(office)
    async with Office(tmp_path, api) as office:
        assert (await office.press(removed, "Қайтару"))["text"] == KK.undone
        assert "00.txt" in office.library.index.articles


async def test_presses_that_come_twice_do_nothing_more(tmp_path, api):
    async with Office(tmp_path, api) as office:
        office.library.add(articles(1))
        card = await office.press(await office.text("/articles"), "1. Тақырып 0")
        question = await office.press(card, "Өшіру")
        api.press(data_of(question, "Иә, өшіру"), message_id=question["message_id"])
        (removed,) = await office.work(times=2)
        assert removed.result["text"] == KK.removed
        api.press(data_of(removed.result, "Қайтару"), message_id=question["message_id"])
        (undone,) = await office.work(times=2)
        assert undone.result["text"] == KK.undone
        assert "00.txt" in office.library.index.articles


async def test_an_article_that_is_gone_by_now_is_told(tmp_path, api):
    async with Office(tmp_path, api) as office:
        office.library.add(articles(1))
        shown = await office.text("/articles")
        office.library.remove(["00.txt"])
        assert await office.notice(shown, data_of(shown, "1. Тақырып 0")) == KK.article_gone


async def test_without_articles_there_is_nothing_to_list(tmp_path, api):
    async with Office(tmp_path, api) as office:
        assert (await office.text("/articles"))["text"] == KK.no_articles


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_others_get_a_polite_refusal_whatever_they_press(tmp_path, api, language):
    texts = catalogue(language)
    async with Office(tmp_path, api) as office:
        office.library.add(articles(1))
        assert (await office.text("/articles", user=READER, language=language))["text"] == texts.admins_only
        card = await office.press(await office.text("/articles"), "1. Тақырып 0")
        drop = data_of(await office.press(card, "Өшіру"), "Иә, өшіру")
        before = len(api.calls)
        message = {
            "message_id": 1,
            "chat": {"id": READER, "type": "private", "first_name": "Б"},
            "date": 1,
            "text": "…",
        }
        reader = {"id": READER, "is_bot": False, "first_name": "Б", "language_code": language}
        api.update(
            {
                "callback_query": {
                    "id": "5",
                    "from": reader,
                    "message": message,
                    "chat_instance": "1",
                    "data": drop,
                }
            }
        )
        assert await office.work() == []
        answer = next(call for call in api.calls[before:] if call.method == "answerCallbackQuery")
        assert answer.params["text"] == texts.admins_only
        assert "00.txt" in office.library.index.articles


async def test_the_command_is_listed_for_admins_alone_and_in_their_languages(tmp_path, api):
    async with Office(tmp_path, api) as office:
        await office.text("/start")
        await office.application.post_init(office.application)
        bot = office.application.bot
        for language in ("kk", "ru", "en"):
            everybody = [one.command for one in await bot.get_my_commands(language_code=language)]
            admins = await bot.get_my_commands({"type": "chat", "chat_id": ADMIN}, language)
            assert "articles" not in everybody
            assert [one.command for one in admins] == [*everybody, "articles"]
            assert admins[-1].description == catalogue(language).admin_commands["articles"]


async def test_an_admin_whose_chat_telegram_does_not_know_yet_gets_the_command_with_the_first_start(
    tmp_path, api
):
    async with Office(tmp_path, api) as office:
        scope = {"type": "chat", "chat_id": ADMIN}
        await office.application.post_init(office.application)
        assert await office.application.bot.get_my_commands(language_code="kk")
        assert not await office.application.bot.get_my_commands(scope, "kk")
        await office.text("/start")
        assert [one.command for one in await office.application.bot.get_my_commands(scope, "kk")][
            -1
        ] == "articles"


async def test_in_a_group_the_command_says_nothing(tmp_path, api):
    async with Office(tmp_path, api) as office:
        api.text("/articles", chat=-100123)
        assert await office.work() == []


async def _removed(office):
    office.library.add(articles(1))
    card = await office.press(await office.text("/articles"), "1. Тақырып 0")
    return await office.press(await office.press(card, "Өшіру"), "Иә, өшіру")
