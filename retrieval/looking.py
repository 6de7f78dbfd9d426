"""One look at all feeds that FEEDS names, for the command line."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

from retrieval.environment import fetch_also
from retrieval.errors import RetrievalError
from retrieval.feeds import Feeds, refresh_all
from retrieval.feedstate import FeedState
from retrieval.importing import Outcome, State
from retrieval.library import Library
from retrieval.subscriptions import subscriptions
from retrieval.ways import ways_of


def looked(library: Library, database: Path) -> Iterator[Outcome]:
    """What came of it: an outcome for each article that is new or changed, and for each feed that cannot be read.

    Raises RetrievalError where FEEDS is wrong.
    """
    try:
        named = subscriptions(os.environ.get("FEEDS", ""))
    except ValueError as error:
        raise RetrievalError(f"FEEDS {error}") from error
    if not named:
        return
    state = FeedState(database)
    try:
        found = asyncio.run(refresh_all(Feeds(state, ways_of(library, fetch_also())), named))
    finally:
        state.close()
    for one in found:
        name = one.subscription.shown
        yield from [Outcome(name, None, State.ADDED)] * one.added
        yield from [Outcome(name, None, State.CHANGED)] * one.changed
        problems = [*one.problems, *([] if one.error is None else [one.error])]
        yield from (Outcome(name, None, State.SKIPPED, problem) for problem in problems)
