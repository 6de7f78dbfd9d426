"""A few made articles and words, over which the tests ask in other languages."""

from retrieval.article import Article
from retrieval.build import build
from retrieval.glossary import NONE, Entry, Glossary
from retrieval.index import Index

_TEXTS = (
    "Шымкентте коалиция құрылды, деді Ерлан Қошанов.",
    "Доллар бағамы 540 теңгеге жетті.",
    "БҰҰ Бас хатшысы Қазақстанға келді, ҚР Президенті қарсы алды.",
    "Зауыт жиырма бес жұмысшыны жұмысқа алды.",
    "Жылдың басты оқиғасы 15 наурызда болады.",
    "Конституция жобасын 150 мың адам оқыды.",
    "Алматы облысында жүз елу мектеп салынды.",
    "Аида Балаева 2026 жылғы 13 ақпанда сөйледі.",
    "Мұғалімдердің жалақысы өсті.",
    "Елордада қалың қар жауды.",
    "Кітапхана XX ғасырда ашылды.",
    "Экология мен демократия туралы кеңесті.",
    "Ресей мен Қазақстан келісімге қол қойды.",
)
_ENTRIES = (
    Entry("мұғалім", ("учитель",), ("teacher",), "general"),
    Entry("жалақы", ("зарплата", "оклад"), ("salary", "pay"), "economy"),
    Entry("мектеп", ("школа",), ("school",), "general"),
    Entry("жұмысшы", ("рабочий",), ("worker",), "general"),
    Entry("адам", ("человек",), ("person",), "general"),
    Entry("елорда", ("столица",), ("capital",), "general"),
    Entry("қар", ("снег",), ("snow",), "general"),
    Entry("БҰҰ", ("ООН",), ("UN",), "politics"),
    Entry("ҚР", ("РК",), (), "politics"),
    Entry("бас хатшы", ("генеральный секретарь",), ("secretary general",), "politics"),
    Entry("президент", ("президент",), ("president",), "politics"),
    Entry("Қазақстан", ("Казахстан", "казахстанский"), ("Kazakhstan",), "places"),
    Entry("Ресей", ("Россия", "российский"), ("Russia",), "places"),
    Entry("келісім", ("соглашение",), ("agreement",), "politics"),
    Entry("наурыз", ("март",), ("March",), "dates"),
    Entry("ақпан", ("февраль",), ("February",), "dates"),
    Entry("жыл", ("год",), ("year",), "dates"),
    Entry("ғасыр", ("век",), ("century",), "dates"),
    Entry("секунд", ("секунда",), ("second",), "dates"),
    Entry("теңге", ("тенге",), ("tenge",), "economy"),
    Entry("айсберг", ("айсберг",), ("iceberg",), "nature"),
    Entry("премьер-министр", ("премьер-министр",), ("prime minister",), "politics"),
    Entry("қанша", ("сколько стоит",), ("how long",), "function"),
)
GLOSSARY = Glossary(lambda: _ENTRIES)


def translated_index(glossary: Glossary = GLOSSARY) -> Index:
    """The index of the articles."""
    return build([Article(f"{number}.txt", text) for number, text in enumerate(_TEXTS)], (), glossary)


INDEX = translated_index()
WITHOUT_GLOSSARY = translated_index(NONE)
