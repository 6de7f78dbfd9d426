"""The webhook service: what it lets in, what it answers, and that nothing it has confirmed is lost."""

import asyncio
import json
import logging
import re
import time
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.__main__ import main
from bot.app import ALLOWED_UPDATES
from bot.reach import REVOKED
from bot.settings import Secret
from bot.webhook import _Registration
from tests.double import BotApi
from tests.running import (
    ANSWER,
    HEADER,
    PUBLIC,
    QUESTION,
    SECRET,
    at_work,
    environment,
    free_port,
    get,
    post,
    sent,
    started,
)  # fmt: skip
from tests.test_intake import NO_UPDATES

_MEGABYTE = 1024 * 1024


class _Site:
    """A running webhook service with its double, for as many tests as can share it."""

    def __init__(self, api, bot, base, folder):
        self.api, self.bot, self.base, self.folder = api, bot, base, folder
        self.hook = f"{base}/telegram"
        self._ids = iter(range(1_000, 10_000))

    def update(self, text=QUESTION, user=7):
        """The body of an update that the double has not delivered, of a chat that it knows."""
        person = {"id": user, "is_bot": False, "first_name": "A", "language_code": "kk"}
        chat = self.api._account.chats.chat(user)
        self.api._account.chats.known[user] = chat
        number = next(self._ids)
        message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": person, "text": text}
        return json.dumps({"update_id": number, "message": message}).encode()

    async def figure(self, name):
        """A figure of /metrics, 0 where there is none."""
        _, text = await get(f"{self.base}/metrics")
        found = re.search(rf"^{re.escape(name)} (.*)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    base = f"http://127.0.0.1:{port}"
    async with BotApi(webhook_to=base, retry_unit=0.05) as api:
        api.text("геймификация", user=5)  # before anybody has registered anything
        async with started("webhook", **environment(folder, api, port)) as bot:
            await api.wait_for("getWebhookInfo", 20)
            yield _Site(api, bot, base, folder)


shared = pytest.mark.asyncio(loop_scope="module")


async def _raw(site, head, *pieces, most=None):
    """The first line of the answer to a request written by hand, and how many bytes of it were accepted."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.base.rsplit(":", 1)[1]))
    written = 0
    try:
        writer.write(head.replace("\n", "\r\n").encode())
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                written += len(piece)
                if most is not None and written > most:
                    break
        except ConnectionError:
            pass
        try:
            line = (await asyncio.wait_for(reader.readline(), 10)).decode().strip()
        except ConnectionError:
            line = ""
    finally:
        writer.close()
    return line, written


@shared
async def test_it_registers_by_itself_and_answers_what_was_pending_before(site):
    (registered,) = [call.params for call in site.api.calls if call.method == "setWebhook"]
    assert registered == {
        "url": PUBLIC,
        "secret_token": SECRET,
        "allowed_updates": list(ALLOWED_UPDATES),
        "max_connections": 64,
        # Without drop_pending_updates, or with false, what is pending stays; the library leaves a false one out.
        **({"drop_pending_updates": False} if "drop_pending_updates" in registered else {}),
    }
    await site.api.until(lambda: sent(site.api, 5))
    assert "геймификация" in sent(site.api, 5)[0]


@shared
async def test_a_question_is_answered_once_and_nothing_is_refused(site):
    site.api.text(QUESTION, user=11)
    await site.api.until(lambda: sent(site.api, 11))
    await site.api.idle()
    assert [ANSWER in text for text in sent(site.api, 11)] == [True]
    assert site.api.refusals == []
    assert all(delivery.outcome == 200 for delivery in site.api.deliveries)


@shared
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_the_webhook_takes_nothing_but_posts(site, method):
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, site.hook, headers={HEADER: SECRET}) as answer,
    ):
        assert answer.status == 405


@shared
@pytest.mark.parametrize("path", ["/", "/other", "/telegram/", "/telegram/x", "/TELEGRAM", "/healthz/x"])
async def test_updates_at_another_path_find_nobody(site, path):
    assert await post(site.base + path, site.update()) == 404
    assert sent(site.api, 7) == []


@shared
@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "құпия"])
async def test_without_the_secret_nothing_is_taken(site, secret):
    before = await site.figure('dayek_errors_total{kind="secret"}')
    assert await post(site.hook, site.update(), secret) == 403
    assert await site.figure('dayek_errors_total{kind="secret"}') == before + 1
    assert sent(site.api, 7) == []


@shared
async def test_the_secret_is_looked_at_before_anything_of_the_body_has_come(site):
    line, _ = await _raw(site, "POST /telegram HTTP/1.1\nHost: x\nContent-Length: 1000\n\n")
    assert line == "HTTP/1.1 403 Forbidden"


@shared
async def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(site):
    head = f"POST /telegram HTTP/1.1\nHost: x\n{HEADER}: {SECRET}\nContent-Length: {_MEGABYTE + 1}\n\n"
    line, _ = await _raw(site, head)
    assert line.startswith("HTTP/1.1 413")


@shared
async def test_of_an_endless_body_little_more_than_a_megabyte_is_taken_and_none_of_it_kept(site):
    status = Path(f"/proc/{site.bot.process.pid}/status")

    def peak():  # kilobytes
        found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
        return int(found[1]) if found else 0

    before = peak()
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = f"POST /telegram HTTP/1.1\nHost: x\n{HEADER}: {SECRET}\nTransfer-Encoding: chunked\n\n"
    line, written = await _raw(site, head, *[piece] * 800)
    assert line in {"", "HTTP/1.1 413 Request Entity Too Large", "HTTP/1.1 413 Content Too Large"}
    assert written < 20 * _MEGABYTE  # what the sockets on both sides hold, not the 50 MB
    assert peak() - before < 8 * 1024
    assert await site.figure('dayek_errors_total{kind="too-large"}') >= 1


@shared
async def test_a_body_of_just_a_megabyte_is_read(site):
    assert await post(site.hook, site.update(user=15).ljust(_MEGABYTE)) == 200
    await site.api.until(lambda: sent(site.api, 15))


@shared
async def test_what_is_no_update_is_taken_kept_aside_counted_and_harms_nobody(site):
    before = await site.figure("dayek_inbox_malformed")
    for body in NO_UPDATES.values():
        assert await post(site.hook, body) == 200
    assert await site.figure("dayek_inbox_malformed") == before + len(NO_UPDATES)
    assert await post(site.hook, site.update(user=12)) == 200
    await site.api.until(lambda: sent(site.api, 12))


@shared
async def test_a_body_that_breaks_off_is_nothing(site):
    before = await site.figure("dayek_inbox_malformed")
    head = f"POST /telegram HTTP/1.1\nHost: x\n{HEADER}: {SECRET}\nContent-Length: 1000\n\n"
    _, writer = await asyncio.open_connection("127.0.0.1", int(site.base.rsplit(":", 1)[1]))
    writer.write(head.replace("\n", "\r\n").encode() + b"{")
    await writer.drain()
    writer.close()
    assert (await get(f"{site.base}/healthz"))[0] == 200
    assert await site.figure("dayek_inbox_malformed") == before


@shared
async def test_the_same_update_posted_again_is_confirmed_and_answered_once(site):
    body = site.update(user=13)
    before = await site.figure("dayek_updates_again_total")
    assert await asyncio.gather(*(post(site.hook, body) for _ in range(5))) == [200] * 5
    await site.api.until(lambda: sent(site.api, 13))
    assert await post(site.hook, body) == 200
    assert await post(site.hook, site.update("/help", user=13)) == 200  # behind it in the lane of the chat
    await site.api.until(lambda: len(sent(site.api, 13)) > 1)
    assert [ANSWER in text for text in sent(site.api, 13)] == [True, False]
    assert await site.figure("dayek_updates_again_total") == before + 5


@shared
async def test_health_readiness_and_figures_are_pages_for_everybody(site):
    assert await get(f"{site.base}/healthz") == (200, "ok\n")
    assert await get(f"{site.base}/readyz") == (200, "ready\n")
    status, text = await get(f"{site.base}/metrics")
    assert status == 200
    assert "dayek_inbox_depth 0.0" in text
    assert "dayek_articles 5.0" in text
    assert await post(f"{site.base}/healthz", b"") == 405


@shared
async def test_questions_of_one_chat_are_answered_in_their_order(site):
    questions = ["геймификация", "Павлодардағы коалиция құрамына қанша мүше кірді?", "/help"]
    for text in questions:
        site.api.text(text, user=14)
    await site.api.until(lambda: len(sent(site.api, 14)) == len(questions))
    replies = [
        call.params["reply_parameters"]["message_id"]
        for call in site.api.calls
        if call.method == "sendMessage" and call.params["chat_id"] == 14
    ]
    assert replies == sorted(replies)


async def test_a_bot_that_is_stopped_under_load_and_started_again_answers_each_question_once(tmp_path):
    port = free_port()
    people = range(100, 130)
    async with BotApi(webhook_to=f"http://127.0.0.1:{port}", retry_unit=0.05) as api:
        api.delay = 0.05
        async with started("webhook", **environment(tmp_path, api, port)) as bot:
            await api.wait_for("getWebhookInfo", 20)
            for user in people:
                for _ in range(3):
                    api.text(QUESTION, user=user)
            repeated = api._account.pending[next(iter(api._account.pending))]
            await api.wait_for("sendMessage")
            status, output = await bot.stopped(seconds=8 + 4)
        assert status == 0
        assert "Traceback" not in output
        async with started("webhook", **environment(tmp_path, api, port)):
            await api.wait_for("getWebhookInfo", 20)
            await api.until(lambda: all(len(sent(api, user)) >= 3 for user in people), 30)
            await api.idle()
            # What Telegram sends once more after the restart is known.
            assert await post(f"http://127.0.0.1:{port}/telegram", json.dumps(repeated).encode()) == 200
            api.text("/help", user=repeated["message"]["chat"]["id"])
            await api.until(lambda: len(sent(api)) > 3 * len(people))
        assert [len(sent(api, user)) for user in people[1:]] == [3] * 29
        assert len(sent(api, people[0])) == 4
    assert api.refusals == []
    assert [call.description for call in api.calls if call.method == "setWebhook"] == [
        "Webhook was set",
        "Webhook is already set",
    ]


async def test_a_bot_is_stopped_although_telegram_has_hung_since_its_start(tmp_path, api):
    await api.fall_asleep("hang")
    async with started("webhook", **environment(tmp_path, api, free_port())) as bot:
        await api.until(lambda: "getMe" in api.missed, 20)
        status, output = await bot.stopped()
    assert (status, "Traceback" in output) == (0, False)
    await api.wake()


async def test_an_answer_that_hangs_is_waited_for_so_long_and_given_at_the_next_start(
    tmp_path, api, seeds_index, monkeypatch
):
    monkeypatch.setattr("bot.service._LAST", 0.1)
    port = free_port()
    api.webhook_to = f"http://127.0.0.1:{port}"
    async with at_work(tmp_path, api, seeds_index, port) as service:
        await _looked(api, 1)
        await api.fall_asleep("hang")
        api.text(QUESTION)
        await api.until(lambda: "sendMessage" in api.missed)
    assert service.stopping.is_set()
    await api.wake()
    async with at_work(tmp_path, api, seeds_index, port):
        assert ANSWER in (await api.wait_for("sendMessage")).result["text"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://bot.example.org/healthz", "/healthz"),
        ("https://bot.example.org", "has no path of its own"),
        ("http://bot.example.org/telegram", "https"),
    ],
)
def test_an_address_that_cannot_work_is_a_wrong_setting(tmp_path, monkeypatch, capsys, url, said):
    for name, value in environment(tmp_path, None, 8080, WEBHOOK_URL=url).items():
        monkeypatch.setenv(name, value)
    assert main(["webhook"]) == 2
    assert said in capsys.readouterr().err


@shared
async def test_what_keeps_it_from_starting_is_one_sentence_and_exit_1(site, tmp_path):
    port = int(site.base.rsplit(":", 1)[1])
    async with (
        started("webhook", **environment(site.folder, site.api, free_port())) as second,
        started("webhook", **environment(tmp_path, site.api, port)) as neighbour,
        started("webhook", **environment(tmp_path, site.api, port, WEBHOOK_SECRET=None)) as incomplete,
    ):
        ended = await asyncio.gather(second.ended(), neighbour.ended(), incomplete.ended())
    assert [status for status, _ in ended] == [1, 1, 1]
    assert second.lines == [
        f"{site.folder}/dayek.db: another running bot uses this database. Stop it first, or name another DATABASE."
    ]
    assert neighbour.lines[-1] == (
        f"The bot cannot listen on 127.0.0.1:{port} (Address already in use). Set another HOST or PORT."
    )
    assert incomplete.lines[0] == "The webhook needs three settings, and these are missing: WEBHOOK_SECRET."
    assert not any("Traceback" in output for _, output in ended)


class _Lines(logging.Handler):
    """What a logger says, as (level, text)."""

    def __init__(self, name):
        super().__init__()
        self.said = []
        self._logger = logging.getLogger(name)

    def emit(self, record):
        self.said.append((record.levelname, record.getMessage()))

    def __enter__(self):
        self._before = self._logger.level
        self._logger.setLevel(logging.INFO)
        self._logger.addHandler(self)
        return self.said

    def __exit__(self, *_):
        self._logger.removeHandler(self)
        self._logger.setLevel(self._before)


async def _looked(api, times):
    for _ in range(times):
        await api.wait_for("getWebhookInfo")


async def test_another_webhook_in_its_place_makes_it_unready_with_one_line_until_it_is_back(
    tmp_path, api, seeds_index
):
    port = free_port()
    async with at_work(tmp_path, api, seeds_index, port) as service:
        with _Lines("bot.webhook") as said:
            registration = _Registration(service, PUBLIC, Secret(SECRET), look=0.01, soon=0.01)
            service.problems.append(lambda: registration.problem)
            keeping = asyncio.create_task(registration.keep())
            await _looked(api, 3)
            assert await get(f"http://127.0.0.1:{port}/readyz") == (200, "ready\n")
            bot = service.application.bot
            await bot.set_webhook("https://other.example.org/telegram", secret_token="another")
            await _looked(api, 5)
            status, page = await get(f"http://127.0.0.1:{port}/readyz")
            assert status == 503
            assert "Telegram has another address: another copy of the bot runs" in page
            await bot.set_webhook(PUBLIC, secret_token=SECRET, allowed_updates=ALLOWED_UPDATES)
            await _looked(api, 5)
            assert (await get(f"http://127.0.0.1:{port}/readyz"))[0] == 200
            await bot.delete_webhook()
            await _looked(api, 5)
            assert "Telegram has none" in (await get(f"http://127.0.0.1:{port}/readyz"))[1]
            keeping.cancel()
    levels = [level for level, text in said if text.startswith("the webhook")]
    # It stands (said twice, by the two that look after it here), it is another's, it stands, it is gone.
    assert levels == ["INFO"] * 2 + ["ERROR", "INFO", "ERROR"]


async def test_a_registration_that_telegram_refuses_is_said_once_and_tried_until_it_is_taken(
    tmp_path, api, seeds_index
):
    api.fail_next(
        "setWebhook", status=400, description="Bad Request: bad webhook: Failed to resolve host", times=3
    )
    port = free_port()
    async with at_work(tmp_path, api, seeds_index, port) as service:
        with _Lines("bot.webhook") as said:
            registration = _Registration(service, PUBLIC, Secret(SECRET), look=0.01, soon=0.01)
            keeping = asyncio.create_task(registration.keep())
            await _looked(api, 2)
            keeping.cancel()
    assert sum("Failed to resolve host" in text for _, text in said) <= 2
    assert registration.problem is None


async def test_a_token_that_is_revoked_while_it_serves_makes_it_unready_with_one_line(
    tmp_path, api, seeds_index
):
    port = free_port()
    async with at_work(tmp_path, api, seeds_index, port) as service:
        ready = f"http://127.0.0.1:{port}/readyz"
        while (await get(ready))[0] != 200:  # its own registration may still say something
            pass
        with _Lines("bot") as said:
            api.revoke()
            registration = _Registration(service, PUBLIC, Secret(SECRET), look=0.01, soon=0.01)
            keeping = asyncio.create_task(registration.keep())
            await api.until(lambda: api.counts["getMe", 401] >= 1)
            status, page = await get(ready)
            keeping.cancel()
    assert (status, "Telegram does not know the token" in page) == (503, True)
    assert [text for level, text in said if level == "ERROR"] == [REVOKED]
    assert not any("the webhook stands" in text for _, text in said)
