"""Articles from the disk: a folder with its subfolders, or a file of any format that can be read."""

import gzip
import os
import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from retrieval.article import Article
from retrieval.document import Document, Unread
from retrieval.errors import ArticlesError, GlossaryError, Trouble
from retrieval.formats import documents, lines
from retrieval.glossary import Entry, Glossary, entries, merged

_SYNONYMS = Path(__file__).with_name("synonyms.tsv")
_GLOSSARY = Path(__file__).with_name("glossary.tsv")
_LARGEST = 200_000_000  # bytes of a file that is read as a whole
_LINES = (".jsonl", ".jsonl.gz")
# What systems and programs leave in folders, and nobody put there.
_HIDDEN = re.compile(r"(?i)\..*|~\$.*|__MACOSX|Thumbs\.db|desktop\.ini")
LEADS_OUT = "is a link that leads out of the folder: put the file itself there"
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The articles that could be read, and a sentence for each file, or place in one, that could not."""

    articles: tuple[Article, ...]
    problems: tuple[str, ...]


def load(path: Path) -> Loaded:
    """The articles in a folder and its subfolders, or in a file: a text, a page, a document, JSON Lines, a zip.

    The id of an article is the path of its file inside the folder, with `/`; for several in a file, their place in
    it; in JSON Lines it is their own. Hidden files and folders are passed over. One bad file or line never stops
    the rest. Raises ArticlesError where the path itself cannot be read.
    """
    articles: dict[str, Article] = {}
    problems: list[str] = []
    for found in _read(path):
        if isinstance(found, Unread):
            problems.append(f"{_place(path, found.name)}: left out; {found.reason}")
        elif found.name in articles:
            problems.append(
                f"{path}: the id {found.name!r} stands twice; the second was left out: give it another id"
            )
        else:
            articles[found.name] = found.as_article(found.name)
    return Loaded(tuple(articles.values()), tuple(problems))


def load_synonyms() -> tuple[tuple[str, ...], ...]:
    """The groups of `synonyms.tsv`: words that news uses for the same thing, in dictionary form."""
    groups = _SYNONYMS.read_text("utf-8").split("\n")
    return tuple(tuple(line.split("\t")) for line in groups if line and not line.startswith("#"))


def load_glossary(own: Path | None = None) -> Glossary:
    """The glossary that comes with Dayek, with an operator's own entries before it; those of one lemma are merged.

    It is read when a question in another language is first asked. Raises GlossaryError where the own file cannot be
    read.
    """
    first = [] if own is None else load_entries(own)

    def read() -> list[Entry]:
        from retrieval.cldr import cldr  # noqa: PLC0415 - Babel takes its time, and mostly nobody needs it

        return merged(first, chain(load_entries(_GLOSSARY), cldr()))

    return Glossary(read)


def load_entries(path: Path) -> list[Entry]:
    """The entries of a glossary's file. Raises GlossaryError, which names the file and the first wrong line."""
    try:
        return entries(path.read_text("utf-8"), str(path))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise GlossaryError(f"{path}: line {line} is not in UTF-8; save the file in UTF-8") from error
    except OSError as error:
        raise GlossaryError(
            f"{path}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error


def _read(path: Path) -> Iterator[Document | Unread]:
    if path.is_dir():
        yield from _folder(path)
        return
    try:
        for found in _file(path, path.name):
            if isinstance(found, Unread) and found.name == path.name:
                raise ArticlesError(f"{path}: no articles here; {found.reason}")
            yield found
    except (OSError, EOFError, zlib.error) as error:
        raise ArticlesError(
            f"{path}: cannot be read ({error}); check that it exists and may be read"
        ) from error


def _folder(path: Path) -> Iterator[Document | Unread]:
    """What the files of a folder hold, in the order of their paths."""
    names, faults = _names(path)
    yield from faults
    for name in names:
        shown = name.as_posix()
        if _LONE_SURROGATE.search(shown):
            yield Unread(repr(os.fsencode(name)), "has a name that is not UTF-8: rename it", Trouble.OTHER)
            continue
        if leads_out(path / name, path):
            yield Unread(shown, LEADS_OUT, Trouble.OTHER)
            continue
        try:
            yield from _file(path / name, shown)
        except (OSError, EOFError, zlib.error) as error:
            refused = getattr(error, "strerror", None)  # by the system; what is not whole has no such words
            reason = f"cannot be read ({refused or error}): check that it is whole and may be read"
            yield Unread(shown, reason, Trouble.OTHER if refused else Trouble.DAMAGED)


def leads_out(file: Path, folder: Path) -> bool:
    """Whether a file of a folder is a link to one elsewhere: a folder from strangers may point at anything."""
    return file.is_symlink() and not file.resolve().is_relative_to(folder.resolve())


def _names(path: Path) -> tuple[list[Path], list[Unread]]:
    """The files of a folder and its subfolders, relative to it and sorted; and the folders that cannot be read."""
    errors: list[OSError] = []
    names: list[Path] = []
    for folder, subfolders, files in os.walk(path, onerror=errors.append):
        inside = Path(folder).relative_to(path)
        subfolders[:] = [name for name in subfolders if not _HIDDEN.fullmatch(name)]
        # Links to folders are not followed, as they may lead in circles; they are named as what they are.
        links = [name for name in subfolders if Path(folder, name).is_symlink()]
        names += [inside / name for name in (*files, *links) if not _HIDDEN.fullmatch(name)]
    faults = []
    for error in errors:
        failed = Path(error.filename)
        if failed == path:
            raise ArticlesError(f"{path}: cannot be read ({error}); check that it may be read") from error
        shown = failed.relative_to(path).as_posix().encode("utf-8", "replace").decode()
        reason = f"is a folder that cannot be read ({error.strerror}): check its permissions"
        faults.append(Unread(shown, reason, Trouble.OTHER))
    return sorted(names), faults


def _file(file: Path, name: str) -> Iterator[Document | Unread]:
    found = file.stat()
    if not stat.S_ISREG(found.st_mode):
        reason = "is no file but a link to a folder, or a device: put a file or a folder there"
        yield Unread(name, reason, Trouble.OTHER)
    elif name.lower().endswith(_LINES):
        # As it may be large, it is read line by line.
        opener = gzip.open if name.lower().endswith(".gz") else open
        with opener(file, "rb") as data:
            yield from lines.each(name, data)
    elif found.st_size > _LARGEST:
        yield Unread(name, f"is larger than {_LARGEST // 1_000_000} MB: split it", Trouble.LARGE)
    else:
        yield from documents(name, file.read_bytes())


def _place(path: Path, name: str) -> Path:
    return (path if path.is_dir() else path.parent) / name
