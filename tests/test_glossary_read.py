"""When the glossary is read: by the bot at its start, by the library not before a foreign word is asked about."""

from collections.abc import Iterable

import pytest

from bot.running import opened
from bot.settings import load
from retrieval.article import Article
from retrieval.build import build
from retrieval.glossary import Entry, Glossary
from retrieval.search import answer

ARTICLES = [
    Article("a", "Мәжіліс төрағасы Ерлан Қошанов баяндама жасады.\nПарламент депутаттары сұрақ қойды."),
    Article("b", "Алматы қаласында жаңа метро бекеті ашылды."),
]


class UnwantedError(Exception):
    """The glossary was read."""


def unwanted() -> Iterable[Entry]:
    raise UnwantedError


@pytest.mark.parametrize(
    "question",
    [
        "Мәжіліс төрағасы кім?",
        "мажилис торагасы ким",  # on a keyboard without Kazakh letters
        "Парламент депутаттары",
        "Алматы метро",
        "Мәжіліс ғарышкері кім?",  # a Kazakh word that no article has
        "2026",
    ],
)
def test_a_kazakh_question_needs_no_glossary(question):
    index = build(ARTICLES, (), Glossary(unwanted))

    assert answer(index, question).query is not None


@pytest.mark.parametrize("question", ["Кто председатель?", "Who is the chair?", "Мәжіліс председатель"])
def test_a_question_with_a_foreign_word_reads_it(question):
    index = build(ARTICLES, (), Glossary(unwanted))

    with pytest.raises(UnwantedError):
        answer(index, question)


def test_the_bot_has_read_the_glossary_before_anybody_asks(tmp_path):
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.txt").write_text(ARTICLES[0].text, "utf-8")
    settings = load({"ARTICLES": str(articles), "DATABASE": str(tmp_path / "dayek.db")})

    with opened(settings, lambda _: None) as library:
        assert library.index.glossary.is_read
