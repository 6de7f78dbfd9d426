"""A question in, an answer out: the best quotes with their citations, or an honest refusal."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from itertools import islice

from retrieval.article import Article, Span
from retrieval.folding import Told, stories, told_once
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.query import ROOT_EVIDENCE, Asked, Query, understand
from retrieval.ranking import Hit, rank
from retrieval.refusal import evidence
from retrieval.snippet import Meant, Snippet, Sought, cut, held
from retrieval.translated import translated, untranslated
from retrieval.vocabulary import How

_CANDIDATES = 10
"""Hits that are looked at for evidence, whatever number of quotes is shown."""
_MOST_CANDIDATES = 160
"""Hits that are looked at where reprints take the places of other stories."""
_SECOND = 0.6
"""What a further quote must hold of the question, as a share of what the first one holds, to be shown."""
_NEAR = 0.25
"""The share of a refused question's idf that an article must hold to be named as near."""


@dataclass(frozen=True)
class Quote:
    """Words of an article, exactly: `text` is `article.text[span.start:span.end]`.

    `highlights` are the spans of the words that match the question, inside `span`, in order. `cover` is the
    share of the question's idf that the passage holds, 0 to 1. `also` are the reprints that say the same. The words
    are cut out of the passage when they are first looked at: most quotes of an answer never are.
    """

    article: Article
    passage: Passage
    score: float
    cover: float
    cutting: Callable[[], Snippet] = field(repr=False, compare=False)
    also: tuple[Article, ...] = ()

    @property
    def span(self) -> Span:
        """Where the quote stands in the article's text."""
        return self._snippet.span

    @property
    def highlights(self) -> tuple[Span, ...]:
        """Where the words stand that match."""
        return self._snippet.highlights

    @cached_property
    def _snippet(self) -> Snippet:
        return self.cutting()

    @property
    def text(self) -> str:
        """The quoted words."""
        return self.article.text[slice(*self.span)]

    @property
    def speaker(self) -> str | None:
        """Who says it, where a line above the quote names the speaker."""
        if self.passage.speaker is None:
            return None
        return self.article.text[slice(*self.passage.speaker)].rstrip(": ")


class Refusal(Enum):
    """Why there is no quote."""

    NO_WORDS = "the question holds no word that could be looked for"
    NOT_FOUND = "the articles do not answer it"


@dataclass(frozen=True, slots=True)
class Answer:
    """The quotes, best first, or a refusal.

    `query` is how the question was understood, `evidence` (0 to 1) what speaks for an answer. Under a refusal
    `nearest` are articles that hold some of the words. `unknown` are the words, as typed, that the articles
    do not have, `corrected` those taken for typos, each with the word that was looked for instead. Of a question in
    another language `translated` are words and terms, as typed, with the Kazakh ones that were looked for, and
    `untranslated` those without a translation.
    """

    question: str
    query: Query
    quotes: tuple[Quote, ...]
    evidence: float = 0.0
    refusal: Refusal | None = None
    nearest: tuple[Article, ...] = ()
    unknown: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    translated: tuple[tuple[str, tuple[str, ...]], ...] = ()
    untranslated: tuple[str, ...] = ()


def answer(index: Index, question: str, limit: int = 3) -> Answer:
    """The best quotes for the question, at most `limit`, one a passage, and one for all reprints of it."""
    query = understand(index, question)
    if not query.asked:
        return Answer(question, query, (), refusal=Refusal.NO_WORDS)
    in_kazakh, not_in_kazakh = tuple(translated(question, query)), untranslated(question, query)
    hits = rank(index, query, max(limit, _CANDIDATES))
    found = evidence(hits)
    if found < index.enough or not hits:
        # A word that is near one of the articles' words may have been meant as it stands after all.
        plain = replace(query, asked=tuple(_without_typos(asked) for asked in query.asked))
        near = hits[:_CANDIDATES] if plain == query else rank(index, plain, _CANDIDATES)
        return Answer(
            question,
            query,
            (),
            found,
            Refusal.NOT_FOUND,
            nearest=_nearest(index, near),
            unknown=_unknown(question, plain),
            translated=in_kazakh,
            untranslated=not_in_kazakh,
        )
    sought = _sought(index, query)
    return Answer(
        question,
        query,
        tuple(_quote(index, told, sought) for told in _told(index, query, hits, sought, limit)),
        found,
        unknown=_unknown(question, query),
        corrected=tuple(_corrected(index, question, query)),
        translated=in_kazakh,
        untranslated=not_in_kazakh,
    )


def worth_showing(answer: Answer) -> tuple[Quote, ...]:
    """The quotes that a reader should see: the first, and those that hold nearly as much of the question."""
    return tuple(quote for quote in answer.quotes if quote.cover >= _SECOND * answer.quotes[0].cover)


def _unknown(question: str, query: Query) -> tuple[str, ...]:
    """The words that the articles do not have, and of foreign ones those whose translation they do not have."""
    absent = (asked for asked in query.asked if not asked.alternatives and not asked.untranslated)
    return tuple(dict.fromkeys(question[slice(*asked.span)] for asked in absent))


def _without_typos(asked: Asked) -> Asked:
    kept = tuple(one for one in asked.alternatives if one.how is not How.TYPO)
    return asked if len(kept) == len(asked.alternatives) else replace(asked, alternatives=())


def _corrected(index: Index, question: str, query: Query) -> Iterator[tuple[str, str]]:
    for asked in query.asked:
        if asked.alternatives and asked.alternatives[0].how is How.TYPO:
            yield question[slice(*asked.span)], index.vocabulary.shown(asked.alternatives[0].stem)


def _sought(index: Index, query: Query) -> Sought:
    stems: dict[str, Meant] = {}
    roots: dict[str, Meant] = {}
    for asked in query.asked:
        for one in asked.alternatives:
            weight = asked.idf * one.weight
            stems.setdefault(one.stem, Meant(asked.word, weight))
            roots.setdefault(index.vocabulary.root(one.stem), Meant(asked.word, weight * ROOT_EVIDENCE))
    return Sought(stems, roots, index.phrases, query.wanted)


def _told(index: Index, query: Query, hits: list[Hit], sought: Sought, limit: int) -> list[Told]:
    """The hits without repetitions; further ones come in where a story with many reprints would leave no room."""

    def said(article: Article, passage: Passage) -> frozenset[str]:
        return held(article.text, passage, sought)

    ranked = max(limit, _CANDIDATES)
    told = told_once(index, hits, said, limit)
    while len(told) < limit and len(hits) == ranked and ranked < _MOST_CANDIDATES:
        ranked *= 4
        hits = rank(index, query, ranked)
        told = told_once(index, hits, said, limit)
    return told


def _quote(index: Index, told: Told, sought: Sought) -> Quote:
    passage, hit = told.passage, told.hit
    article = index.articles[passage.article]
    return Quote(
        article, passage, hit.score, hit.cover, lambda: cut(article.text, passage, sought), told.also
    )


def _nearest(index: Index, hits: list[Hit]) -> tuple[Article, ...]:
    """The articles of the hits that hold a fair share of the question, each story once, at most three."""
    ids = stories(index, [hit for hit in hits if hit.cover >= _NEAR])
    return tuple(index.articles[id_] for id_ in islice(ids, 3))
