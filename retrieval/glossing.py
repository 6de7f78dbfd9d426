"""The command that counts a glossary's entries, and what they cover of a text."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from retrieval.article import Article
from retrieval.coverage import Covered, Share, coverage
from retrieval.environment import glossary_path
from retrieval.glossary import Entry, Glossary
from retrieval.loading import load, load_glossary
from retrieval.opening import say
from retrieval.tongues import Tongue

if TYPE_CHECKING:
    from rich.table import Table

_NAMES = {Tongue.KAZAKH: "Kazakh", Tongue.RUSSIAN: "Russian", Tongue.ENGLISH: "English"}
_COLUMNS = ("entries", "Russian words", "Russian terms", "English words", "English terms")
_SHOWN = 30
"""Words without an entry that people see of a language; programs get more."""


def glossary(options: argparse.Namespace) -> int:
    """Prints how many entries there are, or what they cover of a text."""
    found = load_glossary(glossary_path())
    if options.coverage is None:
        domains = _domains(found)
        if options.json:
            total = dict(zip(_COLUMNS, _counts(found.entries), strict=True))
            rows = {name: dict(zip(_COLUMNS, row, strict=True)) for name, row in domains.items()}
            _write({"total": total, "domains": rows})
        else:
            _show(_by_domain(domains, _counts(found.entries)))
        return 0
    loaded = load(options.coverage)
    for problem in loaded.problems:
        say(problem)
    covered = coverage(_texts(loaded.articles), found)
    covered = {tongue: one for tongue, one in covered.items() if one.all.words}
    if options.json:
        _write({"languages": {tongue.value: _as_data(one) for tongue, one in covered.items()}})
    else:
        _show(_by_language(covered), *_missing(covered))
    return 0


def _domains(found: Glossary) -> dict[str, tuple[int, ...]]:
    of_domain: dict[str, list[Entry]] = {}
    for entry in found.entries:
        of_domain.setdefault(entry.domain, []).append(entry)
    return {name: _counts(entries) for name, entries in sorted(of_domain.items())}


def _counts(entries: Sequence[Entry]) -> tuple[int, ...]:
    """The entries, and the Russian and English words and terms of several words, each counted once."""
    counts = [len(entries)]
    for lemmas in ({one for entry in entries for one in side(entry)} for side in (_russian, _english)):
        kinds = Counter(" " in lemma for lemma in lemmas)
        counts += [kinds[False], kinds[True]]
    return tuple(counts)


def _russian(entry: Entry) -> tuple[str, ...]:
    return entry.russian


def _english(entry: Entry) -> tuple[str, ...]:
    return entry.english


def _texts(articles: Sequence[Article]) -> Iterator[str]:
    """The texts one by one, and how far it is."""
    from rich.console import Console  # noqa: PLC0415 - counting entries need not wait for it
    from rich.progress import track  # noqa: PLC0415 - likewise

    screen = Console(stderr=True)
    shown = track(articles, "Reading", console=screen, transient=True, disable=not screen.is_terminal)
    return (article.text for article in shown)


def _as_data(covered: Covered) -> dict[str, object]:
    return {
        "sentences": covered.sentences,
        "all": _share(covered.all),
        "without_names": _share(covered.without_names),
        "missing": [{"word": word, "count": count} for word, count in covered.missing],
    }


def _share(found: Share) -> dict[str, float]:
    share = found.known / found.words if found.words else 0.0
    return asdict(found) | {"share": round(share, 4)}


def _write(data: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")


def _show(*tables: "Table") -> None:
    from rich.console import Console  # noqa: PLC0415 - programs read JSON and need not wait for it

    screen = Console(highlight=False)
    for table in tables:
        screen.print(table)


def _by_domain(domains: Mapping[str, Sequence[int]], total: Sequence[int]) -> "Table":
    table = _table("domain", *_COLUMNS)
    for name, row in domains.items():
        table.add_row(name, *(f"{count:,}" for count in row))
    table.add_section()
    table.add_row("all", *(f"{count:,}" for count in total))
    return table


def _by_language(covered: Mapping[Tongue, Covered]) -> "Table":
    table = _table(
        "language", "words", "with entry", "and relatives", "without names", "with entry", "and relatives"
    )
    for tongue, one in covered.items():
        table.add_row(_NAMES[tongue], *_figures(one.all), *_figures(one.without_names))
    return table


def _figures(found: Share) -> tuple[str, str, str]:
    if not found.words:
        return "0", "", ""
    known, related = found.known / found.words, (found.known + found.related) / found.words
    return f"{found.words:,}", f"{known:.1%}", f"{related:.1%}"


def _missing(covered: Mapping[Tongue, Covered]) -> Iterator["Table"]:
    for tongue, one in covered.items():
        if one.missing:
            table = _table(f"{_NAMES[tongue]}, without entry", "times")
            for word, count in one.missing[:_SHOWN]:
                table.add_row(word, f"{count:,}")
            yield table


def _table(first: str, *columns: str) -> "Table":
    from rich.box import SIMPLE  # noqa: PLC0415 - programs read JSON and need not wait for it
    from rich.table import Table  # noqa: PLC0415 - likewise

    table = Table(box=SIMPLE)
    table.add_column(first, no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right")
    return table
