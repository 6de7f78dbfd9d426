"""The parameters of each Bot API method the double knows, how they are read, and how a call is refused."""

import json
import re
from typing import Any

from tests.double.entities import Json


def words(text: str) -> frozenset[str]:
    """The names in a text that lists them."""
    return frozenset(text.split())


_CONTENT = "chat_id text parse_mode entities link_preview_options reply_markup business_connection_id "
_EDITED = "chat_id message_id inline_message_id reply_markup business_connection_id "
PARAMETERS: dict[str, frozenset[str]] = {
    method: words(names)
    for method, names in {
        "getMe": "",
        "getFile": "file_id",
        "logOut": "",
        "close": "",
        "getUpdates": "offset limit timeout allowed_updates",
        "setWebhook": "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
        "deleteWebhook": "drop_pending_updates",
        "getWebhookInfo": "",
        "setMyCommands": "commands scope language_code",
        "getMyCommands": "scope language_code",
        "deleteMyCommands": "scope language_code",
        "setMyName": "name language_code",
        "getMyName": "language_code",
        "setMyDescription": "description language_code",
        "getMyDescription": "language_code",
        "setMyShortDescription": "short_description language_code",
        "getMyShortDescription": "language_code",
        "sendMessage": _CONTENT + "message_thread_id disable_notification protect_content reply_parameters "
        "message_effect_id allow_paid_broadcast direct_messages_topic_id suggested_post_parameters",
        "sendChatAction": "chat_id action message_thread_id business_connection_id",
        "editMessageText": _CONTENT + _EDITED,
        "editMessageReplyMarkup": _EDITED,
        "deleteMessage": "chat_id message_id",
        "answerCallbackQuery": "callback_query_id text show_alert url cache_time",
        "answerInlineQuery": "inline_query_id results cache_time is_personal next_offset button",
    }.items()
}

_INTEGERS = words("chat_id message_id message_thread_id offset limit timeout cache_time max_connections")
_BOOLEANS = words(
    "disable_notification protect_content allow_paid_broadcast show_alert drop_pending_updates is_personal"
)
_OBJECTS = words(
    "allowed_updates commands scope entities link_preview_options reply_markup reply_parameters "
    "suggested_post_parameters results button"
)


class RefusedError(Exception):
    """A call that is not accepted: HTTP status, the answer's description and its `parameters`."""

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters or {}


def bad_request(reason: str) -> RefusedError:
    """A 400 the way Telegram words it: the reason starts in lower case unless it is a CODE."""
    if reason[1:2].islower():
        reason = reason[0].lower() + reason[1:]
    return RefusedError(400, f"Bad Request: {reason}")


def quiet_loss(reason: str) -> RefusedError:
    """A 400 of the double's own, for what Telegram would accept and then silently spoil."""
    return RefusedError(400, f"DOUBLE: {reason}")


def typed(method: str, raw: Json) -> Json:
    """The parameters of a call with numbers, booleans and JSON values read from their text form.

    Raises RefusedError for an unknown parameter or a value that cannot be read.
    """
    for name in raw:
        if name not in PARAMETERS[method]:
            raise quiet_loss(f"unknown parameter {name} of {method}")
    params = {name: _typed_value(name, value) for name, value in raw.items()}
    try:
        json.dumps(params, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return params


def _typed_value(name: str, value: Any) -> Any:
    if name in _OBJECTS:
        try:
            return json.loads(value) if isinstance(value, str) else value
        except json.JSONDecodeError:
            what = "reply keyboard markup" if name == "reply_markup" else name.replace("_", " ")
            raise bad_request(f"can't parse {what} JSON object") from None
    if name in _BOOLEANS:
        return str(value).lower() in {"true", "yes", "1"}
    if name in _INTEGERS and re.fullmatch(r"-?\d+", str(value)):
        return int(value)
    if name in _INTEGERS and name != "chat_id":
        raise quiet_loss(f"{name} is not a whole number: {value!r}")
    return str(value)
