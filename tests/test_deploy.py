import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import DEFAULTS, NAMES, SECRETS, load

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "dayek.service").read_text(encoding="utf-8")
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
EXAMPLE = (DEPLOY / "environment.example").read_text(encoding="utf-8")

EXPOSURE = 15  # tenths of a point, as systemd-analyze counts; an unhardened service has 96


def directives(section: str) -> list[tuple[str, str]]:
    """The NAME=value lines of a section of the unit, in order; a name may come more than once."""
    body = UNIT.partition(f"[{section}]\n")[2].partition("\n[")[0]
    lines = [line for line in body.splitlines() if line and not line.startswith("#")]
    assert all("=" in line for line in lines)
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]


SERVICE = dict(directives("Service"))
GIVEN = dict(value.split("=", 1) for name, value in directives("Service") if name == "Environment")


def test_the_unit_has_its_three_sections_and_starts_with_the_machine():
    assert re.findall(r"^\[(\w+)\]$", UNIT, re.MULTILINE) == ["Unit", "Service", "Install"]
    assert directives("Install") == [("WantedBy", "multi-user.target")]


@pytest.mark.parametrize("line", [f"{name}={value}" for name, value in directives("Service")])
def test_every_line_of_the_service_says_why_in_a_comment_above_it(line):
    lines = UNIT.splitlines()

    assert re.match(r"# \S.{15,}[.,]$", lines[lines.index(line) - 1])


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_the_variables_that_the_unit_sets_are_settings(name):
    assert name in NAMES


def test_the_token_comes_as_a_credential_and_is_nowhere_in_the_environment():
    name, _, _path = SERVICE["LoadCredential"].partition(":")

    assert GIVEN["TELEGRAM_BOT_TOKEN_FILE"] == f"%d/{name}"
    assert not set(SECRETS) & set(GIVEN)
    assert not re.search(rf"^#?({'|'.join(SECRETS)})=", EXAMPLE, re.MULTILINE)


def test_the_database_lies_in_the_only_folder_that_can_be_written():
    assert Path(GIVEN["DATABASE"]).parent == Path("/var/lib") / SERVICE["StateDirectory"]


def test_the_command_is_the_polling_bot_of_the_checkout():
    python, *arguments = SERVICE["ExecStart"].split()

    assert python == f"{SERVICE['WorkingDirectory']}/.venv/bin/python"
    assert arguments == ["-m", "bot", "polling"]


@pytest.mark.skipif(
    not (ROOT / "bot" / "__main__.py").exists(), reason="NOT TESTED: there is no bot/__main__.py"
)
@pytest.mark.parametrize(
    "environ",
    [{"PORT": "none", "TELEGRAM_BOT_TOKEN": "1" * 9 + ":" + "A" * 35}, {"TELEGRAM_BOT_TOKEN": "wrong"}, {}],
    ids=["a wrong port", "a wrong token", "no token"],
)
def test_wrong_settings_end_the_command_with_a_status_that_is_not_restarted(environ, tmp_path):
    quiet = {name: value for name, value in os.environ.items() if name not in NAMES}
    database = {"DATABASE": str(tmp_path / "bot.db")}
    command = [sys.executable, *SERVICE["ExecStart"].split()[1:]]

    done = subprocess.run(
        command, cwd=ROOT, env=quiet | database | environ, capture_output=True, timeout=60, check=False
    )

    assert str(done.returncode) in SERVICE["RestartPreventExitStatus"].split(), done.stderr.decode()


@pytest.mark.parametrize("off", ["", "#"], ids=["as it is", "with every line in force"])
def test_the_example_environment_is_accepted(off, tmp_path):
    lines = re.findall(rf"^{off}?([A-Z_]+)=(.*)$" if off else r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE)

    settings = load({**dict(lines), "ARTICLES": str(tmp_path)})

    assert lines
    assert {name for name, _ in lines} <= set(DEFAULTS)
    assert settings.log_level == "INFO"


@pytest.mark.parametrize(
    "name", ["/opt/dayek", "/etc/dayek/environment", "/etc/dayek/token", "/var/lib/dayek"]
)
def test_the_steps_and_the_unit_speak_of_the_same_places(name):
    assert name in README
    assert name in UNIT


def test_the_steps_install_exactly_what_is_pinned():
    installs = [line for line in README.splitlines() if "pip install" in line]

    assert installs
    assert all(
        "--require-hashes" in line and line.endswith("-r deploy/requirements.txt") for line in installs
    )
    assert (DEPLOY / "requirements.txt").exists()


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="NOT TESTED: the unit, as systemd-analyze is missing"
)
@pytest.mark.parametrize(
    "check",
    [["verify"], ["security", "--offline=true", f"--threshold={EXPOSURE}"]],
    ids=["verify", "security"],
)
def test_systemd_accepts_the_unit_and_finds_it_hardened(check, tmp_path):
    unit = tmp_path / "dayek.service"
    # The command has to exist where systemd looks at it, and here it is not installed.
    unit.write_text(UNIT.replace(SERVICE["ExecStart"].split()[0], sys.executable), encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", *check, unit], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "dayek.service:" not in done.stderr
