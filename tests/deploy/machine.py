"""A machine with systemd, as a container that holds the image's program where the steps of deploy/README.md put it."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.deploy.base_image import systemd_layer
from tests.deploy.containers import Engine
from tests.deploy.running import SECRET, URL, reachable
from tests.deploy.tools import DEPLOY
from tests.double import TOKEN, BotApi

IMAGE = "localhost/systemd"
_PORT = 8080
_CAPABILITIES = "SYS_ADMIN,SYS_PTRACE,NET_ADMIN,DAC_READ_SEARCH,AUDIT_CONTROL"
"""What systemd needs to give its services less than it has."""
_START = "mount --make-rshared / && exec /usr/lib/systemd/systemd --unit=basic.target"
"""On a machine mounts are shared, and the credentials of a service rely on it."""
_BOOTED = "until [ -S /run/systemd/private ]; do sleep 0.05; done; systemctl is-system-running --wait"
_LAYER = """\
FROM {image}
USER 0
COPY layer/ /
COPY units/ /etc/systemd/system/
COPY dayek /app/deploy/dayek
"""


class Machine:
    """A container in which systemd runs."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name

    async def run(self, *command: str, check: bool = True) -> str:
        """What a command prints in the machine; raises AssertionError where it fails, unless `check` is off."""
        return await asyncio.to_thread(self._engine.podman, "exec", self._name, *command, check=check)

    async def shown(self, unit: str, *properties: str) -> list[str]:
        """What systemd says of a unit, in the order of the properties."""
        said = await self.run("systemctl", "show", unit, f"--property={','.join(properties)}")
        values = dict(line.split("=", 1) for line in said.splitlines())
        return [values[one] for one in properties]

    async def owners(self) -> str:
        """The number of the user and the mode of the bot's files, once where they are all the same."""
        of_root = ("-not", "-name", "*.before-restore-*")  # the copy that a restore by root makes is root's
        files = await self.run("find", "/var/lib/dayek/", "-type", "f", *of_root, "-printf", "%U %m\n")
        return ", ".join(sorted(set(files.splitlines())))

    def address(self, which: str) -> str:
        """An address of the machine's network: IPAddress or Gateway."""
        return self._engine.inspected(self._name, f".NetworkSettings.{which}")


def install(engine: Engine, image: str) -> None:
    """Makes the image of the machine: the program in /opt/dayek, the units in /etc/systemd/system.

    Nothing is changed in the units but the pause before a restart.
    """
    context = engine.folder / "systemd"
    layer = systemd_layer(context / "layer")
    for folder in ("opt", "var/lib"):
        (layer / folder).mkdir(parents=True)
    (layer / "opt/dayek").symlink_to("/app")
    for unit in DEPLOY.glob("*.service"):
        changed = context / "units" / f"{unit.name}.d"
        changed.mkdir(parents=True)
        (changed / "soon.conf").write_text("[Service]\nRestartSec=100ms\n", encoding="utf-8")
        shutil.copy(unit, changed.parent)
    shutil.copy(DEPLOY / "dayek", context)
    (context / "Dockerfile").write_text(_LAYER.format(image=image), encoding="utf-8")
    engine.podman("build", "--layers=false", "--tag", IMAGE, context)


def configure(folder: Path, telegram: int) -> None:
    """Fills /etc/dayek as the steps do; Telegram is a port of this machine, and the bot lets its outside in."""
    for name, text in (("token", TOKEN), ("webhook-secret", SECRET)):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o600)
    environment = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    address = f"http://host.containers.internal:{telegram}"
    for name, value in (("WEBHOOK_URL", URL), ("HOST", "0.0.0.0"), ("TELEGRAM_API_URL", address)):
        environment, found = re.subn(rf"^#{name}=.*$", f"{name}={value}", environment, flags=re.MULTILINE)
        assert found == 1
    (folder / "environment").write_text(environment, encoding="utf-8")


@asynccontextmanager
async def booted(engine: Engine, settings: Path) -> AsyncIterator[Machine]:
    """The machine, with a folder as its /etc/dayek; skips the test where systemd cannot run in a container."""
    rights = [f"--security-opt={one}=unconfined" for one in ("seccomp", "apparmor")]
    options = ["--systemd=always", "--no-healthcheck", f"--cap-add={_CAPABILITIES}", *rights]
    start = [f"--volume={settings}:/etc/dayek", "--entrypoint=sh", IMAGE, "-c", _START]
    name = (await asyncio.to_thread(engine.podman, "run", "--detach", *options, *start)).split()[-1]
    try:
        machine = Machine(engine, name)
        state = await machine.run("sh", "-c", _BOOTED, check=False)
        if state.strip() not in {"running", "degraded"}:
            said = engine.podman("logs", name, check=False)
            pytest.skip(f"NOT TESTED: systemd does not start in a container here: {state}{said[-500:]}")
        yield machine
    finally:
        await asyncio.to_thread(engine.podman, "rm", "--force", "--time=0", "--volumes", name)


@asynccontextmanager
async def at_work(engine: Engine, settings: Path, telegram: int) -> AsyncIterator[tuple[Machine, BotApi]]:
    """The machine, and Telegram's double, each within reach of the other."""
    async with (
        booted(engine, settings) as machine,
        BotApi(TOKEN, webhook_to=f"http://{machine.address('IPAddress')}:{_PORT}") as api,
        reachable(api, machine.address("Gateway"), telegram),
    ):
        yield machine, api
