"""Questions in Russian and English over Kazakh articles, in the real Application."""

import re

import pytest

from bot.markup import LONGEST, MOST_ENTITIES
from bot.memory import Preferences
from bot.texts import catalogue
from tests.chat import Chat, buttons, said
from tests.double.entities import parse

_GROUP = {"id": -100123, "type": "supergroup", "title": "Топ"}
RUSSIAN = "Сколько членов в коалиции Павлодара?"
ENGLISH = "How many members does the Pavlodar coalition have?"
QUOTE = "Ал Павлодардағы коалиция құрамына 130-дан астам мүше кірді."
MANY = "Что сказали про референдум и коалицию?"
LINES = {"ru": "Искал по-казахски: ", "en": "Looked for in Kazakh: "}


async def _shown(chat, text, **content):
    calls = await chat.text(text, **content)
    (sent,) = [
        call for call in calls if call.method == "sendMessage"
    ]  # a slow machine shows that it is typing
    return sent.parameters


def _text(parameters):
    return parse(parameters["text"], "html").text


def _bold(html):
    return set(re.findall("<b>(.*?)</b>", html))


@pytest.mark.parametrize(
    ("question", "language", "cited"),
    [(RUSSIAN, "ru", "13 февраля 2026 г. · абзац 6"), (ENGLISH, "en", "13 February 2026 · paragraph 6")],
)
@pytest.mark.parametrize("telegram", ["kk", "ru", "en"])
async def test_the_quote_is_kazakh_and_all_round_it_is_in_the_questions_language(
    translating_index, question, language, cited, telegram
):
    async with Chat(translating_index, telegram) as chat:
        shown = await _shown(chat, question)
    text = _text(shown)
    assert QUOTE in text
    assert f"[1] AstanaTV · {cited}" in text
    assert text.count(LINES[language]) == 1
    assert {"коалиция", "мүше"} <= _bold(shown["text"])
    assert catalogue(language).copy_button in [one["text"] for one in buttons(shown)]


@pytest.mark.parametrize(("question", "word"), [(RUSSIAN, "членов"), (ENGLISH, "members")])
async def test_the_line_says_which_kazakh_word_was_looked_for(translating_index, question, word):
    async with Chat(translating_index) as chat:
        assert f"{word} → мүше" in said(await chat.text(question))


@pytest.mark.parametrize("chosen", ["kk", "ru", "en"])
@pytest.mark.parametrize("question", [RUSSIAN, ENGLISH])
async def test_a_language_that_the_reader_has_chosen_stays(translating_index, question, chosen):
    async with Chat(translating_index, "ru") as chat:
        chat.memory.prefer(7, Preferences(language=chosen))
        shown = await _shown(chat, question)
    assert QUOTE in _text(shown)
    assert catalogue(chosen).paragraph.format(number=6) in _text(shown)
    assert catalogue(chosen).copy_button in [one["text"] for one in buttons(shown)]


@pytest.mark.parametrize("telegram", ["kk", "ru", "en"])
async def test_a_kazakh_question_is_answered_in_the_language_of_telegram(translating_index, telegram):
    async with Chat(translating_index, telegram) as chat:
        text = said(await chat.text("Павлодардағы коалицияда қанша мүше бар?"))
    assert QUOTE in text
    assert catalogue(telegram).paragraph.format(number=6) in text
    assert not any(line in text for line in LINES.values())


async def test_more_and_what_opens_from_an_answer_speak_as_the_answer_does(translating_index):
    ru = catalogue("ru")
    async with Chat(translating_index, "kk") as chat:
        shown = await _shown(chat, MANY)
        further, place = ([one["callback_data"] for one in buttons(shown) if one.get("callback_data", "").startswith(kind)]
                          for kind in ("more:", "ctx:"))  # fmt: skip
        _, turned = await chat.press(further[0], MANY)
        _, opened = await chat.press(place[0], MANY)
        (voted,) = await chat.press("vote:1:" + place[0].removeprefix("ctx:"), MANY)
    assert f"{ru.more_button} ›" in [one["text"] for one in buttons(shown)]
    assert "[4]" in turned.parameters["text"]
    assert ru.paragraph.split("{")[0] in turned.parameters["text"]
    assert f"‹ {ru.back_button}" in [one["text"] for one in buttons(opened.parameters)]
    assert voted.parameters["text"] == ru.voted


