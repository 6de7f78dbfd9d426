import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.passages import Passage, split
from retrieval.snippet import LONGEST, cut
from tests.texts import TEXTS

SNOW = "Елордада қар қалың жауды."
ROADS = "Жол қызметі көшелерді түнімен тазалады."
SCHOOL = "Мектептер қашықтан оқуға көшті."
LONG = "Қалада " + "жаңа үлкен " * 40 + "кітапхана ашылды."  # one sentence of 464 characters


def only(text: str) -> Passage:
    (passage,) = split(Article("a", text))
    return passage


def quoted(text: str, *terms: str) -> str:
    return text[slice(*cut(text, only(text), dict.fromkeys(terms, 1.0)).span)]


def highlighted(text: str, *terms: str) -> list[str]:
    return [text[slice(*span)] for span in cut(text, only(text), dict.fromkeys(terms, 1.0)).highlights]


@given(TEXTS, st.data())
@settings(max_examples=200, deadline=None)
def test_a_snippet_of_any_passage_is_a_short_exact_slice_of_its_article(text, data):
    article = Article("a", text)
    known = sorted({term.term for term in analyze(text)}) or ["қар"]
    weights = data.draw(st.dictionaries(st.sampled_from(known), st.floats(0.1, 9), max_size=5))

    for passage in split(article):
        (start, end), highlights = cut(text, passage, weights)

        assert passage.span.start <= start < end <= passage.span.end
        assert end - start <= LONGEST
        assert text[start:end] == text[start:end].strip()
        assert end > passage.text.start, "the speaker's line stands alone"
        assert list(highlights) == sorted(highlights)
        for first, last in highlights:
            assert start <= first < last <= end
            assert text[first].isalnum()
            assert not (text[first - 1 : first].isalnum() and first > start)
            assert not text[last : last + 1].isalnum()


def test_a_passage_that_fits_is_quoted_whole():
    text = f"{SNOW} {ROADS} {SCHOOL}"

    assert quoted(text, "қар") == text


def test_whole_sentences_around_the_words_are_quoted_where_not_all_fit():
    text = " ".join([ROADS] * 6 + [SNOW] + [SCHOOL] * 6)

    found = quoted(text, "қар")

    assert SNOW in found
    assert found in text
    assert found.endswith(".")
    assert found.split()[0] in {"Жол", "Елордада", "Мектептер"}
    assert LONGEST - len(ROADS) <= len(found) <= LONGEST  # and it is filled up with its neighbours


def test_the_sentences_with_more_of_the_question_win():
    filler = " ".join([ROADS] * 8)

    found = quoted(f"{SNOW} {filler} Қар мен боран тоқтамады.", "қар", "боран")

    assert "Қар мен боран тоқтамады." in found
    assert SNOW not in found


def test_a_heavier_word_wins_over_a_lighter_one():
    text = f"{SNOW} {' '.join([ROADS] * 9)} {SCHOOL}"
    passage = only(text)

    light = cut(text, passage, {"қар": 1.0, "мектептер": 2.0})
    heavy = cut(text, passage, {"қар": 2.0, "мектептер": 1.0})

    assert SCHOOL in text[slice(*light.span)]
    assert SNOW in text[slice(*heavy.span)]


def test_of_a_sentence_that_is_too_long_the_stretch_with_the_words_is_quoted():
    found = quoted(LONG, "кітапхана")

    assert "жаңа үлкен кітапхана" in found
    assert LONGEST - len("Қалада ") <= len(found) <= LONGEST
    assert set(found.split()) <= set(LONG.split())  # no word is cut


def test_of_a_word_that_is_too_long_the_beginning_is_quoted():
    assert quoted("А" * 500 + ".") == "А" * LONGEST


SPEAKER = "АЙГҮЛ СЕРІК, МҰҒАЛІМ:"


def test_a_speaker_the_question_names_is_quoted_with_the_words():
    assert quoted(f"{SPEAKER}\n\n{SNOW}", "айгүл") == f"{SPEAKER}\n\n{SNOW}"


@pytest.mark.parametrize("said", [LONG, "А" * 500 + ".", f"{'А' * 340} бір екі."])
def test_a_speakers_line_never_stands_alone(said):
    found = quoted(f"{SPEAKER}\n{said}", "айгүл", "серік")

    assert len(found) <= LONGEST
    assert not SPEAKER.startswith(found)


def test_a_speakers_line_that_leaves_no_room_is_not_quoted_alone():
    speaker = "ӨТЕ ҰЗЫН ЛАУАЗЫМДЫ БАСТЫҚ " * 20 + "АЙГҮЛ:"

    assert SNOW in quoted(f"{speaker}\n{SNOW}", "айгүл", "бастық")


def test_every_match_is_highlighted_in_whatever_case():
    assert highlighted("Қар, ҚАР және қар мен қарлы жол.", "қар") == ["Қар", "ҚАР", "қар"]


def test_a_part_of_a_hyphenated_word_is_highlighted_alone_and_the_whole_once():
    assert highlighted("Жан-жақты талдау.", "жақты") == ["жақты"]
    assert highlighted("Жан-жақты талдау.", "жан-жақты", "жан", "жақты") == ["Жан-жақты"]


def test_decomposed_words_are_highlighted_whole():
    text = "Қазір жаи\u0306 түсті."

    assert highlighted(text, "жай") == ["жаи\u0306"]
