"""The library from the command line."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType

from retrieval.errors import RetrievalError

_INTERRUPTED = 130  # as of a process that Ctrl-C ended
_TERMINATED = 128 + signal.SIGTERM
_EXAMPLES = {
    "search": 'python -m retrieval search "Мәжіліс төрағасы кім?"',
    "explain": 'python -m retrieval explain "Мәжіліс төрағасы кім?"',
    "show": "python -m retrieval show 004_2bb3ed058fab7c0d.txt",
    "add": "python -m retrieval add news/ letter.docx https://example.org/story",
    "list": "python -m retrieval list",
    "remove": "python -m retrieval remove news/2026-03-01.html",
    "refresh": "python -m retrieval refresh",
    "index": "python -m retrieval index",
    "run": "python -m retrieval run questions.jsonl --articles seeds --output run.jsonl",
    "evaluate": "python -m retrieval evaluate questions.jsonl",
    "calibrate": "python -m retrieval calibrate --articles seeds",
    "glossary": "python -m retrieval glossary --coverage seeds",
    "stem": "echo кітаптарымыздан | python -m retrieval stem",
    "backup": "python -m retrieval backup data/backup-2026-03-01.db",
    "restore": "python -m retrieval restore data/backup-2026-03-01.db",
}
_INDEX = """Bring the database in DATABASE and the index kept beside it up to date with ARTICLES, merge all parts of
the index into one, and say what it holds. No other command needs this first. Also while the bot runs. After Ctrl-C
the same command goes on where it was. Exit status 1: the index could not be written, and it was said why."""
_ADD = """Add articles to the database in DATABASE (data/dayek.db): files, folders with all below them, zip archives,
links. Also while the bot runs, which answers from them at once. The same again changes nothing; what changed is replaced, and its earlier version kept. One that
was cut short goes on with the next `add`, also without an argument. Exit status 1: something was skipped, and it
was said why."""
_REMOVE = """Remove articles. What they came from does not bring them back, unless that changes in ARTICLES; `add` does."""
_REFRESH = """Take in anew ARTICLES and all that `add` was given: files, folders and links. Articles that are no longer
there stay, and are named. Exit status 1: something was skipped, and it was said why."""
_GLOSSARY = """Say how many entries the glossary has, by domain: the one that comes with Dayek, and before it the operator's
own in GLOSSARY. With --coverage: how many of the words of a text have an entry, by language, with and without names
(capitalised words inside sentences), and which words are missing most often. Function words and numbers do not count;
a relative of an entry's word, or a loanword spelled like a Kazakh one, is counted apart."""
_RESTORE = """Put a backup back, also while the bot runs; an import that is under way is waited for. What was there
before is copied beside the database first. The bot goes on with the restored settings, votes and articles at once. What readers had deleted with /forget since the backup comes back with it."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns the exit status.

    0: done; 1: it cannot be done, with the reason on standard error; 2: wrong arguments; 130: Ctrl-C; 143: SIGTERM.
    """
    logging.getLogger("pypdf").setLevel(
        logging.CRITICAL
    )  # what is wrong with a file is said in our own words
    options = parser().parse_args(arguments)
    with _stopped_by_sigterm() as signals:
        status = _run(options)
    return _TERMINATED if signals and status == _INTERRUPTED else status


