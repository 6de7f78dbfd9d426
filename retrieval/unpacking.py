"""The body of an HTTP answer, unpacked piece by piece and never beyond a limit."""

import zlib

_MEMBERS = 100
"""Of a gzip body. One is usual; thousands of tiny ones are there to cost time."""
_GZIP = 16 + zlib.MAX_WBITS
_MAGIC = b"\x1f"
"""The first byte of a gzip member; a piece may end behind it."""
_ZLIB_METHOD = 8


class Unpacked:
    """Takes the pieces of a body as they come. At most `limit` bytes and one are ever held.

    `encoding` is the answer's Content-Encoding. Methods raise OverflowError once the body is larger than the limit,
    and ValueError where it is damaged, cut off or packed in a way that is not known here.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding = encoding.strip().lower()
        self._limit = limit
        self._body = bytearray()
        self._members = 0
        self._stream: zlib._Decompress | None = None

    def expect(self, length: int | None) -> None:
        """Refuse a body at once whose announced length, in bytes on the line, is too large already."""
        if length is not None and length > self._limit:
            raise OverflowError

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        if self._encoding in ("", "identity"):
            self._body += piece[: self._room()]
            self._check()
            return
        while piece:
            if self._stream is None:
                self._stream = self._opened(piece)
            elif self._stream.eof:
                if not self._members or not piece.startswith(_MAGIC):
                    return  # what follows the end is padding
                self._stream = self._opened(piece)
            try:
                self._body += self._stream.decompress(piece, self._room())
            except zlib.error as error:
                raise ValueError("damaged") from error
            self._check()
            piece = self._stream.unused_data

    def whole(self) -> bytes:
        """The body, once the last piece is in."""
        if self._stream is not None and not self._stream.eof:
            raise ValueError("cut off")
        return bytes(self._body)

    def _opened(self, piece: bytes) -> "zlib._Decompress":
        if self._encoding in ("gzip", "x-gzip") and self._members < _MEMBERS:
            self._members += 1
            return zlib.decompressobj(_GZIP)
        if self._encoding == "deflate" and self._stream is None:
            # HTTP means zlib's format by it, many servers send the bare stream.
            zlib_format = piece[0] & 0x0F == _ZLIB_METHOD
            return zlib.decompressobj(zlib.MAX_WBITS if zlib_format else -zlib.MAX_WBITS)
        raise ValueError(self._encoding)

    def _room(self) -> int:
        return self._limit + 1 - len(self._body)

    def _check(self) -> None:
        if len(self._body) > self._limit:
            raise OverflowError
