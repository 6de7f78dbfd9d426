"""`/status`: what the bot has to answer from, and how fresh it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from telegram import Chat, Update

from bot.handlers import Context, Handlers
from bot.markup import Element, Run, Style, line
from bot.reply import Reply, as_reply
from bot.sending import send
from bot.texts import Catalogue
from retrieval.index import Index
from retrieval.newest import Newest


@dataclass(frozen=True, slots=True)
class Status:
    """How fresh the articles are: when something was last taken in, in seconds since 1970, None where nobody knows.

    `feeds` is how many are followed, `failing` the names of those that fail, each with the day since when.
    """

    refreshed: float | None = None
    feeds: int = 0
    failing: tuple[tuple[str, date], ...] = ()


def shown(index: Index, status: Status, texts: Catalogue, now: float, *, names: bool) -> Reply:
    """What a reader sees of it at a time; feeds that fail are named where `names` says so."""
    newest = Newest(index.parts)
    lines = [line(Run(texts.counted(texts.sources_heading, len(newest)), Style.BOLD))]
    if newest.day is not None:
        lines.append(line(texts.status_newest.format(day=texts.day(newest.day))))
    if status.refreshed is not None:
        lines.append(line(texts.status_refreshed.format(ago=texts.ago(now - status.refreshed))))
    if status.feeds:
        lines.append(line(texts.counted(texts.status_feeds, status.feeds)))
    failing = [
        Element((line(texts.status_failing.format(feed=feed, day=texts.day(since))),))
        for feed, since in (status.failing if names else ())
    ]
    return as_reply([Element(tuple(lines)), *failing])


@dataclass(frozen=True)
class StatusCommand:
    """Answers `/status`; only `admins` see which feeds fail, and only in a private chat."""

    handlers: Handlers
    status: Callable[[], Status]
    admins: frozenset[int]

    async def status_of(self, update: Update, context: Context) -> None:
        """`/status`."""
        asking = self.handlers.unpacked(update)
        sender = asking.message.from_user
        names = sender is not None and sender.id in self.admins and asking.message.chat.type == Chat.PRIVATE
        found = shown(asking.index, self.status(), asking.texts, time.time(), names=names)
        await send(context.bot, asking.message, found)
