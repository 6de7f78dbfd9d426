"""Good manners: one request at a time for each server, and a pause before the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from retrieval.subscriptions import host_of

GAP = 1.0
"""Seconds between the end of a request and the next one to the same server."""
_LONGEST = 30.0
"""Seconds that a server may ask for between two requests; what asks for more is asked again another time."""


class Hosts:
    """Whose turn it is at each server; for one event loop."""

    def __init__(self, gap: float = GAP) -> None:
        self._gap = gap
        self._turns: dict[str, asyncio.Lock] = {}
        self._free: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, url: str, gap: float = 0.0) -> AsyncIterator[None]:
        """Waits until nobody else asks the server of this address; `gap` is what it asks for, in seconds."""
        host = host_of(url)
        loop = asyncio.get_running_loop()
        async with self._turns.setdefault(host, asyncio.Lock()):
            wait = self._free.get(host, 0.0) - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                self._free[host] = loop.time() + min(max(self._gap, gap), _LONGEST)
