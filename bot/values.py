"""What each value of the environment means: its text read and checked, or a sentence on what is wrong with it.

Every function takes the text of one setting and raises WrongValueError where it cannot be meant.
"""

import ipaddress
import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from retrieval.errors import GlossaryError
from retrieval.subscriptions import Subscription, subscriptions

HIDDEN = "•••"
"""What stands in place of a secret wherever text is shown or logged."""

TOKEN_SHAPED = re.compile(
    r"(?<=bot)\d+(?::|%3A)[A-Za-z0-9_-]+|\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE
)
"""Anything that looks like a bot's token, ours or not: in a Bot API address of any length, or bare."""

RESERVED = ("/healthz", "/readyz", "/metrics")
"""Paths that the bot serves besides the webhook's."""

_WEBHOOK_PORTS = (443, 80, 88, 8443)  # the only ones Telegram connects to
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_MAX_PORT = 65535


class WrongValueError(ValueError):
    """What is wrong with a value and what to do, without the name of its setting and without the value."""


def shown(value: str) -> str:
    """`value` in quotes and on one line, without a token or a password pasted where it does not belong."""
    return re.sub(r"(?<=//)[^/@\s]*(?=@)", HIDDEN, TOKEN_SHAPED.sub(HIDDEN, repr(value)))


def contents(path: str) -> str:
    """The secret that a file holds, by the file's path. Raises OSError where it cannot be read."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig").rstrip("\r\n")
    except ValueError:
        raise WrongValueError("is not a text file. It must hold the secret and nothing else.") from None
    if not text:
        raise WrongValueError("is an empty file. Write the secret into it, on one line.")
    return text


def token(value: str) -> None:
    """Checks a bot's token."""
    if value != value.strip().strip("'\""):
        raise WrongValueError("has spaces or quotes round it. Remove them, so that it begins with a digit.")
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{20,}", value):
        raise WrongValueError(
            "is not a bot token (digits, a colon, about 35 letters and digits). Copy it again from @BotFather."
        )


def webhook_secret(value: str) -> None:
    """Checks the secret that Telegram is to send with each update."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise WrongValueError(
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
        raise WrongValueError(
            f"is not an address that begins with {' or '.join(f'{name}://' for name in schemes)}. {remedy}"
        )
    if "@" in url.netloc:  # it would be shown and logged
        raise WrongValueError(f"has a user name or a password in it. {remedy}")
    return url


def api_url(value: str) -> str:
    """The address of a Bot API server, without a slash at the end."""
    url = _url(value, ("https", "http"), "https://api.telegram.org")
    if url.query or url.fragment or re.search(r"/bot\d", url.path):
        raise WrongValueError(
            "is more than the server's address. Leave out the token, the method and what follows ? or #."
        )
    return value.rstrip("/")


def webhook_url(value: str) -> str | None:
    """The address that Telegram is to call; None where there is none."""
    if not value:
        return None
    url = _url(value, ("https",), "https://bot.example.org/telegram")
    if (url.port or 443) not in _WEBHOOK_PORTS:
        raise WrongValueError(
            f"has port {url.port}, and Telegram calls only 443, 80, 88 and 8443. Use one of these."
        )
    if url.path.rstrip("/") in ("", *RESERVED):
        raise WrongValueError(
            f"has no path of its own ({', '.join(RESERVED)} are taken). Add one: https://bot.example.org/telegram"
        )
    return value


def articles(value: str) -> Path:
    """The place of the articles, which has to exist."""
    path = Path(value)
    if not path.exists():
        raise WrongValueError(
            f"does not exist (the working directory is {Path.cwd()}). Name a folder of articles, a zip, or a file."
        )
    return path


def database(value: str) -> Path:
    """The place of the database, which may come to exist later."""
    path = Path(value)
    if path.is_dir():
        raise WrongValueError("is a folder. Name the file itself, for example data/dayek.db.")
    if blocked := next((parent for parent in path.parents if parent.is_file()), None):
        raise WrongValueError(
            f"cannot be created, because {shown(str(blocked))} is a file. Choose another path."
        )
    return path


def glossary(value: str) -> Path | None:
    """An operator's own glossary, which has to be one; None where none is named."""
    if not value:
        return None
    path = Path(value)
    if not path.is_file():
        raise WrongValueError(
            f"is no file (the working directory is {Path.cwd()}). Name a table: Kazakh, Russian, English, domain, with tabs."
        )
    from retrieval.loading import load_entries  # noqa: PLC0415 - most commands need not wait for the readers of files

    try:
        load_entries(path)
    except GlossaryError as error:
        raise WrongValueError(str(error).removeprefix(f"{path}: ")) from None
    return path


def feeds(value: str) -> tuple[Subscription, ...]:
    """The feeds to follow, each with its pace."""
    if TOKEN_SHAPED.search(value):
        raise WrongValueError("holds a bot's token. Name addresses of RSS or Atom feeds here.")
    try:
        return subscriptions(value)
    except ValueError as error:
        raise WrongValueError(str(error)) from None


def fetch_also(value: str) -> frozenset[str]:
    """The `host:port` of this network that links and feeds may lead to, in small letters."""
    hosts = [part.lower() for part in re.split(r"[\s,]+", value) if part]
    for host in hosts:
        match = re.fullmatch(r"(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\]):(?P<port>[0-9]{1,5})", host)
        if match is None or not 1 <= int(match["port"]) <= _MAX_PORT:
            raise WrongValueError(
                "is not a list of hosts with their ports. Give each as host:port, such as 10.0.0.5:8080"
            )
    return frozenset(hosts)


def admins(value: str) -> frozenset[int]:
    """The user ids of the people who may manage the bot."""
    ids = [part.strip() for part in value.split(",") if part.strip()]
    if not all(re.fullmatch(r"0*[1-9][0-9]{0,15}", part) for part in ids):
        raise WrongValueError(
            "is not a list of user ids. Give people's numbers, not @names: 123456789,987654321"
        )
    return frozenset(map(int, ids))


def host(value: str) -> str:
    """An IP address, or a name, to listen on."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if not re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9_.-]+", value):
            raise WrongValueError(
                "is not an address or a name to listen on. Use 127.0.0.1 behind a proxy, or 0.0.0.0."
            ) from None
    return value


def port(value: str) -> int:
    """A port to listen on."""
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= _MAX_PORT:
        raise WrongValueError(f"is not a port. Give a whole number from 1 to {_MAX_PORT}.")
    return int(value)


def log_level(value: str) -> str:
    """The name of a level, in capital letters."""
    if value.upper() not in _LOG_LEVELS:
        raise WrongValueError(f"is not a level. Use one of {', '.join(_LOG_LEVELS)}.")
    return value.upper()
