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
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from types import MappingProxyType
from typing import Any, BinaryIO, TypeVar

from retrieval import arrayfile
from retrieval.article import Article
from retrieval.build import joined
from retrieval.contents import sealed, unsealed
from retrieval.disk import keep_names
from retrieval.errors import DamagedIndexError, IndexSaveError
from retrieval.index import Index, Part
from retrieval.merge import merged
from retrieval.segment import ANALYSIS, Segment

_INDEX = "index.json"
_LOCK = "index.lock"
_PARTIAL = ".partial"
_PATIENCE = 60.0  # seconds that a writer waits for another one
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Found:
    """The index that a folder holds, the seal that tells what the folder held at that moment, and the mark in it."""

    index: Index
    seal: str
    mark: Sequence[Any] | None


def save(
    index: Index,
    folder: Path,
    *,
    whole: Container[str] = (),
    instead_of: str | None = None,
    mark: Sequence[Any] | None = None,
) -> str | None:
    """Makes the folder hold the index, in place of any other, and returns its seal; of several writers one waits.

    `whole` are digests of segments that this process has found whole in the folder, or has written there: they
    are not read again. With `instead_of`, nothing is written and None is returned where the folder no longer has
    that seal. `mark`, some plain values, says up to which change of the articles the index knows them; it comes
    back with the index. Raises IndexSaveError where it cannot be written; the folder still holds the former index then.
    """
    with _changing(folder):
        if instead_of is not None and seal_of(folder) != instead_of:
            return None
        segments = [_written(part, folder, whole) for part in index.parts]
        content = {"depends": _depends(index), "enough": index.enough, "mark": mark, "segments": segments}
        return _put(folder, content)


def opened(folder: Path, articles: Mapping[str, Article], synonyms: Sequence[Sequence[str]]) -> Index:
    """The index that the folder holds, over memory-mapped files; of the articles none is looked at.

    `articles` are those that it was made of, newest first: see `retrieval.behind.stale`. Raises DamagedIndexError
    where the folder holds none, where anything in it is not exactly as it was written, or where the index was made
    with other synonyms or by another version of the analysis.
    """
    return replace(found(folder, synonyms).index, articles=articles)


def found(
    folder: Path, synonyms: Sequence[Sequence[str]], known: Mapping[str, Segment] = MappingProxyType({})
) -> Found:
    """The same without the articles, with its seal; segments that are known already, by digest, are not read."""

    def assembled(content: Mapping[str, Any]) -> Found:
        return Found(_assembled(folder, content, synonyms, known), content["check"], content.get("mark"))

    return _read(folder, assembled)


def seal_of(folder: Path) -> str | None:
    """What the folder's seal is now; None where it holds no index that can be read."""
    try:
        return str(unsealed(folder / _INDEX, (folder / _INDEX).read_bytes())["check"])
    except (DamagedIndexError, OSError):
        return None


def merge(folder: Path, chosen: Callable[[Sequence[int]], Collection[int]]) -> tuple[int, int]:
    """Puts one segment in place of some; returns how many segments there were, and are.

    `chosen` says which, by number, from the sizes of all in bytes. What others do to the folder meanwhile is not lost:
    where they have put the same segments away, nothing is written. Raises DamagedIndexError, IndexSaveError.
    """
    sizes, names, parts = _read(folder, lambda content: _picked(folder, content, chosen))
    if len(parts) < 2:  # noqa: PLR2004 - one alone is merged already
        return len(sizes), len(sizes)
    segment = merged(parts)
    with _changing(folder):
        path = folder / _INDEX
        content = unsealed(path, path.read_bytes())
        gone = _gone_since(content["segments"], dict(zip(names, parts, strict=True)))
        if gone is None:
            return len(content["segments"]), len(content["segments"])
        left = [entry for entry in content["segments"] if entry["digest"] not in names]
        (part,) = joined({}, [segment], [gone], ()).parts
        entries = [*left, _written(part, folder)]
        _put(folder, {**content, "segments": entries})
        return len(content["segments"]), len(entries)


def _picked(
    folder: Path, content: Mapping[str, Any], chosen: Callable[[Sequence[int]], Collection[int]]
) -> tuple[Sequence[int], Sequence[str], Sequence[Part]]:
    """The sizes of all segments, and those that are chosen: their digests, and themselves."""
    entries = content["segments"]
    sizes = [entry["bytes"] for entry in entries]
    picked = [entries[place] for place in sorted(chosen(sizes))]
    segments = [_mapped(folder / _name(entry["digest"]), entry) for entry in picked]
    parts = joined({}, segments, [entry["gone"] for entry in picked], ()).parts
    return sizes, [entry["digest"] for entry in picked], parts


def _gone_since(entries: Sequence[Mapping[str, Any]], parts: Mapping[str, Part]) -> Collection[str] | None:
    """The articles that were removed from the parts since, by id; None where not all of these are there as before."""
    now = {entry["digest"]: frozenset(entry["gone"]) for entry in entries}
    found: set[str] = set()
    for digest, part in parts.items():
        then = {part.segment.names[number] for number in part.gone_articles.tolist()}
        if digest not in now or not then <= now[digest]:
            return None
        found |= now[digest] - then
    return found


def _read(folder: Path, use: Callable[[Mapping[str, Any]], _Result]) -> _Result:
    """What is made of the content of `index.json` and of the segments that it names."""
    path = folder / _INDEX
    while True:
        try:
            with path.open("rb") as file:
                try:
                    return use(unsealed(path, file.read()))
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
    folder: Path, content: Mapping[str, Any], synonyms: Sequence[Sequence[str]], known: Mapping[str, Segment]
) -> Index:
    segments = [
        known.get(one["digest"]) or _mapped(folder / _name(one["digest"]), one) for one in content["segments"]
    ]
    index = joined({}, segments, [one["gone"] for one in content["segments"]], synonyms, content["enough"])
    if _depends(index) != content["depends"]:
        raise DamagedIndexError(
            f"{folder / _INDEX}: was made with other synonyms or by another version of the analysis"
        )
    return index


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


def _written(part: Part, folder: Path, whole: Container[str] = ()) -> Mapping[str, Any]:
    """What `index.json` says of a part, whose segment is in its file."""
    segment = part.segment
    path = folder / _name(segment.digest)
    if not (segment.digest in whole and path.exists()) and not _is_whole(path, segment.digest):
        _write(path, lambda file: arrayfile.write(file, segment.digest, segment.arrays()))
    return {
        "bytes": path.stat().st_size,
        "digest": segment.digest,
        "gone": sorted(segment.names[number] for number in part.gone_articles.tolist()),
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


def _put(folder: Path, content: Mapping[str, Any]) -> str:
    """Makes the content that of the folder, and returns its seal."""
    keep_names(folder)
    text = sealed(content)
    _write(folder / _INDEX, lambda file: file.write(text))
    keep_names(folder)
    _clear(folder, {_name(entry["digest"]) for entry in content["segments"]})
    return str(json.loads(text)["check"])


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
def _changing(folder: Path) -> Iterator[None]:
    """The folder, made where it is missing, for one writer alone; what cannot be written is explained."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            yield
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise IndexSaveError(
            f"{folder}: the index was not written ({reason}); check the free space and that you may write there. "
            "What was kept before is still there"
        ) from error
