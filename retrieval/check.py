"""Whether a text that a reader pastes stands in the articles: word for word, altered, or not at all.

Words are compared as `words.normal` leaves them, and every letter and digit counts: unlike a search, a check
tells 700-ге from 700-ден. Punctuation and white space count only inside numbers.
"""

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum
from functools import lru_cache
from itertools import islice, pairwise
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from retrieval.analysis import analyze
from retrieval.article import Article, Span, newest_first
from retrieval.homoglyphs import to_cyrillic
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.words import normal, words

SHORTEST = 4
"""Words that a text needs; fewer stand in many articles by chance."""
AGREEING = 0.6
"""The share of the pasted words that must stand in the article, in order, for an altered quote."""

_LONGEST = 2100  # words of a message; a longer text is only looked up word for word
_CANDIDATES, _ALIGNED = 8, 3  # articles that are looked at, and those of them that are aligned
_SHORT = 400  # words that are aligned at little cost: of a short text all candidates are
_RAREST = 64  # words of the text by which candidates are found
_CELLS = 1_500_000  # pairs of words that an alignment looks at
_PARTS, _SHORTEST_PART = 8, 3  # of a quote with an ellipsis: out of single words anything can be made
# What a word that agrees gains; what leaving out words of the article costs: to begin, each, and at most.
_MATCH, _OPEN, _FURTHER, _MOST = 10, 5, 1, 50
_EQUAL_PAIRS = 10_000
_EDGE = 3  # differing words at an end of the text that are taken to stand for the article's words there
_REPEATS, _CITATIONS = 20, 10

_LETTER = r"(?:[^\W\d_ʼʻʹ]|¥(?=[\u0400-\u052f])|(?<=[\u0400-\u052f])¥)"
_MARKS = r"\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
_TOKEN = re.compile(
    r"(?P<number>(?:(?<![^\s(])[-−–])?"  # a minus is part of its number
    r"(?:\d{1,3}(?:\s{1,2}\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*))"
    rf"|{_LETTER}(?:[{_INVISIBLE}{_MARKS}]*+(?:{_LETTER}|\d))*+[{_MARKS}]*+"
    r"|[%‰°$€£₸₽]"
)
_CITATION = re.compile(r"\[\d{1,2}\] [^·]+ · [^·]+ · [^·\d]{0,20}\d{1,4}[^·\d]{0,20}")
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


class _Read(NamedTuple):
    """A text, its words as they are compared, and the span of each."""

    text: str
    keys: tuple[str, ...]
    spans: tuple[Span, ...]

    def cover(self, start: int, end: int) -> Span:
        return Span(self.spans[start].start, self.spans[end - 1].end)

    def between(self, word: int) -> str:
        return self.text[self.spans[word].end : self.spans[word + 1].start]


def check(index: Index, text: str) -> Checked:
    """Where the text stands in the articles; it may run over several paragraphs of one.

    Lines that the bot writes under a quote are passed over: the citation with the title, and the speaker if
    it is who speaks there. The parts around an ellipsis must stand in one article, in order. For example
    "ҚҰРАМЫНДА 150 адам бар" is EXACT where an article says "Құрамында 150 адам бар." and ALTERED with 160.
    """
    text = _without_citations(index, text)
    pasted = _read(text)
    if len(pasted.keys) < SHORTEST:
        return Checked(Verdict.TOO_SHORT)
    articles = list(_candidates(index, text))
    found = _find(index, pasted, articles)
    above, _, last = text.rstrip().rpartition("\n")
    if found.verdict is Verdict.EXACT or not _SAID_BY.match(last) or len(_read(above).keys) < SHORTEST:
        return found
    quote, said_by = _find(index, _read(above), articles), _read(last)
    if quote.article is None or quote.span is None or not said_by.keys:
        return found
    if quote.passage and quote.passage.speaker:
        speaker = _read(quote.article.text[slice(*quote.passage.speaker)]).keys
        if f" {' '.join(said_by.keys)} " in f" {' '.join(speaker)} ":
            return quote
    if found.verdict is Verdict.ALTERED:
        return found
    # A quote in the wrong mouth is not exact, and not absent either.
    same = Change("same", quote.article.text[slice(*quote.span)])
    name = Change("added", last[slice(*said_by.cover(0, len(said_by.keys)))])
    return replace(quote, verdict=Verdict.ALTERED, changes=(*(quote.changes or [same]), name))


