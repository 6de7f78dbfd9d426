"""The durable inbox on a real database: what is in it, in which state, and what is gone."""

import sqlite3
import time
from contextlib import closing, contextmanager

import pytest

from bot.inbox import Depth, Inbox, Received
from bot.writer import Writer

_NOW = time.time()


@contextmanager
def _opened(path, busy=5.0):
    with closing(Writer(path, busy=busy)) as writer, closing(Inbox(path, writer)) as inbox:
        yield inbox


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dayek.db"


@pytest.fixture
def inbox(path):
    with _opened(path) as inbox:
        yield inbox


def _update(number, *, lane=7, user=7, text="сұрақ", at=_NOW, kind="message"):
    return Received(number, kind, lane, user, f'{{"text": "{text}"}}', at)


def _numbers(updates):
    return [update.update_id for update in updates]


def _bytes(path):
    """All that is on the disk of the database, its log included."""
    return b"".join(part.read_bytes() for part in path.parent.glob(path.name + "*"))


async def test_only_what_is_new_comes_back_in_its_order(inbox):
    first, second, third = _update(3), _update(1), _update(2)
    assert await inbox.put([first, second]) == [first, second]
    assert await inbox.put([second, third, first, third]) == [third]


async def test_what_was_put_is_found_again_as_it_was(path):
    update = _update(5, lane=-100123, user=42, text="Қашан?", kind="callback_query")
    with _opened(path) as inbox:
        await inbox.put([update])
    with _opened(path) as inbox:
        assert inbox.waiting(10) == [update]


async def test_the_largest_and_the_smallest_ids_are_kept(inbox):
    update = _update(2**63 - 1, lane=-(2**63), user=2**63 - 1)
    await inbox.put([update])
    assert inbox.waiting(10) == [update]


async def test_updates_wait_in_the_order_in_which_they_came(inbox):
    await inbox.put([_update(9, at=_NOW), _update(2, at=_NOW + 1)])
    await inbox.put([_update(1, at=_NOW + 2), _update(4, at=_NOW + 2)])
    assert _numbers(inbox.waiting(10)) == [9, 2, 1, 4]
    assert _numbers(inbox.waiting(2)) == [9, 2]


async def test_a_finished_update_is_known_after_a_restart_and_waits_no_more(path):
    with _opened(path) as inbox:
        await inbox.put([_update(1), _update(2)])
        await inbox.done(1)
    with _opened(path) as inbox:
        assert await inbox.put([_update(1)]) == []
        assert _numbers(inbox.waiting(10)) == [2]


async def test_of_a_finished_update_no_text_and_nobody_is_left_in_the_file(path):
    said = "жасырын-сөз"
    with _opened(path) as inbox:
        # One that spills over several pages, and one that has failed before.
        await inbox.put([_update(1, text=said), _update(2, text=said * 2000), _update(3, text=said)])
        await inbox.failed(3, 1, f"ValueError: {said}", unsure=False)
        assert said.encode() in _bytes(path)
        for number in (1, 2, 3):
            await inbox.done(number)
    assert said.encode() not in _bytes(path)
    with closing(sqlite3.connect(path)) as beside:
        assert (
            beside.execute("select lane, user, body, error from inbox").fetchall() == [(0, 0, None, None)] * 3
        )


async def test_a_failed_update_goes_on_waiting_with_its_tries(inbox):
    await inbox.put([_update(1)])
    await inbox.failed(1, 2, "unsure: TimedOut", unsure=True)
    (found,) = inbox.waiting(10)
    assert (found.attempts, found.unsure) == (2, True)


async def test_what_was_set_aside_is_listed_with_its_error_and_waits_no_more(inbox):
    await inbox.put([_update(2, kind="callback_query", at=_NOW), _update(1, at=_NOW - 5)])
    await inbox.set_aside(2, 5, "fault: ValueError: no")
    await inbox.set_aside(1, 1, "refused: BadRequest: chat not found")
    assert inbox.waiting(10) == []
    assert [(one.id, one.kind, one.received, one.attempts, one.error) for one in inbox.aside()] == [
        (1, "message", _NOW - 5, 1, "refused: BadRequest: chat not found"),
        (2, "callback_query", _NOW, 5, "fault: ValueError: no"),
    ]
    assert await inbox.put([_update(1), _update(2)]) == []


async def test_an_error_with_half_a_surrogate_pair_is_kept_all_the_same(inbox):
    await inbox.put([_update(1), _update(2)])
    await inbox.failed(1, 1, "fault: \ud83d", unsure=False)
    await inbox.set_aside(2, 5, "fault: \ud83d")
    await inbox.put_malformed(b"{}", "ValueError: \ud83d")
    assert inbox.aside()[0].error == "fault: \\ud83d"
    assert inbox.malformed()[0][3] == "ValueError: \\ud83d"


