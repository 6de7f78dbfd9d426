"""The index kept beside the database: opened where it is whole, brought up to date, built where there is none.

A long build keeps what it has done every so many articles, so one that was cut short goes on where it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from retrieval.article import Article
from retrieval.build import joined, with_articles, without
from retrieval.errors import DamagedIndexError, IndexSaveError
from retrieval.files import opened, save, stale
from retrieval.index import Index
from retrieval.merge import merged
from retrieval.refusal import calibrated

_TOGETHER = 2000
"""Articles that are read into one segment, and kept, before the next."""
_MOST_PARTS = 8
"""Segments that a question is put to; with more they are merged into one."""
_MUCH = 0.1
"""The share of articles that came or went after which the evidence that an answer needs is measured anew."""


def folder_of(database: Path) -> Path:
    """Where the index of a database is kept."""
    return database.with_name(database.name + ".index")


def up_to_date(
    folder: Path,
    articles: Mapping[str, Article],
    digests: Mapping[str, str],
    synonyms: Sequence[Sequence[str]],
    *,
    say: Callable[[str], object],
    progress: Callable[[int, int], object] = lambda _done, _all: None,
) -> Index:
    """The index of exactly these articles, newest first, whose digests are given; what changed is kept in the folder.

    `say` is told in a sentence what was wrong with the kept index, or why it could not be kept; `progress` how
    many articles of how many are read.
    """
    index = _kept(folder, articles, synonyms, say)
    behind = stale(index, digests)
    changed = len(behind.changed) + len(behind.removed)
    index = without(index, behind.removed, articles)
    for first in range(0, len(behind.changed), _TOGETHER):
        progress(first, len(behind.changed))
        index = with_articles(
            index, (articles[id_] for id_ in behind.changed[first : first + _TOGETHER]), articles
        )
        if first + _TOGETHER < len(behind.changed):
            _keep(index, folder, say)
    if changed:
        progress(len(behind.changed), len(behind.changed))
    if len(index.parts) > _MOST_PARTS or (changed and changed >= _MUCH * len(digests)):
        index = replace(joined({}, [merged(index.parts)], [()], synonyms, index.enough), articles=articles)
    if changed >= _MUCH * max(1, len(digests)):
        index = replace(index, enough=calibrated(index))
    if changed:
        _keep(index, folder, say)
    return index


def _kept(
    folder: Path,
    articles: Mapping[str, Article],
    synonyms: Sequence[Sequence[str]],
    say: Callable[[str], object],
) -> Index:
    """The index that the folder holds, perhaps of other articles; an empty one where it holds none that is whole."""
    if folder.exists():
        try:
            return opened(folder, articles, synonyms)
        except DamagedIndexError as error:
            say(f"{error}; it is built again from the database")
    return replace(joined({}, [], [], synonyms), articles=articles)


def _keep(index: Index, folder: Path, say: Callable[[str], object]) -> None:
    try:
        save(index, folder)
    except IndexSaveError as error:
        say(f"{error}; the bot works without, and builds it again at the next start")
