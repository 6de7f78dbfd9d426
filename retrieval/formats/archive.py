"""Zip archives: every document in them by its own reader; nothing is unpacked to the disk."""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from io import BytesIO
from itertools import pairwise
from stat import S_IFDIR, S_IFMT, S_IFREG, S_ISLNK
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from retrieval.document import Document, Unread
from retrieval.errors import Trouble

LARGEST_MEMBER = 50_000_000
"""Bytes of one file in an archive, unpacked."""
LARGEST = 200_000_000
"""Bytes of all files in an archive, unpacked."""
MOST_MEMBERS = 20_000
STEEPEST = 200
"""How many times its packed size a member of the archive may take up; text hardly reaches 20."""
STEEPEST_OF_SMALL = 50
"""The same for the small ones together."""
_MANY = 10_000_000  # bytes that small members together may have in any case
_SMALL = 1_000_000  # bytes that may be packed as tightly as they like
_LONGEST_NAME = 200  # characters shown of a member's name

_DAMAGED = ("is damaged: pack the files once more, or add them one by one", Trouble.DAMAGED)
_DAMAGED_MEMBER = ("is damaged inside the archive: pack it once more, or add it by itself", Trouble.DAMAGED)
_LOCKED = (
    "is protected with a password: unpack it yourself and add the files, or pack them without a password",
    Trouble.PASSWORD,
)
_METHOD = ("is packed in a way that is not known here: pack it as an ordinary zip", Trouble.FORMAT)
_NESTED = ("is an archive inside an archive: unpack it and add what is in it", Trouble.FORMAT)
_LINK = (
    "is a link to another file, and links in archives are not followed: add the file that it leads to",
    Trouble.OTHER,
)
_SPECIAL = ("is no ordinary file: leave it out of the archive", Trouble.OTHER)
_TOO_MANY = (f"holds more than {MOST_MEMBERS} files: split it into several archives", Trouble.LARGE)
_TOO_LARGE = (
    f"unpacks to more than {LARGEST // 1_000_000} MB: split it into several archives",
    Trouble.LARGE,
)
_LARGE_MEMBER = (
    f"unpacks to more than {LARGEST_MEMBER // 1_000_000} MB: split it, or add the text of the article alone",
    Trouble.LARGE,
)
_BOMB = ("is packed too tightly to be a document: unpack it yourself and add the files", Trouble.LARGE)
_SHARED = (
    "holds files that share their bytes, as no program packs them: pack the files once more",
    Trouble.DAMAGED,
)
_EMPTY = ("holds no files: add an archive with articles in it", Trouble.EMPTY)

_HEADER = 30  # bytes before a member's name, at the least
_UTF8 = 0x800
_ENCRYPTED = 0x41  # in the old way or in the strong one
_DRIVE = re.compile(r"^[A-Za-z]:")
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
_INSIDE = ContextVar("inside", default=False)
# What systems put into archives besides the files.
_LEFT_BY_SYSTEMS = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


def documents(name: str, data: bytes, url: str | None = None) -> Iterator[Document | Unread]:
    """The documents of the archive's files, in its order, named `archive.zip/folder/file.html`.

    Names are made safe: they lead nowhere outside the archive, and have no control characters. Hidden files are
    left out. `url` is where the archive came from; what is in it has no link of its own.
    """
    del url  # a link to the archive is no link to an article
    if _INSIDE.get():
        yield Unread(name, *_NESTED)
        return
    try:
        with ZipFile(BytesIO(data)) as archive:
            yield from _members(name, archive)
    except (BadZipFile, LargeZipFile, EOFError, OSError, ValueError, NotImplementedError, UnicodeError):
        yield Unread(name, *_DAMAGED)


def _members(name: str, archive: ZipFile) -> Iterator[Document | Unread]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if not members:
        yield Unread(name, *_EMPTY)
    elif len(members) > MOST_MEMBERS:
        yield Unread(name, *_TOO_MANY)
    elif sum(member.file_size for member in members) > LARGEST:
        yield Unread(name, *_TOO_LARGE)
    elif _is_steep(members):
        yield Unread(name, *_BOMB)
    elif _overlap(members):
        yield Unread(name, *_SHARED)
    else:
        taken: dict[str, int] = {}
        for member in members:
            inside = _safe(_written(member))
            if not _is_hidden(inside):
                yield from _member(f"{name}/{_free(inside, taken)}", archive, member)


