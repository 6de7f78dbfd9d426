"""The bot's account as Telegram keeps it: chats, messages, queries, commands, and what each method changes."""

import re
import time
from collections import OrderedDict
from functools import partialmethod
from itertools import islice
from typing import Any, NamedTuple

from tests.double import inline, rules
from tests.double.chats import Chats
from tests.double.entities import Formatted, Json, copied
from tests.double.files import Files
from tests.double.parameters import PARAMETERS, RefusedError, bad_request
from tests.double.rates import Rates
from tests.double.registration import Registration, allowed_updates, registration

_RARE_UPDATES = {"chat_member", "message_reaction", "message_reaction_count"}  # sent only when asked for
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_PYTHON_NAMES = {
    method: re.sub("[A-Z]", lambda capital: "_" + capital[0].lower(), method) for method in PARAMETERS
}


class Described(NamedTuple):
    """A result that comes with a sentence about it."""

    result: Any
    description: str = ""


class Account:
    """The state of one bot; each public method named like a Bot API method carries that method out.

    These take the typed parameters, return the result and raise RefusedError.
    """

    def __init__(self, token: str, rates: Rates | None = None) -> None:
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Dayek",
            "username": "dayek_double_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.chats = Chats()
        self.files = Files()
        self.open_queries: set[str] = set()
        self.open_inline_queries: dict[str, Json] = {}
        self.inline_answers: list[Json] = []
        self.pending: OrderedDict[int, Json] = OrderedDict()  # the updates not confirmed yet, by update_id
        self.webhook: Registration | None = None
        self.webhook_error: tuple[int, str] | None = None  # when an update could not be delivered, and why
        self._allowed: list[str] = []
        self._logged_out = False
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self._profile: dict[tuple[str, str], str] = {}
        self._rates = rates
        self._last_update = 700_000_000

    def call(self, method: str, params: Json) -> Described:
        """Carries out a method by its Bot API name and returns a result nobody else holds."""
        if self._logged_out:
            raise bad_request("logged out")
        result = getattr(self, _PYTHON_NAMES[method])(params)
        if isinstance(result, Described):
            return result
        return Described(copied(result))

    def queue(self, update: Json) -> int:
        """Keeps an update for the bot unless its kind is not asked for; returns the update_id."""
        self._last_update += 1
        kind, content = next(iter(update.items()))
        if kind == "callback_query":
            self.open_queries.add(content["id"])
        if kind == "inline_query":
            self.open_inline_queries[content["id"]] = content
        message = content if "message_id" in content else content.get("message", {})
        if "chat" in message:
            self.chats.keep(message, edited=kind == "edited_message")
        if kind in self._allowed or (not self._allowed and kind not in _RARE_UPDATES):
            self.pending[self._last_update] = copied({"update_id": self._last_update, **update})
        return self._last_update

    def start_poll(self, params: Json) -> None:
        """What getUpdates does at once: confirms by offset and remembers the kinds asked for."""
        if self.webhook is not None:
            raise RefusedError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._remember_allowed(allowed_updates(params))
        offset = params.get("offset", 0)
        if offset < 0:
            offset = next(islice(reversed(self.pending), -offset - 1, None), 0)
        while self.pending and next(iter(self.pending)) < offset:
            self.pending.popitem(last=False)

    def as_user(self) -> Json:
        """The bot as the sender or member it is in messages and updates."""
        return {key: self.me[key] for key in ("id", "is_bot", "first_name", "username")}

    def get_me(self, _params: Json) -> Json:
        return self.me

    def get_file(self, params: Json) -> Json:
        return self.files.get(params)

    def log_out(self, _params: Json) -> bool:
        self._logged_out = True
        return True

    def close(self, _params: Json) -> bool:
        return True

    def set_webhook(self, params: Json) -> Described:
        if not params.get("url"):
            return self.delete_webhook(params)
        if self._rates:
            self._rates.set_webhook()
        before, self.webhook = self.webhook, None  # Telegram ends the old one before it looks at the new one
        allowed, wanted = allowed_updates(params), registration(params)
        self._remember_allowed(allowed)
        if wanted == before and not params.get("drop_pending_updates"):
            self.webhook = before
            return Described(result=True, description="Webhook is already set")
        self._drop(params)
        self.webhook, self.webhook_error = wanted, None
        return Described(result=True, description="Webhook was set")

    def delete_webhook(self, params: Json) -> Described:
        self._remember_allowed(allowed_updates(params))
        self._drop(params)
        before, self.webhook, self.webhook_error = self.webhook, None, None
        return Described(
            result=True, description="Webhook was deleted" if before else "Webhook is already deleted"
        )

    def get_webhook_info(self, _params: Json) -> Json:
        info: Json = {
            "url": self.webhook.url if self.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
        }
        if self.webhook_error:
            info["last_error_date"], info["last_error_message"] = self.webhook_error
        if self.webhook:
            info["max_connections"] = self.webhook.max_connections
            if self.webhook.ip_address:
                info["ip_address"] = self.webhook.ip_address
        if self._allowed:
            info["allowed_updates"] = self._allowed
        return info

    def set_my_commands(self, params: Json) -> bool:
        audience = rules.audience(params)
        if "chat_id" in (params.get("scope") or {}):
            self.chats.find(params["scope"])
        self._commands[audience] = rules.commands(params)
        return True

    def get_my_commands(self, params: Json) -> list[Json]:
        return self._commands.get(rules.audience(params), [])

    def delete_my_commands(self, params: Json) -> bool:
        self._commands.pop(rules.audience(params), None)
        return True

    def _set_profile(self, field: str, params: Json) -> bool:
        self._profile[field, rules.language(params)] = rules.profile_text(field, params)
        return True

    def _get_profile(self, field: str, params: Json) -> Json:
        default = self._profile.get((field, "")) or (self.me["first_name"] if field == "name" else "")
        return {field: self._profile.get((field, rules.language(params))) or default}

    set_my_name = partialmethod(_set_profile, "name")
    get_my_name = partialmethod(_get_profile, "name")
    set_my_description = partialmethod(_set_profile, "description")
    get_my_description = partialmethod(_get_profile, "description")
    set_my_short_description = partialmethod(_set_profile, "short_description")
    get_my_short_description = partialmethod(_get_profile, "short_description")

    def send_message(self, params: Json) -> Json:
        chat = self.chats.find_writable(params)
        text = rules.message_text(params)
        keyboard = rules.inline_keyboard(params.get("reply_markup"))
        reply, quote = self.chats.find_replied(chat["id"], params.get("reply_parameters"))
        thread = self.chats.find_thread(chat["id"], params)
        if self._rates:
            self._rates.send(chat["id"])
        message = {
            "message_id": self.chats.next_message_id(chat["id"]),
            "from": self.as_user(),
            "chat": chat,
            "date": int(time.time()),
            **self.chats.thread_fields(chat["id"], thread, reply),
            **quote,
            **_content(text, keyboard, params),
        }
        self.chats.keep(message)
        return message

    def edit_message_text(self, params: Json) -> Json:
        message = self._own_message(params)
        text = rules.message_text(params)
        keyboard = rules.inline_keyboard(params.get("reply_markup"), only_inline=True)
        return self._edited(message, _content(text, keyboard, params))

    def edit_message_reply_markup(self, params: Json) -> Json:
        message = self._own_message(params)
        keyboard = rules.inline_keyboard(params.get("reply_markup"), only_inline=True)
        content = {
            key: message[key] for key in ("text", "entities", "link_preview_options") if key in message
        }
        return self._edited(message, content | ({"reply_markup": keyboard} if keyboard else {}))

    def delete_message(self, params: Json) -> bool:
        self.chats.delete(self.chats.find_message(params, "message to delete not found"))
        return True

    def answer_callback_query(self, params: Json) -> bool:
        query = params.get("callback_query_id")
        if query not in self.open_queries:
            raise bad_request(_TOO_OLD)
        if len(params.get("text", "")) > rules.MAX_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        self.open_queries.remove(query)
        return True

    def answer_inline_query(self, params: Json) -> bool:
        answer = inline.answer(params)
        query = self.open_inline_queries.pop(params.get("inline_query_id", ""), None)
        if query is None:
            raise bad_request(_TOO_OLD)
        asked = {"inline_query_id": query["id"], "query": query["query"], "offset": query["offset"]}
        self.inline_answers.append(asked | answer)
        return True

    def send_chat_action(self, params: Json) -> bool:
        self.chats.find_writable(params)
        rules.chat_action(params)
        return True

    def _remember_allowed(self, allowed: list[str] | None) -> None:
        if allowed is not None:
            self._allowed = allowed

    def _drop(self, params: Json) -> None:
        if params.get("drop_pending_updates"):
            self.pending.clear()

    def _own_message(self, params: Json) -> Json:
        key = self.chats.find_message(params, "message to edit not found")
        self.chats.find_writable(params)
        message = self.chats.messages[key]
        if message.get("from", {}).get("id") != self.me["id"]:
            raise bad_request("message can't be edited")
        return message

    def _edited(self, message: Json, content: Json) -> Json:
        compared = ("text", "entities", "reply_markup", "link_preview_options")
        if all(message.get(key) == content.get(key) for key in compared):
            raise bad_request(_NOT_MODIFIED)
        kept = {key: value for key, value in message.items() if key not in compared}
        edited = kept | content | {"edit_date": int(time.time())}
        self.chats.keep(edited, edited=True)
        return self.chats.current(edited)


def _content(text: Formatted, keyboard: Json | None, params: Json) -> Json:
    content = {
        "text": text.text,
        "entities": text.entities,
        "reply_markup": keyboard,
        "link_preview_options": params.get("link_preview_options"),
    }
    return {key: value for key, value in content.items() if value}
