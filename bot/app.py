"""The Application: every registration on one screen."""

import logging
from typing import Any

from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.handlers import Handlers, failed
from bot.texts import CATALOGUES
from retrieval.example import example_name
from retrieval.index import Index

_log = logging.getLogger(__name__)
App = Application[Any, Any, Any, Any, Any, Any]
ALLOWED_UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY)
"""What the bot asks Telegram for: edits, channel posts and the rest are left out on purpose."""

_new = filters.UpdateType.MESSAGE
_private = _new & filters.ChatType.PRIVATE
_words = (filters.TEXT | filters.CAPTION) & ~filters.COMMAND


def build_application(
    index: Index,
    token: str,
    *,
    api_url: str = "https://api.telegram.org",
    request: BaseRequest | None = None,
) -> App:
    """The bot over an index; `request` takes the place of the network where it is given."""
    handlers = Handlers(index, example_name(index.articles.values()))
    builder = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .updater(None)
        .job_queue(None)
        .post_init(announce)
    )
    if request is not None:
        builder = builder.request(request).get_updates_request(request)
    application = builder.build()
    application.add_handlers(
        [
            CommandHandler("start", handlers.start, _new),
            CommandHandler("help", handlers.help, _new),
            CommandHandler("sources", handlers.sources, _new),
            CallbackQueryHandler(handlers.pressed),
            MessageHandler(_private & filters.COMMAND, handlers.unknown_command),
            MessageHandler(_private & _words, handlers.question),
            MessageHandler(_private & ~filters.StatusUpdate.ALL, handlers.not_text),
        ]
    )
    application.add_error_handler(failed)
    return application


async def announce(application: App) -> None:
    """Registers the commands with their descriptions in each language; a failure is no reason to stop."""
    try:
        for number, texts in enumerate(CATALOGUES):
            commands = [BotCommand(name, description) for name, description in texts.commands.items()]
            if number == 0:
                await application.bot.set_my_commands(commands)
            await application.bot.set_my_commands(commands, language_code=texts.language)
    except InvalidToken:
        raise
    except TelegramError as error:
        _log.warning("the commands could not be registered (%s); the bot works without their list", error)
