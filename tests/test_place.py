import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.place import Lost, Place
from retrieval.article import Article, Span
from retrieval.build import build
from retrieval.index import Index
from retrieval.loading import load
from retrieval.passages import split
from retrieval.search import Quote, answer
from retrieval.sentences import sentences
from retrieval.snippet import Snippet

_HERE = Path(__file__).parent
_QUESTIONS = [json.loads(row)["text"] for row in (_HERE / "questions.jsonl").read_text("utf-8").splitlines()]
_SEEDS = load(_HERE.parent / "seeds").articles
_PASSAGES = [(article, passage) for article in _SEEDS for passage in split(article)]

SNOW = Article("қар.txt", "Елордада қар қалың жауды. Жолдар жабылды.", "Қар", "BAQ.KZ", date(2026, 3, 3))


@st.composite
def seed_quotes(draw: st.DrawFn) -> Quote:
    """Any words of any passage of the seed articles."""
    article, passage = draw(st.sampled_from(_PASSAGES))
    start = draw(st.integers(passage.span.start, passage.span.end - 1))
    end = draw(st.integers(start + 1, passage.span.end))
    return Quote(article, passage, 1.0, 1.0, lambda: Snippet(Span(start, end), ()))


def first_sentence_of(article: Article) -> Quote:
    passage = split(article)[0]
    return Quote(article, passage, 1.0, 1.0, lambda: Snippet(sentences(article.text, passage.text)[0], ()))


@given(seed_quotes())
@settings(max_examples=120, deadline=None)
def test_a_place_is_read_back_as_it_was_written_for_every_seed_quote(quote):
    place = Place.of(quote)
    assert Place.read(str(place)) == place


@given(seed_quotes())
@settings(max_examples=120, deadline=None)
def test_a_place_fits_into_a_button_and_a_start_link(quote):
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(Place.of(quote)))


@given(seed_quotes())
@settings(max_examples=80, deadline=None)
def test_a_place_leads_back_to_the_words_of_the_quote(seeds_index, quote):
    place = Place.read(str(Place.of(quote)))
    assert place is not None
    article = place.find(seeds_index)
    assert isinstance(article, Article)
    assert article.text[slice(*place.span)] == quote.text


def test_the_places_of_all_quotes_that_answer_the_seed_questions_can_be_opened(seeds_index):
    quotes = [quote for question in _QUESTIONS for quote in answer(seeds_index, question, 10).quotes]
    assert len(quotes) > 100
    for quote in quotes:
        place = Place.read(str(Place.of(quote)))
        assert place is not None
        assert place.find(seeds_index) is seeds_index.articles[quote.article.id]
        assert place.span == quote.span


def test_a_place_is_written_as_key_digest_start_and_end():
    assert SNOW.text[0:25] == "Елордада қар қалың жауды."
    written = str(Place.of(first_sentence_of(SNOW)))
    assert written == f"{SNOW.key}-{SNOW.digest[:6]}-0-25"


@given(seed_quotes())
@settings(max_examples=20, deadline=None)
def test_the_same_article_read_again_gives_the_same_place(quote):
    again = {article.id: article for article in load(_HERE.parent / "seeds").articles}
    article = again[quote.article.id]
    assert article is not quote.article
    assert str(Place.of(replace(quote, article=article))) == str(Place.of(quote))


def test_a_place_is_found_by_an_index_of_the_same_article_read_again():
    place = Place.of(first_sentence_of(SNOW))
    again = replace(SNOW)
    assert again is not SNOW
    assert place.find(build([again])) is again


def other(**changed: object) -> Index:
    return build([replace(SNOW, **changed)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "index",
    [
        other(text="Елордада қар аздап жауды. Жолдар жабылды."),
        other(text=SNOW.text + " Мектептер де."),
        other(text="Қар."),
        other(title="Боран"),
        other(source=None),
        other(published=date(2026, 3, 4)),
        other(url="https://example.org/snow"),
    ],
)
def test_an_article_that_a_reader_would_see_differently_is_said_to_have_changed(index):
    assert Place.of(first_sentence_of(SNOW)).find(index) is Lost.CHANGED


def test_an_article_that_is_no_longer_there_is_said_to_be_gone(seeds_index):
    place = Place.of(first_sentence_of(SNOW))
    assert place.find(seeds_index) is Lost.GONE
    assert place.find(build([])) is Lost.GONE
    assert place.find(other(id="жел.txt")) is Lost.GONE


def test_a_place_beyond_the_end_of_its_article_is_never_opened():
    forged = replace(Place.of(first_sentence_of(SNOW)), span=Span(0, len(SNOW.text) + 1))
    assert forged.find(build([SNOW])) is Lost.CHANGED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "inline",
        "қар",
        "0123456789ab",
        "0123456789ab-012345",
        "0123456789ab-012345-1",
        "0123456789ab-012345-1-",
        "0123456789ab-012345--1-2",
        "0123456789ab-012345-1-2-3",
        "0123456789ab-012345-a-b",
        "0123456789AB-012345-1-2",
        "0123456789a-012345-1-2",
        "0123456789abc-012345-1-2",
        "0123456789ab-01234-1-2",
        "0123456789ab-0123456-1-2",
        "0123456789ab_012345_1_2",
        "0123456789ab-012345-123456789-123456789",
        "0123456789ab-012345-1-2\n",
        " 0123456789ab-012345-1-2",
        "x0123456789ab-012345-1-2",
        "0123456789ab-012345-٣-٤",
    ],
)
def test_nonsense_is_no_place(text):
    assert Place.read(text) is None


@given(st.from_regex(r"[0-9a-f]{12}-[0-9a-f]{6}-[0-9]{1,8}-[0-9]{1,8}", fullmatch=True))
@settings(max_examples=120, deadline=None)
def test_whatever_has_the_form_of_a_place_is_read_and_written_the_same(text):
    place = Place.read(text)
    assert place is not None
    assert Place.read(str(place)) == place


@given(st.text(max_size=64))
@settings(max_examples=120, deadline=None)
def test_reading_a_place_never_fails_whatever_a_link_holds(text):
    assert Place.read(text) is None
