"""Splitting an article into passages, the units that are ranked, with their exact character spans."""

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.article import Article, Span
from retrieval.layout import Kind, Line, read_lines
from retrieval.sentences import sentences

LONGEST = 600
"""Characters of text that a passage may hold before its paragraph is cut between sentences."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a part of one that reads by itself, with the lines that belong to it.

    `span` covers the heading and speaker lines directly above, when there are any, and the text.
    `text` is the prose alone. `paragraph` counts the article's paragraphs of prose from 1.
    `speaker` and `heading` are spans in the article; a later part of a long paragraph keeps them, although its
    own span does not cover them.
    """

    article: str
    paragraph: int
    span: Span
    text: Span
    speaker: Span | None = None
    heading: Span | None = None


def split(article: Article) -> tuple[Passage, ...]:
    """The article's passages in order; captions, tickers and lone headings are in none of them."""
    lines = [
        line
        for line in read_lines(article.text, article.body)
        if not _is_title(article.text[slice(*line.span)], article.title)
    ]
    if not any(line.kind is Kind.TEXT for line in lines):
        # Without a line of prose the short lines are the article: a note, a poem, a table.
        lines = [Line(line.span, Kind.TEXT) for line in lines if line.kind in {Kind.HEADING, Kind.SPEAKER}]
    return tuple(_passages(article, lines))


def _is_title(line: str, title: str | None) -> bool:
    """Whether a line is the title but for white space, of which it may have more."""
    if title is None or len(line) < len(title) or not line.startswith(title[:1]):
        return False
    return " ".join(line.split()) == title


def _passages(article: Article, lines: list[Line]) -> Iterator[Passage]:
    paragraph = 0
    heading: Span | None = None
    speaker: Span | None = None
    for line in lines:
        if line.kind is Kind.HEADING:
            heading, speaker = line.span, None
        elif line.kind is Kind.SPEAKER:
            speaker = line.span
        elif line.kind is Kind.TEXT:
            paragraph += 1
            yield from _parts(article, paragraph, line.span, speaker, heading)
            heading = speaker = None


def _parts(
    article: Article, paragraph: int, line: Span, speaker: Span | None, heading: Span | None
) -> Iterator[Passage]:
    above = min([span.start for span in (speaker, heading) if span is not None], default=line.start)
    for number, text in enumerate(_cut(article.text, line)):
        span = Span(above, text.end) if number == 0 else text
        yield Passage(article.id, paragraph, span, text, speaker, heading)


def _cut(text: str, line: Span) -> list[Span]:
    """Parts of about equal length, whole sentences each, none much over LONGEST unless a sentence is."""
    wanted = -(-(line.end - line.start) // LONGEST)
    if wanted <= 1:
        return [line]
    size = (line.end - line.start) / wanted
    parts: list[Span] = []
    for sentence in sentences(text, line):
        if parts and sentence.end - line.start <= size * len(parts) + size / 4:
            parts[-1] = Span(parts[-1].start, sentence.end)
        else:
            parts.append(sentence)
    return parts
