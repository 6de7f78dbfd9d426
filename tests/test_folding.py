"""Answers from articles that tell one story several times."""

from dataclasses import replace
from datetime import date

import pytest

from retrieval.article import Article
from retrieval.build import build, with_articles
from retrieval.search import Refusal, answer

PARAGRAPHS = (
    "Ақсу ауданында жаңа кітапхана ашылды. Ғимаратта балаларға арналған оқу залы мен дыбыс жазатын шағын студия бар.",
    "Құрылысқа жергілікті кәсіпкерлер 240 миллион теңге бөлген, ал кітаптардың жартысын тұрғындар сыйға тартқан.",
    "Кітапхана меңгерушісі Гүлсім Ораздың айтуынша, алғашқы аптада оқырман саны мың адамнан асып түскен.",
    "Енді мұнда жексенбі сайын ақындар кеші мен ертегі оқу сағаты өтеді, кіру баршаға тегін болмақ.",
)
STORY = Article(
    "a.txt",
    "\n\n".join(PARAGRAPHS),
    "Ақсуда кітапхана ашылды",
    "BAQ.KZ",
    date(2026, 3, 2),
    "https://baq.example/1",
)
OTHER = Article(
    "o.txt", "Семей қаласында көктемгі жәрмеңке өтті. Ақсу ауданының шаруалары бал сатты.", "Жәрмеңке"
)
LATER = replace(STORY, id="b.txt", source="DKNews.kz", published=date(2026, 3, 4), url="https://dk.example/2")


def reprint(*paragraphs: str) -> Article:
    return replace(LATER, text="\n\n".join(paragraphs))


REPRINTS = {
    "a copy": LATER,
    "another title": replace(LATER, title="Оқырмандар қуанышы"),
    "no title": replace(LATER, title=None),
    "the end cut off": reprint(*PARAGRAPHS[:3]),
    "another first line of the outlet": reprint(f"DKNews.kz. {PARAGRAPHS[0]}", *PARAGRAPHS[1:]),
    "typos corrected": reprint(*PARAGRAPHS[:3], PARAGRAPHS[3].replace("баршаға", "барлығына")),
    "a paragraph added": reprint(*PARAGRAPHS, "Келесі жылы дәл осындай кітапхана көрші ауданда да салынады."),
}


def quotes(articles, question, limit=3):
    return answer(build(articles), question, limit).quotes


@pytest.mark.parametrize("other", REPRINTS.values(), ids=REPRINTS.keys())
def test_of_a_story_and_its_reprint_the_earlier_one_is_quoted_and_the_other_named(other):
    found = quotes([other, STORY, OTHER], "Құрылысқа кәсіпкерлер қанша теңге бөлген?")

    assert found[0].text.startswith("Құрылысқа жергілікті кәсіпкерлер 240 миллион")
    assert (found[0].article, found[0].also) == (STORY, (other,))
    assert other.id not in {quote.article.id for quote in found}


def test_the_words_that_are_quoted_stand_in_the_article_that_is_quoted():
    shifted = replace(
        STORY, id="z.txt", text=f"Кіріспе сөйлем осында тұр.\n\n{STORY.text}", published=date(2026, 3, 1)
    )
    for quote in quotes([STORY, shifted], "Гүлсім Ораз не айтты?"):
        assert quote.article.text[slice(*quote.span)] == quote.text
        assert quote.article is shifted


def test_without_dates_the_article_with_a_source_is_quoted():
    nameless = replace(STORY, id="0.txt", source=None, published=None)
    named = replace(STORY, id="9.txt", published=None)

    (first, *_) = quotes([nameless, named], "кітапхана меңгерушісі")
    assert (first.article, first.also) == (named, (nameless,))


def test_reprints_are_named_in_the_order_in_which_they_were_published():
    others = [replace(STORY, id=f"{day}.txt", published=date(2026, 3, day)) for day in (9, 5, 7)]

    (first, *_) = quotes([*others, STORY], "кітапхана меңгерушісі")
    assert [article.id for article in first.also] == ["5.txt", "7.txt", "9.txt"]


def test_what_only_the_reprint_says_is_quoted_from_it():
    added = "Ашылу салтанатына жазушы Мұрат Сейітов келіп, оқырмандарға қолтаңба берді."
    other = reprint(*PARAGRAPHS, added)

    first = quotes([STORY, other], "Мұрат Сейітов кімге қолтаңба берді?")[0]
    assert (first.article, first.text, first.also) == (other, added, ())


def test_a_number_that_the_reprint_corrected_is_quoted_from_it():
    other = reprint(PARAGRAPHS[0], PARAGRAPHS[1].replace("240", "260"), *PARAGRAPHS[2:])
    asked = quotes([STORY, other], "260 миллион теңге")

    assert (asked[0].article, asked[0].also) == (other, ())
    assert "260 миллион" in asked[0].text
    assert [quote.article for quote in quotes([STORY, other], "240 миллион теңге")[:1]] == [STORY]


def test_passages_of_one_story_stay_quotes_of_their_own():
    found = quotes([STORY, LATER], "Ақсу кітапхана оқырман кеші", 10)

    assert len({quote.passage.paragraph for quote in found}) == len(found) > 1
    assert all((quote.article, quote.also) == (STORY, (LATER,)) for quote in found)


def test_many_reprints_leave_room_for_other_stories():
    copies = [replace(STORY, id=f"{number:02}.txt") for number in range(40)]
    others = [
        Article(f"k{at}", f"{town} кітапханасында оқу залы жөнделді.")
        for at, town in enumerate(("Семей", "Тараз", "Атырау"))
    ]
    found = quotes([*copies, *others], "кітапханада оқу залы бар ма?", 6)

    assert {quote.article.id for quote in found} >= {"k0", "k1", "k2"}
    assert len({quote.text for quote in found}) == len(found)
    assert max(len(quote.also) for quote in found) >= 20


def test_a_reprint_in_another_part_of_the_index_is_folded_as_well():
    index = with_articles(build([LATER, OTHER]), [STORY])

    (first, *_) = answer(index, "кітапхана меңгерушісі").quotes
    assert (first.article, first.also) == (STORY, (LATER,))


def test_a_refusal_names_a_story_once():
    towns = [
        "Семей",
        "Тараз",
        "Атырау",
        "Орал",
        "Көкшетау",
        "Талдықорған",
        "Қостанай",
        "Павлодар",
        "Ақтау",
        "Алматы",
    ]
    others = [Article(town, f"{town} шаһарында жәрмеңке өтті.") for town in towns]
    question = "Кітапхана меңгерушісі Гүлсім аптада қылмыс, жанжал, прокурор, сот"
    found = answer(build([STORY, LATER, *others]), question)

    assert found.refusal is Refusal.NOT_FOUND
    assert found.nearest == (LATER,)


def test_an_answer_without_reprints_names_none(seeds_index):
    assert all(
        not quote.also for quote in answer(seeds_index, "Шымкент коалициясы құрамында неше адам?", 10).quotes
    )
