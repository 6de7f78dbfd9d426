"""`python -m bot` as processes, without a network."""

import asyncio
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.inbox import Inbox, Received
from bot.texts import catalogue
from bot.writer import Writer
from tests.double import TOKEN
from tests.running import ANSWER, QUESTION, at_work, environment, free_port, started

_ROOT = Path(__file__).parent.parent


def _run(tmp_path, *arguments, lines="", **environment):
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=lines, capture_output=True, text=True, encoding="utf-8", cwd=_ROOT, timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "DATABASE": str(tmp_path / "dayek.db"), **environment},
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [[], ["run"], ["chat"]])
def test_without_a_token_the_bot_chats_on_standard_input_and_output(tmp_path, arguments):
    done = _run(tmp_path, *arguments, lines="/sources\n1\nМәжіліс төрағасы кім?\n")
    assert done.returncode == 0
    assert "│ Мәжіліс төрағасы Ерлан Қошанов бастаған" in done.stdout
    assert "14 абзац" in done.stdout
    assert done.stderr == "seeds: 5 articles: 5 new\n"


def test_a_second_start_says_that_nothing_changed(tmp_path):
    _run(tmp_path, "chat")
    assert _run(tmp_path, "chat").stderr == "seeds: 5 articles: nothing changed\n"