def _find(index: Index, pasted: _Read, articles: Sequence[Article]) -> Checked:
    # Each word of the pasted text is one letter, and NUL is any other word.
    letter = {key: chr(at) for at, key in enumerate(dict.fromkeys(pasted.keys), 1)}
    sought = "".join(letter[key] for key in pasted.keys)
    reads = {article.id: _read(article.text) for article in articles}
    letters = {id_: "".join(letter.get(key, "\0") for key in read.keys) for id_, read in reads.items()}
    left_out = _left_out(pasted)
    for breaks in ([], left_out):
        parts = [sought[start:end] for start, end in pairwise([0, *breaks, len(sought)])]
        for article in articles:
            places = islice(_places(letters[article.id], parts), _REPEATS)
            if spans := [reads[article.id].cover(*place) for place in places]:
                # What stands in a title and again in the prose can be cited by its paragraph.
                found = _with_passages(index, article, spans)
                return Checked(Verdict.EXACT, article, *next((one for one in found if one[0]), found[0]))
    score, start, end, id_ = _closest(sought, letters, left_out)
    if score < AGREEING * len(sought) * _MATCH:
        return Checked(Verdict.ABSENT)
    article, read = index.articles[id_], reads[id_]
    changes, start, end = _changes(pasted, read, start, end)
    span = read.cover(start, end)
    return Checked(Verdict.ALTERED, article, *_with_passages(index, article, [span])[0], changes)


def _without_citations(index: Index, text: str) -> str:
    """The text with blanks for the bot's citations and, below each, the title or how the article begins."""
    lines = text.splitlines(keepends=True)
    cited = [at for at, line in enumerate(lines) if _CITATION.fullmatch(line.strip())][:_CITATIONS]
    articles = index.articles.values() if cited else ()
    openings = {one.title or " ".join(one.text[one.body : one.body + 99].split()) for one in articles}
    for at in cited:
        lines[at] = " " * len(lines[at])
        below = " ".join(lines[at + 1].split()) if at + 1 < len(lines) else ""
        if below in openings or (below.endswith("…") and any(one.startswith(below[:-1]) for one in openings)):
            lines[at + 1] = " " * len(lines[at + 1])
    return "".join(lines)


@lru_cache(maxsize=64)
def _read(text: str) -> _Read:
    found = list(_TOKEN.finditer(text))
    return _Read(text, tuple(map(_key, found)), tuple(Span(*match.span()) for match in found))


def _key(match: re.Match[str]) -> str:
    if not match["number"]:
        # In capitals even a word that is all look-alikes is in one script: HATO.
        return to_cyrillic(normal(match[0]).upper())
    figures = "".join(match[0].split())
    sign = "" if figures[0].isdigit() else "-"
    return sign + " ".join(word.text for word in words(figures.lstrip("-−–")))


def _left_out(pasted: _Read) -> list[int]:
    """The words before which the text leaves words out."""
    found = [at + 1 for at in range(len(pasted.spans) - 1) if _ELLIPSIS.search(pasted.between(at))]
    shortest = min(end - start for start, end in pairwise([0, *found, len(pasted.spans)]))
    return found if len(found) < _PARTS and shortest >= _SHORTEST_PART else []


def _candidates(index: Index, text: str) -> Iterable[Article]:
    """The articles that share the most of the text's rarest words, best first; of a few articles all."""
    field = index.fields.stem
    rarity = {token.stem: field.idf(token.stem) for token in analyze(text)}
    shared = dict.fromkeys(index.articles, 0.0) if len(index.articles) <= _CANDIDATES else {}
    for stem in sorted(rarity, key=lambda stem: (-rarity[stem], stem))[:_RAREST]:
        for number, part in enumerate(index.parts):
            passages, _ = field.of(number, stem)
            for article in np.unique(part.segment.article_of[passages[part.stays[passages]]]).tolist():
                id_ = part.segment.ids[article]
                shared[id_] = shared.get(id_, 0.0) + rarity[stem]
    best = heapq.nsmallest(
        _CANDIDATES, shared, key=lambda id_: (-shared[id_], newest_first(index.articles[id_]))
    )
    return (index.articles[id_] for id_ in best)


