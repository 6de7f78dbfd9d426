from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.memory import KEPT, Asked, Forgotten, Memory, Preferences

AIGUL, SERIK = 11, 12  # readers
HOME, GROUP = 11, -1005  # chats; a private chat has its reader's number
NO_TOPIC, SPORT = 0, 7
NOON = 1_772_539_200.0
PLACE, ELSEWHERE = "0123456789ab-0a1b2c-10-20", "0123456789ab-0a1b2c-30-40"
SNOW = Asked("Қар қашан жауды?", 3)
ROADS = Asked("Жолды кім тазалады?", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dayek.db"


@pytest.fixture
def memory(path: Path) -> Iterator[Memory]:
    with closing(Memory(path)) as opened:
        yield opened


def reopened(path: Path) -> closing[Memory]:
    return closing(Memory(path))


def test_a_reader_who_chose_nothing_has_three_quotes_in_the_language_of_telegram(memory):
    assert memory.preferences(AIGUL) == Preferences(language=None, quotes=3)


def test_settings_survive_a_reopened_file(path):
    with reopened(path) as memory:
        memory.prefer(AIGUL, Preferences("ru", 1))
        memory.prefer(SERIK, Preferences(None, 2))
    with reopened(path) as memory:
        assert memory.preferences(AIGUL) == Preferences("ru", 1)
        assert memory.preferences(SERIK) == Preferences(None, 2)


def test_a_later_choice_replaces_the_one_before(memory):
    memory.prefer(AIGUL, Preferences("ru", 1))
    memory.prefer(AIGUL, Preferences(None, 1))
    assert memory.preferences(AIGUL) == Preferences(None, 1)


def test_what_one_connection_keeps_another_sees_at_once(memory, path):
    with reopened(path) as other:
        memory.prefer(AIGUL, Preferences("en", 2))
        assert other.preferences(AIGUL) == Preferences("en", 2)


def test_the_memory_shares_a_file_with_the_tables_of_others(path):
    with reopened(path) as memory:
        memory._database.execute("create table articles (id text)")
        memory._database.execute("insert into articles values ('қар')")
        memory.prefer(AIGUL, Preferences("ru", 1))
    with reopened(path) as memory:
        assert memory._database.execute("select id from articles").fetchall() == [("қар",)]


def test_a_chat_without_a_question_has_none(memory):
    assert memory.asked(HOME, NO_TOPIC, NOON) is None


def test_the_last_question_of_a_chat_is_kept_with_the_number_of_quotes_shown(path):
    with reopened(path) as memory:
        memory.ask(HOME, NO_TOPIC, AIGUL, SNOW, NOON)
    with reopened(path) as memory:
        assert memory.asked(HOME, NO_TOPIC, NOON + 1) == SNOW


def test_the_last_question_is_there_for_an_hour_and_gone_after_it(memory):
    assert KEPT == 60 * 60
    memory.ask(HOME, NO_TOPIC, AIGUL, SNOW, NOON)
    assert memory.asked(HOME, NO_TOPIC, NOON + 3599) == SNOW
    assert memory.asked(HOME, NO_TOPIC, NOON + 3601) is None


def test_a_question_older_than_an_hour_is_deleted_from_the_file_when_any_chat_asks(memory):
    memory.ask(HOME, NO_TOPIC, AIGUL, SNOW, NOON)
    memory.asked(GROUP, NO_TOPIC, NOON + 3601)
    assert memory._database.execute("select count(*) from asked").fetchone() == (0,)


def test_the_hour_starts_again_with_every_question(memory):
    memory.ask(HOME, NO_TOPIC, AIGUL, SNOW, NOON)
    memory.ask(HOME, NO_TOPIC, AIGUL, SNOW, NOON + 3000)
    assert memory.asked(HOME, NO_TOPIC, NOON + 6000) == SNOW


def test_a_chat_has_one_last_question_whoever_asks(memory):
    memory.ask(GROUP, NO_TOPIC, AIGUL, SNOW, NOON)
    memory.ask(GROUP, NO_TOPIC, SERIK, ROADS, NOON + 1)
    assert memory.asked(GROUP, NO_TOPIC, NOON + 2) == ROADS
    assert memory._database.execute("select count(*) from asked").fetchone() == (1,)


def test_every_chat_and_every_topic_of_a_chat_has_its_own_last_question(memory):
    memory.ask(GROUP, NO_TOPIC, AIGUL, SNOW, NOON)
    memory.ask(GROUP, SPORT, AIGUL, ROADS, NOON)
    assert memory.asked(GROUP, NO_TOPIC, NOON) == SNOW
    assert memory.asked(GROUP, SPORT, NOON) == ROADS
    assert memory.asked(HOME, NO_TOPIC, NOON) is None


def votes(memory: Memory) -> list[tuple[int, str, str, int]]:
    rows = memory._database.execute("select user, question, place, vote from votes order by user, place")
    return [tuple(row) for row in rows]


def test_a_vote_survives_a_reopened_file(path):
    with reopened(path) as memory:
        memory.vote(AIGUL, "11/5", PLACE, 1, NOON)
    with reopened(path) as memory:
        assert votes(memory) == [(AIGUL, "11/5", PLACE, 1)]


def test_a_readers_later_vote_on_a_place_replaces_the_earlier_one(memory):
    memory.vote(AIGUL, "11/5", PLACE, 1, NOON)
    memory.vote(AIGUL, "11/9", PLACE, -1, NOON + 1)
    assert votes(memory) == [(AIGUL, "11/9", PLACE, -1)]


def test_votes_of_other_readers_and_on_other_places_stand_side_by_side(memory):
    memory.vote(AIGUL, "11/5", PLACE, 1, NOON)
    memory.vote(AIGUL, "11/5", ELSEWHERE, -1, NOON)
    memory.vote(SERIK, "12/5", PLACE, -1, NOON)
    assert votes(memory) == [
        (AIGUL, "11/5", PLACE, 1),
        (AIGUL, "11/5", ELSEWHERE, -1),
        (SERIK, "12/5", PLACE, -1),
    ]


def test_forget_deletes_everything_about_the_person_and_the_chat_and_counts_it(path):
    with reopened(path) as memory:
        memory.prefer(AIGUL, Preferences("ru", 1))
        memory.ask(HOME, NO_TOPIC, AIGUL, SNOW, NOON)
        memory.ask(GROUP, SPORT, AIGUL, ROADS, NOON)  # the same person in another chat
        memory.vote(AIGUL, "11/5", PLACE, 1, NOON)
        memory.vote(AIGUL, "11/5", ELSEWHERE, 1, NOON)
        assert memory.forget(AIGUL, HOME) == Forgotten(settings=1, questions=2, votes=2)
    with reopened(path) as memory:
        assert memory.preferences(AIGUL) == Preferences()
        assert memory.asked(HOME, NO_TOPIC, NOON) is None
        assert memory.asked(GROUP, SPORT, NOON) is None
        assert votes(memory) == []


def test_forget_in_a_group_deletes_the_last_questions_of_all_its_topics(memory):
    memory.ask(GROUP, NO_TOPIC, SERIK, SNOW, NOON)
    memory.ask(GROUP, SPORT, SERIK, ROADS, NOON)
    assert memory.forget(AIGUL, GROUP) == Forgotten(settings=0, questions=2, votes=0)
    assert memory.asked(GROUP, NO_TOPIC, NOON) is None
    assert memory.asked(GROUP, SPORT, NOON) is None


def test_forget_leaves_what_others_chose_asked_and_voted_for(memory):
    memory.prefer(SERIK, Preferences("en", 2))
    memory.ask(SERIK, NO_TOPIC, SERIK, ROADS, NOON)
    memory.vote(SERIK, "12/5", PLACE, -1, NOON)
    memory.prefer(AIGUL, Preferences("ru", 1))
    memory.forget(AIGUL, HOME)
    assert memory.preferences(SERIK) == Preferences("en", 2)
    assert memory.asked(SERIK, NO_TOPIC, NOON) == ROADS
    assert votes(memory) == [(SERIK, "12/5", PLACE, -1)]


def test_forget_where_nothing_is_kept_counts_nothing(memory):
    assert memory.forget(AIGUL, HOME) == Forgotten(settings=0, questions=0, votes=0)


def test_no_byte_of_a_forgotten_question_is_left_in_the_file(path):
    with reopened(path) as memory:
        memory.ask(HOME, NO_TOPIC, AIGUL, SNOW, NOON)
    assert SNOW.question.encode() in path.read_bytes()
    with reopened(path) as memory:
        memory.forget(AIGUL, HOME)
    left = [file for file in path.parent.iterdir() if SNOW.question.encode() in file.read_bytes()]
    assert left == []
