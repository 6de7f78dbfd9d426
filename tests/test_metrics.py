"""What the bot counts, read as Prometheus reads it."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.inbox import Depth
from bot.metrics import Metrics
from tests.running import QUESTION, at_work, free_port, get, post


def _figures(text):
    """Each figure by its name and its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _read(metrics):
    return _figures(metrics.text().decode())


def test_before_anything_has_happened_everything_is_zero():
    figures = _read(Metrics())
    for name in ("dayek_answers_total", "dayek_refusals_total", "dayek_updates_again_total",
                 "dayek_telegram_429_total", "dayek_reply_seconds_count", "dayek_articles"):  # fmt: skip
        assert figures[name,] == 0


def test_two_bots_in_one_process_do_not_count_for_each_other():
    one, other = Metrics(), Metrics()
    one.answers.inc()
    assert (_read(one)["dayek_answers_total",], _read(other)["dayek_answers_total",]) == (1, 0)


def test_the_articles_are_counted_and_the_newest_is_known():
    metrics = Metrics()
    metrics.searched(4, date(2026, 3, 3))
    figures = _read(metrics)
    assert figures["dayek_articles",] == 4
    midnight = datetime(2026, 3, 3, tzinfo=UTC).timestamp()
    assert figures["dayek_newest_article_timestamp_seconds",] == midnight


def test_articles_without_any_date_leave_the_newest_unknown():
    metrics = Metrics()
    metrics.searched(2, None)
    assert _read(metrics)["dayek_newest_article_timestamp_seconds",] == 0


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (Depth(0, None, 0, 0), (0, 0, 0, 0)),
        (Depth(3, 90.0, 2, 1), (3, 10, 2, 1)),
        (Depth(1, 150.0, 0, 0), (1, 0, 0, 0)),  # a clock that was set back
    ],
)
def test_the_inbox_is_looked_into_when_the_figures_are_asked_for(depth, expected):
    metrics = Metrics()
    metrics.watch(lambda: depth, lambda: 100.0)
    figures = _read(metrics)
    names = ("dayek_inbox_depth", "dayek_inbox_oldest_seconds", "dayek_inbox_aside", "dayek_inbox_malformed")
    assert tuple(figures[name,] for name in names) == expected


async def test_a_bot_at_work_counts_what_it_does(tmp_path, api, seeds_index):
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    api.webhook_to, api.webhook.retry_unit = base, 0.02
    async with at_work(tmp_path, api, seeds_index, port) as service:
        await api.wait_for("getWebhookInfo")
        api.fail_next("sendMessage", status=429, description="Too Many Requests: retry after 1",
                      parameters={"retry_after": 0.01})  # fmt: skip
        api.text(QUESTION, user=1)
        api.text("Доллар бағамы қанша?", user=2)
        for _ in range(2):
            await api.wait_for("sendMessage")
        api.fail_next("sendMessage", status=400, description="Bad Request: not enough rights")
        api.text("геймификация", user=3)
        await api.wait_for("sendMessage")  # the apology
        api.inline("геймификация", user=1)
        await api.wait_for("answerInlineQuery")
        await post(f"{base}/telegram", b"no update")
        await post(f"{base}/telegram", b"{}", "wrong")
        while service.inbox.depth().waiting:  # noqa: ASYNC110 - nothing tells of the end of the last
            await asyncio.sleep(0.01)
        status, text = await get(f"{base}/metrics")
        expected = {
            ("dayek_updates_total", "message"): 3,
            ("dayek_updates_total", "inline_query"): 1,
            ("dayek_answers_total",): 1,
            ("dayek_refusals_total",): 1,
            ("dayek_telegram_429_total",): 1,
            ("dayek_errors_total", "refused"): 1,
            ("dayek_errors_total", "malformed"): 1,
            ("dayek_errors_total", "secret"): 1,
            ("dayek_reply_seconds_count",): 3,
            ("dayek_inbox_depth",): 0,
            ("dayek_inbox_aside",): 1,
            ("dayek_inbox_malformed",): 1,
        }
        figures = _figures(text)
        assert status == 200
        assert {name: figures[name] for name in expected} == expected
