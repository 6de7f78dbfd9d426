"""The articles for admins: looked through, opened, removed, and brought back for ten minutes."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Bot, BotCommand, BotCommandScopeChat, Update
from telegram.error import InvalidToken, TelegramError

from bot import previews, reply
from bot.desk import Desk
from bot.handlers import Context, Handlers
from bot.reply import Reply
from bot.sending import send, show_instead
from bot.texts import CATALOGUES, Catalogue
from retrieval.errors import RetrievalError

_log = logging.getLogger(__name__)
UNDO = 600
"""Seconds for which a removal can be taken back."""


@dataclass(frozen=True)
class Articles:
    """`/articles` and the buttons behind it. Without a desk there are no admins."""

    handlers: Handlers
    desk: Desk | None

    async def command(self, update: Update, context: Context) -> None:
        """`/articles`: the articles, for admins."""
        asking = self.handlers.unpacked(update)
        if self.desk is None or not self.desk.is_admin(asking.message.from_user):
            await send(context.bot, asking.message, reply.said(asking.texts.admins_only))
            return
        await send(context.bot, asking.message, previews.listed(asking.index, asking.texts))

    async def met(self, update: Update, context: Context) -> None:
        """An admin writes `/start`: before that Telegram takes no commands for the chat."""
        if update.effective_user is not None:
            await list_for_admin(context.bot, update.effective_user.id)

    async def pressed(self, update: Update, context: Context) -> None:
        """A button of the list, of an article, or under what was removed."""
        press = self.handlers.press(update)
        if self.desk is None or not self.desk.is_admin(press.query.from_user):
            found: Reply | str = press.texts.admins_only
        else:
            found = await self._behind(self.desk, press.action, press.argument, press.texts)
        await press.answer(found if isinstance(found, str) else None)
        if isinstance(found, tuple) and press.message is not None:
            await show_instead(context.bot, press.message, found[0])

    async def _behind(self, desk: Desk, action: str, argument: str, texts: Catalogue) -> Reply | str:
        """What takes the place of the message, or what is said over it."""
        index = desk.library.index
        if action == "page" and argument.isdecimal():
            return previews.listed(index, texts, int(argument))
        if action == "drop":
            return await self._removed(desk, argument, texts)
        if action == "undo":
            return await self._undone(desk, argument, texts)
        article = index.article_by_key(argument)
        if article is None or action not in {"open", "ask"}:
            return texts.article_gone
        return (
            previews.card(index, article, texts)
            if action == "open"
            else previews.remove_question(article, texts)
        )

    async def _removed(self, desk: Desk, key: str, texts: Catalogue) -> Reply | str:
        article = desk.library.index.article_by_key(key)
        if article is None:  # the press came twice, or somebody else was faster
            return texts.article_gone if desk.drafts.removal(key) is None else previews.removed(key, texts)
        # Noted first: what is removed and not noted could not be brought back.
        await desk.drafts.removed(key, article.id, desk.now())
        return previews.removed(key, texts) if await _done(desk.remove, article.id) else texts.not_saved

    async def _undone(self, desk: Desk, key: str, texts: Catalogue) -> Reply | str:
        if desk.library.index.article_by_key(key) is not None:
            return previews.undone(key, texts)
        removal = desk.drafts.removal(key)
        if removal is None or desk.now() - removal.at > UNDO:
            return texts.undo_late
        if not await _done(desk.restore, removal.id):
            return texts.not_saved
        await desk.drafts.undone(key)
        return previews.undone(key, texts)


async def list_for_admin(bot: Bot, admin: int) -> None:
    """Registers an admin's own commands in each language where they differ; a failure is no reason to stop."""
    scope = BotCommandScopeChat(admin)
    try:
        for number, texts in enumerate(CATALOGUES):
            described = {**texts.commands, **texts.admin_commands}
            commands = tuple(BotCommand(name, description) for name, description in described.items())
            for language in (texts.language, *([None] if number == 0 else [])):
                if await bot.get_my_commands(scope, language) != commands:
                    await bot.set_my_commands(commands, scope, language)
    except InvalidToken:
        raise
    except TelegramError as error:  # an admin who never wrote to the bot has no chat with it
        _log.info("the commands of admin %d could not be registered (%s)", admin, error)


async def _done(work: Callable[[str], None], id_: str) -> bool:
    """Whether the library could do it; in a thread, as it writes to the disk."""
    try:
        await asyncio.to_thread(work, id_)
    except RetrievalError as error:
        _log.error("an article could not be removed or brought back: %s", error)
        return False
    return True