def _places(letters: str, parts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From which word to which the parts stand one after another, each place as short as it can be."""
    start = 0
    while True:
        end = start
        for part in parts:
            at = letters.find(part, end)
            if at < 0:
                return
            end = at + len(part)
        first = end
        for part in reversed(parts):
            first = letters.rfind(part, 0, first)
        yield first, end
        start = first + 1


def _with_passages(
    index: Index, article: Article, spans: Sequence[Span]
) -> list[tuple[Passage | None, Span]]:
    passages = index.passages_of(article)
    reached = [next((one for one in passages if one.span.end > span.start), None) for span in spans]
    return [
        (passage if passage and passage.span.start < span.end else None, span)
        for passage, span in zip(reached, spans, strict=True)
    ]


def _closest(sought: str, letters: Mapping[str, str], breaks: list[int]) -> tuple[int, int, int, str]:
    """The best alignment: its score, from which word to which of an article it reaches, and the article's id."""
    wanted, neighbours = Counter(sought), set(pairwise(sought))
    enough = AGREEING * len(sought) if len(sought) <= _LONGEST else float("inf")
    able = [id_ for id_, there in letters.items() if (wanted & Counter(there)).total() >= enough]
    able.sort(key=lambda id_: -len(neighbours & set(pairwise(letters[id_]))))
    aligned = [
        (*_aligned(sought, letters[id_], breaks), id_) for id_ in able[: max(_ALIGNED, _SHORT // len(sought))]
    ]
    return max(aligned, key=lambda one: one[0], default=(0, 0, 0, ""))


def _aligned(sought: str, letters: str, breaks: list[int]) -> tuple[int, int, int]:
    text, there = (np.array([*map(ord, one)], np.int32) for one in (sought, letters))
    width = max(_CELLS // len(text), len(text) + len(text) // 4)
    first = 0
    if len(there) > width:  # the stretch with the most of the text's words, rare ones above all
        sums = np.cumsum(np.append(0, (there > 0) / np.bincount(there)[there]))
        first = int((sums[width:] - sums[:-width]).argmax())
    there = there[first : first + width]
    score, end = _reach(text, there, breaks)
    back = _reach(text[::-1], there[:end][::-1], [len(text) - at for at in breaks])[1]
    return score, first + end - back, first + end


def _reach(text: npt.NDArray[np.int32], there: npt.NDArray[np.int32], breaks: list[int]) -> tuple[int, int]:
    """The score of the best alignment of the whole text, and the first end that it has.

    A word for another and a word too many are free. difflib alone would build upon the longest run wherever
    it first stands, which is often a phrase of another sentence.
    """
    steps = np.arange(len(there) + 1, dtype=np.int32) * _FURTHER
    scores = np.zeros(len(there) + 1, np.int32)
    for row, word in enumerate(text, 1):
        scores[1:] = np.maximum(scores[1:], scores[:-1] + _MATCH * (there == word))
        best = np.maximum.accumulate(scores)
        near = np.maximum.accumulate(scores + steps) - steps - _OPEN
        scores = best if row in breaks else np.maximum(scores, np.maximum(near, best - _MOST))
    return int(scores.max()), int(scores.argmax())


def _changes(pasted: _Read, read: _Read, start: int, end: int) -> tuple[tuple[Change, ...], int, int]:
    """The differences, and the place with the words at its ends that others were put for."""
    operations = _operations(read.keys[start:end], pasted.keys)
    before, after = (one[4] - one[3] if one[0] == "insert" else 0 for one in (operations[0], operations[-1]))
    start, end = start - _beside(read, start, -1, before), end + _beside(read, end - 1, 1, after)
    changes: list[Change] = []
    for tag, there, there_end, here, here_end in _operations(read.keys[start:end], pasted.keys):
        if there < there_end:
            kind: Literal["same", "missing"] = "same" if tag == "equal" else "missing"
            changes.append(Change(kind, read.text[slice(*read.cover(start + there, start + there_end))]))
        if tag != "equal" and here < here_end:
            changes.append(Change("added", pasted.text[slice(*pasted.cover(here, here_end))]))
    return tuple(changes), start, end


def _operations(there: Sequence[str], here: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """As difflib gives them; where words repeat so often that it takes seconds, as rapidfuzz does."""
    counts = Counter(there)
    if sum(counts[key] for key in here) > _EQUAL_PAIRS:
        found = Indel.opcodes(there, here)
        return [(one.tag, one.src_start, one.src_end, one.dest_start, one.dest_end) for one in found]
    return [*SequenceMatcher(None, there, here, autojunk=False).get_opcodes()]


def _beside(read: _Read, at: int, step: Literal[-1, 1], differing: int) -> int:
    """How many words beside an end of the place, within its sentence, the differing words stand for.

    Many differing words stand for none: they were put in front or behind.
    """
    room = min(differing, at if step < 0 else len(read.keys) - 1 - at)
    between = (read.between(at + step * count - (step < 0)) for count in range(room))
    ends = (count for count, signs in enumerate(between) if _SENTENCE_ENDS.search(signs))
    return next(ends, room) if differing <= _EDGE else 0
