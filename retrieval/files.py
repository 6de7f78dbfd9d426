"""An index in a folder: a file for each segment, and `index.json`, which says what makes up the index.

A segment's file is named by what is in it and never changes. `index.json` takes the place of its forerunner in
one step, when all that it names is on the disk; so whatever ends the writing, the folder holds the old index or
the new one. Whoever has opened files that are removed afterwards keeps reading them.
"""

import hashlib
import json
import os
import sqlite3
import unicodedata
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from retrieval import arrayfile
from retrieval.article import Article
from retrieval.build import joined
from retrieval.errors import DamagedIndexError, IndexSaveError
from retrieval.index import Index, Part
from retrieval.segment import ANALYSIS, Segment

FORMAT = 2
"""The version of `index.json`."""
_INDEX = "index.json"
_LOCK = "index.lock"
_PARTIAL = ".partial"
_PATIENCE = 60.0  # seconds that a writer waits for another one


@dataclass(frozen=True, slots=True)
class Stale:
    """What an index has to catch up with, by article id: those to put in, anew or again, and those to remove."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]


def stale(index: Index, stored: Mapping[str, str]) -> Stale:
    """How an index differs from the articles that are stored, given by id with their digests; no text is read."""
    held: dict[str, str] = {}
    for part in index.parts:
        gone = set(part.gone_articles.tolist())
        articles = enumerate(zip(part.segment.ids, part.segment.hexdigests, strict=True))
        held.update(article for number, article in articles if number not in gone)
    return Stale(
        tuple(sorted(id_ for id_, digest in stored.items() if held.get(id_) != digest)),
        tuple(sorted(held.keys() - stored.keys())),
    )


def save(index: Index, folder: Path) -> None:
    """Makes the folder hold the index, in place of any other; of several writers one waits for the other.

    Raises IndexSaveError where it cannot be written; the folder still holds the former index then.
    """
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            segments = [_written(part, folder) for part in index.parts]
            _keep_names(folder)
            content = {
                "depends": _depends(index),
                "enough": index.enough,
                "format": FORMAT,
                "segments": segments,
            }
            _write(folder / _INDEX, lambda file: file.write(_sealed(content)))
            _keep_names(folder)
            _clear(folder, {_name(segment["digest"]) for segment in segments})


def opened(folder: Path, articles: Mapping[str, Article], synonyms: Sequence[Sequence[str]]) -> Index:
    """The index that the folder holds, over memory-mapped files; of the articles none is looked at.

    `articles` are those that it was made of, newest first: see `stale`. Raises DamagedIndexError where the folder
    holds none, where anything in it is not exactly as it was written, or where the index was made with other
    synonyms or by another version of the analysis.
    """
    path = folder / _INDEX
    while True:
        try:
            with path.open("rb") as file:
                try:
                    return _assembled(folder, _unsealed(path, file.read()), articles, synonyms)
                except DamagedIndexError:
                    # The files of an index that was replaced meanwhile may be gone. As long as its own file
                    # is open, no other can be taken for it.
                    if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                        raise
        except FileNotFoundError as error:
            raise DamagedIndexError(f"{path}: there is no index") from error
        except OSError as error:
            raise DamagedIndexError(f"{path}: cannot be read ({error.strerror})") from error


def _assembled(
    folder: Path,
    content: Mapping[str, Any],
    articles: Mapping[str, Article],
    synonyms: Sequence[Sequence[str]],
) -> Index:
    segments = [_mapped(folder / _name(one["digest"]), one) for one in content["segments"]]
    gone = [frozenset(one["gone"]) for one in content["segments"]]
    index = joined({}, segments, gone, synonyms, content["enough"])
    if _depends(index) != content["depends"]:
        raise DamagedIndexError(
            f"{folder / _INDEX}: was made with other synonyms or by another version of the analysis"
        )
    return replace(index, articles=articles)


def _mapped(path: Path, entry: Mapping[str, Any]) -> Segment:
    try:
        size = path.stat().st_size
        if size != entry["bytes"]:
            raise DamagedIndexError(f"{path}: has {size} bytes instead of {entry['bytes']}")
        found = arrayfile.read(path)
    except OSError as error:
        raise DamagedIndexError(f"{path}: cannot be read ({error.strerror})") from error
    if found.digest != entry["digest"]:
        raise DamagedIndexError(f"{path}: holds another segment than its name says")
    try:
        return Segment.from_arrays(found.arrays, found.digest)
    except (KeyError, TypeError) as error:
        raise DamagedIndexError(f"{path}: does not hold the arrays of a segment ({error})") from error


def _written(part: Part, folder: Path) -> Mapping[str, Any]:
    """What `index.json` says of a part, whose segment is in its file."""
    segment = part.segment
    path = folder / _name(segment.digest)
    if not _is_whole(path, segment.digest):
        _write(path, lambda file: arrayfile.write(file, segment.digest, segment.arrays()))
    return {
        "bytes": path.stat().st_size,
        "digest": segment.digest,
        "gone": sorted(segment.ids[number] for number in part.gone_articles.tolist()),
    }


def _is_whole(path: Path, digest: str) -> bool:
    try:
        return arrayfile.read(path).digest == digest
    except (DamagedIndexError, OSError):
        return False


def _name(digest: str) -> str:
    return f"segment-{digest}.dayek"


def _depends(index: Index) -> str:
    """Hexadecimal digits of what else than the articles decides what an index holds."""
    synonyms, phrases = sorted(index.synonyms.items()), sorted(index.phrases.by_first.items())
    known = json.dumps([ANALYSIS, unicodedata.unidata_version, synonyms, phrases])
    return hashlib.blake2b(known.encode(), digest_size=16).hexdigest()


def _sealed(content: Mapping[str, Any]) -> bytes:
    """The content as `index.json` holds it, with a checksum."""
    check = hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=16).hexdigest()
    return json.dumps({**content, "check": check}, sort_keys=True, indent=1).encode() + b"\n"


def _unsealed(path: Path, text: bytes) -> Mapping[str, Any]:
    try:
        content: dict[str, Any] = json.loads(text)
        if content["format"] != FORMAT:
            raise DamagedIndexError(
                f"{path}: has format {content['format']}; this version of Dayek reads format {FORMAT}"
            )
        del content["check"]
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedIndexError(f"{path}: is cut short or damaged ({error})") from error
    if _sealed(content) != text:
        raise DamagedIndexError(f"{path}: is damaged; its checksum does not fit")
    return content


def _write(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Makes a file hold what is written, on the disk, in one step."""
    partial = path.with_name(f".{path.name}.{token_hex(4)}{_PARTIAL}")
    try:
        with partial.open("x+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _keep_names(folder: Path) -> None:
    """Waits until the folder's list of names is on the disk too."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear(folder: Path, named: Container[str]) -> None:
    """Removes the segments that are not named, and what killed writers left."""
    for path in (*folder.glob("segment-*.dayek"), *folder.glob(f".*{_PARTIAL}")):
        if path.name not in named:
            with suppress(PermissionError):  # on some systems a mapped file cannot be removed yet
                path.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps other writers away; the lock is SQLite's own, which works alike everywhere and dies with its owner."""
    with closing(sqlite3.connect(folder / _LOCK, timeout=_PATIENCE, isolation_level=None)) as lock:
        lock.execute("pragma journal_mode = memory")  # or it would write a file of its own
        lock.execute("begin exclusive")
        yield


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise IndexSaveError(
            f"{folder}: the index was not written ({reason}); check the free space and that you may write there. "
            "What was kept before is still there"
        ) from error
