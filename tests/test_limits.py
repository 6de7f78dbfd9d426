"""The gate before Telegram, in virtual time: which call is made when."""

import asyncio
import heapq
import itertools
from collections import defaultdict

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, MessageHandler, filters

from bot.floods import Floods
from bot.limits import Limits
from tests.recording import RecordingRequest


class VirtualClock:
    """Time that passes only when nobody has anything left to do."""

    def __init__(self):
        self._now = 0.0
        self._sleepers = []
        self._order = itertools.count()

    def monotonic(self):
        return self._now

    async def sleep(self, seconds, /):
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), woken))
        await woken

    async def until(self, moment=float("inf")):
        """Lives until the moment, or until nobody sleeps any more."""
        await self._settled()
        while self._sleepers and self._sleepers[0][0] <= moment:
            time, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                self._now = max(self._now, time)
                woken.set_result(None)
                await self._settled()
        if moment < float("inf"):
            self._now = moment

    async def _settled(self):
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # nothing public tells it
        await asyncio.sleep(0)
        while ready:  # noqa: ASYNC110 - no event tells that nobody has anything to do
            await asyncio.sleep(0)


class Telegram:
    """What stands behind the gate: notes when each call came, takes `lasting` seconds, fails as planned."""

    def __init__(self, lasting=0.0):
        self.clock = VirtualClock()
        self.limits = Limits(clock=self.clock)
        self.lasting = lasting
        self.came = []
        self.failures = {}  # by what is sent: the errors of the first tries

    def call(self, name, chat=None, endpoint="sendMessage"):
        data = {} if chat is None else {"chat_id": chat}

        async def arrive(endpoint, data, *, read_timeout):  # noqa: ARG001 - as python-telegram-bot calls it
            self.came.append((self.clock.monotonic(), name))
            if self.lasting:
                await self.clock.sleep(self.lasting)
            if self.failures.get(name):
                raise self.failures[name].pop(0)
            return {"name": name}

        return asyncio.create_task(
            self.limits.process_request(arrive, (endpoint, data), {"read_timeout": 5}, endpoint, data, None)
        )

    def times(self, name=None):
        return [time for time, called in self.came if name in {None, called}]


def _caused(error, cause):
    error.__cause__ = cause
    return error


def _unsent():
    return _caused(NetworkError("httpx.ConnectError"), httpx.ConnectError("refused"))


def _unanswered():
    return _caused(TimedOut(), httpx.ReadTimeout("too late"))


async def test_a_chat_gets_three_calls_at_once_and_then_one_a_second():
    telegram = Telegram()
    for name in "abcdef":
        telegram.call(name, chat=7)
    await telegram.clock.until()
    assert telegram.came == [(0, "a"), (0, "b"), (0, "c"), (1, "d"), (2, "e"), (3, "f")]


async def test_the_burst_comes_back_with_rest():
    telegram = Telegram()
    for moment in (0, 0, 0, 2, 2, 2):
        await telegram.clock.until(moment)
        telegram.call("a", chat=7)
    await telegram.clock.until()
    assert telegram.times() == [0, 0, 0, 2, 2, 3]


@pytest.mark.parametrize("group", [-1001, "-1001", "@channel"])
async def test_a_group_gets_twenty_calls_in_a_minute(group):
    telegram = Telegram()
    for _ in range(24):
        telegram.call("a", chat=group)
    await telegram.clock.until()
    assert telegram.times() == [0, 0, 0, *range(1, 18), 60, 60, 60, 61]


async def test_a_person_gets_more_than_twenty_calls_in_a_minute():
    telegram = Telegram()
    for _ in range(24):
        telegram.call("a", chat=7)
    await telegram.clock.until()
    assert telegram.times() == [0, 0, 0, *range(1, 22)]


async def _halted_at_zero(telegram):
    """The whole bot was asked to wait for one second; from then on it is the second second."""
    telegram.failures["halt"] = [RetryAfter(1)]
    telegram.call("halt")
    await telegram.clock.until()
    telegram.came.clear()
    return telegram


async def test_chats_wait_for_each_other_only_after_telegram_has_asked_the_bot_to_wait():
    telegram = Telegram()
    for chat in range(1, 66):
        telegram.call(chat, chat=chat)
    await telegram.clock.until()
    assert telegram.came == [(0, chat) for chat in range(1, 66)]


