"""The library from the command line."""

import argparse
import json
import os
import sys
import textwrap
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from retrieval.article import Article, Span
from retrieval.build import build
from retrieval.errors import RetrievalError
from retrieval.evaluate import figures
from retrieval.explain import Explained, explain
from retrieval.index import Index
from retrieval.kazakh import stem
from retrieval.loading import load, load_synonyms
from retrieval.maintenance import add_commands, database_path
from retrieval.refusal import LEAST, MOST, QUANTILE, unrelated
from retrieval.runs import as_json_lines, read_questions, run_line
from retrieval.search import Quote, answer
from retrieval.store import Store
from retrieval.words import normal

_EXAMPLES = {
    "search": 'python -m retrieval search "Мәжіліс төрағасы кім?"',
    "run": "python -m retrieval run questions.jsonl --articles seeds --output run.jsonl",
    "explain": 'python -m retrieval explain "Мәжіліс төрағасы кім?"',
    "evaluate": "python -m retrieval evaluate questions.jsonl",
    "calibrate": "python -m retrieval calibrate --articles seeds",
    "stem": "echo кітаптарымыздан | python -m retrieval stem",
    "show": "python -m retrieval show 004_2bb3ed058fab7c0d.txt",
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0 on success, 1 where it cannot be done, with the reason on standard error."""
    options = parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except RetrievalError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m retrieval", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, what: str, run: object) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what, description=what, epilog=f"Example: {_EXAMPLES[name]}")
        added.set_defaults(command=run)
        added.add_argument(
            "--articles",
            type=Path,
            metavar="PATH",
            help="a folder, .jsonl or .jsonl.gz file to use instead of the database",
        )
        return added

    search = command("search", "Answer one question.", _search)
    search.add_argument("question")
    search.add_argument("-k", type=_count, default=3, metavar="N", help="how many quotes at the most (3)")
    search.add_argument("--json", action="store_true", help="for programs: one JSON object")
    run = command("run", "Answer a file of questions, in the run format.", _run)
    run.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    run.add_argument("--output", type=Path, required=True, metavar="RUN.jsonl")
    run.add_argument("-k", type=_count, default=10, metavar="N", help="results a question at the most (10)")
    why = command("explain", "Show why each hit ranks where it does.", _explain)
    why.add_argument("question")
    why.add_argument("-k", type=_count, default=3, metavar="N", help="how many hits (3)")
    measured = command("evaluate", "Measure the answers to questions with known quotes.", _evaluate)
    measured.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    bound = command(
        "calibrate", "Show how much evidence an answer from these articles needs, and why.", _calibrate
    )
    bound.add_argument(
        "--samples", type=_count, default=300, metavar="N", help="unrelated questions to make (300)"
    )
    stems = commands.add_parser(
        "stem",
        help="Stem words, one a line on standard input.",
        description="Print word<TAB>stem for each word, one a line, on standard input.",
        epilog=f"Example: {_EXAMPLES['stem']}",
    )
    stems.set_defaults(command=_stem)
    show = command("show", "Print the stored text of an article, the text that offsets count in.", _show)
    show.add_argument("id")
    add_commands(commands)
    return top


def _count(given: str) -> int:
    number = int(given)
    if not 1 <= number <= 1000:  # noqa: PLR2004 - beyond it the list helps nobody
        raise argparse.ArgumentTypeError(f"{given} is not between 1 and 1000")
    return number


def _articles(path: Path | None) -> tuple[Article, ...]:
    """The articles of the path given, or those of ARTICLES synced with DATABASE, as the bot does it."""
    loaded = load(path or Path(os.environ.get("ARTICLES") or "seeds"))
    for problem in loaded.problems:
        print(problem, file=sys.stderr)
    if path is not None:
        return loaded.articles
    store = Store(database_path())
    try:
        store.sync(loaded.articles)
        return store.articles()
    finally:
        store.close()


def _index(options: argparse.Namespace) -> Index:
    return build(_articles(options.articles), load_synonyms())


def _search(options: argparse.Namespace) -> int:
    result = answer(_index(options), options.question, options.k)
    if options.json:
        quotes = [_as_data(quote) for quote in result.quotes]
        print(json.dumps({"answered": result.refusal is None, "quotes": quotes}, ensure_ascii=False))
        return 0
    screen = Console(highlight=False)
    if result.refusal is not None:
        screen.print(f"Not in the articles: {result.refusal.value}.")
    for number, quote in enumerate(result.quotes, 1):
        screen.print(_marked(quote.article, quote.span, quote.highlights), soft_wrap=True)
        screen.print(Text(f"[{number}] {_place(quote)}\n", style="dim"), soft_wrap=True)
    return 0


def _as_data(quote: Quote) -> dict[str, object]:
    article = quote.article
    return {
        "article": article.id,
        "start": quote.span.start,
        "end": quote.span.end,
        "quote": quote.text,
        "highlights": quote.highlights,
        "title": article.title,
        "source": article.source,
        "published": None if article.published is None else article.published.isoformat(),
        "url": article.url,
        "paragraph": quote.passage.paragraph,
        "speaker": quote.speaker,
        "score": quote.score,
    }


def _marked(article: Article, span: Span, highlights: Iterable[Span]) -> Text:
    edges = [span.start, *(edge for found in highlights for edge in found), span.end]
    styles = ("", "bold yellow")
    return Text.assemble(
        *(
            (article.text[start:end], styles[number % 2])
            for number, (start, end) in enumerate(pairwise(edges))
        )
    )


def _place(quote: Quote) -> str:
    article = quote.article
    known = [
        article.source,
        None if article.published is None else article.published.isoformat(),
        article.title,
    ]
    parts = [part for part in known if part]
    return " · ".join([*parts, f"paragraph {quote.passage.paragraph}", f"{article.id}:{quote.span.start}"])


def _run(options: argparse.Namespace) -> int:
    questions = read_questions(options.questions)
    index = _index(options)
    records = (
        run_line(question, answer(index, question.text, options.k))
        for question in track(questions, "Answering", console=Console(stderr=True))
    )
    try:
        output = options.output.open("w", encoding="utf-8")
    except OSError as error:
        raise RetrievalError(
            f"{options.output}: cannot be written ({error.strerror}); check the path"
        ) from error
    with output:
        output.writelines(as_json_lines(records))
    return 0


def _explain(options: argparse.Namespace) -> int:
    screen = Console(highlight=False)
    explanation = explain(_index(options), options.question, options.k)
    words = Table(title="The question's words", title_justify="left")
    for name in ("word", "idf", "looked for"):
        words.add_column(name, justify="right" if name == "idf" else "left")
    for asked in explanation.query.asked:
        meant = [f"{one.stem} ({one.weight:.2f}, {one.how.value})" for one in asked.alternatives]
        words.add_row(Text(asked.word), f"{asked.idf:.2f}", Text("\n".join(meant) or "not in the articles"))
    screen.print(words)
    if explanation.query.wanted:
        kinds = ", ".join(sorted(kind.value for kind in explanation.query.wanted))
        screen.print(f"It asks for: {kinds}")
    verdict = "answered" if explanation.evidence >= explanation.enough else "refused"
    screen.print(f"Evidence {explanation.evidence:.2f}, enough is {explanation.enough:.2f}: {verdict}\n")
    for found in explanation.hits:
        screen.print(_explained(found))
    return 0


def _explained(found: Explained) -> Table:
    start, end = found.passage.text
    words = textwrap.shorten(found.article.text[start:end], 70, placeholder=" …")
    table = Table(title=Text(f"{found.hit.rank}. {words}"), title_justify="left")
    columns = ("word", "found as", "tf", "df", "length", "stem", "word", "root", "title")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number < 2 else "right")  # noqa: PLR2004 - the two of words
    for part in found.parts:
        posting = part.posting
        counts = ("", "", "") if posting is None else (str(posting.tf), str(posting.df), str(posting.length))
        fields = (part.stem, part.word, part.root, part.title)
        meant = "" if part.meant is None else part.meant.stem
        table.add_row(
            Text(part.asked.word),
            Text(meant),
            *counts,
            *(f"{value:.2f}" if value else "" for value in fields),
        )
    table.add_section()
    table.add_row("letter n-grams", *[""] * 4, f"{found.grams:.2f}")
    table.add_row("score", *[""] * 4, f"{found.hit.score:.2f}")
    table.add_row("share held", *[""] * 4, f"{found.hit.cover:.2f}")
    return table


def _evaluate(options: argparse.Namespace) -> int:
    questions = read_questions(options.questions)
    index = _index(options)
    pairs = [
        (question, answer(index, question.text, 10))
        for question in track(questions, "Answering", console=Console(stderr=True))
    ]
    table = Table(box=SIMPLE)
    columns = ("answered", "hit@1", "hit@3", "MRR@10", "nDCG@10", "refused")
    for name in ("category", "n", *columns):
        table.add_column(name, justify="left" if name == "category" else "right", no_wrap=True)
    found = figures(pairs, index.articles)
    for category in sorted(found, key=lambda name: (name in {"all", "unanswerable"}, name)):
        row = found[category]
        values = (row.answered, row.hit1, row.hit3, row.mrr, row.ndcg, row.refused)
        known = (category != "unanswerable",) * 5 + (category == "unanswerable",)
        shown = [f"{value:.3f}" if show else "" for value, show in zip(values, known, strict=True)]
        table.add_row(category, str(row.questions), *shown)
    Console(highlight=False).print(table)
    return 0


def _calibrate(options: argparse.Namespace) -> int:
    index = _index(options)
    chance = sorted(unrelated(index, options.samples))
    screen = Console(highlight=False)
    screen.print(f"{len(chance)} questions that the articles do not answer find this much evidence:")
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        if chance:
            screen.print(f"  {share:4.0%} of them at most {chance[int(share * (len(chance) - 1))]:.2f}")
    screen.print(f"An answer needs {index.enough:.2f} ({QUANTILE:.0%} of them, kept from {LEAST} to {MOST}).")
    return 0


def _stem(_: argparse.Namespace) -> int:
    for line in sys.stdin:
        word = line.rstrip("\n")
        print(f"{word}\t{stem(normal(word))}")
    return 0


def _show(options: argparse.Namespace) -> int:
    article = next((one for one in _articles(options.articles) if one.id == options.id), None)
    if article is None:
        raise RetrievalError(f"There is no article {options.id!r}.")
    sys.stdout.write(article.text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
