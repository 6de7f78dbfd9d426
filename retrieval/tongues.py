"""Russian and English words of a question: their stems, and which of them are no evidence."""

import re
from collections.abc import Iterable
from enum import Enum, StrEnum
from functools import lru_cache

import snowballstemmer

from retrieval.irregular import ENGLISH, RUSSIAN


class Tongue(StrEnum):
    """A language of questions, by its code."""

    KAZAKH = "kk"
    RUSSIAN = "ru"
    ENGLISH = "en"


_FUNCTION = {
    Tongue.RUSSIAN: """
а без более больше будет будто будут бы был была были было быть в вам вас ваш весь во вот все всё всего всех всю вы где
да для до его ее её ей ему если есть еще ещё ею же за зачем и из или им ими их к каждый как какая какие каким каких какова
каковы какого какое какой каком какому какую ко когда кого кому кто куда ли либо между меня мне много может можно мой мы на
над нам нами нас наш не него нее неё ней нет ни них но ну о об обо один одна одно однако он она они оно от откуда очень по
под почему при про раз с сам сама сами само свой своего своей своих со так такая также такие таких такое такого такой таком там те тем теперь то тогда
того тоже той только том тот ту ты у уж уже хотя чего чей чем через что чтобы чья чье чьё чьи чему эта эти этим этих это этого
этой этом этому этот эту я является являются называется называются называют зовут сколько насколько кем ком который которая
которое которые которых которого которой которому каков свои сказал сказала сказали сказано говорит говорится говорил говорила
говорили говорят говорить сказать рассказал рассказала рассказали рассказать расскажи расскажите скажи скажите пишут пишет
написано известно пришлось придется придётся приходится назовите назови покажи покажите найди найдите объясни объясните есть ли имеет имеется имеются пожалуйста
именно вообще лишь даже ведь среди после перед около возле кроме насчет насчёт касательно относительно
""",
    Tongue.ENGLISH: """
a about according after again all also am an and any are aren't as at be been before being between both but by can could did
didn't do does doesn't doing don't done during each for from further had has have having he her here hers him his how i if in
into is isn't it it's its itself just know let me more most much many my no nor not now of off on once one only or other our
out over own please s same say says said she should show so some such t tell than that the their them then there these they
this those through to too under until up upon us very was wasn't we were what what's when where where's which while who who's
whom whose why will with within without would yes you your mentioned mention according find give explain describe called named
name anything something someone anyone there's regarding concerning mr mrs ms
""",
}
_FUNCTION_WORDS = {tongue: frozenset(words.split()) for tongue, words in _FUNCTION.items()}

_LEMMAS = {Tongue.RUSSIAN: RUSSIAN, Tongue.ENGLISH: ENGLISH}
_STEMMERS = {
    Tongue.RUSSIAN: snowballstemmer.stemmer("russian"),
    Tongue.ENGLISH: snowballstemmer.stemmer("english"),
}
_LATIN = re.compile("[a-z]")
_POSSESSIVE = re.compile(r"(?m)['’]s?$")
_PIECE = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


_ADJECTIVE = re.compile(
    r"(?:[ыио]й|[ая]я|[оеы]е|(?<!н)ие|(?<!ц)ого|(?<!н)его|[ое]му|[ыи]х|[ыи]м|[ыи]ми|ую|юю|(?<=[ншск])ой)$"
)
_VERB = re.compile(
    r"(?:(?<!ос)ть|ться|ти|тись|чь|чься|[аияеуо]л[аои]?|шл[аои]|[аияеуо]л[аои]?с[яь]|[уюея]т|[уюея]тся|ит|ится)$"
)
_INFINITIVE = re.compile(r"(?:ть|ти|чь)(?:ся|сь)?$")


class Kind(Enum):
    """What a Russian word seems to be by its ending."""

    ADJECTIVE = 1
    VERB = 2
    OTHER = 3


def kind_of(word: str) -> Kind:
    """What a Russian word is by its ending, right more often than not.

    >>> kind_of("целая"), kind_of("целью"), kind_of("прошла")
    (<Kind.ADJECTIVE: 1>, <Kind.OTHER: 3>, <Kind.VERB: 2>)
    """
    if _ADJECTIVE.search(word):
        return Kind.ADJECTIVE
    return Kind.VERB if _VERB.search(word) else Kind.OTHER


def kind_of_lemma(lemma: str) -> Kind:
    """What a Russian word in dictionary form is: a verb only as an infinitive, so that зал is none."""
    kind = kind_of(lemma)
    return Kind.OTHER if kind is Kind.VERB and _INFINITIVE.search(lemma) is None else kind


def foreign(word: str) -> Tongue:
    """The language that a normalised word is in, by its letters, if it is not Kazakh."""
    return Tongue.ENGLISH if _LATIN.search(word) else Tongue.RUSSIAN


def is_function(word: str, tongue: Tongue) -> bool:
    """Whether a word in lower case is no evidence in that language."""
    return word in _FUNCTION_WORDS.get(tongue, ())


def pieces(phrase: str) -> list[str]:
    """The words of a lemma, as they are stemmed.

    >>> pieces("Алма-Ата"), pieces("human rights")
    (['алма-ата'], ['human', 'rights'])
    """
    word = phrase.lower()
    return [word] if word.isalpha() else _PIECE.findall(word)


def stems_in(words: Iterable[str], tongue: Tongue) -> list[str]:
    """The stem of each word, of Russian or English; an irregular form has that of its dictionary form.

    >>> stems_in(["людей", "реформы"], Tongue.RUSSIAN), stems_in(["held", "members"], Tongue.ENGLISH)
    (['человек', 'реформ'], ['hold', 'member'])
    """
    lemmas = _LEMMAS[tongue]
    # All at once: a glossary has tens of thousands.
    plain = _POSSESSIVE.sub("", "\n".join(words).lower().replace("ё", "е")).split("\n")
    stems: list[str] = _STEMMERS[tongue].stemWords([lemmas.get(word, word) for word in plain])
    return stems


@lru_cache(maxsize=20_000)
def stem_in(word: str, tongue: Tongue) -> str:
    """The stem of one word."""
    return stems_in([word], tongue)[0]
