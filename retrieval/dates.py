"""Dates as the header of a news page writes them."""

import re
from datetime import date

# Month names as they stand in dates: Kazakh in Cyrillic and two Latin alphabets, Russian in the genitive.
_MONTHS = {
    name: number
    for names in (
        "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "qañtar aqpan nauryz säuır mamyr mausym şılde tamyz qyrküiek qazan qaraşa jeltoqsan",
        "qańtar aqpan naýryz sáýir mamyr maýsym shilde tamyz qyrkúıek qazan qarasha jeltoqsan",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
}
_MONTH = "|".join(_MONTHS)
_YEAR_WORD = r"(?:\s*(?:жылғы|жылы|жыл|ж\.?|jylğy|jyly|jyl|j\.?|года|г\.?))?"
_CLOCK = r"(?:сағ\.?|в|at)?\s*\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?"
# Days of the week before a date: "суббота, 21 ноября 2026 г."
_WEEKDAY = (
    r"(?:(?:дүйсенбі|сейсенбі|сәрсенбі|бейсенбі|жұма|сенбі|жексенбі|понедельник|вторник|среда|четверг|пятница|"
    r"суббота|воскресенье|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\ +)?"
)
# What a page writes before its date; words of an event ("өтетін күні") are not among them.
_LABEL = r"(?:(?:date|дата|published|posted|жарияланды|жарияланған(?:\ күні|\ уақыты)?|опубликовано|уақыты|ۋاقىتى)\s*:?\s*)?"
_DATE = re.compile(
    rf"""(?ix) ^\W* {_LABEL} {_WEEKDAY} (?:{_CLOCK} [\s,|•·–—-]+)?
    (?: (?P<d1>\d{{1,2}})[./-](?P<m1>\d{{1,2}})[./-](?P<y1>\d{{4}}) {_YEAR_WORD}
      | (?P<y2>\d{{4}})-(?P<m2>\d{{1,2}})-(?P<d2>\d{{1,2}}) T?
      | (?P<d3>\d{{1,2}}) [\s-]+ (?P<n3>{_MONTH}) ,? \s+ (?P<y3>\d{{4}}) {_YEAR_WORD}
      | (?P<y4>\d{{4}}) {_YEAR_WORD} ,? \s* (?P<d4>\d{{1,2}}) \s+ (?P<n4>{_MONTH})
      | (?P<n5>{_MONTH}) \s+ (?P<d5>\d{{1,2}}) , \s+ (?P<y5>\d{{4}})
    ) (?:[\s,|•·–—-]* {_CLOCK})? [\s.]* $"""
)


def dateline(line: str) -> date | None:
    """The date of a line that holds a date, perhaps with a time, and nothing else; None otherwise.

    >>> dateline("13.02.2026ж. 19:00")
    datetime.date(2026, 2, 13)
    """
    match = _DATE.match(line.strip())
    if match is None:
        return None
    found = {name[0]: value for name, value in match.groupdict().items() if value is not None}
    month = _MONTHS[found["n"].lower()] if "n" in found else int(found["m"])
    try:
        return date(int(found["y"]), month, int(found["d"]))
    except ValueError:
        return None
