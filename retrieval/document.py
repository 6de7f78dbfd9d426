"""What a file, a page or a post holds, before it becomes an article."""

from dataclasses import dataclass
from datetime import date

from retrieval.article import Article
from retrieval.errors import Trouble


@dataclass(frozen=True)
class Document:
    """An article as somebody gave it; what the document does not say is None and never guessed.

    `name` says where it stands, for people and for the article's id: a relative path with `/`, a link, or a place
    inside one (`news.zip/a.html`, `result.json#123`, `lines.jsonl#7`). `text` is readable text, the one that will be
    stored; `body` is the offset in it at which the story begins, behind whatever header it opens with. `language` is
    a code of two letters (`kk`, `ru`, `en`).
    """

    name: str
    text: str
    title: str | None = None
    source: str | None = None
    published: date | None = None
    url: str | None = None
    language: str | None = None
    author: str | None = None
    body: int = 0

    def as_article(self, id_: str) -> Article:
        """The article that it becomes under this id."""
        return Article(
            id_,
            self.text,
            self.title,
            self.source,
            self.published,
            self.url,
            self.body,
            self.language,
            self.author,
        )


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read: its name, and a `reason` that says what is wrong and what to do.

    `kind` is what is wrong, for callers that have words of their own for it.
    """

    name: str
    reason: str
    kind: Trouble = Trouble.OTHER

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"
