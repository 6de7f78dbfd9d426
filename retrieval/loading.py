"""Articles from a folder or a JSON Lines file."""

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from retrieval.article import Article
from retrieval.errors import ArticlesError
from retrieval.reading import read_txt

_SYNONYMS = Path(__file__).with_name("synonyms.tsv")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The articles that could be read, and a sentence for each file or line that could not."""

    articles: tuple[Article, ...]
    problems: tuple[str, ...]


def load(path: Path) -> Loaded:
    """The articles in a folder of `.txt` files, or in a `.jsonl` or `.jsonl.gz` file.

    One bad file or line never stops the rest. Raises ArticlesError where the path itself cannot be read.
    """
    articles: dict[str, Article] = {}
    problems: list[str] = []
    for found in _read(path):
        if isinstance(found, str):
            problems.append(found)
        elif found.id in articles:
            problems.append(
                f"{path}: the id {found.id!r} stands twice; the second was left out: give it another id"
            )
        else:
            articles[found.id] = found
    return Loaded(tuple(articles.values()), tuple(problems))


def load_synonyms() -> tuple[tuple[str, ...], ...]:
    """The groups of `synonyms.tsv`: words that news uses for the same thing, in dictionary form."""
    lines = _SYNONYMS.read_text("utf-8").split("\n")
    return tuple(tuple(line.split("\t")) for line in lines if line and not line.startswith("#"))


def _read(path: Path) -> Iterator[Article | str]:
    try:
        if path.is_dir():
            yield from _folder(path)
        elif path.name.endswith((".jsonl", ".jsonl.gz")):
            yield from _json_lines(path)
        else:
            raise ArticlesError(
                f"{path}: no articles here; give a folder of .txt files, or a .jsonl or .jsonl.gz file"
            )
    except (OSError, EOFError, zlib.error) as error:
        raise ArticlesError(
            f"{path}: cannot be read ({error}); check that it exists and may be read"
        ) from error


def _folder(path: Path) -> Iterator[Article | str]:
    for file in sorted(path.iterdir()):
        if not file.is_file() or file.name.startswith("."):
            continue
        if not _is_text(file.name):
            yield f"{os.fsencode(file)!r}: left out; its name is not UTF-8: rename it"
            continue
        if file.suffix.lower() != ".txt":
            yield f"{file}: left out; articles in a folder are .txt files"
            continue
        try:
            text = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            yield f"{file}: left out; it is not UTF-8 (byte {error.start}): save it as UTF-8"
        except OSError as error:
            yield f"{file}: left out; it cannot be read ({error.strerror}): check its permissions"
        else:
            yield read_txt(file.name, text) if text.strip() else f"{file}: left out; it is empty"


def _json_lines(path: Path) -> Iterator[Article | str]:
    opener = gzip.open if path.name.endswith(".gz") else open
    with opener(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _json_article(f"{path}, line {number}", line)


def _json_article(where: str, line: bytes) -> Article | str:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError both are ValueErrors
        return f"{where}: left out; it is not JSON in UTF-8"
    if not isinstance(record, dict):
        return f"{where}: left out; a line is one object with id, title and text"
    if not all(_is_text(record.get(name)) and record[name].strip() for name in ("id", "text")):
        return f"{where}: left out; id and text must be there, as text"
    optional: dict[str, Any] = {
        name: record.get(name) or None for name in ("title", "source", "url", "published")
    }
    wrong = [name for name, value in optional.items() if value is not None and not _is_text(value)]
    if wrong:
        return f"{where}: left out; {', '.join(wrong)} must be text"
    published = optional["published"]
    try:
        day = None if published is None else date.fromisoformat(published[:10])
    except ValueError:
        return f"{where}: left out; published is {published!r}, not a date like 2026-03-01"
    return Article(record["id"], record["text"], optional["title"], optional["source"], day, optional["url"])


def _is_text(value: object) -> bool:
    """Whether the value is text that can be stored and sent; half of a surrogate pair cannot."""
    return isinstance(value, str) and _LONE_SURROGATE.search(value) is None
