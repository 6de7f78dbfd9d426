"""A loopback double of the Telegram Bot API: as strict as Telegram, and silent about nothing.

Where Telegram would quietly drop something (an entity, a link, a button), the double refuses the call
with a description that starts with "DOUBLE:", so that a test sees it. It hands updates over by getUpdates or
by webhook, and on demand it is slow, asleep or no longer knows the token.
"""

from tests.double.calls import Call
from tests.double.server import TOKEN, BotApi
from tests.double.webhook import Delivery

__all__ = ["TOKEN", "BotApi", "Call", "Delivery"]
