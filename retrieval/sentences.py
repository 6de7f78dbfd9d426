"""Sentence boundaries, through razdel."""

import razdel

from retrieval.article import Span
from retrieval.layout import trimmed


def sentences(text: str, span: Span) -> list[Span]:
    """The sentences inside `span`, in order, as spans of `text`; together they hold all of its words."""
    inside = text[span.start : span.end]
    found = (
        trimmed(text, span.start + part.start, span.start + part.stop) for part in razdel.sentenize(inside)
    )
    return [part for part in found if part.start < part.end]
