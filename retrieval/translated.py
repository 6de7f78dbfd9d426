"""What was looked for in Kazakh in place of a question's foreign words."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from retrieval.printable import printable
from retrieval.query import Query
from retrieval.script import fold
from retrieval.words import normal

_MOST_MEANT = 2
"""Kazakh words that are named for people, for one of another language."""


def translated(question: str, query: Query) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The words and terms, as typed, that are not the same in Kazakh, each once, with what they are there."""
    for typed, kazakh in dict.fromkeys((question[slice(*asked.span)], asked.kazakh) for asked in query.asked):
        if kazakh and not _is_among(typed, kazakh):
            yield typed, kazakh


@lru_cache(maxsize=20_000)
def _is_among(typed: str, kazakh: tuple[str, ...]) -> bool:
    """Whether a word is one of the Kazakh ones, in whatever spelling."""
    return fold(normal(typed)) in map(fold, map(str.lower, kazakh))


def untranslated(question: str, query: Query) -> tuple[str, ...]:
    """The words, as typed, that have no translation, each once."""
    found = (question[slice(*asked.span)] for asked in query.asked if asked.untranslated)
    return tuple(dict.fromkeys(found))


def named(kazakh: Sequence[str]) -> str:
    """The Kazakh words for one, as they are named for people: a few, and no form of a word beside the word itself.

    >>> named(("Павлодар", "павлодардағы", "адам", "жан"))
    'Павлодар, адам'
    """
    chosen: list[str] = []
    for word in kazakh:
        if len(chosen) < _MOST_MEANT and not any(word.lower().startswith(one.lower()) for one in chosen):
            chosen.append(word)
    return ", ".join(chosen)


def in_words(pairs: Sequence[tuple[str, Sequence[str]]], words: Sequence[str]) -> str:
    """One line of what `translated` and `untranslated` give, safe to print; empty where both are.

    >>> in_words([("price", ["баға", "құн"])], ["blarg"])
    'Looked for in Kazakh: price → баға, құн. No translation: blarg.'
    """
    said = []
    if pairs:
        meant = (f"{printable(typed)} → {named(kazakh)}" for typed, kazakh in pairs)
        said.append(f"Looked for in Kazakh: {'; '.join(meant)}.")
    if words:
        said.append(f"No translation: {', '.join(map(printable, words))}.")
    return " ".join(said)
