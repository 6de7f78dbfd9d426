"""deploy/prometheus.rules.yaml: every alarm is about a figure that the bot gives, rings in time, and is explained."""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.inbox import Depth
from bot.metrics import FeedFigures, Metrics
from tests.deploy.tools import DEPLOY, documents, of_the_machine

RULES = DEPLOY / "prometheus.rules.yaml"
PLAYS = sorted(Path(__file__).parent.glob("alarm*.yaml"))
SAMPLES = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "gauge": [""]}


def alarms() -> dict[str, str]:
    """The expression of each alarm."""
    [file] = documents(RULES)
    [group] = file["groups"]
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}


def given() -> Iterator[str]:
    """The names in the bot's own /metrics."""
    metrics = Metrics()
    metrics.watch(lambda: Depth(0, None, 0, 0), time.time)
    metrics.watch_feeds(lambda: [FeedFigures("https://a.kz/rss", is_failing=False, succeeded=1.0)])
    for family in text_string_to_metric_families(metrics.text().decode()):
        yield from (family.name + end for end in SAMPLES.get(family.type, []))


def test_every_figure_of_an_alarm_is_one_that_the_bot_gives():
    asked = {alarm: set(re.findall(r"dayek_\w+", expression)) for alarm, expression in alarms().items()}

    assert all(asked.values())
    assert set().union(*asked.values()) <= set(given())


def test_every_alarm_is_played_and_explained():
    played = "".join(play.read_text(encoding="utf-8") for play in PLAYS)
    explained = re.findall(
        r"^\| `(Dayek\w+)` \|", (DEPLOY / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert set(re.findall(r"alertname: (\w+)", played)) == set(alarms())
    assert explained == list(alarms())


@pytest.mark.parametrize(
    "check", [["check", "rules", RULES], ["test", "rules", *PLAYS]], ids=["check", "play"]
)
def test_prometheus_accepts_the_alarms_and_rings_them_when_it_should(check):
    done = subprocess.run(
        [of_the_machine("promtool"), *check], capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
