import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot import reply, views
from bot.memory import Preferences
from bot.place import Place
from bot.reply import Button, Message, Reply, View, answered, citation
from bot.texts import CATALOGUES, Catalogue, catalogue
from retrieval.article import Article, Span
from retrieval.build import build
from retrieval.index import Index
from retrieval.passages import split
from retrieval.search import Answer, Quote, answer, worth_showing
from retrieval.snippet import LONGEST, Snippet
from tests.double.entities import Formatted, parse

_HERE = Path(__file__).parent
_QUESTIONS = [json.loads(row)["text"] for row in (_HERE / "questions.jsonl").read_text("utf-8").splitlines()]
KK, RU, EN = CATALOGUES
FOUND = 10  # quotes that an answer is paged through

SEVEN = Article(
    "қар.txt",
    "Бірінші күні елордада қар жауды.\n"
    "Екінші күні қаладан шығатын жолдар жабылды.\n"
    "Үшінші күні мектептер қашықтан оқытты.\n"
    "Төртінші күні ұшақтар кешігіп ұшты. Жолаушылар түнімен күтті. Таңға қарай аспан ашылды.\n"
    "Бесінші күні жолдар қайта ашылды.\n"
    "Алтыншы күні балалар мектепке барды.\n"
    "Жетінші күні қала түгел тазарды.",
    "Қардың жеті күні",
    "BAQ.KZ",
    date(2026, 3, 3),
)
FOURTH = "Төртінші күні ұшақтар кешігіп ұшты. Жолаушылар түнімен күтті. Таңға қарай аспан ашылды."


def quote_of(article: Article, words: str) -> Quote:
    start = article.text.index(words)
    span = Span(start, start + len(words))
    passage = next(one for one in split(article) if one.span.start <= start and span.end <= one.span.end)
    return Quote(article, passage, 1.0, 1.0, lambda: Snippet(span, ()))


def place_of(article: Article, words: str) -> Place:
    return Place.of(quote_of(article, words))


def shown(message: Message) -> Formatted:
    """The message as Telegram shows it."""
    return parse(message.html, "html")


def marked(message: Message, kind: str) -> list[str]:
    """What stands under the entities of a kind, in order; Telegram counts in UTF-16 code units."""
    formatted = shown(message)
    units = formatted.text.encode("utf-16-le")
    return [
        units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in formatted.entities
        if entity["type"] == kind
    ]


def buttons(messages: Reply) -> list[Button]:
    return [button for message in messages for row in message.buttons for button in row]


def labels(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.buttons]


def pressed(messages: Reply, label: str) -> str | None:
    """The data of the button whose label begins so; None where there is none."""
    return next((one.data for one in buttons(messages) if one.label.startswith(label)), None)


def page_of(data: str) -> int:
    return int(data.rsplit(":", 1)[1])


def assert_telegram_takes(messages: Sequence[Message]) -> None:
    for message in messages:
        formatted = shown(message)
        assert 0 < len(formatted.text) <= 4096
        assert len(formatted.entities) <= 100
    for button in buttons(tuple(messages)):
        assert button.label
        assert bool(button.data) != bool(button.copy)
        assert len(button.data.encode()) <= 64
        assert len(button.copy) <= 256


# --- A quote in its text


def test_a_quote_stands_in_its_paragraph_with_the_one_before_and_the_one_after():
    place = place_of(SEVEN, "Жолаушылар түнімен күтті.")
    (message,) = views.context(build([SEVEN]), SEVEN, place, KK)
    assert shown(message).text == (
        "Қардың жеті күні\n"
        "BAQ.KZ · 2026 ж. 3 наурыз\n\n"
        "3. Үшінші күні мектептер қашықтан оқытты.\n\n"
        f"4. {FOURTH}\n\n"
        "5. Бесінші күні жолдар қайта ашылды."
    )


