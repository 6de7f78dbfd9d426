"""Whether a text that a reader pastes stands in the articles: word for word, altered, or not at all.

Words are compared as `words.normal` leaves them, and every letter and digit counts: unlike a search, a check
tells 700-ге from 700-ден. Punctuation and white space count only inside numbers.
"""

import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice, pairwise
from typing import Literal, NamedTuple

import numpy as np

from retrieval.alignment import closest, operations, places
from retrieval.analysis import analyze
from retrieval.article import Article, Span
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.postings import Floats, Integers
from retrieval.wording import Wording, wording

SHORTEST = 4
"""Words that a text needs; fewer stand in many articles by chance."""
AGREEING = 0.6
"""The share of the pasted words that must stand in the article, in order, for an altered quote."""

_CANDIDATES = 8  # articles that are looked at
_RAREST = 64  # words of the text by which candidates are found
_PARTS, _SHORTEST_PART = 8, 3  # of a quote with an ellipsis: out of single words anything can be made
_EDGE = 3  # differing words at an end of the text that are taken to stand for the article's words there
_REPEATS, _CITATIONS = 20, 10

_CITATION = re.compile(r"\[\d{1,2}\] [^·]+ · [^·]+ · [^·\d]{0,20}\d{1,4}[^·\d]{0,20}")
ALSO = "↳"
"""What the line below a citation begins with that names the reprints."""
_SAID_BY = re.compile(r"\s*[—–-]\s")
_ELLIPSIS = re.compile(r"…|\.{3}")
_SENTENCE_ENDS = re.compile(r"[.!?…\r\n\u2028\u2029]")


class Verdict(Enum):
    """What became of a pasted text."""

    EXACT = "stands in an article word for word"
    ALTERED = "stands in an article with other words here and there"
    ABSENT = "stands in no article"
    TOO_SHORT = "has too few words to tell"


class Change(NamedTuple):
    """Words exactly as they stand, with the signs between them.

    "missing" ones stand in the article only, "added" ones in the pasted text only, "same" in both: the text
    is then the article's.
    """

    kind: Literal["same", "missing", "added"]
    text: str


@dataclass(frozen=True)
class Checked:
    """The verdict and the place, if any: what the article says is `article.text[span.start:span.end]`.

    `passage` is the one in which the place starts, or the first that it reaches; None for a place outside the
    prose, such as a caption. `changes` of an ALTERED text cover the place and all that was pasted, in order.
    """

    verdict: Verdict
    article: Article | None = None
    passage: Passage | None = None
    span: Span | None = None
    changes: tuple[Change, ...] = ()


def check(index: Index, text: str) -> Checked:
    """Where the text stands in the articles; it may run over several paragraphs of one.

    Lines that the bot writes under a quote are passed over: the citation with the reprints or the title, and the
    speaker if it is who speaks there. The parts around an ellipsis must stand in one article, in order. For example
    "ҚҰРАМЫНДА 150 адам бар" is EXACT where an article says "Құрамында 150 адам бар." and ALTERED with 160.
    """
    text = _without_citations(index, text)
    pasted = wording(text)
    if len(pasted.keys) < SHORTEST:
        return Checked(Verdict.TOO_SHORT)
    articles = _candidates(index, text)
    found = _find(index, pasted, articles)
    above, _, last = text.rstrip().rpartition("\n")
    if found.verdict is Verdict.EXACT or not _SAID_BY.match(last) or len(wording(above).keys) < SHORTEST:
        return found
    quote, said_by = _find(index, wording(above), articles), wording(last)
    if quote.article is None or quote.span is None or not said_by.keys:
        return found
    if quote.passage and quote.passage.speaker:
        speaker = wording(quote.article.text[slice(*quote.passage.speaker)]).keys
        if f" {' '.join(said_by.keys)} " in f" {' '.join(speaker)} ":
            return quote
    if found.verdict is Verdict.ALTERED:
        return found
    # A quote in the wrong mouth is not exact, and not absent either.
    same = Change("same", quote.article.text[slice(*quote.span)])
    name = Change("added", last[slice(*said_by.cover(0, len(said_by.keys)))])
    return replace(quote, verdict=Verdict.ALTERED, changes=(*(quote.changes or [same]), name))


def against(index: Index, article: Article, text: str) -> Checked:
    """The same for one article of the index, and for a text of few words as well; TOO_SHORT where it has none."""
    pasted = wording(text)
    return _find(index, pasted, [article]) if pasted.keys else Checked(Verdict.TOO_SHORT)


def _find(index: Index, pasted: Wording, articles: Sequence[Article]) -> Checked:
    # Each word of the pasted text is one letter, and NUL is any other word.
    letter = {key: chr(at) for at, key in enumerate(dict.fromkeys(pasted.keys), 1)}
    sought = "".join(letter[key] for key in pasted.keys)
    reads = {article.id: wording(article.text) for article in articles}
    letters = {id_: "".join(letter.get(key, "\0") for key in read.keys) for id_, read in reads.items()}
    left_out = _left_out(pasted)
    for breaks in ([], left_out):
        parts = [sought[start:end] for start, end in pairwise([0, *breaks, len(sought)])]
        for article in articles:
            found_at = islice(places(letters[article.id], parts), _REPEATS)
            if spans := [reads[article.id].cover(*place) for place in found_at]:
                # What stands in a title and again in the prose can be cited by its paragraph.
                found = _with_passages(index, article, spans)
                return Checked(Verdict.EXACT, article, *next((one for one in found if one[0]), found[0]))
    nearly = closest(sought, letters, left_out, AGREEING)
    if nearly is None:
        return Checked(Verdict.ABSENT)
    article, read = index.articles[nearly.name], reads[nearly.name]
    changes, start, end = _changes(pasted, read, nearly.start, nearly.end)
    span = read.cover(start, end)
    return Checked(Verdict.ALTERED, article, *_with_passages(index, article, [span])[0], changes)


