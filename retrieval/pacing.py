"""When a feed is looked at again: numbers in, numbers out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime

from retrieval.feedstate import State
from retrieval.subscriptions import LEAST, MOST

DAY = 24 * 3600
"""Seconds after which a feed that fails is a matter for people."""
_LONGEST = 6 * 3600
"""Seconds between two tries of a feed that fails, unless it is looked at less often anyway."""
_SPREAD = 0.1
"""By how much looks are spread, as a part of the time between them, so that many bots do not come at once."""


def succeeded(state: State, every: int, now: float, chance: float) -> State:
    """The state behind a look that went well; `chance` is a random number from 0 to 1."""
    return replace(
        state,
        next=now + every * (1 + _SPREAD * chance),
        failures=0, failing_since=None, error=None, told=None, succeeded=now,
    )  # fmt: skip


def failed(  # noqa: PLR0917 - what the next look depends on
    state: State, every: int, now: float, chance: float, error: str, asked: float | None = None
) -> State:
    """The state behind a look that failed with `error`: each further one waits twice as long, up to six hours.

    `asked` is the seconds that the server asked to wait; it gets them, up to a week.
    """
    wait = min(every * 2.0 ** min(state.failures, 16), max(every, _LONGEST))
    wait = max(wait * (1 + _SPREAD * (2 * chance - 1)), LEAST, min(asked or 0.0, MOST))
    return replace(
        state,
        next=now + wait,
        failures=state.failures + 1,
        failing_since=now if state.failing_since is None else state.failing_since,
        error=error,
    )


def is_failing(state: State, now: float) -> bool:
    """Whether the feed has not been read for a day, though it was tried."""
    return state.failing_since is not None and now - state.failing_since >= DAY


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that the header Retry-After asks to wait, which gives them or a date; None where it does neither."""
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        at = parsedate_to_datetime(given)
    except (ValueError, TypeError, IndexError):
        return None
    return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now)
