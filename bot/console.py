"""A chat with the bot in the terminal: every line becomes the update Telegram would make of it."""

import asyncio
import itertools
import locale
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import TextIOWrapper
from typing import Any

from telegram import MessageEntity, Update
from telegram.ext import Application

from bot.drawing import clean
from bot.terminal import CHAT, JSON, ConsoleRequest

AnyApplication = Application[Any, Any, Any, Any, Any, Any]

_PROMPT = "› "
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")


def chat(
    application: AnyApplication,
    request: ConsoleRequest,
    lines: Iterable[str] | None = None,
    language: str | None = None,
) -> None:
    """Runs the chat until the end of input, Ctrl-C or the end of whoever reads the output.

    The lines are the reader's; None stands for standard input. The language is the reader's language_code;
    None stands for the environment's. The application is started without polling and shut down again.
    """
    reader = _Reader(request, device_language() if language is None else language)
    with asyncio.Runner() as runner:
        try:
            runner.run(_start(application))
            for line in _typed(request) if lines is None else lines:
                if update := reader.update(line):
                    runner.run(_process(application, update))
                if request.closed:
                    break
        except KeyboardInterrupt:
            pass  # Ctrl-C is how one leaves
        finally:
            runner.run(_stop(application))


def device_language() -> str:
    """The language of LC_ALL, LC_MESSAGES or LANG as a device tells it to Telegram: "kk"; "" for none."""
    variables = (os.environ.get(variable) for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, variables), "")
    language = re.match(r"[a-z]{2,3}(?=[_.@-]|$)", name.lower())
    return language.group() if language else ""


class _Reader:
    """Whoever sits at the terminal: types messages and presses buttons."""

    def __init__(self, request: ConsoleRequest, language: str) -> None:
        self._request = request
        self._ids = itertools.count(1)
        self._user: JSON = {"id": CHAT["id"], "is_bot": False, "first_name": CHAT["first_name"]}
        if language:
            self._user["language_code"] = language

    def update(self, line: str) -> JSON | None:
        """The update Telegram would send for the line; None when the bot would not hear of it."""
        text = clean(line).strip()
        if not text:
            return None
        pressed = self._request.button(text)
        content = self._press(*pressed) if pressed else {"message": self._message(text)}
        return {"update_id": next(self._ids), **content} if content else None

    def _message(self, text: str) -> JSON:
        message = self._request.message(self._user, text)
        if command := _COMMAND.match(text):
            entity = {"type": MessageEntity.BOT_COMMAND, "offset": 0, "length": command.end()}
            message["entities"] = [entity]
        return message

    def _press(self, message: JSON, button: JSON) -> JSON | None:
        if "callback_data" not in button:
            self._request.show(str(button.get("url") or button.get("copy_text", {}).get("text", "")))
            return None
        query = {"id": str(next(self._ids)), "from": self._user, "message": message}
        return {
            "callback_query": {**query, "chat_instance": str(CHAT["id"]), "data": button["callback_data"]}
        }


def _typed(request: ConsoleRequest) -> Iterator[str]:
    """The lines of standard input; from a terminal they are edited at a prompt, after a first /start."""
    if not sys.stdin:  # a service manager may start us without any
        return
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    _edit_lines()
    yield "/start"
    prompt = _PROMPT if request.screen.is_terminal else ""
    try:
        while True:
            yield input(prompt)
    except EOFError:
        pass
    finally:
        if prompt:
            request.screen.print()  # the shell's prompt goes on a line of its own


def _edit_lines() -> None:
    """Gives input() a line editor, unless that would take Kazakh letters apart."""
    for name in ("", "C.UTF-8"):  # the environment's locale may not be installed
        with suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            break
    if locale.getencoding().upper() == "UTF-8":
        with suppress(ImportError):  # Windows edits lines without it
            import readline  # noqa: F401, PLC0415 -- input() uses it once it is there


async def _start(application: AnyApplication) -> None:
    """What Application.run_polling does before it polls."""
    await application.initialize()
    if application.post_init:
        await application.post_init(application)
    await application.start()


async def _process(application: AnyApplication, update: JSON) -> None:
    """Has the application process the update, along with every task that comes of it."""
    others = asyncio.all_tasks()
    await application.process_update(Update.de_json(update, application.bot))
    while tasks := asyncio.all_tasks() - others:
        await asyncio.wait(tasks)


async def _stop(application: AnyApplication) -> None:
    """What Application.run_polling does after it polled."""
    if application.running:
        await application.stop()
        if application.post_stop:
            await application.post_stop(application)
    await application.shutdown()
    if application.post_shutdown:
        await application.post_shutdown(application)
