"""The articles of a database and the index over them, as they are now."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from retrieval.article import Article
from retrieval.behind import Stale, stale, stale_against, stale_of
from retrieval.fingerprint import fingerprint
from retrieval.glossary import NONE, Glossary
from retrieval.index import Index
from retrieval.indexing import (
    MOST_PARTS,
    Progress,
    caught_up,
    folder_of,
    is_much,
    measured,
    merged_whole,
    steps,
    up_to_date,
    warm,
)
from retrieval.kept import Kept
from retrieval.loading import load
from retrieval.mark import Mark
from retrieval.merging import Merging
from retrieval.refusal import calibrated
from retrieval.store import Store
from retrieval.stored import StoredArticles, Texts
from retrieval.synced import Held, Synced, Taken

ADDED = "added"
"""The origin of articles that were added one by one, where nothing else was said."""
_TRIES = 5
"""How often the folder may be changed by others while it is written, before it is left to the next time."""


class Library:
    """Articles that may come and go while questions are answered, from several processes.

    `version` gives an earlier version of an article, by id and the beginning of its digest. `index` is the present
    index: one look at it, from any thread, gives one that never changes. All else may be
    called from any thread as well, and waits for its turn; it takes time by what changes, not by how many articles
    there are. Every method raises StoreError where the database cannot do its part; what was done is done then, or
    is taken over by the next `refresh`.
    """

    index: Index
    version: Callable[[str, str], Article | None]

    def __init__(
        self,
        database: Path,
        synonyms: Sequence[Sequence[str]],
        say: Callable[[str], object],
        progress: Progress,
        glossary: Glossary = NONE,
    ) -> None:
        """See `open`."""
        self._say, self._progress = say, progress
        self._changing = threading.Lock()  # the database and the index
        self._settling = threading.Lock()  # what is kept of it, and all that may take longer
        self._changed = 0  # articles that came or went since the evidence was measured
        self._version = 0
        self._said: set[str] = set()
        with ExitStack() as closing:
            self._store = Store(database)
            closing.callback(self._store.close)
            texts = Texts(database)
            closing.callback(texts.close)
            self._articles = StoredArticles(texts, ())
            self.version = texts.version
            self._kept = Kept(folder_of(database), synonyms, say, glossary)
            self._merging = Merging(self._kept.folder)
            self._open()
            self._closing = closing.pop_all()

    def _open(self) -> None:
        """The kept index, brought up to date."""
        index = self._kept.open()
        index = replace(index, articles=self._articles.over(index.parts, {}))
        behind, self._mark = self._behind(index, self._kept.mark)
        self.index = self._settled = up_to_date(
            self._kept, index, behind, self._store.article, self._mark, progress=self._progress
        )

    def _behind(self, index: Index, mark: Mark | None) -> tuple[Stale, Mark]:
        """What an index has to catch up with that knows the changes up to a mark, and the mark when it has."""
        changes = None if mark is None else self._store.since(mark)
        if changes is not None:
            return stale_of(index, changes.digests), changes.mark
        now = self._store.mark()  # before the articles: what comes in between comes again
        return stale(index, self._store.digests()), now

    @classmethod
    def open(
        cls,
        database: Path,
        synonyms: Sequence[Sequence[str]],
        *,
        say: Callable[[str], object],
        progress: Progress = lambda _done, _all: None,
        glossary: Glossary = NONE,
    ) -> Self:
        """The library of a database, which is made where it is missing; the kept index is brought up to date.

        `say` is told in sentences what the operator should know, `progress` how many articles of how many are read.
        """
        return cls(database, synonyms, say, progress, glossary)

    def close(self) -> None:
        """Ends what is under way, and closes the database."""
        with self._settling, self._changing:
            self._merging.close()
            self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def take_in(self, path: Path) -> Synced:
        """Makes the articles of the setting ARTICLES those of a path, as `retrieval.loading.load` reads them.

        Where nothing has changed there since the last time, no file is read. Files that cannot be read are said, and
        ids that articles of another origin have: these articles stay. What a person removed stays removed until it
        changes. Raises ArticlesError where the path cannot be read.
        """
        now = fingerprint(path)
        with self._changing:
            taken = self._store.taken()
            if taken is not None and taken.fingerprint == now:
                synced = Synced((), (), (), self._store.count())
            else:
                taken = None
        if taken is None:
            loaded = load(path)
            taken = Taken(now, loaded.problems)
            with self._changing:
                synced = self._store.sync(loaded.articles, taken=taken)
            for id_ in synced.refused:
                self._say(
                    f"{path}: {id_!r} was left out; an article of that id was added: give it another id"
                )
        for problem in taken.problems:
            self._say(problem)
        self.catch_up()
        return synced

    def add(self, articles: Iterable[Article], origin: str = ADDED, location: str | None = None) -> None:
        """Adds articles, each in place of the one with its id; the next question finds them.

        `location` is the path or the link that they came from, for `python -m retrieval refresh`.
        """
        new = {article.id: article for article in articles}
        with self._changing:
            self._store.add(new.values(), origin, location)
            self._take_over(known=new)
        self._settle()

    def store(self, articles: Iterable[Article], origin: str = ADDED, location: str | None = None) -> None:
        """Adds many articles as `add` does, in one transaction, but only `catch_up` has questions find them.

        Where that never comes, as the process ends, the next `open` does it.
        """
        with self._changing:
            self._store.add(articles, origin, location)

    def catch_up(self) -> None:
        """Has questions find what `store` added."""
        with self._settling, self._changing:
            self._take_over(self._progress, at_once=True)
        self._settle()

    def held(self, id_: str) -> Held | None:
        """What is known of an article besides its fields; None where there never was one of that id."""
        with self._changing:
            return self._store.held(id_)

    def remove(self, ids: Collection[str]) -> None:
        """Removes articles by id; the next question does not find them. What is not there is passed over."""
        with self._changing:
            self._store.remove(ids)
            self._take_over()
        self._settle()

    def restore(self, ids: Collection[str]) -> None:
        """Takes removals back; the next question finds the articles again, as they were."""
        with self._changing:
            self._store.restore(ids)
            self._take_over()
        self._settle()

    def refresh(self) -> bool:
        """Takes over what other processes changed in the database; whether that was anything.

        Costs next to nothing where nobody wrote; meant to be called about once a second.
        """
        with self._changing:
            version = self._store.data_version()
            changed = version != self._version and self._take_over()
            self._version = version
        if changed or self._merging.is_under_way or self._is_crowded:
            self._settle()
            with self._settling:
                self._merge_aside()
        return changed

    def merge(self) -> None:
        """Merges all segments into one, here and now, which takes its time."""
        with self._settling:
            one = merged_whole(self.index)
            if one is not self.index:
                self._go_over(one)
            self._keep()

    def _take_over(
        self,
        progress: Progress = lambda _done, _all: None,
        known: Mapping[str, Article] = MappingProxyType({}),
        *,
        at_once: bool = False,
    ) -> bool:
        """Makes the index that of the database; `at_once` merges here and now what is new, where it is much."""
        behind, mark = self._behind(self.index, self._mark)
        count = len(behind.changed) + len(behind.removed)
        self._catch_up(behind, known, progress, keep=at_once)
        if at_once and is_much(count, len(self.index.articles)):
            self.index = measured(merged_whole(self.index))
            self._changed = 0
        else:
            self._changed += count
        self._mark = mark
        return count > 0

    def _catch_up(
        self, behind: Stale, known: Mapping[str, Article], progress: Progress, *, keep: bool
    ) -> None:
        def read(id_: str) -> Article:
            return known[id_] if id_ in known else self._store.article(id_)

        before = len(self.index.parts)
        for step in steps(self.index, behind, read, progress):
            self.index = step
            if keep and len(step.parts) > before + 1:
                self._kept.keep(step)  # so that a long work that is cut short goes on where it was

    def _settle(self) -> None:
        """What is left to do when the index has changed, and can wait: nobody who asks is held up by it."""
        with self._settling:
            self._measure()
            self._keep()

    def _measure(self) -> None:
        if self._changed and is_much(self._changed, len(self.index.articles)):
            self._changed = 0
            enough = calibrated(self.index)
            with self._changing:
                self.index = replace(self.index, enough=enough)

    def _keep(self) -> None:
        for _ in range(_TRIES):
            mark = self._mark  # before the index, which may know more by the time that it is looked at
            index = self.index
            if index is self._settled:
                return
            if self._kept.keep(index, mark):
                self._settled = index
            else:
                self._adopt()

    def _adopt(self) -> None:
        """Goes over to the segments that the folder holds by now, with the articles as they are here."""
        other = self._kept.others({part.segment.digest: part.segment for part in self.index.parts})
        if other is None:
            return
        warm(other)
        if self._go_over(other):
            self._settled = self.index

    def _go_over(self, other: Index) -> bool:
        """Makes another index, with the articles as they are here, the present one; whether it had these already."""
        here = self.index
        other = replace(other, articles=self._articles.over(other.parts, {}))
        before = stale_against(other, here)
        other = caught_up(other, before, here)
        with self._changing:
            # What came or went meanwhile is found by what the indexes share, which is nearly all.
            now = self.index
            since = stale_against(here, now)
            self.index = replace(caught_up(other, since, now), enough=now.enough)
        return before == since == Stale((), ())

    @property
    def is_kept(self) -> bool:
        """False where the index could not be written beside the database, which was said."""
        return self._kept.is_written

    @property
    def _is_crowded(self) -> bool:
        return len(self.index.parts) > MOST_PARTS and self._merging.may_start

    def _merge_aside(self) -> None:
        """Has segments merged in a process of its own where there are many, and goes over to what came of it."""
        failure = self._merging.ended()
        if failure == "":
            self._adopt()
            self._keep()
        if failure is not None and len(self.index.parts) > MOST_PARTS:
            self._merging.wait_long()
        if self._is_crowded:
            try:
                self._merging.start()
            except OSError as error:
                failure = error.strerror
                self._merging.wait_long()
        if failure:
            self._say_once(
                f"{self._kept.folder}: segments of the index could not be merged ({failure}); questions are "
                "answered all the same, and it is tried again later"
            )

    def _say_once(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            self._say(sentence)
