"""The image of deploy/Dockerfile: built, looked into, and run as on a server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.deploy.containers import Engine, settings_of_pip
from tests.deploy.running import SECRET, URL
from tests.deploy.tools import ROOT
from tests.double import TOKEN, BotApi

USER = "10001"
LOCKED = ("--read-only", "--read-only-tmpfs=false", "--cap-drop=ALL", "--security-opt=no-new-privileges")
"""As strict as an operator can be: nothing can be written but the volume, and there is no /tmp."""


def inside(engine: Engine, image: str, command: str, *options: str) -> str:
    """What a shell command prints in a new container."""
    given = ("--rm", "--network=none", "--no-healthcheck", "--entrypoint=sh", *options)
    return engine.podman("run", *given, image, "-c", command).strip()


@pytest.fixture
def secrets(tmp_path: Path) -> list[str]:
    """The options that hand the token and the secret over as files."""
    options = []
    for variable, text in (("TELEGRAM_BOT_TOKEN", TOKEN), ("WEBHOOK_SECRET", SECRET)):
        file = tmp_path / variable
        file.write_text(text, encoding="utf-8")
        file.chmod(0o444)
        options += [
            f"--volume={file}:/run/secrets/{variable}:ro",
            f"--env={variable}_FILE=/run/secrets/{variable}",
        ]
    return options


@asynccontextmanager
async def served(engine: Engine, image: str, api: BotApi, port: int, *options: str) -> AsyncIterator[str]:
    """The id of a container in which the webhook bot runs, on a port of this machine."""
    environment = {"TELEGRAM_API_URL": api.url, "WEBHOOK_URL": URL, "HOST": "127.0.0.1", "PORT": str(port)}
    given = [f"--env={name}={value}" for name, value in environment.items()]
    name = (
        await asyncio.to_thread(
            engine.podman,
            "run",
            "--detach",
            "--network=host",
            "--health-interval=disable",
            *given,
            *options,
            image,
        )
    ).split()[-1]
    try:
        await api.wait_for("getWebhookInfo", 30)
        yield name
    finally:
        await asyncio.to_thread(engine.podman, "rm", "--force", "--time=0", "--volumes", name)


def test_it_runs_as_a_user_with_a_fixed_number_and_no_name(image, engine):
    assert engine.inspected(image, ".Config.User") == f"{USER}:{USER}"
    assert inside(engine, image, "id -u; id -g").split() == [USER, USER]


def test_it_says_what_it_is_where_it_listens_and_how_it_is_stopped(image, engine):
    config = json.loads(engine.inspected(image, "json .Config"))

    assert config["Labels"]["org.opencontainers.image.title"] == "Dayek"
    assert config["Labels"]["org.opencontainers.image.licenses"] == "MIT"
    assert config["Entrypoint"] + config["Cmd"] == ["python", "-m", "bot", "webhook"]
    assert (list(config["ExposedPorts"]), list(config["Volumes"])) == (["8080/tcp"], ["/data"])
    assert config["StopSignal"] == "SIGTERM"
    assert json.loads(engine.inspected(image, "json .HealthCheck"))["Test"] == [
        "CMD",
        "python",
        "-m",
        "bot",
        "health",
    ]


def test_only_the_program_is_in_it_and_only_root_could_change_it(image, engine):
    listed = inside(engine, image, "cd /app; ls -A; find . -user 10001; find /app -perm /022 ! -type l")

    assert listed.split() == [".venv", "bot", "retrieval", "seeds"]


def test_every_module_was_compiled_and_the_articles_are_byte_for_byte_those_of_the_checkout(image, engine):
    sources = inside(engine, image, "cd /app; find bot retrieval -name '*.py'").split()
    compiled = inside(engine, image, "cd /app; find bot retrieval -name '*.pyc'").split()
    seeds = {file.name: str(file.stat().st_size) for file in (ROOT / "seeds").iterdir()}

    assert len(compiled) == len(sources) == len([*ROOT.glob("bot/**/*.py"), *ROOT.glob("retrieval/**/*.py")])
    assert (
        dict(
            line.split()
            for line in inside(engine, image, "find /app/seeds -type f -printf '%f %s\n'").splitlines()
        )
        == seeds
    )


def test_there_is_no_pip_and_nothing_that_pip_leaves_behind(image, engine):
    found = inside(
        engine, image, r"find / -xdev \( -name pip -o -name 'pip-*' -o -name .cache \) -not -path '/usr/*'"
    )

    assert found == ""
    assert inside(engine, image, "ls -A /tmp") == ""
    assert "No module named pip" in inside(engine, image, "python -m pip --version 2>&1 || true")


def test_neither_its_history_nor_its_files_tell_how_packages_were_found(image, engine):
    history = engine.podman("history", "--no-trunc", "--format", "{{.CreatedBy}}", image)
    written = engine.podman("inspect", image)

    assert "install -d -m 0700" in history
    for words in ("PIP_", "SETTINGS_OF_PIP", *settings_of_pip().splitlines()):
        assert words not in history + written
    assert inside(engine, image, "find / -xdev -name pip.conf") == ""


def test_the_check_passes_with_nothing_writable_but_the_volume(image, engine):
    checked = engine.podman("run", "--rm", "--network=none", "--no-healthcheck", *LOCKED, image, "check")

    assert "5 articles, 82 passages" in checked


def test_it_writes_nothing_outside_its_volume_even_where_it_could(image, engine):
    engine.podman("run", "--name=free", "--network=none", "--no-healthcheck", image, "check")
    changed = {line.split()[1] for line in engine.podman("diff", "free").splitlines()}
    engine.podman("rm", "--volumes", "free")

    # What podman mounts into every container.
    assert not {path for path in changed if not path.startswith(("/etc", "/run", "/proc", "/sys", "/dev"))}


async def test_it_answers_is_healthy_and_stops_within_its_time_as_a_locked_container(
    image, engine, secrets, unused_tcp_port
):
    port = unused_tcp_port
    async with (
        BotApi(TOKEN, webhook_to=f"http://127.0.0.1:{port}") as api,
        served(engine, image, api, port, *LOCKED, *secrets) as name,
    ):
        api.text("Мәжіліс төрағасы кім?")
        answered = await api.wait_for("sendMessage", 20)
        await asyncio.to_thread(engine.podman, "healthcheck", "run", name)
        shown = await asyncio.to_thread(engine.podman, "inspect", name)
        processes = await asyncio.to_thread(engine.podman, "exec", name, "env")
        await asyncio.to_thread(engine.podman, "stop", "--time=15", name)
        status = engine.inspected(name, ".State.ExitCode")

    assert "Ерлан Қошанов" in answered.result["text"]
    assert status == "0"
    for text in (TOKEN, SECRET):
        assert text not in shown + processes


async def test_it_is_unhealthy_where_the_bot_does_not_listen(image, engine):
    name = engine.podman(
        "run",
        "--detach",
        "--network=none",
        "--health-interval=disable",
        "--entrypoint=sh",
        image,
        "-c",
        "sleep 60",
    ).split()[-1]
    try:
        said = engine.podman("healthcheck", "run", name, check=False)
        status = engine.podman("exec", name, "sh", "-c", "python -m bot health; echo $?")
    finally:
        engine.podman("rm", "--force", "--time=0", "--volumes", name)

    assert said.strip() in ("", "unhealthy")
    assert status.split()[-1] == "1"
