from typing import Any

import pytest
from telegram import Message

from bot.asking import asks_for_more, continued, is_for_bot, question_of
from bot.memory import Asked

BOT = "dayek_bot"
DAYEK = {"id": 1, "is_bot": True, "first_name": "Dayek", "username": "Dayek_Bot"}
AIGUL = {"id": 11, "is_bot": False, "first_name": "Айгүл", "username": "aigul"}
SERIK = {"id": 12, "is_bot": False, "first_name": "Серік"}  # without a name of his own
SNOW = "Қар қашан жауды?"
REFERENDUM = Asked("Референдум қашан өтеді?", 3)


def message(text: str | None = None, sender: Any = AIGUL, **fields: Any) -> Message:
    """A message of a group as Telegram sends it, with the mentions and commands that it marks."""
    data: dict[str, Any] = {
        "message_id": 5,
        "date": 1_772_539_200,
        "chat": {"id": -1005, "type": "supergroup", "title": "Жаңалықтар"},
        "from": sender,
        **fields,
    }
    if text is not None:
        data["text"] = text
    return Message.de_json(data, None)


def mention(text: str, name: str) -> list[dict[str, Any]]:
    """The entity of a name in a text; Telegram counts in UTF-16 code units."""
    before = text[: text.index(name)]
    offset = len(before.encode("utf-16-le")) // 2
    return [{"type": "mention", "offset": offset, "length": len(name)}]


def reply_to(sender: Any, text: str = "Елордада қар қалың жауды.") -> dict[str, Any]:
    return {
        "message_id": 4,
        "date": 1_772_539_100,
        "chat": {"id": -1005, "type": "supergroup", "title": "Жаңалықтар"},
        "from": sender,
        "text": text,
    }


@pytest.mark.parametrize(
    "text",
    [
        "Қар қашан жауды?",
        "  Қар қашан жауды?\n",
        "/ask Қар қашан жауды?",
        "/ask   Қар қашан жауды?",
        "/ask\nҚар қашан жауды?",
        "/ask@dayek_bot Қар қашан жауды?",
        "/ask@Dayek_Bot Қар қашан жауды?",
        "/check Қар қашан жауды?",
        "/check@dayek_bot\nҚар қашан жауды?",
        "@dayek_bot Қар қашан жауды?",
        "@DAYEK_BOT Қар қашан жауды?",
        "Қар қашан жауды? @dayek_bot",
        "/ask @dayek_bot Қар қашан жауды?",
    ],
)
def test_a_question_is_what_remains_without_the_command_and_the_bots_name(text):
    assert question_of(message(text), BOT) == "Қар қашан жауды?"


@pytest.mark.parametrize("text", ["/ask", "/ask@dayek_bot", "/check ", "@dayek_bot", "/ask @dayek_bot"])
def test_a_command_or_a_name_alone_holds_no_question(text):
    assert question_of(message(text), BOT) == ""


@pytest.mark.parametrize(
    "text", ["@aigul не айтты?", "@dayek_bot2 деген не?", "Жолда қар / мұз бар ма?", "Пошта: /ask деген не?"]
)
def test_other_names_and_slashes_belong_to_the_question(text):
    assert question_of(message(text), BOT) == text


def test_a_message_without_words_holds_no_question():
    assert question_of(message(), BOT) == ""


def test_the_caption_of_a_picture_is_read_like_a_text():
    assert question_of(message(caption="@dayek_bot Қар қашан жауды?"), BOT) == SNOW


def test_the_part_that_a_reader_quotes_of_the_bots_answer_stands_before_the_words():
    quoted = message(
        "Қашан?",
        reply_to_message=reply_to(DAYEK),
        quote={"text": "қар қалың жауды", "position": 9, "is_manual": True},
    )
    assert question_of(quoted, BOT) == "қар қалың жауды Қашан?"


def test_a_command_is_taken_off_behind_a_quote_as_well():
    quoted = message(
        "/ask@dayek_bot Қашан?",
        reply_to_message=reply_to(DAYEK),
        quote={"text": "қар қалың жауды", "position": 9, "is_manual": True},
    )
    assert question_of(quoted, BOT) == "қар қалың жауды Қашан?"


def test_a_quote_of_the_bots_answer_without_any_words_of_the_readers_is_the_question():
    quoted = message(
        "@dayek_bot",
        reply_to_message=reply_to(DAYEK),
        quote={"text": "қар қалың жауды", "position": 9, "is_manual": True},
    )
    assert question_of(quoted, BOT) == "қар қалың жауды"


def test_a_quote_of_another_persons_words_is_no_part_of_the_question():
    quoted = message(
        "@dayek_bot Қар қашан жауды?",
        reply_to_message=reply_to(SERIK),
        quote={"text": "қалың", "position": 13, "is_manual": True},
    )
    assert question_of(quoted, BOT) == SNOW


