from pathlib import Path

import pytest

from retrieval.article import Article
from retrieval.build import build
from retrieval.index import Index
from retrieval.loading import load, load_synonyms

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def seeds() -> dict[str, Article]:
    return {article.id: article for article in load(SEEDS).articles}


@pytest.fixture(scope="session")
def seeds_index(seeds: dict[str, Article]) -> Index:
    return build(seeds.values(), load_synonyms())
