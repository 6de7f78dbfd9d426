"""The chats of the bot's account: who can be written to, their messages and topics."""

import time
from collections import Counter
from typing import Any

from tests.double import entities, rules
from tests.double.entities import Json
from tests.double.parameters import RefusedError, bad_request, quiet_loss

GENERAL = 1  # the topic every forum has; its messages carry no thread
_SUPERGROUP = "-100"  # how the id of a supergroup begins


class Chats:
    """What was written where; a message is a JSON object in Bot API form."""

    def __init__(self) -> None:
        self.known: dict[int, Json] = {}
        self.messages: dict[tuple[int, int], Json] = {}
        self.deleted: dict[tuple[int, int], Json] = {}
        self.blocked: set[int] = set()
        self._topics: set[tuple[int, int]] = set()
        self._migrated: dict[int, int] = {}
        self._last_message = Counter[int]()

    def chat(self, chat: int) -> Json:
        """The chat as updates show it, known to the bot or not yet."""
        if chat in self.known:
            return self.known[chat]
        if chat > 0:
            return {"id": chat, "type": "private", "first_name": f"Reader {chat}"}
        kind = "supergroup" if str(chat).startswith(_SUPERGROUP) else "group"
        return {"id": chat, "type": kind, "title": f"Group {chat}"}

    def next_message_id(self, chat: int) -> int:
        """The id of a new message; ids count up per chat."""
        self._last_message[chat] += 1
        return self._last_message[chat]

    def keep(self, message: Json, *, edited: bool = False) -> None:
        """Takes in a message of an update; the chat and the topic are known from then on."""
        chat, message_id = message["chat"]["id"], message["message_id"]
        self.known[chat] = self.known.get(chat, {}) | message["chat"]
        if not message.get("date", 1):
            return  # not accessible any more
        if edited or (chat, message_id) not in self.messages:
            self.messages[chat, message_id] = message
        if message.get("is_topic_message"):
            self._topics.add((chat, message["message_thread_id"]))
        self._last_message[chat] = max(self._last_message[chat], message_id)

    def delete(self, key: tuple[int, int]) -> None:
        """Removes a message; what shows it from now on shows it as gone. Raises KeyError."""
        self.deleted[key] = self.messages.pop(key)

    def migrate(self, old: int, new: int) -> None:
        """Turns a group into a supergroup with another id. Raises ValueError for wrong kinds of chats."""
        if self.chat(old)["type"] != "group" or self.chat(new)["type"] != "supergroup":
            raise ValueError(f"only a group becomes a supergroup: {old}, {new}")
        self._migrated[old] = new
        self.known[new] = {**self.chat(new), "title": self.chat(old)["title"]}

    def open_topic(self, chat: int, thread: int, author: Json) -> None:
        """Makes the chat a forum with this topic, unless it is one. Raises ValueError where none can be."""
        if (chat, thread) in self._topics:
            return
        if self.chat(chat)["type"] != "supergroup":
            raise ValueError(f"only a supergroup has topics: {chat}")
        if thread == GENERAL or (chat, thread) in self.messages:
            raise ValueError(f"{thread} is no topic of chat {chat}")
        self.known[chat] = {**self.chat(chat), "is_forum": True}
        self.keep(
            {
                "message_id": thread,
                "from": author,
                "chat": self.known[chat],
                "date": int(time.time()),
                **_in_topic(thread),
                "forum_topic_created": {"name": f"Topic {thread}", "icon_color": 7322096},
            }
        )

    def thread_fields(self, chat: int, thread: int | None, reply: Json | None) -> Json:
        """The fields that say which thread a new message is in and which message it answers.

        A message in a topic that answers none shows the topic's first message as the answered one.
        """
        if thread is None and reply and reply.get("is_topic_message"):
            thread = reply["message_thread_id"]
        if thread is not None:
            answered = reply or self.messages.get((chat, thread))
            return _in_topic(thread) | _answering(answered)
        if reply and self.chat(chat)["type"] == "supergroup" and "is_forum" not in self.chat(chat):
            # A chain of replies is a thread as well, but no topic.
            return {
                "message_thread_id": reply.get("message_thread_id", reply["message_id"]),
                **_answering(reply),
            }
        return _answering(reply)

    def current(self, message: Json) -> Json:
        """The message with the one it answers as that is now, or without it if it was deleted."""
        reply = message.get("reply_to_message")
        if reply is None:
            return message
        key = (reply["chat"]["id"], reply["message_id"])
        alone = {name: value for name, value in message.items() if name != "reply_to_message"}
        return alone if key in self.deleted else alone | _answering(self.messages.get(key, reply))

    def find(self, params: Json) -> Json:
        """The chat of a call; raises RefusedError if there is none or it has moved."""
        if "chat_id" not in params:
            raise bad_request("chat_id is empty")
        chat = self.known.get(params["chat_id"])
        if chat is None:
            raise bad_request("chat not found")
        if chat["id"] in self._migrated:
            raise RefusedError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": self._migrated[chat["id"]]},
            )
        return chat

    def find_writable(self, params: Json) -> Json:
        """The chat of a call that writes to it; raises RefusedError if the bot may not."""
        chat = self.find(params)
        if chat["id"] in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return chat

    def find_thread(self, chat: int, params: Json) -> int | None:
        """The topic a call writes to; raises RefusedError if the chat has no such topic."""
        thread: int | None = params.get("message_thread_id")
        if thread is not None and (chat, thread) not in self._topics:
            raise bad_request("message thread not found")
        return thread

    def find_message(self, params: Json, missing: str) -> tuple[int, int]:
        """The chat and message id of a call about a message; raises RefusedError if it is not there."""
        if "inline_message_id" in params:
            raise quiet_loss("inline messages are not part of the double")
        chat = self.find(params)
        if "message_id" not in params:
            raise bad_request("message identifier is not specified")
        key = (chat["id"], params["message_id"])
        if key not in self.messages:
            raise bad_request(missing)
        return key

    def find_replied(self, chat: int, reply: Any) -> tuple[Json | None, Json]:
        """The message that `reply_parameters` point at, and the field with the quote, if any.

        Raises RefusedError if the message or the quoted text is not there.
        """
        if reply is None:
            return None, {}
        if not isinstance(reply, dict) or "message_id" not in reply:
            raise bad_request("can't parse reply parameters: Can't find field \"message_id\"")
        message = self.messages.get((reply.get("chat_id", chat), reply["message_id"]))
        if message is None:
            if not reply.get("allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
            return None, {}
        quote = rules.quote(reply)
        if not quote.text:
            return message, {}
        position = entities.find_quote(message.get("text", ""), quote.text, reply.get("quote_position", 0))
        if position is None:
            raise bad_request("QUOTE_TEXT_INVALID")
        found = {"text": quote.text, "entities": quote.entities, "position": position, "is_manual": True}
        return message, {"quote": {name: value for name, value in found.items() if value != []}}


def _in_topic(thread: int) -> Json:
    return {"message_thread_id": thread, "is_topic_message": True}


def _answering(message: Json | None) -> Json:
    if message is None:
        return {}
    # An answered message never shows a further one inside.
    return {"reply_to_message": {key: value for key, value in message.items() if key != "reply_to_message"}}
