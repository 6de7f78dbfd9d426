"""A stemmer for Kazakh: `stem` takes the inflection off a word, `root` the derivation too.

The rules, from the right end of the word:

- A noun is a stem, then number, possession, case (кітап-тар-ымыз-дан); -дағы opens the row again. A verb
  is a stem, then negation, tense, person (айт-па-ды-ң), or a participle or infinitive with noun endings
  (айт-қан-дар-дың, айт-у-ға). `suffixes` spells out every ending that this order allows.
- An ending comes off only if its shape fits: the first consonant to the last sound of what remains, the
  vowels to its last vowel. и у ю я э, final ь, and names in -ев, -ин take either harmony.
- Of several endings that fit, the longest is taken, unless a shorter one leaves a word that is known. Where
  one letter decides (жұмыс-ы or жұмы-сы), the commoner kind of stem wins: see `_ambiguous`.
- Endings that verbs share with nouns (айт-а, айт-ар; мақал-а) come off verbs only: listed ones, or stems that
  show a voice suffix or the -ла of verbs made from nouns. After a noun ending the rest is looked at again.
- What remains has three letters and a vowel, or is one of the few short stems of the language.
- Then the last sound goes back to what it was: б г ғ before a vowel to п к қ (кітабы → кітап), a dropped
  vowel returns (халқы → халық). Loanwords keep their voice (клубы → клуб).
"""

from functools import lru_cache

from retrieval.endings import (
    CHAIN_TAILS,
    CHAINS,
    CODAS,
    DENOMINAL,
    DERIVATION_TAILS,
    DERIVATIONS,
    KNOWN,
    KNOWN_BASES,
    OF_SOUND,
    OF_VOWEL,
    SMALLEST,
    SURE_VOICES,
    VERB_CODAS,
    VERBS,
    VOICELESS,
    VOICES,
    VOWELS,
    WHOLE,
    Tails,
)
from retrieval.suffixes import (
    CONSONANT_VERBS,
    DROPPED_VOWEL,
    PRONOUNS,
    SHORT,
    SHORT_VERBS,
    VOWEL_VERBS,
    Y_VERBS,
    Fit,
)


def stem(word: str) -> str:
    """The word without its inflection; a normalised word in, never an empty string out (unless nothing came in).

    >>> stem("кітаптарымыздан"), stem("айтылмағандықтан"), stem("халқының")
    ('кітап', 'айтыл', 'халық')
    """
    shorter, done = _step(word)
    return shorter if done else _stem_of_rest(shorter)


@lru_cache(maxsize=1 << 15)
def _stem_of_rest(word: str) -> str:
    """The stem of a word that an ending has come off already; many words share it."""
    for _ in range(2):
        word, done = _step(word)
        if done:
            break
    return word


def root(word: str) -> str:
    """The stem without derivation: its noun, or its verb without voice; coarser, for a weaker search field.

    >>> root("қоғамдық"), root("кәсіпкерлік"), root("сақталуы")
    ('қоғам', 'кәсіп', 'сақта')
    """
    return _root_of_stem(stem(_adjective(word) or word))


def stem_and_root(word: str) -> tuple[str, str]:
    """Both at once, in less time than one by one."""
    found, noun = stem(word), _adjective(word)
    return found, _root_of_stem(stem(noun) if noun else found)


@lru_cache(maxsize=1 << 16)
def _root_of_stem(word: str) -> str:
    for _ in range(4):
        if word in KNOWN or word in VERBS or _country(word):
            break
        shorter = _underived(word)
        if not shorter:
            break
        word = shorter
    return word


def _adjective(word: str) -> str:
    """The noun of an adjective in -лы, which looks like a possessed noun in -л: сапалы; else empty."""
    noun = word[:-2]
    if not word.endswith(("лы", "лі")) or len(noun) < SMALLEST or noun[-1] not in "аеыі":
        return ""
    possessed = word[:-1] in KNOWN or noun.endswith(("шы", "ші"))  # өкіл-і, ұлтшыл-ы
    return "" if possessed else noun


