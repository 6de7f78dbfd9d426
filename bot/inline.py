"""Inline mode: `@bot question` in any chat lists the best quotes, and sends one with its citation."""

from dataclasses import dataclass

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode

from bot import reply
from bot.asking import question_of
from bot.handlers import Context, Handlers, texts_for
from bot.memory import Preferences
from bot.place import Place
from bot.texts import Catalogue
from retrieval.newest import Newest
from retrieval.search import Answer, Quote, answer, worth_showing

_CACHED = 60
"""Seconds for which Telegram may answer the same query of the same person by itself."""
_LISTED = 20
"""Articles or quotes offered; Telegram takes 50."""


@dataclass(frozen=True)
class Inline:
    """Answers to inline queries."""

    handlers: Handlers

    async def query(self, update: Update, context: Context) -> None:
        """The best quotes as cards; the articles for an empty query; a way into the chat where nothing is found."""
        asked = update.inline_query
        if asked is None:
            raise ValueError("an inline query was expected")
        preferences = self.handlers.memory.preferences(asked.from_user.id)
        texts = self.handlers.texts(asked.from_user, preferences)
        username = context.bot.username
        button = None
        if asked.query.strip():
            found = answer(self.handlers.index(), asked.query, _LISTED)
            texts = texts_for(found.query.tongue, texts, preferences)
            results = (
                [_quoted(quote, texts, username) for quote in worth_showing(found)] if found.quotes else []
            )
            if not results:
                button = InlineQueryResultsButton(texts.not_found, start_parameter="inline")
        else:
            results = self._articles(texts)
        await asked.answer(results, cache_time=_CACHED, is_personal=True, button=button)

    async def guest(self, update: Update, context: Context) -> None:
        """A guest message: the bot was named in a chat that it is not in, and may answer once."""
        message = update.guest_message
        if message is None or message.guest_query_id is None:
            raise ValueError("a guest message was expected")
        user = message.from_user
        preferences = Preferences() if user is None else self.handlers.memory.preferences(user.id)
        texts = self.handlers.texts(user, preferences)
        text = question_of(message, context.bot.username)
        if not text and message.reply_to_message is not None:
            text = question_of(message.reply_to_message, context.bot.username)
        found = answer(self.handlers.index(), text, 1)
        texts = texts_for(found.query.tongue, texts, preferences)
        if found.quotes:
            result = _quoted(found.quotes[0], texts, context.bot.username, found)
        else:
            result = _card("none", texts.not_found, "", reply.answered(found, texts, None)[0])
        await context.bot.answer_guest_query(message.guest_query_id, result)

    def _articles(self, texts: Catalogue) -> list[InlineQueryResultArticle]:
        index = self.handlers.index()
        return [
            _card(
                article.key,
                reply.shown_title(article),
                reply.provenance(article, texts),
                reply.card(index, article, texts)[0],
            )
            for article in map(index.articles.__getitem__, Newest(index.parts)[:_LISTED])
        ]


def _quoted(
    quote: Quote, texts: Catalogue, username: str, answered: Answer | None = None
) -> InlineQueryResultArticle:
    message = reply.single(quote, texts, reply.View(username=username), answered)
    return _card(str(Place.of(quote)), reply.shown_title(quote.article), quote.text, message)


def _card(key: str, title: str, description: str, message: reply.Message) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        message.html, ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    return InlineQueryResultArticle(key, title, content, description=description)
