"""Plain arrays in one file, mapped into memory when it is opened.

The file is a line with the format, a line of JSON with what each array is and where, the arrays, each at a
multiple of 64 bytes, and a checksum. Numbers are little-endian everywhere, so equal arrays give equal bytes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from retrieval.errors import DamagedIndexError
from retrieval.terms import Array

FORMAT = 1
"""The version of the format; an opened file has this one."""
_NAME = b"dayek segment "
_ALIGNED = 64
_CHECK = 64  # hexadecimal digits at the end
_BLOCK = 512  # words of 8 bytes
_AT_ONCE = 256 * _BLOCK


@dataclass(frozen=True)
class Opened:
    """The arrays of a file, by name, and the digest that was written with them."""

    digest: str
    arrays: Mapping[str, npt.NDArray[Any]]


def write(file: BinaryIO, digest: str, arrays: Mapping[str, Array]) -> None:
    """Writes the arrays, and a digest to tell them by, into an empty file that can be read as well."""
    entries: dict[str, Any] = {}
    end = 0
    little = {name: _little(array) for name, array in sorted(arrays.items())}
    for name, array in little.items():
        entries[name] = [array.dtype.str, list(array.shape), end]
        end = _aligned(end + array.nbytes)
    header = json.dumps({"arrays": entries, "digest": digest}, sort_keys=True, separators=(",", ":"))
    file.write(_padded(b"%s%d\n%s\n" % (_NAME, FORMAT, header.encode())))
    for array in little.values():
        file.write(array.data)
        file.write(bytes(-array.nbytes % _ALIGNED))
    file.flush()
    file.write(_checksum(np.memmap(file, np.uint8, "r")))


def read(path: Path) -> Opened:
    """The arrays of a file as views of its memory map; what they hold is not looked at, but for the checksum.

    Raises DamagedIndexError where a byte is not as it was written, or the format is another, OSError where the
    file cannot be opened.
    """
    with path.open("rb") as file:
        version = file.readline(len(_NAME) + 20)
        if not version.startswith(_NAME) or not version[len(_NAME) : -1].isdigit():
            raise DamagedIndexError(f"{path}: is not a segment of an index")
        if version != b"%s%d\n" % (_NAME, FORMAT):
            found = version[len(_NAME) :].decode().strip()
            raise DamagedIndexError(
                f"{path}: has format {found}; this version of Dayek reads format {FORMAT}"
            )
        header = file.readline()
        data = np.asarray(np.memmap(file, np.uint8, "r"))
    body = data[:-_CHECK]
    if len(data) % _ALIGNED or _checksum(body) != data[-_CHECK:].tobytes():
        raise DamagedIndexError(f"{path}: is cut short or damaged; its checksum does not fit")
    return _unpacked(body[_aligned(len(version) + len(header)) :], json.loads(header))


def _unpacked(data: Array, header: Mapping[str, Any]) -> Opened:
    arrays = {}
    for name, (dtype, shape, start) in header["arrays"].items():
        size = np.dtype(dtype).itemsize * int(np.prod(shape, dtype=np.int64))
        arrays[name] = data[start : start + size].view(dtype).reshape(shape)
    return Opened(header["digest"], arrays)


def _checksum(data: Array) -> bytes:
    """Hexadecimal digits that change with any byte and with the order of bytes, at the speed of the memory.

    The sums of all blocks of 4 KiB, and for each word in a block the sums over blocks, are hashed, not the data.
    """
    words = data.view("<u8")
    whole = len(words) - len(words) % _BLOCK
    found = hashlib.blake2b(b"%d" % len(words), digest_size=_CHECK // 2)
    for start in range(0, whole, _AT_ONCE):
        blocks = words[start : min(start + _AT_ONCE, whole)].reshape(-1, _BLOCK)
        found.update(blocks.sum(axis=1).data)
        found.update(blocks.sum(axis=0).data)
    found.update(words[whole:].tobytes())
    return found.hexdigest().encode()


def _little(array: Array) -> Array:
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<"))


def _padded(head: bytes) -> bytes:
    return head.ljust(_aligned(len(head)), b"\0")


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
