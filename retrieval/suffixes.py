"""The suffix tables of the Kazakh stemmer: what may follow a stem, in which order and in which shape.

A suffix is written once, with capital and small Latin letters for the sounds that adapt to what precedes
(vowel harmony and consonant assimilation), the way the grammars write -ЛАр or -(Ы)м:

    A  а / е                    Y  ы / і                     K  қ / к
    a  а / е after a consonant  y  ы / і after a consonant   s  с after a vowel
    x  present vowel: а / е after a consonant, й after a vowel
    r  aorist: ар / ер after a consonant, р after a vowel
    L  plural л д т     N  genitive н д т     O  accusative н д т     P  ablative д н т
    D  д т              G  ғ қ / г к          Q  negation м б п       I  instrumental м б п
    E  person м б п

Cyrillic letters stand for themselves. `chains` puts the suffixes in their order and spells out every result
with the stems that it fits: six classes of last sounds, each with back or front vowels.

Sources: the endings, their order and their shapes are those of the standard descriptions (Балақаев et al.,
Қазіргі қазақ тілі; Muhamedowa, Kazakh: A Comprehensive Grammar, 2016). The word lists are our own.

Departures. The instrumental and the independent possessive -нікі never harmonise. Also taken off, though
not standard: -быз, -бын beside -мыз, -мын, negation in -ма, and the ablative -дан, all after a nasal. Only
in the paradigms of UniMorph: -матын beside -майтын, -дың after a front vowel in a negated verb.
"""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import product
from typing import NamedTuple

# The last sound of a stem decides the first sound of the suffix. у, и and ю count with й and р: оқудың, биі.
SOUNDS = {
    "vowel": "аәеоөұүыіэяё",
    "glide": "рйуию",
    "л": "л",
    "з": "зж",
    "nasal": "мнң",
    "voiceless": "кқпстфхцчшщһбвгдғ",  # a final б в г д counts as voiceless: клубтар, заводтың
}
CLASSES = tuple(SOUNDS)
BACK, FRONT = 0, 1
VOWEL = 0

_SHAPES = {  # archiphoneme -> its shapes after vowel, glide, л, з, nasal, voiceless
    "L": "ллдддт",
    "N": "нддднт",
    "O": "нддддт",
    "D": "дддддт",
    "P": "дддднт",
    "Q": "мммббп",
    "I": "мммбмп",
    "E": "мммбмп",
}
_HARMONY = {"A": "ае", "Y": "ыі", "K": "қк"}

NUMBER = ("", "LAр")
POSSESSION_SINGULAR = ("yм", "yң")
POSSESSION_PLURAL = ("yмYз", "yңYз")
POSSESSION_THIRD = ("sY",)
CASE = ("", "NYң", "GA", "OY", "DA", "PAн", "DAн", "Iен", "DAGY", "Nікі")
CASE_AFTER_SINGULAR = ("", "NYң", "A", "OY", "DA", "PAн", "Iен", "DAGY", "Nікі")
CASE_AFTER_THIRD = ("", "нYң", "нA", "н", "нDA", "нAн", "мен", "нDAGY", "нікі")
PERSON = ("EYн", "QYн", "сYң", "EYз", "QYз", "сYңDAр", "сYзDAр")
PERSON_AND_POLITE = (*PERSON, "сYз")