def _underived(word: str) -> str:
    """The word without its last derivational suffix; empty if it has none that is safe to take off."""
    for start in _starts(word, DERIVATION_TAILS):
        base, kinds = word[:start], DERIVATIONS[word[start:]]
        shape = _shape(base)
        if kinds.noun & shape and len(base) >= SMALLEST and _syllables(base):
            return stem(base)
        long = len(base) > SMALLEST and _syllables(base) > 0
        if kinds.verb & shape and (base in VERBS or base in KNOWN or long):
            return base
        if kinds.weak & shape and (base in VERBS or _denominal(base)):
            return base
    return ""


def _step(word: str) -> tuple[str, bool]:
    """The word with one chain of endings taken off, and whether that is final."""
    if word in PRONOUNS or word in WHOLE or len(word) < SMALLEST or _country(word):
        return PRONOUNS.get(word, word), True
    best, known = "", ""
    final = True
    for start in _starts(word, CHAIN_TAILS):
        ending, base = word[start:], word[:start]
        if base[-1] in VOWELS and (base[-1] == "и" or ending[0] in "яю"):
            base, ending = _unmerged(base, ending)
        if best and base not in KNOWN_BASES:
            continue
        fit = CHAINS.get(ending)
        if fit is None or not (shape := _shape(base)):
            continue
        if fit.noun & shape and (result := _noun_stem(base, ending)):
            if result in KNOWN:
                known = result
            if not best:
                # қолдан-ды: both readings agree on the stem, and it is a verb
                best, final = result, bool(fit.verb & shape) and result.endswith(SURE_VOICES)
        if not best and (result := _verb_stem(base, ending, fit, shape)):
            best = result
    return known or best or word, final or bool(known)


def _starts(word: str, tails: Tails) -> list[int]:
    """Where the endings begin that the word may have, the longest first."""
    starts: list[int] = []
    for start in range(len(word) - 1, SMALLEST - 2, -1):
        is_ending = tails.get(word[start:])
        if is_ending is None:
            break
        if is_ending:
            starts.append(start)
    starts.reverse()
    return starts


def _unmerged(base: str, ending: str) -> tuple[str, str]:
    """The verb and its ending where the spelling has one letter for both: қо|яды is қой-ады, оқи|ды is оқы-йды."""
    if ending[0] in "яю":
        return base + "й", ("а" if ending[0] == "я" else "у") + ending[1:]
    for vowel in "ыі":
        if base[:-1] + vowel in Y_VERBS:
            return base[:-1] + vowel, "й" + ending
    return base, ending


def _country(word: str) -> bool:
    """Whether a word ends in -стан after a consonant: Қазақстан, Өзбекстан."""
    return word.endswith("стан") and len(word) > len("стан") and word[-5] not in VOWELS


def _shape(base: str) -> int:
    """The kinds of chain that fit the base, as bits: its last sound and its harmony."""
    if base[-1] == "ь":
        return OF_SOUND.get(base[-2:-1], 0)
    bits = OF_SOUND.get(base[-1], 0)
    if not bits or base.endswith(("ев", "ёв", "ин", "ик", "рк", "нк", "ог", "инг")):
        return bits
    for letter in reversed(base):
        if letter in OF_VOWEL:
            return bits & OF_VOWEL[letter]
    return 0


def _syllables(text: str) -> int:
    return sum(letter in VOWELS for letter in text)


def _noun_stem(base: str, ending: str) -> str:
    """What the noun is without the ending; empty if nothing sensible remains."""
    if base in KNOWN:
        return base
    if ending[0] in VOWELS:
        if base in DROPPED_VOWEL:
            return DROPPED_VOWEL[base]
        if (
            base[-1] not in VOWELS
            and base[-2] not in VOWELS
            and base[-2:] not in CODAS
            and not base.endswith("инг")
        ):
            return ""
        if base.endswith("уш") or (ending in ("ы", "і") and _adjective(base + ending)):
            return ""  # жазушы, сапалы
        base = _devoice(base)
    elif base[-1] in VOWELS and _ambiguous(base, ending):
        return ""
    return base if len(base) >= SMALLEST or base in SHORT else ""


def _ambiguous(base: str, ending: str) -> bool:
    """Whether the first consonant of the ending rather belongs to the stem: жұмыс-ы, ойын-ы, жолдас-ы."""
    if ending in ("ма", "ме"):  # бағдарлама is a noun far more often than "to my ..."
        return True
    if base[-1] in "ыі" and base[-2] != "ш":
        return ending.startswith(("сы", "сі")) or ending in ("ны", "ні")
    return ending.startswith(("сы", "сі")) and base[-2:] in ("да", "де", "та", "те") and _denominal(base)


