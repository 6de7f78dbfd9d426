"""Questions for a load: many, short, all different, and always the same ones."""

import itertools
import random
import re

from razdel import sentenize

from retrieval.loading import load
from retrieval.runs import read_questions
from tests.running import ROOT

SHORTEST, LONGEST = 3, 9
"""Words of a question."""
_ASKING = (
    "кім", "не", "қашан", "қайда", "қанша", "қандай", "қалай", "неге", "нешеу", "қайдан", "кімнің", "неліктен",
)  # fmt: skip
_DRAWS = 20
"""Draws for each question wanted, after which there are too few different ones."""


def questions(number: int) -> list[str]:
    """So many different questions of 3 to 9 words, the same at each call.

    The project's own questions, and words that follow each other in a sentence of the articles or in one of
    those questions, before or after a question word: no cache of whole questions can help to answer them.
    Raises ValueError where so many cannot be made.
    """
    own = [question.text for question in read_questions(ROOT / "tests" / "questions.jsonl")]
    rows = [_words(text) for text in (*_sentences(), *own)]
    starts = [(row, start) for row in rows for start in range(len(row) - SHORTEST + 2)]
    # Not for secrets: the seed is there so that every run asks the same.
    chance = random.Random(number)
    found = dict.fromkeys(text for text in own if SHORTEST <= len(_words(text)) <= LONGEST)
    for _ in itertools.repeat(None, _DRAWS * number):
        if len(found) >= number:
            break
        found[_drawn(chance, *chance.choice(starts))] = None
    else:
        raise ValueError(f"only {len(found)} different questions can be made of the articles, not {number}")
    drawn = list(found)[:number]
    chance.shuffle(drawn)
    return drawn


def _drawn(chance: random.Random, row: list[str], start: int) -> str:
    window = row[start : start + chance.randint(SHORTEST - 1, LONGEST - 1)]
    window.insert(chance.choice((0, len(window))), chance.choice(_ASKING))
    return " ".join(window) + "?"


def _sentences() -> list[str]:
    articles = load(ROOT / "seeds").articles
    lines = itertools.chain.from_iterable(article.text.splitlines() for article in articles)
    return [sentence.text for line in lines for sentence in sentenize(line)]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", text)
