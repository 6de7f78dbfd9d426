from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from telegram import Bot

from retrieval.article import Article
from retrieval.build import build
from retrieval.index import Index
from retrieval.loading import load, load_glossary, load_synonyms
from tests.double import TOKEN, BotApi

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def seeds() -> dict[str, Article]:
    return {article.id: article for article in load(SEEDS).articles}


@pytest.fixture(scope="session")
def seeds_index(seeds: dict[str, Article]) -> Index:
    return build(seeds.values(), load_synonyms())


@pytest.fixture(scope="session")
def translating_index(seeds: dict[str, Article]) -> Index:
    """The seeds with the glossary: it understands Russian and English questions."""
    return build(seeds.values(), load_synonyms(), load_glossary())


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    """The Bot API double."""
    async with BotApi() as api:
        yield api


@pytest_asyncio.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    """The library's bot, talking to the double."""
    async with Bot(TOKEN, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot") as bot:
        yield bot