async def test_one_that_is_sent_round_again_comes_once_and_starts_anew(inbox):
    await inbox.put([_update(1), _update(2), _update(3)])
    for number in (1, 2):
        await inbox.failed(number, 4, "…", unsure=True)
        await inbox.set_aside(number, 5, "…")
    assert await inbox.retry(3) == 0  # it waits, nobody has set it aside
    assert await inbox.retry(99) == 0
    assert await inbox.retry(2) == 1
    assert inbox.depth().waiting == 2
    (again,) = await inbox.take_retried()
    assert (again.update_id, again.attempts, again.unsure) == (2, 0, False)
    assert await inbox.take_retried() == []
    assert _numbers(inbox.waiting(10)) == [2, 3]
    assert [one.id for one in inbox.aside()] == [1]


async def test_all_that_was_set_aside_is_sent_round_again_from_beside_a_running_bot(path, inbox):
    await inbox.put([_update(number, at=_NOW + number) for number in range(5)])
    for number in range(4):
        await inbox.set_aside(number, 5, "…")
    with _opened(path) as beside:
        assert await beside.retry(None) == 4
    assert _numbers(await inbox.take_retried()) == [0, 1, 2, 3]


async def test_the_depth_counts_each_state_and_knows_the_oldest(inbox):
    assert inbox.depth() == Depth(waiting=0, oldest=None, aside=0, malformed=0)
    await inbox.put([_update(number, at=_NOW + number) for number in range(6)])
    await inbox.done(0)
    await inbox.set_aside(1, 5, "…")
    await inbox.set_aside(2, 5, "…")
    await inbox.retry(2)
    await inbox.put_malformed(b"xx", "…")
    assert inbox.depth() == Depth(waiting=4, oldest=_NOW + 2, aside=1, malformed=1)


async def test_a_body_that_is_no_update_is_kept_with_its_length_and_error(inbox, path):
    await inbox.put_malformed(b"\xff\x00{", "UnicodeDecodeError: …")
    ((number, at, length, error),) = inbox.malformed()
    assert (number, length, error, at >= _NOW) == (1, 3, "UnicodeDecodeError: …", True)
    with closing(sqlite3.connect(path)) as beside:
        assert beside.execute("select body from malformed").fetchone() == (b"\xff\x00{",)


async def test_forgetting_deletes_what_was_set_aside_of_the_person_and_of_the_chat_and_of_nobody_else(path):
    said = "ұмытылатын-сөз"
    with _opened(path) as inbox:
        await inbox.put(
            [
                _update(1, lane=-5, user=7, text=said),  # in a group
                _update(2, lane=-9, user=8, text=said),  # by another, in the chat that is forgotten
                _update(3, lane=8, user=8, text="бөтен"),
                _update(4, lane=7, user=7),  # still to be answered
            ]
        )
        for number in (1, 2, 3):
            await inbox.set_aside(number, 5, f"fault: {said}" if number < 3 else "…")
        assert inbox.forget(7, -9) == 2
        assert [one.id for one in inbox.aside()] == [3]
        assert _numbers(inbox.waiting(10)) == [4]
    assert said.encode() not in _bytes(path)


async def test_numbers_are_forgotten_two_days_after_and_what_is_not_finished_never(path):
    hour = 3600
    with _opened(path) as inbox:
        await inbox.put([_update(number, at=_NOW - 49 * hour) for number in (1, 2, 3)])
        await inbox.put([_update(4, at=_NOW - 47 * hour)])
        await inbox.done(1)
        await inbox.done(4)
        await inbox.set_aside(2, 5, "…")
    with _opened(path) as inbox:
        await inbox.put([_update(5)])
        assert _numbers(await inbox.put([_update(number) for number in (1, 2, 3, 4)])) == [1]


async def test_a_database_held_by_another_is_an_error_and_nothing_is_half_done(path):
    with _opened(path, busy=0.05) as inbox, closing(sqlite3.connect(path, isolation_level=None)) as another:
        await inbox.put([_update(1)])
        await inbox.check()
        another.execute("begin exclusive")
        for attempt in (inbox.put([_update(2), _update(3)]), inbox.done(1), inbox.check()):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                await attempt
        assert inbox.depth() == Depth(waiting=1, oldest=_NOW, aside=0, malformed=0)
        another.execute("rollback")
        await inbox.check()
        assert _numbers(await inbox.put([_update(2), _update(3)])) == [2, 3]
        assert inbox.malformed() == []


async def test_what_is_looked_for_all_the_time_is_found_without_a_look_at_the_finished_ones(inbox):
    asked: list[str] = []
    inbox._reading.conn.set_trace_callback(asked.append)
    inbox.waiting(10)
    await inbox.take_retried()
    inbox.depth()
    inbox._reading.conn.set_trace_callback(None)
    plans = [
        inbox._reading.execute(f"explain query plan {sql}").fetchall() for sql in asked if "inbox" in sql
    ]
    steps = [step[-1] for plan in plans for step in plan if "inbox" in step[-1]]
    assert len(steps) == 3
    assert all("inbox_unfinished" in step for step in steps), steps