def _devoice(base: str) -> str:
    """кітаб → кітап, but клуб and педагог stay."""
    if base[-1] not in VOICELESS or _foreign(base):
        return base
    return base[:-1] + VOICELESS[base[-1]]


def _foreign(base: str) -> bool:
    """Whether a word that ends in б or г is a loanword."""
    return (
        (base[-1] != "ғ" and base[-2] == "о" and _syllables(base) > 1)
        or base.endswith(("нг", "рг", "рб"))
        or (base[0] not in VOWELS and base[1] not in VOWELS)
        or any(letter in "фвцщэёчьъ" for letter in base)
    )


def _verb_stem(base: str, ending: str, fit: Fit, shape: int) -> str:
    """What the verb is without the ending; empty if nothing sensible remains."""
    strong, weak = fit.verb & shape, fit.weak & shape
    if not (strong or weak or fit.rare & shape) or base.endswith("уш"):
        return ""
    if ending[0] in VOWELS:
        result = _consonant_verb(base, ending)
    elif base[-1] in VOWELS:
        result = _vowel_verb(base, ending)
    else:
        result = base
    if not result or (len(result) < SMALLEST and result not in SHORT_VERBS):
        return ""
    if strong or result in VERBS or (weak and _verbal(result, ending)):
        return result
    return ""


def _verbal(base: str, ending: str) -> bool:
    """Whether a stem looks like a verb, so that an ending which nouns share may come off it."""
    if ending == "п":
        return _denominal(base)
    if ending.startswith(("атын", "етін")) and _syllables(base) == 1:
        return True
    return _voiced(base) or _passive(base)


def _consonant_verb(base: str, ending: str) -> str:
    """The verb before an ending that begins with a vowel."""
    if base[-1] in VOWELS and base[-1] not in "иу":
        mountain = base[-2:] in ("та", "те") and not _denominal(base)  # Көкшетау is no infinitive
        return base if ending[0] == "у" and not mountain else ""  # ойла-у
    if ending[0] in "ае" and base not in CONSONANT_VERBS:
        full = base + ending[0]
        if full in VOWEL_VERBS or (_denominal(full) and not _passive(base)):
            return ""  # ойла-ды, not ойл-ады
    if ending[0] in "уыі":
        for vowel in "ыі":
            if base + vowel in Y_VERBS:
                return base + vowel
    if len(base) >= SMALLEST and base[-2] not in VOWELS and base[-2:] not in VERB_CODAS:
        return ""
    if base[-1] == "у" and ending[0] in "ыі" and base[:-1] + "п" in CONSONANT_VERBS:
        return base[:-1] + "п"  # тап-: тауып
    return base[:-1] + VOICELESS.get(base[-1], base[-1])


def _vowel_verb(base: str, ending: str) -> str:
    """The verb before an ending that begins with a consonant: сұра-ды, оқы-ған."""
    if base[-1] in "иуыі":
        return base if base in Y_VERBS or base[-1] in "иу" else ""
    if base[-1] not in "ае":
        return ""
    shared = ending[0] == "р" or ending in ("йды", "йді", "пты", "пті", "йын", "йін", "йық", "йік")
    if shared and base not in VOWEL_VERBS and not _denominal(base) and base[-2:] not in ("ра", "ре"):
        return ""  # бидай-ды is a noun
    return base


def _denominal(base: str) -> bool:
    """Whether a stem ends in -ла -да -та, the suffix that makes verbs of nouns, after a fitting sound."""
    if base[-1] not in "ае" or (len(base) < SMALLEST + len("ла") and base[:-2] not in SHORT):
        return False
    return base[-3] in DENOMINAL.get(base[-2], "")


def _passive(base: str) -> bool:
    """Whether a stem ends in the passive -л: айтыл, жасал, сақтал."""
    verb = base[:-1]
    return base[-1] == "л" and (verb[-1] in "ыі" or verb in VOWEL_VERBS or _denominal(verb))


def _voiced(base: str) -> bool:
    """Whether a stem of two syllables or more ends in a voice suffix."""
    return _syllables(base) > 1 and base.endswith(VOICES)
