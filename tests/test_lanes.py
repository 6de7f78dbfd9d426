"""Lanes over a real inbox: order, side by side, what becomes of failures, and what a stop leaves behind."""

import asyncio
import logging
import sqlite3
import tempfile
import time
from collections import defaultdict
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.inbox import Inbox, Received
from bot.lanes import Lanes, Shell
from bot.metrics import Metrics
from bot.reach import Reach
from bot.transport import PoolTimeoutError
from bot.writer import Writer

_BLOCKED = Forbidden("bot was blocked by the user")
_REFUSED = BadRequest("chat not found")
_TOO_LATE = BadRequest("query is too old and response timeout expired or query ID is invalid")
_FAULT = ValueError("no")


def _unreached():
    error = NetworkError("cannot connect")
    error.__cause__ = PoolTimeoutError()
    return error


def _unsure():
    error = TimedOut("no answer in time")
    error.__cause__ = TimeoutError()
    return error


class _Bot:
    """Stands for the conversation: handles updates as planned, and notes what it was asked to do."""

    def __init__(self):
        self.done: list[tuple[str, int]] = []  # what was asked of it, and the update
        self.fates: dict[int, list[Exception | None]] = defaultdict(list)  # what the next tries end with
        self.held: dict[int, asyncio.Event] = {}  # updates that take until somebody says so
        self.at_once = self.most_at_once = 0
        self.away: list[Exception] = []  # what the next calls of getMe end with
        self.came = asyncio.Event()  # set anew whenever something was asked

    def shell(self):
        return Shell(Update.de_json, self._asked("process"), self._asked("apologize"), self._asked("remind"))

    def _asked(self, what):
        async def asked(update):
            self.done.append((what, update.update_id))
            self._tell()
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                if update.update_id in self.held:
                    await self.held[update.update_id].wait()
                fates = self.fates[update.update_id]
                return fates.pop(0) if fates and what != "apologize" else None
            finally:
                self.at_once -= 1

        return asked

    async def get_me(self):
        self.done.append(("getMe", 0))
        self._tell()
        if self.away:
            raise self.away.pop(0)

    def _tell(self):
        self.came.set()
        self.came = asyncio.Event()

    async def until(self, *wanted):
        """Returns once the bot was asked for all of it."""
        async with asyncio.timeout(10):
            while not set(wanted) <= set(self.done):
                await self.came.wait()

    def asked_for(self, number):
        return [what for what, update in self.done if update == number]

    @property
    def processed(self):
        return [number for what, number in self.done if what == "process"]


@dataclass
class _Work:
    inbox: Inbox
    lanes: Lanes
    reach: Reach
    metrics: Metrics

    async def feed(self, *updates):
        self.lanes.take(await self.inbox.put(updates))

    async def settled(self):
        """Returns once no lane has anything left."""
        async with asyncio.timeout(20):
            while self.lanes._lanes:
                await asyncio.wait(set(self.lanes._lanes))


@asynccontextmanager
async def _at_work(path, bot, *, most=64, pause=0.0001, busy=5.0, seconds=5.0):
    with closing(Writer(path, busy)) as writer, closing(Inbox(path, writer)) as inbox:
        reach, metrics = Reach(bot.get_me, pause=0.001), Metrics()
        lanes = Lanes(inbox, bot.shell(), reach, metrics, most=most, pause=pause, look=0.01)
        running = asyncio.create_task(lanes.run())
        await asyncio.sleep(0)  # it starts on what the inbox holds
        try:
            yield _Work(inbox, lanes, reach, metrics)
        finally:
            running.cancel()
            await lanes.stop(seconds)
            await reach.stop()


def _update(number, chat=7, *, kind="message", at=None):
    user = f'{{"id": {chat}, "is_bot": false, "first_name": "A"}}'
    private = f'{{"id": {chat}, "type": "private"}}'
    content = {
        "message": f'{{"message_id": 1, "date": 1, "chat": {private}, "from": {user}, "text": "?"}}',
        "callback_query": f'{{"id": "1", "from": {user}, "chat_instance": "1", "data": "x"}}',
        "inline_query": f'{{"id": "1", "from": {user}, "query": "?", "offset": ""}}',
    }[kind]
    body = f'{{"update_id": {number}, "{kind}": {content}}}'
    return Received(number, kind, chat, chat, body, time.time() if at is None else at)


