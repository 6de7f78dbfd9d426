"""The conversation: commands, answers, refusals and whatever else a person sends."""

import asyncio
from datetime import date

import pytest

from bot.texts import catalogue
from retrieval.article import Article
from retrieval.build import build
from tests.chat import Chat, buttons, said
from tests.double.entities import parse


async def test_an_answer_quotes_first_and_then_says_where_the_words_stand(seeds_index):
    async with Chat(seeds_index) as chat:
        calls = await chat.text("Мәжіліс төрағасы кім?")
    assert said(calls).startswith(
        "Мәжіліс төрағасы Ерлан Қошанов бастаған «Әділетті және Прогрессивті Қазақстанның Халықтық "
        "Конституциясы үшін!» жалпыұлттық коалициясы Атырау облысына барды, деп хабарлайды BAQ.KZ.\n"
        "[1] BAQ.KZ · 2026 ж. 3 наурыз · 1-абзац\n"
    )


async def test_an_answer_replies_to_the_question_in_html_without_a_preview(seeds_index):
    async with Chat(seeds_index) as chat:
        ((sent),) = await chat.text("Мәжіліс төрағасы кім?")
    assert sent.parameters["parse_mode"] == "HTML"
    assert sent.parameters["reply_parameters"]["message_id"] == 50
    assert sent.parameters["link_preview_options"]["is_disabled"] is True


async def test_the_words_of_the_question_are_bold_in_the_quote(seeds_index):
    async with Chat(seeds_index) as chat:
        ((sent),) = await chat.text("геймификация элементтері")
    assert "<b>геймификация элементтері</b>" in sent.parameters["text"].replace("</b> <b>", " ")


async def test_the_speaker_is_named_where_a_line_in_capitals_names_one():
    text = "САЯТ ӘЛІ, МЕКТЕП ДИРЕКТОРЫ:\n\nЖаңа кітапхана ашылды. Оқырман көп.\n\nБөлек абзац осында тұр."
    index = build([Article("1", text)])
    async with Chat(index) as chat:
        calls = await chat.text("кітапхана")
    assert "САЯТ ӘЛІ, МЕКТЕП ДИРЕКТОРЫ" in said(calls)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_a_refusal_says_so_and_offers_the_articles_and_an_example(seeds_index, language):
    async with Chat(seeds_index, language) as chat:
        ((sent),) = await chat.text("Палау рецепті")
    texts = catalogue(language)
    assert sent.parameters["text"].startswith(texts.not_found)
    assert texts.example.split("{")[0] in sent.parameters["text"]
    assert [button["text"] for button in buttons(sent.parameters)] == [texts.sources_button]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(("command", "name"), [("/start", "start"), ("/help", "help")])
async def test_commands_answer_in_the_readers_language(seeds_index, language, command, name):
    async with Chat(seeds_index, language) as chat:
        calls = await chat.text(command)
    assert said(calls).startswith(getattr(catalogue(language), name))


async def test_a_deep_link_start_is_a_start(seeds_index):
    async with Chat(seeds_index) as chat:
        assert said(await chat.text("/start abc")).startswith(catalogue("kk").start)


async def test_sources_lists_every_article_with_source_and_date_and_a_button(seeds_index):
    async with Chat(seeds_index, "en") as chat:
        ((sent),) = await chat.text("/sources")
    shown = parse(sent.parameters["text"], "html").text
    assert shown.startswith("5 articles")
    assert "AstanaTV · 13 February 2026" in shown
    assert "DKNews.kz · date unknown" in shown
    assert "source unknown · 27 February 2026" in shown
    assert "2026 жылғы 13 ақпанда Алматыда алдағы" in shown
    assert len(buttons(sent.parameters)) == 5