def test_a_reply_without_a_quote_is_only_what_the_reader_wrote():
    assert question_of(message(SNOW, reply_to_message=reply_to(DAYEK)), BOT) == SNOW


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@dayek_bot Қар қашан жауды?", "@dayek_bot"),
        ("Қар қашан жауды, @Dayek_Bot?", "@Dayek_Bot"),
        ("🏒🇰🇿 Кім жеңді? @dayek_bot", "@dayek_bot"),  # signs of two and four code units
    ],
)
def test_a_message_that_names_the_bot_is_for_it(text, name):
    assert is_for_bot(message(text, entities=mention(text, name)), BOT)


def test_a_picture_whose_caption_names_the_bot_is_for_it():
    text = "@dayek_bot Қар қашан жауды?"
    assert is_for_bot(message(caption=text, caption_entities=mention(text, "@dayek_bot")), BOT)


def test_a_reply_to_the_bot_is_for_it():
    assert is_for_bot(message("Қашан?", reply_to_message=reply_to(DAYEK)), BOT)


def test_a_message_that_names_another_or_replies_to_another_is_not_for_the_bot():
    text = "@aigul Қар қашан жауды?"
    assert not is_for_bot(message(text, entities=mention(text, "@aigul")), BOT)
    assert not is_for_bot(message("Қашан?", reply_to_message=reply_to(AIGUL)), BOT)
    assert not is_for_bot(message("Қашан?", reply_to_message=reply_to(SERIK)), BOT)


def test_a_longer_name_that_begins_with_the_bots_is_another_name():
    text = "@dayek_bot2 Қар қашан жауды?"
    assert not is_for_bot(message(text, entities=mention(text, "@dayek_bot2")), BOT)


def test_what_people_say_to_each_other_is_not_for_the_bot():
    assert not is_for_bot(message(SNOW), BOT)
    assert not is_for_bot(message(), BOT)


def test_a_reply_to_a_message_without_a_sender_is_not_for_the_bot():
    channel = reply_to(AIGUL)
    del channel["from"]
    assert not is_for_bot(message("Қашан?", reply_to_message=channel), BOT)


@pytest.mark.parametrize(
    "text",
    ["тағы", "Тағы!", "ТАҒЫ", "тагы", "жалғасы", "келесі", "ещё", "Еще?", "дальше", "more", "More…", "next",
     "tagy", "tağı", "tağy", "  тағы \n"],
)  # fmt: skip
def test_one_word_for_more_in_any_language_and_script_asks_for_more(text):
    assert asks_for_more(text)


@pytest.mark.parametrize(
    "text",
    ["", "?", "Тағы кім айтты?", "Қар тағы қашан жауады?", "ещё раз", "no more", "тағам", "moreover", "қар"],
)
def test_anything_else_does_not_ask_for_more(text):
    assert not asks_for_more(text)


@pytest.mark.parametrize(
    "text",
    ["кім айтты?", "Кім айтты?", "Бұл туралы кім айтты?", "қашан?", "қайда?", "неге?", "қанша?", "Ол кім?",
     "когда?", "А когда?", "кто сказал?", "где?", "сколько?", "when?", "where?", "who said that?",
     "qashan?", "kim aitty?"],
)  # fmt: skip
def test_a_follow_up_continues_the_question_before_it(seeds_index, text):
    assert continued(seeds_index, text, REFERENDUM) == f"Референдум қашан өтеді? {text}"


@pytest.mark.parametrize(
    "text",
    [
        "Референдум қашан өтеді?",
        "Президент не айтты?",
        "Атырауда қанша адам бар?",
        "Қошанов кім?",
        "Айтматов кім?",  # a name that begins like the verb of saying
        "Айтыс қайда болды?",  # a contest of poets; it begins like the verb as well
        "Балаева?",
        "Комиссия",
        "Когда пройдёт референдум?",
        "When is the referendum?",
        "Бұл туралы кім не деді және қашан айтты?",  # longer than a follow-up
    ],
)
def test_a_full_question_stands_by_itself(seeds_index, text):
    assert continued(seeds_index, text, REFERENDUM) == text


@pytest.mark.parametrize("text", ["кім айтты?", "когда?", SNOW])
def test_without_a_question_before_it_nothing_is_continued(seeds_index, text):
    assert continued(seeds_index, text, None) == text


@pytest.mark.parametrize("text", ["", "?", "👍", "…"])
def test_a_message_without_words_continues_nothing(seeds_index, text):
    assert continued(seeds_index, text, REFERENDUM) == text


def test_a_word_for_more_does_not_continue_as_a_question(seeds_index):
    assert continued(seeds_index, "тағы", REFERENDUM) == "тағы"
