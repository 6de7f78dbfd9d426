"""Base images out of this machine's own programs and libraries, for where no registry can be reached."""

import ensurepip
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.deploy.tools import BIN, of_the_machine

_BY_WHEELS = ("libdl.so.2", "libgcc_s.so.1", "libpthread.so.0", "librt.so.1", "libstdc++.so.6")
"""What compiled packages expect of any Debian, and Python itself does not name."""
_NOT_NEEDED = (
    "test",
    "tests",
    "site-packages",
    "dist-packages",
    "idlelib",
    "tkinter",
    "turtledemo",
    "lib2to3",
)
_SYSTEMD = "/usr/lib/systemd"
_UNITS = (
    "basic.target", "local-fs.target", "network-online.target", "network.target", "paths.target", "shutdown.target",
    "slices.target", "sockets.target", "swap.target", "sysinit.target", "systemd-journald-dev-log.socket",
    "systemd-journald.service", "systemd-journald.socket", "timers.target", "umount.target",
)  # fmt: skip
"""What a service waits for at the start and at the end."""
_TRUST = Path("/etc/ssl/certs/ca-certificates.crt")


def python_base(root: Path) -> Path:
    """Fills an empty folder as python:slim is filled: this Python under /usr/local, pip, a shell, coreutils."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    python = root / "usr/local/lib" / stdlib.name
    ignored = shutil.ignore_patterns(*_NOT_NEEDED, "__pycache__", "config-*", "_tkinter*")
    shutil.copytree(stdlib, python, ignore=ignored)
    program = Path(sys.executable).resolve()
    _copy(program, root / "usr/local/bin" / stdlib.name)
    for name in ("python", "python3"):
        (root / "usr/local/bin" / name).symlink_to(stdlib.name)
    compiled = [
        file for file in (stdlib / "lib-dynload").glob("*.so") if not file.name.startswith("_tkinter")
    ]
    wheel = next(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"), None)
    if wheel is None:
        pytest.skip("NOT TESTED: this Python comes without ensurepip")
    with zipfile.ZipFile(wheel) as pip:
        pip.extractall(python / "site-packages")
    programs = _programs(
        root, ("sh", "cat", "chmod", "env", "find", "id", "install", "ls", "mkdir", "rm", "sleep", "touch")
    )
    _libraries(root, [program, *compiled, *programs])
    return _system(root)


def caddy_base(root: Path) -> Path:
    """Fills an empty folder with what compose.yaml uses of the official image of Caddy: caddy and wget."""
    _copy(BIN / "caddy", root / "usr/bin/caddy")
    _libraries(root, _programs(root, ("sh", "cat", "wget")))
    return _system(root)


def systemd_layer(root: Path) -> Path:
    """Fills an empty folder with what systemd needs to start and to supervise a service, to be laid over an image."""
    own = Path(_SYSTEMD)
    if not (own / "systemd").exists():
        pytest.skip("NOT TESTED: this machine has no systemd")
    programs = [
        own / name for name in ("systemd", "systemd-executor", "systemd-journald") if (own / name).exists()
    ]
    for program in programs:
        _copy(program, root / program.relative_to("/"))
    for name in _UNITS:
        _copy(own / "system" / name, root / _SYSTEMD.lstrip("/") / "system" / name)
    for name in ("systemd-journald.service", "systemd-journald.socket", "systemd-journald-dev-log.socket"):
        wanted = root / _SYSTEMD.lstrip("/") / "system/basic.target.wants" / name
        wanted.parent.mkdir(exist_ok=True)
        wanted.symlink_to(f"../{name}")
    names = ("cat", "journalctl", "mount", "systemctl")
    _libraries(root, [*programs, *_programs(root, names)])
    (root / "lib/systemd").symlink_to(_SYSTEMD)  # the units themselves name it so
    return root


def _programs(root: Path, names: Iterable[str]) -> list[Path]:
    found = [Path(of_the_machine(name)).resolve() for name in names]
    for name, program in zip(names, found, strict=True):
        _copy(program, root / "usr/bin" / name)
    return found


def _libraries(root: Path, files: Iterable[Path]) -> None:
    """Copies the shared libraries of the files, and those that wheels ask for, to the same places."""
    done = subprocess.run([of_the_machine("ldd"), *files], capture_output=True, text=True, check=False)
    named = {Path(path) for path in re.findall(r"(?:=> |^\s)(/\S+) \(0x", done.stdout, re.MULTILINE)}
    [libc] = [path for path in named if path.name == "libc.so.6"]
    for path in named | {libc.parent / name for name in _BY_WHEELS}:
        # Libraries of a Python with a prefix of its own go where the loader looks anyway.
        place = (
            path
            if path.parts[1].startswith("lib") or path.is_relative_to("/usr/lib")
            else libc.parent / path.name
        )
        _copy(path.resolve(), root / place.relative_to("/"))


def _system(root: Path) -> Path:
    _copy(_TRUST, root / _TRUST.relative_to("/"))
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\n")
    (root / "bin").symlink_to("usr/bin")
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    return root


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
