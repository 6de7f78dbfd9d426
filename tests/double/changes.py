"""Waiting for something to hold, without looking at the clock."""

import asyncio
from collections.abc import Callable


class Changes:
    """Whoever changes the double tells it here; whoever waits looks again then."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Something has changed."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, condition: Callable[[], bool], seconds: float) -> None:
        """Returns once the condition holds. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition():
                await self._next.wait()
