"""The one way in: what Telegram handed over is read, kept in the inbox, and put into its lane."""

import json
import time
from collections.abc import Iterable, Mapping

from telegram import Bot, Update

from bot.inbox import LARGEST, Inbox, Received
from bot.lanes import Lanes
from bot.metrics import Metrics

_KINDS = ("message", "callback_query", "inline_query", "guest_message")


class Intake:
    """Takes bodies, as Telegram posts them; `take` returns when they are on the disk."""

    def __init__(self, bot: Bot, inbox: Inbox, lanes: Lanes, metrics: Metrics) -> None:
        self._bot = bot
        self._inbox = inbox
        self._lanes = lanes
        self._metrics = metrics

    async def take(self, bodies: Iterable[bytes]) -> None:
        """Keeps the updates and starts on those that are new; what is no update is kept aside and counted.

        Raises sqlite3.Error where they could not be kept: Telegram must then keep them.
        """
        updates = []
        for body in bodies:
            try:
                updates.append(received(body, self._bot, time.time()))
            # The library raises whatever it stumbles over.
            except Exception as error:  # noqa: BLE001 - the body is kept, and its sender would send it for a day
                await self._inbox.put_malformed(body, f"{type(error).__name__}: {error}"[:300])
                self._metrics.errors.labels("malformed").inc()
        new = await self._inbox.put(updates)
        for update in new:
            self._metrics.updates.labels(update.kind).inc()
        self._metrics.again.inc(len(updates) - len(new))
        self._lanes.take(new)


def received(body: bytes, bot: Bot, now: float) -> Received:
    """The update in a body. Raises ValueError, or what the library raises, where it is none."""
    text = body.decode()  # not left to json, which takes UTF-16 and a byte order mark as well
    data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("a JSON object was expected")  # noqa: TRY004 - the value is wrong, not the call
    number = data.get("update_id")
    if type(number) is not int or not 0 <= number <= LARGEST:
        raise ValueError("update_id is missing or no number")
    update = read(data, bot)
    chat, user = update.effective_chat, update.effective_user
    sender = 0 if user is None else user.id
    lane = sender if chat is None else chat.id
    if not all(type(one) is int and abs(one) <= LARGEST for one in (lane, sender)):
        raise ValueError("an id is no number, or too large a one")
    kind = next((kind for kind in _KINDS if getattr(update, kind) is not None), "other")
    return Received(number, kind, lane, sender, text, now, parsed=update)


def read(data: Mapping[str, object], bot: Bot) -> Update:
    """The library's object for an update's JSON. Raises whatever the library stumbles over."""
    update = Update.de_json(dict(data), bot)
    if update is None:
        raise ValueError("the update is empty")
    return update
