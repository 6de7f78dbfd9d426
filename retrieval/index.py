"""Articles made ready for questions."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.article import Article
from retrieval.passages import Passage
from retrieval.postings import Postings
from retrieval.vocabulary import Vocabulary


@dataclass(frozen=True)
class Fields:
    """The postings of the passages by stem, by word as written, by root and by the stems' letter n-grams."""

    stem: Postings
    word: Postings
    root: Postings
    gram: Postings


@dataclass(frozen=True)
class Index:
    """The articles by id, newest first, their passages in that order, and what they are searched by.

    `article_of` gives for each passage the place of its article in `articles`; `titles` are the
    postings of the articles by the stems of their titles. `enough` is the evidence, 0 to 1, that an answer
    needs: see `retrieval.refusal`.
    """

    articles: Mapping[str, Article]
    passages: tuple[Passage, ...]
    vocabulary: Vocabulary
    fields: Fields
    titles: Postings
    article_of: npt.NDArray[np.int64]
    enough: float = 0.0

    def article_by_key(self, key: str) -> Article | None:
        """The article whose `key` this is; None when it is gone."""
        return next((article for article in self.articles.values() if article.key == key), None)

    def passages_of(self, article: Article) -> tuple[Passage, ...]:
        """The article's passages in order."""
        return tuple(passage for passage in self.passages if passage.article == article.id)
