"""The bot as a process: the library is opened, the service runs, all is closed again."""

import asyncio
import contextlib
import gc
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from bot.alone import alone
from bot.app import build_application
from bot.desk import Desk
from bot.drafts import Drafts
from bot.example import Example
from bot.feeding import Following, following, tell_admins
from bot.growing import follow
from bot.inbox import Inbox
from bot.limits import Limits
from bot.memory import Memory
from bot.metrics import Metrics
from bot.polling import poll
from bot.service import Service
from bot.serving import listen, served, site
from bot.settings import Secret, Settings
from bot.status import Status
from bot.texts import Catalogue, catalogue
from bot.transport import UNSENT, AiohttpRequest
from bot.webhook import serve
from bot.writer import Writer
from retrieval.adding import go_on
from retrieval.entries import Ways
from retrieval.formats import documents
from retrieval.formats.cleaning import clean
from retrieval.library import Library
from retrieval.loading import load_glossary, load_synonyms
from retrieval.newest import Newest
from retrieval.watching import read_articles
from retrieval.ways import ways_of

_log = logging.getLogger(__name__)
_SWITCH = 0.0001
"""Seconds after which a thread that computes lets the next one in: the commits of the inbox wait for it."""


@contextlib.contextmanager
def opened(settings: Settings, say: Callable[[str], object]) -> Iterator[Library]:
    """The library in the database, brought up to date with the articles; open while it is entered.

    Raises RetrievalError where the articles or the database cannot be used.
    """
    with (
        read_articles(say) as progress,
        Library.open(
            settings.database,
            load_synonyms(),
            say=say,
            progress=progress,
            glossary=load_glossary(settings.glossary),
        ) as library,
    ):
        say(f"{settings.articles}: {library.take_in(settings.articles)}")
        go_on(library, settings.database, say)
        library.index.glossary.load()
        if not library.index.passages:
            say(
                f"{settings.articles} holds no article: every question will be refused. Put .txt files there."
            )
        yield library


def run_polling(settings: Settings, token: Secret) -> None:
    """Polls until it is stopped; serves health and metrics where a port was named.

    Raises InvalidToken, AnotherBotError, CannotListenError, sqlite3.Error and RetrievalError.
    """

    async def run(service: Service) -> None:
        if not settings.port_given:
            await poll(service)
            return
        with listen(settings.host, settings.port) as listening:
            async with served(site(service), listening):
                await poll(service)

    _run(settings, token, run)


def run_webhook(settings: Settings, token: Secret, url: str, secret: Secret) -> None:
    """Serves the webhook until it is stopped. Raises as run_polling."""
    _run(settings, token, lambda service: serve(service, url, secret, settings.host, settings.port))


def _run(settings: Settings, token: Secret, run: Callable[[Service], Awaitable[None]]) -> None:
    sys.setswitchinterval(_SWITCH)
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as closing:
        closing.enter_context(alone(settings.database))
        library = closing.enter_context(opened(settings, _log.info))
        writer = Writer(settings.database)
        closing.callback(writer.close)
        inbox = Inbox(settings.database, writer)
        closing.callback(inbox.close)
        memory = Memory(settings.database, time.time(), writer)
        closing.callback(memory.close)
        # Most of the index stays for good: the garbage collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        runner = closing.enter_context(asyncio.Runner(loop_factory=_loop()))
        ways = ways_of(library, settings.fetch_also)
        runner.run(_at_work(settings, token, library, inbox, memory, run, ways))


async def _at_work(  # noqa: PLR0917 - what the bot is made of
    settings: Settings,
    token: Secret,
    library: Library,
    inbox: Inbox,
    memory: Memory,
    run: Callable[[Service], Awaitable[None]],
    ways: Ways,
) -> None:
    """The bot while `run` runs; `ways` is what links and feeds are read with."""
    metrics = Metrics()
    metrics.watch(inbox.depth, time.time)
    example = Example(lambda: library.index)
    drafts = Drafts(settings.database, inbox.writer, time.time())

    refreshed = time.time()
    followed: list[Following] = []

    def changed() -> None:
        nonlocal refreshed
        refreshed = time.time()
        newest = Newest(library.index.parts)
        metrics.searched(len(newest), newest.day)
        example.renew()

    changed()
    failures: dict[int, Exception] = {}
    application = build_application(
        lambda: library.index,
        token.reveal(),
        memory,
        example=example,
        api_url=settings.api_url,
        limiter=Limits(unsent=UNSENT, halted=metrics.halts.inc),
        request=AiohttpRequest(),
        failures=failures,
        answered=lambda is_answered: (metrics.answers if is_answered else metrics.refusals).inc(),
        forget_more=lambda user, chat: inbox.forget(user, chat) + drafts.forget(chat),
        desk=Desk(settings.admins, library, drafts, documents, ways.read_page, clean=clean, changed=changed),
        status=lambda: _status(refreshed, followed),
        admins=settings.admins,
        versions=library.version,
    )
    service = Service(application, inbox, metrics, failures)
    service.problems.append(lambda: None if library.index.passages else "there are no articles to search")
    with contextlib.ExitStack() as closing:
        if settings.feeds:
            tell = partial(tell_admins, application.bot, lambda: _admins(settings, memory))
            feeds = closing.enter_context(following(settings.database, ways, settings.feeds, tell, changed))
            service.notes.append(feeds.notes)
            metrics.watch_feeds(feeds.figures)
            followed.append(feeds)
        tasks = [asyncio.create_task(follow(library, changed))]
        tasks += [asyncio.create_task(feeds.run()) for feeds in followed]
        try:
            await run(service)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            drafts.close()


def _status(refreshed: float, followed: list[Following]) -> Status:
    for feeds in followed:
        return Status(max(refreshed, feeds.refreshed or 0.0), feeds.count, tuple(feeds.failing()))
    return Status(refreshed)


def _admins(settings: Settings, memory: Memory) -> list[tuple[int, Catalogue]]:
    """The admins, each with the texts in their language, so far as they have chosen one."""
    return [(admin, catalogue(memory.preferences(admin).language)) for admin in sorted(settings.admins)]


def _loop() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop  # noqa: PLC0415 - there is none for Windows
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
