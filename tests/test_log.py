import asyncio
import gc
import logging
import sys
import threading
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.log import RedactingFormatter, configure, redact
from bot.settings import Secret

TOKEN = "123456789:AAFakefakefakefakefakefakefakefake_-0"
OTHER = "987654321:BBotherotherotherotherotherother_-1"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/getUpdates"


@pytest.fixture
def restored():
    """Logging, the hooks and the levels as they were before, once the test is over."""
    root = logging.getLogger()
    names = ("httpx", "httpcore", "apscheduler", "telegram.ext")
    levels = {name: logging.getLogger(name).level for name in (None, *names)}
    handlers = root.handlers[:]
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def logged(restored, capsys):  # noqa: ARG001 - a fixture cannot be marked with usefixtures
    """What has gone to standard error since the last call, with everything from DEBUG on."""
    configure("DEBUG", [Secret(TOKEN)])
    return lambda: capsys.readouterr().err


def test_every_secret_is_replaced_wherever_it_stands():
    secrets = [Secret(TOKEN), Secret("hook")]

    assert redact(f"<{TOKEN}{TOKEN}> hookhook", secrets) == "<••••••> ••••••"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"GET https://api.telegram.org/bot{OTHER}/getMe", "GET https://api.telegram.org/bot•••/getMe"),
        ("https://host/file/bot12:ab/photo.jpg", "https://host/file/bot•••/photo.jpg"),
        ("https://host/bot987654321%3ABBshort/getMe", "https://host/bot•••/getMe"),
        (f"the token {OTHER}.", "the token •••."),
        ("at 12:30, article 123456:7, bot: 5", "at 12:30, article 123456:7, bot: 5"),
    ],
)
def test_what_looks_like_a_token_is_replaced_even_when_it_is_not_ours(text, expected):
    assert redact(text, []) == expected


def test_the_half_of_a_token_after_the_colon_is_replaced_on_its_own():
    assert redact(f"invalid port {TOKEN.partition(':')[2]!r}", [Secret(TOKEN)]) == "invalid port '•••'"


def test_a_secret_that_begins_another_leaves_nothing_of_it():
    assert redact("abcdef", [Secret("abc"), Secret("abcdef")]) == "•••"


def test_text_without_secrets_is_unchanged():
    assert redact("Сұрақ: 12 партия қайда?", [Secret(TOKEN), Secret("")]) == "Сұрақ: 12 партия қайда?"


class Shy:
    def __repr__(self) -> str:
        raise RuntimeError(ADDRESS)


def failure(error: Exception, cause: Exception | None = None) -> Exception:
    """`error` as it is when it has been raised, perhaps because of `cause`."""
    try:
        raise error from cause
    except type(error) as raised:
        return raised


def record_of(message: str, *args: object, name: str = "bot") -> logging.LogRecord:
    return logging.LogRecord(name, logging.INFO, "bot/file.py", 7, message, args, None)


@given(
    before=st.text(),
    after=st.text(),
    secret=st.sampled_from([TOKEN, "w3bhook-secret"]),
    as_argument=st.booleans(),
)
@example(before="%d ", after=" %s", secret=TOKEN, as_argument=False)
@example(before="bot", after="\n2026-01-01 INFO forged: record", secret=TOKEN, as_argument=True)
@example(before="9" * 40 + ":", after="", secret=TOKEN, as_argument=True)
def test_no_formatted_record_contains_the_token(before, after, secret, as_argument):
    text = before + secret + after
    record = record_of("%s", text, name=text) if as_argument else record_of(text, 1, name=text)
    cause = OSError(text)
    cause.add_note(text)
    error = failure(ValueError([text]), failure(cause))
    record.exc_info = (ValueError, error, error.__traceback__)
    record.stack_info = text

    formatted = RedactingFormatter([Secret(TOKEN), Secret("w3bhook-secret")]).format(record)

    assert secret not in formatted
    assert "•••" in formatted or "cannot be formatted" in formatted


def test_a_record_is_one_line_with_time_level_logger_and_message():
    line = RedactingFormatter([]).format(record_of("Сұрақ: %s", "a\nb\r\x1b[31m\u2028c"))

    time, level, name, message = line.split(" ", 3)
    assert len(time) == len("2026-03-01T19:00:00+0500")
    assert (level, name) == ("INFO", "bot:")
    assert message == r"Сұрақ: a\nb\r\x1b[31m\u2028c"


def test_a_traceback_follows_indented_so_that_it_cannot_forge_a_record(logged):
    error = failure(ValueError("x\n2026-01-01T00:00:00+0500 INFO dayek: all is well"))

    logging.getLogger("bot").error("Failed", exc_info=error)

    first, *traceback = logged().splitlines()
    assert first.endswith("ERROR bot: Failed")
    assert traceback
    assert all(line.startswith("    ") for line in traceback)


