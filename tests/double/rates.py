"""How fast a bot may send: Telegram's published limits, of which nobody is told the exact form."""

import math
from collections import defaultdict, deque
from collections.abc import Callable

from tests.double.parameters import RefusedError

CHAT_BURST = 3  # messages at once; after them one a second
GROUP_MESSAGES = 20
GROUP_SECONDS = 60
ALL_MESSAGES = 30
ALL_SECONDS = 1


class Rates:
    """The messages sent of late, in seconds of `clock`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sent: deque[float] = deque(maxlen=ALL_MESSAGES)
        self._sent_to: dict[int, deque[float]] = defaultdict(lambda: deque(maxlen=GROUP_MESSAGES))
        self._free: dict[int, float] = {}  # when the chat's whole burst is there again
        self._webhook_set = -math.inf

    def send(self, chat: int) -> None:
        """Counts one message to a chat, or raises RefusedError with 429 and counts nothing."""
        now = self._clock()
        free = max(self._free.get(chat, now), now)
        waits = [free - now - (CHAT_BURST - 1), self._wait(self._sent, ALL_SECONDS, now)]
        if chat < 0:
            waits.append(self._wait(self._sent_to[chat], GROUP_SECONDS, now))
        self._refuse(max(waits))
        self._free[chat] = free + 1
        self._sent.append(now)
        self._sent_to[chat].append(now)

    def set_webhook(self) -> None:
        """Counts one setWebhook with an address, of which Telegram takes one a second, or raises likewise."""
        now = self._clock()
        self._refuse(self._webhook_set + 1 - now)
        self._webhook_set = now

    @staticmethod
    def _refuse(wait: float) -> None:
        if wait > 0:
            seconds = math.ceil(wait)
            raise RefusedError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})

    @staticmethod
    def _wait(sent: deque[float], seconds: float, now: float) -> float:
        return sent[0] + seconds - now if len(sent) == sent.maxlen else 0
