"""Telegram out of reach: the ways in which a call is not answered."""

from typing import Literal

from aiohttp import web

from tests.double.calls import Call
from tests.double.changes import Changes
from tests.double.listening import Listener
from tests.double.reading import hang_up

Sleep = Literal["refuse", "hang", "502", "mute"]
_LONGEST = 24 * 60 * 60  # seconds that a call hangs
_BAD_GATEWAY = """\
<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
<hr><center>nginx/1.18.0</center>
</body>
</html>
"""


class Sleeper:
    """Whether and how the server sleeps; `missed` names the methods called meanwhile, none carried out."""

    def __init__(self, listener: Listener, changes: Changes) -> None:
        self.how: Sleep | None = None
        self.missed: list[str] = []
        self._listener = listener
        self._changes = changes

    def hears(self) -> bool:
        """Whether calls are carried out."""
        return self.how in {None, "mute"}

    async def fall_asleep(self, how: Sleep) -> None:
        """Answers no call from now on."""
        await self.wake()
        self.how = how
        if how == "refuse":
            await self._listener.shut()
        self._changes.tell()

    async def wake(self) -> None:
        """Answers calls again, at the same port."""
        self.how = None
        self._changes.tell()
        await self._listener.open()

    async def miss(self, call: Call, request: web.BaseRequest) -> web.StreamResponse:
        """What becomes of a call that is not carried out."""
        self.missed.append(call.method)
        self._changes.tell()
        if self.how == "502":
            return web.Response(
                status=502, text=_BAD_GATEWAY, content_type="text/html", headers={"Server": "nginx/1.18.0"}
            )
        await self._changes.until(lambda: self.how != "hang", _LONGEST)
        return hang_up(request)
