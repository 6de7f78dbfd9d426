"""From articles to an index."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from retrieval.analysis import Token, analyze, grams
from retrieval.article import Article
from retrieval.index import Fields, Index
from retrieval.passages import Passage, split
from retrieval.phrases import Phrases
from retrieval.postings import Postings
from retrieval.refusal import calibrated
from retrieval.vocabulary import Vocabulary

K1, B = 0.9, 0.3
"""BM25's constants for all fields. Paragraphs of news differ in length by layout more than by subject, so a
long one is marked down less than rank-bm25's 0.75 would."""


def build(articles: Iterable[Article], synonyms: Sequence[Sequence[str]] = ()) -> Index:
    """The index of the articles; the same articles in another order give the same index."""
    ordered = sorted(articles, key=_newest_first)
    by_id = {article.id: article for article in ordered}
    places = {article.id: place for place, article in enumerate(ordered)}
    passages = tuple(passage for article in ordered for passage in split(article))
    phrases = Phrases.of(synonyms)
    titles = [_with_phrases(analyze(article.title or ""), phrases) for article in ordered]
    article_of = np.array([places[passage.article] for passage in passages], np.int64)
    corpus = [
        titles[place] + _tokens(by_id[passage.article], passage, phrases)
        for place, passage in zip(article_of.tolist(), passages, strict=True)
    ]
    vocabulary = Vocabulary.build(
        (token for tokens in (*titles, *corpus) for token in tokens), synonyms, phrases
    )
    by_title = Postings.build([[token.stem for token in title] for title in titles], K1, B)
    index = Index(by_id, passages, vocabulary, _fields(corpus), by_title, article_of)
    return replace(index, enough=calibrated(index))


def _with_phrases(tokens: list[Token], phrases: Phrases) -> list[Token]:
    return tokens + phrases.tokens(tokens)


def _tokens(article: Article, passage: Passage, phrases: Phrases) -> list[Token]:
    """The passage's tokens; a later part of a long paragraph keeps those of its speaker."""
    spans = [passage.span]
    if passage.speaker is not None and passage.speaker.start < passage.span.start:
        spans.insert(0, passage.speaker)
    found = (analyze(article.text[slice(*span)]) for span in spans)
    return [token for tokens in found for token in _with_phrases(tokens, phrases)]


def _fields(corpus: Sequence[Sequence[Token]]) -> Fields:
    cut: dict[str, list[str]] = {}
    for tokens in corpus:
        for token in tokens:
            if token.stem not in cut:
                # A phrase has no letters of its own: its words stand beside it.
                cut[token.stem] = [] if " " in token.stem else grams(token.stem)
    return Fields(
        stem=Postings.build([[token.stem for token in tokens] for tokens in corpus], K1, B),
        word=Postings.build([[token.word for token in tokens] for tokens in corpus], K1, B),
        root=Postings.build([[token.root for token in tokens] for tokens in corpus], K1, B),
        gram=Postings.build(
            [[gram for token in tokens for gram in cut[token.stem]] for tokens in corpus], K1, B
        ),
    )


def _newest_first(article: Article) -> tuple[int, str]:
    return -(article.published or date.min).toordinal(), article.id
