"""The files of deploy/ as far as this needs no tool of theirs; tests/deploy/ runs them for real."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # it comes without types

from bot.settings import DEFAULTS, NAMES, SECRETS, load

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = {unit.stem: unit.read_text(encoding="utf-8") for unit in sorted(DEPLOY.glob("*.service"))}
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
EXAMPLE = (DEPLOY / "environment.example").read_text(encoding="utf-8")
NOT_OF_THE_BOT = {"DOMAIN", "BOT", "ARTICLES_FOLDER"}  # for Caddy and for compose

EXPOSURE = 15  # tenths of a point, as systemd-analyze counts; an unhardened service has 96
LONGEST_STOP = 8  # seconds that the bot gives to answers under way


def directives(unit: str, section: str) -> list[tuple[str, str]]:
    """The NAME=value lines of a section of a unit, in order; a name may come more than once."""
    body = UNITS[unit].partition(f"[{section}]\n")[2].partition("\n[")[0]
    lines = [line for line in body.splitlines() if line and not line.startswith("#")]
    assert all("=" in line for line in lines)
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]


def given(unit: str) -> dict[str, str]:
    """The variables that a unit sets."""
    return dict(value.split("=", 1) for name, value in directives(unit, "Service") if name == "Environment")


SERVICES = {unit: dict(directives(unit, "Service")) for unit in UNITS}
EVERY_UNIT = pytest.mark.parametrize("unit", UNITS)
EVERY_LINE = [(unit, f"{name}={value}") for unit in UNITS for name, value in directives(unit, "Service")]


def test_there_is_a_unit_for_each_way_to_reach_telegram():
    commands = {unit: service["ExecStart"].split()[1:] for unit, service in SERVICES.items()}

    assert commands == {"dayek": ["-m", "bot", "polling"], "dayek-webhook": ["-m", "bot", "webhook"]}


@EVERY_UNIT
def test_a_unit_has_its_three_sections_and_starts_with_the_machine(unit):
    assert re.findall(r"^\[(\w+)\]$", UNITS[unit], re.MULTILINE) == ["Unit", "Service", "Install"]
    assert directives(unit, "Install") == [("WantedBy", "multi-user.target")]


@pytest.mark.parametrize(("unit", "line"), EVERY_LINE)
def test_every_line_of_a_service_says_why_in_a_comment_above_it(unit, line):
    lines = UNITS[unit].splitlines()

    assert re.match(r"# \S.{15,}[.,]$", lines[lines.index(line) - 1])


def test_the_two_units_differ_only_in_what_the_webhook_needs():
    polling, webhook = (set(directives(unit, "Service")) for unit in ("dayek", "dayek-webhook"))

    assert {name for name, _ in polling ^ webhook} == {"ExecStart", "LoadCredential", "Environment"}
    assert {value for name, value in webhook - polling if name != "ExecStart"} == {
        "webhook-secret:/etc/dayek/webhook-secret",
        "WEBHOOK_SECRET_FILE=%d/webhook-secret",
    }


def test_starting_one_unit_stops_the_other_first():
    assert ("Conflicts", "dayek.service") in directives("dayek-webhook", "Unit")
    assert ("After", "dayek.service") in directives("dayek-webhook", "Unit")


@EVERY_UNIT
def test_a_unit_gets_longer_to_stop_than_the_bot_takes(unit):
    assert int(SERVICES[unit]["TimeoutStopSec"]) >= LONGEST_STOP + 5


@EVERY_UNIT
def test_nothing_may_listen_but_on_the_port_of_the_settings(unit):
    allowed = [value for name, value in directives(unit, "Service") if name.startswith("SocketBind")]

    assert allowed == ["any", f"tcp:{DEFAULTS['PORT']}"]


@EVERY_UNIT
def test_a_unit_may_call_any_address_of_the_internet_as_feeds_and_links_lead_everywhere(unit):
    names = {name for name, _ in directives(unit, "Service")}

    assert {"AF_INET", "AF_INET6"} <= set(SERVICES[unit]["RestrictAddressFamilies"].split())
    assert not names & {"IPAddressDeny", "PrivateNetwork", "RestrictNetworkInterfaces"}


@EVERY_UNIT
def test_the_variables_that_a_unit_sets_are_settings(unit):
    assert set(given(unit)) <= set(NAMES)


@EVERY_UNIT
def test_the_secrets_come_as_credentials_and_are_nowhere_in_the_environment(unit):
    credentials = [
        value.partition(":")[0] for name, value in directives(unit, "Service") if name == "LoadCredential"
    ]
    files = {name: value for name, value in given(unit).items() if name.endswith("_FILE")}

    assert list(files.values()) == [f"%d/{name}" for name in credentials]
    assert "TELEGRAM_BOT_TOKEN_FILE" in files
    assert not set(SECRETS) & set(given(unit))
    assert not re.search(rf"^#?({'|'.join(SECRETS)})=", EXAMPLE, re.MULTILINE)


@EVERY_UNIT
def test_the_database_lies_in_the_only_folder_that_can_be_written(unit):
    assert Path(given(unit)["DATABASE"]).parent == Path("/var/lib") / SERVICES[unit]["StateDirectory"]


@EVERY_UNIT
def test_the_python_is_that_of_the_checkout(unit):
    service = SERVICES[unit]

    assert service["ExecStart"].split()[0] == f"{service['WorkingDirectory']}/.venv/bin/python"


@EVERY_UNIT
@pytest.mark.parametrize(
    "environ",
    [{"PORT": "none", "TELEGRAM_BOT_TOKEN": "1" * 9 + ":" + "A" * 35}, {"TELEGRAM_BOT_TOKEN": "wrong"}, {}],
    ids=["a wrong port", "a wrong token", "no token"],
)
def test_wrong_settings_end_the_command_with_a_status_that_is_not_restarted(environ, unit, tmp_path):
    quiet = {name: value for name, value in os.environ.items() if name not in NAMES}
    database = {"DATABASE": str(tmp_path / "bot.db")}
    command = [sys.executable, *SERVICES[unit]["ExecStart"].split()[1:]]

    done = subprocess.run(
        command, cwd=ROOT, env=quiet | database | environ, capture_output=True, timeout=60, check=False
    )

    assert str(done.returncode) in SERVICES[unit]["RestartPreventExitStatus"].split(), done.stderr.decode()


def sourced(text: str, folder: Path) -> dict[str, str]:
    """The variables of an environment file as a shell reads it, which is how deploy/dayek does."""
    file = folder / "environment"
    file.write_text(text, encoding="utf-8")
    command = ["sh", "-euc", 'set -a; . "$1"; exec env -0', "sh", str(file)]
    done = subprocess.run(
        command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True
    )
    given = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
    return {name: given[name] for name in re.findall(r"^([A-Z_]+)=", text, re.MULTILINE)}


@pytest.mark.parametrize("off", ["", "#"], ids=["as it is", "with every line in force"])
def test_the_example_environment_is_accepted(off, tmp_path):
    lines = sourced(re.sub(rf"^{off}(?=[A-Z_]+=)", "", EXAMPLE, flags=re.MULTILINE), tmp_path)

    own = tmp_path / "glossary.tsv"
    own.write_text("көкпаршы\tкокпарист\tkokpar player\tsport\n", encoding="utf-8")
    settings = load(
        lines | {"ARTICLES": str(tmp_path)} | ({"GLOSSARY": str(own)} if "GLOSSARY" in lines else {})
    )

    assert lines
    assert set(lines) <= set(DEFAULTS) | NOT_OF_THE_BOT
    assert settings.log_level == "INFO"
    assert len(settings.feeds) == (2 if off else 0)


def test_what_a_shell_or_compose_would_take_apart_stands_in_single_quotes_in_the_example():
    values = re.findall(r"^#?[A-Z_]+=(.*)$", EXAMPLE, re.MULTILINE)

    assert [value for value in values if re.search(r"[\s&$;\"]", value)] == [
        value for value in values if re.fullmatch(r"'[^']*'", value)
    ]


def test_every_setting_of_the_example_reaches_the_bot_in_a_container_or_a_pod():
    [compose] = yaml.safe_load_all((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")))
    [pod] = [one["data"] for one in documents if one["kind"] == "ConfigMap"]
    of_the_image = {"ARTICLES", "DATABASE", "HOST", "PORT"}

    assert set(DEFAULTS) - of_the_image <= set(compose["services"]["bot"]["environment"])
    assert set(DEFAULTS) - of_the_image - {"TELEGRAM_API_URL"} <= set(pod)


def test_the_example_environment_has_every_setting_but_the_place_of_the_database():
    assert set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)) == {*DEFAULTS, *NOT_OF_THE_BOT} - {
        "DATABASE"
    }


@pytest.mark.parametrize(
    "name",
    [
        "/opt/dayek",
        "/etc/dayek/environment",
        "/etc/dayek/token",
        "/etc/dayek/webhook-secret",
        "/var/lib/dayek",
    ],
)
def test_the_steps_the_units_and_the_operator_s_command_speak_of_the_same_places(name):
    assert name in README
    assert name in UNITS["dayek-webhook"]
    assert name in (DEPLOY / "dayek").read_text(encoding="utf-8")


def test_the_steps_name_every_file():
    own = {file.name for file in DEPLOY.iterdir()} - {"README.md"}

    assert {name for name in own if re.search(rf"deploy/{re.escape(name)}(?![\w.-])", README)} == own


def test_the_steps_install_exactly_what_is_pinned():
    installs = [line for line in README.splitlines() if "pip install" in line]

    assert installs
    assert all(
        "--require-hashes" in line and line.endswith("-r deploy/requirements.txt") for line in installs
    )
    assert (DEPLOY / "requirements.txt").exists()


def test_every_file_speaks_of_the_version_of_the_project():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    said = {
        file: re.findall(pattern, (DEPLOY / file).read_text(encoding="utf-8"))
        for file, pattern in (
            ("Dockerfile", r"VERSION=([\d.]+)"),
            ("compose.yaml", r"VERSION:-([\d.]+)\}"),
            ("kubernetes.yaml", r"image: dayek:(\S+)"),
        )
    }

    assert all(said.values())
    assert {one for versions in said.values() for one in versions} == {version}


@EVERY_UNIT
@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="NOT TESTED: the units, as systemd-analyze is missing"
)
@pytest.mark.parametrize(
    "check",
    [["verify"], ["security", "--offline=true", f"--threshold={EXPOSURE}"]],
    ids=["verify", "security"],
)
def test_systemd_accepts_a_unit_and_finds_it_hardened(check, unit, tmp_path):
    file = tmp_path / f"{unit}.service"
    # The command has to exist where systemd looks at it, and here it is not installed.
    file.write_text(
        UNITS[unit].replace(SERVICES[unit]["ExecStart"].split()[0], sys.executable), encoding="utf-8"
    )

    done = subprocess.run(
        ["systemd-analyze", *check, file], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{unit}.service:" not in done.stderr
