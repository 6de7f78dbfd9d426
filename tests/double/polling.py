"""getUpdates: a call that waits for updates, until there are some or another one ends it."""

from collections.abc import Callable
from contextlib import suppress
from itertools import islice

from aiohttp import web

from tests.double.changes import Changes
from tests.double.entities import Json
from tests.double.methods import Account
from tests.double.parameters import RefusedError
from tests.double.reading import has_hung_up

_MAX_SECONDS = 50
_MAX_UPDATES = 100


class Polls:
    """The getUpdates calls; `ended` says when none may wait any longer."""

    def __init__(self, account: Account, changes: Changes, ended: Callable[[], bool]) -> None:
        self._account = account
        self._changes = changes
        self._ended = ended
        self._latest = 0
        self._waiting: dict[int, web.BaseRequest] = {}

    @property
    def waiting(self) -> bool:
        """Whether a caller waits for updates now."""
        return not all(map(has_hung_up, self._waiting.values()))

    async def updates(self, params: Json, request: web.BaseRequest) -> list[Json]:
        """The updates for a call; raises RefusedError where another call ends this one."""
        account = self._account
        account.start_poll(params)
        self._latest += 1
        this = self._latest
        self._waiting[this] = request
        self._changes.tell()  # ends the poll before, and shows what was confirmed
        with suppress(TimeoutError):
            await self._changes.until(
                lambda: bool(account.pending or account.webhook) or self._latest != this or self._ended(),
                min(params.get("timeout", 0), _MAX_SECONDS),
            )
        del self._waiting[this]
        if account.webhook is not None:
            raise RefusedError(409, "Conflict: terminated by setWebhook request")
        if self._latest != this:
            raise RefusedError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return list(
            islice(account.pending.values(), max(1, min(params.get("limit", _MAX_UPDATES), _MAX_UPDATES)))
        )
