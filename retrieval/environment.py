"""What the environment names, as for the bot: the database and the articles."""

import os
from pathlib import Path


def database_path() -> Path:
    """The database: DATABASE, or the one in `data`."""
    return Path(os.environ.get("DATABASE") or "data/dayek.db")


def fetch_also() -> frozenset[str]:
    """The private hosts, as host:port, that links and feeds may lead to all the same: FETCH_ALSO."""
    return frozenset(os.environ.get("FETCH_ALSO", "").replace(",", " ").split())


def glossary_path() -> Path | None:
    """An operator's own glossary: GLOSSARY; None where there is none."""
    named = os.environ.get("GLOSSARY")
    return Path(named) if named else None


def articles_path() -> Path:
    """The articles: ARTICLES, or the five that come with Dayek."""
    return Path(os.environ.get("ARTICLES") or "seeds")