NEGATION = ("QA", "IA")
PAST = ("DY", "DYм", "DYң", "DYңYз", "DYңDAр", "DYңYзDAр")
PAST_WE = ("DYK",)
PRESENT = ("xEYн", "xсYң", "xсYз", "xDY", "xсYңDAр", "xсYзDAр")
PRESENT_WE = ("xEYз",)  # also the end of our nouns: қаламыз
CONDITIONAL = ("сA", "сAм", "сAң", "сAңYз", "сAK", "сAңDAр", "сAңYзDAр")
IMPERATIVE = ("yңYз", "yңDAр", "yңYзDAр", "сYн", "aйYн", "aйYK")
NEGATED_PAST = ("дың", "дыңYз", "дыңDAр", "дыңYзDAр")  # in UniMorph after any vowel: келмедың
NEGATED = ("й", "с", "стAн", "йYншA")
INABILITY = ("xQA",)  # айта алма- in one word
INTENTION = ("QAK", "QAKшY")
CONVERB = ("yпDY", "yпEYн", "yпсYң", "yпсYз", "yпEYз", "GAлY", "GAншA")
PERFECT = ("GAн",)
HABITUAL = ("xтYн",)
PERFECT_PERSON = ("DYм", "DYң", "DYK", "DYңYз", "DYңDAр", "DYңYзDAр", "DAй", "DYKтAн", "шA")


class Fit(NamedTuple):
    """The stems that a chain fits, one bit for each class of last sound and harmony, by the chain's kind."""

    noun: int = 0
    verb: int = 0  # says "verb" by itself
    weak: int = 0  # also the end of many nouns: only after what is, or looks like, a verb
    rare: int = 0  # more often the end of a noun: only after a listed verb


def bit(sound: int, harmony: int) -> int:
    """The bit of stems with this class of last sound and this harmony."""
    return 1 << (2 * sound + harmony)


# Derivation, for roots: after any noun; after four letters or a listed word; after a sure verb only.
NOUN_DERIVATION = ("LYK", "LY", "сYз", "шY", "шYл", "шYлYK", "DAй")
CAREFUL_DERIVATION = (
    *("ушY", "шA", "GY", "кер", "гер", "LAс", "LA", "LAн", "LAнDYр", "LAл"),
    *("QA", "IA", "GYш", "Yс", "Yм", "Yл", "DYр", "GYз"),
)
VOICE = ("yл", "yн", "yт", "DYр", "GYз")

Spelled = list[tuple[str, int]]  # what has been spelled so far, and the class of its last sound
Growth = Callable[[Spelled, int], Spelled]


@cache
def _spell(suffix: str, sound: int, harmony: int) -> tuple[str, int]:
    """One suffix after one kind of stem: `_spell("LAр", voiceless, FRONT)` is ("тер", glide)."""
    spelled = ""
    for letter in suffix:
        vowel = sound == VOWEL
        if letter in _SHAPES:
            new = _SHAPES[letter][sound]
        elif letter in _HARMONY:
            new = _HARMONY[letter][harmony]
        elif letter == "G":
            new = ("ғг", "қк")[CLASSES[sound] == "voiceless"][harmony]
        elif letter in "ay":
            new = "" if vowel else ("ае" if letter == "a" else "ыі")[harmony]
        elif letter == "s":
            new = "с" if vowel else ""
        elif letter == "x":
            new = "й" if vowel else "ае"[harmony]
        elif letter == "r":
            new = "р" if vowel else ("ар", "ер")[harmony]
        else:
            new = letter
        spelled += new
        if new:
            sound = next(number for number, name in enumerate(CLASSES) if new[-1] in SOUNDS[name])
    return spelled, sound


def _extend(begun: Spelled, slot: Iterable[str], harmony: int) -> Spelled:
    """Everything begun, followed by each suffix of the slot."""
    return [
        (text + spelled[0], spelled[1])
        for suffix in slot
        for text, sound in begun
        for spelled in (_spell(suffix, sound, harmony),)
    ]


def _possession_and_case(begun: Spelled, harmony: int) -> Spelled:
    return [
        *_extend(begun, CASE, harmony),
        *_extend(_extend(begun, POSSESSION_SINGULAR, harmony), CASE_AFTER_SINGULAR, harmony),
        *_extend(_extend(begun, POSSESSION_PLURAL, harmony), CASE, harmony),
        *_extend(_extend(begun, POSSESSION_THIRD, harmony), CASE_AFTER_THIRD, harmony),
    ]