async def test_the_button_of_a_refusal_opens_the_list_in_the_questions_language(translating_index):
    async with Chat(translating_index, "kk") as chat:
        _, edited = await chat.press("sources:0", "What is the weather on Mars?")
    assert edited.parameters["text"].startswith("<b>5 articles</b>")


@pytest.mark.parametrize("command", ["/settings", "/sources", "/start"])
async def test_a_command_is_no_english_question(translating_index, command):
    async with Chat(translating_index, "kk") as chat:
        _, edited = await chat.press("sources:0", command)
    assert edited.parameters["text"].startswith("<b>5 мақала</b>")


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [("Сколько стоит глюон и фрумбик?", "ru", "глюон, фрумбик"), ("How much is a zorbix with quuxen?", "en", "zorbix, quuxen")],
)  # fmt: skip
async def test_a_refusal_names_the_words_without_a_translation(translating_index, question, language, words):
    texts = catalogue(language)
    async with Chat(translating_index, "kk") as chat:
        text = said(await chat.text(question))
    assert text.startswith(texts.not_found)
    (line,) = [line for line in text.splitlines() if line.startswith(texts.untranslated.split("{")[0])]
    assert line.endswith(words)


async def test_a_word_without_a_translation_is_named_under_an_answer_too(translating_index):
    async with Chat(translating_index) as chat:
        text = said(await chat.text("Who is the zorbix speaker of the Mazhilis?"))
    assert "Ерлан Қошанов" in text
    assert "Found no translation for: zorbix" in text


@pytest.mark.parametrize(
    ("first", "then", "language"),
    [(RUSSIAN, "а когда?", "ru"), (RUSSIAN, "кто сказал?", "ru"), (ENGLISH, "who said it?", "en"), (ENGLISH, "when?", "en")],
)  # fmt: skip
async def test_a_follow_up_continues_in_its_language(translating_index, first, then, language):
    async with Chat(translating_index, "kk") as chat:
        await chat.text(first)
        text = said(await chat.text(then))
    assert "Павлодар" in text
    assert text.count(LINES[language]) == 1


async def test_a_follow_up_to_a_refused_question_is_not_answered_from_the_one_before(translating_index):
    async with Chat(translating_index, "ru") as chat:
        await chat.text(RUSSIAN)
        assert catalogue("ru").not_found in said(await chat.text("Сколько стоит глюон на Марсе?"))
        text = said(await chat.text("а когда?"))
    assert catalogue("ru").no_words in text
    assert "Павлодар" not in text


@pytest.mark.parametrize("more", ["ещё", "тағы", "more"])
async def test_more_goes_on_in_the_language_of_the_question(translating_index, more):
    async with Chat(translating_index, "kk") as chat:
        await chat.text(MANY)
        text = said(await chat.text(more))
    assert "[4]" in text
    assert "абзац" in text.replace("-абзац", "")


async def test_a_group_gets_one_quote_in_the_questions_language(translating_index):
    async with Chat(translating_index, "kk", chat=_GROUP) as chat:
        asked, named = await _shown(chat, f"/ask {MANY}"), await _shown(chat, f"@dayek_bot {ENGLISH}")
    assert "[2]" not in _text(asked)
    assert "Ещё ›" in [one["text"] for one in buttons(asked)]
    assert QUOTE in _text(named)
    assert "members → мүше" in _text(named)
    assert "dayek_bot" not in _text(named)


