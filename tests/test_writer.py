"""The one writing connection: what it promises about order, commits, failures and its end."""

import asyncio
import sqlite3
import threading
from contextlib import closing

import pytest

from bot.writer import Writer


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dayek.db"


@pytest.fixture
def writer(path):
    writer = Writer(path, busy=0.2)
    writer.submit(lambda database: database.execute("create table kept (number integer)")).result()
    yield writer
    writer.close()


def _add(number):
    return lambda database: database.execute("insert into kept values (?)", [number])


def _fail(database):
    database.execute("insert into kept values (-1)")
    raise sqlite3.IntegrityError("not this one")


def _kept(path):
    with closing(sqlite3.connect(path)) as beside:
        return [number for (number,) in beside.execute("select number from kept order by rowid")]


class _Held:
    """Holds the writer up within one write, so that what is submitted meanwhile comes together."""

    def __init__(self, writer):
        self.statements: list[str] = []
        self._began, self._over = threading.Event(), threading.Event()
        self._write = writer.submit(self._wait)
        assert self._began.wait(10)

    def _wait(self, database):
        self._began.set()
        assert self._over.wait(10)
        database.conn.set_trace_callback(self.statements.append)

    def let_go(self):
        self._over.set()
        self._write.result(10)

    def count(self, statement):
        return sum(line.lower().startswith(statement) for line in self.statements)


def test_a_write_whose_future_has_a_result_is_seen_by_others(writer, path):
    assert (
        writer.submit(lambda database: database.execute("insert into kept values (7)").rowcount).result() == 1
    )
    assert _kept(path) == [7]


def test_a_commit_waits_for_the_disk_and_what_is_deleted_is_overwritten(writer):
    names = ("journal_mode", "synchronous", "secure_delete")

    def found(database):
        return [database.execute(f"pragma {name}").fetchone()[0] for name in names]

    assert writer.submit(found).result() == ["wal", 2, 1]


def test_writes_that_come_together_share_a_commit_and_keep_their_order(writer, path):
    held = _Held(writer)
    futures = [writer.submit(_add(number)) for number in range(200)]
    held.let_go()
    for future in futures:
        future.result(10)
    assert _kept(path) == list(range(200))
    assert held.count("commit") == 2  # that of the held write, and one for all


def test_a_write_that_fails_leaves_nothing_and_spoils_none_of_its_neighbours(writer, path):
    held = _Held(writer)
    futures = [writer.submit(_fail if number == 3 else _add(number)) for number in range(6)]
    held.let_go()
    with pytest.raises(sqlite3.IntegrityError, match="not this one"):
        futures[3].result(10)
    assert [future.exception(10) is None for future in futures] == [True] * 3 + [False] + [True] * 2
    assert _kept(path) == [0, 1, 2, 4, 5]


def test_whatever_a_write_raises_reaches_who_asked_and_the_writer_goes_on(writer, path):
    with pytest.raises(ZeroDivisionError):
        writer.submit(lambda _: 1 // 0).result(10)
    writer.submit(_add(1)).result(10)
    assert _kept(path) == [1]


def test_a_write_with_a_transaction_of_its_own_belongs_to_that_of_the_group(writer, path):
    def work(database):
        database.table("kept").insert({"number": 5})
        raise sqlite3.IntegrityError("in vain")

    with pytest.raises(sqlite3.IntegrityError):
        writer.submit(work).result(10)
    assert _kept(path) == []


async def test_a_write_is_carried_out_although_who_waited_for_it_was_cancelled(writer, path):
    held = _Held(writer)
    waiting = asyncio.ensure_future(asyncio.wrap_future(writer.submit(_add(1))))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    held.let_go()
    await asyncio.wait_for(asyncio.wrap_future(writer.submit(_add(2))), 10)
    assert _kept(path) == [1, 2]


def test_a_database_held_by_another_is_waited_for_together_and_not_by_each_write_in_turn(writer, path):
    held = _Held(writer)
    held.let_go()
    with closing(sqlite3.connect(path, isolation_level=None)) as another:
        another.execute("begin immediate")
        futures = [writer.submit(_add(number)) for number in range(50)]
        assert {type(future.exception(10)) for future in futures} == {sqlite3.OperationalError}
        # The first waits alone, the others came meanwhile.
        assert held.count("begin") < 10
    writer.submit(_add(50)).result(10)
    assert _kept(path) == [50]


def test_what_is_posted_goes_with_the_next_write_and_before_it(writer, path):
    writer.post(_add(1))
    writer.post(_add(2))
    writer.submit(_add(3)).result()
    assert _kept(path) == [1, 2, 3]


async def test_a_write_in_no_hurry_shares_the_commit_of_the_next(writer, path):
    riding = asyncio.create_task(writer.ride(_add(1)))
    await asyncio.sleep(0)
    await writer.write(_add(2))
    assert _kept(path) == [1, 2]
    await riding


async def test_a_write_in_no_hurry_is_carried_out_by_itself_where_no_other_comes(writer, path):
    await writer.ride(_add(1))
    assert _kept(path) == [1]


def test_what_is_posted_last_is_written_when_the_writer_closes(path):
    writer = Writer(path)
    writer.submit(lambda database: database.execute("create table kept (number integer)")).result()
    writer.post(_add(1))
    writer.close()
    assert _kept(path) == [1]


def test_close_finishes_what_was_submitted(path):
    writer = Writer(path)
    writer.submit(lambda database: database.execute("create table kept (number integer)"))
    held = _Held(writer)
    futures = [writer.submit(_add(number)) for number in range(3000)]
    held._over.set()
    writer.close()
    assert all(future.done() and future.exception() is None for future in futures)
    assert _kept(path) == list(range(3000))
    assert not [thread for thread in threading.enumerate() if thread.name == "writer"]


def test_a_full_disk_is_an_error_for_the_large_write_and_the_small_one_goes_on(writer, path):
    def small(database):
        pages = database.execute("pragma page_count").fetchone()[0]
        database.execute(f"pragma max_page_count = {pages + 1}")

    writer.submit(small).result(10)
    held = _Held(writer)
    large = writer.submit(lambda database: database.execute("insert into kept values (zeroblob(1000000))"))
    after = writer.submit(_add(2))
    held.let_go()
    with pytest.raises(sqlite3.OperationalError, match="full"):
        large.result(10)
    after.result(10)
    assert _kept(path) == [2]
