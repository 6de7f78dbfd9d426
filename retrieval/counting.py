"""Number words of Russian and English, each as a Kazakh one: двести is екі жүз, fifteenth is он бес."""

from retrieval.tongues import Tongue

_UNITS = ["бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"]
_TENS = ["он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"]
_KAZAKH = (
    dict(enumerate(_UNITS, 1))
    | {10 * tens: word for tens, word in enumerate(_TENS, 1)}
    | {10 + unit: f"он {word}" for unit, word in enumerate(_UNITS, 1)}
    | {100 * unit: f"{word} жүз" for unit, word in enumerate(_UNITS, 1)}
    | {100: "жүз", 10**3: "мың", 10**6: "миллион", 10**9: "миллиард", 10**12: "триллион"}
)

# Whole forms, since stems meet those of other words: семь and семья.
_RUSSIAN = """
1 один одна одно одного одной одному одним одном одну
2 два две двух двум двумя двое двоих двоим; 3 три трех трем тремя трое троих троим
4 четыре четырех четырем четырьмя четверо четверых; 8 восемь восьми восемью восьмью; 40 сорок сорока; 90 девяносто девяноста
100 сто ста; 200 двести двухсот двумстам двухстах двумястами; 300 триста трехсот тремстам трехстах тремястами
400 четыреста четырехсот четыремстам четырехстах; 500 пятьсот пятисот пятистам пятистах; 600 шестьсот шестисот шестистам шестистах
700 семьсот семисот семистам семистах; 800 восемьсот восьмисот восьмистам восьмистах; 900 девятьсот девятисот девятистам девятистах
1000 тысяча тысячи тысяч тысячу тысяче тысячей тыс; 1000000 миллион миллиона миллионов миллиону миллионе миллионом млн
1000000000 миллиард миллиарда миллиардов миллиарду миллиарде миллиардом млрд
1000000000000 триллион триллиона триллионов триллиону триллионом трлн
"""
# What stands before -ь, -и, -ью; 50 to 80 change inside as well.
_RUSSIAN_SOFT = """
5 пят; 6 шест; 7 сем; 9 девят; 10 десят; 11 одиннадцат; 12 двенадцат; 13 тринадцат; 14 четырнадцат; 15 пятнадцат; 16 шестнадцат
17 семнадцат; 18 восемнадцат; 19 девятнадцат; 20 двадцат; 30 тридцат
"""
_RUSSIAN_TENS = {50: ("пять", "пяти"), 60: ("шесть", "шести"), 70: ("семь", "семи"), 80: ("восемь", "восьми")}
_RUSSIAN_ORDINALS = """
1 перв; 2 втор; 4 четверт; 5 пят; 6 шест; 7 седьм; 8 восьм; 9 девят; 10 десят; 11 одиннадцат; 12 двенадцат; 13 тринадцат
14 четырнадцат; 15 пятнадцат; 16 шестнадцат; 17 семнадцат; 18 восемнадцат; 19 девятнадцат; 20 двадцат; 30 тридцат; 40 сороков
50 пятидесят; 60 шестидесят; 70 семидесят; 80 восьмидесят; 90 девяност; 100 сот; 1000 тысячн
"""
_ORDINAL_ENDINGS = ["ый", "ой", "ая", "ое", "ые", "ого", "ому", "ым", "ом", "ую", "ых", "ыми"]
_THIRD = "третий третья третье третьи третьего третьей третьему третьим третьем третью третьих"
_ENGLISH = """
1 one first; 2 two second; 3 three third; 4 four fourth; 5 five fifth; 6 six sixth; 7 seven seventh; 8 eight eighth; 9 nine ninth
10 ten tenth; 11 eleven eleventh; 12 twelve twelfth; 13 thirteen thirteenth; 14 fourteen fourteenth; 15 fifteen fifteenth
16 sixteen sixteenth; 17 seventeen seventeenth; 18 eighteen eighteenth; 19 nineteen nineteenth; 20 twenty twentieth
30 thirty thirtieth; 40 forty fortieth; 50 fifty fiftieth; 60 sixty sixtieth; 70 seventy seventieth; 80 eighty eightieth
90 ninety ninetieth; 100 hundred hundreds hundredth; 1000 thousand thousands thousandth; 1000000 million millions mln; 1000000000 billion billions bn
1000000000000 trillion
"""


def _read(table: str) -> dict[int, list[str]]:
    rows = (row.split() for line in table.strip().split("\n") for row in line.split(";"))
    return {int(value): words for value, *words in rows}


def _russian() -> dict[str, str]:
    forms = _read(_RUSSIAN)
    for value, (stem,) in _read(_RUSSIAN_SOFT).items():
        forms[value] = [stem + ending for ending in ("ь", "и", "ью")]
    for value, (first, oblique) in _RUSSIAN_TENS.items():
        forms[value] = [f"{first}десят", f"{oblique}десяти", f"{first}юдесятью"]
    for value, (stem,) in _read(_RUSSIAN_ORDINALS).items():
        forms[value] = [*forms[value], *(stem + ending for ending in _ORDINAL_ENDINGS)]
    forms[3] = [*forms[3], *_THIRD.split()]
    return {form: _KAZAKH[value] for value, words in forms.items() for form in words}


_NUMBERS = {
    Tongue.RUSSIAN: _russian(),
    Tongue.ENGLISH: {form: _KAZAKH[value] for value, words in _read(_ENGLISH).items() for form in words},
}
LARGE = frozenset({"мың", "миллион", "миллиард", "триллион"})
"""Kazakh words that alone are no number: how many thousands."""
SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
"""English words behind which "and" goes on with the same number."""


def in_kazakh(word: str, tongue: Tongue) -> str | None:
    """The Kazakh number words for one in lower case, cardinal or ordinal; None for any other word.

    >>> in_kazakh("двухсот", Tongue.RUSSIAN), in_kazakh("fifth", Tongue.ENGLISH), in_kazakh("семья", Tongue.RUSSIAN)
    ('екі жүз', 'бес', None)
    """
    return _NUMBERS.get(tongue, {}).get(word.replace("ё", "е"))
