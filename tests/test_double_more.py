"""The double's groups, topics, deleted messages, blocked and moved chats and rates, seen by the real library."""

from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from tests.double import TOKEN, BotApi
from tests.double.rates import CHAT_BURST, GROUP_MESSAGES

READER = 7
GROUP = -100123


async def latest(bot: Bot) -> Any:
    return (await bot.get_updates(offset=-1))[0]


async def test_a_supergroup_has_a_title_and_mentions_count_in_utf16(api, bot):
    api.text("😀 @dayek_bot сұрақ /ask@dayek_bot", chat=GROUP)
    message = (await latest(bot)).message
    assert (message.chat.type, message.chat.title) == ("supergroup", f"Group {GROUP}")
    assert [(entity.type, entity.offset, entity.length) for entity in message.entities] == [
        ("mention", 3, 10),
        ("bot_command", 20, 14),
    ]
    assert message.parse_entity(message.entities[0]) == "@dayek_bot"


async def test_a_message_in_a_topic_shows_its_thread_and_the_first_message_of_the_topic(api, bot):
    api.text("сұрақ", chat=GROUP, message_thread_id=5)
    message = (await latest(bot)).message
    assert (message.message_thread_id, message.is_topic_message, message.chat.is_forum) == (5, True, True)
    assert message.reply_to_message.message_id == 5
    assert message.reply_to_message.forum_topic_created.name == "Topic 5"
    sent = await message.reply_text("жауап", do_quote=True)
    assert (sent.message_thread_id, sent.is_topic_message) == (5, True)
    assert sent.reply_to_message.text == "сұрақ"
    api.text("жалпы", chat=GROUP)
    general = (await latest(bot)).message
    assert (general.message_thread_id, general.is_topic_message, general.chat.is_forum) == (None, None, True)


async def test_an_answer_to_a_message_in_a_topic_stays_in_the_topic(api, bot):
    api.text("сұрақ", chat=GROUP, message_thread_id=5)
    sent = await bot.send_message(GROUP, "жауап", reply_parameters=ReplyParameters(6))
    assert sent.message_thread_id == 5


async def test_a_topic_the_chat_does_not_have_is_not_found(api, bot):
    api.text("сұрақ", chat=GROUP, message_thread_id=5)
    api.text("сұрақ")
    for chat, thread in ((GROUP, 1), (GROUP, 6), (READER, 5)):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(chat, "жауап", message_thread_id=thread)


async def test_only_a_supergroup_has_topics(api):
    for chat in (READER, -5):
        with pytest.raises(ValueError, match="only a supergroup has topics"):
            api.text("сұрақ", chat=chat, message_thread_id=5)
    api.text("сұрақ", chat=GROUP)
    with pytest.raises(ValueError, match="1 is no topic"):
        api.text("сұрақ", chat=GROUP, message_thread_id=1)


async def test_a_chain_of_replies_in_a_group_is_a_thread_but_no_topic(api, bot):
    api.text("бір", chat=GROUP)
    api.text("екі", chat=GROUP, reply_to=1)
    message = (await latest(bot)).message
    assert (message.message_thread_id, message.is_topic_message) == (1, None)
    sent = await message.reply_text("үш", do_quote=True)
    assert (sent.message_thread_id, sent.is_topic_message) == (1, None)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(GROUP, "төрт", message_thread_id=1)


async def test_a_reader_answers_a_message_of_the_bot_and_quotes_it(api, bot):
    api.text("сұрақ")
    sent = await bot.send_message(READER, "😀 ұзын жауап", reply_parameters=ReplyParameters(1))
    api.text("неге?", reply_to=sent.message_id, quote={"text": "жауап"})
    message = (await latest(bot)).message
    assert message.reply_to_message.from_user.id == bot.id
    assert message.reply_to_message.text == "😀 ұзын жауап"
    assert message.reply_to_message.reply_to_message is None
    assert (message.quote.text, message.quote.position, message.quote.is_manual) == ("жауап", 8, True)
    with pytest.raises(LookupError, match="no such text"):
        api.text("неге?", reply_to=sent.message_id, quote={"text": "жоқ"})
    with pytest.raises(LookupError):
        api.text("неге?", reply_to=99)


async def test_the_bot_can_quote_only_what_the_message_says(api, bot):
    api.text("😀 ұзын сұрақ")
    sent = await bot.send_message(READER, "жауап", reply_parameters=ReplyParameters(1, quote="сұрақ"))
    assert (sent.quote.text, sent.quote.position, sent.quote.is_manual) == ("сұрақ", 8, True)
    html = ReplyParameters(1, quote="<b>сұрақ</b>", quote_parse_mode="HTML")
    assert (await bot.send_message(READER, "жауап", reply_parameters=html)).quote.text == "сұрақ"
    for quote in ("жоқ", "ә" * 1025):
        with pytest.raises(BadRequest, match="Quote_text_invalid"):
            await bot.send_message(READER, "жауап", reply_parameters=ReplyParameters(1, quote=quote))


async def test_a_deleted_message_can_be_neither_answered_nor_shown_as_answered(api, bot):
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    api.text("сұрақ")
    sent = await bot.send_message(READER, "жауап", reply_parameters=ReplyParameters(1), reply_markup=markup)
    api.press("a", message_id=sent.message_id)
    assert (await latest(bot)).callback_query.message.reply_to_message.text == "сұрақ"
    api.delete(1)
    api.press("a", message_id=sent.message_id)
    assert (await latest(bot)).callback_query.message.reply_to_message is None
    assert (await sent.edit_text("өзгерді", reply_markup=markup)).reply_to_message is None
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(READER, "тағы", reply_parameters=ReplyParameters(1))
    api.text("кеш", reply_to=1)
    assert (await latest(bot)).message.reply_to_message is None
    with pytest.raises(KeyError):
        api.delete(1)


