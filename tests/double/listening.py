"""The double's socket on 127.0.0.1, which can be closed and opened again where it was."""

from collections.abc import Awaitable, Callable

from aiohttp import web

_BACKLOG = 1024
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Listener:
    """Serves HTTP with a handler; port 0 takes a free one and keeps it."""

    def __init__(self, handler: Handler, port: int) -> None:
        self._handler = handler
        self._port = port
        self._site: web.TCPSite | None = None

    @property
    def url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Starts to serve. Raises OSError where the port is taken."""
        self._server = web.Server(self._handler, access_log=None)
        self._runner = web.ServerRunner(self._server, shutdown_timeout=1.0)
        await self._runner.setup()
        await self.open()

    async def open(self) -> None:
        """Lets callers in, unless they are already."""
        if self._site is None:
            self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=_BACKLOG)
            await self._site.start()
            self._port = self._site.port

    async def shut(self) -> None:
        """Refuses every connection from now on and drops those that there are."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        for connection in self._server.connections:
            if connection.transport is not None:
                connection.transport.abort()

    async def stop(self) -> None:
        """Ends serving."""
        await self._runner.cleanup()
