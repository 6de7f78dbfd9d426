"""Logging to standard error, one line a record, through a redaction that no secret passes.

Everything that Python prints by itself about an exception goes the same way: the main thread's, other
threads', those in destructors, and warnings. asyncio's own handler logs already.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import re
import sys
import threading
from typing import TYPE_CHECKING

from bot.settings import HIDDEN, TOKEN_SHAPED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from bot.settings import Secret

_QUIET = ("httpx", "httpcore", "apscheduler")  # at INFO these write every request, and with it the token
_SHORTEST_HALF = 20  # characters; below, the part of a secret after a colon may be a word of any line
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

_log = logging.getLogger("dayek")


def redact(text: str, secrets: Iterable[Secret]) -> str:
    """`text` with each secret's value, and anything shaped like a bot token, replaced by •••."""
    values = {secret.reveal() for secret in secrets}
    # The half of a token after the colon is what must not be known, and libraries that take addresses apart show it.
    values |= {half for value in values if len(half := value.partition(":")[2]) >= _SHORTEST_HALF}
    for value in sorted(values - {""}, key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    return TOKEN_SHAPED.sub(HIDDEN, text)


def configure(level: str, secrets: Iterable[Secret]) -> None:
    """Sends all logging at `level` and above to standard error, redacted; calling again replaces the first.

    Also takes over the hooks for uncaught exceptions and warnings. Raises ValueError for an unknown level.
    """
    root = logging.getLogger()
    root.setLevel(level)
    for old in root.handlers[:]:
        # A plain handler is what logging.basicConfig left behind: it would write the same lines unredacted.
        if type(old) in (_Stderr, logging.StreamHandler):
            root.removeHandler(old)
    handler = _Stderr()
    handler.setFormatter(RedactingFormatter(secrets))
    root.addHandler(handler)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
    chatty = logging.NOTSET if root.level <= logging.DEBUG else max(root.level, logging.WARNING)
    logging.getLogger("telegram.ext").setLevel(chatty)
    logging.getLogger("pypdf").setLevel(
        logging.CRITICAL
    )  # what is wrong with a file is said in our own words
    # It writes a traceback and the whole body for every page of a proxy; the error itself is handled.
    logging.getLogger("telegram.request").setLevel(
        logging.NOTSET if root.level <= logging.DEBUG else logging.CRITICAL
    )
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


class RedactingFormatter(logging.Formatter):
    """One line a record; below it the lines of its traceback, indented, so that no text can forge a record."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        self.secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The record, redacted as the last step. Never fails: a message that cannot be formatted is said to be so."""
        record = copy.copy(record)
        if record.exc_info:
            record.exc_text = None  # the traceback as another handler has laid it out
        try:
            text = super().format(record)
        except Exception as error:  # noqa: BLE001 - logging's own report of this would print the arguments as they are
            where = f"{record.pathname}:{record.lineno}"
            text = f"{record.levelname} {record.name}: {where}: cannot be formatted ({type(error).__name__})"
        return redact(text, self.secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line without the traceback, its control characters spelled out."""
        return _printable(super().formatMessage(record))

    def formatException(self, ei: logging._SysExcInfoType) -> str:  # noqa: N802 - logging's name
        """The traceback's lines, indented, their control characters spelled out."""
        return "\n".join("    " + _printable(line) for line in super().formatException(ei).split("\n"))


class _Stderr(logging.Handler):
    """Writes to whatever `sys.stderr` is at the moment, as others may replace it."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed: there is no one left to tell
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()


def _printable(line: str) -> str:
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], line)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("Stopped by an uncaught exception", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if issubclass(args.exc_type, SystemExit):  # a way for a thread to end, not an error
        return
    name = args.thread.name if args.thread else "unknown"
    _log.error("Uncaught exception in thread %s", name, exc_info=args.exc_value)


def _unraisable(args: sys.UnraisableHookArgs) -> None:
    _log.error("%s: %r", args.err_msg or "Exception ignored in", args.object, exc_info=args.exc_value)
