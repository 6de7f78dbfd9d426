"""What a failed call to Telegram means for the update that caused it."""

from enum import Enum

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.transport import UNSENT

_TOO_LATE = "query is too old"


class Trouble(Enum):
    """Kinds of failure; the values are what metrics and logs call them."""

    UNREACHED = "unreached"
    """The request did not get to Telegram."""
    FAILED = "failed"
    """Telegram itself, or the proxy before it, answered that it failed (a 5xx status)."""
    UNSURE = "unsure"
    """The request was sent and no answer came: it may have been carried out."""
    BUSY = "busy"
    """Telegram asked to wait, again and again."""
    REVOKED = "revoked"
    """Telegram does not know the token."""
    TOO_LATE = "too-late"
    """The query was too old to be answered; nobody waits any more."""
    BLOCKED = "blocked"
    """The reader or the group does not want the bot."""
    REFUSED = "refused"
    """Telegram refused this very request; it would again."""
    FAULT = "fault"
    """Anything else: a fault of the bot."""


def trouble_of(error: BaseException) -> Trouble:
    """The kind of failure that an exception of a handler stands for."""
    kinds: dict[type[BaseException], Trouble] = {
        RetryAfter: Trouble.BUSY,
        InvalidToken: Trouble.REVOKED,
        Forbidden: Trouble.BLOCKED,
        ChatMigrated: Trouble.REFUSED,
        # A BadRequest is a NetworkError for the library, and no error of the network.
        BadRequest: Trouble.REFUSED,
    }
    if isinstance(error, BadRequest) and _TOO_LATE in error.message.lower():
        return Trouble.TOO_LATE
    for kind, trouble in kinds.items():
        if isinstance(error, kind):
            return trouble
    return _of_network(error) if isinstance(error, NetworkError) else Trouble.FAULT


def was_sent(error: BaseException) -> bool:
    """False where a cause of the error proves that the request never left."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, UNSENT):
            return False
        cause = cause.__cause__
    return True


def _of_network(error: NetworkError) -> Trouble:
    if not was_sent(error):
        return Trouble.UNREACHED
    # The library raises a NetworkError of its own, from nothing or from a body it cannot read, for a status
    # that says "error"; one from the transport has the transport's exception as its cause.
    came_back = error.__cause__ is None or type(error.__cause__).__module__.startswith("telegram")
    return Trouble.FAILED if came_back and type(error) is NetworkError else Trouble.UNSURE
