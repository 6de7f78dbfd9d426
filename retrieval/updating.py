"""The command that brings the kept index up to date."""

import argparse
import json
import sys
from pathlib import Path

from retrieval.environment import database_path
from retrieval.index import Index
from retrieval.indexing import folder_of, merge_kept
from retrieval.opening import say, up_to_date_library

_INTERRUPTED = 130  # as of a process that Ctrl-C ended


def index(options: argparse.Namespace) -> int:
    """Takes in what changed, makes one segment of all, and prints what the index holds."""
    folder = folder_of(database_path())
    try:
        with up_to_date_library() as library:
            if not library.is_kept:
                return 1
            merge_kept(folder, most=1)
        with up_to_date_library() as library:
            held = _held(library.index, folder)
    except KeyboardInterrupt:
        say("Stopped; what was read is kept, and the same command goes on from there.")
        return _INTERRUPTED
    sys.stdout.write((json.dumps(held, ensure_ascii=False) if options.json else _sentence(held)) + "\n")
    return 0


def _held(index: Index, folder: Path) -> dict[str, str | int]:
    return {
        "folder": str(folder),
        "articles": len(index.articles),
        "passages": len(index.passages),
        "segments": len(index.parts),
        "bytes": sum(map(_size, folder.iterdir())),
    }


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # a running bot has put another in its place
        return 0


def _sentence(held: dict[str, str | int]) -> str:
    counts = [f"{held[name]:,} {name if held[name] != 1 else name[:-1]}" for name in list(held)[1:]]
    return f"{held['folder']}: {', '.join(counts)}"