async def test_a_sources_button_opens_title_date_lead_and_number_of_paragraphs(seeds_index):
    async with Chat(seeds_index, "ru") as chat:
        ((sent),) = await chat.text("/sources")
        button = buttons(sent.parameters)[3]
        answered, edited = await chat.press(button["callback_data"])
    assert answered.method == "answerCallbackQuery"
    assert edited.method == "editMessageText"
    assert parse(edited.parameters["text"], "html").text == (
        "Қазақстанның бірқатар өңірінде аймақтық коалициялар жұмысын бастады\n"
        "AstanaTV · 13 февраля 2026 г. · 13 абзацев\n\n"
        "Елдің бірқатар өңірінде «Әділетті және Прогрессивті Қазақстанның Халықтық Конституциясы үшін!» атты "
        "Жалпыұлттық коалиция аясында аймақтық коалициялар жұмысын бастады. Жоспар бойынша 700-ге жуық іс-шара "
        "өткізу көзделген. Негізгі мақсат – тұрғындарға Жаңа Конституция жобасының мәнін жан-жақты жеткізу."
    )


async def test_a_long_list_of_articles_is_paged_and_every_article_can_be_reached():
    index = build(Article(f"{n}.txt", f"Мақала нөмірі {n} осы жерде тұр.", title=f"Тақырып {n}",
                          published=date(2026, 1, n)) for n in range(1, 20))  # fmt: skip
    reached = set()
    async with Chat(index) as chat:
        for page in range(3):
            _, edited = await chat.press(f"sources:{page}")
            reached |= {button["callback_data"] for button in buttons(edited.parameters)}
    assert len({data for data in reached if data.startswith("article:")}) == 19


async def test_every_button_fits_telegrams_64_bytes(seeds_index):
    async with Chat(seeds_index) as chat:
        ((sent),) = await chat.text("/sources")
    assert all(len(button["callback_data"].encode()) <= 64 for button in buttons(sent.parameters))


@pytest.mark.parametrize("data", ["article:000000000000", "nonsense", "sources:x", ""])
async def test_a_button_of_something_gone_says_so_and_changes_nothing(seeds_index, data):
    async with Chat(seeds_index) as chat:
        (answered,) = await chat.press(data)
    assert answered.parameters["text"] == catalogue("kk").article_gone


async def test_pressing_a_button_twice_is_harmless(seeds_index):
    async with Chat(seeds_index) as chat:
        chat.request.failures["editMessageText"] = (400, "Bad Request: message is not modified: same")
        methods = [call.method for call in await chat.press("sources:0")]
    assert methods == ["answerCallbackQuery", "editMessageText"]