def _noun(begun: Spelled, harmony: int) -> Spelled:
    """[number] [possession] [case], and what -дағы opens: [number] [third person] [case] once more."""
    plain = _possession_and_case(_extend(begun, NUMBER, harmony), harmony)
    local = [(text, sound) for text, sound in plain if text.endswith(("ғы", "гі"))]
    again = _extend(local, NUMBER, harmony)
    reopened = [
        *_extend(again, CASE, harmony),
        *_extend(_extend(again, POSSESSION_THIRD, harmony), CASE_AFTER_THIRD, harmony),
    ]
    persons = _extend(_extend(begun, NUMBER, harmony), PERSON, harmony)
    return [*plain, *reopened, *persons]


def _verb(begun: Spelled, harmony: int) -> Spelled:
    """[negation] [tense] [person], or a participle or infinitive with the endings of a noun."""
    negated = _extend(begun, NEGATION, harmony)
    stems = [*begun, *negated]
    participles = _extend(stems, PERFECT, harmony)
    if begun[0][1] == VOWEL:
        participles += _extend(begun, HABITUAL, harmony)
        unable = _extend(begun, INABILITY, harmony)
        stems, negated = [*stems, *unable], [*negated, *unable]
    aorist = [*_extend(begun, ("r",), harmony), *_extend(negated, ("с",), harmony)]
    infinitives = _extend(stems, ("у",), harmony)
    after_vowel = [*negated, *begun] if begun[0][1] == VOWEL else negated
    return [
        *_extend(stems, (*PAST, *CONDITIONAL, *IMPERATIVE, *CONVERB, *PRESENT), harmony),
        *_extend(after_vowel, (*PRESENT_WE, *PAST_WE), harmony),
        *_extend(negated, (*NEGATED, *NEGATED_PAST), harmony),
        *_extend(_extend(negated, ("тYн",), harmony), ("", *PERSON_AND_POLITE), harmony),
        *_possession_and_case(_extend([*participles, *infinitives], NUMBER, harmony), harmony),
        *_extend(participles, (*PERSON_AND_POLITE, *PERFECT_PERSON), harmony),
        *_extend(_extend(negated, PERFECT, harmony), NEGATED_PAST, harmony),
        *_extend(_extend(begun, HABITUAL, harmony), PERSON_AND_POLITE, harmony),
        *_extend(aorist, PERSON_AND_POLITE, harmony),
        *_extend(_extend(stems, INTENTION, harmony), PERSON_AND_POLITE, harmony),
        *([] if begun[0][1] == VOWEL else _extend(begun, ("yп",), harmony)),
    ]


def _weak(begun: Spelled, harmony: int) -> Spelled:
    """Endings that many nouns share: айта, айтар, айтпақ, айтамыз, айтатын; ойлап."""
    bare = _extend(begun, ("x", "r", "yп", *PRESENT_WE, *INTENTION), harmony)
    habitual = _extend(_extend(begun, HABITUAL, harmony), NUMBER, harmony)
    unable = _extend(begun, INABILITY, harmony) if begun[0][1] != VOWEL else []
    return [
        *bare,
        *_possession_and_case(habitual, harmony),
        *_extend(unable, (*PRESENT, *PRESENT_WE, "й"), harmony),
    ]


def _rare(begun: Spelled, harmony: int) -> Spelled:
    """Endings that as a rule belong to a noun: айттық, айтқай; отырсыз."""
    return _extend(begun, ("GAй", "сYз", *PAST_WE), harmony)


def _derived(*suffixes: str) -> Growth:
    return lambda begun, harmony: _extend(begun, suffixes, harmony)


def chains() -> dict[str, Fit]:
    """Every ending of inflection that the tables can build, with the stems it fits."""
    return _spell_out(_noun, _verb, _weak, _rare)


def derivations() -> dict[str, Fit]:
    """Every suffix of derivation; its three kinds stand in the fields noun, verb and weak."""
    return _spell_out(_derived(*NOUN_DERIVATION), _derived(*CAREFUL_DERIVATION), _derived(*VOICE))


