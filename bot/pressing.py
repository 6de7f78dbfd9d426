"""The press of a button, as the handlers of admins' buttons take it."""

from contextlib import suppress
from dataclasses import dataclass

from telegram import CallbackQuery, Message
from telegram.error import BadRequest

from bot.texts import Catalogue


@dataclass(frozen=True)
class Press:
    """A button that was pressed, its data being `kind:action:argument`, and the language of who pressed it."""

    query: CallbackQuery
    texts: Catalogue
    action: str
    argument: str

    @property
    def message(self) -> Message | None:
        """The message under which the button stands; None where it is out of reach."""
        message = self.query.message
        return message if isinstance(message, Message) and message.is_accessible else None

    async def answer(self, notice: str | None) -> None:
        """Ends the waiting at the button, with a notice where there is one."""
        with suppress(BadRequest):  # too old to be answered: what was asked for is done all the same
            await self.query.answer(notice, show_alert=notice is not None)
