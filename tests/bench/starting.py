"""A library of articles: how large its index is, how fast it is opened, and how soon a new process answers.

`python -m tests.bench.starting FOLDER` opens the index there, and prints how many seconds that took.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from retrieval.files import opened, save
from retrieval.index import Index
from retrieval.indexing import folder_of
from retrieval.library import ADDED
from retrieval.loading import load_synonyms
from retrieval.store import Store

_ROOT = Path(__file__).parents[2]  # tests.running would bring the whole bot along
_RUNS = 5


def figures(index: Index, question: str) -> dict[str, float]:
    """`disk` is bytes of the index for each of the articles' texts, `open` and `answer` are seconds.

    `answer` runs from the start of `python -m retrieval search` to its end; of a few runs the median. The files
    are in the system's memory.
    """
    with tempfile.TemporaryDirectory(prefix="dayek-bench-") as name:
        database = Path(name) / "dayek.db"
        store = Store(database)
        store.add(index.articles.values(), ADDED)
        save(index, folder_of(database), mark=store.mark())
        store.close()
        size = sum(file.stat().st_size for file in folder_of(database).iterdir())
        text = sum(
            len(one.text.encode()) + len((one.title or "").encode()) for one in index.articles.values()
        )
        setting = Path(name) / "articles"
        setting.mkdir()
        (setting / "one.txt").write_text("Қар жауды.", "utf-8")
        known = {**os.environ, "DATABASE": str(database), "ARTICLES": str(setting)}
        search = [sys.executable, "-m", "retrieval", "search", "--json", question]
        _seconds(search, known)  # takes the one article in
        answering = statistics.median(_seconds(search, known)[0] for _ in range(_RUNS))
        opening = [sys.executable, "-m", "tests.bench.starting", str(folder_of(database))]
        took = statistics.median(float(_seconds(opening, known)[1]) for _ in range(_RUNS))
    return {"disk": size / text, "open": took, "answer": answering}


def _seconds(command: Sequence[str], known: dict[str, str]) -> tuple[float, str]:
    """How long a process takes from start to end, and what it prints."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=_ROOT, env=known, check=True, capture_output=True, encoding="utf-8")
    return time.perf_counter() - began, done.stdout


def main() -> None:
    """Opens the index, and prints the seconds."""
    synonyms = load_synonyms()
    began = time.perf_counter()
    opened(Path(sys.argv[1]), {}, synonyms)
    print(time.perf_counter() - began)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main()