@pytest.mark.parametrize(
    "content",
    [{"sticker": {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1,
                  "is_animated": False, "is_video": False}},
     {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
     {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
     {"location": {"longitude": 1.0, "latitude": 1.0}}],
)  # fmt: skip
async def test_what_holds_no_words_gets_a_short_reply(seeds_index, content):
    async with Chat(seeds_index) as chat:
        assert said(await chat.message(**content)) == catalogue("kk").only_text


async def test_the_caption_of_a_picture_is_a_question(seeds_index):
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    async with Chat(seeds_index) as chat:
        assert "геймификация" in said(await chat.message(photo=photo, caption="геймификация"))


@pytest.mark.parametrize("text", ["/nosuch", "/SOURCES2", "/start@another_bot"])
async def test_an_unknown_command_points_to_the_help(seeds_index, text):
    async with Chat(seeds_index) as chat:
        assert said(await chat.text(text)) == catalogue("kk").unknown_command


@pytest.mark.parametrize("text", ["???", "…", "😀😀", "-", "/", "«»"])
async def test_a_text_without_words_is_not_met_with_silence(seeds_index, text):
    async with Chat(seeds_index) as chat:
        assert said(await chat.text(text)).startswith(catalogue("kk").no_words)


async def test_an_edited_message_is_not_answered_again(seeds_index):
    async with Chat(seeds_index) as chat:
        edited = {
            "message_id": 1,
            "date": 1,
            "edit_date": 2,
            "chat": chat.chat,
            "from": chat.user,
            "text": "сұрақ",
        }
        assert await chat.update(edited_message=edited) == []


@pytest.mark.parametrize("text", ["Мәжіліс төрағасы кім?", "/nosuch"])
async def test_a_group_is_not_disturbed(seeds_index, text):
    async with Chat(seeds_index, chat={"id": -5, "type": "supergroup", "title": "Топ"}) as chat:
        assert await chat.text(text) == []


async def test_commands_work_in_a_group(seeds_index):
    async with Chat(seeds_index, chat={"id": -5, "type": "supergroup", "title": "Топ"}) as chat:
        assert said(await chat.text("/help@dayek_bot")) == catalogue("kk").help


async def test_an_error_is_one_sentence_for_the_reader_and_the_rest_for_the_log(seeds_index, caplog):
    async with Chat(seeds_index, "ru") as chat:
        chat.request.failures["sendMessage"] = (400, "Bad Request: message is too long")
        failed, told = await chat.text("Мәжіліс төрағасы кім?")
    assert failed.method == told.method == "sendMessage"
    assert told.parameters["text"] == catalogue("ru").error
    assert "message is too long" in caplog.text.lower()


async def test_a_reader_who_blocked_the_bot_causes_no_further_calls(seeds_index):
    async with Chat(seeds_index) as chat:
        chat.request.failures["sendMessage"] = (403, "Forbidden: bot was blocked by the user")
        assert len(await chat.text("Мәжіліс төрағасы кім?")) == 1


async def test_without_articles_the_bot_says_that_it_has_none():
    async with Chat(build([])) as chat:
        assert catalogue("kk").no_articles in said(await chat.text("/start"))
        assert said(await chat.text("/sources")) == catalogue("kk").no_articles
        assert said(await chat.text("Қар қашан жауды?")).startswith(catalogue("kk").not_found)


@pytest.mark.parametrize("text", ["а" * 4096, "<b>&amp;</b> Мәжіліс", "שלום Мәжіліс", "\u0000Мәжіліс",
                                  "М\u0336ә\u0336жіліс", "_*[]()~`>#+-=|{}.! Мәжіліс"])  # fmt: skip
async def test_nothing_a_person_types_breaks_the_conversation(seeds_index, text):
    async with Chat(seeds_index) as chat:
        assert said(await chat.text(text))


async def test_many_readers_at_once_each_get_their_own_answer(seeds_index):
    async with Chat(seeds_index) as chat:
        await asyncio.gather(*(chat.text(text) for text in ("геймификация", "еріктілер") * 5))
        texts = [sent["text"] for sent in chat.request.of("sendMessage")]
    assert sum("геймификация" in text for text in texts) == 5
    assert sum("еріктілер" in text for text in texts) == 5


async def test_commands_are_registered_in_three_languages_and_as_the_default(seeds_index):
    async with Chat(seeds_index) as chat:
        await chat.application.post_init(chat.application)
        registered = {
            sent.get("language_code"): sent["commands"] for sent in chat.request.of("setMyCommands")
        }
    assert set(registered) == {None, "kk", "ru", "en"}
    assert registered["ru"][2] == {"command": "sources", "description": "Список статей"}
    assert registered[None] == registered["kk"]


async def test_a_flood_gets_one_polite_notice_and_others_are_answered(seeds_index):
    async with Chat(seeds_index) as chat:
        for _ in range(60):
            await chat.text("геймификация")
        flooded = [sent["text"] for sent in chat.request.of("sendMessage")]
        chat.user = {"id": 8, "is_bot": False, "first_name": "Басқа", "language_code": "kk"}
        chat.chat = {"id": 8, "type": "private", "first_name": "Басқа"}
        assert "геймификация" in said(await chat.text("геймификация"))
    assert flooded.count(catalogue("kk").flooded) == 1
    assert len(flooded) == 21


async def test_half_a_surrogate_pair_is_not_said_back(seeds_index):
    async with Chat(seeds_index) as chat:
        said(await chat.text("\ud800сөз бұзылған\udfff"))
        assert all(sent["text"].encode() for sent in chat.request.of("sendMessage"))
