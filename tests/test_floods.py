"""Who is answered, who gets the notice, who is ignored."""

from itertools import count, pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot import floods
from bot.floods import Floods

_MESSAGES = count()


def _said(times, user=7, state=None):
    state = state or Floods()
    return [state.seen(user, next(_MESSAGES), time) for time in times]


def test_twenty_messages_in_ten_seconds_are_answered_the_next_gets_the_notice_the_rest_silence():
    assert _said([number / 60 for number in range(60)]) == ["answer"] * 20 + ["notice"] + ["ignore"] * 39


def test_two_messages_a_second_are_answered_for_ever():
    assert set(_said([number / 2 for number in range(1000)])) == {"answer"}


def test_ignored_messages_count_so_that_one_who_goes_on_stays_ignored():
    assert _said([number / 3 for number in range(300)])[20:] == ["notice"] + ["ignore"] * 279


def test_one_who_was_quiet_is_answered_again():
    state = Floods()
    assert _said([0] * 30, state=state)[-1] == "ignore"
    assert _said([9.9, 10, 10.1], state=state) == ["ignore", "answer", "answer"]


def test_a_second_flood_soon_after_the_first_gets_no_second_notice_and_a_later_one_does():
    state = Floods()
    _said([0] * 21, state=state)
    assert _said([9] * 1 + [10] * 20, state=state) == ["ignore"] + ["answer"] * 19 + ["ignore"]
    assert _said([30] * 21, state=state) == ["answer"] * 20 + ["notice"]


def test_people_do_not_count_for_each_other():
    state = Floods()
    _said([0] * 60, user=7, state=state)
    assert [state.seen(user, next(_MESSAGES), 1) for user in range(8, 60)] == ["answer"] * 52


def test_a_message_that_is_handled_again_counts_once_and_gets_the_same_verdict():
    state = Floods()
    assert [state.seen(7, 1, 0.0) for _ in range(50)] == ["answer"] * 50
    _said([0.0] * 19, state=state)
    assert [state.seen(7, 2, 0.1), state.seen(7, 3, 0.2), state.seen(7, 2, 0.3)] == [
        "notice",
        "ignore",
        "notice",
    ]
    assert state.seen(7, 1, 0.4) == "answer"


def test_people_are_forgotten_after_a_minute():
    state = Floods()
    for user in range(10_000):
        state.seen(user, next(_MESSAGES), user / 10)
        state.seen(-1, next(_MESSAGES), user / 10)  # one who never rests, and keeps nobody else in memory
    assert len(state._users) == 601


def test_there_are_never_more_people_in_memory_than_allowed(monkeypatch):
    monkeypatch.setattr(floods, "_MOST_USERS", 100)
    state = Floods()
    _said([0] * 21, user=1, state=state)
    for user in range(2, 1000):
        state.seen(1, next(_MESSAGES), 0)
        state.seen(user, next(_MESSAGES), 0)
    assert len(state._users) == 100
    assert state.seen(1, next(_MESSAGES), 0) == "ignore"


@given(st.lists(st.sampled_from([0, 0, 0, 0.125, 0.25, 0.5, 1, 4, 12, 70]), max_size=300))
def test_no_more_than_twenty_answers_in_ten_seconds_and_notices_are_ten_seconds_apart(pauses):
    times = [sum(pauses[: number + 1]) for number in range(len(pauses))]
    decided = _said(times)
    answered = [time for time, what in zip(times, decided, strict=True) if what == "answer"]
    noticed = [time for time, what in zip(times, decided, strict=True) if what == "notice"]
    assert all(late - early >= 10 for early, late in zip(answered, answered[20:], strict=False))
    assert all(late - early >= 10 for early, late in pairwise(noticed))
    assert all(what == "answer" for what in decided[:20])
