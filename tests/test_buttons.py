"""What the buttons under an answer do, pressed in the real Application."""

import re
from dataclasses import replace

import pytest

from bot.texts import catalogue
from retrieval.article import Article
from retrieval.build import build
from tests.chat import Chat, buttons
from tests.double.entities import parse

_QUESTION = "Мәжіліс төрағасы кім?"


async def _answer(chat, question=_QUESTION):
    ((sent),) = await chat.text(question)
    return sent.parameters


def _data(parameters, prefix):
    return [
        button["callback_data"]
        for button in buttons(parameters)
        if button.get("callback_data", "").startswith(prefix)
    ]


async def test_the_first_quote_is_open_and_the_others_expand(seeds_index):
    async with Chat(seeds_index) as chat:
        shown = await _answer(chat)
    kinds = [one["type"] for one in parse(shown["text"], "html").entities if "blockquote" in one["type"]]
    assert kinds[0] == "blockquote"
    assert set(kinds[1:]) == {"expandable_blockquote"}


async def test_every_citation_is_a_link_that_opens_its_paragraph_with_the_quote_in_bold(seeds_index):
    async with Chat(seeds_index) as chat:
        shown = await _answer(chat)
        (link, *_) = re.findall(r'href="https://t.me/dayek_bot\?start=([^"]+)"', shown["text"])
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", link)
        ((opened),) = await chat.text(f"/start {link}")
    text = opened.parameters["text"]
    assert "<b>Мәжіліс төрағасы Ерлан Қошанов бастаған" in text
    assert "2. Жалпыұлттық Коалицияның" in text


async def test_a_quote_opens_in_its_text_and_the_answer_comes_back(seeds_index):
    async with Chat(seeds_index) as chat:
        shown = await _answer(chat)
        _, opened = await chat.press(_data(shown, "ctx:")[0], _QUESTION)
        (back,) = _data(opened.parameters, "more:")
        _, again = await chat.press(back, _QUESTION)
    assert opened.method == again.method == "editMessageText"
    assert again.parameters["text"] == shown["text"]


async def test_the_context_can_be_paged_through_the_whole_article(seeds_index):
    async with Chat(seeds_index) as chat:
        data = _data(await _answer(chat), "ctx:")[0]
        seen: set[int] = set()
        for _ in range(20):
            _, opened = await chat.press(data, _QUESTION)
            seen |= {int(number) for number in re.findall(r"(?m)^(\d+)\. ", opened.parameters["text"])}
            forward = [one for one in buttons(opened.parameters) if one["text"] == "›"]
            if not forward:
                break
            data = forward[0]["callback_data"]
    assert seen == set(range(1, 15))


async def test_more_shows_further_quotes_in_place_and_back(seeds_index):
    question = "референдум туралы не айтылды"
    async with Chat(seeds_index) as chat:
        shown = await _answer(chat, question)
        (more,) = _data(shown, "more:")
        _, further = await chat.press(more, question)
        _, first = await chat.press(_data(further.parameters, "more:")[0], question)
    assert "[4]" in further.parameters["text"]
    assert first.parameters["text"] == shown["text"]


async def test_a_button_works_after_a_restart_and_a_hundred_other_questions(seeds_index):
    async with Chat(seeds_index) as chat:
        data = _data(await _answer(chat), "ctx:")[0]
    async with Chat(seeds_index) as later:
        for _ in range(100):
            await later.text("геймификация")
        _, opened = await later.press(data)
    assert "<b>Мәжіліс төрағасы Ерлан Қошанов бастаған" in opened.parameters["text"]


