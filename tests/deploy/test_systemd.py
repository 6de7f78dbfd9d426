"""Both units under a real systemd, started as the steps of deploy/README.md say."""

import re
from pathlib import Path

import pytest

from tests.deploy.machine import at_work, booted, configure, install
from tests.deploy.running import SECRET
from tests.double import TOKEN

COMMAND = "/opt/dayek/deploy/dayek"
ENDED = ("ActiveState", "Result", "ExecMainStatus")


@pytest.fixture(scope="module", autouse=True)
def _installed(engine, image):
    install(engine, image)


@pytest.fixture
def settings(tmp_path, unused_tcp_port) -> Path:
    """The machine's /etc/dayek."""
    folder: Path = tmp_path / "etc"
    folder.mkdir()
    configure(folder, unused_tcp_port)
    return folder


async def test_the_webhook_unit_answers_and_hands_over_to_the_polling_unit(engine, settings, unused_tcp_port):
    async with at_work(engine, settings, unused_tcp_port) as (host, api):
        # As the steps say: so root makes the database, and the unit has to take it over.
        checked = await host.run(COMMAND, "bot", "check")
        await host.run("systemctl", "start", "dayek-webhook")
        await api.wait_for("setWebhook", 30)
        api.text("Мәжіліс төрағасы кім?")
        by_webhook = await api.wait_for("sendMessage", 20)

        await host.run("systemctl", "start", "dayek")
        webhook = await host.shown("dayek-webhook", *ENDED)
        removed = await host.run(COMMAND, "bot", "webhook", "--remove")
        api.text("Мәжіліс төрағасы кім?")
        by_polling = await api.wait_for("sendMessage", 60)
        owners = await host.owners()
        await host.run("systemctl", "stop", "dayek")
        polling = await host.shown("dayek", *ENDED)

    assert "Telegram knows the bot as @" in checked
    assert by_webhook.result["text"] == by_polling.result["text"]
    assert "Ерлан Қошанов" in by_polling.result["text"]
    assert webhook == polling == ["inactive", "success", "0"]
    assert removed.startswith("The webhook is removed")
    assert re.fullmatch(r"[1-9]\d+ 600", owners)


async def test_the_running_unit_has_no_rights_and_no_secret_in_its_environment(
    engine, settings, unused_tcp_port
):
    async with at_work(engine, settings, unused_tcp_port) as (host, api):
        await host.run("systemctl", "start", "dayek-webhook")
        await api.wait_for("setWebhook", 30)
        [process] = await host.shown("dayek-webhook", "MainPID")
        status = await host.run("cat", f"/proc/{process}/status")
        environment = (await host.run("cat", f"/proc/{process}/environ")).split("\0")
        mounted = await host.run("cat", f"/proc/{process}/mountinfo")
        log = await host.run("journalctl", "--unit=dayek-webhook", "--no-pager")

    fields = dict(line.split(":", 1) for line in status.splitlines())
    assert {fields[f"Cap{kind}"].strip() for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
    assert (fields["NoNewPrivs"].strip(), fields["Seccomp"].strip()) == ("1", "2")
    assert "0" not in fields["Uid"].split()
    assert [line.split()[5].split(",")[0] for line in mounted.splitlines() if line.split()[4] == "/"] == [
        "ro"
    ]
    assert "the webhook stands at" in log
    for text in (TOKEN, SECRET):
        assert text not in log
        assert all(text not in variable for variable in environment)


@pytest.mark.parametrize("unit", ["dayek", "dayek-webhook"])
async def test_a_unit_with_wrong_settings_stays_down_and_says_why(unit, engine, settings):
    with (settings / "environment").open("a", encoding="utf-8") as environment:
        environment.write("PORT=none\n")
    async with booted(engine, settings) as host:
        await host.run("systemctl", "start", unit)
        await host.run("sh", "-c", f"until systemctl is-failed {unit}; do :; done")
        ended = await host.shown(unit, *ENDED, "NRestarts")
        log = await host.run("journalctl", f"--unit={unit}", "--no-pager")

    assert ended == ["failed", "exit-code", "2", "0"]
    assert "PORT='none': is not a port." in log


async def test_a_unit_comes_back_after_a_kill_and_answers_what_came_meanwhile(
    engine, settings, unused_tcp_port
):
    async with at_work(engine, settings, unused_tcp_port) as (host, api):
        await host.run("systemctl", "start", "dayek-webhook")
        await api.wait_for("setWebhook", 30)
        await host.run("systemctl", "kill", "--signal=KILL", "dayek-webhook")
        api.text("Мәжіліс төрағасы кім?")
        answered = await api.wait_for("sendMessage", 60)
        [restarts] = await host.shown("dayek-webhook", "NRestarts")

    assert "Ерлан Қошанов" in answered.result["text"]
    assert restarts == "1"


async def test_the_running_unit_is_backed_up_and_restored_by_root_and_goes_on_as_its_user(
    engine, settings, unused_tcp_port
):
    async with at_work(engine, settings, unused_tcp_port) as (host, api):
        await host.run("systemctl", "start", "dayek-webhook")
        await api.wait_for("setWebhook", 30)
        before = await host.owners()
        backed_up = await host.run(COMMAND, "retrieval", "backup", "/tmp/backup.db")
        restored = await host.run(COMMAND, "retrieval", "restore", "/tmp/backup.db")
        inbox = await host.run(COMMAND, "bot", "inbox")
        await host.run("systemctl", "restart", "dayek-webhook")
        await api.wait_for("setWebhook", 30)
        api.text("Мәжіліс төрағасы кім?")
        answered = await api.wait_for("sendMessage", 20)
        after = await host.owners()

    assert "5 articles" in backed_up
    assert "5 articles" in restored
    assert inbox == "0 waiting, 0 set aside, 0 malformed\n"
    assert "Ерлан Қошанов" in answered.result["text"]
    assert before == after
    assert re.fullmatch(r"[1-9]\d+ 600", after)
