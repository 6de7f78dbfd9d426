"""Articles that an admin sends: a file, a link or a channel's post is read, shown, put right and added."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from telegram import Bot, Message, MessageOriginChannel, Update
from telegram import Document as TelegramDocument
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bot import previews, reply
from bot.albums import Albums
from bot.bringing import (
    LARGEST_FILE,
    Brought,
    brought,
    document_of,
    downloaded,
    has_scheme,
    link_in,
    name_of,
)
from bot.desk import Desk
from bot.drafts import ADDED, CANCELLED, OPEN, Draft
from bot.handlers import Asking, Context, Handlers
from bot.pressing import Press
from bot.reply import Reply
from bot.sending import send, show_instead
from bot.texts import Catalogue
from retrieval.dates import dateline
from retrieval.document import Document, Unread
from retrieval.errors import RetrievalError
from retrieval.importing import State

_log = logging.getLogger(__name__)
_LONGEST = {"title": 300, "source": 100, "published": 50}
"""Characters of what an admin writes into a field."""
_NONE = frozenset("-–—")
"""What says that a field is unknown."""
_LOGGED = 500
"""Characters of a reason in the log."""
_DIGITS = 15
"""Digits of a message's number at the most."""


@dataclass(frozen=True)
class Adding:
    """Adding articles in private chats with admins; all other messages go on to the conversation's handlers."""

    handlers: Handlers
    desk: Desk
    albums: Albums = field(default_factory=Albums)

    async def message(self, update: Update, context: Context) -> None:
        """Anything but a command that an admin sends."""
        asking = self.handlers.unpacked(update)
        message, drafts = asking.message, self.desk.drafts
        again = drafts.edited_by(message.chat_id, message.message_id)
        asked = drafts.asking(message.chat_id, self.desk.now())
        link = link_in(message)
        if again is not None:
            await self._show(asking, context, again.message)
        elif message.document is not None:
            await self._file(asking, context, message.document)
        elif isinstance(message.forward_origin, MessageOriginChannel):
            await self._post(asking, context, message.forward_origin)
        elif (
            asked is not None
            and message.forward_origin is None
            and message.text
            and not has_scheme(message.text)
        ):
            await self._value(asking, context, asked, message.text)
        elif link is not None:
            await self._page(asking, context, link)
        elif message.text or message.caption:
            self._is_first(message)
            await self.handlers.question(update, context)
        elif message.media_group_id is not None:
            await self._wordless(asking, context)
        else:
            await self.handlers.not_text(update, context)

    async def pressed(self, update: Update, context: Context) -> None:
        """A button under a preview."""
        press = self.handlers.press(update)
        drafts = self._behind(press)
        problem = None if self.desk.is_admin(press.query.from_user) else press.texts.admins_only
        if problem is None and not drafts:
            problem = press.texts.draft_over
        await press.answer(problem)
        if problem is None and press.message is not None:
            await self._do(press.action, drafts, press.message, context.bot, press.texts)

    def _behind(self, press: Press) -> list[Draft]:
        number = press.argument
        if press.message is None or not number.isdecimal() or len(number) > _DIGITS:
            return []
        return self.desk.drafts.of(press.message.chat_id, int(number), self.desk.now())

    async def _do(
        self, action: str, drafts: Sequence[Draft], shown: Message, bot: Bot, texts: Catalogue
    ) -> None:
        first = drafts[0]
        said = self._ended(drafts, texts)
        if said is None and action in _LONGEST and len(drafts) == 1:
            await self.desk.drafts.ask(first.chat, first.message, action, self.desk.now())
            await send(bot, shown, previews.asked(texts, action))
        elif said is None and action == "cancel":
            await self.desk.drafts.end(first.chat, first.message, CANCELLED)
            said = reply.said(texts.draft_cancelled)
        elif said is None and action == "add":
            said = await self._add(drafts, texts)
            if said is None:
                lost = texts.not_saved if len(drafts) == 1 else texts.not_all_saved
                await send(bot, shown, reply.said(lost))
        if said is not None:
            await show_instead(bot, shown, said[0])

    def _ended(self, drafts: Sequence[Draft], texts: Catalogue) -> Reply | None:
        """What became of drafts that are no longer open; None where they are."""
        state = drafts[0].state if drafts else OPEN
        if state == CANCELLED:
            return reply.said(texts.draft_cancelled)
        return previews.added(drafts, self.desk.library.index, texts) if state == ADDED else None

    async def _add(self, drafts: Sequence[Draft], texts: Catalogue) -> Reply | None:
        """Adds the articles and says so; None where they could not be saved."""
        try:
            outcomes = await asyncio.to_thread(self.desk.add, [one.document for one in drafts])
        except RetrievalError as error:
            _log.error("articles could not be added: %s", error)
            return None
        state = CANCELLED if all(one.state is State.SKIPPED for one in outcomes) else ADDED
        await self.desk.drafts.end(drafts[0].chat, drafts[0].message, state, [one.id for one in outcomes])
        return previews.added(drafts, self.desk.library.index, texts, outcomes)

    async def _value(self, asking: Asking, context: Context, draft: Draft, said: str) -> None:
        """What an admin wrote for the field of a draft that was asked for."""
        name, texts = draft.asks or "", asking.texts
        value = " ".join(self.desk.clean(said).split())
        changed = _changed(draft.document, name, value)
        if not value or len(value) > _LONGEST[name]:
            problem = texts.wrong_value.format(longest=_LONGEST[name])
        elif changed is None:
            problem = texts.wrong_date
        else:
            await self.desk.drafts.edit(draft, changed, asking.message.message_id)
            await self._show(asking, context, draft.message)
            return
        await send(context.bot, asking.message, previews.asked(texts, name, problem))

    async def _file(self, asking: Asking, context: Context, document: TelegramDocument) -> None:
        message, texts = asking.message, asking.texts
        if (document.file_size or 0) > LARGEST_FILE:
            await send(context.bot, message, reply.said(texts.file_too_large))
            return
        try:
            data = await downloaded(context.bot, document)
        except BadRequest as error:
            is_large = "too big" in error.message.lower()
            await send(
                context.bot, message, reply.said(texts.file_too_large if is_large else texts.file_lost)
            )
            return
        name = name_of(message, document, previews.shown)

        async def read() -> Brought:
            return await asyncio.to_thread(
                lambda: brought(self.desk.documents(name, data, None, document.mime_type))
            )

        await self._found(asking, context, read)

    async def _page(self, asking: Asking, context: Context, link: str) -> None:
        async def read() -> Brought:
            return brought(await self.desk.page(link))

        await self._found(asking, context, read)

    async def _post(self, asking: Asking, context: Context, origin: MessageOriginChannel) -> None:
        message = asking.message
        text = self.desk.clean(message.text or message.caption or "").strip()
        if not text:
            await self._wordless(asking, context)
            return
        self._is_first(message)
        document = document_of(origin, text, self.desk.clean)

        async def read() -> Brought:
            return Brought((document,))

        await self._found(asking, context, read)

    async def _wordless(self, asking: Asking, context: Context) -> None:
        """A picture without words: in an album these may stand under another one, so one sentence is for all."""
        message, texts = asking.message, asking.texts
        if self._is_first(message):
            alone = message.media_group_id is None
            said = texts.post_without_text if alone else texts.album_without_text
            await send(context.bot, message, reply.said(said))

    def _is_first(self, message: Message) -> bool:
        album = message.media_group_id
        return album is None or self.albums.speaks(message.chat_id, album, message.message_id)

    async def _found(self, asking: Asking, context: Context, read: Callable[[], Awaitable[Brought]]) -> None:
        """Reads what a message brings, keeps it and shows what would be added."""
        message, drafts = asking.message, self.desk.drafts
        with suppress(TelegramError):  # a sign of life that fails is no reason not to go on
            await context.bot.send_chat_action(message.chat_id, ChatAction.TYPING)
        found = await read()
        await drafts.ask_no_more(message.chat_id)
        await drafts.keep(message.chat_id, message.message_id, found.documents, self.desk.now())
        for one in found.left_out:
            _log.info("left out: %s", previews.shown(str(one), _LOGGED))
        if found.is_cut:
            many = asking.texts.draft_too_many.format(number=len(found.documents))
            await send(context.bot, message, reply.said(many))
        await self._show(asking, context, message.message_id, found.left_out)

    async def _show(
        self, asking: Asking, context: Context, number: int, left_out: Sequence[Unread] = ()
    ) -> None:
        drafts = self.desk.drafts.of(asking.message.chat_id, number, self.desk.now())
        said = self._ended(drafts, asking.texts)
        if said is None:
            # A long text takes a while to be divided into passages.
            said = await asyncio.to_thread(self._preview, drafts, asking.texts, left_out)
        await send(context.bot, asking.message, said)

    def _preview(self, drafts: Sequence[Draft], texts: Catalogue, left_out: Sequence[Unread]) -> Reply:
        outcomes = self.desk.foreseen(one.document for one in drafts)
        return previews.preview(drafts, outcomes, self.desk.library.index, texts, left_out)


def _changed(document: Document, name: str, value: str) -> Document | None:
    """The document with another value in a field; None where the value is no date, and should be one."""
    if name == "published":
        published = dateline(value)
        return None if published is None and value not in _NONE else replace(document, published=published)
    words = None if value in _NONE else value
    return replace(document, title=words) if name == "title" else replace(document, source=words)
