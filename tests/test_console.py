"""The chat in the terminal: what it draws, which updates it makes, how it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.console import chat, device_language
from bot.drawing import Markup, MarkupError
from bot.terminal import ConsoleRequest

SENTENCE = "Қазақстанда биыл жаңа кітапханалар ашылады."
MENU = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Мақалалар", callback_data="articles"),
            InlineKeyboardButton("Сайт", url="https://example.kz/a"),
        ],
        [InlineKeyboardButton("Көшіру", copy_text=CopyTextButton("дәл сөз"))],
    ]
)


def screen(*, width: int = 60, terminal: bool = False) -> Console:
    return Console(
        file=StringIO(),
        width=width,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        _environ={},  # what is drawn does not depend on where the tests run
    )


def written(console: Console) -> str:
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


class Conversation:
    """A small bot behind a console: /menu has buttons, a press or a word changes a message, the rest echoes."""

    def __init__(self, *, width: int = 60, terminal: bool = False) -> None:
        self.request = ConsoleRequest(screen(width=width, terminal=terminal))
        builder = Application.builder().token("0:console").request(self.request)
        self.application = builder.get_updates_request(self.request).build()
        self.application.add_handler(CommandHandler("menu", self.on_menu))
        self.application.add_handler(MessageHandler(filters.TEXT, self.on_text))
        self.application.add_handler(CallbackQueryHandler(self.on_press))
        self.application.add_error_handler(self.on_error)
        self.updates: list[Any] = []
        self.errors: list[Any] = []

    def __call__(self, *lines: str, language: str = "") -> str:
        start = len(self.output)
        chat(self.application, self.request, lines, language)
        return self.output[start:]

    @property
    def output(self) -> str:
        return written(self.request.screen)

    async def on_menu(self, update, _context):
        self.updates.append(update)
        await update.message.reply_html("<b>Мәзір</b>", reply_markup=MENU)

    async def on_text(self, update, _context):
        self.updates.append(update)
        await update.message.reply_text(f"= {update.message.text}")

    async def on_press(self, update, _context):
        self.updates.append(update)
        await update.callback_query.answer("дайын")
        await update.callback_query.edit_message_text("Тізім", reply_markup=MENU)

    async def on_error(self, _update, context):
        self.errors.append(context.error)


def drawn(html: str, *, width: int = 60, terminal: bool = False) -> str:
    conversation = Conversation(width=width, terminal=terminal)

    async def reply(update, _context):
        await update.message.reply_html(html)

    conversation.application.add_handler(CommandHandler("draw", reply), group=-1)
    output = conversation("/draw").partition("\n\n= /draw")[0]
    assert not conversation.errors
    return output


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        ("<b>сөз</b>", "1"),
        ("<strong>сөз</strong>", "1"),
        ("<i>сөз</i>", "3"),
        ("<em>сөз</em>", "3"),
        ("<u>сөз</u>", "4"),
        ("<ins>сөз</ins>", "4"),
        ("<s>сөз</s>", "9"),
        ("<strike>сөз</strike>", "9"),
        ("<del>сөз</del>", "9"),
        ("<code>сөз</code>", "36"),
        ("<pre>сөз</pre>", "36"),
        ("<tg-spoiler>сөз</tg-spoiler>", "2"),
        ('<span class="tg-spoiler">сөз</span>', "2"),
        ("<b><i>сөз</i></b>", "1;3"),
    ],
)
def test_a_terminal_shows_each_kind_of_text_as_what_it_is(html, codes):
    assert drawn(html, terminal=True) == f"\x1b[{codes}mсөз\x1b[0m"
    assert drawn(html) == "сөз"


@pytest.mark.parametrize("html", ['<tg-emoji emoji-id="1">👍</tg-emoji>', '<tg-time unix="1">👍</tg-time>'])
def test_an_emoji_and_a_time_are_drawn_as_their_text(html):
    assert drawn(html) == "👍"


def test_a_terminal_hides_the_url_in_the_link():
    line = drawn('<a href="https://example.kz/?a=1&amp;b=2">дереккөз</a>', terminal=True)
    assert ";https://example.kz/?a=1&b=2\x1b\\" in line
    assert "(" not in line


def test_a_pipe_shows_the_url_behind_the_link():
    assert (
        drawn('<a href="https://example.kz/?a=1&amp;b=2">дереккөз</a>.')
        == "дереккөз (https://example.kz/?a=1&b=2)."
    )


def test_a_url_that_is_its_own_text_is_shown_once():
    assert drawn('<a href="https://example.kz">https://example.kz</a>') == "https://example.kz"


@pytest.mark.parametrize("tag", ["blockquote", "blockquote expandable"])
def test_every_line_of_a_quote_has_a_bar_and_fits_the_screen(tag):
    html = f"Дәйек:\n<{tag}>{SENTENCE}\n\n{SENTENCE}</blockquote>\nСоңы"
    first, *quote, last = drawn(html, width=24).splitlines()
    assert (first, last) == ("Дәйек:", "Соңы")
    assert all(line.startswith("│") and cell_len(line) <= 24 for line in quote)
    words = " ".join(line.removeprefix("│").strip() for line in quote)
    assert words.split() == f"{SENTENCE} {SENTENCE}".split()


@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
def test_two_quotes_in_a_row_stay_two(between):
    html = f"<blockquote>бір</blockquote>{between}<blockquote>екі</blockquote>"
    assert drawn(html) == "│ бір\n\n│ екі"


def test_an_empty_line_before_a_quote_stays():
    assert drawn("бір\n\n<blockquote>екі</blockquote>\n\nүш") == "бір\n\n│ екі\n\nүш"


def test_text_wraps_between_words_and_a_long_word_anywhere():
    lines = drawn(f"{SENTENCE} {'ә' * 50}", width=20).splitlines()
    assert all(cell_len(line) <= 20 for line in lines)
    assert "".join(lines).count("ә") == 50
    assert lines[0] == "Қазақстанда биыл"


def test_what_looks_like_rich_markup_is_text():
    assert (
        drawn("[bold red]x[/] [/] :smile: [link=x]y", terminal=True) == "[bold red]x[/] [/] :smile: [link=x]y"
    )


def test_control_characters_reach_no_terminal():
    hostile = "a\x1b[31mb\x00\x07\x08\x7f\x9b2Jc\u202ed\u2028\ud800"
    output = drawn(f'<blockquote>{hostile}</blockquote><a href="https://x.kz/\x1b]0;t\x07">&#27;[2J s</a>')
    assert not set(output) & {
        chr(code) for code in (*range(10), *range(11, 32), *range(127, 160), 0x202E, 0x2028)
    }
    assert "[31mb" in output


def test_references_telegram_does_not_know_are_text():
    assert drawn("&lt;b&gt; &amp;amp; &copy; AT&T &#1240; &notit;") == "<b> &amp; &copy; AT&T Ә &notit;"


@pytest.mark.parametrize(
    "html",
    ["<p>x</p>", "<b>x", "x</b>", "<b><i>x</b></i>", "<span>x</span>", "<!-- x -->", "<!DOCTYPE x>", "<?x>"],
)
def test_html_telegram_would_refuse_is_refused(html):
    with pytest.raises(MarkupError):
        Markup(html, hyperlinks=False)


def test_buttons_are_numbered_over_the_whole_chat_one_row_a_line():
    talk = Conversation()
    assert talk("/menu", "/menu").splitlines() == [
        "Мәзір",
        "[1] Мақалалар  [2] Сайт ↗",
        "[3] Көшіру ⧉",
        "",
        "Мәзір",
        "[4] Мақалалар  [5] Сайт ↗",
        "[6] Көшіру ⧉",
        "",
    ]


def test_a_number_presses_its_button_and_the_message_is_redrawn():
    talk = Conversation()
    output = talk("/menu", " 1 ")
    query = talk.updates[-1].callback_query
    assert (query.data, query.message.text, query.message.from_user.is_bot) == ("articles", "Мәзір", True)
    assert query.message.reply_markup == MENU
    assert output.endswith("ⓘ дайын\n\nТізім\n[1] Мақалалар  [2] Сайт ↗\n[3] Көшіру ⧉\n\n")


def test_buttons_of_an_old_message_keep_working():
    talk = Conversation()
    talk("/menu", "/menu", "сұрақ", "1")
    assert talk.updates[-1].callback_query.message.message_id == talk.updates[0].message.message_id + 1


def test_url_and_copy_buttons_draw_what_they_hold():
    talk = Conversation()
    assert talk("/menu", "2", "3").endswith("⧉\n\nhttps://example.kz/a\n\nдәл сөз\n\n")
    assert len(talk.updates) == 1


@pytest.mark.parametrize("number", ["4", "0", "01", "-1", "²", "9" * 5000, "1 2"])
def test_a_number_without_a_button_is_a_message(number):
    talk = Conversation()
    talk("/menu", number)
    assert talk.updates[-1].message.text == number


def test_an_edit_that_changes_nothing_is_refused_as_telegram_would():
    talk = Conversation()
    talk("/menu", "1", "1")
    assert [type(error) for error in talk.errors] == [BadRequest]
    assert "essage is not modified: " in talk.errors[0].message


@pytest.fixture
async def bot():
    request = ConsoleRequest(screen())
    application = (
        Application.builder().token("0:console").request(request).get_updates_request(request).build()
    )
    async with application.bot as bot:
        yield bot


def shown(bot: Any) -> str:
    return written(bot.request.screen)


async def test_the_bot_has_a_name(bot):
    assert bot.username == "dayek_console_bot"


async def test_a_message_comes_back_as_its_visible_text(bot):
    message = await bot.send_message(
        1, "<b>Сәлем</b> &amp; <a href='https://x.kz'>сілтеме</a>\n", parse_mode="HTML"
    )
    assert (message.text, message.chat_id) == ("Сәлем & сілтеме", 1)
    assert message.from_user is not None
    assert message.from_user.is_bot


async def test_without_a_parse_mode_tags_are_text(bot):
    await bot.send_message(1, "<b>x</b> &amp;")
    assert shown(bot) == "<b>x</b> &amp;\n\n"


async def test_an_edit_of_the_keyboard_redraws_the_message_and_keeps_its_text(bot):
    message = await bot.send_message(1, "мәтін")
    edited = await message.edit_reply_markup(MENU)
    assert (edited.text, edited.reply_markup) == ("мәтін", MENU)
    assert (await edited.edit_text("жаңа")).reply_markup is None
    assert shown(bot) == "мәтін\n\nмәтін\n[1] Мақалалар  [2] Сайт ↗\n[3] Көшіру ⧉\n\nжаңа\n\n"


async def test_a_deleted_message_is_gone_and_so_are_its_buttons(bot):
    message = await bot.send_message(1, "мәтін", reply_markup=MENU)
    assert bot.request.button("1") is not None
    assert await message.delete()
    assert bot.request.button("1") is None
    with pytest.raises(BadRequest, match=r"(?i)^message to edit not found$"):
        await message.edit_text("жаңа")
    with pytest.raises(BadRequest, match=r"(?i)^message to delete not found$"):
        await message.delete()


@pytest.mark.parametrize(
    ("text", "reason"),
    [(" \n", "text is empty"), ("ә" * 4097, "is too long"), ("<p>x</p>", "parse entities")],
)
async def test_a_text_telegram_would_refuse_is_refused(bot, text, reason):
    with pytest.raises(BadRequest, match=reason):
        await bot.send_message(1, text, parse_mode="HTML")
    assert shown(bot) == ""


async def test_calls_without_anything_to_see_draw_nothing(bot):
    assert await bot.set_my_commands([("start", "бастау")])
    assert await bot.send_chat_action(1, "typing")
    assert shown(bot) == ""


def test_a_command_at_the_start_of_a_line_is_marked_as_one():
    talk = Conversation()
    talk("/menu", "/menu@dayek_console_bot x", "/old x", "/usr/bin", "/сөз", "a /menu")
    commands = [update.message.parse_entities(["bot_command"]).values() for update in talk.updates]
    assert [list(found) for found in commands] == [
        ["/menu"],
        ["/menu@dayek_console_bot"],
        ["/old"],
        [],
        [],
        [],
    ]


def test_empty_lines_are_skipped():
    talk = Conversation()
    assert talk("", "  \n", "\x00\r\n", "сұрақ\n") == "= сұрақ\n\n"


def test_a_line_that_cannot_be_encoded_is_a_message_all_the_same():
    talk = Conversation()
    assert talk("сұ\ud83dрақ\x00\x1b[2J") == "= сұ\N{REPLACEMENT CHARACTER}рақ  [2J\n\n"


def test_the_reader_has_the_language_given():
    talk = Conversation()
    talk("сұрақ", language="kk")
    talk("сұрақ", language="")
    assert [update.effective_user.language_code for update in talk.updates] == ["kk", None]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "en_US"}, "en"),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "en_US", "LC_ALL": "kk_KZ.UTF-8"}, "kk"),
        ({"LANG": "ru", "LC_ALL": ""}, "ru"),
        ({"LANG": "sr@latin"}, "sr"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, ""),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "POSIX"}, ""),
        ({}, ""),
    ],
)
def test_the_language_is_the_one_of_the_environment(monkeypatch, environment, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert device_language() == language


def test_an_answer_that_comes_later_is_drawn_before_the_next_line_is_read():
    talk = Conversation()
    order: list[bool] = []

    async def slow(update, _context):
        talk.application.create_task(update.message.reply_text("кейінірек"))

    def lines() -> Iterator[str]:
        yield "a"
        order.append("кейінірек" in talk.output)

    talk.application.add_handler(MessageHandler(filters.TEXT, slow, block=False), group=1)
    chat(talk.application, talk.request, lines())
    assert order == [True]


@pytest.mark.parametrize("leave", [None, KeyboardInterrupt])
def test_the_application_starts_and_shuts_down_with_the_chat(leave):
    talk = Conversation()
    seen: list[Any] = []

    async def note(application):
        seen.append((application.running, application.bot.username))

    def lines() -> Iterator[str]:
        yield "сұрақ"
        seen.append(talk.application.running)
        if leave:
            raise leave

    talk.application.post_init = talk.application.post_shutdown = note
    chat(talk.application, talk.request, lines())
    assert seen == [(False, "dayek_console_bot"), True, (False, "dayek_console_bot")]


def test_an_error_of_the_start_shuts_down_and_reaches_the_caller():
    talk = Conversation()

    async def fail(_application):
        raise OSError("no")

    talk.application.post_init = fail
    with pytest.raises(OSError, match="no"):
        talk("сұрақ")
    assert talk.output == ""
    assert not talk.application.running


SCRIPT = """
from telegram.ext import Application, MessageHandler, filters
from bot.console import chat
from bot.terminal import ConsoleRequest

