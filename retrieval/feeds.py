"""Feeds that are followed: each look takes in what is new in one of them."""

import asyncio
import hashlib
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from retrieval import pacing
from retrieval.entries import Entries, Fetched, Took, Ways
from retrieval.errors import RetrievalError, StoreError
from retrieval.feedstate import FeedState, State
from retrieval.formats.feed import parse
from retrieval.hosts import Hosts
from retrieval.subscriptions import Subscription

_AT_ONCE = 4
"""Feeds that are looked at together."""
_OK, _NOT_MODIFIED = 200, 304
_SAID = {
    401: "asks for a password (401); name a feed that needs none",
    403: "refuses to give it (403); ask whoever runs the site, or take it out of FEEDS",
    404: "does not have it (404); look for its present address",
    410: "says that it is gone for good (410); take it out of FEEDS",
    429: "asks for fewer requests (429); it is asked again later, by itself",
}


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a look at a feed did; `error` is the sentence for what went wrong, None where nothing did."""

    subscription: Subscription
    added: int = 0
    changed: int = 0
    problems: tuple[str, ...] = ()
    error: str | None = None

    def __str__(self) -> str:
        if self.error is not None:
            return f"{self.subscription.shown}: {self.error}"
        return f"{self.subscription.shown}: {self.added} new, {self.changed} changed"


class _FeedError(RetrievalError):
    """The feed cannot be had; `retry_after` is the seconds that the server asked to wait."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Feeds:
    """Looks at feeds, one request at a time for each server. For one event loop.

    `now` is the time in seconds since 1970, `chance` gives random numbers from 0 to 1.
    """

    def __init__(
        self,
        state: FeedState,
        ways: Ways,
        *,
        hosts: Hosts | None = None,
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.state = state
        self._ways = ways
        self._hosts = hosts or Hosts()
        self._now = now
        self._chance = chance

    async def refresh(self, feed: Subscription) -> Refreshed:
        """One look at a feed; whatever is wrong with the feed is in what it returns, and in the state.

        Raises StoreError where the database cannot be used.
        """
        state = await asyncio.to_thread(self.state.of, feed.url)
        try:
            state, took = await self._look(feed, state)
        except StoreError:
            raise
        except RetrievalError as error:
            return await self._failed(feed, state, _reason(error), getattr(error, "retry_after", None))
        except Exception as error:  # noqa: BLE001 - whatever one feed does, the others go on
            return await self._failed(feed, state, f"could not be read ({type(error).__name__}: {error})")
        now = self._now()
        state = pacing.succeeded(state, feed.every, now, self._chance())
        await asyncio.to_thread(self.state.keep, state)
        return Refreshed(feed, took.added, took.changed, took.problems)

    async def _failed(
        self, feed: Subscription, state: State, error: str, asked: float | None = None
    ) -> Refreshed:
        state = pacing.failed(state, feed.every, self._now(), self._chance(), error, asked)
        await asyncio.to_thread(self.state.keep, state)
        return Refreshed(feed, error=error)

    async def _look(self, feed: Subscription, state: State) -> tuple[State, Took]:
        pause = await self._ways.pause(feed.url)
        async with self._hosts.turn(feed.url, pause or 0.0):
            answer = await self._ways.fetch(feed.url, state.etag, state.modified)
        if answer.status == _NOT_MODIFIED:
            return state, Took()
        if answer.status != _OK:
            raise _FeedError(_said(answer.status), pacing.retry_after(answer.headers, self._now()))
        body = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
        if body == state.body:
            return _marked(state, answer, body), Took()
        found = await asyncio.to_thread(parse, answer.body, answer.url, answer.content_type)
        took = await Entries(feed.url, self.state, self._ways, self._hosts).take_in(found, self._now())
        # With something left to do the next look has to see the whole feed again.
        return _marked(state, answer, body) if took.is_done else replace(
            state, etag=None, modified=None, body=None
        ), took


async def refresh_all(feeds: Feeds, subscriptions: Iterable[Subscription]) -> list[Refreshed]:
    """One look at each feed now, whenever it was looked at before; those on different servers a few at a time.

    Raises StoreError where the database cannot be used.
    """
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(feed: Subscription) -> Refreshed:
        async with places:
            return await feeds.refresh(feed)

    tasks = [asyncio.create_task(one(feed)) for feed in subscriptions]
    try:
        return await asyncio.gather(*tasks)
    finally:  # where one of them raises, the others are not left to themselves
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _said(status: int) -> str:
    return f"the server {_SAID.get(status, f'answers with an error ({status}); it is asked again later')}"


def _reason(error: RetrievalError) -> str:
    """What is wrong, without the address that the text of some errors begins with."""
    status = getattr(error, "status", None)
    return _said(status) if status in _SAID else str(getattr(error, "reason", error))


def _marked(state: State, answer: Fetched, body: str) -> State:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return replace(state, etag=headers.get("etag"), modified=headers.get("last-modified"), body=body)
