"""The commands that put many questions: run, evaluate and calibrate."""

import argparse
from collections.abc import Iterator, Mapping, Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table

from retrieval.errors import RetrievalError
from retrieval.evaluate import DEPTH, Figures, Question, figures
from retrieval.opening import index_of
from retrieval.refusal import LEAST, MOST, QUANTILE, unrelated
from retrieval.runs import as_json_lines, read_questions, run_line
from retrieval.search import answer


def run(options: argparse.Namespace) -> int:
    """Answers a file of questions, in the run format."""
    questions = read_questions(options.questions)
    with index_of(options.articles) as index:
        records = (
            run_line(question, answer(index, question.text, options.k)) for question in _each(questions)
        )
        try:
            with options.output.open("w", encoding="utf-8") as output:
                output.writelines(as_json_lines(records))
        except OSError as error:
            raise RetrievalError(
                f"{options.output}: cannot be written ({error.strerror}); check the path and the free space"
            ) from error
    return 0


def evaluate(options: argparse.Namespace) -> int:
    """Prints how good the answers to questions with known quotes are, by category."""
    questions = read_questions(options.questions)
    with index_of(options.articles) as index:
        pairs = [(question, answer(index, question.text, DEPTH)) for question in _each(questions)]
        found = figures(pairs, index.articles)
    Console(highlight=False).print(_by_category(found))
    return 0


def calibrate(options: argparse.Namespace) -> int:
    """Prints how much evidence an answer from these articles needs, and what questions find by chance."""
    with index_of(options.articles) as index:
        chance, enough = sorted(unrelated(index, options.samples)), index.enough
    screen = Console(highlight=False)
    screen.print(f"{len(chance)} questions that the articles do not answer find this much evidence:")
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        if chance:
            screen.print(f"  {share:4.0%} of them at most {chance[int(share * (len(chance) - 1))]:.2f}")
    screen.print(f"An answer needs {enough:.2f} ({QUANTILE:.0%} of them, kept from {LEAST} to {MOST}).")
    return 0


def _each(questions: Sequence[Question]) -> Iterator[Question]:
    """The questions one by one, and how far it is."""
    yield from track(questions, "Answering", console=Console(stderr=True))


def _by_category(found: Mapping[str, Figures]) -> Table:
    table = Table(box=SIMPLE)
    columns = ("answered", "hit@1", "hit@3", "MRR@10", "nDCG@10", "refused")
    for name in ("category", "n", *columns):
        table.add_column(name, justify="left" if name == "category" else "right", no_wrap=True)
    for category in sorted(found, key=lambda name: (name in {"all", "unanswerable"}, name)):
        row = found[category]
        values = (row.answered, row.hit1, row.hit3, row.mrr, row.ndcg, row.refused)
        known = (category != "unanswerable",) * 5 + (category == "unanswerable",)
        shown = [f"{value:.3f}" if show else "" for value, show in zip(values, known, strict=True)]
        table.add_row(category, str(row.questions), *shown)
    return table
