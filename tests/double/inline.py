"""What Telegram accepts as the answer to an inline query: articles with a text, a button above them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.double import entities, rules
from tests.double.entities import Json
from tests.double.parameters import RefusedError, bad_request, quiet_loss, words

MAX_QUERY = 256  # characters
MAX_RESULTS = 50
MAX_RESULT_ID_BYTES = 64
MAX_OFFSET_BYTES = 64
MAX_START_PARAMETER = 64
MAX_CACHE_SECONDS = 24 * 60 * 60
CACHE_SECONDS = 300

_RESULT_FIELDS = words(
    "type id title input_message_content reply_markup url hide_url description "
    "thumbnail_url thumbnail_width thumbnail_height"
)
_CONTENT_FIELDS = words("message_text parse_mode entities link_preview_options")
_BUTTON_FIELDS = words("text start_parameter web_app")
_ADDRESSES = {"url": "URL_INVALID", "thumbnail_url": "WEBDOCUMENT_URL_INVALID"}
# The Bot API server finds these while it reads a result, and says so; the others come from further behind.
_FOUND_IN_READING = re.compile(
    r"can't parse|unsupported parse_mode|object expected|field |(receive an )?entity"
)


def answer(params: Json) -> Json:
    """The answer as Telegram keeps it: each result with the `message` it would send; raises RefusedError."""
    button = _button(params.get("button"))
    given = params.get("results", [])
    if not isinstance(given, list):
        raise bad_request("expected an Array of inline query results")
    if len(given) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    results = [_result(result) for result in given]
    ids = [result["id"] for result in results]
    if any(not 1 <= len(result_id.encode()) <= MAX_RESULT_ID_BYTES for result_id in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    seconds = params.get("cache_time", CACHE_SECONDS)
    if not 0 <= seconds <= MAX_CACHE_SECONDS:
        raise quiet_loss(f"cache_time {seconds}; Telegram takes 0 to {MAX_CACHE_SECONDS}")
    if len(params.get("next_offset", "").encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    return {
        "results": results,
        "cache_time": seconds,
        "is_personal": params.get("is_personal", False),
        "next_offset": params.get("next_offset", ""),
        **({"button": button} if button else {}),
    }


def _result(result: Any) -> Json:
    if not isinstance(result, dict):
        raise _unreadable("Inline query result must be an object")
    kind = _text_field(result, "type").lower()
    _text_field(result, "id")
    if kind != "article":
        raise quiet_loss(f"an inline result of type {kind}; the double knows articles")
    _only(result, _RESULT_FIELDS, "an inline result")
    content = _content(result)
    with _reading():
        message = _message(content, result.get("reply_markup"))
    if not _text_field(result, "title").strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    for field, code in _ADDRESSES.items():
        if result.get(field) and not entities.is_link(result[field]):
            raise bad_request(code)
    return {**result, "type": kind, "message": message}


def _content(result: Json) -> Json:
    content = result.get("input_message_content")
    if content is None:
        raise _unreadable('Can\'t find field "message_text"')
    if not isinstance(content, dict):
        raise _unreadable('Field "input_message_content" must be of type Object')
    _only(content, _CONTENT_FIELDS, "a message content")
    if not content.get("message_text"):
        raise _unreadable("Input message content is not specified")
    return content


def _message(content: Json, markup: Any) -> Json:
    text = rules.message_text({**content, "text": content["message_text"]})
    keyboard = rules.inline_keyboard(markup, only_inline=True)
    message = {"text": text.text, "entities": text.entities, "reply_markup": keyboard}
    return {key: value for key, value in message.items() if value}


@contextmanager
def _reading() -> Iterator[None]:
    """Words a refusal of a message as one of an inline result."""
    try:
        yield
    except RefusedError as refusal:
        reason = refusal.description.removeprefix("Bad Request: ")
        if reason == "message is too long":
            raise bad_request("MESSAGE_TOO_LONG") from None
        if _FOUND_IN_READING.match(reason):
            raise _unreadable(reason[0].upper() + reason[1:]) from None
        raise


def _button(button: Any) -> Json | None:
    if button is None:
        return None
    what = "can't parse inline query results button: "
    if not isinstance(button, dict):
        raise bad_request(what + "InlineQueryResultsButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(what + 'Can\'t find field "text"')
    _only(button, _BUTTON_FIELDS, "the button above the results")
    if len(button.keys() & {"start_parameter", "web_app"}) != 1:
        raise bad_request(what + "InlineQueryResultsButton must have exactly one optional field")
    if not button["text"].strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if "web_app" in button:
        _check_web_app(button["web_app"], what)
    else:
        _check_start(button["start_parameter"], what)
    return button


def _check_start(parameter: Any, what: str) -> None:
    if not isinstance(parameter, str):
        raise bad_request(what + 'Field "start_parameter" must be of type String')
    if not parameter:
        raise bad_request("can't use empty start_parameter")
    if len(parameter.encode()) > MAX_START_PARAMETER:
        raise bad_request("too long start_parameter specified")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", parameter):
        raise bad_request("unallowed characters in start_parameter are used")


def _check_web_app(web_app: Any, what: str) -> None:
    url = web_app.get("url") if isinstance(web_app, dict) else None
    if not isinstance(url, str):
        raise bad_request(what + 'Can\'t find field "url"')
    if not url.startswith("https://") or not entities.is_link(url):
        raise bad_request("SWITCH_WEBVIEW_URL_INVALID")


def _only(given: Json, known: frozenset[str], what: str) -> None:
    if unknown := given.keys() - known:
        raise quiet_loss(f"unknown field {min(unknown)} of {what}")


def _text_field(result: Json, field: str) -> str:
    if field not in result:
        raise _unreadable(f'Can\'t find field "{field}"')
    value = result[field]
    if not isinstance(value, str):
        raise _unreadable(f'Field "{field}" must be of type String')
    return value


def _unreadable(reason: str) -> RefusedError:
    return bad_request(f"can't parse inline query result: {reason}")
