"""A title and a source that hide, turn or imitate what stands round them, in every view that shows them."""

from dataclasses import replace
from datetime import date

import pytest

from bot import previews, views
from bot.drafts import Draft
from bot.place import Earlier, Place
from bot.reply import Message, Reply, View, answered, card, citation, provenance, shown_title, single, sources
from bot.texts import CATALOGUES
from retrieval.article import Article
from retrieval.build import build
from retrieval.check import check
from retrieval.document import Document
from retrieval.importing import Outcome, State
from retrieval.search import Refusal, answer
from tests.chat import Chat
from tests.double.entities import parse

KK, RU, EN = CATALOGUES
HIDDEN = set("\u200b\u200e\u2028\u202c\u202e\u2066\u2069\ufeff\x07\x1b")
TITLE = "\u202eкітап\u202c\n<b>үйі</b>\u200b\u2028\u2066жайлы\u2069 &lt;\ufeff\x1b[31m"
TITLE_SHOWN = "кітап <b>үйі</b> жайлы &lt;[31m"
SOURCE = "\u202eQALA\n\u2066.kz\u200e<i>\x07"
SOURCE_SHOWN = "QALA .kz<i>"
STORY = Article(
    "a.txt",
    "Ақсу ауданында жаңа кітапхана ашылды.\n\nҚұрылысқа жергілікті кәсіпкерлер 240 миллион теңге бөлген.",
    TITLE,
    SOURCE,
    date(2026, 3, 2),
)
REPRINT = replace(STORY, id="b.txt", published=date(2026, 3, 3))
QUESTION = "Құрылысқа кәсіпкерлер қанша теңге бөлген?"
INDEX = build([STORY, REPRINT])
FOUND = answer(INDEX, QUESTION)
PLACE = Place.of(FOUND.quotes[0])
DRAFT = Draft(1, 2, 0, Document(STORY.id, STORY.text, TITLE, SOURCE, STORY.published))
CHANGED = replace(STORY, title="Басқа", source="BAQ.KZ")
OUTCOME = Outcome("a.txt", "a.txt", State.CHANGED)
BOTH = View(username="dayek_bot")

TITLED: dict[str, Reply] = {
    "a page of the list": sources(INDEX, EN),
    "a card": card(INDEX, STORY, EN),
    "a place in its text": views.context(INDEX, STORY, PLACE, EN),
    "an earlier text": views.earlier(INDEX, Earlier(STORY, REPRINT), PLACE, EN),
    "the nearest of a refusal": answered(
        replace(FOUND, quotes=(), refusal=Refusal.NOT_FOUND, nearest=(STORY,)), EN, None
    ),
    "a preview": previews.preview([DRAFT], [OUTCOME], build([CHANGED]), EN),
    "a preview of many": previews.preview([DRAFT] * 2, [OUTCOME] * 2, build([CHANGED]), EN),
    "an admin's list": previews.listed(INDEX, EN),
    "an admin's card": previews.card(INDEX, STORY, EN),
    "the question before a removal": previews.remove_question(STORY, EN),
    "what was added": previews.added([DRAFT], INDEX, EN),
}
SOURCED: dict[str, Reply] = {
    "an answer": answered(FOUND, EN, None, BOTH),
    "a quote for any chat": (single(FOUND.quotes[0], EN, BOTH),),
    "a check": views.checked(check(INDEX, STORY.text.split("\n")[-1]), EN, "dayek_bot"),
    **{
        name: said
        for name, said in TITLED.items()
        if name not in {"a preview of many", "the question before a removal", "what was added"}
    },
}
REPLIES = {**TITLED, **SOURCED}


def text_of(said: Reply) -> str:
    return "\n".join(parse(one.html, "html").text for one in said)


def labels(message: Message) -> list[str]:
    return [text for row in message.buttons for one in row for text in (one.label, one.copy)]


@pytest.mark.parametrize("view", TITLED)
def test_a_title_is_shown_on_one_line_as_plain_words(view):
    assert any(TITLE_SHOWN in row for row in text_of(TITLED[view]).split("\n"))


@pytest.mark.parametrize("view", SOURCED)
def test_a_source_is_shown_on_one_line_as_plain_words(view):
    assert any(SOURCE_SHOWN in row for row in text_of(SOURCED[view]).split("\n"))


@pytest.mark.parametrize("view", REPLIES)
def test_nothing_that_cannot_be_seen_reaches_a_message_or_a_button(view):
    said = REPLIES[view]
    assert not HIDDEN & set(text_of(said))
    for label in (text for one in said for text in labels(one)):
        assert not (HIDDEN | {"\n"}) & set(label)


@pytest.mark.parametrize("view", REPLIES)
def test_no_word_of_a_name_becomes_markup(view):
    ours = {"bold", "italic", "blockquote", "expandable_blockquote", "text_link"}
    for message in REPLIES[view]:
        formatted = parse(message.html, "html")
        assert {one["type"] for one in formatted.entities} <= ours
        units = formatted.text.encode("utf-16-le")
        marked = [
            units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
            for one in formatted.entities
        ]
        assert "үйі" not in marked


def test_the_citation_to_copy_is_one_line_without_what_cannot_be_seen():
    said = citation(FOUND.quotes[0], EN)
    assert not (HIDDEN | {"\n"}) & set(said)
    assert f"– {SOURCE_SHOWN}, 2 March 2026, {TITLE_SHOWN}" in said


@pytest.mark.parametrize("texts", CATALOGUES)
def test_a_name_of_which_nothing_can_be_seen_is_none(texts):
    blank = replace(STORY, title="\u200b\u202e", source="\u2066\u2069 ")
    assert shown_title(blank) == "Ақсу ауданында жаңа кітапхана ашылды. Құрылысқа жергілікті…"
    assert provenance(blank, texts).startswith(f"{texts.unknown_source} · ")


def test_a_source_without_end_is_cut():
    assert len(provenance(replace(STORY, source="Қ" * 5000), EN)) < 150


async def test_inline_cards_show_the_same():
    async with Chat(build([STORY])) as chat:
        for query in ("", QUESTION):
            asked = {"id": "5", "from": chat.user, "query": query, "offset": ""}
            ((sent),) = await chat.update(inline_query=asked)
            (result,) = sent.parameters["results"]
            assert result["title"] == TITLE_SHOWN
            assert not HIDDEN & set(str(result))
