"""The double's webhook: what may be registered, and how updates are delivered, tried again and given up."""

import asyncio
import itertools
import shutil
import ssl
import subprocess
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from telegram import Bot, Update

from tests.double import TOKEN, BotApi
from tests.double.changes import Changes

READER = 7
GROUP = -100123
URL = "https://bot.example.kz/telegram/hook?from=telegram"


class Hook:
    """A bot's web server: keeps what is posted to it; answers 200, or what comes next in `answers`.

    An answer is a status, a response, or an event that a 200 waits for. The update with the text `poison`
    is always answered with 500.
    """

    def __init__(self):
        self.requests: list[web.Request] = []
        self.updates: list[Any] = []
        self.answers: deque[int | web.Response | asyncio.Event] = deque()
        self.poison = ""
        self.under_way = 0
        self.most_under_way = 0
        self.url = ""
        self._changes = Changes()

    async def answer(self, request):
        update = await request.json()
        self.requests.append(request)
        self.updates.append(update)
        self._changes.tell()
        if self.poison and update["message"]["text"] == self.poison:
            return web.Response(status=500)
        answer = self.answers.popleft() if self.answers else 200
        if isinstance(answer, asyncio.Event):
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            await answer.wait()
            self.under_way -= 1
            answer = 200
        return web.Response(status=answer) if isinstance(answer, int) else answer

    async def got(self, number):
        """Returns once so many requests have come."""
        await self._changes.until(lambda: len(self.requests) >= number, 5)

    @property
    def texts(self):
        return [update["message"]["text"] for update in self.updates]


@asynccontextmanager
async def serving(hook, port=0, context=None) -> AsyncIterator[Hook]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hook.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=context)
    await site.start()
    hook.url = f"{'https' if context else 'http'}://127.0.0.1:{site.port}"
    try:
        yield hook
    finally:
        await runner.cleanup()


@pytest_asyncio.fixture
async def hook():
    async with serving(Hook()) as hook:
        yield hook


@pytest_asyncio.fixture
async def api(hook):
    """The double, which posts to the hook and tries again without pauses worth mentioning."""
    async with BotApi(webhook_to=hook.url, retry_unit=0.001) as api:
        yield api


