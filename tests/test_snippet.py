import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.passages import Passage, split
from retrieval.phrases import Phrases
from retrieval.question import Wanted
from retrieval.snippet import LONGEST, Meant, Sought, cut
from tests.texts import TEXTS

SNOW = "Елордада қар қалың жауды."
ROADS = "Жол қызметі көшелерді түнімен тазалады."
SCHOOL = "Мектептер қашықтан оқуға көшті."
LONG = "Қалада " + "жаңа үлкен " * 40 + "кітапхана ашылды."  # one sentence of 464 characters


def only(text: str) -> Passage:
    (passage,) = split(Article("a", text))
    return passage


def sought(weights: dict[str, float], *wanted: Wanted, roots: tuple[str, ...] = ()) -> Sought:
    """What to look for: stems with their weights, and words known by their root only."""
    return Sought(
        {stem: Meant(stem, weight) for stem, weight in weights.items()},
        {root: Meant(root, 1.0) for root in roots},
        Phrases.of([("ұшақ", "әуе кемесі")]),
        frozenset(wanted),
    )


def quoted(text: str, *stems: str) -> str:
    return text[slice(*cut(text, only(text), sought(dict.fromkeys(stems, 1.0))).span)]


def highlighted(text: str, *stems: str, roots: tuple[str, ...] = ()) -> list[str]:
    found = cut(text, only(text), sought(dict.fromkeys(stems, 1.0), roots=roots))
    return [text[slice(*span)] for span in found.highlights]


def goes_on(text: str, at: int) -> bool:
    """Whether a word goes on across a place; figures and letters side by side, as in 10кг, are two words."""
    before, after = text[at - 1 : at], text[at : at + 1]
    return before.isalnum() and after.isalnum() and before.isdigit() == after.isdigit()


@given(TEXTS, st.data())
@settings(max_examples=80, deadline=None)
def test_a_snippet_of_any_passage_is_a_short_exact_slice_of_its_article(text, data):
    article = Article("a", text)
    tokens = analyze(text)
    stems = sorted({token.stem for token in tokens}) or ["қар"]
    roots = sorted({token.root for token in tokens}) or ["қар"]
    looked_for = sought(
        data.draw(st.dictionaries(st.sampled_from(stems), st.floats(0.1, 9), max_size=5)),
        *data.draw(st.sets(st.sampled_from(Wanted))),
        roots=tuple(data.draw(st.sets(st.sampled_from(roots), max_size=2))),
    )

    for passage in split(article):
        (start, end), highlights = cut(text, passage, looked_for)

        assert passage.span.start <= start < end <= passage.span.end
        assert end - start <= LONGEST
        assert text[start:end] == text[start:end].strip()
        assert end > passage.text.start, "the speaker's line stands alone"
        assert list(highlights) == sorted(highlights)
        for first, last in highlights:
            assert start <= first < last <= end
            assert text[first].isalnum()
            assert first == start or not goes_on(text, first)
            assert not goes_on(text, last)


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

    light = cut(text, passage, sought({"қар": 1.0, "мектеп": 2.0}))
    heavy = cut(text, passage, sought({"қар": 2.0, "мектеп": 1.0}))

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


def test_every_match_is_highlighted_in_whatever_case_and_form():
    assert highlighted("Қар, ҚАР және қардың түсі.", "қар") == ["Қар", "ҚАР", "қардың"]


def test_a_part_of_a_hyphenated_word_is_highlighted_alone_and_the_whole_once():
    assert highlighted("Жан-жақты талдау.", "жақ") == ["жақты"]
    assert highlighted("Жан-жақты талдау.", "жан-жақ", "жан", "жақ") == ["Жан-жақты"]


def test_decomposed_words_are_highlighted_whole():
    text = "Қазір жаи\u0306 түсті."

    assert highlighted(text, "жай") == ["жаи\u0306"]


def test_a_word_of_the_same_root_is_highlighted_where_roots_are_looked_for():
    text = "Достар келді, достық жеңді."

    assert highlighted(text, "дос") == ["Достар"]
    assert highlighted(text, "дос", roots=("дос",)) == ["Достар", "достық"]


def test_a_phrase_is_highlighted_as_one():
    assert highlighted("Кеше әуе кемесі қонды.", "әуе кеме") == ["әуе кемесі"]


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        (Wanted.NUMBER, "Қар отыз үйді басып қалды."),
        (Wanted.DATE, "Қар 13 ақпанда жауды."),
        (Wanted.PLACE, "Қар Алматыда қалың жауды."),
        (Wanted.PERSON, "Қар туралы Айгүл Серік айтты."),
    ],
)
def test_of_two_sentences_with_the_words_the_one_that_holds_what_is_wanted_is_quoted(wanted, answer):
    plain = "Қар қалың жауды, қар қайта жауады."  # holds the word twice
    text = f"{plain} {'Жол қызметі көшелерді түнімен тазалады. ' * 9}{answer}"
    passage = only(text)

    without = cut(text, passage, sought({"қар": 1.0}))
    with_wanted = cut(text, passage, sought({"қар": 1.0}, wanted))

    assert plain in text[slice(*without.span)]
    assert answer in text[slice(*with_wanted.span)]


def test_what_is_wanted_is_worth_less_than_a_word_of_the_question():
    both, number = "Қар мен боран тоқтамады.", "Отыз үйді қар басты."
    text = f"{both} {' '.join([ROADS] * 9)} {number}"

    found = cut(text, only(text), sought({"қар": 1.0, "боран": 1.0}, Wanted.NUMBER))

    assert both in text[slice(*found.span)]
