"""deploy/compose.yaml: valid, locked down, and brought up whole, with containers of this machine's own making."""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from bot.settings import NAMES, SECRETS
from tests.deploy.base_image import caddy_base
from tests.deploy.containers import CADDY, REQUIRED, Engine
from tests.deploy.running import DOMAIN, SECRET, certified, reachable, running
from tests.deploy.tools import DEPLOY, documents, pinned
from tests.double import TOKEN, BotApi

FILE = DEPLOY / "compose.yaml"
BOTH = pytest.mark.parametrize("name", ["bot", "caddy"])


@pytest.fixture(scope="module")
def services():
    [compose] = documents(FILE)
    return compose["services"]


def test_the_file_is_valid_for_compose():
    done = pinned("check-jsonschema", "--builtin-schema", "vendor.compose-spec", FILE)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_misspelled_word_would_be_found(tmp_path):
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(FILE.read_text(encoding="utf-8").replace("read_only:", "readonly:"), encoding="utf-8")

    assert pinned("check-jsonschema", "--builtin-schema", "vendor.compose-spec", wrong).returncode == 1


@BOTH
def test_a_container_can_do_nothing_but_its_work(name, services):
    service = services[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == ([] if name == "bot" else ["NET_BIND_SERVICE"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] <= 256
    assert service["mem_limit"]
    assert "privileged" not in service


@BOTH
def test_a_container_comes_back_is_looked_after_and_does_not_fill_the_disk(name, services):
    service = services[name]

    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert int(service["stop_grace_period"].removesuffix("s")) >= 8 + 5
    assert {"max-size", "max-file"} <= service["logging"]["options"].keys()


def test_only_caddy_is_public(services):
    published = {name: service.get("ports", []) for name, service in services.items()}

    assert published["bot"] == []
    assert [port.rsplit(":", 1)[-1] for port in published["caddy"]] == ["80/tcp", "443/tcp", "443/udp"]


def test_the_secrets_are_files_and_every_variable_is_one_that_the_bot_reads(services):
    environment = services["bot"]["environment"]

    assert set(environment) <= set(NAMES)
    assert not set(SECRETS) & set(environment)
    assert [environment[f"{name}_FILE"] for name in SECRETS] == [
        f"/run/secrets/{name}" for name in services["bot"]["secrets"]
    ]


def test_the_image_of_caddy_is_the_version_that_is_tested(services):
    tag = services["caddy"]["image"].partition(":")[2]

    assert pinned("caddy", "version").stdout.startswith(f"v{tag} ")
    assert CADDY.endswith(services["caddy"]["image"])


def test_path_and_host_are_the_same_in_every_file():
    example = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    url = urlsplit("".join(re.findall(r"^#WEBHOOK_URL=(.*)$", example, re.MULTILINE)))
    paths = re.findall(r"^\s+path (\S+)$", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"), re.MULTILINE)

    assert paths == [url.path]
    assert f"#DOMAIN={url.hostname}\n" in example


@pytest.mark.parametrize("name", REQUIRED)
def test_without_its_address_nothing_starts_and_the_reason_is_said(name):
    given = {one: value for one, value in REQUIRED.items() if one != name}
    done = pinned("podman-compose", "--file", FILE, "config", **given)

    assert done.returncode != 0
    assert re.search(rf"{name} .* into /etc/dayek/environment", done.stdout + done.stderr)


@asynccontextmanager
async def stack(engine: Engine, environment: dict[str, str]) -> AsyncIterator[str]:
    """Both containers, up; gives the machine's address on their network."""
    await asyncio.to_thread(lambda: engine.compose("up", "--detach", "--no-build", **environment))
    try:
        yield engine.podman(
            "network", "inspect", "--format", "{{(index .Subnets 0).Gateway}}", "dayek_default"
        ).strip()
    finally:
        await asyncio.to_thread(lambda: engine.compose("down", "--volumes", **environment))


async def metrics_from_outside(port: int, trust: ssl.SSLContext) -> httpx.Response:
    async with httpx.AsyncClient(http2=True, verify=trust) as client:
        return await client.get(
            f"https://127.0.0.1:{port}/metrics", headers={"Host": DOMAIN}, extensions={"sni_hostname": DOMAIN}
        )


@pytest.fixture
def caddy_image(engine):
    """What compose.yaml uses of the official image."""
    root = engine.folder / "caddy"
    root.mkdir()
    settings = ("ENV XDG_CONFIG_HOME=/config", "ENV XDG_DATA_HOME=/data")
    command = ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
    engine.imported(caddy_base(root), CADDY, *settings, f"CMD {json.dumps(command)}")


@pytest.mark.usefixtures("image", "caddy_image")
async def test_the_whole_stack_answers_is_healthy_and_shows_only_the_webhook(
    engine, tmp_path, unused_tcp_port_factory
):
    for name, text in (("token", TOKEN), ("webhook-secret", SECRET)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    http, https, telegram = (unused_tcp_port_factory() for _ in range(3))
    given = REQUIRED | {
        "SECRETS": str(tmp_path),
        "HTTP_PORT": str(http),
        "HTTPS_PORT": str(https),
        "TELEGRAM_API_URL": f"http://host.containers.internal:{telegram}",
    }
    async with (
        stack(engine, given) as gateway,
        running("podman", "logs", "--follow", "dayek_caddy_1", **engine.environment) as front,
    ):
        await front.says("certificate obtained successfully")
        root = engine.podman("exec", "dayek_caddy_1", "cat", "/data/caddy/pki/authorities/local/root.crt")
        trust = ssl.create_default_context(cadata=root)
        await certified(https, trust)
        # Until now Telegram was away for the bot, which goes on trying.
        async with (
            BotApi(TOKEN, webhook_to=f"https://127.0.0.1:{https}", webhook_ssl=trust) as api,
            reachable(api, gateway, telegram),
        ):
            await api.wait_for("setWebhook", 30)
            api.text("Мәжіліс төрағасы кім?")
            answered = await api.wait_for("sendMessage", 30)
            for name in ("bot", "caddy"):
                engine.podman("healthcheck", "run", f"dayek_{name}_1")
            await asyncio.to_thread(lambda: engine.compose("stop", "bot", **given))
        hidden = await metrics_from_outside(https, trust)
        shown = engine.podman("inspect", "dayek_bot_1", "dayek_caddy_1")
        status = engine.inspected("dayek_bot_1", ".State.ExitCode")

    assert "Ерлан Қошанов" in answered.result["text"]
    assert (hidden.status_code, hidden.http_version) == (404, "HTTP/2")
    assert status == "0"
    for text in (TOKEN, SECRET):
        assert text not in shown