def _states(path):
    with closing(sqlite3.connect(path)) as beside:
        return dict(beside.execute("select update_id, state from inbox").fetchall())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dayek.db"


@pytest.fixture
def bot():
    return _Bot()


async def test_a_chat_is_answered_in_its_order_one_after_the_other(path, bot):
    async with _at_work(path, bot) as work:
        for numbers in ((1, 2, 3), (4,), (5, 6)):
            await work.feed(*map(_update, numbers))
        await work.settled()
    assert bot.processed == [1, 2, 3, 4, 5, 6]
    assert bot.most_at_once == 1
    assert set(_states(path).values()) == {"done"}


async def test_an_update_is_done_on_the_disk_before_the_next_of_its_chat_begins(path, bot):
    seen = []
    plain = bot._asked("process")

    async def process(update):
        seen.append(_states(path))
        return await plain(update)

    bot.shell = lambda: Shell(Update.de_json, process, plain, plain)
    async with _at_work(path, bot) as work:
        await work.feed(_update(1), _update(2))
        await work.settled()
    assert seen == [{1: "waiting", 2: "waiting"}, {1: "done", 2: "waiting"}]


async def test_a_slow_chat_holds_up_nobody_but_itself(path, bot):
    bot.held[1] = asyncio.Event()
    async with _at_work(path, bot) as work:
        await work.feed(_update(1, chat=1), _update(2, chat=1), _update(3, chat=2), _update(4, chat=3))
        await bot.until(("process", 3), ("process", 4))
        assert 2 not in bot.processed
        bot.held[1].set()
        await work.settled()
    assert bot.processed[-1] == 2


@pytest.mark.parametrize("most", [3, 64])
async def test_no_more_chats_than_allowed_are_answered_at_once(path, bot, most):
    open_ = asyncio.Event()
    bot.held = dict.fromkeys(range(200), open_)
    async with _at_work(path, bot, most=most) as work:
        await work.feed(*(_update(number, chat=number + 1) for number in range(200)))
        await bot.until(*(("process", number) for number in range(most)))
        assert len(bot.processed) == most
        open_.set()
        await work.settled()
    assert (bot.most_at_once, len(bot.processed)) == (most, 200)


async def test_the_same_update_offered_twice_is_handled_once(path, bot):
    bot.held[1] = asyncio.Event()
    async with _at_work(path, bot) as work:
        update = _update(1)
        await work.feed(update)
        await work.feed(update)
        work.lanes.take([update])  # under way
        bot.held[1].set()
        await work.settled()
        work.lanes.take([update])  # just done
        await work.settled()
    assert bot.processed == [1]


async def test_a_fault_is_tried_five_times_then_set_aside_with_one_apology_and_the_chat_goes_on(path, bot):
    bot.fates[1] = [_FAULT] * 9
    async with _at_work(path, bot) as work:
        await work.feed(_update(1), _update(2))
        await work.settled()
        (aside,) = work.inbox.aside()
        assert b'dayek_errors_total{kind="fault"} 5.0' in work.metrics.text()
    assert bot.done == [("process", 1)] * 5 + [("apologize", 1), ("process", 2)]
    assert (aside.id, aside.attempts, aside.error) == (1, 5, "fault: ValueError: no")
    assert _states(path) == {1: "aside", 2: "done"}


async def test_a_fault_that_passes_is_answered_once_without_an_apology(path, bot):
    bot.fates[1] = [_FAULT, _FAULT, None]
    async with _at_work(path, bot) as work:
        await work.feed(_update(1))
        await work.settled()
    assert bot.done == [("process", 1)] * 3
    assert _states(path) == {1: "done"}


async def test_tries_are_counted_across_a_restart(path, bot):
    bot.fates[1] = [_FAULT] * 9
    async with _at_work(path, bot, pause=60) as work:
        await work.feed(_update(1))
        await bot.until(("process", 1))
    async with _at_work(path, bot) as work:
        await work.settled()
    assert bot.done == [("process", 1)] * 5 + [("apologize", 1)]