@pytest.mark.parametrize(
    "words",
    [
        "Жолаушылар түнімен күтті.",  # in the middle of its paragraph
        "Төртінші күні ұшақтар кешігіп ұшты.",  # at its start
        "Таңға қарай аспан ашылды.",  # at its end
        FOURTH,  # all of it
        "Бірінші күні елордада қар жауды.",  # the first paragraph
        "Жетінші күні қала түгел тазарды.",  # the last one
    ],
)
def test_the_title_and_exactly_the_quote_are_bold(words):
    (message,) = views.context(build([SEVEN]), SEVEN, place_of(SEVEN, words), KK)
    assert marked(message, "bold") == ["Қардың жеті күні", words]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("Бірінші күні", ["1", "2"]), ("Екінші күні", ["1", "2", "3"]), ("Жетінші күні", ["6", "7"])],
)
def test_at_the_ends_of_an_article_only_what_is_there_is_shown(words, numbers):
    (message,) = views.context(build([SEVEN]), SEVEN, place_of(SEVEN, words), KK)
    paragraphs = shown(message).text.split("\n\n")[1:]
    assert [paragraph.split(".", 1)[0] for paragraph in paragraphs] == numbers


def test_a_page_without_the_quote_has_only_the_title_in_bold():
    place = place_of(SEVEN, "Жетінші күні қала түгел тазарды.")
    (message,) = views.context(build([SEVEN]), SEVEN, place, KK, 1)
    assert marked(message, "bold") == ["Қардың жеті күні"]


def test_a_speakers_line_stands_with_what_is_said():
    article = replace(SEVEN, text="Қала әкімі жиын өткізді.\nАЙГҮЛ СЕРІК, МҰҒАЛІМ:\nМектеп ертең ашылады.\n")
    (message,) = views.context(build([article]), article, place_of(article, "Мектеп ертең ашылады."), KK)
    assert shown(message).text.endswith("2. АЙГҮЛ СЕРІК, МҰҒАЛІМ:\nМектеп ертең ашылады.")
    assert marked(message, "bold") == ["Қардың жеті күні", "Мектеп ертең ашылады."]


def test_words_of_an_article_never_become_markup():
    article = replace(SEVEN, text="Елордада <b>қар</b> &amp; боран соқты.", title="<i>Қар</i>")
    place = place_of(article, "<b>қар</b> &amp; боран")
    (message,) = views.context(build([article]), article, place, KK)
    assert marked(message, "bold") == ["<i>Қар</i>", "<b>қар</b> &amp; боран"]
    assert marked(message, "italic") == []


def test_the_article_opens_from_below_and_the_answer_where_there_is_one():
    index, place = build([SEVEN]), place_of(SEVEN, "Екінші күні")
    (alone,) = views.context(index, SEVEN, place, EN)
    (behind,) = views.context(index, SEVEN, place, EN, back=True)
    assert alone.buttons[-1] == (Button("About the article", f"article:{SEVEN.key}"),)
    assert behind.buttons[-1] == (
        Button("‹ To the answer", "more:0"),
        Button("About the article", f"article:{SEVEN.key}"),
    )


@pytest.mark.parametrize(
    ("at", "turns"),
    [(0, ["›"]), (1, ["›"]), (2, ["‹", "›"]), (4, ["‹", "›"]), (5, ["‹"]), (6, ["‹"])],
)
def test_a_page_turns_only_to_where_there_is_more(at, turns):
    (message,) = views.context(build([SEVEN]), SEVEN, place_of(SEVEN, "Екінші күні"), KK, at)
    assert labels(message)[:-1] == [turns]


def test_an_article_of_three_paragraphs_or_fewer_has_no_pages():
    article = replace(SEVEN, text="Бірінші күн өтті.\nЕкінші күн өтті.\nҮшінші күн өтті.")
    (message,) = views.context(build([article]), article, place_of(article, "Екінші күн"), KK)
    assert labels(message) == [["Мақала туралы"]]


@pytest.mark.parametrize(("at", "same"), [(-5, 0), (-1, 0), (7, 6), (99_999, 6)])
def test_a_page_beyond_an_end_is_the_end(at, same):
    index, place = build([SEVEN]), place_of(SEVEN, "Екінші күні")
    assert views.context(index, SEVEN, place, KK, at) == views.context(index, SEVEN, place, KK, same)


_WORDS = st.sampled_from(
    [
        "Елордада",
        "қар",
        "қалың",
        "жауды",
        "түнімен",
        "Алматы",
        "мектеп",
        "15",
        "наурызда",
        "«Барыс»",
        "<b>",
        "&amp;",
        "🏒",
        "👩\u200d🏫",
    ]
)


