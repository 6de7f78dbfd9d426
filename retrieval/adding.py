"""The commands that take articles in: add and refresh."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path

from retrieval.catalogue import Catalogue
from retrieval.document import Document, Unread
from retrieval.environment import articles_path, database_path
from retrieval.errors import StoreError
from retrieval.gathering import Visits, found_in, location_of
from retrieval.importing import Outcome, State, taken
from retrieval.library import ADDED, Library
from retrieval.looking import looked
from retrieval.opening import open_library, say
from retrieval.printable import printable
from retrieval.synced import Synced
from retrieval.unfinished import Unfinished

_INTERRUPTED = 130  # as of a process that Ctrl-C ended
_WRONG_USAGE = 2
_TRIES = 3
"""How often the bot's start begins an import again; one that ends the process must not do so for ever."""
_GOES_ON = "what was added stays, and `python -m retrieval add` goes on from there"


def add(options: argparse.Namespace) -> int:
    """Adds what stands at paths and behind links, and first what an earlier import has still to do."""
    locations = list(dict.fromkeys(map(location_of, options.what)))
    with (
        open_library() as library,
        Unfinished(database_path()) as unfinished,
        unfinished.one_at_a_time(_waiting),
    ):
        left = [(one.location, one.origin) for one in unfinished.all()]
        if not left and not locations:
            say("python -m retrieval add: name a file, a folder or a link to add")
            return _WRONG_USAGE
        for location, _ in left:
            say(f"{printable(location)}: its import was cut short; it goes on")
        for location in locations:
            unfinished.begin(location, ADDED)
        jobs = dict.fromkeys([*left, *((location, ADDED) for location in locations)])
        try:
            return _summary(_imported(library, unfinished, jobs), as_json=options.json)
        except KeyboardInterrupt:
            say(f"Stopped; {_GOES_ON}.")
            return _INTERRUPTED
        except StoreError as error:
            raise StoreError(f"{error}; {_GOES_ON}") from error


def refresh(options: argparse.Namespace) -> int:
    """Takes in anew what the articles came from: ARTICLES, files, folders, links and feeds."""
    path = articles_path()
    database = database_path()
    with (
        open_library() as library,
        Catalogue(database) as catalogue,
        Unfinished(database) as unfinished,
        unfinished.one_at_a_time(_waiting),
    ):
        synced = library.take_in(path)
        outcomes = chain(_again(library, catalogue), looked(library, database))
        return _summary(outcomes, as_json=options.json, synced=synced)


def go_on(library: Library, database: Path, tell: Callable[[str], object]) -> None:
    """Ends the imports that were cut short, as the bot does at its start; `tell` is told in sentences.

    Leaves them to the process that imports, where one does, and to a person where they have failed several times.
    What goes wrong is told, for the bot can answer from what is there.
    """
    try:
        _gone_on(library, database, tell)
    except StoreError as error:
        tell(f"{error}; the import goes on at the next start")


def _gone_on(library: Library, database: Path, tell: Callable[[str], object]) -> None:
    with Unfinished(database) as unfinished, unfinished.one_at_a_time() as held:
        visits = Visits()
        for one in unfinished.all() if held else ():
            shown = printable(one.location)
            if one.tries >= _TRIES:
                tell(
                    f"{shown}: its import was cut short {one.tries + 1} times; run `python -m retrieval add`"
                )
                continue
            tell(f"{shown}: its import was cut short; it goes on")
            unfinished.begin(one.location, one.origin)
            counts: Counter[State] = Counter()
            for outcome in taken(library, found_in(one.location, visits), one.origin, one.location):
                counts[outcome.state] += 1
                if outcome.reason and outcome.state is not State.UNCHANGED:
                    tell(f"{outcome.name}: {outcome.reason}")
            unfinished.end(one.location, one.origin)
            tell(f"{shown}: {_counted(counts)}")


def _waiting() -> None:
    say("another import is under way; waiting for its end")


def _imported(library: Library, unfinished: Unfinished, jobs: Iterable[tuple[str, str]]) -> Iterator[Outcome]:
    visits = Visits()
    for location, origin in jobs:
        with _shown(found_in(location, visits)) as found:
            yield from taken(library, found, origin, location)
        unfinished.end(location, origin)


def _again(library: Library, catalogue: Catalogue) -> Iterator[Outcome]:
    visits = Visits()
    for location, origin in catalogue.locations():
        before = catalogue.ids_of(location, origin)
        whole = True
        with _shown(found_in(location, visits)) as found:
            for outcome in taken(library, found, origin, location, again=True):
                before.discard(outcome.id or "")
                whole = whole and outcome.state is not State.SKIPPED
                yield outcome
        for id_ in sorted(before) if whole else ():
            say(f"{id_}: no longer in {printable(location)}; it stays until `python -m retrieval remove`")


def _summary(outcomes: Iterable[Outcome], *, as_json: bool, synced: Synced | None = None) -> int:
    """Prints what came of it; the exit status."""
    counts: Counter[State] = Counter()
    ids: dict[State, list[str]] = {State.ADDED: [], State.CHANGED: []}
    if synced is not None:
        ids = {State.ADDED: list(synced.added), State.CHANGED: list(synced.changed)}
        counts.update({state: len(found) for state, found in ids.items()})
        counts[State.UNCHANGED] = synced.unchanged
    skipped = []
    for one in outcomes:
        counts[one.state] += 1
        if one.state in ids and one.id is not None:
            ids[one.state].append(one.id)
        if one.state is State.SKIPPED:
            skipped.append({"name": one.name, "reason": one.reason})
        if one.reason and one.state is not State.UNCHANGED:
            say(f"{one.name}: {one.reason}")
    removed = () if synced is None else synced.removed
    if as_json:
        data = {state.value: found for state, found in ids.items()}
        data |= {"removed": list(removed)} if synced is not None else {}
        rest = {"unchanged": counts[State.UNCHANGED], "skipped": skipped}
        sys.stdout.write(json.dumps({**data, **rest}, ensure_ascii=False) + "\n")
    else:
        gone = f", {len(removed)} removed" if removed else ""
        sys.stdout.write(f"{_counted(counts)}{gone}\n")
    return 1 if skipped else 0


def _counted(counts: Counter[State]) -> str:
    return ", ".join(f"{counts[state]:,} {state.value}" for state in State)


@contextmanager
def _shown(found: Iterable[Document | Unread]) -> Iterator[Iterable[Document | Unread]]:
    """The documents; in a terminal it shows how many there were so far."""
    if not sys.stderr.isatty():
        yield found
        return
    from retrieval.watching import counted  # noqa: PLC0415 - programs need not wait for it

    with ExitStack() as closing:
        yield closing.enter_context(counted(found))