async def test_what_telegram_refuses_is_set_aside_at_once(path, bot):
    bot.fates[1] = [_REFUSED]
    async with _at_work(path, bot) as work:
        await work.feed(_update(1), _update(2))
        await work.settled()
        assert [one.error for one in work.inbox.aside()] == ["refused: BadRequest: chat not found"]
    assert bot.done == [("process", 1), ("apologize", 1), ("process", 2)]


@pytest.mark.parametrize("error", [_BLOCKED, _TOO_LATE])
async def test_where_nobody_is_left_to_answer_the_update_is_done_without_a_word(path, bot, error):
    bot.fates[1] = [error]
    async with _at_work(path, bot) as work:
        await work.feed(_update(1))
        await work.settled()
    assert bot.done == [("process", 1)]
    assert _states(path) == {1: "done"}


async def test_an_apology_that_fails_as_well_leaves_no_chat_silent(path, bot):
    async def broken(_):
        raise AttributeError("'int' object has no attribute 'lower'")

    bot.shell = lambda: Shell(Update.de_json, bot._asked("process"), broken, bot._asked("remind"))
    bot.fates[1] = [_REFUSED]
    async with _at_work(path, bot) as work:
        await work.feed(_update(1), _update(2))
        await work.settled()
    assert bot.processed == [1, 2]
    assert _states(path) == {1: "aside", 2: "done"}


async def test_a_fault_of_the_lane_itself_leaves_no_chat_silent(path, bot):
    async with _at_work(path, bot) as work:
        failed, calls = work.inbox.done, []

        async def done(number, **how):
            calls.append(number)
            if number == 1:
                raise OverflowError("nobody foresaw this")
            await failed(number, **how)

        work.inbox.done = done
        await work.feed(_update(1), _update(2))
        await work.settled()
    assert (bot.processed, calls) == ([1, 2], [1, 2])
    assert _states(path) == {1: "waiting", 2: "done"}


async def test_a_handler_that_raises_and_a_body_that_cannot_be_read_are_faults_like_any_other(path, bot):
    async def process(_):
        raise ZeroDivisionError

    bot.shell = lambda: Shell(Update.de_json, process, bot._asked("apologize"), bot._asked("remind"))
    async with _at_work(path, bot) as work:
        unreadable = Received(2, "message", 8, 8, '{"update_id": 2, "message": 5}', time.time())
        await work.feed(_update(1), unreadable)
        await work.settled()
        errors = {one.id: one.error for one in work.inbox.aside()}
    assert errors[1] == "fault: ZeroDivisionError: "
    assert errors[2].startswith("fault: AttributeError: ")
    assert bot.done == [("apologize", 1)]


async def test_a_telegram_out_of_reach_costs_no_try_and_everybody_waits_for_it(path, bot):
    bot.fates[1] = [_unreached() for _ in range(6)]
    bot.away = [NetworkError("still away")] * 3
    async with _at_work(path, bot) as work:
        await work.feed(_update(1, chat=1))
        await bot.until(("getMe", 0))
        await work.feed(_update(2, chat=2))
        await work.settled()
        assert work.inbox.aside() == []
    assert bot.asked_for(1) == ["process"] * 7
    assert bot.done[:5] == [("process", 1)] + [("getMe", 0)] * 4


async def test_who_waits_for_a_turn_when_telegram_is_lost_goes_on_waiting(path, bot):
    bot.held[1] = asyncio.Event()
    bot.fates[1] = [_unsure()]
    bot.away = [NetworkError("away")] * 2
    async with _at_work(path, bot, most=1) as work:
        await work.feed(*(_update(number, chat=number) for number in range(1, 10)))
        await bot.until(("process", 1))
        bot.held[1].set()
        await work.settled()
    assert [what for what, _ in bot.done[:4]] == ["process", "getMe", "getMe", "getMe"]
    assert sorted(bot.processed) == list(range(1, 10))


async def test_a_message_whose_answer_may_have_been_lost_gets_a_reminder_and_not_the_answer_again(path, bot):
    bot.fates[1] = [_unsure(), _unsure()]  # the first reminder may be lost as well
    async with _at_work(path, bot) as work:
        await work.feed(_update(1), _update(2))
        await work.settled()
    assert [one for one in bot.done if one[0] != "getMe"] == [
        ("process", 1), ("remind", 1), ("remind", 1), ("process", 2),
    ]  # fmt: skip


