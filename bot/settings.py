"""What an operator sets in the environment, checked once at the start and frozen."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from bot import values
from bot.values import HIDDEN, RESERVED, TOKEN_SHAPED, WrongValueError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from retrieval.subscriptions import Subscription

__all__ = [
    "DEFAULTS", "HIDDEN", "NAMES", "RESERVED", "SECRETS", "TOKEN_SHAPED",
    "Secret", "Settings", "SettingsError", "describe", "load",
]  # fmt: skip

DEFAULTS = {
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "ARTICLES": "seeds",
    "DATABASE": "data/dayek.db",
    "GLOSSARY": "",
    "FEEDS": "",
    "FETCH_ALSO": "",
    "ADMINS": "",
    "WEBHOOK_URL": "",
    "HOST": "127.0.0.1",
    "PORT": "8080",
    "LOG_LEVEL": "INFO",
}
"""Every setting that is not a secret, with the text that stands for a missing or empty one."""

SECRETS = ("TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET")
"""Every secret; each may be given as NAME, or as NAME_FILE with the path of a file that holds it."""

NAMES = (*DEFAULTS, *SECRETS, *(f"{name}_FILE" for name in SECRETS))
"""Every variable that is read."""

_OURS = ("TELEGRAM_", "WEBHOOK_")  # under these beginnings an unknown name is a mistake, not a neighbour's
_NEAR = 0.85  # difflib's ratio: one or two slips in a name; lower would accuse other programs' variables

T = TypeVar("T")


class Secret:
    """A value that shows itself only through `reveal`."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The value itself, for the one place that needs it."""
        return self.__value

    def __repr__(self) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.__value == other.__value

    def __hash__(self) -> int:
        return hash(self.__value)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked. Paths are as given: relative ones count from the working directory."""

    token: Secret | None
    api_url: str  # without a slash at the end
    articles: Path
    database: Path
    glossary: Path | None
    feeds: tuple[Subscription, ...]
    fetch_also: frozenset[str]  # host:port of this network that links and feeds may lead to all the same
    admins: frozenset[int]
    webhook_url: str | None
    webhook_secret: Secret | None
    host: str
    port: int
    port_given: bool  # polling opens a port only where one is named
    log_level: str


class SettingsError(ValueError):
    """Everything that is wrong with the environment; `problems` has one line for each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        many = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        return "\n  ".join((f"The settings in the environment have {many}:", *self.problems))


def load(environ: Mapping[str, str]) -> Settings:
    """The settings that `environ` (usually `os.environ`) describes; an empty value counts as not set.

    Raises SettingsError with every problem found, and never with a secret's value.
    """
    reader = _Reader(environ)
    settings = Settings(
        token=reader.secret("TELEGRAM_BOT_TOKEN", values.token),
        api_url=reader.value("TELEGRAM_API_URL", values.api_url),
        articles=reader.value("ARTICLES", values.articles),
        database=reader.value("DATABASE", values.database),
        glossary=reader.value("GLOSSARY", values.glossary),
        feeds=reader.value("FEEDS", values.feeds),
        fetch_also=reader.value("FETCH_ALSO", values.fetch_also),
        admins=reader.value("ADMINS", values.admins),
        webhook_url=reader.value("WEBHOOK_URL", values.webhook_url),
        webhook_secret=reader.secret("WEBHOOK_SECRET", values.webhook_secret),
        host=reader.value("HOST", values.host),
        port=reader.value("PORT", values.port),
        port_given=bool(environ.get("PORT")),
        log_level=reader.value("LOG_LEVEL", values.log_level),
    )
    problems = (*reader.problems, *_unknown(environ))
    if problems:
        raise SettingsError(problems)
    return settings


def describe(settings: Settings) -> list[tuple[str, str]]:
    """Each variable's name and its value as an operator may see it: of a secret, only whether it is set."""
    return [
        ("TELEGRAM_BOT_TOKEN", "set" if settings.token else "not set"),
        ("TELEGRAM_API_URL", settings.api_url),
        ("ARTICLES", str(settings.articles)),
        ("DATABASE", str(settings.database)),
        ("GLOSSARY", str(settings.glossary or "not set")),
        ("FEEDS", _paced(settings.feeds) or "none"),
        ("FETCH_ALSO", ", ".join(sorted(settings.fetch_also)) or "not set"),
        ("ADMINS", ", ".join(map(str, sorted(settings.admins))) or "not set"),
        ("WEBHOOK_URL", settings.webhook_url or "not set"),
        ("WEBHOOK_SECRET", "set" if settings.webhook_secret else "not set"),
        ("HOST", settings.host),
        ("PORT", str(settings.port)),
        ("LOG_LEVEL", settings.log_level),
    ]


class _Reader:
    """Takes values out of the environment and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def value(self, name: str, parse: Callable[[str], T]) -> T:
        given = self._environ.get(name) or DEFAULTS[name]
        said = shown(given)
        if name == "FEEDS":  # an address of a feed may have somebody's key in it
            said = re.sub(r"\?[^\s']*", f"?{HIDDEN}", said)
        return self._parsed(f"{name}={said}", given, parse)

    def secret(self, name: str, check: Callable[[str], None]) -> Secret | None:
        given, file = self._environ.get(name), self._environ.get(f"{name}_FILE")
        where = name
        if given and file:
            self.problems.append(f"{name}: {name}_FILE is given as well. Keep one of the two.")
            return None
        if file:
            where = f"{name}_FILE={shown(file)}"
            given = self._parsed(where, file, values.contents)
        if given:
            self._parsed(where, given, check)
        return Secret(given) if given else None

    def _parsed(self, where: str, given: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(given)
        except WrongValueError as wrong:
            self.problems.append(f"{where}: {wrong}")
        except OSError as error:
            self.problems.append(
                f"{where}: cannot be read ({error.strerror}). Check the path and its permissions."
            )
        return cast("T", None)  # never seen outside: with a problem noted, load raises


def _unknown(environ: Mapping[str, str]) -> list[str]:
    """A problem for each name that is meant for the bot, by its beginning or nearly, and that nothing reads."""
    ours = [name for name in NAMES if name.startswith(_OURS)]
    problems = []
    for name in sorted(set(environ) - set(NAMES)):
        upper = name.upper()
        near = difflib.get_close_matches(upper, ours, n=1, cutoff=0.0 if upper.startswith(_OURS) else _NEAR)
        if near and environ[name]:
            problems.append(
                f"{name}: there is no such setting. Did you mean {near[0]}? Rename it, or unset it."
            )
    return problems


def _paced(feeds: tuple[Subscription, ...]) -> str:
    return ", ".join(f"{feed.shown} every {feed.every // 60} min" for feed in feeds)
