"""The files that readers send: what getFile says of them, and what is behind the path that it gives."""

import itertools
from typing import NamedTuple

from tests.double.entities import Json
from tests.double.parameters import RefusedError, bad_request

LARGEST = 20 * 1024 * 1024
"""Bytes of a file that Telegram hands to a bot."""


class File(NamedTuple):
    """A file as a message shows it, and its bytes."""

    shown: Json
    data: bytes


class Files:
    """The files by file_id, and by the paths that getFile gave for them."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._paths: dict[str, str] = {}
        self._ids = itertools.count(1)

    def add(self, data: bytes, name: str | None, mime: str | None, size: int | None) -> Json:
        """A new file; returns it as a message shows it. `size` stands for the bytes that are too many to make."""
        number = next(self._ids)
        shown: Json = {"file_id": f"BQACAgIAAxkBAAID{number}", "file_unique_id": f"AgAD{number}"}
        shown |= {"file_size": len(data) if size is None else size}
        shown |= {
            key: value for key, value in (("file_name", name), ("mime_type", mime)) if value is not None
        }
        self._files[shown["file_id"]] = File(shown, data)
        return shown

    def get(self, params: Json) -> Json:
        """What getFile answers; raises RefusedError."""
        file = self._files.get(params.get("file_id", ""))
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if file.shown["file_size"] > LARGEST:
            raise bad_request("file is too big")
        # The server names the file by itself and keeps only the extension.
        extension = file.shown.get("file_name", "").rpartition(".")[2]
        path = f"documents/file_{len(self._paths)}.{extension if extension.isascii() else ''}".rstrip(".")
        self._paths[path] = file.shown["file_id"]
        known = {key: file.shown[key] for key in ("file_id", "file_unique_id", "file_size")}
        return known | {"file_path": path}

    def expire(self) -> None:
        """Forgets the paths that were given: Telegram keeps a file there for an hour."""
        self._paths.clear()

    def data(self, path: str) -> bytes:
        """What is behind a path; raises RefusedError where getFile has not given it."""
        if path not in self._paths:
            raise RefusedError(404, "Not Found")
        return self._files[self._paths[path]].data
