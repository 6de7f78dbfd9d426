"""No token, no secret, and unless somebody asks for it nothing that a reader has written, in any output."""

import asyncio
from typing import Any
from urllib.parse import quote

from tests.double import TOKEN, BotApi
from tests.running import QUESTION, SECRET, environment, free_port, get, post, started

_SAID = "zhasyryn"  # a word that nothing but the readers' messages holds
_OTHER = "7654321:a-token-of-another-bot-that-came-in-a-message-00"


def _traces(output):
    """What of the token and the secret is in an output, in whatever form."""
    half = TOKEN.partition(":")[2]
    forms = (TOKEN, quote(TOKEN, safe=""), half, SECRET, SECRET[:20], half[:20])
    return [form for form in forms if form in output]


async def _troubled(folder, level):
    """The output of a bot that went through all that gets logged, each in its worst form."""
    folder.mkdir()
    port = free_port()
    hook = f"http://127.0.0.1:{port}/telegram"
    async with (
        BotApi(webhook_to=f"http://127.0.0.1:{port}", retry_unit=0.02) as api,
        started("webhook", **environment(folder, api, port, LOG_LEVEL=level)) as bot,
    ):
        api.fail_next(
            "setMyCommands", status=400, description=f"Bad Request: {api.url}/bot{TOKEN}/setMyCommands"
        )
        await api.wait_for("getWebhookInfo", 20)
        api.text(f"{_SAID} {QUESTION}", user=1)
        await api.wait_for("sendMessage")
        api.inline(f"{_SAID} геймификация", user=1)
        await api.wait_for("answerInlineQuery")
        await post(hook, f'{{"update_id": "{_SAID} {SECRET}"}}'.encode())
        await post(hook, b"{}", f"{SECRET}x")
        await get(f"{hook}?token={TOKEN}&secret={SECRET}")
        # What Telegram refuses, what the bot stumbles over, and what is sent while nobody answers.
        api.fail_next("sendMessage", status=400, description=f"Bad Request: {api.url}/bot{TOKEN}/sendMessage")
        api.text(f"{_SAID} {TOKEN} {SECRET} {_OTHER}", user=2)
        await api.wait_for("sendMessage")
        broken: Any = {"from": {"id": 3, "is_bot": False, "first_name": "A", "language_code": 5}}
        api.text(_SAID, user=3, **broken)
        await bot.line("outcome=fault")
        await api.fall_asleep("502")
        api.text(f"{_SAID} {QUESTION}", user=4)
        await bot.line("Telegram cannot be reached")
        await api.wake()
        await bot.line("Telegram answers again")
        api.revoke()
        api.text(f"{_SAID} {QUESTION}", user=5)
        await bot.line("Telegram does not know the token")
        _, output = await bot.stopped()
    return output


async def test_whatever_happens_no_secret_is_in_the_log_and_from_info_on_no_message(tmp_path):
    debug, info = await asyncio.gather(
        _troubled(tmp_path / "debug", "DEBUG"), _troubled(tmp_path / "info", "INFO")
    )
    assert _traces(debug) == _traces(info) == []
    assert _OTHER not in debug + info
    assert "setWebhook" in debug  # it does tell of the calls that hold them
    assert _SAID not in info
    assert QUESTION not in info
    assert "Traceback" in info  # there was a fault, with all that Python says of it