@st.composite
def _prose(draw: st.DrawFn) -> str:
    """A paragraph of 30 to 5,000 characters: sentences of all lengths, or one without an end."""
    clause = " ".join(draw(st.lists(_WORDS, min_size=5, max_size=12)))
    sentence = draw(st.sampled_from([f"Қалада {clause} қалды. ", f"Қалада {clause} қалды, "]))
    length = draw(st.sampled_from([30, 200, 1200, 1300, 2600, 4096, 5000]))
    repeated = (sentence * (length // len(sentence) + 1))[: length - 5].rsplit(" ", 1)[0]
    return repeated.rstrip(" ,.") + " бар."


@st.composite
def _articles(draw: st.DrawFn) -> Article:
    text = "\n".join(draw(st.lists(_prose(), min_size=1, max_size=7)))
    title = draw(st.sampled_from([None, "Қар", "Елордада қалың қар жауып, жолдар жабылды " * 5]))
    return Article("қар.txt", text, title, draw(st.sampled_from([None, "BAQ.KZ"])), date(2026, 3, 3))


@st.composite
def _quoted(draw: st.DrawFn) -> Quote:
    """Any words of a passage, as many as a quote may have."""
    article = draw(_articles())
    passage = draw(st.sampled_from(split(article)))
    start = draw(st.integers(passage.span.start, passage.span.end - 1))
    # Telegram drops the mark of a blank stretch.
    start += article.text[start].isspace()
    end = draw(st.integers(start + 1, min(passage.span.end, start + LONGEST)))
    return Quote(article, passage, 1.0, 1.0, lambda: Snippet(Span(start, end), ()))


@st.composite
def _pasted(draw: st.DrawFn) -> tuple[Article, Place]:
    """The place of a text as long as a message, over the ends of passages and paragraphs."""
    article = draw(_articles())
    start = draw(st.integers(0, len(article.text) - 1))
    end = draw(st.integers(start + 1, min(len(article.text), start + 4096)))
    return article, Place(article.key, article.digest[:6], Span(start, end))


_LAST_OF_A_LONG_PARAGRAPH = replace(
    SEVEN, text="Қала тұрғындары түнімен қар күреді. " * 138 + "Таңға қарай аспан ашылды."
)


@given(_quoted(), st.sampled_from(["kk", "ru", "en"]))
@example(quote_of(_LAST_OF_A_LONG_PARAGRAPH, "Таңға қарай аспан ашылды."), "kk")
@examples(deadline=None, max_examples=40)
def test_a_quote_in_its_text_is_one_message_that_telegram_takes(quote, language):
    article = quote.article
    messages = views.context(build([article]), article, Place.of(quote), catalogue(language), back=True)
    assert_telegram_takes(messages)
    # A button edits the message it stands under: what stood in a second one would be lost.
    assert len(messages) == 1


@given(_pasted())
@example(
    (
        _LAST_OF_A_LONG_PARAGRAPH,
        replace(place_of(_LAST_OF_A_LONG_PARAGRAPH, "Қала тұрғындары"), span=Span(0, 4090)),
    )
)
@examples(deadline=None, max_examples=40)
def test_a_long_pasted_text_in_its_article_is_one_message_that_telegram_takes(pasted):
    article, place = pasted
    messages = views.context(build([article]), article, place, KK)
    assert_telegram_takes(messages)
    assert len(messages) == 1


@given(_quoted())
@example(quote_of(_LAST_OF_A_LONG_PARAGRAPH, "Таңға қарай аспан ашылды."))
@examples(deadline=None, max_examples=40)
def test_a_quote_is_bold_and_whole_however_long_its_paragraph(quote):
    messages = views.context(build([quote.article]), quote.article, Place.of(quote), KK)
    bold = [words for message in messages for words in marked(message, "bold")]
    assert bold[1:] == [quote.text]


def pages(index: Index, article: Article, place: Place, start: int) -> Iterable[tuple[int, Reply]]:
    """The pages on which "›" leads from a paragraph to the end, each with the paragraph asked for."""
    at: int | None = start
    while at is not None:
        page = views.context(index, article, place, KK, at)
        yield at, page
        data = pressed(page, "›")
        at = None if data is None else page_of(data)


@given(_quoted())
@examples(deadline=None, max_examples=20)
def test_turning_from_the_first_page_reaches_every_paragraph_and_ends(quote):
    article = quote.article
    index, place = build([article]), Place.of(quote)
    numbers: set[int] = set()
    turned = list(pages(index, article, place, 0))
    for _, page in turned:
        assert_telegram_takes(page)
        for part in "\n\n".join(shown(message).text for message in page).split("\n\n"):
            head = part.split(".", 1)[0]
            numbers |= {int(head)} if head.isdecimal() else set()
    assert numbers == {passage.paragraph for passage in index.passages}
    assert all(before < after for (before, _), (after, _) in pairwise(turned))


@given(_quoted())
@examples(deadline=None, max_examples=20)
def test_turning_back_from_the_last_page_ends_at_the_first_paragraph(quote):
    article = quote.article
    index, place = build([article]), Place.of(quote)
    at: int | None = max(passage.paragraph for passage in index.passages) - 1
    last = ""
    for _ in range(len(index.passages) + 1):
        page = views.context(index, article, place, KK, at)
        last = "\n\n".join(shown(message).text for message in page)
        data = pressed(page, "‹")
        if data is None:
            break
        at = page_of(data)
    else:
        pytest.fail("the pages never end")
    assert "\n\n1. " in last


def test_the_buttons_of_a_page_keep_the_place_of_the_quote():
    place = place_of(SEVEN, "Екінші күні")
    page = views.context(build([SEVEN]), SEVEN, place, KK, 3)
    assert pressed(page, "‹") == f"ctx:{place}:0"
    assert pressed(page, "›") == f"ctx:{place}:6"


def test_every_quote_that_answers_a_seed_question_is_shown_bold_in_one_message(seeds_index):
    found = (quote for question in _QUESTIONS for quote in answer(seeds_index, question, FOUND).quotes)
    for quote in {Place.of(quote): quote for quote in found}.values():
        (message,) = views.context(seeds_index, quote.article, Place.of(quote), KK, back=True)
        assert_telegram_takes([message])
        assert marked(message, "bold")[1:] == [quote.text]


# --- Settings


def ticked(message: Message) -> list[str]:
    return [label for row in labels(message) for label in row if label.startswith("✓")]


@pytest.mark.parametrize(
    ("preferences", "ticks"),
    [
        (Preferences(), ["✓ As in Telegram", "✓ 3"]),
        (Preferences("kk", 1), ["✓ Қазақша", "✓ 1"]),
        (Preferences("ru", 2), ["✓ Русский", "✓ 2"]),
        (Preferences("en", 3), ["✓ English", "✓ 3"]),
    ],
)
def test_what_is_chosen_and_only_that_is_ticked(preferences, ticks):
    (message,) = views.settings(preferences, EN)
    assert ticked(message) == ticks


def test_the_settings_offer_every_language_and_every_number_of_quotes():
    (message,) = views.settings(Preferences("ru", 2), RU)
    assert shown(message).text == "Настройки\nЯзык бота: Русский\nЧисло цитат: 2"
    assert message.buttons == (
        (
            Button("Қазақша", "set:language:kk"),
            Button("✓ Русский", "set:language:ru"),
            Button("English", "set:language:en"),
        ),
        (Button("Как в Telegram", "set:language:auto"),),
        (Button("1", "set:quotes:1"), Button("✓ 2", "set:quotes:2"), Button("3", "set:quotes:3")),
    )


def test_settings_that_follow_telegram_say_so():
    (message,) = views.settings(Preferences(), KK)
    assert shown(message).text == "Баптаулар\nБот тілі: Telegram-дағыдай\nҮзінді саны: 3"


# --- A citation to copy


def test_a_citation_holds_the_quote_and_all_that_is_known_of_where_it_stands():
    article = replace(SEVEN, url="https://baq.kz/snow")
    quote = quote_of(article, "Жолаушылар түнімен күтті.")
    assert citation(quote, KK) == (
        "«Жолаушылар түнімен күтті.» – BAQ.KZ, 2026 ж. 3 наурыз, Қардың жеті күні, 4-абзац, https://baq.kz/snow"
    )


def test_a_citation_leaves_out_what_is_unknown():
    article = Article("қар.txt", "Елордада қар қалың жауды.")
    assert citation(quote_of(article, article.text), EN) == "«Елордада қар қалың жауды.» – paragraph 1"


def test_a_quote_over_several_lines_is_copied_in_one():
    article = Article("қар.txt", "АЙГҮЛ СЕРІК, МҰҒАЛІМ:\nМектеп ертең ашылады.")
    assert citation(quote_of(article, article.text), EN).startswith(
        "«АЙГҮЛ СЕРІК, МҰҒАЛІМ: Мектеп ертең ашылады.» – "
    )


@given(
    _quoted(), st.sampled_from(["kk", "ru", "en"]), st.sampled_from([None, "https://baq.kz/" + "snow-" * 60])
)
@examples(deadline=None, max_examples=80)
def test_a_citation_can_be_copied_and_begins_with_the_quote(quote, language, url):
    copied = citation(replace(quote, article=replace(quote.article, url=url)), catalogue(language))
    assert len(copied) <= 256
    words, _, where = copied.removeprefix("«").rpartition("» – ")
    assert copied.startswith("«")
    assert where
    one_line = " ".join(quote.text.split())
    assert words == one_line or (words.endswith("…") and one_line.startswith(words.removesuffix("…")))


def test_an_address_is_copied_whole_or_not_at_all():
    url = "https://baq.kz/kk/news/qogam/elordada-qar-qalyn-zhauyp-zholdar-zhabyldy-2026-03-03-123456"
    article = replace(SEVEN, title="Елордада қар қалың жауып, қаладан шығатын жолдар жабылды", url=url)
    copied = citation(quote_of(article, "Жолаушылар түнімен күтті."), KK)
    assert "https://" not in copied or copied.endswith(url)


# --- An answer


def found(index: Index, question: str) -> Answer:
    return answer(index, question, FOUND)


def quotes_in(message: Message) -> list[str]:
    return [entity["type"] for entity in shown(message).entities if "blockquote" in entity["type"]]


@pytest.fixture(scope="module")
def answers(seeds_index: Index) -> list[Answer]:
    """The answers to all seed questions, refusals among them."""
    return [found(seeds_index, question) for question in _QUESTIONS]


@pytest.fixture(scope="module")
def several(answers: list[Answer]) -> Answer:
    """An answer with more quotes than one page of three shows."""
    return next(one for one in answers if one.quotes and len(worth_showing(one)) > 4)


@pytest.mark.parametrize("quotes", [1, 2, 3])
def test_the_first_quote_is_open_and_later_ones_unfold(several, quotes):
    (message,) = answered(several, KK, None, View(quotes=quotes))
    assert quotes_in(message) == ["blockquote", *["expandable_blockquote"] * (quotes - 1)]


def test_the_first_quote_of_a_later_page_is_open_as_well(several):
    (message,) = answered(several, KK, None, View(quotes=2, first=2))
    assert quotes_in(message) == ["blockquote", "expandable_blockquote"]
    assert "\n[3] " in shown(message).text
    assert "\n[4] " in shown(message).text


def test_a_quote_is_shown_in_exactly_the_words_of_its_article(several):
    (message,) = answered(several, KK, None, View(quotes=3))
    words = marked(message, "blockquote") + marked(message, "expandable_blockquote")
    assert words == [quote.text for quote in several.quotes[:3]]


def test_pages_show_every_quote_once_and_end(several):
    first: int | None = 0
    words: list[str] = []
    while first is not None:
        (message,) = answered(several, EN, None, View(quotes=2, first=first))
        words += marked(message, "blockquote") + marked(message, "expandable_blockquote")
        data = pressed((message,), "More")
        first = None if data is None else page_of(data)
    assert words == [quote.text for quote in worth_showing(several)]


def test_the_first_page_does_not_turn_back_and_the_second_does(several):
    first = answered(several, KK, None, View(quotes=2))
    second = answered(several, KK, None, View(quotes=2, first=2))
    assert pressed(first, "‹") is None
    assert pressed(second, "‹") == "more:0"


def test_an_answer_that_cannot_be_paged_has_no_buttons_for_it(several):
    messages = answered(several, KK, None, View(quotes=2, first=2, pages=False))
    assert [one for one in buttons(messages) if one.data.startswith("more:")] == []


def test_under_an_answer_stand_the_places_copying_and_votes_on_its_first_quote(several):
    one, two = (Place.of(quote) for quote in several.quotes[:2])
    (message,) = answered(several, EN, None, View(quotes=2))
    assert message.buttons == (
        (Button("In the text 1", f"ctx:{one}"), Button("In the text 2", f"ctx:{two}")),
        (Button("More ›", "more:2"), Button("Copy", copy=citation(several.quotes[0], EN))),
        (Button("👍", f"vote:1:{one}"), Button("👎", f"vote:-1:{one}")),
    )


def test_citations_are_links_to_their_place_where_the_bot_has_a_name(several):
    (linked,) = answered(several, KK, None, View(quotes=2, username="dayek_bot"))
    (plain,) = answered(several, KK, None, View(quotes=2))
    assert [one["url"] for one in shown(linked).entities if one["type"] == "text_link"] == [
        f"https://t.me/dayek_bot?start={Place.of(quote)}" for quote in several.quotes[:2]
    ]
    assert marked(plain, "text_link") == []


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [(KK, "Басқа үзінді жоқ."), (RU, "Больше цитат нет."), (EN, "There are no more quotes.")],
)
def test_past_the_last_quote_the_answer_says_there_are_no_more(several, texts, sentence):
    total = len(worth_showing(several))
    assert answered(several, texts, None, View(first=total)) == (Message(sentence),)
    assert answered(several, texts, None, View(first=9999)) == (Message(sentence),)


@pytest.mark.parametrize("quotes", [1, 2, 3])
def test_every_page_of_every_answer_is_one_that_telegram_takes(answers, quotes):
    for whole in answers:
        for first in range(0, len(whole.quotes) + 1, quotes):
            messages = answered(whole, KK, "Қошанов", View(quotes, first, "dayek_bot"))
            assert_telegram_takes(messages)
            assert sum(len(quotes_in(message)) for message in messages) <= quotes


@given(st.lists(_quoted(), min_size=1, max_size=5), st.integers(1, 3), st.integers(0, 5))
@examples(deadline=None, max_examples=60)
def test_an_answer_of_any_quotes_is_one_that_telegram_takes(quoted, quotes, first):
    every = tuple(_highlighted(quote) for quote in quoted)
    whole = replace(answer(build([]), "қар"), quotes=every, refusal=None)
    messages = answered(whole, RU, None, View(quotes, first, "dayek_bot"))
    assert_telegram_takes(messages)
    wanted = len(every[first : first + quotes])
    types = [kind for message in messages for kind in quotes_in(message)]
    assert types == (["blockquote", *["expandable_blockquote"] * (wanted - 1)] if wanted else [])


def _highlighted(quote: Quote) -> Quote:
    """The same quote with every word of it highlighted."""
    spans: list[Span] = []
    at = quote.span.start
    for word in quote.text.split():
        at = quote.article.text.index(word, at)
        spans.append(Span(at, at + len(word)))
        at += len(word)
    return replace(quote, cutting=lambda: Snippet(quote.span, tuple(spans)))


def test_no_more_than_the_first_twenty_five_words_of_a_quote_are_highlighted():
    article = Article("қар.txt", " ".join(["қар"] * 60) + " жауды.")
    quote = _highlighted(quote_of(article, article.text))
    whole = replace(answer(build([]), "қар"), quotes=(quote,), refusal=None)
    (message,) = answered(whole, KK, None)
    assert marked(message, "bold") == ["қар"] * 25
    assert marked(message, "blockquote") == [article.text]


def test_one_quote_for_another_chat_is_open_and_has_no_buttons(several):
    message = reply.single(several.quotes[0], KK, View(username="dayek_bot"))
    assert message.buttons == ()
    assert marked(message, "blockquote") == [several.quotes[0].text]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_refusal_has_no_quote_and_a_way_to_the_articles(seeds_index, language):
    texts: Catalogue = catalogue(language)
    (message,) = answered(found(seeds_index, "Ұлттық хоккей құрамасы кіммен ойнады?"), texts, None)
    assert quotes_in(message) == []
    assert message.buttons == ((Button(texts.sources_button, "sources:0"),),)
    assert shown(message).text.startswith(texts.not_found)