async def test_a_lost_answer_is_remembered_across_a_restart(path, bot):
    bot.fates[1] = [_unsure()]
    async with _at_work(path, bot, pause=60) as work:
        await work.feed(_update(1))
        await bot.until(("getMe", 0))
    async with _at_work(path, bot) as work:
        await work.settled()
    assert bot.asked_for(1) == ["process", "remind"]


async def test_a_press_whose_answer_may_have_been_lost_is_done_again_as_that_changes_nothing(path, bot):
    bot.fates[1] = [_unsure()]
    async with _at_work(path, bot) as work:
        await work.feed(_update(1, kind="callback_query"))
        await work.settled()
    assert bot.asked_for(1) == ["process", "process"]


async def test_a_chat_that_has_to_wait_for_telegram_costs_no_try_and_stops_nobody(path, bot):
    bot.fates[1] = [RetryAfter(1)] * 6
    async with _at_work(path, bot) as work:
        await work.feed(_update(1, chat=1), _update(2, chat=2))
        await work.settled()
        assert work.inbox.aside() == []
    assert ("getMe", 0) not in bot.done
    assert (len(bot.asked_for(1)), bot.asked_for(2)) == (7, ["process"])


@pytest.mark.parametrize(("kind", "seconds"), [("inline_query", 31), ("callback_query", 901)])
async def test_a_query_that_has_waited_too_long_is_dropped(path, bot, kind, seconds):
    now = time.time()
    async with _at_work(path, bot) as work:
        await work.feed(
            _update(1, kind=kind, at=now - seconds),
            _update(2, kind=kind, at=now - seconds + 10),
            _update(3, at=now - 24 * 3600),  # a question is answered however late
        )
        await work.settled()
    assert bot.processed == [2, 3]
    assert set(_states(path).values()) == {"done"}


async def test_what_was_set_aside_by_this_very_bot_is_tried_again_when_an_operator_says_so(path, bot):
    bot.fates[1] = [_REFUSED]
    async with _at_work(path, bot) as work:
        await work.feed(_update(1))
        await work.settled()
        with closing(Writer(path)) as writer, closing(Inbox(path, writer)) as beside:
            assert await beside.retry(1) == 1
        bot.done.clear()
        await bot.until(("process", 1))
        await work.settled()
    assert bot.processed == [1]
    assert _states(path) == {1: "done"}


async def test_what_waits_at_the_start_is_answered_before_what_comes_later(path, bot):
    chats, each = 50, 100  # more than are held in memory
    now = time.time()
    before = [
        _update(number, chat=number % chats + 1, at=now + number / 1000) for number in range(chats * each)
    ]
    with closing(Writer(path)) as writer, closing(Inbox(path, writer)) as inbox:
        await inbox.put(before)
    async with _at_work(path, bot) as work:
        late = [_update(chats * each + number, chat=number + 1, at=now + 100) for number in range(chats)]
        await work.feed(*late)
        async with asyncio.timeout(60):
            while work.inbox.depth().waiting:
                await work.settled()
                await asyncio.sleep(0.005)
    assert sorted(bot.processed) == list(range(chats * (each + 1)))
    for chat in range(chats):
        numbers = [number for number in bot.processed if number % chats == chat]
        assert numbers == sorted(numbers)


async def test_a_stop_finishes_what_is_under_way_and_leaves_the_rest_for_the_next_start(path, bot):
    bot.held[1] = asyncio.Event()
    async with _at_work(path, bot, most=2) as work:
        await work.feed(_update(1, chat=1), _update(2, chat=1), _update(3, chat=2), _update(4, chat=3))
        await bot.until(("process", 1), ("process", 3), ("process", 4))
        stopping = asyncio.create_task(work.lanes.stop(10))
        await asyncio.sleep(0)
        await work.feed(_update(5, chat=4))  # confirmed to Telegram, and too late to be begun
        bot.held[1].set()
        await stopping
    assert _states(path)[1] == "done"
    assert {_states(path)[number] for number in (2, 5)} == {"waiting"}
    assert not {2, 5} & set(bot.processed)
    again = _Bot()
    async with _at_work(path, again) as work:
        await work.settled()
    assert set(again.processed) >= {2, 5}
    assert sorted(bot.processed + again.processed) == [1, 2, 3, 4, 5]


