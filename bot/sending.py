"""The only place that talks to Telegram's readers: a reply becomes messages."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram import Message as TelegramMessage
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.reply import Button, Message, Reply

_HARMLESS = ("not modified", "message to edit not found", "message can't be edited")
"""What Telegram says to an edit that changes nothing, or that comes after the message was deleted."""
_PATIENCE = 0.5
"""Seconds of silence before the chat shows that the bot is at work."""
_Found = TypeVar("_Found")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def send(bot: Bot, question: TelegramMessage, reply: Reply) -> None:
    """Sends the reply to the chat and topic of the question; its first message answers the question."""
    chat = question.chat_id
    for number, message in enumerate(reply):
        answers = ReplyParameters(question.message_id, allow_sending_without_reply=True)
        sending = partial(
            bot.send_message,
            text=message.html,
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(message),
            reply_parameters=answers if number == 0 else None,
            link_preview_options=_NO_PREVIEW,
            message_thread_id=question.message_thread_id if question.is_topic_message else None,
        )
        try:
            await sending(chat)
        except ChatMigrated as moved:  # the group became a supergroup between the question and the answer
            chat = moved.new_chat_id
            await sending(chat)


async def thinking(bot: Bot, message: TelegramMessage, find: Callable[[], _Found]) -> _Found:
    """What `find` finds, in a thread of its own; from half a second on the chat shows that the bot is typing."""
    finding = asyncio.create_task(asyncio.to_thread(find))
    done, _ = await asyncio.wait({finding}, timeout=_PATIENCE)
    if not done:
        thread = message.message_thread_id if message.is_topic_message else None
        with suppress(TelegramError):  # a sign of life that fails is no reason not to answer
            await bot.send_chat_action(message.chat_id, ChatAction.TYPING, thread)
    return await finding


async def show_instead(bot: Bot, shown: TelegramMessage, message: Message) -> None:
    """Puts the message in the place of one shown before; one that is gone or the same is left."""
    try:
        await bot.edit_message_text(
            message.html,
            shown.chat_id,
            shown.message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(message),
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as error:
        if not any(harmless in error.message.lower() for harmless in _HARMLESS):
            raise


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in message.buttons])


def _button(button: Button) -> InlineKeyboardButton:
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    return InlineKeyboardButton(button.label, callback_data=button.data)
