"""Starts the bot: settings, database, articles, index, Application, and then one of the ways to talk."""

import argparse
import asyncio
import contextlib
import logging
import os
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot import console, log, operating, running
from bot.alone import AnotherBotError
from bot.app import build_application
from bot.memory import Memory
from bot.serving import CannotListenError
from bot.settings import Secret, Settings, SettingsError, describe, load
from bot.terminal import ConsoleRequest
from bot.transport import AiohttpRequest
from retrieval.errors import RetrievalError
from retrieval.index import Index
from retrieval.library import Library
from retrieval.loading import load_entries

_log = logging.getLogger("bot")
_SOFTWARE_ERROR = 70  # EX_SOFTWARE of sysexits.h
_UNSET = "There is no token: get one from @BotFather and set TELEGRAM_BOT_TOKEN (or TELEGRAM_BOT_TOKEN_FILE)."
_UNKNOWN = "Telegram does not know this token: copy it again from @BotFather into TELEGRAM_BOT_TOKEN."
_WEBHOOK_UNSET = """The webhook needs three settings, and these are missing: {missing}.
  TELEGRAM_BOT_TOKEN  the token from @BotFather
  WEBHOOK_URL         where Telegram reaches the bot: https://bot.example.org/telegram
  WEBHOOK_SECRET      any 1 to 256 of A-Z, a-z, 0-9, _ and -, such as from `openssl rand -hex 32`"""