async def test_a_press_shows_the_answered_message_as_it_is_now(api, bot):
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    api.text("сұрақ")
    first = await bot.send_message(READER, "бұрын")
    second = await bot.send_message(
        READER, "жауап", reply_parameters=ReplyParameters(first.message_id), reply_markup=markup
    )
    await first.edit_text("қазір")
    api.press("a", message_id=second.message_id)
    assert (await latest(bot)).callback_query.message.reply_to_message.text == "қазір"


async def test_a_press_under_a_deleted_message_carries_an_inaccessible_one(api, bot):
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    api.text("сұрақ")
    sent = await bot.send_message(READER, "жауап", reply_markup=markup)
    await sent.delete()
    api.press("a", message_id=sent.message_id)
    query = (await latest(bot)).callback_query
    assert not query.message.is_accessible
    assert query.message.text is None
    assert (query.message.chat.id, query.message.message_id) == (READER, sent.message_id)
    assert await query.answer()
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("өзгерді", READER, sent.message_id)


async def test_nothing_can_be_written_to_a_reader_who_blocked_the_bot(api, bot):
    api.text("сұрақ")
    sent = await bot.send_message(READER, "жауап")
    api.block(READER)
    change = (await latest(bot)).my_chat_member
    assert (change.chat.id, change.new_chat_member.status) == (READER, "kicked")
    for write in (
        lambda: bot.send_message(READER, "тағы"),
        lambda: bot.send_chat_action(READER, "typing"),
        lambda: sent.edit_text("өзгерді"),
    ):
        with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
            await write()
    api.text("қайтып келдім")
    assert [bool(update.my_chat_member) for update in await bot.get_updates(offset=-2)] == [True, False]
    assert await bot.send_message(READER, "тағы")


async def test_a_group_that_became_a_supergroup_says_where_it_went(api, bot):
    api.text("сұрақ", chat=-5)
    api.migrate(-5, GROUP)
    left, came = (update.message for update in await bot.get_updates(offset=-2))
    assert (left.chat.id, left.migrate_to_chat_id) == (-5, GROUP)
    assert (came.chat.id, came.chat.title, came.migrate_from_chat_id) == (GROUP, "Group -5", -5)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-5, "жауап")
    assert api.refusals[0].description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert await bot.send_message(moved.value.new_chat_id, "жауап")
    with pytest.raises(ValueError, match="only a group becomes a supergroup"):
        api.migrate(GROUP, -5)


async def test_copy_buttons_expandable_quotes_and_deep_links_are_accepted(api, bot):
    api.text("сұрақ")
    link = "https://t.me/dayek_bot?start=a_B-1"
    markup = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("Көшіру", copy_text=CopyTextButton("ә" * 256))],
            [InlineKeyboardButton("Ашу", url=link)],
        ]
    )
    text = f'<blockquote expandable>дәйек</blockquote>\n<a href="{link}">ашу</a>'
    sent = await bot.send_message(READER, text, parse_mode="HTML", reply_markup=markup)
    assert [entity.type for entity in sent.entities] == ["expandable_blockquote", "text_link"]
    assert sent.entities[1].url == link
    assert sent.reply_markup == markup


async def test_the_bot_is_an_inline_bot_that_does_not_read_along_in_groups(bot):
    me = await bot.get_me()
    assert (me.supports_inline_queries, me.can_read_all_group_messages) == (True, False)


async def test_descriptions_are_given_back_by_language(bot):
    await bot.set_my_description("Сипаттама", language_code="kk")
    await bot.set_my_short_description("Қысқаша")
    assert (await bot.get_my_description("kk")).description == "Сипаттама"
    assert (await bot.get_my_description()).description == ""
    assert (await bot.get_my_short_description("kk")).short_description == "Қысқаша"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest_asyncio.fixture
async def strict(monkeypatch):
    """A double that minds rates, a bot, and the clock that tells the time."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    clock = Clock()
    async with (
        BotApi(rates=True, clock=clock) as api,
        Bot(TOKEN, base_url=f"{api.url}/bot") as bot,
    ):
        yield api, bot, clock


async def test_after_a_burst_a_chat_takes_one_message_a_second(strict):
    api, bot, clock = strict
    api.text("сұрақ")
    for _ in range(CHAT_BURST):
        await bot.send_message(READER, "жауап")
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(READER, "артық")
        assert refused.value.retry_after == timedelta(seconds=1)
        clock.now += 1
        await bot.send_message(READER, "жауап")
    assert [call.description for call in api.refusals] == ["Too Many Requests: retry after 1"] * 2
    assert {call.status for call in api.refusals} == {429}


async def test_a_group_takes_twenty_messages_a_minute(strict):
    api, bot, clock = strict
    api.text("сұрақ", chat=GROUP)
    for _ in range(GROUP_MESSAGES):
        await bot.send_message(GROUP, "жауап")
        clock.now += 1
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(GROUP, "артық")
    assert refused.value.retry_after == timedelta(seconds=40)
    clock.now += 40
    assert await bot.send_message(GROUP, "жауап")


async def test_all_chats_together_take_thirty_messages_a_second(strict):
    api, bot, clock = strict
    for reader in range(1, 32):
        api.text("сұрақ", user=reader)
    for reader in range(1, 31):
        await bot.send_message(reader, "жауап")
    with pytest.raises(RetryAfter):
        await bot.send_message(31, "артық")
    clock.now += 1
    assert await bot.send_message(31, "жауап")


async def test_rates_are_not_minded_unless_asked_for(api, bot):
    api.text("сұрақ")
    for _ in range(40):
        await bot.send_message(READER, "жауап")
    assert not api.refusals
