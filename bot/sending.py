"""The only place that talks to Telegram's readers: a reply becomes messages."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, RetryAfter

from bot.reply import Message, Reply

_TRIES = 3
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_Result = TypeVar("_Result")


async def send(bot: Bot, question: TelegramMessage, reply: Reply) -> None:
    """Sends the reply to the chat and topic of the question; its first message answers the question."""
    for number, message in enumerate(reply):
        answers = ReplyParameters(question.message_id, allow_sending_without_reply=True)
        await _obeying_limits(
            lambda message=message, answers=answers, number=number: bot.send_message(  # type: ignore[misc]
                question.chat_id,
                message.html,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(message),
                reply_parameters=answers if number == 0 else None,
                link_preview_options=_NO_PREVIEW,
                message_thread_id=question.message_thread_id if question.is_topic_message else None,
            )
        )


async def show_instead(bot: Bot, shown: TelegramMessage, message: Message) -> None:
    """Puts the message in the place of one shown before; pressing a button twice changes nothing."""
    try:
        await _obeying_limits(
            lambda: bot.edit_message_text(
                message.html,
                shown.chat_id,
                shown.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(message),
                link_preview_options=_NO_PREVIEW,
            )
        )
    except BadRequest as error:
        if "not modified" not in error.message:
            raise


async def _obeying_limits(call: Callable[[], Awaitable[_Result]]) -> _Result:
    """The call's result; where Telegram names a time to wait, the call is made again after it."""
    for _ in range(_TRIES - 1):
        try:
            return await call()
        except RetryAfter as error:
            await asyncio.sleep(seconds_to_wait(error))
    return await call()


def seconds_to_wait(error: RetryAfter) -> float:
    """The pause that Telegram asks for; python-telegram-bot gives it as a number or a timedelta."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in message.buttons
        ]
    )
