"""The load: questions posted to a bot's webhook, and the moments at which its answers reach the API."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import aiohttp

from tests.bench.process import Process
from tests.double import Call
from tests.running import HEADER, PUBLIC, SECRET

IN_FLIGHT = 40
"""Posts at once: what Telegram keeps to where a bot does not say otherwise."""
_OK = 200


class Traffic:
    """One load. `chats` take turns; `first` is the number of the first update, message and chat.

    The moments are in seconds of time.perf_counter: `due` when a question was to be posted, `came` when the
    first message that answers it reached the API, 0.0 as long as there is none.
    """

    def __init__(self, process: Process, questions: Sequence[str], chats: int, first: int = 1) -> None:
        self.due = [0.0] * len(questions)
        self.came = [0.0] * len(questions)
        self._process = process
        self._to = process.place.base + urlsplit(PUBLIC).path
        self._questions = questions
        self._chats = chats
        self._first = first
        self._numbers = {question: number for number, question in enumerate(questions)}
        self._missing = len(questions)
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def missing(self) -> int:
        """Questions that are not answered yet."""
        return self._missing

    @property
    def seconds(self) -> float:
        """From the first question to the last answer."""
        return max(self.came) - self.due[0]

    @property
    def latencies(self) -> list[float]:
        """Seconds from the moment each question was due to its answer."""
        return [came - due for due, came in zip(self.due, self.came, strict=True)]

    def heard(self, call: Call) -> None:
        """Takes note of a call of the bot. An answer is one that replies to the question, or repeats it."""
        if call.method != "sendMessage" or not call.ok:
            return
        replied = call.params.get("reply_parameters", {}).get("message_id")
        number = self._numbers.get(call.params["text"]) if replied is None else replied - self._first
        if number is None or not 0 <= number < len(self.came) or self.came[number]:
            return
        self.came[number] = time.perf_counter()
        self._missing -= 1
        if self._missing == 0 and not self._over.done():
            self._over.set_result(None)

    async def at_full_speed(self) -> None:
        """Posts the next as soon as one of 40 was taken, and returns when all are answered."""
        numbers = iter(range(len(self._questions)))
        async with _session() as session:
            posting = [asyncio.create_task(self._post_all(session, numbers)) for _ in range(IN_FLIGHT)]
            await self._until_over(posting)

    async def at_rate(self, rate: float) -> None:
        """Posts so many a second, whatever becomes of them, and returns when all are answered.

        The clock of a question starts at the moment it was due, so a load that is late counts as well.
        """
        async with _session() as session:
            await self._until_over([asyncio.create_task(self._post_on_time(session, rate))])

    async def _until_over(self, posting: list[asyncio.Task[None]]) -> None:
        try:
            await asyncio.gather(self._over, *posting)
        finally:
            for task in posting:
                task.cancel()
            await asyncio.gather(*posting, return_exceptions=True)

    async def _post_all(self, session: aiohttp.ClientSession, numbers: Iterator[int]) -> None:
        for number in numbers:
            self.due[number] = time.perf_counter()
            await self._post(session, number)

    async def _post_on_time(self, session: aiohttp.ClientSession, rate: float) -> None:
        start = time.perf_counter()
        async with asyncio.TaskGroup() as posting:
            for number in range(len(self._questions)):
                self.due[number] = due = start + number / rate
                while (wait := due - time.perf_counter()) > 0:  # noqa: ASYNC110 - a sleep may end early
                    await asyncio.sleep(wait)
                posting.create_task(self._post(session, number))

    async def _post(self, session: aiohttp.ClientSession, number: int) -> None:
        try:
            async with session.post(self._to, data=self._update(number)) as response:
                problem = "" if response.status == _OK else f"answered an update with {response.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = f"did not answer an update ({type(error).__name__})"
        if problem and not self._over.done():
            self._over.set_exception(self._process.broken(problem))

    def _update(self, number: int) -> bytes:
        chat = self._first + number % self._chats
        person = {"id": chat, "first_name": "Reader"}
        message = {
            "message_id": self._first + number,
            "date": int(time.time()),
            "chat": {"type": "private", **person},
            "from": {"is_bot": False, "language_code": "kk", **person},
            "text": self._questions[number],
        }
        return json.dumps({"update_id": self._first + number, "message": message}).encode()


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=IN_FLIGHT),
        headers={HEADER: SECRET, "Content-Type": "application/json"},
        timeout=aiohttp.ClientTimeout(total=60),
    )
