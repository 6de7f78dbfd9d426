"""What Telegram accepts: checks without any state, each refusing in the wording of the Bot API server."""

import json
import re
from functools import lru_cache
from typing import Any

from tests.double import entities
from tests.double.entities import Formatted, Json
from tests.double.parameters import bad_request, quiet_loss, words

MAX_TEXT = 4096
MAX_ENTITIES = 100
MAX_ROW = 8
MAX_BUTTONS = 100
MAX_DATA_BYTES = 64
MAX_COPY_TEXT = 256
MAX_QUOTE = 1024
MAX_ANSWER = 200
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
PROFILE_LIMITS = {"description": 512, "short_description": 120, "name": 64}  # characters

_BUTTON_ACTIONS = words(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
)
_BUTTON_FIELDS = _BUTTON_ACTIONS | {"text", "style", "icon_custom_emoji_id"}
_CHAT_ACTIONS = words(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
_SCOPES = words(
    "default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member"
)


def message_text(params: Json) -> Formatted:
    """The text and entities a sendMessage or editMessageText results in; raises RefusedError."""
    text, mode = params.get("text", ""), params.get("parse_mode", "").lower()
    if not text:
        raise bad_request("message text is empty")
    if mode:
        formatted = _marked_up(text, mode)
    else:
        formatted = _settled(Formatted(text, _given_entities(text, params.get("entities"))))
    return Formatted(formatted.text, entities.copied(formatted.entities))


@lru_cache(maxsize=1024)
def _marked_up(text: str, mode: str) -> Formatted:
    # A bot under load says the same again and again; parsing and finding links is most of the work.
    return _settled(_parsed(text, mode))


def _settled(formatted: Formatted) -> Formatted:
    """The text as Telegram sends it; raises RefusedError."""
    if len(formatted.entities) > MAX_ENTITIES:
        raise quiet_loss(
            f"{len(formatted.entities)} entities; Telegram ignores all after the first {MAX_ENTITIES}"
        )
    formatted = entities.tidy(*formatted)
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if len(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return entities.with_detected(formatted)


def quote(reply: Json) -> Formatted:
    """The quoted text of reply parameters, empty for none; raises RefusedError."""
    text, mode = reply.get("quote") or "", reply.get("quote_parse_mode", "").lower()
    found = (
        _parsed(text, mode) if mode else Formatted(text, _given_entities(text, reply.get("quote_entities")))
    )
    if len(found.text) > MAX_QUOTE:
        raise bad_request("QUOTE_TEXT_INVALID")
    return found


def _parsed(text: str, mode: str) -> Formatted:
    if mode not in entities.PARSE_MODES:
        raise bad_request("unsupported parse_mode")
    try:
        formatted = entities.parse(text, mode)
    except entities.MarkupError as error:
        raise bad_request(str(error)) from None
    if mode == "html":
        tags = len(re.findall(r"<a[\s>]", text, re.IGNORECASE))
        links = sum(entity["type"] in {"text_link", "text_mention"} for entity in formatted.entities)
        if links < tags:
            raise quiet_loss(f"{tags} <a> tags but {links} links; Telegram shows the others as plain text")
    return formatted


def _given_entities(text: str, given: Any) -> list[Json]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(entity, dict) for entity in given):
        raise bad_request("can't parse MessageEntity: expected an Object")
    size = entities.utf16_length(text)
    for entity in given:
        start, length = entity.get("offset"), entity.get("length")
        if not isinstance(start, int) or not isinstance(length, int):
            raise bad_request("can't parse MessageEntity: Can't find field \"offset\"")
        if start < 0:
            raise bad_request(f"receive an entity with incorrect offset {start}")
        if start > size:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {start}")
        if start + length > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text "
                f"at UTF-16 offset {start + length}"
            )
        if not _whole(text, start, length):
            raise quiet_loss(f"the entity at UTF-16 offset {start} cuts a character in two")
    return given


def _whole(text: str, start: int, length: int) -> bool:
    """Whether a span of UTF-16 code units begins and ends between characters."""
    units = text.encode("utf-16-le", "surrogatepass")
    return not any(0xDC <= units[2 * at + 1] <= 0xDF for at in (start, start + length) if 2 * at < len(units))


def inline_keyboard(markup: Any, *, only_inline: bool = False) -> Json | None:
    """The inline keyboard a message will show; None for none, or for markup of another kind."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if only_inline and markup:
            raise bad_request("inline keyboard expected")
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    for row in rows:
        for button in row:
            _check_button(button)
        if len(row) > MAX_ROW:
            raise quiet_loss(f"{len(row)} buttons in a row; Telegram shows {MAX_ROW}")
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    rows = [row for row in rows if row]
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise quiet_loss("a button without text; Telegram leaves it out")
    if unknown := button.keys() - _BUTTON_FIELDS:
        raise quiet_loss(f"unknown button field {min(unknown)}")
    actions = button.keys() & _BUTTON_ACTIONS
    if not actions or button.get("callback_data") == "" or button.get("url") == "":
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise quiet_loss(
            f"a button with {len(actions)} actions: {', '.join(sorted(actions))}; Telegram takes one"
        )
    _check_action(actions.pop(), button)


def _check_action(action: str, button: Json) -> None:
    value = button[action]
    if action in {"callback_data", "url"} and not isinstance(value, str):
        raise bad_request(f'can\'t parse inline keyboard button: Field "{action}" must be of type String')
    if action == "callback_data" and len(value.encode()) > MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not entities.is_link(value):
        foreign = re.match(r"(?!https?:)\w+://", value, re.IGNORECASE)
        why = "Unsupported URL protocol" if foreign else "Wrong HTTP URL"
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: {why}")
    if action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def commands(params: Json) -> list[Json]:
    """The command list of a setMyCommands call; raises RefusedError."""
    given = params.get("commands", [])
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    for command in given:
        if not isinstance(command, dict):
            raise bad_request("can't parse BotCommand: expected an Object")
        if missing := {"command", "description"} - command.keys():
            raise bad_request(f"can't parse BotCommand: Can't find field \"{min(missing)}\"")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not command["description"].strip():
            raise bad_request("command description must be non-empty")
        if len(command["description"]) > MAX_COMMAND_DESCRIPTION:
            raise bad_request(f"command description length must not exceed {MAX_COMMAND_DESCRIPTION}")
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return given


def audience(params: Json) -> tuple[str, str]:
    """Whom commands are for: the scope in a comparable form, and the language code; raises RefusedError."""
    scope = params.get("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    return json.dumps(scope, sort_keys=True), language(params)


def language(params: Json) -> str:
    """A two-letter ISO 639-1 code, or "" for every language; raises RefusedError."""
    code: str = params.get("language_code", "")
    if not re.fullmatch(r"([a-z]{2})?", code):
        raise bad_request("invalid language code specified")
    return code


def profile_text(field: str, params: Json) -> str:
    """The bot's new name, description or short description; raises RefusedError when too long."""
    text: str = params.get(field, "")
    if len(text) > PROFILE_LIMITS[field]:
        raise quiet_loss(f"{field} is longer than {PROFILE_LIMITS[field]} characters: {len(text)}")
    return text


def chat_action(params: Json) -> None:
    """Checks the action of a sendChatAction call; raises RefusedError."""
    if params.get("action") not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
