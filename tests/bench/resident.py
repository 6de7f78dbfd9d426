"""How much memory one field takes, in a process that has nothing else: `python -m tests.bench.resident WHO FOLDER`.

The folder holds a corpus, and the arrays of our postings of it. Prints a number of bytes.
"""

import gc
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from retrieval.postings import Postings
from retrieval.terms import Terms
from tests.bench.corpus import Corpus
from tests.bench.engines import DEFINITION, OURS, Engine, RankBm25, searched
from tests.running import ROOT


class _Opened:
    """Our postings from their arrays."""

    def __init__(self, folder: Path) -> None:
        terms = Terms(**_arrays(folder / "terms-of"))
        postings = Postings(terms, **_arrays(folder / "postings"))
        self._pruned = searched(postings)

    def best(self, terms: list[str]):
        return self._pruned.best(terms, 10)


_MAKE: Mapping[str, Callable[[Path], Engine]] = {
    OURS: _Opened,
    DEFINITION: lambda folder: RankBm25(Corpus.opened(folder)),
}


def resident(corpus: Corpus, postings: Postings) -> dict[str, float]:
    """The bytes by engine: ours, and rank-bm25's; empty where the system does not tell."""
    if _now() is None:
        return {}
    with tempfile.TemporaryDirectory(prefix="dayek-bench-") as name:
        folder = Path(name)
        corpus.saved(folder)
        _save(folder / "terms-of", postings.terms.arrays())
        _save(folder / "postings", postings.arrays())
        return {who: _of_child(who, folder) for who in _MAKE}


def _of_child(who: str, folder: Path) -> float:
    command = [sys.executable, "-m", "tests.bench.resident", who, str(folder)]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def _save(folder: Path, arrays: Mapping[str, np.ndarray]) -> None:
    folder.mkdir()
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)


def _arrays(folder: Path) -> dict[str, np.ndarray]:
    return {file.stem: np.load(file) for file in folder.iterdir()}


def _now() -> int | None:
    """Bytes of memory that this process has; None where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return None
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return 1024 * int(line.split()[1])


def main() -> None:
    """Makes or opens the engine, asks it once, and prints what that has added to the memory."""
    who, folder = sys.argv[1], Path(sys.argv[2])
    before = _now()
    gc.disable()
    engine = _MAKE[who](folder)
    engine.best(["және", "жыл", "қала"])
    gc.collect()
    after = _now()
    if before is not None and after is not None:
        print(after - before)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main()
