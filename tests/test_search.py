import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.build import build
from retrieval.index import Index
from retrieval.loading import load
from retrieval.search import Answer, Refusal, answer
from retrieval.snippet import LONGEST
from tests.conftest import SEEDS
from tests.texts import TEXTS

WORDS = sorted({term.term for article in load(SEEDS).articles for term in analyze(article.text)})
SNOW = "Елордада қар қалың жауды."
ROADS = "Жол қызметі көшелерді түнімен тазалады."


def index(*texts: str) -> Index:
    return build(Article(f"{number}.txt", text) for number, text in enumerate(texts))


def check(found: Answer) -> None:
    assert bool(found.quotes) == (found.refusal is None)
    assert [quote.score for quote in found.quotes] == sorted(
        (quote.score for quote in found.quotes), reverse=True
    )
    asked = set(found.terms)
    for quote in found.quotes:
        text = quote.article.text
        assert quote.text == text[quote.span.start : quote.span.end]
        assert 0 < len(quote.text) <= LONGEST
        assert quote.score > 0
        assert quote.article.body <= quote.span.start
        for start, end in quote.highlights:
            assert quote.span.start <= start < end <= quote.span.end
            assert asked & {term.term for term in analyze(text[start:end])}


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join), st.integers(1, 10))
@settings(max_examples=150, deadline=None)
def test_every_quote_of_the_seeds_is_a_slice_of_its_article(seeds_index, question, limit):
    found = answer(seeds_index, question, limit)

    check(found)
    assert len(found.quotes) <= limit
    for quote in found.quotes:
        assert quote.article.title is None or quote.article.title not in quote.text
        assert not {"$", "€", "×"} & set(quote.text)
        assert "Сурет:" not in quote.text


@given(st.lists(TEXTS, max_size=4), TEXTS)
@settings(max_examples=150, deadline=None)
def test_every_quote_of_any_articles_is_a_slice_of_its_article(texts, question):
    check(answer(index(*texts), question, 5))
    for text in texts:
        check(answer(index(*texts), text, 5))


@pytest.mark.parametrize("question", ["", "  \n", "?!", "…", "🏒", "_", "\u0306"])
def test_a_question_without_words_is_refused_as_such(seeds_index, question):
    found = answer(seeds_index, question)

    assert (found.quotes, found.refusal) == ((), Refusal.NO_WORDS)


@pytest.mark.parametrize("question", ["хоккей", "the weather tomorrow", "қйқйқ 999"])
def test_a_question_that_matches_nothing_is_refused_as_not_found(seeds_index, question):
    found = answer(seeds_index, question)

    assert (found.quotes, found.refusal) == ((), Refusal.NOT_FOUND)


def test_without_articles_every_question_is_refused_as_not_found():
    assert answer(index(), "қар").refusal is Refusal.NOT_FOUND


@pytest.mark.parametrize(
    "question", ["Қазақстанның бірқатар өңірінде аймақтық коалициялар жұмысын бастады", "AstanaTV 541.34"]
)
def test_title_outlet_and_ticker_are_never_quoted(seeds_index, question):
    for quote in answer(seeds_index, question, 10).quotes:
        assert question not in quote.text
        assert "AstanaTV" not in quote.text
        assert "541.34" not in quote.text


def test_captions_are_never_quoted(seeds_index):
    found = answer(seeds_index, "Сурет: Жетісу облысы әкімдігінің баспасөз қызметі", 10)

    assert found.quotes
    assert not any("Сурет" in quote.text for quote in found.quotes)


def test_the_best_passage_of_the_right_article_comes_first(seeds_index):
    found = answer(seeds_index, "Шымкент қалалық коалициясы құрамында неше адам?")

    assert found.quotes[0].article.id.startswith("001")
    assert "Құрамында 150 адам." in found.quotes[0].text


def test_a_quote_names_its_speaker(seeds_index):
    found = answer(seeds_index, "БҰХАРБАЙ ПАРМАНОВ не деді?").quotes[0]

    assert found.speaker == "БҰХАРБАЙ ПАРМАНОВ, ҚАЛАЛЫҚ ҚОҒАМДЫҚ КЕҢЕСІНІҢ ТӨРАҒАСЫ"
    assert "Коалицияның құрылғанының" in found.text


def test_a_quote_without_a_speaker_names_none():
    assert answer(index(SNOW), "қар").quotes[0].speaker is None


def test_equal_scores_stand_newest_first_then_by_place():
    old, new, undated = (
        Article("a", f"{SNOW}\n{SNOW}", published=date(2026, 1, 1)),
        Article("b", f"{SNOW}\n{SNOW}", published=date(2026, 2, 1)),
        Article("0", f"{SNOW}\n{SNOW}"),
    )

    for articles in ([old, new, undated], [undated, new, old]):
        quotes = answer(build(articles), "қар", 10).quotes
        assert [(quote.article.id, quote.passage.paragraph) for quote in quotes] == [
            ("b", 1),
            ("b", 2),
            ("a", 1),
            ("a", 2),
            ("0", 1),
            ("0", 2),
        ]


def test_articles_of_one_day_stand_by_id():
    articles = [Article(id_, SNOW, published=date(2026, 1, 1)) for id_ in ("c", "a", "b")]

    assert [quote.article.id for quote in answer(build(articles), "қар").quotes] == ["a", "b", "c"]


def test_there_are_never_more_quotes_than_asked_for():
    many = index(*[SNOW] * 9)

    assert [len(answer(many, "қар", limit).quotes) for limit in (1, 3, 20)] == [1, 3, 9]


def test_a_word_said_twice_counts_once(seeds_index):
    once, twice = (
        answer(seeds_index, "референдум жастар"),
        answer(seeds_index, "референдум жастар референдум"),
    )

    assert once.quotes == twice.quotes
    assert twice.terms == ("референдум", "жастар")


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
def test_composed_and_decomposed_letters_find_each_other(stored, asked):
    text = unicodedata.normalize(stored, "Кеше найзағай түсті. Ел үйде отырды.")

    found = answer(index(text, ROADS), unicodedata.normalize(asked, "найзағай"))

    assert [quote.text for quote in found.quotes] == [text]


def test_an_article_is_found_by_its_key(seeds, seeds_index):
    for article in seeds.values():
        assert seeds_index.article_by_key(article.key) == article
        assert {passage.article for passage in seeds_index.passages_of(article)} == {article.id}
    assert seeds_index.article_by_key("000000000000") is None
