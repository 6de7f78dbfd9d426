"""Talk to a bot by hand: the double runs here, the bot elsewhere, and you type as its reader."""

import argparse
import asyncio
import sys
import threading

from tests.double.calls import Call
from tests.double.entities import Json
from tests.double.server import BotApi

READER = 7
HELP = """\
Type a message and press Enter. !N presses button N of the last keyboard. @text asks inline. Ctrl-D ends."""


class Talk:
    """One reader's conversation on the terminal: shows what the bot does, passes on what is typed."""

    def __init__(self, language: str, port: int, webhook: str | None) -> None:
        self._language = language
        self._api = BotApi(port=port, on_call=self._show, webhook_to=webhook)
        self._buttons: list[tuple[int, Json]] = []

    async def run(self) -> None:
        """Runs the double until the end of the input."""
        async with self._api as api:
            print(f"TELEGRAM_API_URL={api.url}\nTELEGRAM_BOT_TOKEN={api.token}\n{HELP}", flush=True)
            lines = _typed_lines()
            while (line := await lines.get()) is not None:
                self._send(line.strip())

    def _send(self, line: str) -> None:
        if line.startswith("!"):
            self._press(line[1:])
        elif line.startswith("@"):
            self._ask_inline(line[1:])
        elif line:
            self._api.text(line, user=READER, language=self._language)

    def _press(self, number: str) -> None:
        if not number.isdecimal() or not 1 <= int(number) <= len(self._buttons):
            print(f"There is no button {number}.", flush=True)
            return
        message_id, button = self._buttons[int(number) - 1]
        if "callback_data" not in button:
            print(f"Only shown, not sent to the bot: {button}", flush=True)
            return
        try:
            self._api.press(
                button["callback_data"], message_id=message_id, user=READER, language=self._language
            )
        except LookupError:
            print("That button is gone.", flush=True)

    def _ask_inline(self, query: str) -> None:
        try:
            self._api.inline(query, user=READER, language=self._language)
        except ValueError as error:
            print(error, flush=True)

    def _show(self, call: Call) -> None:
        if not call.ok:
            print(f"[{call.method} refused: {call.status} {call.description}]", flush=True)
        elif call.method in {"sendMessage", "editMessageText", "editMessageReplyMarkup"}:
            self._show_message(call.method, call.result)
        elif call.method == "answerInlineQuery":
            self._show_results(self._api.inline_answers[-1])
        elif call.method != "getUpdates":
            print(f"[{call.method} {call.params}]", flush=True)

    def _show_results(self, answer: Json) -> None:
        print(f"--- {len(answer['results'])} results of @{answer['query']}")
        if "button" in answer:
            print(f"    [{answer['button']['text']}]")
        for result in answer["results"]:
            print(f"  * {result['title']}\n    {result.get('description', '')}".rstrip())
            print("    | " + result["message"]["text"].replace("\n", "\n    | "))
        sys.stdout.flush()

    def _show_message(self, method: str, message: Json) -> None:
        print(f"--- {method} {message['message_id']}\n{message['text']}")
        for entity in message.get("entities", []):
            print(
                f"    {entity['type']} {entity['offset']}+{entity['length']} {entity.get('url', '')}".rstrip()
            )
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        if rows:
            self._buttons = [(message["message_id"], button) for row in rows for button in row]
        numbers = iter(range(1, len(self._buttons) + 1))
        for row in rows:
            print("    " + "  ".join(f"!{next(numbers)} [{button['text']}]" for button in row))
        sys.stdout.flush()


def _typed_lines() -> asyncio.Queue[str | None]:
    # A daemon thread: an unfinished input() must not keep the program alive after Ctrl-C.
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.double", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--language", default="kk", help="the reader's language code (default: %(default)s)")
    parser.add_argument(
        "--webhook",
        metavar="URL",
        help="where a bot with a webhook listens, as in http://127.0.0.1:8080; the path is the registered one",
    )
    options = parser.parse_args()
    try:
        asyncio.run(Talk(options.language, options.port, options.webhook).run())
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
