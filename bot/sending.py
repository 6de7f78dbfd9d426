"""The only place that talks to Telegram's readers: a reply becomes messages."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from telegram import Bot
from telegram import Message as TelegramMessage
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.reply import Button, Message, Reply

_HARMLESS = ("not modified", "message to edit not found", "message can't be edited")
"""What Telegram says to an edit that changes nothing, or that comes after the message was deleted."""
_PATIENCE = 0.5
"""Seconds of silence before the chat shows that the bot is at work."""
_Found = TypeVar("_Found")
_NO_PREVIEW = {"is_disabled": True}


async def send(bot: Bot, question: TelegramMessage, reply: Reply) -> None:
    """Sends the reply to the chat and topic of the question; its first message answers the question."""
    chat = question.chat_id
    for number, message in enumerate(reply):
        parameters = _shown(message)
        if number == 0:
            answered = {"message_id": question.message_id, "allow_sending_without_reply": True}
            parameters["reply_parameters"] = answered
        sending = partial(
            bot.send_message,
            text=message.html,
            parse_mode=ParseMode.HTML,
            message_thread_id=question.message_thread_id if question.is_topic_message else None,
            api_kwargs=parameters,
        )
        try:
            await sending(chat)
        except ChatMigrated as moved:  # the group became a supergroup between the question and the answer
            chat = moved.new_chat_id
            await sending(chat)


class Thinking:
    """Finds answers: in a thread of their own where they take long, so that nobody else waits for one.

    A thread costs more than most answers do, so while answers come within `quick` seconds they are found in
    place.
    """

    def __init__(self, quick: float = 0.02) -> None:
        self._quick = quick
        self._usual: float | None = None  # seconds of work, of late; nothing is known before the first

    async def of(self, bot: Bot, message: TelegramMessage, find: Callable[[], _Found]) -> _Found:
        """What `find` finds; from half a second on the chat shows that the bot is typing."""
        if self._usual is not None and self._usual < self._quick:
            return self._timed(find, time.perf_counter)
        # Among other threads only the thread's own time tells how much work it was.
        finding = asyncio.create_task(asyncio.to_thread(self._timed, find, time.thread_time))
        done, _ = await asyncio.wait({finding}, timeout=_PATIENCE)
        if not done:
            thread = message.message_thread_id if message.is_topic_message else None
            with suppress(TelegramError):  # a sign of life that fails is no reason not to answer
                await bot.send_chat_action(message.chat_id, ChatAction.TYPING, thread)
        return await finding

    def _timed(self, find: Callable[[], _Found], clock: Callable[[], float]) -> _Found:
        began = clock()
        found = find()
        # One slow answer counts at once, quick ones only little by little.
        self._usual = max(clock() - began, 0.9 * (self._usual or 0.0))
        return found


async def show_instead(bot: Bot, shown: TelegramMessage, message: Message) -> None:
    """Puts the message in the place of one shown before; one that is gone or the same is left."""
    try:
        await bot.edit_message_text(
            message.html,
            shown.chat_id,
            shown.message_id,
            parse_mode=ParseMode.HTML,
            api_kwargs=_shown(message),
        )
    except BadRequest as error:
        if not any(harmless in error.message.lower() for harmless in _HARMLESS):
            raise


def _shown(message: Message) -> dict[str, Any]:
    """What a message is shown with, as Telegram's JSON: objects of the library would be made to be taken apart."""
    shown: dict[str, Any] = {"link_preview_options": _NO_PREVIEW}
    if message.buttons:
        rows = [[_button(button) for button in row] for row in message.buttons]
        shown["reply_markup"] = {"inline_keyboard": rows}
    elif message.asks:
        shown["reply_markup"] = {"force_reply": True}
    return shown


def _button(button: Button) -> dict[str, Any]:
    if button.copy:
        return {"text": button.label, "copy_text": {"text": button.copy}}
    return {"text": button.label, "callback_data": button.data}