def _without_citations(index: Index, text: str) -> str:
    """The text with blanks for the bot's citations and, below each, the reprints, the title or how the article begins."""
    lines = text.splitlines(keepends=True)
    cited = [at for at, line in enumerate(lines) if _CITATION.fullmatch(line.strip())][:_CITATIONS]
    for at in cited:
        lines[at] = " " * len(lines[at])
        if at + 1 < len(lines) and lines[at + 1].lstrip().startswith(ALSO):
            lines[at + 1] = " " * len(lines[at + 1])
    # Whoever pastes a title has pasted words of its article too.
    articles = _candidates(index, "".join(lines)) if cited else ()
    openings = {one.title or " ".join(one.text[one.body : one.body + 99].split()) for one in articles}
    for at in cited:
        below = " ".join(lines[at + 1].split()) if at + 1 < len(lines) else ""
        if below in openings or (below.endswith("…") and any(one.startswith(below[:-1]) for one in openings)):
            lines[at + 1] = " " * len(lines[at + 1])
    return "".join(lines)


def _left_out(pasted: Wording) -> list[int]:
    """The words before which the text leaves words out."""
    found = [at + 1 for at in range(len(pasted.spans) - 1) if _ELLIPSIS.search(pasted.between(at))]
    shortest = min(end - start for start, end in pairwise([0, *found, len(pasted.spans)]))
    return found if len(found) < _PARTS and shortest >= _SHORTEST_PART else []


def _candidates(index: Index, text: str) -> list[Article]:
    """The articles that share the most of the text's rarest words, best first; of a few articles all."""
    field = index.fields.stem
    rarity = {token.stem: field.idf(token.stem) for token in analyze(text)}
    rarest = sorted(rarity, key=lambda stem: (-rarity[stem], stem))[:_RAREST]
    best: list[tuple[float, int, str]] = []
    for number, part in enumerate(index.parts):
        shared = np.zeros(len(part.segment.dates))
        for stem in rarest:
            passages, _ = field.of(number, stem)
            # An article of several such passages is added to once.
            shared[part.segment.article_of[passages[part.stays[passages]]]] += rarity[stem]
        if len(index.articles) > _CANDIDATES:
            there = _most(shared)
        else:
            there = np.setdiff1d(np.arange(len(shared)), part.gone_articles)
        days, ids = part.segment.dates, part.segment.names
        best += [(-float(shared[at]), -int(days[at]), ids[at]) for at in there.tolist()]
    # No article is read but those that are looked at; there may be very many that share a word.
    return [index.articles[id_] for _, _, id_ in heapq.nsmallest(_CANDIDATES, best)]


def _most(shared: Floats) -> Integers:
    """The places of the largest values, those as large as the last of them too, but never of a zero."""
    last = max(len(shared) - _CANDIDATES, 0)
    return np.flatnonzero((shared > 0) & (shared >= np.partition(shared, last)[last]))


def _with_passages(
    index: Index, article: Article, spans: Sequence[Span]
) -> list[tuple[Passage | None, Span]]:
    passages = index.passages_of(article)
    reached = [next((one for one in passages if one.span.end > span.start), None) for span in spans]
    return [
        (passage if passage and passage.span.start < span.end else None, span)
        for passage, span in zip(reached, spans, strict=True)
    ]


def _changes(pasted: Wording, read: Wording, start: int, end: int) -> tuple[tuple[Change, ...], int, int]:
    """The differences, and the place with the words at its ends that others were put for."""
    steps = operations(read.keys[start:end], pasted.keys)
    before, after = (one[4] - one[3] if one[0] == "insert" else 0 for one in (steps[0], steps[-1]))
    start, end = start - _beside(read, start, -1, before), end + _beside(read, end - 1, 1, after)
    changes: list[Change] = []
    for tag, there, there_end, here, here_end in operations(read.keys[start:end], pasted.keys):
        if there < there_end:
            kind: Literal["same", "missing"] = "same" if tag == "equal" else "missing"
            changes.append(Change(kind, read.text[slice(*read.cover(start + there, start + there_end))]))
        if tag != "equal" and here < here_end:
            changes.append(Change("added", pasted.text[slice(*pasted.cover(here, here_end))]))
    return tuple(changes), start, end


def _beside(read: Wording, at: int, step: Literal[-1, 1], differing: int) -> int:
    """How many words beside an end of the place, within its sentence, the differing words stand for.

    Many differing words stand for none: they were put in front or behind.
    """
    room = min(differing, at if step < 0 else len(read.keys) - 1 - at)
    between = (read.between(at + step * count - (step < 0)) for count in range(room))
    ends = (count for count, signs in enumerate(between) if _SENTENCE_ENDS.search(signs))
    return next(ends, room) if differing <= _EDGE else 0
