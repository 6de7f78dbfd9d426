"""Whom to answer: a person who sends more than anybody reads gets one notice, then silence."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from math import inf
from typing import Literal

_MESSAGES, _SECONDS = 20, 10.0
_IDLE = 60.0
"""Seconds after which a person is forgotten."""
_MOST_USERS = 100_000
"""Above this the one quiet for longest is forgotten earlier, so that memory has an end."""

Verdict = Literal["answer", "notice", "ignore"]


class Floods:
    """What each person sent lately, and whether it was too much: over 20 messages within 10 seconds."""

    def __init__(self) -> None:
        self._users: OrderedDict[int, _Lately] = OrderedDict()  # the one quiet for longest comes first

    def seen(self, user: int, message: int, now: float) -> Verdict:
        """What to do with a message of the user that came at `now`, in seconds of a clock that never goes back.

        A message that is handled once more, by its number, counts once.

        Ignored messages count as well, so silence ends only when the person has slowed down. There is no
        second notice until nothing was ignored for ten seconds.
        """
        lately = self._users.setdefault(user, _Lately())
        self._users.move_to_end(user)
        if message in lately.verdicts:
            return lately.verdicts[message]
        is_too_much = lately.is_full(now)
        is_told = now - lately.too_much_at < _SECONDS
        lately.times.append(now)
        self._forget(now)
        verdict: Verdict = "answer"
        if is_too_much:
            lately.too_much_at = now
            verdict = "ignore" if is_told else "notice"
        lately.verdicts[message] = verdict
        if len(lately.verdicts) > 2 * _MESSAGES:
            del lately.verdicts[next(iter(lately.verdicts))]
        return verdict

    def _forget(self, now: float) -> None:
        while True:
            user, lately = next(iter(self._users.items()))
            if len(self._users) <= _MOST_USERS and now - lately.times[-1] < _IDLE:
                return
            del self._users[user]


@dataclass
class _Lately:
    times: deque[float] = field(default_factory=lambda: deque(maxlen=_MESSAGES))
    too_much_at: float = -inf
    verdicts: dict[int, Verdict] = field(default_factory=dict)

    def is_full(self, now: float) -> bool:
        return len(self.times) == _MESSAGES and now - self.times[0] < _SECONDS
