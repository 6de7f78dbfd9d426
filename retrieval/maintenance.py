"""The commands that look after the database: backup and restore."""

from __future__ import annotations

import json
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

from retrieval import backup as copies
from retrieval.environment import database_path
from retrieval.snapshot import explained
from retrieval.turns import lock_of, one_at_a_time

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

    from retrieval.snapshot import Progress

_LARGE = 10_000_000
"""Bytes from which on a bar is shown; less is done before it could be read."""


def backup(options: argparse.Namespace) -> int:
    """Copies the database to a file."""
    database = options.database or database_path()
    with _stoppable(), _progress(database) as progress:
        done = copies.backup(database, options.file, force=options.force, progress=progress)
    data = {"file": str(options.file), "articles": done.articles, "bytes": done.size}
    _say(
        options,
        data,
        f"{options.file}: {done.articles} articles, {done.size:,} bytes, copied from {database}",
    )
    return 0


def restore(options: argparse.Namespace) -> int:
    """Puts a backup back."""
    database = options.database or database_path()
    with _stoppable(), _turn(database), _progress(options.file) as progress:
        done = copies.restore(database, options.file, progress=progress)
    said = f"{database}: {done.articles} articles, {done.size:,} bytes, restored from {options.file}"
    if done.before is not None:
        said += f"; what was there before is in {done.before}"
    if done.missing:
        said += f"; restart the bot now, for the backup has no table {', '.join(done.missing)}"
    data = {
        "database": str(database),
        "articles": done.articles,
        "bytes": done.size,
        "before": None if done.before is None else str(done.before),
        "missing": done.missing,
    }
    _say(options, data, said)
    return 0


def _say(options: argparse.Namespace, data: dict[str, object], sentence: str) -> None:
    said = json.dumps(data, ensure_ascii=False) if options.json else sentence
    Console(highlight=False).print(Text(said), soft_wrap=True)


@contextmanager
def _turn(database: Path) -> Iterator[None]:
    """Waits for the end of an import: it would go on into what is restored, and what it said would not be so."""
    if not lock_of(database).is_file():  # the first import leaves it there
        yield
        return
    with explained(database, "was not restored and is as it was"), one_at_a_time(database, _waiting):
        yield


def _waiting() -> None:
    Console(stderr=True).print("an import is under way; waiting for its end", soft_wrap=True)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Being stopped, by Ctrl-C or by a service manager, tidies up and ends without a traceback."""

    def stop(_number: int, _: FrameType | None) -> None:
        raise SystemExit("Stopped; nothing is half done.")  # printed at the end, with exit code 1

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _progress(path: Path) -> Iterator[Progress]:
    """Shows how far it is, on a terminal and for a large file."""
    screen = Console(stderr=True)
    size = path.stat().st_size if path.is_file() else 0
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bars(
        *columns, console=screen, transient=True, disable=size < _LARGE or not screen.is_terminal
    ) as bars:
        task = bars.add_task("", total=None)

        def show(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total or None)

        yield show
