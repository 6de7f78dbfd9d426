"""Calls over real sockets; python-telegram-bot's own transport says what has to come out of each."""

import asyncio
import base64
import gc
import gzip
import hashlib
import io
import json
import logging
import random
import socket
import struct
import warnings
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.log import RedactingFormatter
from bot.proxy import UnusableProxyError
from bot.settings import Secret
from bot.transport import UNSENT, AiohttpRequest, PoolTimeoutError

TOKEN = "123456789:AAFakefakefakefakefakefakefakefake_-0"
BOTH = pytest.mark.parametrize("kind", [AiohttpRequest, HTTPXRequest])
SOON = 0.1
"""Seconds of a timeout that has to end; no test depends on how long it takes."""


@pytest.fixture(autouse=True)
def _no_proxies_from_outside(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def data(**parameters):
    """What the library's bot hands to its transport."""
    return RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])


def reply(body, status="200 OK", **headers):
    """An HTTP answer as bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Length": len(content)} | {
        name.replace("_", "-"): text for name, text in headers.items()
    }
    head = "".join(f"{name}: {text}\r\n" for name, text in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + content


def refusal(status, description, **more):
    return reply({"ok": False, "error_code": int(status[:3]), "description": description} | more, status)


OK = reply({"ok": True, "result": True})


@asynccontextmanager
async def listening(handle):
    """A server on 127.0.0.1 that handles each connection so; gives its port, and leaves nothing open."""
    tasks = set()

    async def serve(reader, writer):
        try:
            await handle(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(
        lambda *ends: tasks.add(asyncio.create_task(serve(*ends))), "127.0.0.1", 0
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


class Wire:
    """A server that writes the same bytes for each request, and then keeps, closes or resets the connection."""

    def __init__(self, answer=OK, then="keep"):
        self.answer, self.then = answer, then
        self.heads = []  # of the requests that came whole
        self.connections = 0
        self.came = asyncio.Event()

    async def __aenter__(self):
        self._server = listening(self._serve)
        self.port = await self._server.__aenter__()
        self.url = f"http://127.0.0.1:{self.port}/bot{TOKEN}/method"
        return self

    async def __aexit__(self, *error):
        await self._server.__aexit__(*error)

    async def _serve(self, reader, writer):
        self.connections += 1
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = [
                line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
            ]
            await reader.readexactly(int(length[0]) if length else 0)
            self.heads.append(head.decode())
            self.came.set()
            writer.write(self.answer)
            await writer.drain()
            if self.then == "reset":
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                writer.transport.abort()
            if self.then != "keep":
                return


async def outcome(call):
    """What a call returned or raised, comparable."""
    try:
        return await call
    except RetryAfter as error:
        return RetryAfter, error._retry_after.total_seconds()
    except ChatMigrated as error:
        return ChatMigrated, error.new_chat_id
    except NetworkError as error:
        # A status becomes an error of the library, with Telegram's words; a failure of the network has others.
        return type(error), error.message if error.__cause__ is None else ""
    except TelegramError as error:
        return type(error), error.message


HTML = b"<html><h1>502 Bad Gateway</h1></html>"
ANSWERS = {
    "ok": (OK, True),
    "ok in another status of success": (reply({"ok": True, "result": 7}, "201 Created"), 7),
    "ok and zipped": (
        reply(gzip.compress(b'{"ok":true,"result":"\xd2\x9b"}'), Content_Encoding="gzip"),
        "қ",
    ),
    "ok in chunks": (
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n{"ok":\r\nf\r\ntrue,"result":1\r\n1\r\n}\r\n0\r\n\r\n',
        1,
    ),
    "400": (
        refusal("400 Bad Request", "Bad Request: chat not found"),
        (BadRequest, "Chat not found"),
    ),
    "401": (refusal("401 Unauthorized", "Unauthorized"), (InvalidToken, "Unauthorized")),
    "403": (refusal("403 Forbidden", "Forbidden: blocked"), (Forbidden, "Forbidden: blocked")),
    "404": (refusal("404 Not Found", "Not Found"), (InvalidToken, "Not Found")),
    "409": (refusal("409 Conflict", "Conflict: two"), (Conflict, "Conflict: two")),
    "429": (
        refusal("429 Too Many Requests", "Too Many Requests", parameters={"retry_after": 5}),
        (RetryAfter, 5.0),
    ),
    "migrated": (
        refusal("400 Bad Request", "Bad Request: upgraded", parameters={"migrate_to_chat_id": -100}),
        (ChatMigrated, -100),
    ),
    "500": (
        refusal("500 Internal Server Error", "Internal Server Error"),
        (NetworkError, "Internal Server Error"),
    ),
    "502 in HTML": (reply(HTML, "502 Bad Gateway", Content_Type="text/html"), (NetworkError, "")),
    "broken JSON": (reply(b'{"ok":true,'), (TelegramError, "Invalid server response")),
    "empty": (reply(b""), (TelegramError, "Invalid server response")),
}
BREAKS = {
    "closed without an answer": (b"", "close"),
    "reset without an answer": (b"", "reset"),
    "closed within the head": (OK[:20], "close"),
    "closed within the body": (OK[:-3], "close"),
    "reset within the body": (OK[:-3], "reset"),
    "not HTTP": (b"nonsense\r\n\r\n", "close"),
    "broken chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "close"),
    "broken compression": (reply(b"{}", Content_Encoding="gzip"), "close"),
}


@BOTH
@pytest.mark.parametrize(("answer", "expected"), ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_becomes_a_result_or_the_error_it_stands_for(kind, answer, expected):
    async with Wire(answer) as wire, kind() as transport:
        assert await outcome(transport.post(wire.url, data(text="сұрақ"))) == expected
        assert len(wire.heads) == 1


@BOTH
@pytest.mark.parametrize(("answer", "then"), BREAKS.values(), ids=BREAKS)
async def test_a_connection_that_breaks_is_a_network_error(kind, answer, then):
    async with Wire(answer, then) as wire, kind() as transport:
        assert await outcome(transport.post(wire.url, data(text="сұрақ"))) == (NetworkError, "")
        assert len(wire.heads) == 1


@BOTH
async def test_a_redirection_is_not_followed(kind):
    async with Wire() as other:
        redirection = reply(b"", "307 Temporary Redirect", Location=other.url)
        async with Wire(redirection) as wire, kind() as transport:
            assert await outcome(transport.post(wire.url, data(a=1))) == (NetworkError, "")
            assert await outcome(transport.retrieve(wire.url)) == (NetworkError, "")
        assert not other.heads


@BOTH
async def test_a_refused_connection_is_a_network_error(kind):
    async with kind() as transport:
        assert await outcome(transport.post(f"http://127.0.0.1:{free_port()}/x", data(a=1))) == (
            NetworkError,
            "",
        )


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@BOTH
async def test_a_server_that_does_not_answer_is_timed_out(kind):
    async with Wire(b"") as wire:
        async with kind(read_timeout=SOON) as transport:
            assert await outcome(transport.post(wire.url, data(a=1))) == (TimedOut, "")
            assert await outcome(transport.retrieve(wire.url)) == (TimedOut, "")
        async with kind(read_timeout=60) as transport:
            assert await outcome(transport.post(wire.url, data(a=1), read_timeout=SOON)) == (TimedOut, "")
            assert await outcome(transport.post(wire.url, data(a=1), read_timeout=0)) == (TimedOut, "")


@BOTH
async def test_a_server_that_stops_within_its_answer_is_timed_out(kind):
    async with Wire(OK[:-3]) as wire, kind(read_timeout=SOON) as transport:
        assert await outcome(transport.post(wire.url, data(a=1))) == (TimedOut, "")


@BOTH
async def test_none_for_a_call_lifts_the_limit_of_the_transport(kind):
    async with Wire(b"") as wire, kind(read_timeout=SOON) as transport:
        patient = asyncio.create_task(transport.post(wire.url, data(a=1), read_timeout=None))
        await wire.came.wait()
        assert await outcome(transport.post(wire.url, data(a=1))) == (TimedOut, "")
        assert not patient.done()
        patient.cancel()
        await asyncio.wait({patient})


@asynccontextmanager
async def reader():
    """A server that answers with what it read of a form: fields and files. Gives its URL."""

    async def read(request):
        form = await request.post()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        files = {
            name: [value.filename, value.content_type, hashlib.sha256(value.file.read()).hexdigest()]
            for name, value in form.items()
            if not isinstance(value, str)
        }
        return web.json_response({"ok": True, "result": {"fields": fields, "files": files}})

    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{path:.*}", read)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot{TOKEN}/method"
    finally:
        await runner.cleanup()


HARD = {
    "text": "Қазақстан 😀 «дәйек» <b>&amp;</b> +&=%20%;#?/\\\"' \t\r\n\u2028\x00\x7f",
    "empty": "",
    "name&with=signs+ә": "value",
}


@BOTH
async def test_text_arrives_as_it_is(kind):
    async with reader() as url, kind() as transport:
        got = await transport.post(url, data(**HARD, chat_id=-100123, silent=True, markup={"a": ["ә", None]}))

    assert got["fields"] == HARD | {
        "chat_id": "-100123",
        "silent": "true",
        "markup": '{"a": ["\\u04d9", null]}',
    }


@BOTH
@pytest.mark.parametrize("letters", [8_000, 8_192, 10_000, 700_000])
async def test_long_text_arrives_whole(kind, letters):
    async with reader() as url, kind() as transport:
        got = await transport.post(url, data(chat_id=1, text="ә" * letters))

    assert got["fields"] == {"chat_id": "1", "text": "ә" * letters}


@BOTH
async def test_a_call_without_parameters_has_no_body(kind):
    async with Wire() as wire, kind() as transport:
        assert await transport.post(wire.url, data()) is True
        assert await transport.post(wire.url) is True
        assert all(
            "content-type" not in head.lower() or "content-length: 0" in head.lower() for head in wire.heads
        )


@BOTH
async def test_files_arrive_byte_for_byte_with_their_names(kind):
    large, small = random.Random(1).randbytes(5_000_001), b"\r\n--\x00\xff"
    files = {
        "document": InputFile(large, filename='Дәйек "1" %41 ә.txt', attach=False),
        "thumbnail": InputFile(small, filename="a.png", attach=False),
    }
    async with reader() as url, kind() as transport:
        got = await transport.post(url, data(chat_id=1, caption=HARD["text"], **files))

    assert got["fields"] == {"chat_id": "1", "caption": HARD["text"]}
    quote = "%22" if kind is HTTPXRequest else '"'
    name = f"Дәйек {quote}1{quote} %41 ә.txt"
    assert got["files"] == {
        "document": [name, "text/plain", hashlib.sha256(large).hexdigest()],
        "thumbnail": ["a.png", "image/png", hashlib.sha256(small).hexdigest()],
    }


@BOTH
async def test_an_open_file_is_sent_whole_each_time_and_stays_open(kind):
    file = io.BytesIO(b"0123456789")
    document = InputFile(file, filename="a.bin", read_file_handle=False)
    async with reader() as url, kind() as transport:
        first = await transport.post(url, data(document=document))
        again = await transport.post(url, data(document=document))

    assert first["files"]["document"][2] == hashlib.sha256(b"0123456789").hexdigest()
    assert again["files"] == first["files"]
    assert not file.closed


@BOTH
async def test_a_file_that_nobody_takes_is_timed_out(kind):
    file = InputFile(bytes(32 << 20), filename="a.bin")  # more than the sockets between them hold

    async def ignore(*_):
        await asyncio.Event().wait()

    async with listening(ignore) as port, kind(read_timeout=60) as transport:
        call = transport.post(f"http://127.0.0.1:{port}/x", data(document=file), write_timeout=SOON)
        assert await outcome(call) == (TimedOut, "")


@BOTH
async def test_what_is_retrieved_are_the_bytes(kind):
    content = random.Random(2).randbytes(300_000)
    async with Wire(reply(content)) as wire, kind() as transport:
        assert await transport.retrieve(wire.url) == content
        assert wire.heads[0].startswith("GET ")


@BOTH
async def test_calls_one_after_the_other_share_a_connection(kind):
    async with Wire() as wire, kind() as transport:
        for _ in range(20):
            assert await transport.post(wire.url, data(a=1)) is True
        await transport.retrieve(wire.url)
        assert wire.connections == 1


@BOTH
async def test_each_of_many_calls_at_once_gets_its_own_answer(kind):
    async with reader() as url, kind() as transport:
        got = await asyncio.gather(
            *(transport.post(url, data(text=f"сұрақ {number}"), pool_timeout=None) for number in range(300))
        )

    assert [one["fields"]["text"] for one in got] == [f"сұрақ {number}" for number in range(300)]


async def test_no_more_connections_are_made_than_asked_for():
    async with Wire() as wire, AiohttpRequest(connections=3) as transport:
        await asyncio.gather(*(transport.post(wire.url, data(a=1)) for _ in range(50)))
        assert len(wire.heads) == 50
        assert wire.connections <= 3


@BOTH
async def test_a_cancelled_call_leaves_the_transport_usable(kind):
    async with Wire(b"") as wire, kind() as transport:
        call = asyncio.create_task(transport.post(wire.url, data(a=1)))
        await wire.came.wait()
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()

        wire.answer = OK
        assert await transport.post(wire.url, data(a=1)) is True


async def test_a_cancelled_call_gives_its_connection_back():
    async with Wire(b"") as wire, AiohttpRequest(connections=1) as transport:
        calls = [asyncio.create_task(transport.post(wire.url, data(a=1))) for _ in range(3)]
        await wire.came.wait()
        for call in reversed(calls):  # those that wait for a connection first
            call.cancel()
            await asyncio.wait({call})

        wire.answer = OK
        assert await transport.post(wire.url, data(a=1), pool_timeout=0) is True


def causes(error):
    while error is not None:
        yield error
        error = error.__cause__


def is_unsent(error):
    return any(isinstance(cause, UNSENT) for cause in causes(error))


async def failure(call):
    with pytest.raises(NetworkError) as caught:
        await call
    return caught.value


async def test_waiting_for_a_connection_is_told_from_waiting_for_an_answer():
    async with Wire(b"") as wire, AiohttpRequest(connections=1, pool_timeout=SOON) as transport:
        first = asyncio.create_task(transport.post(wire.url, data(a=1)))
        await wire.came.wait()
        second = await failure(transport.post(wire.url, data(a=2)))
        third = await failure(transport.post(wire.url, data(a=3), pool_timeout=0))
        assert len(wire.heads) == 1
        for error in (second, third):
            assert isinstance(error, TimedOut)
            assert isinstance(error.__cause__, PoolTimeoutError)
            assert is_unsent(error)
        first.cancel()
        await asyncio.wait({first})
        read = await failure(transport.post(wire.url, data(a=4), read_timeout=SOON))
        assert isinstance(read, TimedOut)
        assert not is_unsent(read)


@pytest.mark.parametrize(("answer", "then"), BREAKS.values(), ids=BREAKS)
async def test_a_call_that_reached_the_server_is_not_called_unsent(answer, then):
    async with Wire(answer, then) as wire, AiohttpRequest() as transport:
        assert not is_unsent(await failure(transport.post(wire.url, data(a=1))))
        assert len(wire.heads) == 1


@pytest.mark.parametrize("size", [10, 200_000])
async def test_a_kept_connection_that_breaks_is_called_unsent_only_where_nothing_came(size):
    # The server closes after each answer without saying so, and each call is made the moment the last one ends.
    async with Wire(then="close") as wire, AiohttpRequest() as transport:
        unsent = 0
        for _ in range(40):
            try:
                await transport.post(wire.url, data(text="a" * size))
            except NetworkError as error:
                unsent += is_unsent(error)
        assert len(wire.heads) + unsent <= 40


async def test_a_call_of_which_some_went_out_is_not_called_unsent():
    async def hang_up(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write_eof()  # no more answers on this connection, while the call is still being written
        await reader.read()

    async with listening(hang_up) as port, AiohttpRequest() as transport:
        call = transport.post(f"http://127.0.0.1:{port}/x", data(text="a" * 10_000_000))
        assert not is_unsent(await failure(call))


@asynccontextmanager
async def silent():
    """A server that accepts, reads and says nothing; it notes what it read. Gives its host and port, and the note."""
    read = bytearray()

    async def listen(reader, _):
        while piece := await reader.read(1000):
            read.extend(piece)

    async with listening(listen) as port:
        yield f"127.0.0.1:{port}", read


PROXY_REFUSES = reply(b"", "407 Proxy Authentication Required")


async def unsent_refused():
    async with AiohttpRequest() as transport:
        return await failure(transport.post(f"http://127.0.0.1:{free_port()}/bot{TOKEN}/x", data(a=1)))


async def unsent_no_tls():
    async def plain(reader, writer):
        assert TOKEN.encode() not in await reader.read(1000)
        writer.write(b"this is no TLS")

    async with listening(plain) as port, AiohttpRequest() as transport:
        return await failure(transport.post(f"https://127.0.0.1:{port}/bot{TOKEN}/x", data(a=1)))


async def unsent_slow_tls():
    async with silent() as (address, read), AiohttpRequest(connect_timeout=SOON) as transport:
        error = await failure(transport.post(f"https://{address}/bot{TOKEN}/x", data(a=1)))
        assert isinstance(error, TimedOut)
        assert TOKEN.encode() not in read
        return error


async def unsent_no_proxy():
    async with AiohttpRequest(proxy=f"http://user:secret@127.0.0.1:{free_port()}") as transport:
        return await failure(transport.post(f"https://api.invalid/bot{TOKEN}/x", data(a=1)))


async def unsent_proxy_refuses():
    async with Wire(PROXY_REFUSES) as wire, AiohttpRequest(proxy=f"127.0.0.1:{wire.port}") as transport:
        error = await failure(transport.post(f"https://api.invalid/bot{TOKEN}/x", data(a=1)))
        assert wire.heads[0].startswith("CONNECT api.invalid:443 ")
        return error


async def unsent_no_address():
    async with AiohttpRequest() as transport:
        return await failure(transport.post(f"http://127.0.0.1:{TOKEN}/x", data(a=1)))


async def unsent_other_scheme():
    async with AiohttpRequest() as transport:
        return await failure(transport.post(f"ftp://127.0.0.1/bot{TOKEN}/x", data(a=1)))


UNSENT_CASES = [
    unsent_refused,
    unsent_no_tls,
    unsent_slow_tls,
    unsent_no_proxy,
    unsent_proxy_refuses,
    unsent_no_address,
    unsent_other_scheme,
]


@pytest.mark.parametrize("case", UNSENT_CASES)
async def test_a_call_that_could_not_be_sent_says_so(case):
    assert is_unsent(await case())


async def broken(answer, then):
    async with Wire(answer, then) as wire, AiohttpRequest(read_timeout=SOON) as transport:
        return await failure(transport.post(wire.url, data(a=1)))


@pytest.mark.parametrize(
    "case",
    [
        *UNSENT_CASES,
        *((lambda pair=pair: broken(*pair)) for pair in BREAKS.values()),
        lambda: broken(b"", "keep"),
    ],
)
async def test_no_error_shows_the_token(case):
    error = await case()

    for secret in (TOKEN, TOKEN.partition(":")[2], "secret"):
        assert secret not in str(error) + repr(error)
    record = logging.LogRecord("bot", logging.ERROR, "", 1, "%s %r", (error, error), None)
    record.exc_info = (type(error), error, error.__traceback__)
    text = RedactingFormatter([Secret(TOKEN)]).format(record)
    assert TOKEN.partition(":")[2] not in text
    assert type(error.__cause__).__name__ in text  # the whole chain was there to be looked at


@pytest.mark.parametrize("size", [32 << 20, (32 << 20) + 1])
async def test_an_answer_larger_than_32_mib_is_refused(size):
    zipped = gzip.compress(bytes(size), 1)
    for answer in (reply(bytes(size)), reply(zipped, Content_Encoding="gzip")):
        async with Wire(answer) as wire, AiohttpRequest() as transport:
            if size <= 32 << 20:
                assert len(await transport.retrieve(wire.url)) == size
            else:
                error = await failure(transport.retrieve(wire.url))
                assert "larger than 32 MiB" in str(error)
                assert not is_unsent(error)
            wire.answer = OK
            assert await transport.post(wire.url, data(a=1)) is True


@BOTH
async def test_the_proxy_of_the_environment_carries_the_calls(kind, monkeypatch):
    async with Wire() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://user:p%40ss@127.0.0.1:{proxy.port}")
        async with kind() as transport:
            assert await transport.post("http://api.invalid/bot1:x/getMe", data(a=1)) is True
            assert await transport.post("http://api.invalid/bot1:x/getMe", data(a=1)) is True

    request, *headers = proxy.heads[1].split("\r\n")
    assert request == "POST http://api.invalid/bot1:x/getMe HTTP/1.1"
    credentials = base64.b64encode(b"user:p@ss").decode()
    assert f"proxy-authorization: basic {credentials}".lower() in [line.lower() for line in headers]


@BOTH
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
async def test_the_proxy_of_the_environment_is_asked_for_a_tunnel(kind, name, monkeypatch):
    async with Wire(PROXY_REFUSES) as proxy:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with kind() as transport:
            assert await outcome(transport.post("https://api.invalid/bot1:x/getMe")) == (NetworkError, "")

    assert proxy.heads[0].startswith("CONNECT api.invalid:443 HTTP/1.1\r\n")
    assert "bot1:x" not in proxy.heads[0]


async def tunnel(reader, writer):
    """A proxy's connection: opens what CONNECT names, and carries one piece there and one back."""
    request = await reader.readuntil(b"\r\n\r\n")
    host, _, port = request.split()[1].decode().rpartition(":")
    from_server, to_server = await asyncio.open_connection(host, int(port))
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    to_server.write(await reader.read(10_000))
    writer.write(await from_server.read(10_000))
    to_server.close()
    await to_server.wait_closed()