@pytest_asyncio.fixture
async def post(api):
    """Posts JSON to a method and returns the decoded answer."""
    async with aiohttp.ClientSession() as session:

        async def call(method, **params):
            async with session.post(f"{api.url}/bot{TOKEN}/{method}", json=params) as response:
                return await response.json()

        yield call


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that the double makes, in seconds, without making them."""
    made = []
    sleep = asyncio.sleep

    async def noted(seconds):
        made.append(seconds)
        await sleep(0)

    monkeypatch.setattr("tests.double.webhook.asyncio.sleep", noted)
    return made


async def refused(post, **params):
    answer = await post("setWebhook", **params)
    assert not answer["ok"]
    return answer["description"]


async def test_telegram_says_what_setting_and_deleting_did(post):
    said = [
        await post("setWebhook", url=URL),
        await post("setWebhook", url=URL),
        await post("setWebhook", url=URL, max_connections=7),
        await post("setWebhook", url=URL, max_connections=7, drop_pending_updates=True),
        await post("deleteWebhook"),
        await post("deleteWebhook"),
        await post("setWebhook", url=URL),
        await post("setWebhook", url=""),
    ]
    assert [answer["description"] for answer in said] == [
        "Webhook was set",
        "Webhook is already set",
        "Webhook was set",
        "Webhook was set",
        "Webhook was deleted",
        "Webhook is already deleted",
        "Webhook was set",
        "Webhook was deleted",
    ]
    assert all(answer["ok"] and answer["result"] is True for answer in said)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://bot.example.kz/", "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            "https://bot.example.kz:8080/",
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ("https://127.0.0.1/", "bad webhook: IP address 127.0.0.1 is reserved"),
        ("https://localhost/", "bad webhook: IP address 127.0.0.1 is reserved"),
        ("https://[2001:4860:4860::8888]/", "bad webhook: IPv6-only addresses are not allowed"),
        ("https://bot/", "bad webhook: Failed to resolve host: Name or service not known"),
        ("https://bot.example.kz:eight/", "invalid webhook URL specified"),
        ("ftp://bot.example.kz/", "invalid webhook URL specified"),
    ],
)
async def test_an_address_that_telegram_would_not_post_to_is_refused(post, url, reason):
    assert await refused(post, url=url) == f"Bad Request: {reason}"


@pytest.mark.parametrize("port", ["", ":443", ":80", ":88", ":8443"])
async def test_every_port_that_telegram_posts_to_is_accepted(post, port):
    assert (await post("setWebhook", url=f"https://bot.example.kz{port}/hook"))["ok"]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"secret_token": "a b"}, "Bad Request: secret token contains unallowed characters"),
        ({"secret_token": "құпия"}, "Bad Request: secret token contains unallowed characters"),
        ({"secret_token": "a" * 257}, "Bad Request: secret token is too long"),
        ({"secret_token": ""}, "DOUBLE: secret_token is empty; Telegram sends none then"),
        ({"max_connections": 0}, "DOUBLE: max_connections 0; Telegram takes 1 to 100"),
        ({"max_connections": 101}, "DOUBLE: max_connections 101; Telegram takes 1 to 100"),
        ({"ip_address": "10.0.0.1"}, "Bad Request: bad webhook: IP address 10.0.0.1 is reserved"),
        ({"ip_address": "bot"}, "Bad Request: bad webhook: Invalid IP address specified"),
        ({"allowed_updates": ["mesage"]}, "DOUBLE: mesage is no kind of update; Telegram ignores it"),
        ({"certificate": "cert.pem"}, "DOUBLE: certificates are not part of the double"),
    ],
)
async def test_a_parameter_that_telegram_refuses_or_ignores_is_refused(post, params, description):
    assert await refused(post, url=URL, **params) == description


async def test_a_refused_webhook_ends_the_one_before(post):
    await post("setWebhook", url=URL)
    await refused(post, url="https://bot.example.kz:1/")
    assert (await post("getWebhookInfo"))["result"]["url"] == ""


async def test_the_library_sees_the_webhook_as_it_was_set(bot):
    await bot.set_webhook(
        URL,
        ip_address="8.8.8.8",
        max_connections=100,
        allowed_updates=["message", "message_reaction"],
        secret_token="aZ0_-" * 51 + "x",
    )
    info = await bot.get_webhook_info()
    assert (info.url, info.has_custom_certificate, info.pending_update_count) == (URL, False, 0)
    assert (info.ip_address, info.max_connections) == ("8.8.8.8", 100)
    assert info.allowed_updates == ("message", "message_reaction")
    assert (info.last_error_date, info.last_error_message) == (None, None)
    await bot.delete_webhook()
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.ip_address) == ("", None, None)


async def test_without_a_number_there_are_forty_connections(post):
    await post("setWebhook", url=URL)
    assert (await post("getWebhookInfo"))["result"]["max_connections"] == 40


async def test_setting_a_webhook_ends_the_poll_that_waits(api, post):
    poll = asyncio.create_task(post("getUpdates", timeout=30))
    await api.polled()
    await post("setWebhook", url=URL)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"


async def test_telegram_takes_one_webhook_a_second_where_rates_are_minded():
    async with BotApi(rates=True, clock=lambda: 0.0) as api, aiohttp.ClientSession() as session:
        statuses = []
        for url in (URL, "", URL):
            async with session.post(f"{api.url}/bot{TOKEN}/setWebhook", json={"url": url}) as response:
                statuses.append(response.status)
    assert statuses == [200, 200, 429]


async def test_an_update_is_posted_as_telegram_does(api, post, bot, hook):
    await post("setWebhook", url=URL, secret_token="s3cret")
    update_id = api.text("сұрақ")
    await api.idle()
    (request,) = hook.requests
    assert (request.method, request.path_qs) == ("POST", "/telegram/hook?from=telegram")
    assert request.headers["Host"] == "bot.example.kz"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
    update = Update.de_json(hook.updates[0], bot)
    assert update.update_id == update_id
    assert update.effective_message is not None
    assert update.effective_message.text == "сұрақ"
    assert api.deliveries == [(update_id, 1, 200)]
    assert (await post("getWebhookInfo"))["result"]["pending_update_count"] == 0


async def test_without_a_secret_no_header_shows_one(api, post, hook):
    await post("setWebhook", url=URL)
    api.text("сұрақ")
    await api.idle()
    assert "X-Telegram-Bot-Api-Secret-Token" not in hook.requests[0].headers


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://bot.example.kz:8443", ("bot.example.kz", "/")),
        ("bot.example.kz/a%2Fb", ("bot.example.kz", "/a%2Fb")),
        ("https://бот.қаз/жол", ("xn--90a0am.xn--80ao21a", "/%D0%B6%D0%BE%D0%BB")),
    ],
)
async def test_the_registered_address_is_the_one_that_is_asked_for(api, post, hook, url, asked):
    await post("setWebhook", url=url)
    api.text("сұрақ")
    await api.idle()
    assert (hook.requests[0].headers["Host"], hook.requests[0].raw_path) == asked


async def test_a_name_and_a_password_in_the_address_are_shown(api, post, hook):
    await post("setWebhook", url="https://bot:pa%20ss@bot.example.kz/")
    api.text("сұрақ")
    await api.idle()
    assert hook.requests[0].headers["Authorization"] == "Basic Ym90OnBhIHNz"


async def test_what_came_before_the_webhook_is_delivered_unless_dropped(api, post, hook):
    api.text("ескі")
    await post("setWebhook", url=URL)
    await api.idle()
    await post("deleteWebhook")
    api.text("керексіз")
    await post("setWebhook", url=URL, drop_pending_updates=True)
    api.text("жаңа")
    await api.idle()
    assert hook.texts == ["ескі", "жаңа"]


async def test_only_the_kinds_asked_for_are_delivered(api, post, hook):
    await post("setWebhook", url=URL, allowed_updates=["inline_query"])
    api.text("елеусіз")
    api.inline("сұрақ")
    await api.idle()
    assert [list(update)[1] for update in hook.updates] == ["inline_query"]


async def test_updates_wait_until_it_is_known_where_to_post_them(hook):
    async with BotApi() as api, aiohttp.ClientSession() as session:
        async with session.post(f"{api.url}/bot{TOKEN}/setWebhook", json={"url": URL}) as response:
            assert response.status == 200
        api.text("сұрақ")
        with pytest.raises(TimeoutError):
            await api.idle(timeout=0)
        api.webhook_to = hook.url
        await api.idle()
    assert hook.texts == ["сұрақ"]


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_any_2xx_confirms(api, post, hook, status):
    hook.answers.append(status)
    await post("setWebhook", url=URL)
    api.text("сұрақ")
    await api.idle()
    assert len(hook.updates) == 1


@pytest.mark.parametrize("status", [301, 304, 401, 404, 429, 500, 503])
async def test_anything_else_brings_the_same_update_again(api, post, hook, status):
    hook.answers.append(web.Response(status=status, headers={"Location": "/elsewhere"}))
    await post("setWebhook", url=URL)
    update_id = api.text("сұрақ")
    await api.idle()
    assert hook.updates[0] == hook.updates[1]
    assert [request.path for request in hook.requests] == ["/telegram/hook"] * 2
    assert api.deliveries == [(update_id, 1, status), (update_id, 2, 200)]
    info = (await post("getWebhookInfo"))["result"]
    assert info["last_error_message"].startswith(f"Wrong response from the webhook: {status} ")
    assert info["last_error_date"] > 0
    await post("setWebhook", url=URL, max_connections=1)
    assert "last_error_message" not in (await post("getWebhookInfo"))["result"]


async def test_an_update_comes_again_at_once_and_then_after_ever_longer_pauses(api, post, hook, pauses):
    api.webhook.retry_unit = 2
    hook.answers.extend([500] * 8)
    await post("setWebhook", url=URL)
    api.text("сұрақ")
    await api.idle()
    assert pauses == [0, 2, 4, 8, 16, 32, 60, 60]


async def test_the_pause_that_the_bot_asks_for_is_made(api, post, hook, pauses):
    api.webhook.retry_unit = 2
    hook.answers.extend([web.Response(status=503, headers={"Retry-After": "7"}), 503, 503])
    await post("setWebhook", url=URL)
    api.text("сұрақ")
    await api.idle()
    assert pauses == [7, 2, 4]


async def test_all_pauses_shrink_with_the_unit(api, post, hook, pauses):
    api.webhook.retry_unit = 0.5
    hook.answers.extend([500] * 3)
    await post("setWebhook", url=URL)
    api.text("сұрақ")
    await api.idle()
    assert pauses == [0, 0.5, 1]


async def test_an_update_is_given_up_when_it_is_too_old(api, post, hook):
    hook.answers.extend([500] * 100)
    await post("setWebhook", url=URL)
    inline = api.inline("сұрақ")
    await api.idle()
    # 0, 2, 4, 8 and 16 seconds are the 30 that an inline query is kept.
    assert api.deliveries == [(inline, attempt, 500) for attempt in range(1, 7)]
    assert api.webhook.lost == [inline]


async def test_a_message_is_kept_for_a_day(api, post, hook):
    api.webhook.retry_unit = 0
    hook.answers.extend([500] * 2000)
    await post("setWebhook", url=URL)
    message = api.text("сұрақ")
    await api.idle(20)
    # 62 seconds to the sixth try, then one a minute.
    assert len(api.deliveries) == 7 + (24 * 60 * 60 - 62) // 60
    assert api.webhook.lost == [message]


async def test_within_a_chat_an_update_waits_for_the_one_before_and_other_chats_do_not(api, post, hook):
    held = asyncio.Event()
    hook.answers.append(held)
    await post("setWebhook", url=URL)
    first, second = api.text("бір"), api.text("екі")
    await hook.got(1)
    other = api.text("басқа", user=8)
    await api.until(lambda: bool(api.deliveries))
    assert hook.texts == ["бір", "басқа"]
    held.set()
    await api.idle()
    assert [delivery.update_id for delivery in api.deliveries] == [other, first, second]


async def test_a_poisoned_update_holds_up_its_chat_only(api, post, hook):
    hook.poison = "у"
    await post("setWebhook", url=URL)
    poisoned, waiting = api.text("у", chat=GROUP), api.text("кейін", chat=GROUP)
    fine = [api.text("сұрақ"), api.text("тағы")]
    await api.until(lambda: (poisoned, 5, 500) in api.deliveries)
    await api.until(lambda: [delivery.update_id for delivery in api.deliveries if delivery.ok] == fine)
    assert waiting not in {delivery.update_id for delivery in api.deliveries}
    assert (await post("getWebhookInfo"))["result"]["pending_update_count"] == 2
    hook.poison = ""
    await api.idle()
    assert hook.texts[-2:] == ["у", "кейін"]


async def test_presses_and_inline_queries_do_not_wait_for_a_message_of_the_same_reader(api, post, hook):
    api.text("сұрақ")
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = (await post("sendMessage", chat_id=READER, text="жауап", reply_markup=markup))["result"]
    held = asyncio.Event()
    hook.answers.append(held)
    await post("setWebhook", url=URL)
    await hook.got(1)
    waiting = {api.press("a", message_id=sent["message_id"]), api.inline("сұрақ")}
    await api.until(lambda: {delivery.update_id for delivery in api.deliveries} == waiting)
    held.set()
    await api.idle()


async def test_no_more_is_under_way_than_the_bot_allows(api, post, hook):
    held = [asyncio.Event() for _ in range(6)]
    hook.answers.extend(held)
    await post("setWebhook", url=URL, max_connections=2)
    for reader in range(1, 7):
        api.text("сұрақ", user=reader)
    await hook.got(2)
    for number, event in enumerate(held, start=1):
        await hook.got(number)
        event.set()
    await api.idle()
    assert hook.most_under_way == 2


async def test_chats_that_fail_use_up_what_telegram_looks_at(api, post, hook):
    api.webhook.retry_unit = 1000
    hook.answers.extend([500] * 4)
    await post("setWebhook", url=URL, max_connections=1)
    failing = [api.text("сұрақ", user=reader) for reader in (1, 2)]
    api.text("сұрақ", user=3)
    await api.until(lambda: len(api.deliveries) == 4)
    assert {delivery.update_id for delivery in api.deliveries} == set(failing)
    assert len(hook.updates) == 4


async def test_the_connection_is_kept(api, post, hook):
    await post("setWebhook", url=URL)
    for text in "абв":
        api.text(text)
    await api.idle()
    assert len({request.transport for request in hook.requests}) == 1
    assert all(request.keep_alive for request in hook.requests)


async def test_a_bot_that_takes_too_long_gets_the_update_again(api, post, hook):
    api.webhook.patience = 0.05
    hook.answers.append(asyncio.Event())
    await post("setWebhook", url=URL)
    update_id = api.text("сұрақ")
    await api.idle()
    assert api.deliveries == [(update_id, 1, "Read timeout expired"), (update_id, 2, 200)]
    assert (await post("getWebhookInfo"))["result"]["last_error_message"] == "Read timeout expired"


async def test_a_bot_that_is_down_gets_the_update_when_it_is_up(api, post, unused_tcp_port):
    api.webhook_to = f"http://127.0.0.1:{unused_tcp_port}"
    await post("setWebhook", url=URL)
    update_id = api.text("сұрақ")
    await api.until(lambda: len(api.deliveries) >= 2)
    assert api.deliveries[:2] == [(update_id, attempt, "Connection refused") for attempt in (1, 2)]
    async with serving(Hook(), unused_tcp_port) as late:
        await api.idle()
    assert late.texts == ["сұрақ"]


async def test_a_connection_that_breaks_brings_the_update_again(api, post):
    connections = itertools.count()

    async def break_the_first(reader, writer):
        await reader.readuntil(b"}}")
        if next(connections):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(break_the_first, "127.0.0.1", 0)
    async with server:
        api.webhook_to = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await post("setWebhook", url=URL)
        update_id = api.text("сұрақ")
        await api.idle()
    assert api.deliveries == [(update_id, 1, "Connection closed"), (update_id, 2, 200)]


async def test_what_was_under_way_when_the_webhook_was_deleted_is_still_there(api, post, hook):
    hook.answers.append(asyncio.Event())
    await post("setWebhook", url=URL)
    update_id = api.text("сұрақ")
    await hook.got(1)
    await post("deleteWebhook")
    assert [update["update_id"] for update in (await post("getUpdates"))["result"]] == [update_id]
    assert api.deliveries == []


async def test_a_method_call_in_the_answer_is_carried_out(api, post, hook):
    call = {"method": "sendMessage", "chat_id": READER, "text": "<b>жауап</b>", "parse_mode": "HTML"}
    hook.answers.append(web.json_response(call))
    await post("setWebhook", url=URL)
    api.text("сұрақ")
    answered = await api.wait_for("sendMessage")
    assert answered.in_answer
    assert answered.result == api.messages[READER, 2]
    assert answered.result["entities"] == [{"type": "bold", "offset": 0, "length": 5}]


@pytest.mark.parametrize(
    ("call", "description"),
    [
        ({"method": "sendMessage", "chat_id": READER}, "Bad Request: message text is empty"),
        ({"method": "sendTelepathy"}, "Not Found"),
        (
            {"method": "deletewebhook"},
            "DOUBLE: deleteWebhook in the answer to an update; Telegram does not carry it out",
        ),
        ({"method": "getMe"}, "DOUBLE: getMe in the answer to an update; Telegram does not carry it out"),
    ],
)
async def test_a_method_call_in_the_answer_that_comes_to_nothing_is_seen(api, post, hook, call, description):
    hook.answers.append(web.json_response(call))
    await post("setWebhook", url=URL)
    api.text("сұрақ")
    await api.idle()
    assert [refusal.description for refusal in api.refusals] == [description]
    assert len(hook.updates) == 1


@pytest.mark.parametrize("body", [b"ok", b"null", b"[]", b"{}", b'{"method": 1}', b"{"])
async def test_an_answer_without_a_method_call_is_just_an_answer(api, post, hook, body):
    hook.answers.append(web.Response(body=body, content_type="application/json"))
    await post("setWebhook", url=URL)
    api.text("сұрақ")
    await api.idle()
    assert api.deliveries[0].ok
    assert api.refusals == []


async def test_what_goes_wrong_in_the_double_itself_is_raised_on_leaving(hook):
    def choke(call):
        if call.in_answer:
            raise ZeroDivisionError

    hook.answers.append(web.json_response({"method": "sendMessage", "chat_id": READER, "text": "жауап"}))
    api = await BotApi(webhook_to=hook.url, on_call=choke).__aenter__()
    async with Bot(TOKEN, f"{api.url}/bot") as bot:
        await bot.set_webhook(URL)
        api.text("сұрақ")
        await api.idle()
    with pytest.raises(ZeroDivisionError):
        await api.__aexit__(None, None, None)


@pytest.fixture
def certificates(tmp_path):
    """A context that shows a certificate for bot.example.kz, and one that trusts only who signed it."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", "/CN=bot.example.kz", "-addext", "subjectAltName=DNS:bot.example.kz",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(certificate, key)
    return shown, ssl.create_default_context(cafile=str(certificate))


@asynccontextmanager
async def secured(certificates, url) -> AsyncIterator[tuple[BotApi, Hook, Bot]]:
    """The double with a webhook that is served with the certificate."""
    shown, trusted = certificates
    async with (
        serving(Hook(), context=shown) as hook,
        BotApi(webhook_to=hook.url, webhook_ssl=trusted, retry_unit=0.001) as api,
        Bot(TOKEN, base_url=f"{api.url}/bot") as bot,
    ):
        await bot.set_webhook(url)
        yield api, hook, bot


async def test_updates_are_posted_over_https_where_the_certificate_is_that_of_the_host(certificates):
    async with secured(certificates, URL) as (api, hook, _):
        api.text("сұрақ")
        await api.idle()
        assert hook.texts == ["сұрақ"]


async def test_a_certificate_of_another_host_lets_nothing_through(certificates):
    async with secured(certificates, "https://other.example.kz/hook") as (api, hook, bot):
        api.text("сұрақ")
        await api.until(lambda: bool(api.deliveries))
        assert "certificate verify failed" in str((await bot.get_webhook_info()).last_error_message)
        assert hook.requests == []