def _spell_out(*kinds: Growth) -> dict[str, Fit]:
    found: dict[str, list[int]] = {}
    for sound, harmony in product(range(len(CLASSES)), (BACK, FRONT)):
        for kind, grow in enumerate(kinds):
            for text, _ in grow([("", sound)], harmony):
                if text:
                    found.setdefault(text, [0, 0, 0, 0])[kind] |= bit(sound, harmony)
    return {text: Fit(*fits) for text, fits in found.items()}


def words(text: str) -> frozenset[str]:
    """The words of a written list."""
    return frozenset(text.split())


# The two-letter stems of the language; every other stem has three letters.
SHORT = words("""
    ай аң ақ ас ат ау аш аз ар ал ам аю ая ие әз әл ән ақ ек ел ем ен ер ес ет ез ию ия из
    із іл ім ін іс іш ой ок он оң оқ от ою оя өз өң өр өс өт ұл ұн ұр ұт ұш ұя ұқ үй үк үн үр үш үз үт ық ым ыс
    бу ду зу ру су ту шу би ми ши
""")
SHORT_VERBS = words("""
    ал ас ат ау аз аш ек ел ем ер ес ет ез ие із іл іш ой оз он оқ от өл өр өс өт ұр ұт ұш ұқ үз үй үр жу қу ту бу де же
""")

# Words whose end only looks like a suffix, and derived nouns that are words of their own.
LISTED = words("""
    адам аудан орман арман маман қаһарман оқырман көрермен тыңдарман дәрмен шабарман құрман мұсылман ақпан қазан
    заман банан құран бұлан құлан айран майдан мекен дүкен тікен қорған аспан отан дастан достан шопан дастарқан жылан
    тұман хан тұран иран украин түркістан пәкістан үндістан дағыстан астана алматы қарағанды қызылорда елорда атырау
    ақтау түркі торғай

    қоғам ғалам ғалым ғылым білім бөлім өнім өсім шешім сенім төлем төзім түсім түсінім келісім көрім киім ұйым тыйым ұғым
    тұқым тұсам маусым мерзім мейрам қадам қалам қауым әкім әлем көлем салам сәлем болжам байлам бағдарлам басым шақырым
    бағым жүзім тағзым үкім есім ырым сайлам шығым құжым

    айқын ақын жақын жауын жиын келін кезең қалың қарын қиын орын отын өлең терең тегін тұрғын түтін түйін ұзын ұшқын
    шағын шығын ұйқын салқын дайын егін бүтін еркін алтын мойын мұрын ерін қойын алаң бүгін ертең ойын тойын
    үшін бұрын кейін дейін шейін сайын сосын қаншама астам кілең

    ана апа ата бала қала дала сала шала шара дара пара қора мола мақала мәселе мекеме мереке ереже шеше кеме кеше көше
    дүние нүкте апта тақта балта өлке теңге төбе терезе алма алқа тұлға қарға жұма арқа пайда сауда сәуле нәрсе касса
    пьеса масса шығарма көрме отбасы елбасы орынбасар

    белгі үлгі кісі қайғы жеңгі дәрі тері бөрі пері тоты көрші түлкі күлкі қайшы таразы шоқы қамшы тамшы жылқы
    зейнетақы жәрдемақы жалақы еңбекақы шәкіртақы қорытынды жергілікті
    жақсы ірі тірі кәрі сары кіші ескі толы тәтті ащы ұлы қатты қарсы екі алты жеті бері бәрі кері әйгілі тиісті
    дүйсенбі сейсенбі сәрсенбі бейсенбі сенбі жексенбі жалпы арқылы туралы секілді сияқты тәрізді жоғары шақты арнайы
    жаңғы тағы тіпті енді кейде бірде мүлде мұнда онда сонда алда өзге өзара немесе өйткені сондықтан дегенмен әсіресе
    қандай осындай сондай мұндай ондай талай қалай осылай солай былай алайда үнемі қайта бірыңғай біршама қазір үлкен
    көптеген екен төмен жаппай қатаң шынайы қарапайым қамтамасыз

    алмас алпыс облыс автобус атлас кеңес соғыс жарыс ұрыс жұмыс қылмыс дыбыс таныс намыс шайқас ұсыныс қымыз теңіз
    ауыл өкіл ақыл дауыл әйел асыл тасымал қызыл жасыл себеп құрам ауқым тиім қарым оқиға төраға басқа аса өте көне міне
    жер қысым астық үлес сынып өскемен таңертең мұғалім таяу дереу тақырып өнеркәсіп мәлім туынды салмақ жұмақ тырмақ
    бармақ шақпақ жарты өзен мәскеу әдемі әрдайым анау мынау ештеңе шілде тамыз қараша желтоқсан
    мүмкін қаржы билет жауынгер тамаша жиырма инфрақұрылым орай әлі небәрі жылу
    мектеп жауап талап тарап есеп кітап қасап шарап қорап құлып тәртіп қалып айып қауіп ғайып ғарып кәсіп нәсіп
    үкімет сағат қанат манат санат сурет ниет рет міндет рұқсат апат бостандық қалдық
    құрал мақал материал портал канал журнал капитал генерал квартал финал терминал сигнал филиал потенциал сериал
    қару ауру сұлу елу қырау жәрдем көмек көркем

    алд арт аст үст
    оқы таны дамы байы тоқы
""")

