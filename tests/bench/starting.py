"""An index kept in a folder: how large it is, how fast it is opened, and how soon a new process answers.

`python -m tests.bench.starting FOLDER` opens the index there, answers the question on standard input, and prints
how many seconds the opening took.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlite_utils import Database

from retrieval.article import Article
from retrieval.files import opened, save
from retrieval.index import Index
from retrieval.loading import load_synonyms
from retrieval.search import answer

_ROOT = Path(__file__).parents[2]  # tests.running would bring the whole bot along
_RUNS = 5
_DATABASE = "articles.db"


def figures(index: Index, question: str) -> dict[str, float]:
    """`disk` is bytes in the folder for each of the articles' texts, `open` and `answer` are seconds.

    `answer` runs from the start of a process to its answer; of a few runs the median. The files are in the
    system's memory.
    """
    with tempfile.TemporaryDirectory(prefix="dayek-bench-") as name:
        folder = Path(name)
        save(index, folder / "index")
        size = sum(file.stat().st_size for file in (folder / "index").iterdir())
        text = sum(
            len(one.text.encode()) + len((one.title or "").encode()) for one in index.articles.values()
        )
        rows = ({"id": one.id, "text": one.text} for one in index.articles.values())
        database = Database(folder / _DATABASE)
        database.table("articles").insert_all(rows, pk="id")
        database.close()
        runs = [_run(folder, question) for _ in range(_RUNS)]
    opening, answering = (statistics.median(one) for one in zip(*runs, strict=True))
    return {"disk": size / text, "open": opening, "answer": answering}


def _run(folder: Path, question: str) -> tuple[float, float]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.starting", str(folder)],
        cwd=_ROOT, check=True, capture_output=True, input=question, encoding="utf-8",
    )  # fmt: skip
    return float(done.stdout), time.perf_counter() - began


class _Articles(Mapping[str, Article]):
    """The articles in a database, each read when it is looked at."""

    def __init__(self, path: Path) -> None:
        self._table = Database(path).table("articles")

    def __getitem__(self, id_: str) -> Article:
        return Article(id_, str(self._table.get(id_)["text"]))

    def __iter__(self) -> Iterator[str]:
        return (row["id"] for row in self._table.rows_where(select="id"))

    def __len__(self) -> int:
        return self._table.count


def main() -> None:
    """Opens, answers, and prints the seconds."""
    folder, question = Path(sys.argv[1]), sys.stdin.read()
    articles, synonyms = _Articles(folder / _DATABASE), load_synonyms()
    began = time.perf_counter()
    index = opened(folder / "index", articles, synonyms)
    took = time.perf_counter() - began
    if not any(quote.text for quote in answer(index, question).quotes):
        raise SystemExit(f"no answer to {question!r}")
    print(took)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main()
