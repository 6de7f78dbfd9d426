"""`python -m bot` as processes, without a network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.texts import catalogue

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
