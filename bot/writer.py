"""The one connection that writes to the bot's database: writes that come together share one commit."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlite_utils import Database

_T = TypeVar("_T")
_BUSY = 5.0
"""Seconds to wait for another process that writes; Telegram waits 60 s for its answer."""
_MOST = 1000
"""Writes in one commit."""


class _Write(Generic[_T]):
    __slots__ = ("future", "work")

    def __init__(self, work: Callable[[Database], _T]) -> None:
        self.work = work
        self.future: Future[_T] = Future()


class Writer:
    """A thread with the only connection of this process that changes the database.

    What was submitted is on the disk when its future has a result: a commit waits for the disk (WAL,
    synchronous FULL), and everything that came in meanwhile goes into the next one. Works are carried out in
    the order in which they were submitted; a work may run twice (when another of its group fails), so it must
    do nothing but write to the database. A work's sqlite3.Error becomes the error of its future.
    """

    def __init__(self, path: Path) -> None:
        connection = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
        self._database = Database(connection)
        self._database.enable_wal()
        self._database.execute("pragma synchronous = full")
        # What is deleted is overwritten: it may be what somebody asked.
        self._database.execute("pragma secure_delete = on")
        self._queue: SimpleQueue[_Write[Any] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Database], _T]) -> Future[_T]:
        """The result of `work` once it is on the disk; for asyncio, wrap it with `asyncio.wrap_future`."""
        write = _Write(work)
        self._queue.put(write)
        return write.future

    def close(self) -> None:
        """Finishes what was submitted and closes the connection; the writer is of no use afterwards."""
        self._queue.put(None)
        self._thread.join()
        self._database.close()

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
            if len(group) == 1:
                group[0].future.set_exception(error)
                return
            for write in group:
                self._commit([write])
            return
        for write, result in zip(group, results, strict=True):
            write.future.set_result(result)

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
