"""What the bot counts, for Prometheus."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.inbox import Depth

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)


@dataclass(frozen=True, slots=True)
class FeedFigures:
    """A feed by a name that no other one has; `succeeded` is when it was last read, in seconds since 1970."""

    name: str
    is_failing: bool
    succeeded: float | None


class Metrics:
    """Counters of one bot, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.updates = Counter(
            "dayek_updates", "Updates taken into the inbox, once each", ["kind"], registry=self._registry
        )
        self.again = Counter(
            "dayek_updates_again", "Updates that Telegram sent once more", registry=self._registry
        )
        self.answers = Counter("dayek_answers", "Questions answered with quotes", registry=self._registry)
        self.refusals = Counter(
            "dayek_refusals", "Questions that the articles do not answer", registry=self._registry
        )
        self.reply = Histogram(
            "dayek_reply_seconds",
            "From the arrival of an update to the end of its reply",
            registry=self._registry,
            buckets=_SECONDS,
        )
        self.halts = Counter(
            "dayek_telegram_429", "Calls that Telegram asked to wait", registry=self._registry
        )
        self.errors = Counter("dayek_errors", "Failed tries, by kind", ["kind"], registry=self._registry)
        self._articles = Gauge("dayek_articles", "Articles that are searched", registry=self._registry)
        self._newest = Gauge(
            "dayek_newest_article_timestamp_seconds", "Date of the newest article", registry=self._registry
        )

    def searched(self, articles: int, newest: date | None) -> None:
        """Notes how many articles are searched, and the date of the newest one where it is known."""
        self._articles.set(articles)
        if newest is not None:
            self._newest.set(datetime.combine(newest, time(), UTC).timestamp())

    def watch(self, depth: Callable[[], Depth], now: Callable[[], float]) -> None:
        """Has the inbox looked into whenever the figures are asked for."""
        self._registry.register(_Inbox(depth, now))

    def watch_feeds(self, figures: Callable[[], Iterable[FeedFigures]]) -> None:
        """Has the feeds looked into whenever the figures are asked for."""
        self._registry.register(_Feeds(figures))

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)


class _Inbox(Collector):
    def __init__(self, depth: Callable[[], Depth], now: Callable[[], float]) -> None:
        self._depth = depth
        self._now = now

    def collect(self) -> Iterable[GaugeMetricFamily]:
        depth = self._depth()
        age = 0.0 if depth.oldest is None else max(0.0, self._now() - depth.oldest)
        for name, what, value in (
            ("dayek_inbox_depth", "Updates that wait for their reply", depth.waiting),
            ("dayek_inbox_oldest_seconds", "Age of the oldest of them", age),
            ("dayek_inbox_aside", "Updates that were set aside after failing", depth.aside),
            ("dayek_inbox_malformed", "Bodies that were no updates", depth.malformed),
        ):
            yield GaugeMetricFamily(name, what, value)


class _Feeds(Collector):
    def __init__(self, figures: Callable[[], Iterable[FeedFigures]]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[GaugeMetricFamily]:
        failing = GaugeMetricFamily(
            "dayek_feed_failing", "1 for a feed that has not been read for a day", labels=["feed"]
        )
        succeeded = GaugeMetricFamily(
            "dayek_feed_success_timestamp_seconds", "When a feed was last read", labels=["feed"]
        )
        for one in self._figures():
            failing.add_metric([one.name], float(one.is_failing))
            if one.succeeded is not None:
                succeeded.add_metric([one.name], one.succeeded)
        return failing, succeeded
