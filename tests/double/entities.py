"""Formatted text as Telegram understands it: TDLib itself parses, and its names become those of the Bot API."""

import html
import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

import tdjson

Json = dict[str, Any]

PARSE_MODES: dict[str, Json] = {
    "html": {"@type": "textParseModeHTML"},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
}

_NAMES = {
    "BankCardNumber": "bank_card_number",
    "BlockQuote": "blockquote",
    "Bold": "bold",
    "BotCommand": "bot_command",
    "Cashtag": "cashtag",
    "Code": "code",
    "CustomEmoji": "custom_emoji",
    "EmailAddress": "email",
    "ExpandableBlockQuote": "expandable_blockquote",
    "Hashtag": "hashtag",
    "Italic": "italic",
    "Mention": "mention",
    "MentionName": "text_mention",
    "PhoneNumber": "phone_number",
    "Pre": "pre",
    "PreCode": "pre",
    "Spoiler": "spoiler",
    "Strikethrough": "strikethrough",
    "TextUrl": "text_link",
    "Underline": "underline",
    "Url": "url",
}
# Inside these Telegram looks for no links, mentions or commands of its own.
_OPAQUE = {"code", "pre", "text_link", "text_mention"}
_BLANK = {chr(code) for code in range(32)} - {"\n", "\r"}
_REMOVED = {"\r", "\u030a", "\u0333", "\u033f", *map(chr, range(0x2028, 0x202F))}
_BLANK_OR_REMOVED = re.compile(f"[{''.join(_BLANK | _REMOVED)}]")


class Formatted(NamedTuple):
    """A text and its entities in Bot API form; offsets and lengths count UTF-16 code units."""

    text: str
    entities: list[Json]


def copied(data: Any) -> Any:
    """A copy of plain JSON data that shares no list or object with it."""
    if isinstance(data, dict):
        return {key: copied(value) for key, value in data.items()}
    if isinstance(data, list):
        return [copied(value) for value in data]
    return data


class MarkupError(ValueError):
    """TDLib cannot parse the markup; the message is TDLib's own."""


def parse(text: str, mode: str) -> Formatted:
    """What TDLib makes of a text in a parse mode (a key of PARSE_MODES), before any tidying.

    Raises MarkupError with TDLib's message.
    """
    answer = _execute({"@type": "parseTextEntities", "text": text, "parse_mode": PARSE_MODES[mode]})
    if answer["@type"] == "error":
        raise MarkupError(answer["message"])
    return Formatted(answer["text"], _bot_api_entities(answer["entities"]))


def detect(text: str) -> list[Json]:
    """The entities Telegram finds by itself in a plain text: commands, links, mentions and so on."""
    return _bot_api_entities(_execute({"@type": "getTextEntities", "text": text})["entities"])


def tidy(text: str, entities: list[Json]) -> Formatted:
    """The text as Telegram stores it: control characters blanked or removed, the ends trimmed.

    The start is trimmed only up to the first entity. Entities move along; those left empty go.
    """
    if text.strip(" \n") == text and not _BLANK_OR_REMOVED.search(text):
        return Formatted(text, [entity for entity in entities if entity["length"] > 0])
    first = min((entity["offset"] for entity in entities), default=utf16_length(text))
    pieces = ["" if char in _REMOVED else " " if char in _BLANK else char for char in text]
    for index in range(len(pieces) - 1, -1, -1):
        if pieces[index] not in {"", " ", "\n"}:
            break
        pieces[index] = ""
    # Leading blanks are one unit wide each, so the index is the UTF-16 offset as long as the loop runs.
    for index in range(min(first, len(pieces))):
        if pieces[index] not in {"", " ", "\n"}:
            break
        pieces[index] = ""
    moved = {0: 0}
    old = new = 0
    for char, piece in zip(text, pieces, strict=True):
        old += utf16_length(char)
        new += utf16_length(piece)
        moved[old] = new
    kept = [
        {**entity, "offset": start, "length": end - start}
        for entity in entities
        if (start := moved[entity["offset"]]) < (end := moved[entity["offset"] + entity["length"]])
    ]
    return Formatted("".join(pieces), kept)


def with_detected(formatted: Formatted) -> Formatted:
    """The same text with Telegram's own finds added wherever no link or code covers them."""
    opaque = [entity for entity in formatted.entities if entity["type"] in _OPAQUE]
    found = [
        entity
        for entity in detect(formatted.text)
        if not any(
            entity["offset"] < other["offset"] + other["length"]
            and other["offset"] < entity["offset"] + entity["length"]
            for other in opaque
        )
    ]
    ordered = sorted([*formatted.entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(formatted.text, ordered)


@lru_cache(maxsize=1024)
def is_link(url: str) -> bool:
    """Whether TDLib accepts the address as a link; otherwise it turns the link into plain text."""
    return bool(parse(f'<a href="{html.escape(url)}">x</a>', "html").entities)


def find_quote(text: str, quote: str, position: int) -> int | None:
    """Where TDLib finds a quote in a text, nearest to a position; None if it is not there."""
    request = {"@type": "searchQuote", "quote_position": position}
    for name, value in (("text", text), ("quote", quote)):
        request[name] = {"@type": "formattedText", "text": value, "entities": []}
    found: int | None = _execute(request).get("position")
    return found


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units, the unit of every offset of the Bot API."""
    return len(text) + sum(char > "\uffff" for char in text)


def _execute(request: Json) -> Json:
    answer: Json = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    return answer


def _bot_api_entities(found: list[Json]) -> list[Json]:
    return [
        {"type": name, "offset": entity["offset"], "length": entity["length"], **_details(entity["type"])}
        for entity in found
        # A kind the Bot API has no name for (a media timestamp) never reaches a bot.
        if (name := _NAMES.get(entity["type"]["@type"].removeprefix("textEntityType")))
    ]


def _details(kind: Json) -> Json:
    details: Json = {key: kind[key] for key in ("url", "language", "custom_emoji_id") if key in kind}
    if "user_id" in kind:
        details["user"] = {"id": kind["user_id"], "is_bot": False, "first_name": f"User {kind['user_id']}"}
    return details


_execute({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})