async def test_a_button_says_when_the_article_has_changed_or_gone_since(seeds, seeds_index):
    async with Chat(seeds_index) as chat:
        data = _data(await _answer(chat), "ctx:")[0]
    changed = {id_: replace(one, text=one.text + " Жаңа сөйлем.") for id_, one in seeds.items()}
    async with Chat(build(changed.values())) as chat:
        ((told),) = await chat.press(data)
    assert told.parameters["text"] == catalogue("kk").changed
    async with Chat(build([Article("x", "Басқа мақала осында тұр.")])) as chat:
        ((told),) = await chat.press(data)
    assert told.parameters["text"] == catalogue("kk").article_gone


async def test_more_without_its_question_says_so(seeds_index):
    async with Chat(seeds_index) as chat:
        ((told),) = await chat.press("more:3")
    assert told.parameters["text"] == catalogue("kk").no_question


async def test_the_copy_button_holds_quote_source_date_title_and_paragraph(seeds_index):
    async with Chat(seeds_index) as chat:
        shown = await _answer(chat)
    (copied,) = [one["copy_text"]["text"] for one in buttons(shown) if "copy_text" in one]
    assert len(copied) <= 256
    assert copied.startswith("«Мәжіліс төрағасы Ерлан Қошанов бастаған")
    for part in ("BAQ.KZ", "2026 ж. 3 наурыз", "Коалиция: Мақсат", "1-абзац"):
        assert part in copied


@pytest.mark.parametrize("vote", [0, 1])
async def test_a_vote_is_kept_by_ids_and_the_reader_is_told(seeds_index, vote):
    async with Chat(seeds_index) as chat:
        shown = await _answer(chat)
        ((told),) = await chat.press(_data(shown, "vote:")[vote])
        forgotten = chat.memory.forget(7, 7)
    assert told.parameters["text"] == catalogue("kk").voted
    assert forgotten.votes == 1


@pytest.mark.parametrize(
    "data", ["ctx:x", "ctx:" + "0" * 12 + "-000000-0-5", "vote:2:x", "set:quotes:9", "set:x", "more:-1"]
)
async def test_forged_button_data_is_answered_and_changes_nothing(seeds_index, data):
    async with Chat(seeds_index) as chat:
        (told,) = await chat.press(data, _QUESTION)
        preferences = chat.memory.preferences(7)
    assert told.method == "answerCallbackQuery"
    assert preferences.quotes == 3


async def test_settings_are_chosen_by_buttons_and_obeyed_at_once(seeds_index):
    async with Chat(seeds_index) as chat:
        ((shown),) = await chat.text("/settings")
        assert len(_data(shown.parameters, "set:")) == 7
        _, russian = await chat.press("set:language:ru")
        await chat.press("set:quotes:1")
        answered = await _answer(chat)
        refused = await _answer(chat, "Палау рецепті")
    assert russian.parameters["text"].startswith("<b>Настройки</b>")
    assert "[2]" not in answered["text"]
    assert refused["text"].startswith(catalogue("ru").not_found)


async def test_forget_deletes_and_says_what_was_deleted(seeds_index):
    async with Chat(seeds_index, "en") as chat:
        await chat.press("set:quotes:1")
        await _answer(chat)
        ((told),) = await chat.text("/forget")
        preferences = chat.memory.preferences(7)
    assert told.parameters["text"] == "Deleted: settings 1, questions 1, votes 0."
    assert preferences.quotes == 3


async def test_a_press_too_old_to_be_answered_still_shows_what_was_asked_for(seeds_index):
    async with Chat(seeds_index) as chat:
        chat.request.failures["answerCallbackQuery"] = (400, "Bad Request: query is too old")
        methods = [call.method for call in await chat.press("sources:0")]
    assert methods == ["answerCallbackQuery", "editMessageText"]


async def test_a_press_under_a_message_deleted_meanwhile_is_harmless(seeds_index, caplog):
    async with Chat(seeds_index) as chat:
        chat.request.failures["editMessageText"] = (400, "Bad Request: message to edit not found")
        methods = [call.method for call in await chat.press("sources:0")]
    assert methods == ["answerCallbackQuery", "editMessageText"]
    assert caplog.text == ""