async def test_after_a_halt_all_chats_together_get_thirty_calls_a_second_in_the_order_they_came():
    telegram = await _halted_at_zero(Telegram())
    for chat in range(1, 66):
        telegram.call(chat, chat=chat)
    await telegram.clock.until()
    assert telegram.came == [(1 + (chat - 1) // 30, chat) for chat in range(1, 66)]


async def test_two_chats_refused_at_once_set_the_pace_as_well():
    telegram = Telegram()
    for chat in (1, 2):
        telegram.failures[chat] = [RetryAfter(1)]
        telegram.call(chat, chat=chat)
    await telegram.clock.until(1)
    for chat in range(101, 166):
        telegram.call(chat, chat=chat)
    await telegram.clock.until()
    assert [time for time, name in telegram.came if name > 100] == [1] * 28 + [2] * 30 + [3] * 7


async def test_the_pace_is_given_up_an_hour_after_the_halt():
    telegram = await _halted_at_zero(Telegram())
    await telegram.clock.until(3601)
    for chat in range(1, 66):
        telegram.call(chat, chat=chat)
    await telegram.clock.until()
    assert telegram.times() == [3601] * 65


async def test_each_of_many_waiting_calls_wakes_up_once():
    telegram = await _halted_at_zero(Telegram())
    for chat in range(1, 631):
        telegram.call(chat, chat=chat)
    await telegram.clock.until()
    assert telegram.times()[-1] == 21
    assert next(telegram.clock._order) <= 601


async def test_calls_to_one_chat_wait_for_the_one_before_and_other_chats_do_not():
    telegram = Telegram(lasting=5)
    for name, chat in (("a", 7), ("b", 7), ("c", 8)):
        telegram.call(name, chat=chat)
    await telegram.clock.until()
    assert telegram.came == [(0, "a"), (0, "c"), (5, "b")]


async def test_a_number_in_quotes_is_the_same_chat():
    telegram = Telegram(lasting=5)
    telegram.call("a", chat=7)
    telegram.call("b", chat="7")
    await telegram.clock.until()
    assert telegram.came == [(0, "a"), (5, "b")]


async def test_calls_that_show_nothing_in_a_chat_do_not_count():
    telegram = Telegram()
    for _ in range(50):
        telegram.call("query", endpoint="answerCallbackQuery")
        telegram.call("asked", chat=7, endpoint="getChat")
        telegram.call("inline", endpoint="answerInlineQuery")
        telegram.call("me", endpoint="getMe")
    telegram.call("sent", chat=7)
    await telegram.clock.until()
    assert telegram.times() == [0] * 201


async def test_what_the_call_returned_comes_back():
    telegram = Telegram()
    call = telegram.call("a", chat=7)
    await telegram.clock.until()
    assert call.result() == {"name": "a"}


async def test_after_429_the_chat_waits_and_the_same_call_is_made_again_before_the_next():
    telegram = Telegram()
    telegram.failures["a"] = [RetryAfter(10)]
    calls = [telegram.call("a", chat=7), telegram.call("b", chat=7), telegram.call("c", chat=8)]
    await telegram.clock.until(4)
    calls.extend([telegram.call("d", chat=7), telegram.call("e", chat=8)])
    await telegram.clock.until()
    assert telegram.came == [(0, "a"), (0, "c"), (4, "e"), (10, "a"), (10, "b"), (10, "d")]
    assert [call.result()["name"] for call in calls] == ["a", "b", "c", "d", "e"]


async def test_the_third_429_is_raised_and_its_pause_still_kept():
    telegram = Telegram()
    telegram.failures["a"] = [RetryAfter(10), RetryAfter(20), RetryAfter(30)]
    refused, passed = telegram.call("a", chat=7), telegram.call("b", chat=7)
    await telegram.clock.until()
    assert telegram.came == [(0, "a"), (10, "a"), (30, "a"), (60, "b")]
    assert isinstance(refused.exception(), RetryAfter)
    assert passed.result() == {"name": "b"}


async def test_cancelling_the_call_that_waits_out_a_429_does_not_end_the_pause():
    telegram = Telegram()
    telegram.failures["a"] = [RetryAfter(10)]
    refused = telegram.call("a", chat=7)
    telegram.call("b", chat=7)
    await telegram.clock.until(5)
    refused.cancel()
    await telegram.clock.until()
    assert telegram.came == [(0, "a"), (10, "b")]


async def test_429_in_two_chats_within_a_second_halts_everything_for_the_longer_pause():
    telegram = Telegram()
    telegram.failures = {"a": [RetryAfter(10)], "b": [RetryAfter(7)]}
    telegram.call("a", chat=7)
    await telegram.clock.until(1)
    telegram.call("b", chat=8)
    await telegram.clock.until(2)
    telegram.call("c", chat=9)
    telegram.call("query", endpoint="answerCallbackQuery")
    await telegram.clock.until()
    assert sorted(telegram.came) == [(0, "a"), (1, "b"), (10, "a"), (10, "b"), (10, "c"), (10, "query")]


async def test_429_in_two_chats_at_different_times_halts_only_these():
    telegram = Telegram()
    telegram.failures = {"a": [RetryAfter(10)], "b": [RetryAfter(7)]}
    telegram.call("a", chat=7)
    await telegram.clock.until(1.5)
    telegram.call("b", chat=8)
    await telegram.clock.until(2)
    telegram.call("c", chat=9)
    await telegram.clock.until()
    assert telegram.came == [(0, "a"), (1.5, "b"), (2, "c"), (8.5, "b"), (10, "a")]


async def test_429_for_a_call_without_a_chat_halts_everything():
    telegram = Telegram()
    telegram.failures["commands"] = [RetryAfter(10)]
    telegram.call("commands", endpoint="setMyCommands")
    await telegram.clock.until(1)
    telegram.call("a", chat=7)
    telegram.call("query", endpoint="answerCallbackQuery")
    await telegram.clock.until()
    assert sorted(telegram.came) == [(0, "commands"), (10, "a"), (10, "commands"), (10, "query")]


async def test_calls_that_only_read_wait_while_their_chat_or_everything_is_halted():
    telegram = Telegram()
    telegram.failures = {"a": [RetryAfter(5)], "commands": [RetryAfter(10)]}
    telegram.call("a", chat=7)
    telegram.call("asked", chat=7, endpoint="getChat")
    await telegram.clock.until(20)
    telegram.call("commands", endpoint="setMyCommands")
    await telegram.clock.until(21)
    telegram.call("asked", chat=7, endpoint="getChat")
    await telegram.clock.until()
    assert telegram.times("asked") == [5, 30]


async def test_a_call_that_only_reads_keeps_the_pause_of_a_call_that_was_given_up():
    telegram = Telegram()
    telegram.failures["a"] = [RetryAfter(5)]
    refused = telegram.call("a", chat=7)
    await telegram.clock.until(1)
    refused.cancel()
    telegram.call("asked", chat=7, endpoint="getChat")
    await telegram.clock.until()
    assert telegram.times("asked") == [5]


async def test_no_call_slips_through_a_halt_that_began_while_it_waited():
    telegram = Telegram()
    for chat in range(1, 41):  # the last ten wait for the next second
        telegram.call(chat, chat=chat)
    for _ in range(4):  # the fourth waits for the second second in its chat
        telegram.call("late", chat=99)
    telegram.failures["commands"] = [RetryAfter(5)]
    await telegram.clock.until(0.5)
    telegram.call("commands", endpoint="setMyCommands")
    await telegram.clock.until()
    assert [time for time in telegram.times() if 0.5 < time < 5.5] == []
    assert len(telegram.came) == 46


@pytest.mark.parametrize("endpoint", ["sendMessage", "editMessageText", "getChat"])
async def test_a_call_that_was_never_sent_is_made_again_three_times_with_growing_pauses(endpoint):
    telegram = Telegram()
    telegram.failures["a"] = [_unsent(), _unsent(), _unsent()]
    call = telegram.call("a", chat=7, endpoint=endpoint)
    await telegram.clock.until()
    assert telegram.times() == [0, 0.5, 1.5, 3.5]
    assert call.result() == {"name": "a"}


async def test_the_fourth_failure_of_the_network_is_raised():
    telegram = Telegram()
    telegram.failures["a"] = [_unsent() for _ in range(4)]
    call = telegram.call("a", chat=7)
    await telegram.clock.until()
    assert len(telegram.came) == 4
    assert isinstance(call.exception(), NetworkError)


@pytest.mark.parametrize(
    "cause",
    [
        httpx.ConnectTimeout("nobody there"),
        httpx.PoolTimeout("all busy"),
        ConnectionRefusedError(),
        _caused(OSError("of another library"), ConnectionRefusedError()),
    ],
)
async def test_a_message_is_sent_again_where_the_cause_proves_that_it_never_left(cause):
    telegram = Telegram()
    telegram.failures["a"] = [_caused(TimedOut(), cause)]
    telegram.call("a", chat=7)
    await telegram.clock.until()
    assert telegram.times() == [0, 0.5]


@pytest.mark.parametrize(
    "error",
    [
        _unanswered(),
        _caused(NetworkError("httpx.ReadError"), httpx.ReadError("")),
        _caused(NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("")),
        _caused(TimedOut(), httpx.WriteTimeout("")),
        NetworkError("Bad Gateway"),
    ],
)
async def test_a_message_that_may_have_arrived_is_not_sent_twice(error):
    telegram = Telegram()
    telegram.failures["a"] = [error]
    call = telegram.call("a", chat=7)
    telegram.call("b", chat=7)
    await telegram.clock.until()
    assert telegram.came == [(0, "a"), (0, "b")]
    assert call.exception() is error


@pytest.mark.parametrize(
    "endpoint",
    ["editMessageText", "setMyCommands", "getMe", "deleteMessage", "answerCallbackQuery"],
)
async def test_a_call_that_does_the_same_twice_as_once_is_made_again_after_a_timeout(endpoint):
    telegram = Telegram()
    telegram.failures["a"] = [_unanswered(), NetworkError("Bad Gateway")]
    call = telegram.call("a", endpoint=endpoint)
    await telegram.clock.until()
    assert telegram.times() == [0, 0.5, 1.5]
    assert call.result() == {"name": "a"}


async def test_what_telegram_refuses_is_not_asked_again():
    telegram = Telegram()
    telegram.failures["a"] = [BadRequest("Message is not modified")]
    call = telegram.call("a", chat=7, endpoint="editMessageText")
    await telegram.clock.until()
    assert telegram.times() == [0]
    assert isinstance(call.exception(), BadRequest)


async def test_a_waiting_call_can_be_cancelled_and_uses_up_nothing():
    telegram = Telegram()
    calls = [telegram.call(name, chat=7) for name in "abcdef"]
    await telegram.clock.until(0.5)
    calls[3].cancel()  # the one that waits for the next second
    calls[4].cancel()  # one behind it
    await telegram.clock.until()
    assert telegram.came == [(0, "a"), (0, "b"), (0, "c"), (1, "f")]
    assert calls[3].cancelled()
    assert calls[4].cancelled()


async def test_a_call_cancelled_before_the_overall_limit_lets_the_next_one_take_its_place():
    telegram = await _halted_at_zero(Telegram())
    calls = [telegram.call(chat, chat=chat) for chat in range(1, 33)]
    await telegram.clock.until(1.5)
    calls[30].cancel()
    await telegram.clock.until()
    assert telegram.came[30:] == [(2, 32)]


async def test_chats_at_rest_are_forgotten():
    telegram = Telegram()
    telegram.failures["halted"] = [RetryAfter(10_000)]
    telegram.call("halted", chat=10_001)  # it stays, and is in nobody's way
    most = 0
    for number in range(10_000):
        telegram.call("a", chat=number + 1 if number % 2 else -number - 1)
        await telegram.clock.until(number * 0.1)
        most = max(most, len(telegram.limits._lanes))
    # Groups are remembered for 60 s and people for one: 300 and 5 of these at a time.
    assert most < 2 * 305


async def test_a_group_is_remembered_for_its_minute():
    telegram = Telegram()
    for _ in range(20):
        telegram.call("a", chat=-1)
    for moment in range(50):
        await telegram.clock.until(moment)
        telegram.call("other", chat=100 + moment)
    telegram.call("late", chat=-1)
    await telegram.clock.until()
    assert telegram.times("late") == [60]


async def test_a_chat_that_is_halted_or_waited_for_is_not_forgotten():
    telegram = Telegram()
    telegram.failures["a"] = [RetryAfter(500)]
    telegram.call("a", chat=7).cancel()
    refused = telegram.call("a", chat=7)
    await telegram.clock.until(0)
    refused.cancel()
    for moment in range(1, 400):
        await telegram.clock.until(moment)
        telegram.call("other", chat=100 + moment)
    telegram.call("b", chat=7)
    await telegram.clock.until()
    assert telegram.times("b") == [500]


_CHATS = (1, 2, 3, -1, -2)
_Plan = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 0, 0, 0.25, 1, 7]),  # seconds after the call before
        st.sampled_from([*_CHATS, "many"]),  # "many": a burst to forty chats
        st.sampled_from([None, None, None, None, "429", "unsent", "cancelled"]),
    ),
    max_size=60,
)


