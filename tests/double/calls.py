"""What the bot has called: every call with its answer, counted, kept, and waited for."""

import asyncio
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from tests.double.entities import Json
from tests.double.parameters import RefusedError

_OK = 200
_SHOWN = 30  # calls that a timeout names


@dataclass
class Call:
    """One call of the bot: the typed parameters, and the result or the refusal it was answered with."""

    method: str
    params: Json = field(default_factory=dict)
    result: Any = None
    status: int = _OK
    description: str = ""
    parameters: Json = field(default_factory=dict)
    scripted: bool = False  # failed because the test said so: fail_next, revoke
    in_answer: bool = False  # came as the answer to an update posted to the webhook

    @property
    def ok(self) -> bool:
        """Whether the call was accepted."""
        return self.status == _OK

    def refuse(self, refusal: RefusedError) -> None:
        """Makes this the answer to the call."""
        self.status, self.description = refusal.status, refusal.description
        self.parameters = refusal.parameters

    def body(self) -> Json:
        """The JSON object the bot receives."""
        if self.ok:
            said = {"description": self.description} if self.description else {}
            return {"ok": True, "result": self.result, **said}
        body = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


class Calls:
    """The calls in the order they were answered.

    `counts` counts them by method and status. `all` has them unless `keep` is False, `refused` always has
    those that broke a rule.
    """

    def __init__(self, *, keep: bool) -> None:
        self.all: list[Call] = []
        self.refused: list[Call] = []
        self.counts = Counter[tuple[str, int]]()
        self._keep = keep
        self._latest: deque[Call] = deque(maxlen=_SHOWN)
        self._untaken: dict[str, deque[Call]] = defaultdict(deque)
        self._waiting: dict[str, deque[asyncio.Future[Call]]] = defaultdict(deque)

    def add(self, call: Call) -> None:
        """Takes in an answered call; who has waited longest for such a one gets it."""
        self.counts[call.method, call.status] += 1
        self._latest.append(call)
        if self._keep:
            self.all.append(call)
        if call.ok:
            self._hand_over(call)
        elif not call.scripted:
            self.refused.append(call)

    async def next(self, method: str, seconds: float) -> Call:
        """The first accepted call of a method that was not returned before; waits for one at most so long.

        Where calls are not kept, only one that comes while this waits. Raises TimeoutError, which names the
        latest calls.
        """
        if self._untaken[method]:
            return self._untaken[method].popleft()
        try:
            async with asyncio.timeout(seconds):
                return await self._coming(method)
        except TimeoutError:
            seen = ", ".join(
                f"{call.method} {call.status} {call.description}".strip() for call in self._latest
            )
            raise TimeoutError(f"no {method} within {seconds} s; the latest calls: {seen}") from None

    async def _coming(self, method: str) -> Call:
        coming: asyncio.Future[Call] = asyncio.get_running_loop().create_future()
        self._waiting[method].append(coming)
        try:
            return await coming
        except asyncio.CancelledError:
            if coming.done() and not coming.cancelled():
                # It came in the moment the waiting was given up: it is the next one still.
                self._untaken[method].appendleft(coming.result())
            raise

    def _hand_over(self, call: Call) -> None:
        waiting = self._waiting[call.method]
        while waiting:
            coming = waiting.popleft()
            if not coming.done():
                coming.set_result(call)
                return
        if self._keep:
            self._untaken[call.method].append(call)
