"""The README's sample output: `python -m tests.readme` runs the commands in it and writes what they print."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"```console\n(?P<body>.*?)```\n", re.DOTALL)


def commands(readme: str) -> list[str]:
    """The commands of the README's console blocks, in order."""
    return [line[2:] for block in _BLOCK.finditer(readme) for line in _commands(block["body"])]


def renewed(readme: str) -> str:
    """The README with the output of each console block as the commands print it now."""
    with tempfile.TemporaryDirectory() as folder:
        return _BLOCK.sub(lambda block: f"```console\n{_transcript(block['body'], folder)}```\n", readme)


def _commands(body: str) -> list[str]:
    return [line for line in body.splitlines() if line.startswith("$ ")]


def _transcript(body: str, folder: str) -> str:
    return "\n".join(f"{line}\n{_output(line[2:], folder)}" for line in _commands(body))


def _output(command: str, folder: str) -> str:
    environment = {"PATH": os.environ["PATH"], "DATABASE": f"{folder}/dayek.db", "COLUMNS": "100"}
    here = command.replace(".venv/bin/python", sys.executable)
    done = subprocess.run(
        here, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=True
    )  # fmt: skip
    return done.stdout.strip() + "\n"


if __name__ == "__main__":
    README.write_text(renewed(README.read_text("utf-8")), "utf-8")
