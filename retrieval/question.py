"""What kind of thing a question asks for, and which of its words are no evidence."""

import re
from enum import Enum
from functools import lru_cache


class Wanted(Enum):
    """What an answer to the question would have to hold."""

    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"


# Interrogatives with their endings, by what they ask for. "Қай" takes its kind from the noun behind it.
_WANTED = {
    Wanted.DATE: re.compile(
        r"\b(?:қашан(?:ғы|нан)?|қай\s+(?:күн|жыл|ай|ғасыр|уақыт|кезең|мерзім)\w*|нешінші\s+(?:жыл|ғасыр|күн)\w*|"
        r"кашан|qashan|qaşan|kashan|когда|when)\b"
    ),
    Wanted.NUMBER: re.compile(
        r"\b(?:қанша\w*|неше\w*|қаншалықты|канша\w*|qansha\w*|qanşa\w*|kansha\w*|neshe\w*|сколько|how\s+(?:many|much))\b"
    ),
    Wanted.PERSON: re.compile(
        r"\b(?:кім(?:дер)?(?:нің|ді|ге|де|нен|мен|дің|ден)?|ким(?:дер)?(?:нин|ди|ге|де|нен|мен|дин|ден)?|k[iı]m(?:der)?(?:n[iı]ñ?ng?|d[iı]|ge|de|nen|men|den)?|кто|кого|кому|кем|who|whom)\b"
    ),
    Wanted.PLACE: re.compile(
        r"\b(?:қайда(?:н|ғы)?|қай\s+(?:жер|қала|ел|облыс|аудан|өңір)\w*|кайда\w*|qaida\w*|qayda\w*|где|куда|where)\b"
    ),
}

# Interrogatives, particles, postpositions, conjunctions, pronouns, auxiliaries and the phrases in which
# people wrap a question. They stand in every text, so finding them proves nothing.
_KAZAKH = """
кім кімнің кімді кімге кімде кімнен кіммен кімдер кімдердің кімдерге кімдерді кімдермен кімдерден
не ненің нені неге неде неден немен нелер неліктен несі неменеге
қай қайсы қайсысы қайсысын қандай қандайлық қалай қалайша қанша қаншасы қаншаға қаншадан неше нешеу нешінші
қашан қашаннан қайда қайдан қайдағы
ма ме ба бе па пе ма? ше ғой қой шы ші ғана тек да де та те әрі және мен бен пен немесе не яки әлде бірақ ал алайда
сондай-ақ сонымен сондықтан өйткені себебі егер
туралы жайлы жөнінде жайында үшін бойынша дейін шейін кейін бұрын соң арқылы қарай сайын бері сияқты секілді
бұл бұның бұны бұған сол соның соны соған ол оның оны оған олар олардың оларды осы осының мына мынау анау өз өзі өзінің
деп деген дегені деді дейді дейтін деу бол болу болды болған болып болатын болады болар бола болса болмақ еді екен емес
бәрі бәрін бәріне бәрінің барлығы барлығын барлық барша бүкіл барлықтары
бар жоқ ет ету етті еткен етіп етеді қыл қылды керек мүмкін
айтыңыз айтыңызшы айтшы айтып беріңіз берші көрсетіңіз атаңыз анықтаңыз табыңыз түсіндіріңіз білесіз білесің аталады
"""
# A question may open with these and go on in Kazakh; `retrieval.tongues` has more.
_OTHERS = """
кто кого кому кем что чего чему чем какой какая какое какие каком какую который где куда откуда когда сколько как почему
зачем сказал сказала сказали говорит ли в во на по о об от до из за к ко с со у и или а но это этот эта эти тот про для при
the a an of in on at to for from by with about who whom whose what which when where why how many much is are was were be said says say
been do does did has have had and or not it its this that
"""
KAZAKH_FUNCTION_WORDS = frozenset(_KAZAKH.split())
FUNCTION_WORDS = KAZAKH_FUNCTION_WORDS | frozenset(_OTHERS.split())
"""Words that are no evidence, as typed, in lower case."""

FUNCTION_STEMS = frozenset({"айт", "айтыл", "сөйле"})
"""Stems of verbs of saying: "what is said of X" is about X, and news says something in every paragraph."""


def wanted(question: str) -> frozenset[Wanted]:
    """What the question asks for, by its interrogatives.

    >>> wanted("Алматыдағы кездесу қай күні өтті?") == {Wanted.DATE}
    True
    """
    asked = question.lower()
    return frozenset(kind for kind, pattern in _WANTED.items() if pattern.search(asked))


_NUMBER_WORD = re.compile(
    r"\d|\b(?:екі|үш|төрт|бес|алты|жеті|сегіз|тоғыз|жиырма|отыз|қырық|елу|алпыс|жетпіс|сексен|тоқсан|жүз|мың|миллион|"
    r"миллиард|ондаған|жүздеген|мыңдаған|бірнеше|бірқатар|жарты)",
    re.IGNORECASE,
)
_DATE_WORD = re.compile(
    r"\b(?:қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан)|\b[12]\d{3}\b|"
    r"\b\d{1,2}\.\d{2}|жылы|жылғы|ғасыр|дүйсенбі|сейсенбі|сәрсенбі|бейсенбі|жұма|сенбі|бүгін|кеше|ертең",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?<=[^\W\d_] |, |- |– |« |\. )[«\"]?[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][^\W\d_]+")
_PLACE_NAME = re.compile(
    r"[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][^\W\d_]+(?:[дт][ае]|[дт][ае]ғы|[дт][ае]гі|ға|ге|қа|ке)\b|облыс|қала|аудан|ауыл|[а-яәғқңөұүһі]{3,}(?:нда|нде)\b"
)
_HOLDS = {
    Wanted.NUMBER: _NUMBER_WORD,
    Wanted.DATE: _DATE_WORD,
    Wanted.PERSON: _CAPITALISED,
    Wanted.PLACE: _PLACE_NAME,
}


def holds(text: str, kinds: frozenset[Wanted]) -> bool:
    """Whether the text holds something of a kind that was asked for."""
    return any(_holds(text, kind) for kind in kinds)


@lru_cache(maxsize=16_384)
def _holds(text: str, kind: Wanted) -> bool:
    return _HOLDS[kind].search(text) is not None