# Pronouns decline irregularly.
PRONOUNS = {
    form: pronoun
    for pronoun, forms in {
        "мен": "маған мені менің менде менен менімен менікі",
        "сен": "саған сені сенің сенде сенен сенімен сенікі",
        "сіз": "сізге сізді сіздің сізде сізден сізбен",
        "біз": "бізге бізді біздің бізде бізден бізбен",
        "ол": "оған оны оның онда одан онымен ондағы олар оларға оларды олардың оларда олардан олармен",
        "бұл": "бұған бұны бұның бұнда бұдан бұнымен мұны мұның мұнда мұндағы бұлар бұларға бұларды бұлардың",
        "сол": "соған соны соның сонда содан сонымен сондағы солар соларға соларды солардың солардан солармен",
        "бәрі": "бәріне бәрін бәрінің бәрінде бәрінен бәрімен бәріміз",
        "осы": "осыған осыны осының осында осыдан осымен осындағы",
    }.items()
    for form in forms.split()
}

# Nouns that lose the vowel of their last syllable before a suffix that begins with one.
DROPPED_VOWEL = {
    word[:-2] + word[-1]: word
    for word in words("""
        халық орын ауыз мұрын ерін қарын мойын қойын көңіл әріп дауыс ғұрып мүлік көрік ерік бөрік нарық парық құлық
        ырық бүйір қалып
    """)
}
CONSONANT_VERBS = words("""
    бол кел бар ал айт бер көр жүр тұр отыр шық түс кір кет қал сал жат қой біл ет жет өт өс аш ас ат жаз сат тап қош
    жап қайт тарт тұт күт біт сез күл өл іш іл ұш ұр құр сүй жин кий шеш кеш көш қос бас тос аз кез сөн сен көн мін тағ
    келіс түсін таныс қатыс айнал жоғал орал қозғал жөнел түзел
    шақыр түсір кешір өзгер көтер шығар
""")
VOWEL_VERBS = words("""
    де же байқа қара сұра жаса ойна қайна ата тара сана қала баға таза бақыла ұна аңса көксе сүйе ұста таста баста тоста ұра жара тоза
    жайна жина тапа
    ора қада қама сипа бата шайна ұйықта сөйле биле іле деме кеше тіре күре үйре төле түне сие себе тізе ұзата қарма
""")
Y_VERBS = words("""
    оқы таны тасы дамы қамты байы сасы қажы тоқы шалқы балқы қалқы қаңғы аңды ұйы суы ері жібі кемі бекі шірі үгі есті
    тері жекі кеңі жебі еңкі мүжі сылты қышы жыми қиси
""")
