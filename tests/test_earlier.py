"""A place in an article that has changed since: its earlier text, what became of the quote, and the present text."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import views
from bot.place import Earlier, Lost, Place
from bot.reply import Button
from bot.texts import CATALOGUES, catalogue
from retrieval.article import Article, Span
from retrieval.build import build
from tests.chat import Chat, buttons
from tests.double.entities import parse

KK, RU, EN = CATALOGUES
QUOTE = "Құрылысқа 240 миллион теңге бөлінді."
THEN = Article(
    "a.txt",
    f"Ақсуда жаңа кітапхана ашылды.\n\n{QUOTE} Ғимарат екі қабатты.\n\nКіру баршаға тегін болмақ.",
    "Кітапхана",
    "BAQ.KZ",
    date(2026, 3, 2),
)
NOW = replace(THEN, text=THEN.text.replace("240", "260"), title="Жаңа кітапхана")
SAME = replace(THEN, text=f"{THEN.text}\n\nКеше алғашқы оқырмандар келді.")
GONE = replace(THEN, text="Мақала редакцияның шешімімен толық алынып тасталды.")


def place_of(words: str, article: Article = THEN) -> Place:
    start = article.text.index(words)
    return Place(article.key, article.digest[:6], Span(start, start + len(words)))


PLACE = place_of(QUOTE)


def kept(id_: str, digest: str) -> Article | None:
    return THEN if id_ == THEN.id and THEN.digest.startswith(digest) else None


def shown(now: Article, at: int | None = None, texts=EN, place: Place = PLACE):
    (message,) = views.earlier(build([now]), Earlier(THEN, now), place, texts, at)
    return message


def present(message) -> Place:
    """Where the button to the present text leads."""
    (button,) = [one for row in message.buttons for one in row if one.label == EN.present_button]
    place = Place.read(button.data.removeprefix("ctx:"))
    assert place is not None
    return place


def words_in(message, kind: str) -> list[str]:
    found = parse(message.html, "html")
    units = found.text.encode("utf-16-le")
    return [
        units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
        for one in found.entities
        if one["type"] == kind
    ]


def test_a_place_finds_the_version_in_which_it_was_noted_and_the_present_one():
    assert PLACE.find(build([NOW]), kept) == Earlier(THEN, NOW)
    assert PLACE.find(build([THEN]), kept) == THEN
    assert PLACE.find(build([NOW])) is Lost.CHANGED
    assert replace(PLACE, digest="000000").find(build([NOW]), kept) is Lost.CHANGED
    assert replace(PLACE, span=Span(0, len(THEN.text) + 1)).find(build([NOW]), kept) is Lost.CHANGED
    assert PLACE.find(build([Article("b.txt", "Басқа мақала.")]), kept) is Lost.GONE


def test_the_earlier_text_is_shown_with_the_quote_in_bold_and_marked_as_changed():
    message = shown(NOW)

    assert words_in(message, "bold") == ["Кітапхана", QUOTE]
    assert words_in(message, "italic") == [EN.earlier]
    assert f"2. {QUOTE} Ғимарат екі қабатты." in parse(message.html, "html").text


def test_what_changed_in_the_quote_is_underlined_and_struck():
    message = shown(NOW)

    assert EN.earlier_differs in message.html
    assert (words_in(message, "underline"), words_in(message, "strikethrough")) == (["260"], ["240"])


@pytest.mark.parametrize(("now", "said"), [(SAME, EN.earlier_same), (GONE, EN.earlier_gone)])
def test_a_quote_that_stayed_or_went_is_said_to_have_done_so(now, said):
    message = shown(now)

    assert parse(message.html, "html").text.endswith(said)
    assert not words_in(message, "underline")


def test_two_words_that_stayed_are_found_as_well():
    assert EN.earlier_same in shown(SAME, place=place_of("Кіру баршаға")).html


@pytest.mark.parametrize(("now", "quoted"), [(NOW, QUOTE.replace("240", "260")[:-1]), (SAME, QUOTE[:-1])])
def test_a_button_leads_to_the_same_words_in_the_present_text(now, quoted):
    place = present(shown(now))

    assert place.find(build([now])) == now
    assert now.text[slice(*place.span)] == quoted


def test_where_the_quote_is_gone_the_button_leads_to_the_beginning_of_the_present_text():
    place = present(shown(GONE))
    (message,) = views.context(build([GONE]), GONE, place, EN)

    assert "1. Мақала редакцияның" in message.html


def test_the_earlier_text_is_turned_paragraph_by_paragraph():
    first = shown(NOW, 0)

    assert "1. Ақсуда" in first.html
    assert EN.earlier_differs not in first.html
    assert first.buttons[0] == (Button("›", f"ctx:{PLACE}:1"),)
    assert [button.label for button in shown(NOW, 1).buttons[0]] == ["‹", "›"]
    assert [button.label for button in shown(NOW, 2).buttons[0]] == ["‹"]


_WORDS = st.lists(
    st.sampled_from(["<b>", "&", "қар", "жауды.", "х" * 400, "Бір", "екі", "\n\n", "🏒"]), max_size=120
)


@given(_WORDS, _WORDS, st.integers(0, 400), st.integers(1, 4000), st.sampled_from(CATALOGUES))
@settings(max_examples=60, deadline=None)
def test_any_two_versions_make_one_message_that_telegram_takes(one, other, start, length, texts):
    then, now = (replace(THEN, text=f"Басы осы. {' '.join(words)}") for words in (one, other))
    start = min(start, len(then.text) - 1)
    place = Place(then.key, then.digest[:6], Span(start, min(len(then.text), start + length)))
    (message,) = views.earlier(build([now]), Earlier(then, now), place, texts, back=True)

    found = parse(message.html, "html")
    assert 0 < len(found.text) <= 4096
    assert all(len(button.data.encode()) <= 64 for row in message.buttons for button in row)


async def test_a_link_and_a_button_from_before_a_change_open_the_earlier_text_and_then_the_present_one():
    async with Chat(build([NOW]), versions=kept) as chat:
        ((linked,),) = [await chat.text(f"/start {PLACE}")]
        _, pressed = await chat.press(f"ctx:{PLACE}")
        assert linked.parameters["text"] == pressed.parameters["text"]
        assert QUOTE in parse(pressed.parameters["text"], "html").text
        assert catalogue("kk").earlier in pressed.parameters["text"]
        (present,) = [
            one["callback_data"] for one in buttons(pressed.parameters) if one["text"] == KK.present_button
        ]
        _, opened = await chat.press(present)
    assert "<b>Құрылысқа 260 миллион теңге бөлінді</b>" in opened.parameters["text"]
    assert KK.earlier not in opened.parameters["text"]


async def test_without_the_earlier_version_the_reader_is_told_that_the_article_has_changed():
    async with Chat(build([NOW])) as chat:
        ((told),) = await chat.press(f"ctx:{PLACE}")
    assert told.parameters["text"] == KK.changed
