"""The index benchmark: how long a ranking takes beside its peers, and what the index costs.

All engines stand in this process, on one core, over the same stems of real Kazakh passages and of as many more
as are made of them, and take turns with the same questions. What is timed is the call that goes from the stems
of a question to the numbers and scores of the best ten passages.
"""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path

import numpy as np
from rich.progress import Progress

from retrieval.article import Article
from tests.bench import asking, limit, whole
from tests.bench.chart import Colour, Line, axis, drawn
from tests.bench.clock import Task, percentiles, seconds, typical
from tests.bench.cores import Cores
from tests.bench.corpus import MORE_ARTICLES, Corpus, Recombined, passages_of, real, texts
from tests.bench.engines import COMPILED, DEFINITION, FTS5, OURS, PEERS, PLAIN, TANTIVY, Made, Ours, made
from tests.bench.resident import resident
from tests.bench.table import Row, Table, Target
from tests.running import ROOT

PICTURE = ROOT / "tests" / "bench" / "index.svg"
_LIKE_THE_REAL = 7306
"""Passages to make where there are no more articles than the seeds."""
_WORK = {DEFINITION: 20_000_000, FTS5: 60_000_000, PLAIN: 200_000_000}
"""Questions times passages that a slow engine is asked at most."""
_NO_LIMIT = 10**12
_ROUNDS = 3
"""Rounds of all questions, after a first one; each question counts with its median. Slow engines have one round."""
_CHECKED = 50
"""Questions whose best passages are compared with rank-bm25's."""
_OF_DEFINITION = {10_000: 1 / 100, 100_000: 1 / 400, 1_000_000: 1 / 1000}
"""What our median may be of rank-bm25's."""
_COLOURS = {
    OURS: Colour("#cf222e", "#ff7b72"),
    TANTIVY: Colour("#0969da", "#58a6ff"),
    COMPILED: Colour("#9a6700", "#d29922"),
    PLAIN: Colour("#1a7f37", "#3fb950"),
    FTS5: Colour("#8250df", "#bc8cff"),
    DEFINITION: Colour("#6e7781", "#9ea7b3"),
}


@dataclass(frozen=True)
class Sizes:
    """How much is measured. Passages are those of the collections that are made, beside the real ones."""

    made: tuple[int, ...]
    wholes: tuple[int, ...]  # those that become a whole index of articles
    questions: int


FULL = Sizes(made=(10_000, 100_000, 1_000_000), wholes=(10_000, 100_000), questions=300)
QUICK = Sizes(made=(10_000,), wholes=(10_000,), questions=100)


def benchmark(
    *, quick: bool, progress: Progress, articles: Path | None = None, picture: Path | None = None
) -> Table:
    """Measures everything, and draws the medians.

    The passages are those of the seeds and of the file `articles`, or else of the file beside the checkout, if
    it is there. A quick run draws only where it is told to which file.
    """
    sizes = QUICK if quick else FULL
    if articles is None and MORE_ARTICLES.exists():
        articles = MORE_ARTICLES
    run = _Run(sizes, progress)
    cores = Cores()
    with cores.pinned():
        run.all(*real(articles))
    if (goal := picture or (None if quick else PICTURE)) is not None:
        goal.write_text(_picture(run.medians), "utf-8")
    run.notes.append(f"Python {platform.python_version()}, numpy {np.__version__}{_versions()}")
    return Table("Ranking, and the index", run.rows, run.notes)