async def echo(update, _context):
    await update.message.reply_html(f"<b>{update.effective_user.language_code}</b> {update.message.text}")

request = ConsoleRequest()
application = Application.builder().token("0:console").request(request).get_updates_request(request).build()
application.add_handler(MessageHandler(filters.TEXT, echo))
chat(application, request)
"""


PROMPT = "› ".encode()


def process(*, locale: str = "kk_KZ.UTF-8", **streams: Any) -> Any:
    forced = {"FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR"}
    environment = {name: value for name, value in os.environ.items() if name not in forced}
    environment |= {"LC_ALL": locale, "PYTHONUTF8": "1", "COLUMNS": "20", "TERM": "xterm"}
    command = [sys.executable, "-W", "error", "-c", SCRIPT]
    return subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[1], **streams)


def test_a_pipe_gets_one_plain_answer_a_line_and_nothing_else():
    long = " ".join(["сөз"] * 40)
    with process(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        output, errors = run.communicate(f"бір\n\n{long}\n".encode() + b"\xff\xd2\n\x00e\x1b\nlast")
    assert (run.returncode, errors) == (0, b"")
    one, wrapped, broken, control, last, end = output.decode().split("\n\n")
    assert (one, broken, control, last, end) == ("kk бір", "kk \ufffd\ufffd", "kk e", "kk last", "")
    assert [len(line) for line in wrapped.splitlines()] == [98, 63]


def test_an_answer_is_flushed_before_the_next_question():
    with process(stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        for question in ("бір", "екі"):
            run.stdin.write(f"{question}\n".encode())
            run.stdin.flush()
            assert run.stdout.readline().decode() == f"kk {question}\n"
            assert run.stdout.readline() == b"\n"
        run.stdin.close()
    assert run.returncode == 0


def test_a_reader_who_leaves_ends_the_chat_quietly():
    with process(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.close()
        run.stdin.write(b"a\n")
        run.stdin.flush()
        assert run.wait() == 0  # without the end of its input
        assert run.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix")
@pytest.mark.parametrize("interrupt", [False, True])
@pytest.mark.parametrize("locale", ["kk_KZ.UTF-8", "C.UTF-8", "C"])
def test_a_terminal_is_greeted_and_prompted_until_ctrl_d_or_ctrl_c(locale, interrupt):
    import pty  # noqa: PLC0415 -- does not exist on Windows

    ours, theirs = pty.openpty()
    with process(locale=locale, stdin=theirs, stdout=theirs, stderr=theirs) as run:
        os.close(theirs)
        output = b""
        for prompts in (1, 2):
            while output.count(PROMPT) < prompts:
                output += os.read(ours, 1024)
            if prompts == 1:
                os.write(ours, "сұрақ\n".encode())
        if interrupt:
            run.send_signal(signal.SIGINT)
            os.write(ours, b"\n")  # Python may see the signal only with the next key
        else:
            os.write(ours, b"\x04")
        assert run.wait() == 0
    os.close(ours)
    greeting, answer, *_ = output.decode().split(PROMPT.decode())
    assert greeting.endswith("\x1b[0m /start\r\n\r\n")
    assert "\x1b[0m сұрақ\r\n\r\n" in answer
