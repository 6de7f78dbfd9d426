"""What an article is, and a span of its text."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple


class Span(NamedTuple):
    """A slice of an article's text: `start` and `end` in code points, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Article:
    """A source text and what is known of it; what is unknown is None and never guessed.

    `text` is exactly what is stored: every offset in this library counts in it. `body` is the offset at
    which the story begins, behind whatever header (title, outlet, date, ticker) the text opens with.
    """

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    published: date | None = None
    url: str | None = None
    body: int = 0
    language: str | None = None
    author: str | None = None

    @cached_property
    def key(self) -> str:
        """What stands for the id where space is short; see `key_of`."""
        return key_of(self.id)

    @cached_property
    def digest(self) -> str:
        """Changes when anything that a reader could see of the article changes."""
        day = None if self.published is None else self.published.isoformat()
        parts = [self.title, self.source, day, self.url, str(self.body), self.text]
        if self.language is not None or self.author is not None:  # an article without them keeps its digest
            parts += [self.language, self.author]
        joined = "\x1f".join("\x00" if part is None else part for part in parts)
        return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def key_of(id_: str) -> str:
    """Twelve hexadecimal digits that stand for an article's id where space is short, as in a button."""
    return hashlib.blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def newest_first(article: Article) -> tuple[int, str]:
    """What articles are sorted by."""
    return -(article.published or date.min).toordinal(), article.id
