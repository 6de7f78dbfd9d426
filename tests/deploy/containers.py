"""podman with a store, networks and settings of its own, which leaves nothing behind."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.deploy.tools import BIN, DEPLOY, of_the_machine

IMAGE = "localhost/dayek:0.1.0"
CADDY = "localhost/caddy:2.11.7"
REQUIRED = {"DOMAIN": "bot.localhost", "WEBHOOK_URL": "https://bot.localhost/telegram"}
"""Without these compose.yaml does nothing."""
_STORAGE = """\
[storage]
driver = "{driver}"
graphroot = "{folder}/store"
runroot = "{folder}/run"
"""
_CONTAINERS = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_config_dir = "{folder}/networks"
"""


class Engine:
    """podman, and podman-compose on it; everything is kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        of_the_machine("podman")
        # Without overlay each layer is copied in whole, which works everywhere and takes minutes.
        overlay = "overlay" in Path("/proc/filesystems").read_text(encoding="utf-8")
        (folder / "storage.conf").write_text(
            _STORAGE.format(driver="overlay" if overlay else "vfs", folder=folder), encoding="utf-8"
        )
        (folder / "containers.conf").write_text(_CONTAINERS.format(folder=folder), encoding="utf-8")
        self.environment = dict(os.environ) | {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "BUILDAH_FORMAT": "docker",  # the other format knows no health check
            "BUILDAH_ISOLATION": "chroot",
        }

    def podman(self, *arguments: object, check: bool = True) -> str:
        """What podman prints; raises AssertionError where it fails, unless `check` is off."""
        done = self._run(["podman", *arguments], {})
        assert done.returncode == 0 or not check, (done.stdout + done.stderr)[-5000:]
        return done.stdout

    def compose(self, *arguments: object, **environment: str) -> str:
        """What podman-compose prints, run on deploy/compose.yaml; raises AssertionError where it fails."""
        done = self._run(["podman-compose", "--file", DEPLOY / "compose.yaml", *arguments], environment)
        assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
        return done.stdout

    def imported(self, root: Path, name: str, *changes: str) -> None:
        """Makes an image of a folder."""
        archive = shutil.make_archive(str(root), "tar", root, owner="root", group="root")
        options = [option for change in changes for option in ("--change", change)]
        self.podman("import", *options, archive, name)
        Path(archive).unlink()
        shutil.rmtree(root)

    def inspected(self, name: str, template: str) -> str:
        """One thing that podman knows of a container or an image."""
        return self.podman("inspect", "--format", "{{" + template + "}}", name).strip()

    def close(self) -> None:
        """Ends what still runs and deletes everything."""
        self.podman("rm", "--all", "--force", "--volumes", "--time", "0", check=False)
        mounted = [line.split()[1] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
        for place in sorted((one for one in mounted if one.startswith(f"{self.folder}/")), reverse=True):
            subprocess.run(["umount", place], check=False, capture_output=True)
        shutil.rmtree(self.folder)

    def _run(self, command: list[object], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            list(map(str, command)), env=self.environment | environment,
            capture_output=True, text=True, timeout=400, check=False,
        )  # fmt: skip


def settings_of_pip() -> str:
    """How pip finds packages on this machine, as a pip.conf."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pairs = dict(line.split("=", 1) for line in listed.splitlines())
    settings = {name.rpartition(".")[2]: ast.literal_eval(value) for name, value in pairs.items()}
    return "[global]\n" + "".join(f"{name} = {' '.join(value.split())}\n" for name, value in settings.items())


def built(engine: Engine, base: str) -> str:
    """The image of the bot on a base; how pip finds packages reaches the build as its secret, and no file."""
    options = "--podman-build-args=--layers=false --secret=id=pip,type=env,src=SETTINGS_OF_PIP"
    settings = {"SETTINGS_OF_PIP": settings_of_pip()}
    engine.compose(options, "build", "--build-arg", f"BASE={base}", "bot", **settings, **REQUIRED)
    return IMAGE