async def _lived(plan, lasting):
    telegram = await _halted_at_zero(Telegram(lasting))
    calls = []
    for number, (pause, target, fate) in enumerate(plan):
        await telegram.clock.until(telegram.clock.monotonic() + pause)
        for chat in range(1000, 1040) if target == "many" else (target,):
            name = (chat, number)
            telegram.failures[name] = {"429": [RetryAfter(3)], "unsent": [_unsent()]}.get(fate, [])
            calls.append(telegram.call(name, chat=chat))
            if fate == "cancelled":
                calls[-2:][0].cancel()  # the one before may wait, be under way or be done
    await telegram.clock.until()
    assert all(call.done() for call in calls)
    assert all(call.cancelled() or call.result() for call in calls)
    return telegram.came


def _has_at_most(calls, seconds, times):
    """Whether no stretch [t, t + seconds) holds more calls."""
    return all(late - early >= seconds for early, late in zip(times, times[calls:], strict=False))


@settings(deadline=None, max_examples=20)
@given(_Plan, st.sampled_from([0, 0.25, 2]))
def test_no_limit_is_ever_passed_and_the_order_in_a_chat_is_kept(plan, lasting):
    came = asyncio.run(_lived(plan, lasting))
    chats = defaultdict(list)
    for time, (chat, number) in came:
        chats[chat].append((time, number))
    assert _has_at_most(30, 1, [time for time, _ in came])
    for chat, calls in chats.items():
        times = [time for time, _ in calls]
        numbers = [number for _, number in calls]
        assert numbers == sorted(numbers)
        assert all(_has_at_most(3 + more, 1 + more, times) for more in range(60))
        assert chat > 0 or _has_at_most(20, 60, times)


