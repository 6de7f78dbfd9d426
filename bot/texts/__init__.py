"""Every sentence a reader can see, a catalogue for each language."""

from bot.texts.catalogue import Catalogue
from bot.texts.en import EN
from bot.texts.kk import KK
from bot.texts.ru import RU

CATALOGUES = (KK, RU, EN)
"""The languages of the interface; the first stands in where a reader's language is none of them."""

__all__ = ["CATALOGUES", "Catalogue", "catalogue"]


def catalogue(language_code: str | None) -> Catalogue:
    """The catalogue for a language as Telegram names it (an IETF tag such as `ru` or `en-GB`)."""
    language = (language_code or "").lower().replace("_", "-").split("-")[0]
    return next((found for found in CATALOGUES if found.language == language), CATALOGUES[0])
