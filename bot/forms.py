"""The body of a call: a form in one piece, or multipart, piece by piece."""

import asyncio
import io
from collections.abc import Mapping
from typing import IO, cast

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from telegram.request import RequestData
from yarl import URL

_IN_ONE_PIECE = 48 << 10
"""Bytes of a body that, with its head, aiohttp writes at once and without waiting (it waits from 64 KiB on)."""


def form(request_data: RequestData, write_timeout: float | None) -> bytes | aiohttp.Payload | None:
    """A form; with files, or too large for one piece, as multipart/form-data."""
    parameters = request_data.json_parameters
    files = request_data.multipart_data if request_data.contains_files else {}
    if not files:
        if not parameters:
            return None
        # The same form as urllib's urlencode writes, which takes ten times as long for Kazakh text.
        encoded = URL.build(query=parameters).raw_query_string.encode()
        if len(encoded) <= _IN_ONE_PIECE:
            return encoded
    return _multipart(parameters, files, write_timeout)


def _multipart(
    parameters: Mapping[str, str],
    files: Mapping[str, tuple[str, bytes | IO[bytes], str]],
    write_timeout: float | None,
) -> "_Multipart":
    body = _Multipart(write_timeout)
    for name, text in parameters.items():
        body.add(text.encode(), "text/plain; charset=utf-8", name=name)
    for name, (filename, content, kind) in files.items():
        whole = content if isinstance(content, bytes) else _from_start(content)
        body.add(whole, kind, name=name, filename=filename)
    return body


def _from_start(file: IO[bytes]) -> bytes:
    file.seek(0)  # a call that is made again sends the file again
    return file.read()


class _Multipart(aiohttp.MultipartWriter):
    """Sends a form piece by piece, each within so many seconds: aiohttp has no limit for that."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("form-data")
        self._seconds = seconds

    def add(self, content: bytes, kind: str, **labels: str) -> None:
        part = aiohttp.BytesIOPayload(io.BytesIO(content), content_type=kind)
        # Telegram shows a file's name as it stands here: percent signs would be taken for part of it.
        part.set_content_disposition("form-data", quote_fields=False, **labels)
        self.append_payload(part)

    async def write(self, writer: AbstractStreamWriter, close_boundary: bool = True) -> None:  # noqa: FBT001, FBT002 - the base class's
        await super().write(cast("AbstractStreamWriter", _Punctual(writer, self._seconds)), close_boundary)


class _Punctual:
    """What a payload needs of a stream writer, with a limit to each write."""

    def __init__(self, writer: AbstractStreamWriter, seconds: float | None) -> None:
        self._writer = writer
        self._seconds = seconds

    async def write(self, piece: bytes) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._writer.write(piece)
        except aiohttp.ClientConnectionResetError as error:
            raise ConnectionResetError(str(error)) from None  # other pieces may be out: this proves nothing
