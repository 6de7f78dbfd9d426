"""The programs that the tests of deploy/ run."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
PINNED = ("caddy", "check-jsonschema", "hadolint", "kubernetes-validate", "podman-compose")
"""Come with tests/deploy/requirements.txt, in the environment that runs the tests, and from nowhere else."""


def missing(names: tuple[str, ...]) -> list[str]:
    """Those of the pinned programs that this environment does not have."""
    return [name for name in names if not (BIN / name).exists()]


def pinned(name: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a pinned program to its end, with no environment but the one given."""
    return subprocess.run(
        [BIN / name, *map(str, arguments)],
        env={"PATH": f"{BIN}:/usr/bin:/bin"} | environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def of_the_machine(name: str) -> str:
    """The path of a program of this machine; skips the test, loudly, where there is none."""
    return shutil.which(name) or pytest.skip(f"NOT TESTED: this machine has no {name}")


def documents(file: Path) -> list[Any]:
    """The documents of a YAML file."""
    yaml = pytest.importorskip("yaml", reason="NOT TESTED: this environment has no yaml")
    return list(yaml.safe_load_all(file.read_text(encoding="utf-8")))
