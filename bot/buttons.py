"""What a pressed button does; everything it needs is in its data and in the message it stands under."""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Chat, Message, Update
from telegram.error import BadRequest

from bot import reply, views
from bot.asking import question_of
from bot.handlers import FOUND, Context, Handlers, opened, texts_for
from bot.memory import Preferences
from bot.place import Lost, Place
from bot.sending import show_instead
from bot.texts import CATALOGUES, Catalogue
from retrieval.index import Index
from retrieval.query import tongue_in
from retrieval.search import answer

_log = logging.getLogger(__name__)
_LANGUAGES = frozenset(one.language for one in CATALOGUES)


@dataclass(frozen=True)
class Notice:
    """Words that Telegram shows over the chat for a moment, or as an alert."""

    text: str
    alert: bool = True


@dataclass(frozen=True)
class Pressed:
    """A press: who pressed what, under which message, in which language, and the index that answers it."""

    query: CallbackQuery
    data: str
    texts: Catalogue
    preferences: Preferences
    username: str
    index: Index

    @property
    def question(self) -> str | None:
        """The question that the message under the button answers; None where it is out of reach."""
        message = self.query.message
        asked = message.reply_to_message if isinstance(message, Message) and message.is_accessible else None
        return None if asked is None else question_of(asked, self.username) or None


@dataclass(frozen=True)
class Buttons:
    """The buttons of the conversation."""

    handlers: Handlers

    async def pressed(self, update: Update, context: Context) -> None:
        """A view takes the place of the message, or a notice is shown."""
        query = update.callback_query
        if query is None:
            raise ValueError("a callback query was expected")
        preferences = self.handlers.memory.preferences(query.from_user.id)
        texts = self.handlers.texts(query.from_user, preferences)
        pressed = Pressed(
            query, query.data or "", texts, preferences, context.bot.username, self.handlers.index()
        )
        found = self._behind(self._in_its_language(pressed), context)
        said, alert = (found.text, found.alert) if isinstance(found, Notice) else (None, None)
        with suppress(BadRequest):  # too old to be answered: what was asked for is shown all the same
            await query.answer(said, show_alert=alert)
        if isinstance(found, Notice):
            return
        if isinstance(query.message, Message) and query.message.is_accessible:
            await show_instead(context.bot, query.message, found[0])
        else:
            _log.info("a button of a message that is out of reach was pressed")

    @staticmethod
    def _in_its_language(pressed: Pressed) -> Pressed:
        """The press in the language of the answer that it stands under: what opens there speaks as the answer does."""
        question = pressed.question
        if question is None or question.startswith("/"):  # a command is in no language
            return pressed
        tongue = tongue_in(pressed.index, question)
        return replace(pressed, texts=texts_for(tongue, pressed.texts, pressed.preferences))

    def _behind(self, pressed: Pressed, context: Context) -> reply.Reply | Notice:
        action, _, argument = pressed.data.partition(":")
        known = {
            "sources": self._sources,
            "article": self._article,
            "more": lambda pressed, argument: self._more(pressed, argument, context),
            "ctx": self._context,
            "vote": self._vote,
            "set": self._set,
        }
        if action not in known:
            return Notice(pressed.texts.article_gone)
        return known[action](pressed, argument)

    def _sources(self, pressed: Pressed, argument: str) -> reply.Reply | Notice:
        if not argument.isdecimal():
            return Notice(pressed.texts.article_gone)
        return reply.sources(pressed.index, pressed.texts, int(argument))

    def _article(self, pressed: Pressed, argument: str) -> reply.Reply | Notice:
        article = pressed.index.article_by_key(argument)
        if article is None:
            return Notice(pressed.texts.article_gone)
        return reply.card(pressed.index, article, pressed.texts)

    def _more(self, pressed: Pressed, argument: str, context: Context) -> reply.Reply | Notice:
        question = pressed.question
        if question is None or not argument.isdecimal():
            return Notice(pressed.texts.no_question)
        message = pressed.query.message
        in_group = message is not None and message.chat.type != Chat.PRIVATE
        view = reply.View(
            quotes=1 if in_group else pressed.preferences.quotes,
            first=int(argument),
            username=self.handlers.username(context),
        )
        found = answer(pressed.index, question, FOUND)
        texts = texts_for(found.query.tongue, pressed.texts, pressed.preferences)
        return reply.answered(found, texts, self.handlers.example(), view)

    def _context(self, pressed: Pressed, argument: str) -> reply.Reply | Notice:
        text, _, at = argument.partition(":")
        place = Place.read(text)
        if place is None:
            return Notice(pressed.texts.article_gone)
        found = place.find(pressed.index, self.handlers.versions)
        if isinstance(found, Lost):
            return Notice(pressed.texts.article_gone if found is Lost.GONE else pressed.texts.changed)
        # A page before the first is the first: the button says how far, not whether there is so much.
        page = None if not at else max(0, int(at)) if at.lstrip("-").isdecimal() else None
        return opened(pressed.index, found, place, pressed.texts, page, back=pressed.question is not None)

    def _vote(self, pressed: Pressed, argument: str) -> Notice:
        vote, _, place = argument.partition(":")
        if vote not in {"1", "-1"} or Place.read(place) is None:
            return Notice(pressed.texts.article_gone)
        message = pressed.query.message
        question = "" if message is None else f"{message.chat.id}/{message.message_id}"
        user = pressed.query.from_user.id
        self.handlers.memory.vote(user, question, place, int(vote), time.time())
        return Notice(pressed.texts.voted, alert=False)

    def _set(self, pressed: Pressed, argument: str) -> reply.Reply | Notice:
        name, _, value = argument.partition(":")
        before = pressed.preferences
        if name == "language" and (value in _LANGUAGES or value == "auto"):
            after = replace(before, language=None if value == "auto" else value)
        elif name == "quotes" and value in {"1", "2", "3"}:
            after = replace(before, quotes=int(value))
        else:
            return Notice(pressed.texts.article_gone)
        self.handlers.memory.prefer(pressed.query.from_user.id, after)
        return views.settings(after, self.handlers.texts(pressed.query.from_user, after))
