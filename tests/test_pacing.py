"""When a feed is looked at again, by numbers worked out by hand."""

import pytest

from retrieval import pacing
from retrieval.feedstate import State

NOW = 1_000_000.0
HOUR = 3600


def after(failures, every=900, chance=0.5, asked=None):
    return pacing.failed(State("u", failures=failures), every, NOW, chance, "why", asked).next - NOW


def test_a_look_that_went_well_is_followed_by_the_next_in_time():
    state = State("u", failures=3, failing_since=1.0, error="why", told=2.0, next=5.0, etag="e")
    found = pacing.succeeded(state, 900, NOW, 0.0)
    assert found == State("u", next=NOW + 900, succeeded=NOW, etag="e")
    assert pacing.succeeded(state, 900, NOW, 1.0).next == NOW + 990


@pytest.mark.parametrize(
    ("failures", "every", "wait"),
    [
        (0, 900, 900),
        (1, 900, 1800),
        (2, 900, 3600),
        (5, 900, 6 * HOUR),
        (10_000, 900, 6 * HOUR),
        (3, 24 * HOUR, 24 * HOUR),
    ],
)
def test_each_failure_doubles_the_wait_up_to_six_hours(failures, every, wait):
    assert after(failures, every) == wait


def test_the_waits_are_spread():
    assert after(1, chance=0.0) == pytest.approx(1800 * 0.9)
    assert after(1, chance=1.0) == pytest.approx(1800 * 1.1)
    assert after(0, every=300, chance=0.0) == 300


@pytest.mark.parametrize(("asked", "wait"), [(60, 900), (4 * HOUR, 4 * HOUR), (1e9, 7 * 24 * HOUR)])
def test_a_server_gets_the_time_that_it_asks_for(asked, wait):
    assert after(0, asked=asked) == wait


def test_failing_counts_from_the_first_failure_and_matters_after_a_day():
    state = pacing.failed(State("u"), 900, NOW, 0.5, "one")
    state = pacing.failed(state, 900, NOW + 900, 0.5, "two")
    assert (state.failing_since, state.failures, state.error) == (NOW, 2, "two")
    assert not pacing.is_failing(state, NOW + 24 * HOUR - 1)
    assert pacing.is_failing(state, NOW + 24 * HOUR)
    assert not pacing.is_failing(pacing.succeeded(state, 900, NOW + 900, 0.5), NOW + 99 * HOUR)


@pytest.mark.parametrize(
    ("given", "wait"),
    [
        ({"Retry-After": "120"}, 120),
        ({"retry-after": "Mon, 12 Jan 1970 13:48:40 GMT"}, 120),
        ({"Retry-After": "Mon, 12 Jan 1970 13:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 400}, 999_999_999),
        ({}, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(given, wait):
    assert pacing.retry_after(given, NOW) == wait
