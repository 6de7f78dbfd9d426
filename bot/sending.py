"""The only place that talks to Telegram's readers: a reply becomes messages."""

from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.reply import Button, Message, Reply

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def send(bot: Bot, question: TelegramMessage, reply: Reply) -> None:
    """Sends the reply to the chat and topic of the question; its first message answers the question."""
    for number, message in enumerate(reply):
        answers = ReplyParameters(question.message_id, allow_sending_without_reply=True)
        await bot.send_message(
            question.chat_id,
            message.html,
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(message),
            reply_parameters=answers if number == 0 else None,
            link_preview_options=_NO_PREVIEW,
            message_thread_id=question.message_thread_id if question.is_topic_message else None,
        )


async def show_instead(bot: Bot, shown: TelegramMessage, message: Message) -> None:
    """Puts the message in the place of one shown before; pressing a button twice changes nothing."""
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
        if "not modified" not in error.message:
            raise


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in message.buttons])


def _button(button: Button) -> InlineKeyboardButton:
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    return InlineKeyboardButton(button.label, callback_data=button.data)
