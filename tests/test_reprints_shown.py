"""How a citation names the other articles that say the same."""

from dataclasses import replace
from datetime import date

import pytest

from bot.reply import View, answered, single
from bot.texts import CATALOGUES
from retrieval.article import Article
from retrieval.build import build
from retrieval.check import Verdict, check
from retrieval.search import Quote, answer
from tests.double.entities import parse

KK, RU, EN = CATALOGUES
STORY = Article(
    "a.txt",
    "Ақсу ауданында жаңа кітапхана ашылды.\n\nҚұрылысқа жергілікті кәсіпкерлер 240 миллион теңге бөлген.",
    "Кітапхана",
    "BAQ.KZ",
    date(2026, 3, 2),
)
QUESTION = "Құрылысқа кәсіпкерлер қанша теңге бөлген?"


def reprint(at: int, **other) -> Article:
    return replace(STORY, id=f"r{at}.txt", published=date(2026, 3, 2 + at), **other)


def quote_with(*others: Article) -> Quote:
    return answer(build([STORY, *others]), QUESTION).quotes[0]


def line_of(*others: Article, texts=EN) -> str:
    message = single(quote_with(*others), texts, View())
    return parse(message.html, "html").text.splitlines()[-1]


@pytest.mark.parametrize(
    ("texts", "said"),
    [(KK, "↳ мұнда да бар: DKNews.kz"), (RU, "↳ то же самое: DKNews.kz"), (EN, "↳ also in: DKNews.kz")],
)
def test_a_reprint_is_named_below_the_citation(texts, said):
    assert line_of(reprint(1, source="DKNews.kz"), texts=texts) == said


def test_without_reprints_the_citation_is_the_last_line():
    assert line_of() == "[1] BAQ.KZ · 2 March 2026 · paragraph 2"


def test_a_reprint_without_a_source_is_named_by_its_title():
    assert line_of(reprint(1, source=None, title="Оқырмандар қуанды")) == "↳ also in: Оқырмандар қуанды"


def test_a_reprint_of_the_same_outlet_is_told_by_its_date():
    assert line_of(reprint(3)) == "↳ also in: BAQ.KZ (5 March 2026)"


def test_of_many_reprints_three_are_named_and_the_others_counted():
    others = [reprint(at, source=f"Газет {at}") for at in range(1, 6)]

    assert line_of(*others) == "↳ also in: Газет 1, Газет 2, Газет 3, 2 more"
    assert line_of(*others, texts=KK).endswith("Газет 3, тағы 2")


def test_a_reprint_with_an_address_is_a_link_to_it_and_nothing_of_it_becomes_markup():
    other = reprint(1, source="<b>A&B</b>", url='https://x.example/?a=1&b="2"')
    found = parse(single(quote_with(other), EN, View()).html, "html")

    assert found.text.endswith("↳ also in: <b>A&B</b>")
    assert [one["url"] for one in found.entities if one["type"] == "text_link"] == [
        'https://x.example/?a=1&b="2"'
    ]


@pytest.mark.parametrize("texts", CATALOGUES)
def test_an_answer_that_is_pasted_back_is_an_exact_quote(texts):
    index = build([STORY, reprint(1, source="DKNews.kz", title="Басқа тақырып")])
    (message,) = answered(answer(index, QUESTION, 1), texts, None)
    found = check(index, parse(message.html, "html").text)

    assert found.verdict is Verdict.EXACT
