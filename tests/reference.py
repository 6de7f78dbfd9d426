"""What the engine's scores are checked against: rank-bm25 itself over the words of each passage."""

import math
from collections.abc import Sequence

from rank_bm25 import BM25Okapi

from retrieval.analysis import Token, analyze
from retrieval.article import Article
from retrieval.passages import Passage, split
from retrieval.phrases import Phrases

FIELDS = ["stem", "word", "root", "gram"]


def scores(
    corpus: Sequence[Sequence[str]], query: Sequence[str], k1: float = 1.5, b: float = 0.75
) -> list[float]:
    """What `get_scores` gives with idf = ln(1 + (N - df + 0.5) / (df + 0.5)); 0 where there is no word at all."""
    if not any(corpus):
        return [0.0] * len(corpus)  # rank-bm25 would divide by zero
    scorer = BM25Okapi(corpus, k1=k1, b=b)
    for term in scorer.idf:
        df = sum(term in frequencies for frequencies in scorer.doc_freqs)
        scorer.idf[term] = math.log(1 + (len(corpus) - df + 0.5) / (df + 0.5))
    found: list[float] = scorer.get_scores(query).tolist()
    return found


def terms(tokens: Sequence[Token]) -> dict[str, list[str]]:
    """The terms of a text in each field; a phrase has no letters of its own."""
    marked = [f"_{token.stem}" for token in tokens if " " not in token.stem]
    return {
        "stem": [token.stem for token in tokens],
        "word": [token.word for token in tokens],
        "root": [token.root for token in tokens],
        "gram": [one[at : at + 3] for one in marked for at in range(max(1, len(one) - 2))],
    }


def tokens_of_title(article: Article, phrases: Phrases) -> list[Token]:
    """The title's words and phrases; none where there is no passage that it could be the title of."""
    return _tokens(article.title or "", phrases) if split(article) else []


def tokens_of_passage(article: Article, passage: Passage, phrases: Phrases) -> list[Token]:
    """Those of the title, of the passage, and of the speaker's line where a later part has it no more in it."""
    texts = [article.text[slice(*passage.span)]]
    if passage.speaker is not None and passage.speaker.start < passage.span.start:
        texts.append(article.text[slice(*passage.speaker)])
    spoken = [token for text in texts for token in _tokens(text, phrases)]
    return tokens_of_title(article, phrases) + spoken


def _tokens(text: str, phrases: Phrases) -> list[Token]:
    tokens = analyze(text)
    return tokens + phrases.tokens(tokens)
