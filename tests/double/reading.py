"""How a call is read from HTTP: the method in the path, the parameters in the query and the body."""

import json
import re

from aiohttp import web

from tests.double.entities import Json
from tests.double.parameters import PARAMETERS, bad_request, quiet_loss

_ADDRESS = re.compile(r"/bot([^/]+)/([^/]+)")
_FILE = re.compile(r"/file/bot([^/]+)/(.+)")
_METHODS = {method.lower(): method for method in PARAMETERS}  # Telegram ignores the case as well


def address(path: str) -> tuple[str, str]:
    """The token and the method that a path names; the token is empty where it names neither."""
    found = _ADDRESS.fullmatch(path)
    return (found[1], known_name(found[2])) if found else ("", path)


def file(path: str) -> tuple[str, str] | None:
    """The token and the file's path that a path names; None where it names a method."""
    found = _FILE.fullmatch(path)
    return (found[1], found[2]) if found else None


def known_name(method: str) -> str:
    """The method as the Bot API writes it, or as given where the double does not know it."""
    return _METHODS.get(method.lower(), method)


async def parameters(request: web.BaseRequest) -> Json:
    """The parameters of a call, as they are written; raises RefusedError."""
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        body = object_in(await request.read())
        if body is None:
            raise bad_request("can't parse request JSON object")
        return params | body
    form = await request.post()
    if files := [name for name, value in form.items() if not isinstance(value, str)]:
        raise quiet_loss(f"files are not part of the double: {files[0]}")
    return params | dict(form)


def object_in(body: bytes) -> Json | None:
    """The JSON object in a body without its nulls, which Telegram takes for absent; None if it is none."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return (
        {name: value for name, value in found.items() if value is not None}
        if isinstance(found, dict)
        else None
    )


def has_hung_up(request: web.BaseRequest) -> bool:
    """Whether the caller has closed the connection."""
    return request.transport is None or request.transport.is_closing()


def hang_up(request: web.BaseRequest) -> web.Response:
    """Closes the connection without an answer; what it returns goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