async def test_a_stop_does_not_wait_for_longer_than_it_was_told(path, bot):
    bot.held[1] = asyncio.Event()  # nobody ever sets it
    async with _at_work(path, bot, seconds=0.01) as work:
        await work.feed(_update(1))
        await bot.until(("process", 1))
    assert _states(path) == {1: "waiting"}


async def test_a_stop_does_not_wait_for_an_update_that_only_waits_for_its_next_try(path, bot):
    bot.fates[1] = [_FAULT]
    async with asyncio.timeout(20), _at_work(path, bot, pause=60, seconds=60) as work:
        await work.feed(_update(1))
        await bot.until(("process", 1))
    assert _states(path) == {1: "waiting"}


async def test_while_the_database_cannot_be_written_a_reply_that_is_out_is_not_sent_again(path, bot, caplog):
    bot.held[1] = asyncio.Event()
    said = asyncio.Event()
    loop = asyncio.get_running_loop()

    class Told(logging.Handler):
        def emit(self, record):
            if "cannot be written" in record.getMessage():
                loop.call_soon_threadsafe(said.set)

    logging.getLogger("bot.lanes").addHandler(told := Told())
    async with _at_work(path, bot, busy=0.01) as work:
        await work.feed(_update(1), _update(2))
        await bot.until(("process", 1))
        with closing(sqlite3.connect(path, isolation_level=None)) as another:
            another.execute("begin exclusive")
            bot.held[1].set()
            await asyncio.wait_for(said.wait(), 10)
            assert bot.processed == [1]
            another.execute("rollback")
        await work.settled()
    logging.getLogger("bot.lanes").removeHandler(told)
    assert bot.processed == [1, 2]
    assert _states(path) == {1: "done", 2: "done"}
    assert sum("cannot be written" in record.getMessage() for record in caplog.records) == 1


_FATES: dict[str, list[Exception | None]] = {
    "ok": [],
    "fault once": [_FAULT],
    "fault": [_FAULT] * 5,
    "refused": [_REFUSED],
    "blocked": [_BLOCKED],
    "busy": [RetryAfter(1)] * 6,
    "away": [_unreached(), _unreached()],
    "lost": [_unsure()],
}
_Plan = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["ok", "ok", *_FATES])), max_size=25)


async def _lived(path, plan, stops):
    """What three bots, one after the other on one database, were asked for."""
    done, fates = [], {number: list(_FATES[fate]) for number, (_, fate) in enumerate(plan)}
    updates = [_update(number, chat) for number, (chat, _) in enumerate(plan)]
    third = len(updates) // 3 + 1
    for life in range(3):
        bot = _Bot()
        bot.fates.update(fates)
        async with _at_work(path, bot, most=2, pause=0.0001) as work:
            await work.feed(*updates[life * third : (life + 1) * third])
            if life == 2 or not stops:
                await work.settled()
        done += bot.done
    return done


@settings(deadline=None, max_examples=25)
@given(_Plan, st.booleans())
def test_whatever_fails_and_whenever_it_stops_each_update_ends_once_and_in_its_order(plan, stops):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dayek.db"
        done = asyncio.run(_lived(path, plan, stops))
        states = _states(path)
    gone = {"fault", "refused"}
    for number, (_, fate) in enumerate(plan):
        asked = [what for what, update in done if update == number and what != "getMe"]
        answered = 1 if fate in gone | {"blocked", "lost"} else len(_FATES[fate]) + 1
        tries = {"fault": 5}.get(fate, answered)
        after = {"lost": ["remind"]}.get(fate, ["apologize"] if fate in gone else [])
        assert asked == ["process"] * tries + after
        assert states[number] == ("aside" if fate in gone else "done")
    for chat in range(1, 5):
        order = [number for what, number in done if what == "process" and plan[number][0] == chat]
        assert order == sorted(order)
