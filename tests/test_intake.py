"""What Telegram hands over, and what it never would: read, kept, counted, put into its lane."""

import asyncio
import json
import sqlite3
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot

from bot.inbox import Inbox, Received
from bot.intake import Intake, read, received
from bot.lanes import Lanes
from bot.metrics import Metrics
from bot.writer import Writer

_BOT = Bot("1:token")
_USER = {"id": 7, "is_bot": False, "first_name": "Оқырман", "language_code": "kk"}
_GROUP = {"id": -100123, "type": "supergroup", "title": "Топ"}
_MESSAGE: dict[str, Any] = {
    "message_id": 5, "date": 1_760_000_000, "chat": _GROUP, "from": _USER, "text": "Қашан? 😀",
    "entities": [{"type": "bot_command", "offset": 0, "length": 3}],
    "reply_to_message": {"message_id": 4, "date": 1_760_000_000, "chat": _GROUP, "text": "…"},
}  # fmt: skip
_UPDATES: dict[str, dict[str, Any]] = {
    "message": _MESSAGE,
    "callback_query": {"id": "1", "from": _USER, "chat_instance": "1", "data": "x", "message": _MESSAGE},
    "inline_query": {"id": "1", "from": _USER, "query": "қашан", "offset": ""},
    "edited_message": _MESSAGE,
    "poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
             "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
             "allows_revoting": False, "members_only": False},
}  # fmt: skip


def _body(**content):
    return json.dumps({"update_id": 1, **content}).encode()