@BOTH
async def test_a_call_in_a_tunnel_is_not_for_the_proxy_s_eyes(kind):
    came = []

    async def plain(reader, writer):
        came.append(await reader.read(10_000))
        writer.write(b"this is no TLS")

    async with (
        listening(plain) as server,
        listening(tunnel) as proxy,
        kind(proxy=f"http://127.0.0.1:{proxy}") as transport,
    ):
        call = transport.post(f"https://127.0.0.1:{server}/bot{TOKEN}/x", data(a=1))
        assert await outcome(call) == (NetworkError, "")

    assert came[0].startswith(b"\x16\x03")  # a TLS record: the client's hello
    assert TOKEN.encode() not in came[0]


@BOTH
@pytest.mark.parametrize("exception", ["127.0.0.1", "other.invalid,127.0.0.1", "*"])
async def test_no_proxy_is_obeyed(kind, exception, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("NO_PROXY", exception)
    async with Wire() as wire, kind() as transport:
        assert await transport.post(wire.url, data(a=1)) is True
        assert wire.heads[0].startswith("POST /bot")


async def test_no_proxy_may_name_a_port(monkeypatch):
    async with Wire() as wire, Wire() as proxy, AiohttpRequest() as transport:
        monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", f"127.0.0.1:{wire.port}")
        assert await transport.post(wire.url, data(a=1)) is True
        assert await transport.post(f"http://127.0.0.1:{free_port()}/x", data(a=1)) is True
        assert (len(wire.heads), len(proxy.heads)) == (1, 1)


@BOTH
async def test_a_proxy_given_by_name_is_used_whatever_the_environment_says(kind, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("NO_PROXY", "*")
    async with Wire() as proxy, kind(proxy=f"http://127.0.0.1:{proxy.port}") as transport:
        assert await transport.post("http://api.invalid/x", data(a=1)) is True


@pytest.mark.parametrize("proxy", ["socks5://user:secret@host:1", "https://user:secret@host", "http://", ""])
async def test_a_proxy_that_cannot_be_used_is_refused_and_never_gone_around(proxy, monkeypatch):
    with pytest.raises(UnusableProxyError) as refused:
        AiohttpRequest(proxy=proxy)
    assert "secret" not in str(refused.value)

    monkeypatch.setenv("ALL_PROXY", proxy or "//")
    async with Wire() as wire, AiohttpRequest() as transport:
        error = await failure(transport.post(wire.url, data(a=1)))
        assert is_unsent(error)
        assert "secret" not in str(error)
        assert not wire.heads


async def test_it_can_be_opened_and_closed_again_and_again():
    transport = AiohttpRequest(read_timeout=7)
    assert transport.read_timeout == 7
    async with Wire() as wire:
        with pytest.raises(RuntimeError, match="initialize"):
            await transport.do_request(wire.url, "POST")
        await transport.shutdown()
        for _ in range(2):
            await transport.initialize()
            await transport.initialize()
            assert await transport.post(wire.url, data(a=1)) is True
            await transport.shutdown()
            await transport.shutdown()
        assert wire.connections == 2
        with pytest.raises(RuntimeError, match="initialize"):
            await transport.do_request(wire.url, "POST")


async def test_a_call_under_way_at_the_shutdown_fails():
    async with Wire(b"") as wire, AiohttpRequest() as transport:
        call = asyncio.create_task(failure(transport.post(wire.url, data(a=1))))
        await wire.came.wait()
        await transport.shutdown()
        assert not is_unsent(await call)


async def test_nothing_is_left_open_after_the_shutdown():
    gc.collect()  # what others left is not meant
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        async with Wire() as wire, Wire(b"") as mute:
            transport = AiohttpRequest(read_timeout=SOON)
            async with transport:
                await asyncio.gather(*(transport.post(wire.url, data(a=1)) for _ in range(5)))
                await transport.post(wire.url, data(document=InputFile(bytes(3 << 20), filename="a")))
                await failure(transport.post(mute.url, data(a=1)))
            del transport
        gc.collect()
    assert [str(one.message) for one in seen] == []


async def test_the_library_s_bot_speaks_through_it(api):
    async with Bot(api.token, base_url=f"{api.url}/bot", request=AiohttpRequest()) as bot:
        api.text("сәлем")
        (update,) = await bot.get_updates(timeout=1)
        assert update.message is not None
        sent = await bot.send_message(update.message.chat_id, "Сұрақ: <b>қайда</b>?", parse_mode="HTML")
    assert sent.text == "Сұрақ: қайда?"