def _is_steep(members: Iterable[ZipInfo]) -> bool:
    """Whether the small members, each of which may be packed as tightly as it likes, are a bomb together."""
    small = [member for member in members if member.file_size <= _SMALL]
    packed = sum(member.compress_size for member in small)
    return sum(member.file_size for member in small) > max(_MANY, STEEPEST_OF_SMALL * packed)


def _overlap(members: Iterable[ZipInfo]) -> bool:
    """Whether bytes of the archive belong to several members: so a small one unpacks to any size."""
    places = sorted((member.header_offset, member.compress_size) for member in members)
    return any(begin + _HEADER + size > after for (begin, size), (after, _) in pairwise(places))


def _member(name: str, archive: ZipFile, member: ZipInfo) -> Iterator[Document | Unread]:
    from retrieval.formats import documents as read  # noqa: PLC0415 - it chooses this reader too

    reason = _refused(name, member)
    data = reason or _unpacked(archive, member)
    if isinstance(data, tuple):
        yield Unread(name, *data)
    else:
        yield from _one_deep(iter(read(name, data)))


def _one_deep(found: Iterator[Document | Unread]) -> Iterator[Document | Unread]:
    """What a member holds, while every archive in it is told that it is inside of one."""
    while True:
        token = _INSIDE.set(True)
        try:
            one = next(found, None)
        finally:
            _INSIDE.reset(token)
        if one is None:
            return
        yield one


def _refused(name: str, member: ZipInfo) -> tuple[str, Trouble] | None:
    """Why a member is not unpacked; None for one that can be."""
    mode = member.external_attr >> 16
    # Systems without modes leave the kind of file empty.
    special = S_IFMT(mode) not in {0, S_IFREG, S_IFDIR}
    reasons = (
        (S_ISLNK(mode), _LINK),
        (special, _SPECIAL),
        (bool(member.flag_bits & _ENCRYPTED), _LOCKED),
        (name.lower().endswith(_ARCHIVES), _NESTED),
        (member.file_size > LARGEST_MEMBER, _LARGE_MEMBER),
        (member.file_size > max(_SMALL, STEEPEST * member.compress_size), _BOMB),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _unpacked(archive: ZipFile, member: ZipInfo) -> bytes | tuple[str, Trouble]:
    """The member's bytes, never more than it says it has; or why there are none."""
    try:
        with archive.open(member) as packed:
            return packed.read(member.file_size)
    except NotImplementedError:
        return _METHOD
    except (BadZipFile, EOFError, OSError, RuntimeError, ValueError, zlib.error):
        return _DAMAGED_MEMBER


def _written(member: ZipInfo) -> str:
    """The member's name; one that does not say to be UTF-8 is that all the same, or in the code page of DOS."""
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp866")


def _safe(written: str) -> str:
    """A relative path with `/` that leads nowhere else, of characters that can be seen."""
    path = _DRIVE.sub("", written.replace("\\", "/"))
    steps = (_visible(step) for step in path.split("/"))
    kept = [step for step in steps if step not in {"", ".", ".."}]
    safe = "/".join(kept) or "file"
    # The end of a long name is the one that says what it is.
    return safe if len(safe) <= _LONGEST_NAME else safe[-_LONGEST_NAME:].lstrip("/")


def _visible(step: str) -> str:
    composed = unicodedata.normalize("NFC", step)
    return "".join(
        letter for letter in composed if unicodedata.category(letter)[0] not in "CZ" or letter == " "
    ).strip()


def _is_hidden(path: str) -> bool:
    return any(step.startswith(".") or step in _LEFT_BY_SYSTEMS for step in path.split("/"))


def _free(path: str, taken: dict[str, int]) -> str:
    """The path, with a number before its ending where other members have the same one; `taken` counts them."""
    free = path
    while free in taken:
        taken[path] += 1
        stem, dot, ending = path.rpartition(".")
        free = f"{stem} ({taken[path]}).{ending}" if dot else f"{path} ({taken[path]})"
    taken[free] = 1
    return free
