import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markup import (
    LONGEST,
    MOST_ENTITIES,
    Block,
    Element,
    Kind,
    Run,
    Style,
    html,
    line,
    messages,
    paragraphs,
)
from tests.double.entities import parse

# What TDLib leaves as it is: no control characters, no marks that it removes on purpose.
_letters = st.text(st.sampled_from("абвқғң xyz<>&\"'😀é/=#;"), min_size=1, max_size=30)
_runs = st.builds(Run, _letters, st.sampled_from(Style))
_blocks = st.builds(
    Block, st.lists(_runs, min_size=1, max_size=5).map(tuple), st.sampled_from([Kind.PARAGRAPH, Kind.QUOTE])
)
_elements = st.lists(st.builds(Element, st.lists(_blocks, min_size=1, max_size=3).map(tuple)), max_size=4)


def _visible(elements):
    return "\n\n".join(
        "\n".join("".join(run.text for run in block.runs) for block in element.blocks) for element in elements
    )


@given(_elements)
@settings(deadline=None, max_examples=60)
def test_telegram_shows_exactly_the_characters_of_the_model(elements):
    assert parse(html(elements), "html").text == _visible(elements)


@given(_elements)
@settings(deadline=None, max_examples=40)
def test_length_and_entities_are_counted_as_telegram_counts_them(elements):
    formatted = parse(html(elements), "html")
    assert sum(element.length for element in elements) + 2 * max(0, len(elements) - 1) == len(formatted.text)
    assert len(formatted.entities) <= sum(element.entities for element in elements)


def test_words_of_an_article_never_become_markup():
    hostile = '<b>жуан</b> <a href="https://evil.example">сілтеме</a> &lt; &amp;'
    formatted = parse(html([Element((line(hostile),))]), "html")
    assert formatted.text == hostile
    assert [entity["type"] for entity in formatted.entities] == []


def test_a_link_keeps_its_address_whatever_it_holds():
    address = "https://example.org/?a=1&b=%22x%22"
    formatted = parse(html([Element((line(Run("түпнұсқа", link=address)),))]), "html")
    assert [(entity["type"], entity["url"]) for entity in formatted.entities] == [("text_link", address)]


@pytest.mark.parametrize(
    "address", ["tg://user?id=1", "javascript:alert(1)", "TG://resolve?domain=a", "data:,x"]
)
def test_an_address_that_is_no_web_page_is_no_link(address):
    formatted = parse(html([Element((line(Run("түпнұсқа", link=address)),))]), "html")
    assert (formatted.text, list(formatted.entities)) == ("түпнұсқа", [])


def test_elements_share_a_message_as_long_as_they_fit_and_are_parted_between_each_other():
    half = Element((line("а" * 2000),))
    assert messages([half, half, half]) == [(half, half), (half,)]


def test_the_longest_message_telegram_takes_is_not_parted():
    whole = Element((line("а" * LONGEST),))
    assert messages([whole]) == [(whole,)]


@pytest.mark.parametrize("word", ["сөз ", "а"])
def test_an_element_that_no_message_can_hold_is_parted_and_loses_no_character(word):
    text = word * 9000
    parts = messages([Element((Block((Run(text, Style.BOLD),), Kind.QUOTE),))])
    assert [sum(element.length for element in part) <= LONGEST for part in parts] == [True] * len(parts)
    assert "".join(run.text for part in parts for e in part for b in e.blocks for run in b.runs) == text


def test_a_word_is_not_cut_where_there_is_a_space():
    parts = messages([Element((line("сөз " * 2000),))])
    assert all(part[0].blocks[0].runs[-1].text.endswith("сөз ") for part in parts)


def test_no_message_has_more_entities_than_telegram_shows():
    bold = Element((Block(tuple(Run("а", Style.BOLD) for _ in range(60)), Kind.QUOTE),))
    assert all(sum(element.entities for element in part) <= MOST_ENTITIES for part in messages([bold] * 5))
    assert len(messages([bold] * 5)) == 5


def test_blank_lines_part_paragraphs():
    assert html(paragraphs("бір\nекі\n\nүш")) == "бір\nекі\n\nүш"
    assert len(paragraphs("бір\nекі\n\nүш")) == 2