def test_a_start_says_which_articles_are_new_changed_and_gone(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("Бірінші мақала осында.", encoding="utf-8")
    (folder / "b.txt").write_text("Екінші мақала осында.", encoding="utf-8")
    _run(tmp_path, "chat", ARTICLES=str(folder))
    (folder / "a.txt").write_text("Бірінші мақала өзгерді.", encoding="utf-8")
    (folder / "b.txt").unlink()
    (folder / "c.txt").write_text("Үшінші мақала осында.", encoding="utf-8")
    done = _run(tmp_path, "chat", ARTICLES=str(folder), lines="өзгерді\nекінші\n")
    assert done.stderr == f"{folder}: 2 articles: 1 new, 1 changed, 1 removed\n"
    assert "Бірінші мақала өзгерді." in done.stdout
    assert "Екінші мақала" not in done.stdout


def test_the_chat_speaks_the_language_of_the_terminal(tmp_path):
    assert _run(tmp_path, lines="/help\n", LANG="ru_RU.UTF-8").stdout.startswith(catalogue("ru").help[:30])


def test_a_folder_without_articles_is_named_and_the_bot_still_answers(tmp_path):
    (tmp_path / "empty").mkdir()
    done = _run(tmp_path, "chat", lines="Мектеп қашан ашылды?\n", ARTICLES=str(tmp_path / "empty"))
    assert "holds no article" in done.stderr
    assert done.stdout.startswith(catalogue("kk").not_found)


def test_wrong_settings_are_all_named_in_one_message_with_exit_2(tmp_path):
    done = _run(tmp_path, PORT="0", LOG_LEVEL="loud", ARTICLES="nowhere", TELEGRAM_BOT_TOKEN="abc")
    assert done.returncode == 2
    assert all(name in done.stderr for name in ("PORT", "LOG_LEVEL", "ARTICLES", "TELEGRAM_BOT_TOKEN"))
    assert "Traceback" not in done.stderr


def test_a_database_that_is_none_is_one_sentence_and_exit_1(tmp_path):
    (tmp_path / "dayek.db").write_text("no database" * 1000)
    done = _run(tmp_path, "chat")
    assert done.returncode == 1
    assert "the database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_prints_the_settings_and_opens_the_index(tmp_path):
    done = _run(tmp_path, "check", ADMINS="7")
    assert done.returncode == 0
    assert "ADMINS               7" in done.stdout
    assert "5 articles, 82 passages" in done.stdout


def test_check_hides_the_token_and_fails_where_telegram_cannot_be_reached(tmp_path, unused_tcp_port):
    token = "1234567:test-token-for-the-double-000000000"
    done = _run(
        tmp_path, "check", TELEGRAM_BOT_TOKEN=token, TELEGRAM_API_URL=f"http://127.0.0.1:{unused_tcp_port}"
    )
    assert done.returncode == 1
    assert "Telegram cannot be reached" in done.stderr
    assert token not in done.stdout + done.stderr


def test_without_any_standard_input_the_chat_ends_at_once(tmp_path):
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" -m bot chat <&-', sys.executable],
        capture_output=True, text=True, cwd=_ROOT, timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "DATABASE": str(tmp_path / "dayek.db")},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Runs a command in this process; returns its status, and what it wrote to standard output and error."""

    def run(*arguments, **settings):
        for name, value in {"DATABASE": str(tmp_path / "dayek.db"), **settings}.items():
            monkeypatch.setenv(name, value)
        status = main(list(arguments))
        written = capsys.readouterr()
        return status, written.out, written.err

    monkeypatch.setattr("bot.log.configure", lambda *_: None)  # it is for a whole process
    return run


async def _fill(path):
    body = '{"update_id": 1}'
    with closing(Writer(path)) as writer, closing(Inbox(path, writer)) as inbox:
        await inbox.put(
            Received(number, "message", 7, 7, body, 1_760_000_000.0 + number) for number in range(1, 5)
        )
        await inbox.set_aside(2, 5, "fault: ValueError: no")
        await inbox.set_aside(3, 1, "refused: BadRequest: chat not found")
        await inbox.put_malformed(b"xx", "JSONDecodeError: …")


def test_the_inbox_of_a_bot_that_has_never_run_is_one_sentence(command):
    status, out, err = command("inbox")
    assert (status, out) == (1, "")
    assert "there is no database yet" in err


def test_an_inbox_that_is_no_database_is_one_sentence(command, tmp_path):
    (tmp_path / "dayek.db").write_text("no database" * 1000)
    status, _, err = command("inbox")
    assert (status, len(err.splitlines())) == (1, 1)
    assert "the database cannot be used" in err


def test_the_inbox_lists_what_was_set_aside_with_its_error_and_what_was_no_update(command, tmp_path):
    asyncio.run(_fill(tmp_path / "dayek.db"))
    status, out, _ = command("inbox")
    first, *lines = out.splitlines()
    assert (status, first) == (0, "2 waiting, 2 set aside, 1 malformed")
    assert [line.split("  ")[0] for line in lines] == ["2", "3", "malformed 1"]
    assert lines[0].endswith("message  5 tries  fault: ValueError: no")
    assert lines[2].endswith("2 bytes  JSONDecodeError: …")


@pytest.mark.parametrize(
    ("which", "status", "said"),
    [
        ("2", 0, "1 sent round again"),
        ("all", 0, "2 sent round again"),
        ("1", 1, "0 sent round again"),  # it waits
        ("99999999999999999999999", 1, "0 sent round again"),
        ("-1", 1, "give a number"),
        ("٣", 0, "1 sent round again"),  # three, as some keyboards write it
        ("two", 1, "give a number from the list, or all"),
    ],
)
def test_retry_takes_a_number_or_all_and_says_how_many(command, tmp_path, which, status, said):
    asyncio.run(_fill(tmp_path / "dayek.db"))
    found, out, err = command("inbox", f"--retry={which}")
    assert (found, said in out + err) == (status, True)


async def test_a_running_bot_answers_what_is_sent_round_again(tmp_path, api, seeds_index):
    async with at_work(tmp_path, api, seeds_index, mode="polling") as service:
        api.fail_next(
            "sendMessage", status=400, description="Bad Request: not enough rights to send text messages"
        )
        number = api.text(QUESTION)
        assert (await api.wait_for("sendMessage")).result["text"] == catalogue("kk").error
        while not service.inbox.depth().aside:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
        async with started("inbox", "--retry", str(number), **environment(tmp_path)) as beside:
            assert await beside.ended() == (0, "1 sent round again; a running bot takes them within seconds")
        assert ANSWER in (await api.wait_for("sendMessage")).result["text"]


async def test_health_says_what_the_running_bot_says_of_itself(tmp_path, api, seeds_index):
    port = free_port()
    async with at_work(tmp_path, api, seeds_index, port) as service:
        await api.wait_for("getWebhookInfo")
        service.problems.append(lambda: "the moon is in the wrong house")
        async with started("health", PORT=str(port), HOST="0.0.0.0") as beside:
            assert await beside.ended() == (0, "the moon is in the wrong house")


def test_health_of_a_bot_that_does_not_run_is_one_sentence_and_exit_1(command):
    port = str(free_port())
    assert command("health", PORT=port) == (
        1, "", f"nothing answers at 127.0.0.1:{port} ([Errno 111] Connection refused)\n",
    )  # fmt: skip


async def test_webhook_remove_unregisters_and_what_is_pending_stays(tmp_path, api, bot):
    await bot.set_webhook("https://bot.example.org/telegram")
    api.text(QUESTION)
    async with started("webhook", "--remove", **environment(tmp_path, api)) as process:
        status, output = await process.ended()
    assert (status, TOKEN in output) == (0, False)
    assert (await bot.get_webhook_info()).url == ""
    assert (await bot.get_webhook_info()).pending_update_count == 1


def test_webhook_remove_says_where_telegram_cannot_be_reached_and_what_it_needs(command):
    status, _, err = command("webhook", "--remove")
    assert status == 1
    assert "@BotFather" in err
    url = f"http://127.0.0.1:{free_port()}"
    status, _, err = command("webhook", "--remove", TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=url)
    assert (status, f"Telegram cannot be reached at {url}" in err, TOKEN in err) == (1, True, False)


def test_the_chat_says_that_it_looks_at_no_feed(tmp_path):
    found = _run(tmp_path, "chat", FEEDS="https://example.org/rss")
    assert found.returncode == 0
    assert found.stderr.startswith("FEEDS: this chat looks at no feed")
