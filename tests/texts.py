"""Texts for the tests of properties: lines of every kind, of words and of any signs."""

import unicodedata

from hypothesis import strategies as st

_SIGNS = "🏒 👩\u200d🏫 🇰🇿 e\u0301 и\u0306 × $540,1 * _"
_WORDS = st.sampled_from(
    f"қар Жел Алматы мектеп тоғыз-он 15 жауды. өтті, деді! «Барыс» й ё т.б. {_SIGNS}".split()
)
_SENTENCES = st.builds(
    lambda words, end: " ".join(words) + end,
    st.lists(_WORDS, min_size=1, max_size=40),
    st.sampled_from([".", "!", "?", "", ":", ",", " — деді ол."]),
)
_LINES = st.one_of(
    st.builds(" ".join, st.lists(_SENTENCES, min_size=1, max_size=6)),
    st.sampled_from(
        [
            "АЙГҮЛ СЕРІК, МҰҒАЛІМ:",
            "Фото: Ақорда",
            "×",
            "13.02.2026ж. 19:00",
            "Жолдағы жағдай",
            "- жол қызметі",
            " date 2026-02-13 Қар жауды",
            "USD 541.34",
            "",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
)
_ENDS = st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\u2028", "\u2029", "\t\n", "\n\ufeff"])

TEXTS = st.builds(
    lambda lines, form: unicodedata.normalize(form, "".join(line + end for line, end in lines)),
    st.lists(st.tuples(_LINES, _ENDS), max_size=12),
    st.sampled_from(["NFC", "NFD"]),
)
"""Articles as they might come: any line ends, composed and decomposed, with signs of every kind."""
