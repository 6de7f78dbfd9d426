"""Starts the bot: settings, database, articles, index, Application, and then one of the ways to talk."""

import argparse
import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot import console, log
from bot.app import build_application
from bot.limits import Limits
from bot.memory import Memory
from bot.polling import poll
from bot.settings import Secret, Settings, SettingsError, describe, load
from bot.terminal import ConsoleRequest
from retrieval.build import build
from retrieval.errors import RetrievalError
from retrieval.index import Index
from retrieval.loading import load as load_articles
from retrieval.loading import load_synonyms
from retrieval.store import Store

_log = logging.getLogger("bot")
_SOFTWARE_ERROR = 70  # EX_SOFTWARE of sysexits.h
_UNSET = "There is no token: get one from @BotFather and set TELEGRAM_BOT_TOKEN (or TELEGRAM_BOT_TOKEN_FILE)."
_UNKNOWN = "Telegram does not know this token: copy it again from @BotFather into TELEGRAM_BOT_TOKEN."


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
    command: Callable[[Settings], int] = options.command
    try:
        return command(settings)
    except RetrievalError as error:
        print(error, file=sys.stderr)
    except InvalidToken:
        print(_UNKNOWN, file=sys.stderr)
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
    for name, command in (("run", run), ("chat", chat), ("polling", polling), ("check", check)):
        what = (command.__doc__ or "").split("\n")[0]
        added = commands.add_parser(
            name, help=what, description=what, epilog=f"Example: python -m bot {name}"
        )
        added.set_defaults(command=command)
    return top


def run(settings: Settings) -> int:
    """Polls Telegram where a token is set, otherwise chats in the terminal (the default)."""
    return chat(settings) if settings.token is None else polling(settings)


def chat(settings: Settings) -> int:
    """Chats in the terminal: one question a line; needs no token and no network."""
    index = _open(settings, lambda line: print(line, file=sys.stderr))
    request = ConsoleRequest()
    memory = Memory(settings.database, time.time())
    try:
        application = build_application(index, "0:console", memory, request=request, links=False)
        console.chat(application, request)
    finally:
        memory.close()
    return 0


def polling(settings: Settings) -> int:
    """Polls Telegram until it is stopped."""
    token = _token(settings)
    if token is None:
        return 1
    index = _open(settings, _log.info)
    memory = Memory(settings.database, time.time())
    try:
        application = build_application(
            index, token.reveal(), memory, api_url=settings.api_url, limiter=Limits()
        )
        asyncio.run(poll(application))
    finally:
        memory.close()
    return 0


def check(settings: Settings) -> int:
    """Prints the settings, opens the articles and asks Telegram who the bot is; 0 when all is well."""
    for name, value in describe(settings):
        print(f"{name:20} {value}")
    index = _open(settings, print)
    print(f"{len(index.articles)} articles, {len(index.passages)} passages")
    well = bool(index.passages)
    if settings.token is None:
        print("No token: the bot chats in the terminal only.")
        return 0 if well else 1
    try:
        name = asyncio.run(_me(settings.token, settings.api_url))
    except InvalidToken:
        raise
    except TelegramError as error:
        print(f"Telegram cannot be reached at {settings.api_url}: {error}", file=sys.stderr)
        return 1
    print(f"Telegram knows the bot as @{name}")
    return 0 if well else 1


def _token(settings: Settings) -> Secret | None:
    if settings.token is None:
        print(_UNSET, file=sys.stderr)
    return settings.token


def _open(settings: Settings, say: Callable[[str], object]) -> Index:
    """The index over the articles, after the database was brought up to date with them."""
    loaded = load_articles(settings.articles)
    for problem in loaded.problems:
        say(problem)
    store = Store(settings.database)
    try:
        say(f"{settings.articles}: {store.sync(loaded.articles)}")
        index = build(store.articles(), load_synonyms())
    finally:
        store.close()
    if not index.passages:
        say(f"{settings.articles} holds no article: every question will be refused. Put .txt files there.")
    return index


async def _me(token: Secret, api_url: str) -> str:
    async with Bot(token.reveal(), base_url=f"{api_url}/bot") as bot:
        return bot.username


if __name__ == "__main__":
    sys.exit(main())