@contextmanager
def _stopped_by_sigterm() -> Iterator[list[int]]:
    """Has SIGTERM end a command as Ctrl-C does, tidily and with a sentence; gives the signals that came."""
    came: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(options: argparse.Namespace) -> int:
    try:
        return _command(options)(options)
    except RetrievalError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _command(options: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    """The function behind a command; no command waits for what only the others import."""
    found: Callable[[argparse.Namespace], int] = getattr(
        import_module(f"retrieval.{options.module}"), options.name
    )
    return found


def parser() -> argparse.ArgumentParser:
    """The command line; each command names the module with the function of its name."""
    top = argparse.ArgumentParser(prog="python -m retrieval", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, module: str, what: str, description: str | None = None) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name, help=what, description=description or what, epilog=f"Example: {_EXAMPLES[name]}"
        )
        added.set_defaults(module=module, name=name)
        return added

    search = command("search", "asking", "Answer one question.")
    _question(search, "how many quotes at the most (3)")
    _json(search)
    _question(command("explain", "explaining", "Show why each hit ranks where it does."), "how many hits (3)")
    show = command("show", "showing", "Print the stored text of an article, the text that offsets count in.")
    show.add_argument(
        "id", metavar="ID", help="the article, as search names it: in a folder, the file's name"
    )
    show.add_argument(
        "--version", type=_count, metavar="N", help="an earlier version, counted from 1, the oldest"
    )
    _articles(show)
    _add_keeping(command)
    _json(command("index", "updating", "Bring the kept index up to date, and say what it holds.", _INDEX))
    _add_measuring(command)
    glossary = command("glossary", "glossing", "Count the glossary's entries, or what they cover.", _GLOSSARY)
    glossary.add_argument(
        "--coverage",
        type=Path,
        metavar="PATH",
        help="a folder, a zip or a file of any format: what is covered of it",
    )
    _json(glossary)
    command(
        "stem",
        "stemming",
        "Stem words, one a line on standard input.",
        "Print word<TAB>stem for each word, one a line, on standard input.",
    )
    backup = command("backup", "maintenance", "Copy the database to a file, also while the bot runs.")
    restore = command("restore", "maintenance", "Put a backup back, also while the bot runs.", _RESTORE)
    for copying in (backup, restore):
        copying.add_argument("file", type=Path, metavar="FILE", help="the backup")
        copying.add_argument(
            "--database", type=Path, metavar="PATH", help="instead of DATABASE (data/dayek.db)"
        )
        _json(copying)
    backup.add_argument("--force", action="store_true", help="replace FILE where it is there already")
    return top


def _add_keeping(command: Callable[..., argparse.ArgumentParser]) -> None:
    add = command("add", "adding", "Add articles from files, folders and links.", _ADD)
    add.add_argument("what", nargs="*", metavar="PATH|URL", help="a file, a folder or a link")
    listed = command("list", "listing", "Name the articles, newest first.")
    listed.set_defaults(name="list_")
    remove = command("remove", "listing", "Remove articles.", _REMOVE)
    remove.add_argument("ids", nargs="+", metavar="ID", help="an article, as list names it")
    refresh = command("refresh", "adding", "Take in anew what the articles came from.", _REFRESH)
    for telling in (add, listed, refresh):
        _json(telling)


def _add_measuring(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    run = command("run", "measuring", "Answer a file of questions, in the run format.")
    _questions(run)
    run.add_argument("--output", type=Path, required=True, metavar="RUN.jsonl", help="the file to write")
    run.add_argument("-k", type=_count, default=10, metavar="N", help="results a question at the most (10)")
    _questions(command("evaluate", "measuring", "Measure the answers to questions with known quotes."))
    bound = command(
        "calibrate",
        "measuring",
        "Show how much evidence an answer from these articles needs, and why.",
    )
    bound.add_argument(
        "--samples", type=_count, default=300, metavar="N", help="unrelated questions to make (300)"
    )
    _articles(bound)


def _question(command: argparse.ArgumentParser, count: str) -> None:
    command.add_argument("question", metavar="QUESTION", help="what you want to know, in quotation marks")
    command.add_argument("-k", type=_count, default=3, metavar="N", help=count)
    _articles(command)


def _questions(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "questions",
        type=Path,
        metavar="QUESTIONS.jsonl",
        help="one object a line, with id, text and relevant",
    )
    _articles(command)


def _articles(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--articles",
        type=Path,
        metavar="PATH",
        help="a folder, a zip or a file of any format, to use instead of the database",
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="for programs: one JSON object")


def _count(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= 1000:  # noqa: PLR2004 - beyond it the list helps nobody
        raise argparse.ArgumentTypeError(f"{given} is not a number from 1 to 1000")
    return int(given)


if __name__ == "__main__":
    sys.exit(main())
