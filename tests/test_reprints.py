"""Which articles tell one story, against a plain comparison of every two."""

import random
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.build import build, with_articles, without
from retrieval.index import Index
from retrieval.passages import split
from retrieval.reprints import Reprints
from retrieval.segment import Segment
from retrieval.shingles import KEYS, WIDTH, Sketches, sketches
from retrieval.terms import hash_of
from tests.test_segment import ARTICLES, PHRASES, newest_first

_SYLLABLES = [
    "қа",
    "ла",
    "ме",
    "ке",
    "тө",
    "бас",
    "ауыл",
    "дар",
    "жер",
    "су",
    "тау",
    "орман",
    "көше",
    "үй",
    "бала",
    "ша",
    "ру",
    "ны",
    "сы",
    "лы",
]
WORDS = sorted({one + two + three for one in _SYLLABLES for two in _SYLLABLES for three in _SYLLABLES})


def plain(text: str) -> set[tuple[str, ...]]:
    """The shingles of a text of plain words."""
    words = text.lower().replace(".", "").split()
    return {tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))}


def resemblance(one: str, other: str) -> float:
    first, second = plain(one), plain(other)
    return len(first & second) / len(first | second)


def is_one_story(one: str, other: str) -> bool:
    first, second = plain(one), plain(other)
    shared = len(first & second)
    return shared >= 0.8 * len(first | second) or shared >= 0.9 * min(len(first), len(second))


def told(choice: random.Random, size: int) -> list[str]:
    """A story of so many words, in sentences."""
    return [choice.choice(WORDS) + "." * (at % 12 == 11) for at in range(size)]


def edited(choice: random.Random, words: Sequence[str]) -> list[str]:
    """Another telling of the story: some words are others, a part is left out, something is put in front."""
    words = [choice.choice(WORDS) if choice.random() < share else word for share in (choice.choice((0, 0.01, 0.03, 0.1)),) for word in words]  # fmt: skip
    kept = int(len(words) * choice.choice((1, 1, 0.8, 0.5, 0.3)))
    start = choice.randint(0, len(words) - kept)
    return told(choice, choice.choice((0, 0, 5, 20))) + words[start : start + kept]


def pairs_found(index: Index) -> set[tuple[str, str]]:
    ids = [id_ for part in index.parts for id_ in part.segment.ids]
    reprints = Reprints(index, range(len(ids)))
    found = [(ids[at], other.id) for at in range(len(ids)) for other in reprints.of(at)]
    return {(min(pair), max(pair)) for pair in found}


def pairs_by_comparison(texts: dict[str, str]) -> set[tuple[str, str]]:
    return {pair for pair in combinations(sorted(texts), 2) if is_one_story(*(texts[id_] for id_ in pair))}


def test_reprints_of_random_stories_are_found_as_comparing_every_two_finds_them():
    choice = random.Random(3)
    texts: dict[str, str] = {}
    for story in range(60):
        words = told(choice, choice.randint(40, 300))
        tellings = [words, *(edited(choice, words) for _ in range(4))]
        texts |= {f"{story:02}-{at}": " ".join(telling) for at, telling in enumerate(tellings)}
    expected = pairs_by_comparison(texts)
    found = pairs_found(build(Article(id_, text) for id_, text in texts.items()))

    assert len(expected) > 150
    assert found <= expected
    # The least resemblance that counts here is 0.27: eight min-hashes miss it eight times in a hundred.
    assert len(expected - found) <= 0.03 * len(expected)
    assert not [pair for pair in expected - found if resemblance(*(texts[id_] for id_ in pair)) >= 0.8]


@given(
    st.lists(st.lists(st.sampled_from(WORDS[:12]), min_size=1, max_size=30).map(" ".join), max_size=6),
    st.integers(0, 6),
)
@settings(max_examples=60, deadline=None)
def test_nothing_is_a_reprint_that_a_comparison_of_the_words_does_not_find(texts, parts):
    articles = [Article(f"{at}", text) for at, text in enumerate(texts)]
    index = with_articles(build(articles[:parts]), articles[parts:])
    found = pairs_found(index)

    assert found <= pairs_by_comparison({article.id: article.text for article in articles})
    same = {pair for pair in combinations(sorted(map(str, range(len(texts)))), 2) if texts[int(pair[0])] == texts[int(pair[1])]}  # fmt: skip
    assert same <= found


