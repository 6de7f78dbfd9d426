"""Telegram's side of a chat in the terminal: Bot API calls are answered and drawn here, not sent."""

import itertools
import json
import sys
import time
from dataclasses import dataclass
from http import HTTPStatus
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.style import Style
from rich.text import Text
from telegram.constants import MessageLimit
from telegram.request import BaseRequest, RequestData

from bot.drawing import Block, Markup, MarkupError, clean, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = dict[str, Any]

CHAT: JSON = {"id": 1, "type": "private", "first_name": "Reader"}
BOT: JSON = {"id": 0, "is_bot": True, "first_name": "Dayek", "username": "dayek_console_bot"}

_PIPE_WIDTH = 100
_ICONS = {"url": " ↗", "copy_text": " ⧉"}  # what Telegram's apps put on buttons that send nothing to the bot


def standard_screen() -> Console:
    """Standard output: as wide as its terminal, or 100 columns when it is none."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an encoding without Kazakh letters is no reason to stop
    return Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH)


class _RefusedError(Exception):
    """A call Telegram would answer with an error; the message is its description."""


@dataclass
class _Sent:
    """A message of the bot: as Telegram gives it back, as the bot wrote it, as it is drawn."""

    message: JSON
    source: tuple[object, object]
    blocks: list[Block]


class ConsoleRequest(BaseRequest):
    """Answers Bot API calls as Telegram would and draws what a reader would see."""

    def __init__(self, screen: Console | None = None) -> None:
        """Draws on the screen; None stands for standard output (see standard_screen)."""
        self.screen = screen or standard_screen()
        self.closed = False
        """Whether whoever was reading the output has gone (| head)."""
        self._hyperlinks = self.screen.is_terminal and self.screen.color_system is not None
        self._message_ids = itertools.count(1)
        self._sent: dict[int, _Sent] = {}
        self._typed: dict[int, JSON] = {}  # the reader's messages, which replies carry with them
        self._numbers: dict[tuple[int, str], str] = {}  # what is written on the button, by message
        self._buttons: dict[str, tuple[int, JSON]] = {}  # the way back
        self._calls: dict[str, Callable[[JSON], object]] = {
            "getMe": lambda _: BOT,
            "getMyCommands": lambda _: [],
            "getMyDescription": lambda _: {"description": ""},
            "getMyShortDescription": lambda _: {"short_description": ""},
            "sendMessage": self._send,
            "editMessageText": self._edit,
            "editMessageReplyMarkup": self._edit,
            "deleteMessage": self._delete,
            "answerCallbackQuery": self._notice,
        }

    @property
    def read_timeout(self) -> None:
        """None: nothing here waits for a network."""

    async def initialize(self) -> None:
        """Does nothing: there is no connection to open."""

    async def shutdown(self) -> None:
        """Does nothing: there is no connection to close."""

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 -- GET or POST makes no difference here
        request_data: RequestData | None = None,
        *_: object,
        **_timeouts: object,
    ) -> tuple[int, bytes]:
        """Telegram's answer: an HTTP status and JSON. A method that draws nothing succeeds with true."""
        call = self._calls.get(url.rpartition("/")[2])
        parameters = request_data.parameters if request_data else {}
        try:
            result = call(parameters) if call else True
        except _RefusedError as reason:
            status, description = HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}"
            return status, json.dumps(
                {"ok": False, "error_code": status, "description": description}
            ).encode()
        return HTTPStatus.OK, json.dumps({"ok": True, "result": result}).encode()

    def message(self, sender: JSON, text: str) -> JSON:
        """A new message of the chat, as the Bot API describes it; its message_id is the next one."""
        identity = {"message_id": next(self._message_ids), "date": int(time.time())}
        message = {**identity, "chat": CHAT, "from": sender, "text": text}
        if sender is not BOT:
            self._typed[identity["message_id"]] = message
        return message

    def button(self, number: str) -> tuple[JSON, JSON] | None:
        """The message and the button that a number stands for; None when there is no such button."""
        message_id, button = self._buttons.get(number, (0, {}))
        sent = self._sent.get(message_id)
        return (sent.message, button) if sent else None

    def show(self, text: str) -> None:
        """Draws a plain text the way a message is drawn."""
        self._draw(wrapped([Block(Text(clean(text)))], self.screen))

    def _send(self, parameters: JSON) -> JSON:
        message = self.message(BOT, "")
        answered = self._typed.get((parameters.get("reply_parameters") or {}).get("message_id", 0))
        if answered is not None:
            message["reply_to_message"] = answered
        return self._keep(self._read(message, parameters))

    def _edit(self, parameters: JSON) -> JSON:
        old = self._find(parameters, "edit")
        message = {name: value for name, value in old.message.items() if name != "reply_markup"}
        if "text" in parameters:
            new = self._read(message, parameters)
        else:
            new = _with_keyboard(_Sent(message, old.source, old.blocks), parameters)
        if (new.source, new.message.get("reply_markup")) == (old.source, old.message.get("reply_markup")):
            raise _RefusedError(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        new.message["edit_date"] = int(time.time())
        return self._keep(new)

    def _delete(self, parameters: JSON) -> bool:
        del self._sent[self._find(parameters, "delete").message["message_id"]]
        return True

    def _notice(self, parameters: JSON) -> bool:
        if text := parameters.get("text"):
            self.show(f"ⓘ {text}")
        return True

    def _find(self, parameters: JSON, purpose: str) -> _Sent:
        sent = self._sent.get(parameters.get("message_id", 0))
        if sent is None:
            raise _RefusedError(f"message to {purpose} not found")
        return sent

    def _read(self, message: JSON, parameters: JSON) -> _Sent:
        """The message with the text and the keyboard the parameters give it."""
        text, mode = str(parameters.get("text", "")), str(parameters.get("parse_mode", ""))
        visible, blocks = clean(text), [Block(Text(clean(text)))]
        if mode.upper() == "HTML":
            try:
                markup = Markup(text, hyperlinks=self._hyperlinks)
            except MarkupError as error:
                raise _RefusedError(f"can't parse entities: {error}") from error
            visible, blocks = markup.visible, markup.blocks
        visible = visible.strip()
        if not visible:
            raise _RefusedError("message text is empty")
        if len(visible) > MessageLimit.MAX_TEXT_LENGTH:
            raise _RefusedError("message is too long")
        return _with_keyboard(_Sent({**message, "text": visible}, (text, mode), blocks), parameters)

    def _keep(self, sent: _Sent) -> JSON:
        """Draws the message and remembers it for presses and edits."""
        self._sent[sent.message["message_id"]] = sent
        lines = wrapped(sent.blocks, self.screen)
        lines.rstrip()
        for row in sent.message.get("reply_markup", {}).get("inline_keyboard", []):
            labels = [self._label(sent.message["message_id"], button) for button in row]
            lines = Text("\n").join([lines, wrapped([Block(Text("  ").join(labels))], self.screen)])
        self._draw(lines)
        return sent.message

    def _label(self, message_id: int, button: JSON) -> Text:
        """A button as it is drawn. It keeps its number as long as its message has it."""
        key = message_id, json.dumps(button)
        number = self._numbers.setdefault(key, str(len(self._numbers) + 1))
        self._buttons[number] = message_id, button
        icon = "".join(sign for kind, sign in _ICONS.items() if kind in button)
        words = " ".join(clean(str(button["text"])).split())
        return Text.assemble((f"[{number}]", Style(bold=True, color="cyan")), f" {words}{icon}")

    def _draw(self, lines: Text) -> None:
        try:
            self.screen.print(lines, end="\n\n", soft_wrap=True)
        except SystemExit:  # rich's way to end a program whose output nobody reads; the chat ends in its own
            self.closed = True


def _with_keyboard(sent: _Sent, parameters: JSON) -> _Sent:
    """The message with the inline keyboard of the parameters; Telegram gives no other kind back."""
    markup = parameters.get("reply_markup") or {}
    if markup.get("inline_keyboard"):
        sent.message["reply_markup"] = markup
    return sent
