"""Caddy as deploy/Caddyfile sets it up, with certificates of its own, in front of the real webhook bot."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.deploy.running import DOMAIN, SECRET, caddy, trust, webhook_bot
from tests.deploy.tools import DEPLOY, pinned
from tests.double import TOKEN, BotApi

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LIMIT = 1_000_000  # bytes that an update may have


class Front:
    """Caddy's public side; `ports` are those of HTTP, HTTPS and of Caddy's own interface, `bot` is the bot's."""

    def __init__(self, ports: tuple[int, int, int], bot: int, folder: Path) -> None:
        self.ports = ports
        self.bot = bot
        self.folder = folder
        self.address = f"https://127.0.0.1:{ports[1]}"

    async def ask(
        self, method: str, path: str, *, http2: bool = True, secret: str = SECRET, body: object = None
    ) -> httpx.Response:
        """The answer to one request, whose path is sent exactly as it is given."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        extensions = {"sni_hostname": DOMAIN, "target": path.encode()}
        headers = {"Host": DOMAIN, HEADER: secret, "Content-Type": "application/json"}
        async with httpx.AsyncClient(http2=http2, verify=trust(self.folder), timeout=30) as client:
            return await client.request(
                method, self.address, content=content, headers=headers, extensions=extensions
            )


def question(api: BotApi) -> dict[str, object]:
    """An update with a question, as Telegram posts it, from a reader whom the double then knows."""
    number = api.text("Мәжіліс төрағасы кім?")
    reader = {"id": 7, "first_name": "Reader 7", "is_bot": False, "language_code": "kk"}
    chat = {"id": 7, "type": "private", "first_name": "Reader 7"}
    sent = {"message_id": 1, "from": reader, "chat": chat, "date": 1, "text": "Мәжіліс төрағасы кім?"}
    return {"update_id": number, "message": sent}


@pytest.fixture(scope="module")
def ports(unused_tcp_port_factory):
    return [unused_tcp_port_factory() for _ in range(4)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def front(ports, tmp_path_factory) -> AsyncIterator[Front]:
    folder = tmp_path_factory.mktemp("caddy")
    front = Front((ports[0], ports[1], ports[2]), ports[3], folder)
    async with caddy(front.ports, front.bot, folder):
        yield front


@asynccontextmanager
async def delivering(front: Front) -> AsyncIterator[BotApi]:
    """Telegram's double, which posts its updates to Caddy."""
    async with BotApi(TOKEN, webhook_to=front.address, webhook_ssl=trust(front.folder)) as api:
        yield api


async def test_the_file_is_valid_and_formatted_as_caddy_formats(tmp_path):
    file, given = DEPLOY / "Caddyfile", {"DOMAIN": DOMAIN, "HOME": str(tmp_path)}
    validated = pinned("caddy", "validate", "--adapter", "caddyfile", "--config", file, **given)
    formatted = pinned("caddy", "fmt", file, **given)

    assert validated.returncode == 0, validated.stderr
    assert '"level":"warn"' not in validated.stderr
    assert formatted.stdout == file.read_text(encoding="utf-8")


async def test_an_update_from_telegram_reaches_the_bot_through_https_and_is_answered(front, tmp_path):
    async with delivering(front) as api, webhook_bot(api, front.bot, tmp_path):
        api.text("Мәжіліс төрағасы кім?")
        answered = await api.wait_for("sendMessage", 20)

    assert "Ерлан Қошанов" in answered.result["text"]
    assert not api.refusals


@pytest.mark.parametrize(("http2", "version"), [(True, "HTTP/2"), (False, "HTTP/1.1")])
async def test_an_update_is_taken_over_http_2_and_http_1(http2, version, front, tmp_path):
    async with BotApi() as api, webhook_bot(api, front.bot, tmp_path):
        taken = await front.ask("POST", "/telegram", http2=http2, body=question(api))
        await api.wait_for("sendMessage", 20)

    assert (taken.status_code, taken.http_version) == (200, version)


async def test_only_the_webhook_is_public_while_the_bot_itself_serves_more(front, tmp_path):
    hidden = ("/", "/healthz", "/readyz", "/metrics", "/%6Detrics", "//metrics", "/telegram/../metrics")
    unknown = ("/telegram/", "/telegram/metrics", "/telegramme", "/config/", "/.env")
    async with BotApi() as api, webhook_bot(api, front.bot, tmp_path), httpx.AsyncClient() as inside:
        of_the_bot = [
            (await inside.get(f"http://127.0.0.1:{front.bot}{path}")).status_code
            for path in ("/healthz", "/readyz", "/metrics")
        ]
        public = {
            f"{method} {path}": (await front.ask(method, path)).status_code
            for path in hidden + unknown
            for method in ("GET", "POST")
        }
        public |= {
            f"{method} /telegram": (await front.ask(method, "/telegram")).status_code
            for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS")
        }

    assert of_the_bot == [200, 200, 200]
    assert public == dict.fromkeys(public, 404)


async def test_who_does_not_know_the_secret_is_refused_by_the_bot(front, tmp_path):
    async with BotApi() as api, webhook_bot(api, front.bot, tmp_path):
        refused = await front.ask("POST", "/telegram", secret="a-guess", body=question(api))

    assert refused.status_code == 403


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 200), (LIMIT + 1, 413)])
async def test_a_body_over_a_megabyte_is_refused(size, status, front, tmp_path):
    async with BotApi() as api, webhook_bot(api, front.bot, tmp_path):
        body = json.dumps(question(api)).encode().ljust(size)  # spaces after JSON mean nothing
        answer = await front.ask("POST", "/telegram", body=body)

    assert answer.status_code == status


async def test_an_update_waits_at_caddy_while_the_bot_restarts(front, tmp_path):
    async with BotApi() as api:
        early = asyncio.create_task(front.ask("POST", "/telegram", body=question(api)))
        async with webhook_bot(api, front.bot, tmp_path):
            taken = await early
            await api.wait_for("sendMessage", 20)

    assert taken.status_code == 200


async def test_plain_http_is_led_to_https(front):
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{front.ports[0]}/telegram", headers={"Host": DOMAIN})

    assert answer.status_code == 308
    assert answer.headers["Location"].startswith(f"https://{DOMAIN}")


async def test_http_3_is_offered_and_its_port_is_taken(front):
    answer = await front.ask("GET", "/")
    with pytest.raises(OSError, match="in use"):
        await asyncio.get_running_loop().create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("127.0.0.1", front.ports[1])
        )

    assert answer.headers["alt-svc"].startswith(f'h3=":{front.ports[1]}"')


async def test_the_secret_is_not_in_the_log_of_a_request_that_fails(unused_tcp_port_factory, tmp_path):
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()

    ports = [unused_tcp_port_factory() for _ in range(3)]
    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as dead:
        front = Front((ports[0], ports[1], ports[2]), dead.sockets[0].getsockname()[1], tmp_path)
        async with caddy(front.ports, front.bot, tmp_path) as process:
            failed = await front.ask("POST", "/telegram", body={"update_id": 1})
            await process.says('"status":502')

    assert failed.status_code == 502
    assert '"User-Agent"' in process.said
    assert SECRET not in process.said