def test_texts_that_differ_in_case_signs_and_white_space_alone_are_copies():
    one = "Елордада қар қалың жауды. Жол қызметі көшелерді түнімен тазалады."
    other = "ЕЛОРДАДА  ҚАР ҚАЛЫҢ ЖАУДЫ!\n\nЖол қызметі – көшелерді түнімен «тазалады»…"
    index = build([Article("a", one, "Қар"), Article("b", other, "Боран")])

    assert pairs_found(index) == {("a", "b")}


def test_reports_in_the_same_words_on_other_things_are_stories_of_their_own():
    weather = (
        "{} қаласында {} наурызда күн ашық болады, түнде {} градус аяз, күндіз {} градус жылы, жел {} метр."
    )
    towns = ["Алматы", "Шымкент", "Семей", "Атырау", "Тараз"]
    figures = [(3, 11, 5, 4), (4, 17, 2, 9), (5, 8, 7, 3), (6, 21, 1, 12), (7, 14, 9, 6)]
    index = build(
        Article(town, weather.format(town, *some)) for town, some in zip(towns, figures, strict=True)
    )

    assert pairs_found(index) == set()


def test_reprints_are_found_in_other_parts_and_not_when_they_were_removed():
    text = "Елордада қар қалың жауды. Жол қызметі көшелерді түнімен тазалады."
    index = with_articles(build([Article("a", text), Article("b", "Кеше жел соқты.")]), [Article("c", text)])

    assert [other.id for other in Reprints(index, [0]).of(0)] == ["c"]
    assert [other.id for other in Reprints(index, [2]).of(2)] == ["a"]
    assert Reprints(without(index, ["c"]), [0]).of(0) == ()


def test_articles_without_words_are_no_reprints_of_each_other():
    assert (
        pairs_found(build([Article("a", ""), Article("b", ""), Article("c", "…"), Article("d", "…")]))
        == set()
    )


@given(ARTICLES)
@settings(max_examples=40, deadline=None)
def test_a_segment_has_the_sketches_of_the_words_of_its_articles_passages(articles):
    words = [
        [token.word for passage in split(one) for token in analyze(one.text[slice(*passage.span)])]
        for one in newest_first(articles)
    ]
    hashes = np.array([hash_of(word) for some in words for word in some], np.uint64)
    bounds = np.cumsum([0, *map(len, words)])

    segment = Segment.build(articles, PHRASES)
    assert segment.sketches.shape == (len(articles), WIDTH)
    assert np.array_equal(segment.sketches, sketches(hashes, bounds))


def test_a_sketch_takes_24_bytes_an_article():
    assert WIDTH == 24
    assert (
        Segment.build([Article("a", "Елордада қар жауды.")], PHRASES).arrays()["segment.sketches"].nbytes
        == 24
    )


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_as_many_min_hashes_agree_as_the_resemblance_says(share):
    choice = np.random.default_rng(5)
    kept, more = 200, round(200 * (1 - share) / share / 2)  # words in both, and in each alone
    agreeing, pairs = 0, 250
    for _ in range(pairs):
        both, one, other = (choice.integers(1, 1 << 32, size, np.uint64) for size in (kept + 3, more, more))
        texts = [np.concatenate([both, some]) for some in (one, other)]
        found = Sketches(sketches(np.concatenate(texts), np.array([0, len(texts[0]), 2 * len(texts[0])])))
        keys = found.keys(np.array([0, 1]))
        agreeing += int((keys[0] == keys[1]).sum())

    # A binomial share of 2000 draws: four times its deviation, at most 0.045.
    assert abs(agreeing / (KEYS * pairs) - kept / (kept + 2 * more)) < 0.045
