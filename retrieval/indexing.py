"""The index kept beside the database: opened where it is whole, brought up to date, built where there is none.

A long build keeps what it has done every so many articles, so one that was cut short goes on where it was.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from retrieval import files
from retrieval.article import Article
from retrieval.behind import Stale
from retrieval.build import joined, with_articles, without
from retrieval.changed import OfParts
from retrieval.index import Index
from retrieval.kept import Kept
from retrieval.mark import Mark
from retrieval.merge import merged
from retrieval.refusal import calibrated

_TOGETHER = 2000
"""Articles that are read into one segment, and kept, before the next."""
MOST_PARTS = 8
"""Segments that a question is put to; with more they are merged into one."""
MUCH = 0.1
"""The share of articles that came or went after which the evidence that an answer needs is measured anew."""
_LEFT = 4
"""Segments that are left, at the most, when there were too many."""
_LARGER = 4
"""A segment is merged with those behind it where it is not so many times larger than all of them together: so an
article is written again few times, however the articles come."""

Progress = Callable[[int, int], object]
"""Is told how many articles of how many are read."""


def _silent(_done: int, _all: int) -> None: ...


def folder_of(database: Path) -> Path:
    """Where the index of a database is kept."""
    return database.with_name(database.name + ".index")


def up_to_date(
    kept: Kept,
    index: Index,
    behind: Stale,
    read: Callable[[str], Article],
    mark: Mark | None = None,
    *,
    progress: Progress = _silent,
) -> Index:
    """The index when it has caught up, with which it knows the changes up to the mark; it is kept in the folder.

    `read` gives an article by id; `progress` is told how many articles of how many are read.
    """
    for step in steps(index, behind, read, progress):
        if step is not index and len(behind.changed) > _TOGETHER:
            kept.keep(step)
        index = step
    changed = len(behind.changed) + len(behind.removed)
    if len(index.parts) > MOST_PARTS or is_much(changed, len(index.articles)):
        index = merged_whole(index)
    if is_much(changed, len(index.articles)):
        index = measured(index)
    if changed or (index.parts and kept.mark != mark):
        kept.keep(index, mark)
    return index


def steps(
    index: Index, behind: Stale, read: Callable[[str], Article], progress: Progress = _silent
) -> Iterator[Index]:
    """The index on its way to what it has to catch up with; the last is there."""
    yield (index := without(index, behind.removed))
    total = len(behind.changed)
    for first in range(0, total, _TOGETHER):
        progress(first, total)
        yield (index := with_articles(index, map(read, behind.changed[first : first + _TOGETHER])))
    if total or behind.removed:
        progress(total, total)


def caught_up(index: Index, behind: Stale, other: Index) -> Index:
    """The index with what it is behind another one."""
    for step in steps(index, behind, other.articles.__getitem__):
        index = step
    return index


def warm(index: Index) -> None:
    """Has an index do what the first question would wait for."""
    for part in index.parts:
        _ = part.segment.id_of_key
        _ = part.segment.sketched.ascending, part.segment.lengths
    _ = index.fields.word
    for field in (index.fields.stem, index.fields.root, index.titles):
        _ = field.saturations
    index.vocabulary.meant("ынтымақтастықққа")  # a word with a typo takes the longest way


def is_much(changed: int, articles: int) -> bool:
    """Whether so many of the articles came or went that the evidence has to be measured anew."""
    return changed >= MUCH * max(1, articles)


def measured(index: Index) -> Index:
    """The index with the evidence that an answer from its articles needs."""
    return replace(index, enough=calibrated(index))


def merged_whole(index: Index) -> Index:
    """The index with all of its segments merged into one."""
    if len(index.parts) == 1 and not len(index.parts[0].gone):
        return index
    parts = joined({}, [merged(index.parts)], [()], ()).parts
    articles = index.articles
    return replace(
        index, parts=parts, articles=articles.over(parts, {}) if isinstance(articles, OfParts) else articles
    )


def merge_kept(folder: Path, most: int = _LEFT) -> tuple[int, int]:
    """Merges segments of the folder's index until there are at most `most`; says how many there were, and are.

    Others may use the folder meanwhile, and nothing that they do is lost. Raises DamagedIndexError where the
    folder holds no index that is whole, IndexSaveError where it cannot be written.
    """
    return files.merge(folder, lambda sizes: _tail(sizes, most))


def _tail(sizes: Sequence[int], most: int) -> Collection[int]:
    """Which segments are merged: the last ones, and those before them that are not much larger."""
    first, behind = len(sizes), 0
    if len(sizes) <= most:
        return ()
    while first > 0 and (len(sizes) - first <= len(sizes) - most or sizes[first - 1] <= _LARGER * behind):
        first -= 1
        behind += sizes[first]
    return range(first, len(sizes))
