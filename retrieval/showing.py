"""The command that prints the text of an article."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from retrieval.article import Article
from retrieval.catalogue import Catalogue
from retrieval.environment import articles_path, database_path
from retrieval.errors import ArticlesError
from retrieval.fingerprint import fingerprint
from retrieval.loading import load
from retrieval.printable import printable, readable
from retrieval.store import Store


def show(options: argparse.Namespace) -> int:
    """Prints the text that the article's offsets count in; no index is needed for it."""
    path, database = options.articles or articles_path(), database_path()
    if options.version is not None:
        sys.stdout.write(_earlier(database, options.id, options.version).text)
        return 0
    if options.articles is not None or not database.exists():
        article = _loaded(path, options.id)
    else:
        article = _current(database, path, options.id)
    if article is None:
        raise ArticlesError(f"There is no article {options.id!r}; search names those that it quotes.")
    # A program gets the text as it is stored; a terminal must not obey it.
    sys.stdout.write(readable(article.text) if sys.stdout.isatty() else article.text)
    return 0


def _current(database: Path, path: Path, id_: str) -> Article | None:
    """The article as the library has it once it has taken in the path."""
    with closing(Store(database)) as store:
        taken = store.taken()
        if taken is None or taken.fingerprint != fingerprint(path):
            found = _loaded(path, id_)
            if found is not None:
                return found
        held = store.held(id_)
        if held is None:
            return None
        if held.removed:
            sys.stderr.write(f"{printable(id_)}: it is removed; this is its last text\n")
        return store.article(id_)


def _earlier(database: Path, id_: str, number: int) -> Article:
    """An earlier version of an article, counted from 1, the oldest."""
    found = []
    if database.exists():
        with Catalogue(database) as catalogue:
            found = catalogue.versions(id_)
    if 1 <= number <= len(found):
        return found[number - 1].article
    known = "; ".join(
        f"{nth}: {one.since or 'the beginning'} to {one.until}" for nth, one in enumerate(found, 1)
    )
    raise ArticlesError(
        f"There is no version {number} of {id_!r}; known are {known or 'none but the present'}."
    )


def _loaded(path: Path, id_: str) -> Article | None:
    return next((one for one in load(path).articles if one.id == id_), None)
