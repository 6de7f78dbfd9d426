"""The one connection that writes to the bot's database: writes that come together share one commit."""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar, cast

from sqlite_utils import Database

_T = TypeVar("_T")
_BUSY = 5.0
"""Seconds to wait for another process that writes; Telegram waits 60 s for its answer."""
_RIDE = 0.02
"""Seconds that a write which is in no hurry waits for another to share its commit."""
_MOST = 1000
"""Writes in one commit."""
_PRIMARY = 0xFF
"""The part of SQLite's extended error codes that says what kind of error it is."""


class _Write(Generic[_T]):
    __slots__ = ("future", "loop", "work")

    def __init__(self, work: Callable[[Database], _T], loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.work = work
        self.loop = loop
        self.future: Future[_T] | asyncio.Future[_T]
        if loop is not None:
            self.future = loop.create_future()
            return
        self.future = Future()
        # Whoever waits for it may be cancelled, the write may not: a reply may be out that it speaks of.
        self.future.set_running_or_notify_cancel()


class Writer:
    """A thread with the only connection of this process that changes the database.

    What was submitted is on the disk when its future has a result: a commit waits for the disk (WAL,
    synchronous FULL), and everything that came in meanwhile goes into the next one. Works are carried out in
    the order in which they were submitted; a work may run twice (when another of its group fails), so it must
    do nothing but write to the database. What a work raises becomes the error of its future; where the
    database is held by another process for `busy` seconds, all that wait get that sqlite3.Error. Nothing
    submitted can be cancelled.
    """

    def __init__(self, path: Path, busy: float = _BUSY) -> None:
        connection = sqlite3.connect(path, timeout=busy, isolation_level=None, check_same_thread=False)
        self._database = Database(connection)
        self._database.enable_wal()
        self._database.execute("pragma synchronous = full")
        # What is deleted is overwritten: it may be what somebody asked.
        self._database.execute("pragma secure_delete = on")
        self._queue: SimpleQueue[_Write[Any] | None] = SimpleQueue()
        self._riding: deque[_Write[Any]] = deque()
        self._leaves_soon = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def post(self, work: Callable[[Database], object]) -> None:
        """Has `work` done with whatever is submitted next, before it; nobody is told when."""
        self._riding.append(_Write(work))

    def submit(self, work: Callable[[Database], _T]) -> Future[_T]:
        """The result of `work` once it is on the disk."""
        write = _Write(work)
        self._put(write)
        return cast("Future[_T]", write.future)

    async def write(self, work: Callable[[Database], _T]) -> _T:
        """The same for asyncio. The writes of one commit wake the event loop once, not each by itself."""
        write = _Write(work, asyncio.get_running_loop())
        self._put(write)
        return await cast("asyncio.Future[_T]", write.future)

    def close(self) -> None:
        """Finishes what was submitted and closes the connection; the writer is of no use afterwards."""
        self._put(None)
        self._thread.join()
        self._database.close()

    async def ride(self, work: Callable[[Database], _T]) -> _T:
        """The same with the next write, in its commit, or by itself after 20 ms without one."""
        loop = asyncio.get_running_loop()
        write = _Write(work, loop)
        self._riding.append(write)
        if not self._leaves_soon:
            self._leaves_soon = True
            loop.call_later(_RIDE, self._leave)
        return await cast("asyncio.Future[_T]", write.future)

    def _leave(self) -> None:
        self._leaves_soon = False
        self._board()

    def _board(self) -> None:
        while self._riding:
            self._queue.put(self._riding.popleft())

    def _put(self, write: _Write[Any] | None) -> None:
        self._board()
        self._queue.put(write)

    def _run(self) -> None:
        while (write := self._queue.get()) is not None:
            group = [write]
            ending = False
            try:
                while len(group) < _MOST:
                    if (following := self._queue.get_nowait()) is None:
                        ending = True
                        break
                    group.append(following)
            except Empty:
                pass
            self._commit(group)
            if ending:
                return

    def _commit(self, group: list[_Write[Any]]) -> None:
        """All of the group in one transaction, or each in its own where one of them fails."""
        try:
            results = self._together(group)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the future of whoever asked
            if len(group) == 1 or _is_busy(error):  # each by itself would wait as long, one after the other
                _settle(group, [_Failed(error)] * len(group))
                return
            for write in group:
                self._commit([write])
            return
        _settle(group, results)

    def _together(self, group: list[_Write[Any]]) -> list[Any]:
        self._database.execute("begin immediate")
        try:
            results = [write.work(self._database) for write in group]
            self._database.execute("commit")
        except BaseException:
            if self._database.conn.in_transaction:
                self._database.execute("rollback")
            raise
        return results


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


def _settle(group: list[_Write[Any]], results: list[Any]) -> None:
    """Tells everybody who waits; each event loop is woken once."""
    ours: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for write, result in zip(group, results, strict=True):
        if write.loop is None:
            _tell(write.future, result)
        else:
            ours.setdefault(write.loop, []).append((cast("asyncio.Future[Any]", write.future), result))
    for loop, told in ours.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_tell_all, told)


def _tell_all(told: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in told:
        if not future.done():  # whoever waited may have been cancelled
            _tell(future, result)


def _tell(future: Future[Any] | asyncio.Future[Any], result: object) -> None:
    if isinstance(result, _Failed):
        future.set_exception(result.error)
    else:
        future.set_result(result)


def _is_busy(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY == sqlite3.SQLITE_BUSY