async def test_inline_cards_hold_the_kazakh_quote_alone_with_its_citation(translating_index):
    async with Chat(translating_index, "kk") as chat:
        asked = {"id": "5", "from": chat.user, "query": ENGLISH, "offset": ""}
        ((answered),) = await chat.update(inline_query=asked)
    first = answered.parameters["results"][0]
    text = parse(first["input_message_content"]["message_text"], "html").text
    assert text.startswith(QUOTE)
    assert text.endswith("[1] AstanaTV · 13 February 2026 · paragraph 6")


async def test_an_inline_question_without_an_answer_is_told_so_in_its_language(translating_index):
    async with Chat(translating_index, "kk") as chat:
        asked = {"id": "5", "from": chat.user, "query": "Сколько стоит глюон?", "offset": ""}
        ((answered),) = await chat.update(inline_query=asked)
    assert answered.parameters["button"]["text"] == catalogue("ru").not_found


@pytest.mark.parametrize(("question", "language"), [(RUSSIAN, "ru"), (ENGLISH, "en")])
async def test_a_guest_reads_once_what_was_looked_for(translating_index, question, language):
    async with Chat(translating_index, "kk", chat=_GROUP) as chat:
        message = {"message_id": 3, "date": 1, "chat": _GROUP, "from": chat.user, "guest_query_id": "g1",
                   "text": f"@dayek_bot {question}"}  # fmt: skip
        ((answered),) = await chat.update(guest_message=message)
    text = parse(answered.parameters["result"]["input_message_content"]["message_text"], "html").text
    assert QUOTE in text
    assert text.count(LINES[language]) == 1


@pytest.mark.parametrize(
    "question",
    ["Что такое <b>глюон</b> & <script>фрумбик</script>?", "What is <a href='tg://user?id=1'>zorbix</a>?",
     "Что за &lt;глюон&gt; {words} {0} %s?", "Кто такой глю\u202eон\u202c и фрум\u200bбик?"],
)  # fmt: skip
async def test_hostile_words_are_said_back_as_words(translating_index, question):
    async with Chat(translating_index, "kk") as chat:
        shown = await _shown(chat, question)
    found = parse(shown["text"], "html")
    assert {one["type"] for one in found.entities} <= {"bold", "italic", "text_link", "blockquote"}
    assert not any("tg://" in str(one) for one in found.entities)
    assert not set(found.text) & {"\u202e", "\u202c", "\u200b"}


@pytest.mark.parametrize(
    "question",
    ["ы" * 4096, "что " + "ё" * 4092, "the " + "z" * 4092, ("сколько стоит глюон фрумбик " * 200)[:4096],
     "когда " * 682, " ".join(f"зюк{chr(1072 + n // 30)}{chr(1072 + n % 30)}ого" for n in range(400))],
)  # fmt: skip
async def test_the_longest_question_is_answered_in_few_words(translating_index, question):
    async with Chat(translating_index) as chat:
        text = said(await chat.text(question))
    assert len(text) < 1500


async def test_of_many_translated_words_the_first_are_named_and_dots_say_that_there_are_more(
    translating_index,
):
    question = (
        "Сколько человек, членов, городов, областей, встреч, проектов, законов, партий, представителей, школ, "
        "дорог, книг, недель и голосов в коалиции Павлодара?"
    )
    async with Chat(translating_index) as chat:
        text = said(await chat.text(question))
    (line,) = [line for line in text.splitlines() if line.startswith(LINES["ru"])]
    assert line.count("→") == 8
    assert line.endswith("; …")


async def test_an_answer_to_many_words_keeps_telegrams_limits(translating_index):
    words = "коалиция референдум конституция президент парламент реформа закон народ страна область встреча"
    async with Chat(translating_index) as chat:
        for question in (f"Что сказали: {words}?", f"Что сказали: {words * 3}?"):
            calls = await chat.text(question)
            for call in (call for call in calls if call.method == "sendMessage"):
                found = parse(call.parameters["text"], "html")
                assert len(found.text) <= LONGEST
                assert len(found.entities) <= MOST_ENTITIES