NO_UPDATES = {
    "nothing": b"",
    "no JSON": b"update_id=1",
    "half of it": _body(message=_MESSAGE)[:-20],
    "an array": b"[" + _body(message=_MESSAGE) + b"]",
    "a string": b'"update"',
    "null": b"null",
    "an empty object": b"{}",
    "no update_id": json.dumps({"message": _MESSAGE}).encode(),
    "update_id is text": b'{"update_id": "1"}',
    "update_id is true": b'{"update_id": true}',
    "update_id is a fraction": b'{"update_id": 1.5}',
    "update_id is negative": b'{"update_id": -1}',
    "update_id is too large for the database": b'{"update_id": 9223372036854775808}',
    "update_id has 5,000 digits": b'{"update_id": ' + b"9" * 5000 + b"}",
    "a message that is a number": _body(message=5),
    "a message that is an array": _body(message=[]),
    "a chat that is text": _body(message={**_MESSAGE, "chat": "7"}),
    "a chat whose id is too large": _body(message={**_MESSAGE, "chat": {**_GROUP, "id": 2**63}}),
    "a sender whose id is too large": _body(inline_query={**_UPDATES["inline_query"], "from": {**_USER, "id": 10**30}}),
    "a chat whose id is text": _body(message={**_MESSAGE, "chat": {**_GROUP, "id": "7"}}),
    "a chat whose id is a fraction": _body(message={**_MESSAGE, "chat": {**_GROUP, "id": 5.5}}),
    "a chat whose id is not even a number": _body(message={**_MESSAGE, "chat": {**_GROUP, "id": float("nan")}}),
    "a date in no year": _body(message={**_MESSAGE, "date": 10**15}),
    "entities that are none": _body(message={**_MESSAGE, "entities": {"type": 5}}),
    "nested 100,000 deep": b'{"update_id": 1, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "replies nested 2,000 deep": b'{"update_id": 1, "message": ' + b'{"reply_to_message": ' * 2000 + b"{}" + b"}" * 2001,
    "no UTF-8": b'{"update_id": 1, "message": "\xff\xfe"}',
    "UTF-16": _body(message=_MESSAGE).decode().encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + _body(message=_MESSAGE),
    "a NUL": b'{"update_id": 1, "message": "\x00"}',
    "only NULs": b"\x00" * 100,
}  # fmt: skip


class _Lanes(Lanes):
    """Lanes that keep what they are given, and do nothing with it."""

    def __init__(self):
        self.taken: list[Received] = []

    def take(self, updates):
        self.taken += updates


@contextmanager
def _opened(path, busy=5.0):
    with closing(Writer(path, busy)) as writer, closing(Inbox(path, writer)) as inbox:
        lanes, metrics = _Lanes(), Metrics()
        yield Intake(_BOT, inbox, lanes, metrics), inbox, lanes, metrics


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dayek.db"


@pytest.mark.parametrize("body", NO_UPDATES.values(), ids=NO_UPDATES.keys())
async def test_what_is_no_update_is_kept_aside_and_counted_and_what_comes_with_it_goes_on(path, body):
    with _opened(path) as (intake, inbox, lanes, metrics):
        good = json.dumps({"update_id": 2, "message": _MESSAGE}).encode()
        await intake.take([body, good])
        ((_, _, length, error),) = inbox.malformed()
        assert length == len(body)
        assert error
        assert [update.update_id for update in lanes.taken] == [2]
        assert b'dayek_errors_total{kind="malformed"} 1.0' in metrics.text()
        assert b'dayek_updates_total{kind="message"} 1.0' in metrics.text()


@pytest.mark.parametrize(
    ("kind", "lane"),
    [
        ("message", -100123),
        ("callback_query", -100123),
        ("inline_query", 7),
        ("edited_message", -100123),
        ("poll", 0),
    ],
)
def test_the_lane_is_that_of_the_chat_and_without_one_that_of_the_person(kind, lane):
    found = received(_body(**{kind: _UPDATES[kind]}), _BOT, 12.5)
    known = {"message", "callback_query", "inline_query"}
    assert (found.update_id, found.kind, found.lane) == (1, kind if kind in known else "other", lane)
    assert (found.user, found.at) == (0 if kind == "poll" else 7, 12.5)


def test_half_a_surrogate_pair_and_a_nul_in_a_text_are_part_of_it():
    body = _body(message={**_MESSAGE, "text": "a\ud83d\x00b"})
    found = received(body, _BOT, 0.0)
    message = read(json.loads(found.body), _BOT).message
    assert message is not None
    assert message.text == "a\ud83d\x00b"


async def test_an_update_that_comes_again_is_counted_and_not_handed_on(path):
    body = _body(message=_MESSAGE)
    with _opened(path) as (intake, _, lanes, metrics):
        await intake.take([body])
        await intake.take([body, body])
        assert len(lanes.taken) == 1
        assert b"dayek_updates_again_total 2.0" in metrics.text()
    with _opened(path) as (intake, _, lanes, _):
        await intake.take([body])
        assert lanes.taken == []


async def test_where_nothing_can_be_kept_nothing_is_handed_on_and_telegram_keeps_it(path):
    with _opened(path, busy=0.01) as (intake, inbox, lanes, metrics):
        with closing(sqlite3.connect(path, isolation_level=None)) as another:
            another.execute("begin exclusive")
            for body in (_body(message=_MESSAGE), b"no update"):
                with pytest.raises(sqlite3.OperationalError):
                    await intake.take([body])
        assert (lanes.taken, inbox.depth().waiting, inbox.depth().malformed) == ([], 0, 0)
        assert b"dayek_updates_total{" not in metrics.text()
        await intake.take([_body(message=_MESSAGE)])
        assert len(lanes.taken) == 1


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def _nearly_updates(draw):
    """A good update in which one value, however deep, is something else, or missing."""
    kind = draw(st.sampled_from(sorted(_UPDATES)))
    whole = json.loads(json.dumps({"update_id": 1, kind: _UPDATES[kind]}))
    inside = whole
    while True:
        key = draw(st.sampled_from(sorted(inside)) if isinstance(inside, dict) else st.just(0))
        below = inside[key]
        if not isinstance(below, (dict, list)) or not below or draw(st.booleans()):
            break
        inside = below
    if draw(st.booleans()):
        inside[key] = draw(_anything)
    else:
        del inside[key]
    return json.dumps(whole).encode()


@settings(deadline=None, max_examples=60)
@given(st.lists(_nearly_updates() | st.binary(max_size=50) | _anything.map(lambda value: json.dumps(value).encode()),
                max_size=8))  # fmt: skip
def test_whatever_comes_is_kept_and_what_is_taken_can_be_read_again_after_a_restart(bodies):
    async def taken(path):
        with _opened(path) as (intake, inbox, lanes, _):
            await intake.take(bodies)
            ids = [update.update_id for update in lanes.taken]
            assert len(ids) == len(set(ids))
            assert len(lanes.taken) + inbox.depth().malformed <= len(bodies)
            return {update.update_id: update for update in lanes.taken}

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dayek.db"
        before = asyncio.run(taken(path))
        with _opened(path) as (_, inbox, _, _):
            after = inbox.waiting(100)
    assert {update.update_id for update in after} == set(before)
    for update in after:
        assert read(json.loads(update.body), _BOT).to_json() == before[update.update_id].parsed.to_json()
        assert update.at <= time.time()
