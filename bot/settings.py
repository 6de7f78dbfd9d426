"""What an operator sets in the environment, checked once at the start and frozen."""

from __future__ import annotations

import difflib
import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import urlsplit

from retrieval.subscriptions import Subscription, subscriptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from urllib.parse import SplitResult

HIDDEN = "•••"
"""What stands in place of a secret wherever text is shown or logged."""

TOKEN_SHAPED = re.compile(
    r"(?<=bot)\d+(?::|%3A)[A-Za-z0-9_-]+|\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE
)
"""Anything that looks like a bot's token, ours or not: in a Bot API address of any length, or bare."""

DEFAULTS = {
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "ARTICLES": "seeds",
    "DATABASE": "data/dayek.db",
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

RESERVED = ("/healthz", "/readyz", "/metrics")
"""Paths that the bot serves besides the webhook's."""

_OURS = ("TELEGRAM_", "WEBHOOK_")  # under these beginnings an unknown name is a mistake, not a neighbour's
_WEBHOOK_PORTS = (443, 80, 88, 8443)  # the only ones Telegram connects to
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_MAX_PORT = 65535
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
        token=reader.secret("TELEGRAM_BOT_TOKEN", _token),
        api_url=reader.value("TELEGRAM_API_URL", _api_url),
        articles=reader.value("ARTICLES", _articles),
        database=reader.value("DATABASE", _database),
        feeds=reader.value("FEEDS", _feeds),
        fetch_also=reader.value("FETCH_ALSO", _fetch_also),
        admins=reader.value("ADMINS", _admins),
        webhook_url=reader.value("WEBHOOK_URL", _webhook_url),
        webhook_secret=reader.secret("WEBHOOK_SECRET", _webhook_secret),
        host=reader.value("HOST", _host),
        port=reader.value("PORT", _port),
        port_given=bool(environ.get("PORT")),
        log_level=reader.value("LOG_LEVEL", _log_level),
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
        ("FEEDS", _paced(settings.feeds) or "none"),
        ("FETCH_ALSO", ", ".join(sorted(settings.fetch_also)) or "not set"),
        ("ADMINS", ", ".join(map(str, sorted(settings.admins))) or "not set"),
        ("WEBHOOK_URL", settings.webhook_url or "not set"),
        ("WEBHOOK_SECRET", "set" if settings.webhook_secret else "not set"),
        ("HOST", settings.host),
        ("PORT", str(settings.port)),
        ("LOG_LEVEL", settings.log_level),
    ]


class _Wrong(Exception):  # noqa: N818 - what is wrong and what to do; the reader adds the name and the value
    pass


