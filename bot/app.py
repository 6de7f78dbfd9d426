"""The Application: every registration on one screen."""

import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from telegram import Bot, BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseHandler,
    BaseRateLimiter,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.adding import Adding
from bot.articles import Articles, list_for_admin
from bot.buttons import Buttons
from bot.desk import Desk
from bot.example import Example
from bot.handlers import Failures, Handlers
from bot.inline import Inline
from bot.memory import Memory
from bot.place import Versions, no_versions
from bot.status import Status, StatusCommand
from bot.texts import CATALOGUES, Catalogue
from retrieval.index import Index

_log = logging.getLogger(__name__)
App = Application[Any, Any, Any, Any, Any, Any]
ALLOWED_UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.GUEST_MESSAGE)
"""What the bot asks Telegram for: edits, channel posts and the rest are left out on purpose."""

_new = filters.UpdateType.MESSAGE
_private = _new & filters.ChatType.PRIVATE
_words = (filters.TEXT | filters.CAPTION) & ~filters.COMMAND


def build_application(
    index: Callable[[], Index],
    token: str,
    memory: Memory,
    *,
    example: Callable[[], str | None] | None = None,
    links: bool = True,
    limiter: BaseRateLimiter[Any] | None = None,
    api_url: str = "https://api.telegram.org",
    request: BaseRequest | None = None,
    failures: dict[int, Exception] | None = None,
    answered: Callable[[bool], object] = lambda _: None,
    forget_more: Callable[[int, int], int] = lambda _user, _chat: 0,
    status: Callable[[], Status] = Status,
    admins: frozenset[int] = frozenset(),
    desk: Desk | None = None,
    versions: Versions = no_versions,
) -> App:
    """The bot over an index, which is asked for at each update; `request` takes the place of the network.

    `example` gives a name for the example question; without it one is looked for here and now.

    Whoever gives `failures` finds there, by update id, what handling an update failed with, and has to tell
    the reader; without it the reader is told at once. `answered`, `forget_more` and `versions` are as in Handlers.

    `status` says how fresh the articles are; `admins` see more of it than others. `desk` is where they add and
    remove articles.

    `links` False leaves links into Telegram out of the replies; `limiter` keeps Telegram's limits.
    """
    handlers = Handlers(
        index,
        example or Example(index),
        memory,
        links,
        answered=answered,
        forget_more=forget_more,
        trusted=desk.admins if desk else frozenset(),
        versions=versions,
    )
    inline = Inline(handlers)
    builder = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .updater(None)
        .job_queue(None)
        .post_init(partial(announce, admins=desk.admins if desk else ()))
    )
    if limiter is not None:
        builder = builder.rate_limiter(limiter)
    if request is not None:
        builder = builder.request(request).get_updates_request(request)
    application = builder.build()
    application.add_handlers(
        [
            CommandHandler("start", handlers.start, _new),
            CommandHandler("help", handlers.help, _new),
            CommandHandler("ask", handlers.ask, _new),
            CommandHandler("check", handlers.check, _new),
            CommandHandler("sources", handlers.sources, _new),
            CommandHandler("status", StatusCommand(handlers, status, admins).status_of, _new),
            CommandHandler("settings", handlers.settings, _new),
            CommandHandler("forget", handlers.forget, _new),
            CommandHandler("about", handlers.about, _new),
            CommandHandler("articles", Articles(handlers, desk).command, _private),
            *(_of_admins(handlers, desk) if desk else ()),
            CallbackQueryHandler(Buttons(handlers).pressed),
            InlineQueryHandler(inline.query),
            MessageHandler(filters.UpdateType.GUEST_MESSAGE, inline.guest),
            MessageHandler(_private & filters.COMMAND, handlers.unknown_command),
            MessageHandler(_new & _words, handlers.question),
            MessageHandler(_private & ~filters.StatusUpdate.ALL, handlers.not_text),
        ]
    )
    application.add_handler(TypeHandler(Update, handlers.gate), group=-1)
    if desk:
        met = CommandHandler("start", Articles(handlers, desk).met, _private & filters.User(desk.admins))
        application.add_handler(met, group=1)
    application.add_error_handler(Failures(failures).failed)
    return application


def _of_admins(handlers: Handlers, desk: Desk) -> tuple[BaseHandler[Any, Any, Any], ...]:
    """What is there for admins alone; all else that they send goes on to the conversation."""
    adding, articles = Adding(handlers, desk), Articles(handlers, desk)
    theirs = _private & filters.User(desk.admins) & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    return (
        MessageHandler(theirs, adding.message),
        CallbackQueryHandler(adding.pressed, "^draft:"),
        CallbackQueryHandler(articles.pressed, "^shelf:"),
    )


async def announce(application: App, admins: Collection[int] = ()) -> None:
    """Registers commands and descriptions in each language where they differ; a failure is no reason to stop."""
    bot = application.bot
    try:
        for number, texts in enumerate(CATALOGUES):
            # The first language is also what readers of other languages see.
            for language in (texts.language, *([None] if number == 0 else [])):
                await _describe(bot, texts, language)
        for admin in admins:
            await list_for_admin(bot, admin)
    except InvalidToken:
        raise
    except TelegramError as error:
        _log.warning("the commands could not be registered (%s); the bot works without their list", error)


async def _describe(bot: Bot, texts: Catalogue, language: str | None) -> None:
    commands = tuple(BotCommand(name, description) for name, description in texts.commands.items())
    if await bot.get_my_commands(language_code=language) != commands:
        await bot.set_my_commands(commands, language_code=language)
    if (await bot.get_my_description(language)).description != texts.description:
        await bot.set_my_description(texts.description, language)
    if (await bot.get_my_short_description(language)).short_description != texts.short_description:
        await bot.set_my_short_description(texts.short_description, language)
