"""How far our median is from what memory allows, and what it is made of."""

import cProfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from retrieval import pruning
from tests.bench.clock import percentiles
from tests.bench.engines import Ours
from tests.bench.table import Row

_POSTING = 6
"""Bytes of a posting: a passage and the number of its pair."""
_COPIED = 2**28
"""Bytes that are copied to find how fast memory is."""
_TYPICAL = 0.4, 0.6
"""The shares of the questions between which one takes about as long as the median."""
_TIMES = 20
"""How often each of them is asked while it is looked at."""
_STEPS = {
    "_list": "finding the lists", "_grouped": "finding the lists", "of": "finding the lists",
    "_impacts": "reading postings and their scores",
    "best": "adding up and choosing", "_added": "adding up and choosing", "_raced": "adding up and choosing",
    "_nth": "adding up and choosing", "_ahead": "adding up and choosing", "_first": "adding up and choosing",
    "_taken": "adding up and choosing", "_probed": "adding up and choosing",
    "_scores": "looking passages up", "_shares": "looking passages up",
}  # fmt: skip
_OTHER = "everything around"


def rows(
    name: str, ours: Ours, questions: Sequence[list[str]], found: Sequence[float], least: tuple[int, float]
) -> list[Row]:
    """The rows of a collection; `found` are the seconds of each question, `least` is our smallest one's size and
    median in milliseconds."""
    slices = [[ours.postings.at(term) for term in dict.fromkeys(terms)] for terms in questions]
    postings = float(np.median([sum(at.stop - at.start for at in one) for one in slices]))
    reading = 1000 * _POSTING * postings / bandwidth()
    order = sorted(range(len(questions)), key=found.__getitem__)
    first, last = (int(share * len(order)) for share in _TYPICAL)
    shares = _shares(ours, [questions[one] for one in order[first : last + 1]])
    return [
        Row(f"{name}: postings of a question's terms, median", "", postings, None),
        Row(f"{name}: p50, reading all of them from memory", "ms", percentiles(found)["p50"], reading),
        Row(f"{name}: of it calls, the p50 of {least[0]:,} passages", "ms", least[1], None),
        *(Row(f"{name}: of it {step}", "%", share, None) for step, share in shares.items()),
    ]


def bandwidth() -> float:
    """Bytes a second that numpy copies, read and written counted both."""
    source = np.ones(_COPIED // 8)
    goal = np.empty_like(source)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        np.copyto(goal, source)
        times.append(time.perf_counter() - began)
    return 2 * _COPIED / min(times)


def _shares(ours: Ours, questions: Sequence[list[str]]) -> Mapping[str, float]:
    """For each step the share of the time, in percent, the largest first. What numpy does counts as its caller's."""
    for terms in questions:
        ours.best(terms)
    profile = cProfile.Profile(builtins=False)
    profile.enable()
    for terms in [*questions] * _TIMES:
        ours.best(terms)
    profile.disable()
    spent: defaultdict[str, float] = defaultdict(float)
    for entry in profile.getstats():
        code = entry.code
        step = _OTHER
        if not isinstance(code, str) and code.co_filename == pruning.__file__:
            step = _STEPS.get(code.co_name, _OTHER)
        spent[step] += entry.inlinetime
    total = sum(spent.values())
    return {step: 100 * spent[step] / total for step in sorted(spent, key=spent.__getitem__, reverse=True)}
