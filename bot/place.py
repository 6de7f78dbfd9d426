"""A place in an article, short enough for a button or a link."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from retrieval.article import Article, Span
from retrieval.index import Index
from retrieval.search import Quote

_DIGEST = 6
"""Hexadecimal digits of the article's digest: enough to notice that the article has changed."""
_FORM = re.compile(rf"([0-9a-f]{{12}})-([0-9a-f]{{{_DIGEST}}})-([0-9]{{1,8}})-([0-9]{{1,8}})")


class Lost(Enum):
    """Why a place cannot be shown any more."""

    GONE = "the article is no longer there"
    CHANGED = "the article has changed since"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An article as it was when a place was noted, and as it is now."""

    then: Article
    now: Article


Versions = Callable[[str, str], Article | None]
"""Gives an earlier version of an article by its id and the beginning of its digest; None where none is kept."""


def no_versions(_id: str, _digest: str) -> Article | None:
    """No earlier versions at all."""
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: the article's key, the beginning of its digest, and the span."""

    key: str
    digest: str
    span: Span

    @classmethod
    def of(cls, quote: Quote) -> "Place":
        """The place of a quote."""
        return cls(quote.article.key, quote.article.digest[:_DIGEST], quote.span)

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that `str` wrote; None for anything else."""
        match = _FORM.fullmatch(text)
        if match is None:
            return None
        return cls(match[1], match[2], Span(int(match[3]), int(match[4])))

    def __str__(self) -> str:
        """At most 37 characters of A-Za-z0-9 and the hyphen."""
        return f"{self.key}-{self.digest}-{self.span.start}-{self.span.end}"

    def find(self, index: Index, versions: Versions = no_versions) -> Article | Earlier | Lost:
        """The article as it was when the place was noted, beside the present one where it has changed since."""
        article = index.article_by_key(self.key)
        if article is None:
            return Lost.GONE
        is_same = article.digest.startswith(self.digest)
        then = article if is_same else versions(article.id, self.digest)
        if then is None or self.span.end > len(then.text):
            return Lost.CHANGED
        return article if is_same else Earlier(then, article)
