"""The other side of the chats: readers who type, ask inline, press buttons, delete and block."""

import itertools
import time
from typing import Any

from tests.double import entities, inline
from tests.double.entities import Json
from tests.double.methods import Account


class Readers:
    """What people do to the bot; each deed queues its update and returns the update_id.

    Without `chat` a deed takes place in the private chat with the reader.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._query_ids = itertools.count(4_000_000_001)

    @property
    def messages(self) -> dict[tuple[int, int], Json]:
        """The messages as they are now, by chat id and message id, as Telegram would return them."""
        return self._account.chats.messages

    @property
    def inline_answers(self) -> list[Json]:
        """The accepted answers to inline queries, in order.

        Each has inline_query_id, query, offset, results, cache_time, is_personal, next_offset and maybe
        button; each result has the `message` that choosing it would send.
        """
        return self._account.inline_answers

    @property
    def unanswered(self) -> set[str]:
        """The ids of the callback queries still waiting for answerCallbackQuery."""
        return self._account.open_queries

    @property
    def unanswered_inline(self) -> set[str]:
        """The ids of the inline queries still waiting for answerInlineQuery."""
        return set(self._account.open_inline_queries)

    def text(
        self,
        text: str,
        *,
        user: int = 7,
        chat: int | None = None,
        language: str | None = "kk",
        message_thread_id: int | None = None,
        reply_to: int | None = None,
        **message_fields: Any,
    ) -> int:
        """A reader sends a text message.

        `message_thread_id` is a topic, opened on first use; `reply_to` the id of a message of the chat
        (LookupError if there never was one), which `quote={"text": ...}` may quote. Commands, links,
        mentions and the like get their entities; `message_fields` add to the message or replace parts.
        """
        where, author = user if chat is None else chat, _user(user, language)
        chats = self._account.chats
        if where in chats.blocked:
            self.unblock(where)
        if message_thread_id is not None:
            chats.open_topic(where, message_thread_id, author)
        answered = None if reply_to is None else self._answered(where, reply_to)
        if "quote" in message_fields:
            message_fields["quote"] = _quote(message_fields["quote"], answered)
        message = {
            "message_id": chats.next_message_id(where),
            "from": author,
            "chat": chats.chat(where),
            "date": int(time.time()),
            **chats.thread_fields(where, message_thread_id, answered),
            "text": text,
            **({"entities": found} if (found := entities.detect(text)) else {}),
        }
        return self.update({"message": chats.current(message) | message_fields})

    def document(
        self,
        data: bytes,
        name: str | None,
        *,
        mime: str | None = None,
        size: int | None = None,
        user: int = 7,
        language: str | None = "kk",
        **message_fields: Any,
    ) -> int:
        """A reader sends a file to the bot; `size` is what Telegram says of it where `data` are not all of it."""
        message = {
            "message_id": self._account.chats.next_message_id(user),
            "from": _user(user, language),
            "chat": self._account.chats.chat(user),
            "date": int(time.time()),
            "document": self._account.files.add(data, name, mime, size),
        }
        return self.update({"message": message | message_fields})

    def expire_files(self) -> None:
        """Lets the paths that getFile gave grow too old."""
        self._account.files.expire()

    def inline(
        self, query: str, *, user: int = 7, language: str | None = "kk", offset: str = "", **query_fields: Any
    ) -> int:
        """A reader types an inline query in some chat. Raises ValueError if it is too long for Telegram."""
        if len(query) > inline.MAX_QUERY:
            raise ValueError(f"an inline query has at most {inline.MAX_QUERY} characters: {len(query)}")
        asked = {
            "id": str(next(self._query_ids)),
            "from": _user(user, language),
            "query": query,
            "offset": offset,
            "chat_type": "sender",
        }
        return self.update({"inline_query": asked | query_fields})

    def press(
        self,
        button_data: str,
        *,
        message_id: int,
        user: int = 7,
        chat: int | None = None,
        language: str | None = "kk",
    ) -> int:
        """A reader presses a button with this callback_data.

        A message deleted meanwhile comes as an inaccessible one. Raises LookupError if the message does
        not show, or did not show last, such a button.
        """
        where = user if chat is None else chat
        chats = self._account.chats
        message = chats.messages.get((where, message_id)) or chats.deleted[where, message_id]
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        if not any(button.get("callback_data") == button_data for row in rows for button in row):
            raise LookupError(f"message {message_id} has no button with the data {button_data!r}")
        gone = {"chat": chats.chat(where), "message_id": message_id, "date": 0}
        query = {
            "id": str(next(self._query_ids)),
            "from": _user(user, language),
            "message": chats.current(message) if (where, message_id) in chats.messages else gone,
            "chat_instance": f"-{where}",
            "data": button_data,
        }
        return self.update({"callback_query": query})

    def delete(self, message_id: int, *, user: int = 7, chat: int | None = None) -> None:
        """A message is deleted by its reader or an administrator; bots are not told. Raises LookupError."""
        self._account.chats.delete((user if chat is None else chat, message_id))

    def block(self, user: int = 7) -> int:
        """A reader blocks the bot: it cannot write to them until they unblock it or write again."""
        self._account.chats.blocked.add(user)
        return self._membership(user, "member", "kicked")

    def unblock(self, user: int = 7) -> int:
        """A reader lets the bot write again."""
        self._account.chats.blocked.discard(user)
        return self._membership(user, "kicked", "member")

    def migrate(self, old: int, new: int, *, user: int = 7) -> int:
        """A group becomes a supergroup with another id; both chats get their service message."""
        self._account.chats.migrate(old, new)
        self._service(old, user, {"migrate_to_chat_id": new})
        return self._service(new, user, {"migrate_from_chat_id": old})

    def update(self, update: Json) -> int:
        """Queues a raw update, given without update_id; returns the update_id.

        An update of a kind the bot has not asked for is dropped, as Telegram does.
        """
        update_id = self._account.queue(update)
        self._queued(update_id)
        return update_id

    def expire_queries(self) -> None:
        """Lets every unanswered callback and inline query grow too old to be answered."""
        self._account.open_queries.clear()
        self._account.open_inline_queries.clear()

    def _queued(self, update_id: int) -> None:
        """Is told of each update that was queued, also of one that was dropped at once."""
        raise NotImplementedError

    def _answered(self, chat: int, message_id: int) -> Json:
        chats = self._account.chats
        return chats.messages.get((chat, message_id)) or chats.deleted[chat, message_id]

    def _service(self, chat: int, user: int, content: Json) -> int:
        chats = self._account.chats
        message = {
            "message_id": chats.next_message_id(chat),
            "from": _user(user, None),
            "chat": chats.chat(chat),
            "date": int(time.time()),
        }
        return self.update({"message": message | content})

    def _membership(self, user: int, old: str, new: str) -> int:
        chats = self._account.chats
        chats.known[user] = chats.chat(user)
        bot = self._account.as_user()
        change = {
            "chat": chats.known[user],
            "from": _user(user, None),
            "date": int(time.time()),
            "old_chat_member": _member(bot, old),
            "new_chat_member": _member(bot, new),
        }
        return self.update({"my_chat_member": change})


def _quote(quote: Json, answered: Json | None) -> Json:
    text = (answered or {}).get("text", "")
    position = entities.find_quote(text, quote["text"], quote.get("position", 0))
    if position is None:
        raise LookupError(f"the answered message has no such text: {quote['text']!r}")
    return {"position": position, "is_manual": True} | quote


def _user(user: int, language: str | None) -> Json:
    known = {"id": user, "is_bot": False, "first_name": f"Reader {user}"}
    return known | ({"language_code": language} if language else {})


def _member(bot: Json, status: str) -> Json:
    return {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}
