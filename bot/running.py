"""The bot as a process: database, articles and index are opened, the service runs, all is closed again."""

import asyncio
import contextlib
import gc
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Iterator

from bot.alone import alone
from bot.app import build_application
from bot.inbox import Inbox
from bot.limits import Limits
from bot.memory import Memory
from bot.metrics import Metrics
from bot.polling import poll
from bot.service import Service
from bot.serving import listen, served, site
from bot.settings import Secret, Settings
from bot.transport import UNSENT, AiohttpRequest
from bot.webhook import serve
from bot.writer import Writer
from retrieval.index import Index
from retrieval.indexing import folder_of, up_to_date
from retrieval.loading import load as load_articles
from retrieval.loading import load_synonyms
from retrieval.store import Store, StoredArticles
from retrieval.watching import read_articles

_log = logging.getLogger(__name__)
_SWITCH = 0.0001
"""Seconds after which a thread that computes lets the next one in: the commits of the inbox wait for it."""


@contextlib.contextmanager
def opened(settings: Settings, say: Callable[[str], object]) -> Iterator[Index]:
    """The index over the articles, after the database was brought up to date with them; open while it is entered.

    Raises RetrievalError where the articles or the database cannot be used.
    """
    loaded = load_articles(settings.articles)
    for problem in loaded.problems:
        say(problem)
    store = Store(settings.database)
    try:
        say(f"{settings.articles}: {store.sync(loaded.articles)}")
        digests = store.digests()
    finally:
        store.close()
    with contextlib.closing(StoredArticles(settings.database, digests)) as articles:
        with read_articles(say) as progress:
            index = up_to_date(
                folder_of(settings.database), articles, digests, load_synonyms(), say=say, progress=progress
            )
        if not index.passages:
            say(
                f"{settings.articles} holds no article: every question will be refused. Put .txt files there."
            )
        yield index


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
        index = closing.enter_context(opened(settings, _log.info))
        writer = Writer(settings.database)
        closing.callback(writer.close)
        inbox = Inbox(settings.database, writer)
        closing.callback(inbox.close)
        memory = Memory(settings.database, time.time(), writer)
        closing.callback(memory.close)
        # The index stays for good: the garbage collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        runner = closing.enter_context(asyncio.Runner(loop_factory=_loop()))
        runner.run(_at_work(settings, token, index, inbox, memory, run))


async def _at_work(  # noqa: PLR0917 - what the bot is made of
    settings: Settings,
    token: Secret,
    index: Index,
    inbox: Inbox,
    memory: Memory,
    run: Callable[[Service], Awaitable[None]],
) -> None:
    metrics = Metrics()
    metrics.searched(index.dates)
    metrics.watch(inbox.depth, time.time)
    failures: dict[int, Exception] = {}
    application = build_application(
        index,
        token.reveal(),
        memory,
        api_url=settings.api_url,
        limiter=Limits(unsent=UNSENT, halted=metrics.halts.inc),
        request=AiohttpRequest(),
        failures=failures,
        answered=lambda is_answered: (metrics.answers if is_answered else metrics.refusals).inc(),
        forget_more=inbox.forget,
    )
    service = Service(application, inbox, metrics, failures)
    if not index.passages:
        service.problems.append(lambda: "there are no articles to search")
    await run(service)


def _loop() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop  # noqa: PLC0415 - there is none for Windows
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
