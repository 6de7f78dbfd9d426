"""Questions for a collection: the project's own, and words of its passages."""

import random
from collections.abc import Sequence

from retrieval.analysis import analyze
from retrieval.runs import read_questions
from tests.bench.corpus import Corpus
from tests.running import ROOT

SHORTEST, LONGEST = 2, 12
"""Words of a question."""


def stems(corpus: Corpus, number: int) -> list[list[str]]:
    """So many questions as stems, the same at each call, in an order without meaning."""
    own = [[token.stem for token in analyze(text)] for text in _own()]
    kept = [row for row in own if SHORTEST <= len(row) <= LONGEST]
    return _with_windows(kept, corpus, number)


def texts(passages: Sequence[str], number: int) -> list[str]:
    """So many questions as text."""
    rows = [text.split() for text in passages]
    kept = [text.split() for text in _own()]
    return [" ".join(row) for row in _with_windows(kept, rows, number)]


def _own() -> list[str]:
    return [question.text for question in read_questions(ROOT / "tests" / "questions.jsonl")]


def _with_windows(own: list[list[str]], rows: Sequence[list[str]], number: int) -> list[list[str]]:
    """A third of them the project's own at most, the others words that follow each other in a row."""
    # Not for secrets: the seed is there so that every run asks the same.
    chance = random.Random(number)
    found = own[: number // 3]
    while len(found) < number:
        size = chance.randint(SHORTEST, LONGEST)
        row = rows[chance.randrange(len(rows))]
        if len(row) >= size:
            start = chance.randrange(len(row) - size + 1)
            found.append(row[start : start + size])
    chance.shuffle(found)
    return found
