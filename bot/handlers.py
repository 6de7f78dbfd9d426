"""A message in, a reply out: each handler unpacks once, calls the library and sends."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import Bot, CallbackQuery, Chat, Message, Update, User
from telegram.error import Forbidden, TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot import reply, views
from bot.asking import asks_for_more, continued, is_for_bot, question_of
from bot.floods import Floods
from bot.memory import Asked, Memory, Preferences
from bot.place import Earlier, Lost, Place, Versions, no_versions
from bot.pressing import Press
from bot.sending import Thinking, send
from bot.texts import Catalogue, catalogue
from retrieval.article import Article
from retrieval.check import check
from retrieval.index import Index
from retrieval.search import Refusal, answer
from retrieval.tongues import Tongue

_log = logging.getLogger(__name__)
Context = ContextTypes.DEFAULT_TYPE

FOUND = 10
"""Quotes that an answer can be paged through."""
_LONG = 12
"""Words from which a pasted text may be a quotation to check rather than a question."""


@dataclass(frozen=True)
class Asking:
    """Who asks, in what language the bot speaks to them, what they prefer, and the index that answers them.

    All of one answer comes from one index, whatever articles come or go meanwhile.
    """

    message: Message
    texts: Catalogue
    preferences: Preferences
    index: Index

    @property
    def user(self) -> int:
        """The reader's id; that of the chat where a channel or an anonymous admin speaks."""
        sender = self.message.from_user
        return self.message.chat_id if sender is None else sender.id

    @property
    def topic(self) -> int:
        """The forum topic, 0 outside one."""
        return (self.message.message_thread_id or 0) if self.message.is_topic_message else 0


@dataclass(frozen=True)
class Handlers:
    """The conversation over the index as it is at each update; `example` is a name that the articles speak of.

    `links` says whether citations are links into Telegram; in the terminal they would lead nowhere.
    `answered` is told of each question whether it was answered or refused; `forget_more` deletes what others
    keep of a person and a chat, and returns how many messages. `trusted` people may write as much as they like.
    `versions` gives articles as they were before they changed.
    """

    index: Callable[[], Index]
    example: Callable[[], str | None]
    memory: Memory
    links: bool = True
    floods: Floods = field(default_factory=Floods)
    thinking: Thinking = field(default_factory=Thinking)
    answered: Callable[[bool], object] = lambda _: None
    forget_more: Callable[[int, int], int] = lambda _user, _chat: 0
    trusted: frozenset[int] = frozenset()
    versions: Versions = no_versions

    async def gate(self, update: Update, context: Context) -> None:
        """Before all other handlers: who floods a private chat gets one notice, then silence for a while."""
        message = update.message
        if message is None or message.chat.type != Chat.PRIVATE or message.from_user is None:
            return
        if message.from_user.id in self.trusted:  # many posts forwarded at once are no flood
            return
        verdict = self.floods.seen(message.from_user.id, message.message_id, message.date.timestamp())
        if verdict == "notice":
            await send(context.bot, message, reply.said(self.unpacked(update).texts.flooded))
        if verdict != "answer":
            raise ApplicationHandlerStop

    async def start(self, update: Update, context: Context) -> None:
        """`/start`: who the bot is, or the place that a link names."""
        asking = self.unpacked(update)
        place = Place.read(context.args[0]) if context.args else None
        if place is None:
            await send(
                context.bot, asking.message, reply.greeting(asking.index, asking.texts, self.example())
            )
            return
        found = place.find(asking.index, self.versions)
        await send(context.bot, asking.message, opened(asking.index, found, place, asking.texts))

    async def help(self, update: Update, context: Context) -> None:
        """`/help`: how to ask."""
        asking = self.unpacked(update)
        await send(context.bot, asking.message, reply.said(asking.texts.help))

    async def about(self, update: Update, context: Context) -> None:
        """`/about`: what is stored and why."""
        asking = self.unpacked(update)
        await send(context.bot, asking.message, reply.said(asking.texts.about))

    async def sources(self, update: Update, context: Context) -> None:
        """`/sources`: the articles."""
        asking = self.unpacked(update)
        await send(context.bot, asking.message, reply.sources(asking.index, asking.texts))

    async def settings(self, update: Update, context: Context) -> None:
        """`/settings`: language and number of quotes."""
        asking = self.unpacked(update)
        await send(context.bot, asking.message, views.settings(asking.preferences, asking.texts))

    async def forget(self, update: Update, context: Context) -> None:
        """`/forget`: deletes everything about the person and the chat."""
        asking = self.unpacked(update)
        gone = self.memory.forget(asking.user, asking.message.chat_id)
        more = self.forget_more(asking.user, asking.message.chat_id)
        said = asking.texts.forgotten.format(
            settings=gone.settings, questions=gone.questions + more, votes=gone.votes
        )
        await send(context.bot, asking.message, reply.said(said))

    async def ask(self, update: Update, context: Context) -> None:
        """`/ask question`, or `/ask` in reply to the message that holds it."""
        asking = self.unpacked(update)
        text = question_of(asking.message, context.bot.username)
        asked = asking.message
        if not text and asking.message.reply_to_message is not None:
            asked = asking.message.reply_to_message
            text = question_of(asked, context.bot.username)
        if not text:
            await send(context.bot, asking.message, reply.said(asking.texts.ask_usage))
            return
        await self._answer(asking, context, text, asked)

    async def check(self, update: Update, context: Context) -> None:
        """`/check text`, or `/check` in reply to the message that holds it."""
        asking = self.unpacked(update)
        text = question_of(asking.message, context.bot.username)
        if not text and asking.message.reply_to_message is not None:
            text = question_of(asking.message.reply_to_message, context.bot.username)
        if not text:
            await send(context.bot, asking.message, reply.said(asking.texts.check_usage))
            return
        await self._check(asking, context, text)

    async def question(self, update: Update, context: Context) -> None:
        """A text, or the caption of a picture: answered, continued or checked; in a group, if it is for the bot."""
        asking = self.unpacked(update)
        message = asking.message
        if message.chat.type != Chat.PRIVATE and not is_for_bot(message, context.bot.username):
            return
        text = question_of(message, context.bot.username)
        if message.forward_origin is not None or len(text.split()) >= _LONG:
            found = check(asking.index, text)
            if found.article is not None or message.forward_origin is not None:
                await self._check(asking, context, text)
                return
        await self._answer(asking, context, text, message)

    async def _answer(self, asking: Asking, context: Context, text: str, asked: Message) -> None:
        now = time.time()
        chat = asking.message.chat_id
        before = self.memory.asked(chat, asking.topic, now)
        first, whole = 0, continued(asking.index, text, before)
        if before is not None and asks_for_more(text):
            first, whole = before.shown, before.question
        in_group = asking.message.chat.type != Chat.PRIVATE
        view = reply.View(
            quotes=1 if in_group else asking.preferences.quotes,
            first=first,
            username=self.username(context),
            pages=whole == text,
        )
        found = await self.thinking.of(context.bot, asked, lambda: answer(asking.index, whole, FOUND))
        texts = texts_for(found.query.tongue, asking.texts, asking.preferences)
        await send(context.bot, asked, reply.answered(found, texts, self.example(), view))
        self.answered(bool(found.quotes))
        if found.quotes:
            self.memory.ask(chat, asking.topic, asking.user, Asked(whole, first + view.quotes), now)
        elif found.refusal is Refusal.NOT_FOUND and whole == text:
            # "And when?" would go on with this question, which is not kept, and not with one before it.
            self.memory.no_question(chat, asking.topic)

    async def _check(self, asking: Asking, context: Context, text: str) -> None:
        found = await self.thinking.of(context.bot, asking.message, lambda: check(asking.index, text))
        said = views.checked(found, asking.texts, self.username(context))
        await send(context.bot, asking.message, said)

    def username(self, context: Context) -> str | None:
        """The bot's name for links; None where there are none."""
        return context.bot.username if self.links else None

    async def unknown_command(self, update: Update, context: Context) -> None:
        """A command that the bot does not have."""
        asking = self.unpacked(update)
        await send(context.bot, asking.message, reply.said(asking.texts.unknown_command))

    async def not_text(self, update: Update, context: Context) -> None:
        """A sticker, voice, picture or anything else without words."""
        asking = self.unpacked(update)
        await send(context.bot, asking.message, reply.said(asking.texts.only_text))

    def unpacked(self, update: Update) -> Asking:
        """The message of an update with its reader."""
        if update.message is None:
            raise ValueError("a message was expected")
        user = update.message.from_user
        preferences = Preferences() if user is None else self.memory.preferences(user.id)
        return Asking(update.message, self.texts(user, preferences), preferences, self.index())

    def press(self, update: Update) -> Press:
        """The press of a button, with its reader's language."""
        query = update.callback_query
        if query is None:
            raise ValueError("a callback query was expected")
        _, _, rest = (query.data or "").partition(":")
        action, _, argument = rest.partition(":")
        preferences = self.memory.preferences(query.from_user.id)
        return Press(query, self.texts(query.from_user, preferences), action, argument)

    def texts(self, user: User | None, preferences: Preferences) -> Catalogue:
        """The catalogue for a reader: the one chosen, or that of their Telegram."""
        return catalogue(preferences.language or (user.language_code if user else None))