_Result = TypeVar("_Result")
Command = Callable[[Settings, argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns the exit status.

    0: it ended as it should; 1: it could not be done, and the reason was said; 2: the settings are wrong;
    70: an error that nobody foresaw, which a restart may cure.
    """
    options = parser().parse_args(arguments)
    try:
        settings = load(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    log.configure(settings.log_level, [one for one in (settings.token, settings.webhook_secret) if one])
    command: Command = options.command
    try:
        return command(settings, options)
    except (RetrievalError, AnotherBotError, CannotListenError) as error:
        print(error, file=sys.stderr)
    except InvalidToken:
        print(_UNKNOWN, file=sys.stderr)
    except sqlite3.Error as error:
        print(f"{settings.database}: the database cannot be used ({error}).", file=sys.stderr)
    except Exception:  # noqa: BLE001 - the last stop: the log gets it, redacted
        _log.exception("stopped by an unforeseen error")
        return _SOFTWARE_ERROR
    return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m bot",
        description="Dayek answers questions about a set of articles with exact quotes.",
        epilog="Example: python -m bot chat",
    )
    top.set_defaults(command=run)
    commands = top.add_subparsers(metavar="COMMAND")
    for command in (run, chat, polling, webhook, check, health, inbox):
        name, what = command.__name__, (command.__doc__ or "").split("\n")[0]
        added = commands.add_parser(
            name, help=what, description=what, epilog=f"Example: python -m bot {name}"
        )
        added.set_defaults(command=command)
        if command is webhook:
            added.add_argument(
                "--remove", action="store_true", help="unregister at Telegram, to poll again; nothing is lost"
            )
        if command is inbox:
            added.add_argument("--retry", metavar="ID", help="send one update round again, or `all` of them")
    return top


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Polls Telegram where a token is set, otherwise chats in the terminal (the default)."""
    return chat(settings, options) if settings.token is None else polling(settings, options)


def chat(settings: Settings, _: argparse.Namespace) -> int:
    """Chats in the terminal: one question a line; needs no token and no network."""
    if settings.feeds:
        print("FEEDS: this chat looks at no feed; the bot in Telegram does.", file=sys.stderr)
    with running.opened(settings, lambda line: print(line, file=sys.stderr)) as library:
        request = ConsoleRequest()
        memory = Memory(settings.database, time.time())
        try:
            application = build_application(
                _present(library), "0:console", memory, request=request, links=False
            )
            console.chat(application, request)
        finally:
            memory.close()
    return 0


def _present(library: Library) -> Callable[[], Index]:
    """The index as it is at a line: nobody looks for changes while the reader thinks."""

    def present() -> Index:
        try:
            library.refresh()
        except RetrievalError as error:
            print(error, file=sys.stderr)
        return library.index

    return present


def polling(settings: Settings, _: argparse.Namespace) -> int:
    """Polls Telegram until it is stopped."""
    if settings.token is None:
        print(_UNSET, file=sys.stderr)
        return 1
    running.run_polling(settings, settings.token)
    return 0


def webhook(settings: Settings, options: argparse.Namespace) -> int:
    """Serves as Telegram's webhook until it is stopped."""
    if options.remove:
        return _remove(settings)
    given = {
        "TELEGRAM_BOT_TOKEN": settings.token,
        "WEBHOOK_URL": settings.webhook_url,
        "WEBHOOK_SECRET": settings.webhook_secret,
    }
    if settings.token is None or settings.webhook_url is None or settings.webhook_secret is None:
        missing = ", ".join(name for name, value in given.items() if value is None)
        print(_WEBHOOK_UNSET.format(missing=missing), file=sys.stderr)
        return 1
    running.run_webhook(settings, settings.token, settings.webhook_url, settings.webhook_secret)
    return 0


def _remove(settings: Settings) -> int:
    if settings.token is None:
        print(_UNSET, file=sys.stderr)
        return 1
    removed = _asked(settings, settings.token, lambda bot: bot.delete_webhook(drop_pending_updates=False))
    if removed:
        print("The webhook is removed; what waits at Telegram comes to whoever polls next.")
    return 0 if removed else 1


def check(settings: Settings, _: argparse.Namespace) -> int:
    """Prints the settings, opens the articles and asks Telegram who the bot is; 0 when all is well."""
    for name, value in describe(settings):
        print(f"{name:20} {value}")
    with running.opened(settings, print) as library:
        index = library.index
        print(f"{len(index.articles)} articles, {len(index.passages)} passages")
        own = len(load_entries(settings.glossary)) if settings.glossary else 0
        print(f"{len(index.glossary.entries)} entries in the glossary, {own} of them your own")
        well = bool(index.passages)
    if settings.token is None:
        print("No token: the bot chats in the terminal only.")
        return 0 if well else 1
    me = _asked(settings, settings.token, lambda bot: bot.get_me())
    if me is None:
        return 1
    print(f"Telegram knows the bot as @{me.username}")
    return 0 if well else 1


def health(settings: Settings, _: argparse.Namespace) -> int:
    """Asks the bot at HOST and PORT whether it is alive and ready; 0 when it is alive."""
    alive, said = operating.asked(settings)
    print(said, end="", file=sys.stdout if alive else sys.stderr)
    return 0 if alive else 1


def inbox(settings: Settings, options: argparse.Namespace) -> int:
    """Lists the updates that were set aside, with the error of each."""
    if not settings.database.exists():
        print(f"{settings.database}: there is no database yet.", file=sys.stderr)
        return 1
    with contextlib.ExitStack() as closing:
        opened = operating.inbox_of(settings, closing)
        if options.retry is None:
            print(operating.listed(opened))
            return 0
        if options.retry != "all" and not options.retry.isdecimal():
            print(f"--retry {options.retry}: give a number from the list, or all.", file=sys.stderr)
            return 1
        count = operating.retried(opened, options.retry)
        print(f"{count} sent round again; a running bot takes them within seconds")
        return 0 if count or options.retry == "all" else 1


def _asked(settings: Settings, token: Secret, ask: Callable[[Bot], Awaitable[_Result]]) -> _Result | None:
    """What Telegram says to one call; None where it cannot be reached, which is said."""

    async def call() -> _Result:
        bot = Bot(token.reveal(), base_url=f"{settings.api_url}/bot", request=AiohttpRequest())
        async with bot:
            return await ask(bot)

    try:
        return asyncio.run(call())
    except InvalidToken:
        raise
    except TelegramError as error:
        print(f"Telegram cannot be reached at {settings.api_url}: {error}", file=sys.stderr)
        return None


if __name__ == "__main__":
    sys.exit(main())
