"""The index that a command works on: the kept one, brought up to date, or one of --articles in memory."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from retrieval.build import build
from retrieval.environment import articles_path, database_path, glossary_path
from retrieval.index import Index
from retrieval.library import Library
from retrieval.loading import load, load_glossary, load_synonyms


@contextmanager
def index_of(articles: Path | None) -> Iterator[Index]:
    """The index of the articles of a path, in memory; with None that of the library.

    Raises RetrievalError where the articles, or the database, cannot be used.
    """
    if articles is None:
        with up_to_date_library() as library:
            yield library.index
        return
    loaded = load(articles)
    for problem in loaded.problems:
        say(problem)
    yield build(loaded.articles, load_synonyms(), load_glossary(glossary_path()))


@contextmanager
def up_to_date_library() -> Iterator[Library]:
    """The library in DATABASE with the articles of ARTICLES, which are read only where they changed."""
    with open_library() as library:
        path = articles_path()
        synced = library.take_in(path)
        if synced.removed and not (synced.unchanged or synced.changed):
            # Perhaps ARTICLES was forgotten for once: nothing that stood here stayed.
            say(f"ARTICLES is {path} now; other articles stood here before. {synced}")
        yield library


@contextmanager
def open_library() -> Iterator[Library]:
    """The library in DATABASE as it is, whether or not ARTICLES changed."""
    with (
        _progress() as progress,
        Library.open(
            database_path(),
            load_synonyms(),
            say=say,
            progress=progress,
            glossary=load_glossary(glossary_path()),
        ) as library,
    ):
        yield library


def say(sentence: str) -> None:
    """Tells whoever runs the command, beside what it prints."""
    print(sentence, file=sys.stderr)  # noqa: T201 - a command prints


@contextmanager
def _progress() -> Iterator[Callable[[int, int], object]]:
    """Shows how many articles of how many are read, from when the first of them are."""
    shown: Callable[[int, int], object] | None = None
    with ExitStack() as closing:

        def tell(done: int, all_: int) -> None:
            nonlocal shown
            if shown is None:
                from retrieval.watching import read_articles  # noqa: PLC0415 - mostly there is nothing to read

                shown = closing.enter_context(read_articles(say))
            shown(done, all_)
            if done >= all_:  # what the command prints must not meet a bar
                closing.close()
                shown = None

        yield tell
