import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.formats.cleaning import clean, one_line

# Where two rules meet: letters of three scripts, joiners, signs for emoji, accents, spaces, newlines.
_MEETING = (
    "aҚиقا \n\r\t\u00a0\u200b\u200c\u200d\ufe0f\ufe0e\u202e\u2067\ufeff\U0001f468\U0001f3fd1#\u20e3\ud800\udc00"
    "\u0306\u0301\u0338=\u0340\u2028\x85\x1c\x1d\x00\U000e0041\u1160\uac00\u1100\u1161\u2000\u034f\u2800"
)


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("Қар\r\nжауды\rкеше\u2028бүгін\x85ертең", "Қар\nжауды\nкеше\nбүгін\nертең"),
        ("\ufeffҚар\x00 жау\x07ды\x1b\x9f", "Қар жауды"),
        ("Қ\u200bа\u2060р жа\u00adу\u200eды", "Қар жауды"),
        ("\u202eыдуаж рақ\u202c \u2067x\u2069", "ыдуаж рақ x"),
        ("Қар \ud83d жауды\udc00", "Қар жауды"),
        ("  Қар\u00a0\u2003жауды\t кеше \n\n\n\n жел  ", "Қар жауды кеше\n\nжел"),
        ("жаи\u0306лы", "жайлы"),
        ("Қар\U000e0049\U000e0067\ufe00 жауды\ufffc", "Қар жауды"),
        ("қ" + "\u0335" * 500 + "ар", "қ" + "\u0335" * 4 + "ар"),
        ("Қ\u200dар\ufe0f", "Қар"),
        ("", ""),
        ("\u200b \n \ufeff", ""),
    ],
)
def test_what_cannot_be_seen_is_taken_out(text, readable):
    assert clean(text) == readable


@pytest.mark.parametrize(
    "text",
    [
        "Әрбір өңірде ғалым ұл, үй, ың-жың; «тырнақша» – сызықша… 5 % № 7 §",
        "قازاقستان رەسپۋبليكاسى، پرەزيدەنت؟ ٶ ٷ ٸ ٵلەم",
        "می\u200cخواهم",
        "Qazaqstan Respublıkasy: şeşım, ūly, ñ, ä, ö, ü, ğ, ı, ŋ",
        "👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3 🇰🇿 👍🏽",
        "今天下雪了。",
        "e\u0301".encode().decode().replace("e\u0301", "é"),
    ],
)
def test_every_script_survives(text):
    assert clean(text) == text


@given(st.text(st.sampled_from(_MEETING)) | st.text(st.characters()))
@example("ا\u200c\u200cب")
@example("\U0001f468\ufe0f\u200d\U0001f468")
def test_a_clean_text_stays_as_it_is_and_can_be_stored(text):
    readable = clean(text)

    assert clean(readable) == readable
    readable.encode("utf-8")


def test_a_title_stands_in_one_line():
    assert one_line(" Қар\r\n\u200bжауды\n\nкеше ") == "Қар жауды кеше"
