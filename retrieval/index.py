"""Articles made ready for questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.passages import Passage, split
from retrieval.postings import Postings


@dataclass(frozen=True)
class Index:
    """The articles by id, newest first, their passages in that order, and the postings of the passages."""

    articles: Mapping[str, Article]
    passages: tuple[Passage, ...]
    postings: Postings

    def article_by_key(self, key: str) -> Article | None:
        """The article whose `key` this is; None when it is gone."""
        return next((article for article in self.articles.values() if article.key == key), None)

    def passages_of(self, article: Article) -> tuple[Passage, ...]:
        """The article's passages in order."""
        return tuple(passage for passage in self.passages if passage.article == article.id)


def build(articles: Iterable[Article]) -> Index:
    """The index of the articles; the same articles in another order give the same index."""
    ordered = sorted(articles, key=_newest_first)
    passages = tuple(passage for article in ordered for passage in split(article))
    by_id = {article.id: article for article in ordered}
    corpus = [
        [term.term for term in analyze(by_id[passage.article].text[slice(*passage.span)])]
        for passage in passages
    ]
    return Index(by_id, passages, Postings.build(corpus))


def _newest_first(article: Article) -> tuple[int, str]:
    return -(article.published or date.min).toordinal(), article.id