def texts_for(tongue: Tongue, texts: Catalogue, preferences: Preferences) -> Catalogue:
    """The catalogue for a question in a language: who asks in Russian or English reads it, whatever their Telegram speaks.

    A language that the reader has chosen stays.
    """
    return texts if preferences.language or tongue is Tongue.KAZAKH else catalogue(tongue.value)


def opened(
    index: Index,
    found: Article | Earlier | Lost,
    place: Place,
    texts: Catalogue,
    at: int | None = None,
    *,
    back: bool = False,
) -> reply.Reply:
    """The place in the text that was found for it, or a sentence that says why it cannot be shown."""
    if isinstance(found, Earlier):
        return views.earlier(index, found, place, texts, at, back=back)
    if isinstance(found, Lost):
        return reply.said(texts.article_gone if found is Lost.GONE else texts.changed)
    return views.context(index, found, place, texts, at, back=back)


@dataclass(frozen=True)
class Failures:
    """What handlers failed with, by update: for a caller who decides what becomes of the update.

    With `kept` None there is no such caller, and the reader is told at once.
    """

    kept: dict[int, Exception] | None = None

    async def failed(self, update: object, context: Context) -> None:
        """The Application's error handler."""
        error = context.error
        if self.kept is not None and isinstance(update, Update) and isinstance(error, Exception):
            self.kept[update.update_id] = error
            raise ApplicationHandlerStop  # whoever handles the update again handles all of it again
        if isinstance(error, Forbidden):
            _log.info("the chat cannot be written to: %s", error)
            return
        _log.error("an update could not be answered", exc_info=error)
        if isinstance(update, Update):
            await apologize(update, context.bot)


async def apologize(update: Update, bot: Bot) -> None:
    """One sentence to the reader whose update could not be answered."""
    texts = catalogue(update.effective_user.language_code if update.effective_user else None)
    try:
        if isinstance(update.callback_query, CallbackQuery):
            await update.callback_query.answer(texts.error, show_alert=True)
        elif update.message is not None:
            await send(bot, update.message, reply.said(texts.error))
    except TelegramError as error:
        _log.warning("the reader could not be told: %s", error)
