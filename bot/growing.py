"""The running bot takes over what other processes change in the articles."""

import asyncio
import logging
from collections.abc import Callable

from retrieval.errors import RetrievalError
from retrieval.library import Library

_log = logging.getLogger(__name__)
_LOOK = 1.0
"""Seconds between two looks whether anybody wrote to the database."""


async def follow(library: Library, changed: Callable[[], object], *, look: float = _LOOK) -> None:
    """Keeps the library up to date until it is cancelled, in a thread; `changed` is called there after each change.

    A trouble is logged once, until it is over; meanwhile the articles stay as they are.
    """

    def refreshed() -> None:
        if library.refresh():
            changed()

    said = ""
    while True:
        try:
            await asyncio.to_thread(refreshed)
        except RetrievalError as error:
            if str(error) != said:
                _log.error("new articles cannot be taken over: %s", error)
            said = str(error)
        else:
            said = ""
        await asyncio.sleep(look)