class _TimedRequest(RecordingRequest):
    """Notes when each call came, by chat."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock
        self.came = defaultdict(list)

    async def do_request(self, url, method, request_data=None, *rest, **timeouts):
        if url.endswith("/sendMessage"):
            self.came[request_data.parameters["chat_id"]].append(self.clock.monotonic())
        return await super().do_request(url, method, request_data, *rest, **timeouts)


def _message(application, number, user):
    sender = {"id": user, "is_bot": False, "first_name": "A"}
    chat = {"id": user, "type": "private", "first_name": "A"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": sender, "text": "a"}
    return Update.de_json({"update_id": number, "message": message}, application.bot)


async def test_sixty_messages_in_a_second_from_one_person_leave_others_answered_at_once():
    clock = VirtualClock()
    request = _TimedRequest(clock)
    floods = Floods()

    async def answer(update, _):
        if floods.seen(update.effective_user.id, update.update_id, clock.monotonic()) != "ignore":
            await update.message.reply_text("b")

    builder = Application.builder().token("1:a").request(request).get_updates_request(request)
    application = builder.updater(None).job_queue(None).rate_limiter(Limits(clock=clock)).build()
    application.add_handler(MessageHandler(filters.TEXT, answer))
    async with application:
        handled: list[asyncio.Task[None]] = []
        for number in range(60):
            await clock.until(number / 60)
            users = (7,) if number % 3 else (7, 100 + number)
            updates = [_message(application, number, user) for user in users]
            handled.extend(asyncio.create_task(application.process_update(update)) for update in updates)
        await clock.until()
        await asyncio.gather(*handled)
    assert request.came.pop(7) == pytest.approx([0, 1 / 60, 2 / 60, *range(1, 19)])  # 20 answers, one notice
    assert request.came == {100 + number: [number / 60] for number in range(0, 60, 3)}


def test_without_a_clock_given_it_lives_by_the_real_one():
    async def sent():
        async def arrive(*_):
            return True

        limits = Limits()
        await limits.initialize()
        result = await limits.process_request(
            arrive, ("sendMessage", {}), {}, "sendMessage", {"chat_id": 7}, None
        )
        await limits.shutdown()
        return result

    assert asyncio.run(sent()) is True
