"""What the Kazakh stemmer looks things up in: every ending by its letters, sounds by their kind, stems by their look.

All of it is worked out once, from the tables of `suffixes`; a shape is a set of bits, as `bit` gives them.
"""

from retrieval.lookalikes import LOOKALIKES
from retrieval.suffixes import (
    BACK,
    CONSONANT_VERBS,
    DROPPED_VOWEL,
    FRONT,
    LISTED,
    SOUNDS,
    VOWEL_VERBS,
    Y_VERBS,
    bit,
    chains,
    derivations,
    words,
)

CHAINS = chains()
"""Every ending of inflection, with the stems it fits."""
DERIVATIONS = derivations()
"""Every suffix of derivation, with the stems it fits."""
SMALLEST = 3
"""Letters of a stem."""
KNOWN = LISTED | LOOKALIKES
"""Nouns that rules would shorten."""
VERBS = CONSONANT_VERBS | VOWEL_VERBS | Y_VERBS
"""Verbs by their stems, as far as they are listed."""
WHOLE = KNOWN | CONSONANT_VERBS | VOWEL_VERBS
"""Words that no ending comes off."""

VOWELS = frozenset("аәеоөұүыіэяёиую")
_OF_BACK, _OF_FRONT = (sum(bit(sound, harmony) for sound in range(len(SOUNDS))) for harmony in (BACK, FRONT))
# The shapes of stems by their last vowel, and by their last sound.
OF_VOWEL = (
    dict.fromkeys(VOWELS, _OF_BACK | _OF_FRONT)
    | dict.fromkeys("аоұы", _OF_BACK)
    | dict.fromkeys("әеөүі", _OF_FRONT)
)
OF_SOUND = {
    letter: bit(sound, BACK) | bit(sound, FRONT)
    for sound, letters in enumerate(SOUNDS.values())
    for letter in letters
}
# Last sounds that are voiced before a vowel, and what they go back to.
VOICELESS = {"б": "п", "г": "к", "ғ": "қ"}
# Two consonants that a stem can end in before a suffix that begins with a vowel.
CODAS = words(
    "рт рс рк рқ рп лт лк лқ лп лс нт нк нқ ңк ңқ йт ст нс "  # native
    "тр др бр пр кр гр фр кт кс пт фт зм лм рм рн рд нд вт мп мн рв рб нц рц рф лф "  # in loanwords
    "лл сс нн мм рр кк пп тт ск кл бл"
)
VERB_CODAS = words("рт рк рқ рп лт лк лқ лп нт нк нқ йт нш")
# The first letter of -ла -да -та, which makes verbs of nouns, and the sounds that it follows.
DENOMINAL = {
    "л": "аәеоөұүыіэяёрйуи",
    "д": "лмнңзж",
    "т": "кқпстшфх",
}
# Voice suffixes: those that only verbs have, and those that nouns share.
SURE_VOICES = tuple(
    words("лан лен дан ден тан тен лас лес дас дес тас тес лат лет тыр тір дыр дір қыз кіз ғыз гіз")
)
VOICES = (*SURE_VOICES, *words("дат дет тат тет ыл іл ын ін ыс іс ыт іт ыр ір йт рт лт сет"))

Tails = dict[str, bool]
"""All that some endings can end in, and whether each is an ending itself."""


def _tails(endings: set[str]) -> Tails:
    """All that an ending can end in, and whether it is an ending itself."""
    return {ending[at:]: ending[at:] in endings for ending in endings for at in range(len(ending))}


_MERGED = {
    "а": "я",
    "у": "ю",
    "й": "",
}  # the first letter of an ending, and what is written of it where it merges
CHAIN_TAILS = _tails({*CHAINS, *(_MERGED[one[0]] + one[1:] for one in CHAINS if one[0] in _MERGED)})
DERIVATION_TAILS = _tails(set(DERIVATIONS))
_VOICED = {voiceless: voiced for voiced, voiceless in VOICELESS.items()}
# What a noun that is known may look like before an ending.
KNOWN_BASES = {*KNOWN, *DROPPED_VOWEL, *(one[:-1] + _VOICED[one[-1]] for one in KNOWN if one[-1] in _VOICED)}
