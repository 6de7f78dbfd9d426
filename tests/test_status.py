"""`/status` as readers and admins see it."""

from datetime import date

import pytest

from bot.app import build_application
from bot.status import Status, shown
from bot.texts import CATALOGUES, catalogue
from retrieval.article import Article
from retrieval.build import build
from tests.chat import Chat, said
from tests.double.entities import parse

NOW = 1_000_000.0
SNOW = Article("snow", "Кеше қар жауды.", published=date(2026, 3, 3))
FAILING = (("https://a.kz/<rss>?…", date(2026, 3, 1)),)


def text(status, language, *articles, names=False):
    (message,) = shown(build(articles), status, catalogue(language), NOW, names=names)
    return parse(message.html, "html").text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("kk", "1 мақала\nЕң жаңасы: 2026 ж. 3 наурыз\nСоңғы жаңарту: 5 минут бұрын\n2 RSS-лента"),
        ("ru", "1 статья\nСамая новая: 3 марта 2026 г.\nПоследнее обновление: 5 минут назад\n2 RSS-ленты"),
        ("en", "1 article\nNewest: 3 March 2026\nLast update: 5 minutes ago\n2 RSS feeds"),
    ],
)
def test_it_says_how_much_there_is_and_how_fresh_in_the_readers_language(language, expected):
    assert text(Status(NOW - 300, 2, FAILING), language, SNOW) == expected


@pytest.mark.parametrize(
    ("seconds", "language", "words"),
    [
        (0, "en", "1 minute ago"),
        (-50, "ru", "1 минуту назад"),
        (2 * 3600, "ru", "2 часа назад"),
        (5 * 3600, "ru", "5 часов назад"),
        (3 * 24 * 3600, "kk", "3 күн бұрын"),
    ],
)
def test_times_are_said_as_people_say_them(seconds, language, words):
    assert catalogue(language).ago(seconds) == words


def test_what_is_not_known_is_left_out():
    assert text(Status(), "en") == "0 articles"
    assert text(Status(), "en", Article("a", "Жел соқты.")) == "1 article"


@pytest.mark.parametrize("texts", CATALOGUES)
def test_a_feed_that_fails_is_named_for_admins_alone_and_is_no_markup(texts):
    status = Status(NOW, 1, FAILING)
    assert "https://a.kz/<rss>?…" in text(status, texts.language, SNOW, names=True)
    assert texts.day(date(2026, 3, 1)) in text(status, texts.language, SNOW, names=True)
    assert "a.kz" not in text(status, texts.language, SNOW)


class Watched(Chat):
    """A chat with a bot one of whose feeds fails; 7 is who writes in it."""

    def __init__(self, admins, chat=None):
        super().__init__(build([SNOW]), "en", chat)
        self.application = build_application(
            lambda: build([SNOW]), "1:token", self.memory, request=self.request,
            status=lambda: Status(NOW, 1, FAILING), admins=frozenset(admins),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("admins", "chat", "named"),
    [
        ({7}, None, True),
        ({8}, None, False),
        (set(), None, False),
        ({7}, {"id": -100, "type": "supergroup", "title": "Топ"}, False),
    ],
)
async def test_only_an_admin_sees_the_names_and_only_in_private(admins, chat, named):
    async with Watched(admins, chat) as talk:
        found = said(await talk.text("/status"))
        assert "1 RSS feed" in found
        assert ("a.kz" in found) is named


async def test_without_feeds_it_answers_all_the_same():
    async with Chat(build([SNOW]), "en") as talk:
        assert said(await talk.text("/status")) == "1 article\nNewest: 3 March 2026"
