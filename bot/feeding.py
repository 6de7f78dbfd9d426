"""The running bot follows feeds, beside the conversation."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import reply
from bot.metrics import FeedFigures
from bot.texts import Catalogue
from retrieval.entries import Ways
from retrieval.errors import StoreError
from retrieval.feeds import Feeds, Refreshed
from retrieval.feedstate import FeedState, State
from retrieval.pacing import is_failing
from retrieval.subscriptions import Subscription, labels

_log = logging.getLogger(__name__)
_LONGEST_SLEEP = 600.0
"""Seconds after which a feed's time is looked at again: the clock may have been set."""
_TROUBLE = 300.0
"""Seconds until the next try where the database cannot be used; each asks the feed's server once more."""
_LATE = 1.1
"""Looks are spread by up to a tenth; one that is later still was planned when the feed was followed more slowly."""

Tell = Callable[[str, date], Awaitable[bool]]
"""Tells people that a feed, by its name, fails since a day; whether anybody need not be told again."""


class Following:
    """Feeds that are looked at, each at its pace, until `run` is cancelled; a fault in one never stops the others."""

    def __init__(
        self,
        feeds: Feeds,
        subscriptions: Sequence[Subscription],
        tell: Tell,
        *,
        changed: Callable[[], object] = lambda: None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`changed` is called in a thread when articles came or changed; `now` is the time in seconds since 1970, `sleep` waits for seconds."""
        self._feeds = feeds
        self._subscriptions = subscriptions
        self._tell = tell
        self._changed = changed
        self._now = now
        self._sleep = sleep
        self._states = {one.url: State(one.url) for one in subscriptions}
        self._names = labels([one.url for one in subscriptions])

    async def run(self) -> None:
        """Follows the feeds; ends only when it is cancelled."""
        async with asyncio.TaskGroup() as group:
            for one in self._subscriptions:
                group.create_task(self._follow(one))

    @property
    def count(self) -> int:
        """How many feeds are followed."""
        return len(self._subscriptions)

    @property
    def refreshed(self) -> float | None:
        """When a feed was last read, in seconds since 1970; None where none was yet."""
        return max((state.succeeded for state in self._states.values() if state.succeeded), default=None)

    def failing(self) -> list[tuple[str, date]]:
        """The feeds that have failed for a day, by name, and the day since when."""
        return [(self._names[state.url], _day(state)) for state in self._failing()]

    def notes(self) -> list[str]:
        """A sentence for the operator about each feed that has failed for a day."""
        return [
            f"the feed {self._names[state.url]} has not been read since {_day(state)}: {state.error}"
            for state in self._failing()
        ]

    def figures(self) -> list[FeedFigures]:
        """Each feed for the metrics."""
        return [
            FeedFigures(
                self._names[state.url], is_failing=is_failing(state, self._now()), succeeded=state.succeeded
            )
            for state in self._states.values()
        ]

    def _failing(self) -> Iterable[State]:
        return [state for state in self._states.values() if is_failing(state, self._now())]

    async def _follow(self, one: Subscription) -> None:
        said = ""
        while True:
            try:
                await self._step(one)
                said = ""
            except StoreError as error:
                if str(error) != said:
                    _log.error("%s cannot be followed: %s", one.shown, error)
                said = str(error)
                await self._sleep(_TROUBLE)
            except Exception:  # noqa: BLE001 - the others, and the conversation, go on
                _log.exception("%s cannot be followed", one.shown)
                await self._sleep(_TROUBLE)

    async def _step(self, one: Subscription) -> None:
        """Waits until it is time, or for some of it; or looks at the feed."""
        before = await self._known(one)
        wait = _due(before, one) - self._now()
        if wait > 0:
            await self._sleep(min(wait, _LONGEST_SLEEP))
            return
        found = await self._feeds.refresh(one)
        after = await self._known(one)
        _note(found, before)
        if found.added or found.changed:
            await asyncio.to_thread(self._changed)
        if is_failing(after, self._now()) and after.told is None:
            told = await self._tell(self._names[one.url], _day(after))
            if told:
                await asyncio.to_thread(self._feeds.state.keep, replace(after, told=self._now()))

    async def _known(self, one: Subscription) -> State:
        state = self._states[one.url] = await asyncio.to_thread(self._feeds.state.of, one.url)
        return state


@contextlib.contextmanager
def following(
    database: Path,
    ways: Ways,
    subscriptions: Sequence[Subscription],
    tell: Tell,
    changed: Callable[[], object],
) -> Iterator[Following]:
    """What follows feeds, with its state in a database that is open while it is entered. Raises StoreError."""
    with contextlib.closing(FeedState(database)) as state:
        yield Following(Feeds(state, ways), subscriptions, tell, changed=changed)


async def tell_admins(
    bot: Bot, admins: Callable[[], Iterable[tuple[int, Catalogue]]], feed: str, since: date
) -> bool:
    """Tells the admins, each in their language, that a feed fails; whether that is done.

    It is not where nobody could be reached; who does not take messages from the bot does not count.
    """
    told = missed = False
    for admin, texts in admins():
        (message,) = reply.said(texts.feed_failing.format(feed=feed, day=texts.day(since)))
        try:
            await bot.send_message(admin, message.html, parse_mode=ParseMode.HTML)
        except (Forbidden, BadRequest) as error:
            _log.info("admin %d cannot be told that a feed fails: %s", admin, error)
        except TelegramError as error:
            _log.warning("admin %d was not told that a feed fails: %s", admin, error)
            missed = True
        else:
            told = True
    return told or not missed  # nobody is told twice because of another one's trouble


def _due(state: State, one: Subscription) -> float:
    if state.failures or state.succeeded is None:
        return state.next
    return min(state.next, state.succeeded + one.every * _LATE)


def _note(found: Refreshed, before: State) -> None:
    if found.error is not None:
        if found.error != before.error:
            _log.warning("%s", found)
    elif found.added or found.changed or before.error is not None:
        _log.info("%s", found)
    for problem in found.problems:
        _log.info("%s: %s", found.subscription.shown, problem)


def _day(state: State) -> date:
    return datetime.fromtimestamp(state.failing_since or 0.0).astimezone().date()
