"""The command line of the benchmarks; each prints a table."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.bench import index, load
from tests.bench.table import Table

BENCHMARKS: dict[str, Callable[..., Table]] = {"load": load.benchmark, "index": index.benchmark}
"""By name; each is called with `quick` and `progress`, and measures what it can."""
_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmarks and returns the exit status.

    0: everything was measured, whatever was found; 1: something could not be, and the table says what and why;
    130: interrupted.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    for name in ("json", "picture"):
        file = getattr(options, name)
        if file is not None and not file.absolute().parent.is_dir():
            parser.error(f"--{name} {file}: there is no such folder")
    if options.articles is not None and not options.articles.exists():
        parser.error(f"--articles {options.articles}: there is no such file or folder")
    benchmarks = BENCHMARKS | {
        "index": partial(BENCHMARKS["index"], articles=options.articles, picture=options.picture)
    }
    names = list(BENCHMARKS) if options.benchmark == "all" else [options.benchmark]
    tables = {}
    for name in names:
        try:
            with _progress() as progress:
                tables[name] = benchmarks[name](quick=options.quick, progress=progress)
        except (KeyboardInterrupt, asyncio.CancelledError):  # Ctrl-C, and SIGTERM
            print("Interrupted; everything that was started is ended.", file=sys.stderr)
            return _INTERRUPTED
        Console().print(tables[name])
    if options.json is not None:
        found = {name: table.as_json() for name, table in tables.items()}
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if any(table.broken for table in tables.values()) else 0


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measures the bot beside its peers. The load takes a quarter of an hour, the index as long, "
        "best on a machine that does nothing else.",
        epilog="Example: python -m tests.bench load --quick",
    )
    parser.add_argument("benchmark", nargs="?", choices=[*BENCHMARKS, "all"], default="all")
    parser.add_argument("--quick", action="store_true", help="a minute or so, once each: a check, no figures")
    parser.add_argument(
        "--articles", type=Path, metavar="PATH", help="more articles for the index, as the bot takes them"
    )
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help="where the index is drawn (tests/bench/index.svg in a full run)",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="writes all figures, of each run, to a file"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
