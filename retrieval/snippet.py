"""The part of a passage that answers: whole sentences where they fit, always an exact slice."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from retrieval.analysis import Token, analyze
from retrieval.article import Span
from retrieval.layout import trimmed
from retrieval.passages import Passage
from retrieval.phrases import Phrases
from retrieval.question import Wanted, holds
from retrieval.sentences import sentences

LONGEST = 350
"""Characters of a snippet; a reader on a phone takes in that much at a glance."""


WANTED = 0.25
"""What a sentence gains that holds a date, number, name or place when one is asked for, as a share of the
weight of the question's words."""


class Meant(NamedTuple):
    """A word of the question, and what finding it here is worth."""

    word: str
    weight: float


class Sought(NamedTuple):
    """What to look for in a passage: the question's words by stem and by root, and what it asks for."""

    stems: Mapping[str, Meant]
    roots: Mapping[str, Meant]
    phrases: Phrases
    wanted: frozenset[Wanted]


class Match(NamedTuple):
    """A word of the passage that the question asked for."""

    span: Span
    meant: Meant


class Snippet(NamedTuple):
    """A slice of an article and, inside it, the words that match."""

    span: Span
    highlights: tuple[Span, ...]


def cut(text: str, passage: Passage, sought: Sought) -> Snippet:
    """The best snippet of the passage for what is sought.

    A run of sentences is chosen that holds the most weight, then filled up with its neighbours. Where the
    speaker's line holds matches it is a sentence like the others, but never stands alone.
    """
    matches = _matches(text, passage, sought)
    units = [
        Span(start + passage.text.start, end + passage.text.start)
        for start, end in _sentences(text[slice(*passage.text)])
    ]
    if passage.speaker is not None and passage.speaker.start >= passage.span.start:
        units.insert(0, passage.speaker)
    bonus = WANTED * sum({meant.word: meant.weight for meant in sought.stems.values()}.values())
    gains = [bonus * (unit != passage.speaker and holds(text[slice(*unit)], sought.wanted)) for unit in units]
    first, last = _best_run(units, matches, gains, has_speaker=units[0] == passage.speaker)
    span = Span(units[first].start, units[last].end)
    if span.end - span.start > LONGEST:
        span = _window(text, span, matches, passage.text.start)
    return Snippet(span, _merged(match.span for match in matches if _inside(match.span, span)))


def held(text: str, passage: Passage, sought: Sought) -> frozenset[str]:
    """The words of the question that the passage holds, as they were asked for."""
    return frozenset(match.meant.word for match in _matches(text, passage, sought))


def _matches(text: str, passage: Passage, sought: Sought) -> list[Match]:
    offset = passage.span.start
    found = []
    tokens = _tokens(text[slice(*passage.span)])
    for token in (*sought.phrases.tokens(tokens), *tokens):
        meant = sought.stems.get(token.stem) or sought.roots.get(token.root)
        if meant is not None:
            found.append(Match(Span(token.start + offset, token.end + offset), meant))
    return found


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a passage; the passages that answer are few, and come again and again."""
    return tuple(analyze(text))


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(sentences(text, Span(0, len(text))))


def _best_run(
    units: Sequence[Span], matches: Sequence[Match], gains: Sequence[float], *, has_speaker: bool
) -> tuple[int, int]:
    """First and last of the run of units, within LONGEST, that holds most; more text breaks a tie.

    `gains` is what each unit is worth beside its matches; a run has the best of its units' gains.
    """
    best, best_value = (0, 0), (-1.0, -1.0, -1)
    for first in range(len(units)):
        for last in range(first, len(units)):
            if has_speaker and last == 0 and len(units) > 1:
                continue
            span = Span(units[first].start, units[last].end)
            if span.end - span.start > LONGEST and last > first + (has_speaker and first == 0):
                break
            distinct, all_ = _worth(span, matches)
            value = (distinct + max(gains[first : last + 1]), all_, span.end - span.start)
            if value > best_value:
                best, best_value = (first, last), value
    return best


def _worth(span: Span, matches: Sequence[Match]) -> tuple[float, float]:
    """The weight of the distinct words of the question inside, then of all matches inside."""
    inside = [match.meant for match in matches if _inside(match.span, span)]
    best: dict[str, float] = {}
    for word, weight in inside:
        best[word] = max(weight, best.get(word, 0.0))
    return sum(best.values()), sum(meant.weight for meant in inside)


def _window(text: str, span: Span, matches: Sequence[Match], said: int) -> Span:
    """Of one overlong sentence, the stretch of whole words that holds most, at most LONGEST long.

    The words of the sentence start at `said`; a speaker's line above it is in the stretch from its start, and
    with some of those words, or not at all.
    """
    first = max(span.start, said)
    starts = sorted({span.start, first})
    starts.extend(at + 1 for at in range(first, span.end - 1) if text[at].isspace())
    best, best_value = span, (-1.0, -1.0)
    for start in starts:
        if text[start].isspace():
            continue
        end = min(start + LONGEST, span.end)
        while end < span.end and end > start and not text[end].isspace():
            end -= 1
        if end == start:  # one word that is longer than a snippet
            end = min(start + LONGEST, span.end)
        window = trimmed(text, start, end)
        value = _worth(window, matches)
        if value > best_value and window.end > said:
            best, best_value = window, value
        if end == span.end:
            break
    return best


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