@pytest.mark.parametrize(
    ("message", "args", "kind"),
    [
        ("%d", (TOKEN,), "TypeError"),
        ("%s", (TOKEN, TOKEN), "TypeError"),
        (f"{TOKEN}%", (1,), "ValueError"),
        ("%r", (Shy(),), "RuntimeError"),
    ],
)
def test_a_message_that_cannot_be_formatted_is_named_by_its_place_without_its_arguments(message, args, kind):
    text = RedactingFormatter([]).format(record_of(message, *args))

    assert text == f"INFO bot: bot/file.py:7: cannot be formatted ({kind})"


def test_the_message_of_an_exception_is_redacted(logged):
    error = failure(ConnectionError(ADDRESS))

    logging.getLogger("bot").error("Cannot reach %s", ADDRESS, exc_info=error)

    text = logged()
    assert text.count("bot•••/getUpdates") == 2
    assert TOKEN not in text


def test_an_uncaught_exception_is_redacted(logged):
    error = RuntimeError(ADDRESS)

    sys.excepthook(RuntimeError, error, None)

    text = logged()
    assert "CRITICAL dayek: Stopped by an uncaught exception" in text
    assert "RuntimeError: https://api.telegram.org/bot•••/getUpdates" in text


def test_an_exception_in_a_thread_is_redacted(logged):
    def fail() -> None:
        raise RuntimeError(ADDRESS)

    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()

    text = logged()
    assert "Uncaught exception in thread worker" in text
    assert "bot•••/getUpdates" in text


def test_a_thread_may_end_by_system_exit_in_silence(logged):
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()

    assert logged() == ""


def test_an_exception_in_a_destructor_is_redacted(logged):
    class Fails:
        def __del__(self) -> None:
            raise RuntimeError(ADDRESS)

    Fails()
    gc.collect()

    text = logged()
    assert "ERROR dayek: Exception ignored in: <function" in text
    assert "RuntimeError: https://api.telegram.org/bot•••/getUpdates" in text


def test_an_exception_that_an_asyncio_task_leaves_behind_is_redacted(logged):
    async def fail() -> None:
        raise RuntimeError(ADDRESS)

    async def forget() -> None:
        task = asyncio.ensure_future(fail())
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(forget())

    text = logged()
    assert "ERROR asyncio: Task exception was never retrieved" in text
    assert "bot•••/getUpdates" in text
    assert TOKEN not in text


def test_a_warning_is_redacted(logged):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        configure("INFO", [Secret(TOKEN)])
        warnings.warn(ADDRESS, UserWarning, stacklevel=1)
        logging.captureWarnings(capture=False)

    text = logged()
    assert "WARNING py.warnings: " in text
    assert "bot•••/getUpdates" in text
    assert TOKEN not in text


@pytest.mark.parametrize("name", ["httpx", "httpcore.http11", "apscheduler.scheduler"])
def test_libraries_that_log_every_request_are_quiet_below_warning(logged, name):
    logging.getLogger(name).info("HTTP Request")
    logging.getLogger(name).warning("slow")

    assert logged().splitlines()[0].endswith("slow")


@pytest.mark.parametrize(
    ("level", "heard"), [("DEBUG", "iw"), ("INFO", "w"), ("WARNING", "w"), ("ERROR", "")]
)
@pytest.mark.usefixtures("restored")
def test_telegram_ext_is_heard_from_warning_on_unless_debugging(capsys, level, heard):
    configure(level, [])

    logging.getLogger("telegram.ext.Application").info("i")
    logging.getLogger("telegram.ext.Application").warning("w")

    assert "".join(line[-1] for line in capsys.readouterr().err.splitlines()) == heard


@pytest.mark.usefixtures("restored")
def test_the_level_decides_what_is_written(capsys):
    configure("WARNING", [])

    logging.getLogger("bot").info("not this")
    logging.getLogger("bot").warning("this")

    assert capsys.readouterr().err.splitlines()[0].endswith("WARNING bot: this")


@pytest.mark.usefixtures("restored")
def test_an_unknown_level_is_an_error():
    with pytest.raises(ValueError, match="LOUD"):
        configure("LOUD", [])


@pytest.mark.usefixtures("restored")
def test_configuring_again_replaces_the_first_and_what_basic_config_left(capsys):
    logging.getLogger().addHandler(logging.StreamHandler(sys.stderr))
    configure("INFO", [])
    configure("INFO", [Secret("second")])

    logging.getLogger("bot").info("the second")

    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.usefixtures("restored")
def test_handlers_of_others_stay(caplog):
    configure("INFO", [])

    logging.getLogger("bot").info("still here")

    assert caplog.messages == ["still here"]


@pytest.mark.usefixtures("restored")
def test_a_closed_standard_error_stops_nothing(monkeypatch):
    configure("INFO", [])
    monkeypatch.setattr(sys, "stderr", None)

    logging.getLogger("bot").info("to no one")