@dataclass
class _Run:
    """What one run has found so far. `medians` are milliseconds, by engine and number of passages."""

    sizes: Sizes
    progress: Progress
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    medians: dict[str, dict[int, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        steps = 1 + 3 * (len(self.sizes.made) + 2) + len(self.sizes.wholes) + 1
        self._shown = self.progress.add_task("", total=steps)

    def all(self, seeds: Sequence[Article], more: Sequence[Article]) -> None:
        """Measures all collections, the smallest first, and the whole indexes."""
        self._step("making passages")
        source = Recombined([*seeds, *more])
        lines = (line for article in source.articles() for line in article.text.splitlines())
        largest = Corpus.of(islice(lines, max(self.sizes.made)))
        second = Corpus.of(texts(more)) if more else largest.first(min(_LIKE_THE_REAL, len(largest)))
        collections = [Corpus.of(texts(seeds)), second, *map(largest.first, self.sizes.made)]
        for corpus in collections:
            self._ranking(corpus)
        for size in self.sizes.wholes:
            self._step(f"{size:,} passages: the whole index")
            articles, passages = passages_of(source.articles(), size)
            self.rows += whole.rows(size, articles, asking.texts(passages, self.sizes.questions))
        kinds = f"{len(seeds)} seeds, {len(more):,} more articles, and passages made of their words"
        stems = ", ".join(f"{one.distinct:,} in {len(one):,}" for one in collections)
        self.notes[:0] = [f"passages: {kinds}; different stems: {stems}"]
        self.progress.remove_task(self._shown)

    def _step(self, what: str) -> None:
        # Drawn between the measurements only: drawing takes time.
        self.progress.update(self._shown, description=what, advance=1, refresh=True)

    def _ranking(self, corpus: Corpus) -> None:
        """The rows of one collection."""
        name = f"{len(corpus):,}"
        self._step(f"{name} passages: making the engines ready")
        ready = made(corpus)
        questions = asking.stems(corpus, self.sizes.questions)
        many = {who: min(len(questions), _WORK.get(who, _NO_LIMIT) // len(corpus)) for who in ready.engines}
        tasks = {who: Task(one.best, questions[: many[who]]) for who, one in ready.engines.items()}
        self._step(f"{name} passages: asking {len(questions)} questions")
        quick = {who: task for who, task in tasks.items() if many[who] == len(questions)}
        first = seconds(quick)
        rounds = [seconds(tasks), *(seconds(quick) for _ in range(_ROUNDS - 1))]
        again = rounds[0] | typical(rounds)
        self._step(f"{name} passages: comparing with the definition")
        for who, found in again.items():
            self.medians.setdefault(who, {})[len(corpus)] = percentiles(found)["p50"]
        self.rows += _beside_peers(len(corpus), again)
        self.rows.append(
            Row(f"{name}: p50 of each question's first time", "ms", percentiles(first[OURS])["p50"], None)
        )
        self.rows.append(_same(name, ready, questions[: min(_CHECKED, many[DEFINITION])]))
        for who, number in many.items():
            if number < len(questions):
                self.notes.append(
                    f"{name}: {who} was asked {number} of the {len(questions)} questions; its row has both figures of these"
                )
        if len(corpus) == max(self.sizes.made):
            self._costs(corpus, ready, questions, again[OURS])

    def _costs(
        self, corpus: Corpus, ready: Made, questions: Sequence[list[str]], found: Sequence[float]
    ) -> None:
        """Where the time goes, how fast the field was built, and the memory it takes."""
        name = f"{len(corpus):,}"
        ours = ready.engines[OURS]
        if not isinstance(ours, Ours):
            raise TypeError("our engine is another one")
        self.rows += limit.rows(name, ours, questions, found, min(self.medians[OURS].items()))
        for who in PEERS:
            if who in ready.seconds:
                rate, theirs = (len(corpus) / ready.seconds[one] for one in (OURS, who))
                self.rows.append(Row(f"{name}: one field built, passages a second, {who}", "", rate, theirs))
        self._step(f"{name} passages: memory")
        taken = {who: bytes_ / 2**20 for who, bytes_ in resident(corpus, ours.postings).items()}
        label, target = f"{name}: memory of one field, rank-bm25", Target("≤", 0.5, of="ratio")
        self.rows.append(Row(label, "MiB", taken.get(OURS), taken.get(DEFINITION), target))


def _beside_peers(size: int, found: Mapping[str, Sequence[float]]) -> list[Row]:
    """Our latencies beside each peer's, over the questions that it was asked."""
    rows = []
    targets = {TANTIVY: 1.0, DEFINITION: _OF_DEFINITION[size]} if size in _OF_DEFINITION else {}
    for peer in PEERS:
        runs = found.get(peer, [])
        ours = percentiles(found[OURS][: len(runs)] or found[OURS])
        most = targets.get(peer)
        target = None if most is None else Target("≤", most, of="ratio")
        theirs = percentiles(runs)["p50"] if runs else None
        label = f"{size:,}: p50, {peer}" + ("" if runs else " (not installed)")
        rows.append(Row(label, "ms", ours["p50"], theirs, target))
        if peer == TANTIVY:
            theirs = percentiles(runs)["p95"] if runs else None
            target = target and Target("≤", 2, of="ratio")
            rows.append(Row(label.replace("p50", "p95"), "ms", ours["p95"], theirs, target))
    return rows


def _same(name: str, ready: Made, questions: Sequence[list[str]]) -> Row:
    """How often our best passages, their order and their scores are rank-bm25's to the last bit."""
    ours, definition = ready.engines[OURS], ready.engines[DEFINITION]
    same = sum(ours.best(one) == definition.best(one) for one in questions)
    label = f"{name}: best 10 and scores as rank-bm25's, of {len(questions)}"
    return Row(label, "%", 100 * same / len(questions), None, Target("=", 100))


def _versions() -> str:
    found = []
    for name in ("rank-bm25", "tantivy", "bm25s", "numba"):
        try:
            found.append(f", {name} {version(name)}")
        except PackageNotFoundError:
            found.append(f", {name} not installed: make bench has it")
    return "".join(found)


def _picture(medians: Mapping[str, Mapping[int, float]]) -> str:
    lines = [
        Line(who, _COLOURS[who], sorted(points.items()), strong=who == OURS)
        for who, points in medians.items()
    ]
    sizes = [size for points in medians.values() for size in points]
    times = [time for points in medians.values() for time in points.values()]
    return drawn(
        "Ranking a question",
        "median, milliseconds on one core, best ten passages",
        axis("passages", sizes), axis("milliseconds", times), lines,
    )  # fmt: skip
