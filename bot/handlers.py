"""An update in, a reply out: each handler unpacks once, calls the library and sends."""

import logging
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot import reply
from bot.sending import send, show_instead
from bot.texts import Catalogue, catalogue
from retrieval.index import Index
from retrieval.search import answer

_log = logging.getLogger(__name__)
Context = ContextTypes.DEFAULT_TYPE


@dataclass(frozen=True)
class Handlers:
    """The conversation over one index; `example` is a name that the articles speak of."""

    index: Index
    example: str | None

    async def start(self, update: Update, context: Context) -> None:
        """`/start`: who the bot is."""
        message, texts = _unpacked(update)
        await send(context.bot, message, reply.greeting(self.index, texts, self.example))

    async def help(self, update: Update, context: Context) -> None:
        """`/help`: how to ask."""
        message, texts = _unpacked(update)
        await send(context.bot, message, reply.said(texts.help))

    async def sources(self, update: Update, context: Context) -> None:
        """`/sources`: the articles."""
        message, texts = _unpacked(update)
        await send(context.bot, message, reply.sources(self.index, texts))

    async def question(self, update: Update, context: Context) -> None:
        """A text, or the caption of a picture: answered."""
        message, texts = _unpacked(update)
        found = answer(self.index, message.text or message.caption or "")
        await send(context.bot, message, reply.answered(found, texts, self.example))

    async def unknown_command(self, update: Update, context: Context) -> None:
        """A command that the bot does not have."""
        message, texts = _unpacked(update)
        await send(context.bot, message, reply.said(texts.unknown_command))

    async def not_text(self, update: Update, context: Context) -> None:
        """A sticker, voice, picture or anything else without words."""
        message, texts = _unpacked(update)
        await send(context.bot, message, reply.said(texts.only_text))

    async def pressed(self, update: Update, context: Context) -> None:
        """A button: a page of the list or an article's card takes the message's place."""
        query = update.callback_query
        if query is None:
            raise ValueError("a callback query was expected")
        texts = catalogue(query.from_user.language_code)
        shown = self._behind(query.data or "", texts)
        if shown is None:
            await query.answer(texts.article_gone, show_alert=True)
            return
        await query.answer()
        if isinstance(query.message, Message):
            await show_instead(context.bot, query.message, shown[0])
        else:
            _log.info("a button of a message that is out of reach was pressed")

    def _behind(self, data: str, texts: Catalogue) -> reply.Reply | None:
        """What a button opens; None where it is no longer there."""
        action, _, argument = data.partition(":")
        if action == "sources" and argument.isdecimal():
            return reply.sources(self.index, texts, int(argument))
        article = self.index.article_by_key(argument) if action == "article" else None
        return None if article is None else reply.card(self.index, article, texts)


async def failed(update: object, context: Context) -> None:
    """What went wrong goes to the log; the reader gets one sentence in their language."""
    if isinstance(context.error, Forbidden):
        _log.info("the chat cannot be written to: %s", context.error)
        return
    _log.error("an update could not be answered", exc_info=context.error)
    if not isinstance(update, Update):
        return
    texts = catalogue(update.effective_user.language_code if update.effective_user else None)
    try:
        if isinstance(update.callback_query, CallbackQuery):
            await update.callback_query.answer(texts.error, show_alert=True)
        elif update.message is not None:
            await send(context.bot, update.message, reply.said(texts.error))
    except TelegramError:
        _log.exception("the reader could not be told")


def _unpacked(update: Update) -> tuple[Message, Catalogue]:
    if update.message is None:
        raise ValueError("a message was expected")
    user = update.message.from_user
    return update.message, catalogue(user.language_code if user else None)
