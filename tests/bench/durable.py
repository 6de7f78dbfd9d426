"""What becomes of questions when the bot is stopped in the middle of them and started again."""

import asyncio
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.cores import Cores
from tests.bench.process import NO_LIMIT, Place, Who, started
from tests.bench.questions import questions
from tests.bench.speed import API_TAKES
from tests.double import BotApi, Call
from tests.running import free_port

_FIRST_CHAT = 1_000
_RETRY = 0.1
"""Seconds that Telegram's first pause before it posts an update again takes here, 2 in truth."""


@dataclass
class _Answers:
    """How often each question was answered. Questions are all different, so their texts tell them apart."""

    counts: Counter[str] = field(default_factory=Counter)
    total: int = 0

    def heard(self, call: Call) -> None:
        """Takes note of a call of the bot. An answer is one that replies to the question, or repeats it."""
        if call.method == "sendMessage" and call.ok:
            self.counts[call.result.get("reply_to_message", call.result)["text"]] += 1
            self.total += 1


async def stopped(  # noqa: PLR0917 - what a run is made of
    who: Who, cores: Cores, number: signal.Signals, chats: int, each: int, seed: int
) -> dict[str, float]:
    """Questions delivered as Telegram does, `each` so many in so many chats; a signal meanwhile; a restart; the rest.

    `once`, `twice` and `never` are the shares of the confirmed questions that were answered so often, in
    percent; `most` is the largest number of answers too many in one chat. `status` is that of the exit and
    `seconds` the time to it. Everything is over when a last question in each chat is answered, as a chat's
    questions are answered in their order: what has no answer by then gets none.
    """
    # Not for secrets: the same seed stops at the same point of the load.
    chance = random.Random(seed)
    asked = questions((each + 1) * chats)
    load, last = asked[: each * chats], asked[each * chats :]
    answers = _Answers()
    with tempfile.TemporaryDirectory(prefix="dayek-bench-") as folder:
        async with BotApi(on_call=answers.heard, keep_calls=False, retry_unit=_RETRY) as api:
            place = Place(Path(folder), free_port(), api, cores)
            api.webhook_to = place.base
            async with started(who, place) as bot:
                api.delay = API_TAKES  # only now: a start makes many calls
                _ask(api, load, chats)
                # Each question is confirmed once and answered once: the moment is somewhere between the first
                # of these and the last.
                moment = round(2 * len(load) * chance.uniform(0.02, 0.95))
                under_way = api.until(lambda: _confirmed(api) + answers.total >= moment, NO_LIMIT)
                await bot.until(under_way, lambda: f"only {answers.total} answers were out")
                await asyncio.sleep(chance.uniform(0, API_TAKES))
                began = time.perf_counter()
                status = await bot.ended(number)
                seconds = time.perf_counter() - began
            api.delay = 0.0
            async with started(who, place) as bot:
                _ask(api, last, chats)
                over = api.until(lambda: all(answers.counts[question] for question in last), NO_LIMIT)
                await bot.until(over, lambda: f"only {answers.total} answers were out")
    return {"status": status, "seconds": seconds, **_shares(load, chats, answers.counts)}


def _confirmed(api: BotApi) -> int:
    return sum(delivery.ok for delivery in api.deliveries)


def _ask(api: BotApi, asked: Sequence[str], chats: int) -> None:
    for number, question in enumerate(asked):
        api.text(question, user=_FIRST_CHAT + number % chats)


def _shares(load: Sequence[str], chats: int, counts: Counter[str]) -> dict[str, float]:
    often = Counter(min(counts[question], 2) for question in load)
    too_many = Counter[int]()
    for number, question in enumerate(load):
        too_many[number % chats] += max(counts[question] - 1, 0)
    shares = {
        name: 100 * often[times] / len(load) for name, times in (("never", 0), ("once", 1), ("twice", 2))
    }
    return {**shares, "most": max(too_many.values())}
