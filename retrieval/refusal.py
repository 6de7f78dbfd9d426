"""Whether the articles answer a question at all: the evidence, and how much of it is enough.

The evidence is the share of the question's idf that one passage holds, where a word that no article has
weighs most and holds nothing. That share means much the same in any collection, unlike a score, but chance
finds more of it in a large one. So the articles themselves have a say: questions that they cannot answer are
made by asking each article's own words of all the others (`unrelated`), and the bound is what one in ten of
those stays under, but kept between LEAST and MOST. The two were set on development questions and lie close
together: five articles on one subject end at LEAST, six thousand on everything at MOST.
"""

import random
from collections.abc import Sequence

import numpy as np

from retrieval.index import Index
from retrieval.postings import Floats, Integers
from retrieval.query import ROOT_EVIDENCE, Asked, Query, sureness, understand
from retrieval.ranking import Hit
from retrieval.sentences import sentences
from retrieval.tongues import Tongue

LEAST, MOST = 0.29, 0.34
"""Bounds of the bound. Below LEAST, questions on other subjects were answered with noise; above MOST, ones
that the articles do answer were refused (the development questions, on five and on six thousand articles)."""
QUANTILE = 0.1
SAMPLES = 100
_WORDS = (3, 6)


def evidence(hits: Sequence[Hit]) -> float:
    """What speaks for an answer, 0 to 1: the largest share of the question's idf that one passage holds."""
    return max((hit.cover for hit in hits), default=0.0)


def calibrated(index: Index) -> float:
    """The evidence that an answer from these articles needs."""
    chance = unrelated(index)
    return LEAST if not chance else float(np.clip(np.quantile(chance, QUANTILE), LEAST, MOST))


def unrelated(index: Index, samples: int = SAMPLES) -> list[float]:
    """The evidence that questions find which the articles do not answer.

    Each question is some words of one sentence, asked of the articles that it does not come from. The same
    articles give the same figures.
    """
    if len(index.articles) < 2 or not index.passages:  # noqa: PLR2004 - there are no others to ask
        return []
    choice = random.Random(len(index.passages))  # noqa: S311 - a sample, not a secret
    found: list[float] = []
    for _ in range(samples):
        passage = index.passages[choice.randrange(len(index.passages))]
        text = index.articles[passage.article].text
        query = understand(index, text[slice(*choice.choice(sentences(text, passage.text)))], Tongue.KAZAKH)
        if len(query.asked) >= _WORDS[0]:
            size = choice.randint(*_WORDS)
            asked = tuple(choice.sample(query.asked, min(size, len(query.asked))))
            found.append(_held_elsewhere(index, Query(asked, query.wanted), passage.article))
    return found


def _held_elsewhere(index: Index, query: Query, article: str) -> float:
    """The largest share of the query's idf that a passage of other articles holds, by their own idf."""
    own, number = index.place_of(article)
    inside = own.segment.passages_of(number)
    held = [np.zeros(len(part.segment.article_of)) for part in index.parts]
    total = 0.0
    passages = len(index.passages) - len(inside)
    for asked in query.asked:
        present = []
        for at, part in enumerate(index.parts):
            places, shares = _evidence_of(index, at, asked)
            others = part.stays[places]
            if part is own:
                others &= (places < inside.start) | (places >= inside.stop)
            present.append((places[others], shares[others]))
        df = sum(len(places) for places, _ in present)
        idf = float(np.log(1 + (passages - df + 0.5) / (df + 0.5)))
        for one, (places, shares) in zip(held, present, strict=True):
            one[places] += idf * shares
        total += idf
    return max(float(one.max(initial=0.0)) for one in held) / total


def _evidence_of(index: Index, part: int, asked: Asked) -> tuple[Integers, Floats]:
    """The passages of a part that hold the word or one of its root, and how surely, 0 to 1."""
    best = np.zeros(len(index.parts[part].segment.article_of))
    for one in asked.alternatives:
        for field, term, share in (
            (index.fields.root, index.vocabulary.root(one.stem), ROOT_EVIDENCE),
            (index.fields.stem, one.stem, 1.0),
        ):
            passages, _ = field.of(part, term)
            best[passages] = np.maximum(best[passages], sureness(one) * share)
    found = np.flatnonzero(best)
    return found, best[found]