class _Reader:
    """Takes values out of the environment and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def value(self, name: str, parse: Callable[[str], T]) -> T:
        given = self._environ.get(name) or DEFAULTS[name]
        said = _shown(given)
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
            where = f"{name}_FILE={_shown(file)}"
            given = self._parsed(where, file, _contents)
        if given:
            self._parsed(where, given, check)
        return Secret(given) if given else None

    def _parsed(self, where: str, given: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(given)
        except _Wrong as wrong:
            self.problems.append(f"{where}: {wrong}")
        except OSError as error:
            self.problems.append(
                f"{where}: cannot be read ({error.strerror}). Check the path and its permissions."
            )
        return cast("T", None)  # never seen outside: with a problem noted, load raises


def _shown(value: str) -> str:
    """`value` in quotes and on one line, without a token or a password pasted where it does not belong."""
    return re.sub(r"(?<=//)[^/@\s]*(?=@)", HIDDEN, TOKEN_SHAPED.sub(HIDDEN, repr(value)))


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


def _contents(path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8-sig").rstrip("\r\n")
    except ValueError:
        raise _Wrong("is not a text file. It must hold the secret and nothing else.") from None
    if not text:
        raise _Wrong("is an empty file. Write the secret into it, on one line.")
    return text


def _token(value: str) -> None:
    if value != value.strip().strip("'\""):
        raise _Wrong("has spaces or quotes round it. Remove them, so that it begins with a digit.")
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{20,}", value):
        raise _Wrong(
            "is not a bot token (digits, a colon, about 35 letters and digits). Copy it again from @BotFather."
        )


def _webhook_secret(value: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise _Wrong(
            "has characters that Telegram does not allow, or too many. Use 1 to 256 of A-Z, a-z, 0-9, _ and -."
        )


def _url(value: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    remedy = f"Give an address such as {example}"
    try:
        url = urlsplit(value)
        complete = url.scheme in schemes and bool(url.hostname) and url.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        complete = False
    if not complete or not value.isprintable() or " " in value:
        raise _Wrong(
            f"is not an address that begins with {' or '.join(f'{name}://' for name in schemes)}. {remedy}"
        )
    if "@" in url.netloc:  # it would be shown and logged
        raise _Wrong(f"has a user name or a password in it. {remedy}")
    return url


def _api_url(value: str) -> str:
    url = _url(value, ("https", "http"), DEFAULTS["TELEGRAM_API_URL"])
    if url.query or url.fragment or re.search(r"/bot\d", url.path):
        raise _Wrong(
            "is more than the server's address. Leave out the token, the method and what follows ? or #."
        )
    return value.rstrip("/")


def _webhook_url(value: str) -> str | None:
    if not value:
        return None
    url = _url(value, ("https",), "https://bot.example.org/telegram")
    if (url.port or 443) not in _WEBHOOK_PORTS:
        raise _Wrong(f"has port {url.port}, and Telegram calls only 443, 80, 88 and 8443. Use one of these.")
    if url.path.rstrip("/") in ("", *RESERVED):
        raise _Wrong(
            f"has no path of its own ({', '.join(RESERVED)} are taken). Add one: https://bot.example.org/telegram"
        )
    return value


def _articles(value: str) -> Path:
    path = Path(value)
    if not path.exists():
        raise _Wrong(
            f"does not exist (the working directory is {Path.cwd()}). Name a folder of articles, or a .jsonl or .jsonl.gz file."
        )
    if not path.is_dir() and not path.name.lower().endswith((".jsonl", ".jsonl.gz")):
        raise _Wrong(
            "is neither a folder nor a .jsonl or .jsonl.gz file. Put the article into a folder and name that."
        )
    return path


def _database(value: str) -> Path:
    path = Path(value)
    if path.is_dir():
        raise _Wrong("is a folder. Name the file itself, for example data/dayek.db.")
    if blocked := next((parent for parent in path.parents if parent.is_file()), None):
        raise _Wrong(f"cannot be created, because {_shown(str(blocked))} is a file. Choose another path.")
    return path


def _feeds(value: str) -> tuple[Subscription, ...]:
    if TOKEN_SHAPED.search(value):
        raise _Wrong("holds a bot's token. Name addresses of RSS or Atom feeds here.")
    try:
        return subscriptions(value)
    except ValueError as error:
        raise _Wrong(str(error)) from None


def _paced(feeds: tuple[Subscription, ...]) -> str:
    return ", ".join(f"{feed.shown} every {feed.every // 60} min" for feed in feeds)


def _fetch_also(value: str) -> frozenset[str]:
    hosts = [part.lower() for part in re.split(r"[\s,]+", value) if part]
    for host in hosts:
        match = re.fullmatch(r"(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\]):(?P<port>[0-9]{1,5})", host)
        if match is None or not 1 <= int(match["port"]) <= _MAX_PORT:
            raise _Wrong(
                "is not a list of hosts with their ports. Give each as host:port, such as 10.0.0.5:8080"
            )
    return frozenset(hosts)


def _admins(value: str) -> frozenset[int]:
    ids = [part.strip() for part in value.split(",") if part.strip()]
    if not all(re.fullmatch(r"0*[1-9][0-9]{0,15}", part) for part in ids):
        raise _Wrong("is not a list of user ids. Give people's numbers, not @names: 123456789,987654321")
    return frozenset(map(int, ids))


def _host(value: str) -> str:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if not re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9_.-]+", value):
            raise _Wrong(
                "is not an address or a name to listen on. Use 127.0.0.1 behind a proxy, or 0.0.0.0."
            ) from None
    return value


def _port(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= _MAX_PORT:
        raise _Wrong(f"is not a port. Give a whole number from 1 to {_MAX_PORT}.")
    return int(value)


def _log_level(value: str) -> str:
    if value.upper() not in _LOG_LEVELS:
        raise _Wrong(f"is not a level. Use one of {', '.join(_LOG_LEVELS)}.")
    return value.upper()
