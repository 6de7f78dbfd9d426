"""The gate before Telegram: closed while it does not answer, with one line in the log each way."""

import asyncio
import logging

import pytest
from telegram.error import InvalidToken, NetworkError, TimedOut

from bot import reach as module
from bot.reach import REVOKED, Reach

_AWAY = NetworkError("cannot connect")


class _Telegram:
    """Fails as planned, then answers; each call is awaited for by the test."""

    def __init__(self, *failures):
        self._failures = list(failures)
        self.asked = 0
        self.calls: asyncio.Queue[int] = asyncio.Queue()

    async def get_me(self):
        self.asked += 1
        self.calls.put_nowait(self.asked)
        if self._failures:
            raise self._failures.pop(0)


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, "bot.reach")
    return lambda: [(record.levelname, record.getMessage()) for record in caplog.records]


async def test_the_gate_is_open_at_first():
    reach = Reach(_Telegram().get_me)
    await asyncio.wait_for(reach.wait(), 1)
    assert (reach.is_open, reach.problem) == (True, None)


async def test_while_telegram_is_away_everybody_waits_for_the_first_answer(lines):
    telegram = _Telegram(_AWAY, TimedOut("no answer in time"), NetworkError("Bad Gateway"))
    reach = Reach(telegram.get_me, pause=0.001)
    reach.lost(_AWAY)
    waiting = [asyncio.create_task(reach.wait()) for _ in range(10)]
    for _ in range(3):
        await asyncio.wait_for(telegram.calls.get(), 10)
        assert not any(one.done() for one in waiting)
        assert reach.problem is not None
        assert reach.problem.startswith("Telegram cannot be reached")
    await asyncio.wait_for(asyncio.gather(*waiting), 10)
    assert (telegram.asked, reach.is_open, reach.problem) == (4, True, None)
    assert lines() == [
        ("ERROR", "Telegram cannot be reached: cannot connect"),
        ("INFO", "Telegram answers again"),
    ]


async def test_many_who_lose_telegram_at_once_ask_with_one_voice_and_say_it_once(lines):
    telegram = _Telegram(_AWAY)
    reach = Reach(telegram.get_me, pause=0.001)
    for number in range(64):
        reach.lost(TimedOut(f"no answer in time {number}"))
    await asyncio.wait_for(reach.wait(), 10)
    assert telegram.asked == 2
    assert len(lines()) == 2


async def test_an_answer_to_anybody_opens_the_gate():
    telegram = _Telegram(*[_AWAY] * 1000)
    reach = Reach(telegram.get_me, pause=0.001)
    reach.lost(_AWAY)
    await asyncio.wait_for(telegram.calls.get(), 10)
    reach.reached()
    await asyncio.wait_for(reach.wait(), 1)
    assert reach.problem is None
    await reach.stop()


async def test_a_second_loss_is_asked_about_again(lines):
    telegram = _Telegram()
    reach = Reach(telegram.get_me, pause=0.001)
    for _ in range(2):
        reach.lost(_AWAY)
        assert not reach.is_open
        await asyncio.wait_for(reach.wait(), 10)
    assert telegram.asked == 2
    assert len(lines()) == 4


async def test_a_token_that_telegram_no_longer_knows_is_named_once_with_what_to_do(lines):
    revoked = InvalidToken("Unauthorized")
    telegram = _Telegram(revoked, revoked, revoked)
    reach = Reach(telegram.get_me, pause=0.001)
    reach.lost(_AWAY)  # away first, and when it is back it does not know the token
    for _ in range(3):
        await asyncio.wait_for(telegram.calls.get(), 10)
    assert reach.problem == REVOKED
    await asyncio.wait_for(reach.wait(), 10)
    assert [level for level, _ in lines()] == ["ERROR", "ERROR", "INFO"]
    assert lines()[1] == ("ERROR", REVOKED)


async def test_stopping_ends_the_asking():
    telegram = _Telegram(*[_AWAY] * 1000)
    reach = Reach(telegram.get_me, pause=0.001)
    await reach.stop()  # nothing to end yet
    reach.lost(_AWAY)
    await asyncio.wait_for(telegram.calls.get(), 10)
    await reach.stop()
    asked = telegram.asked
    await asyncio.sleep(0.02)
    assert telegram.asked == asked


async def test_a_long_silence_is_a_problem_until_telegram_answers_something(monkeypatch):
    reach = Reach(_Telegram().get_me)
    monkeypatch.setattr(module, "_LATELY", -1.0)  # any silence is long
    assert "last reached" in (reach.problem or "")
    assert reach.is_open  # nobody knows that it is away
    monkeypatch.setattr(module, "_LATELY", 180.0)
    reach.reached()
    assert reach.problem is None
