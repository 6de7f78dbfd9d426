"""A web site on 127.0.0.1 that answers as it is told, byte for byte."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

Handler = Callable[[asyncio.StreamWriter], Awaitable[None]]


def page(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> bytes:
    """An answer as bytes; headers as keywords, `content_type="text/html"`. A length is added where none is given."""
    content = body.encode() if isinstance(body, str) else body
    fields = {"content-length": str(len(content))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + content


class Site:
    """Answers each path with bytes, or with what a handler writes; else 404. Closes after each answer."""

    def __init__(self, answers: dict[str, bytes | Handler] | None = None, **more) -> None:
        self.answers = answers or {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.connections = 0
        self._more = more  # of asyncio.start_server
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            lambda *ends: self._tasks.add(asyncio.create_task(self._serve(*ends))),
            "127.0.0.1",
            0,
            **self._more,
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self.place = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.place}"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def asked(self) -> list[str]:
        return [path for path, _ in self.requests]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            path = head[0].split(" ")[1]
            fields = [line.partition(": ") for line in head[1:] if line]
            self.requests.append((path, {name.lower(): value for name, _, value in fields}))
            answer = self.answers.get(path, page("no such page", "404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
